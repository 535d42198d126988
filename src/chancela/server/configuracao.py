"""Settings: environment variables with the prefix `CHANCELA_`, each with a default that runs on a laptop."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chancela.domain.erros import FiscalError
from chancela.gateways.forma_cnpj import FormaConsulta
from chancela.issuing.guarda import PRAZO_LEGAL_MESES


class ConfiguracaoInvalida(FiscalError):
    """A setting that this program refuses to run with."""


class Configuracao(BaseSettings):
    """Every setting of the platform. `docs/configuracao.md` is generated from the descriptions below."""

    model_config = SettingsConfigDict(env_prefix="CHANCELA_", extra="ignore", frozen=True)

    home: Path = Field(
        default=Path("~/.chancela"),
        description="Pasta de dados: banco embutido, artefatos, chave-mestra, simulador, raízes confiáveis (`raizes`).",
    )
    host: str = Field(
        default="127.0.0.1", description="Endereço em que a API escuta. Só a própria máquina, por padrão."
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Porta da API.")
    simulator_port: int = Field(
        default=8443, ge=0, le=65535, description="Porta do simulador da SEFAZ (TLS)."
    )
    simulator_control_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Porta do controle do simulador (HTTP, só a própria máquina); 0 usa a seguinte à do simulador.",
    )
    database_url: str = Field(
        default="",
        description="URL do PostgreSQL (15 ou mais novo). Vazio: servidor embutido na pasta de dados.",
    )
    artifacts_url: str = Field(
        default="",
        description="Onde ficam as cópias de XML e PDF: `file:///pasta` ou `s3://balde/prefixo`. Vazio: pasta `artefatos` nos dados.",
    )
    master_key_file: Path | None = Field(
        default=None,
        description="Arquivo da chave-mestra do cofre (32 bytes em base64). Vazio: `chave-mestra` na pasta de dados, criada na primeira vez.",
    )
    sefaz_url: str = Field(
        default="",
        description="Manda todas as transmissões para este endereço (o do simulador). Vazio: as SEFAZ verdadeiras. `chancela up` aponta para o simulador.",
    )
    sefaz_ca_file: Path | None = Field(
        default=None,
        description="Certificado de autoridade a mais em que confiar ao falar com a SEFAZ (o do simulador).",
    )
    cnpj_lookup_url: str = Field(
        default="",
        description="Consulta pública de CNPJ (JSON). Vazio: o cadastro que depende dela é recusado. `chancela up` aponta para o simulador.",
    )
    cnpj_lookup_style: FormaConsulta = Field(
        default=FormaConsulta.BRASILAPI,
        description="Forma da consulta de CNPJ: `brasilapi` (`/<cnpj>` é acrescentado ao endereço) ou `sintegraws` (`?token=...&cnpj=...&plugin=ST`).",
    )
    cnpj_lookup_token: SecretStr = Field(
        default=SecretStr(""), description="Token da consulta de CNPJ, quando ela exige um."
    )
    base_url: str = Field(
        default="", description="Endereço público da API nos links de XML e PDF. Vazio: o que o cliente usou."
    )
    api_threads: int = Field(
        default=16, ge=2, le=200, description="Threads da API para banco, assinatura e cálculo."
    )
    api_calls: int = Field(
        default=256,
        ge=1,
        le=10_000,
        description="Chamadas que um processo da API atende ao mesmo tempo. As seguintes esperam na fila.",
    )
    api_queue: int = Field(
        default=256,
        ge=0,
        le=10_000,
        description="Chamadas que esperam a vez, até 10 segundos cada. Além delas, HTTP 503 com `Retry-After`.",
    )
    worker_threads: int = Field(
        default=16, ge=2, le=200, description="Threads do worker para banco e assinatura."
    )
    database_pool: int = Field(default=16, ge=2, le=200, description="Conexões ao banco por processo.")
    response_deadline_s: float = Field(
        default=15.0,
        gt=0,
        le=120,
        description="Segundos que uma emissão síncrona espera pela SEFAZ antes de responder `Processing`.",
    )
    lease_s: float = Field(
        default=60.0,
        ge=1,
        le=3600,
        description="Segundos de posse de um documento por um processo; vencida, outro o assume.",
    )
    sweep_s: int = Field(
        default=5,
        ge=1,
        le=300,
        description="Intervalo, em segundos, da varredura que encontra documentos esquecidos.",
    )
    sefaz_timeout_s: float = Field(
        default=30.0, gt=0, le=300, description="Segundos de espera por uma resposta da SEFAZ."
    )
    sefaz_concurrency: int = Field(
        default=16, ge=1, le=500, description="Transmissões simultâneas por processo."
    )
    lot_backlog: int = Field(
        default=200,
        ge=0,
        le=1_000_000,
        description="Quantas NF-e de uma empresa precisam estar à espera para o worker as enviar em lotes de até 50, com recibo; 0 nunca usa lotes. NFC-e vai sempre sozinha (126).",
    )
    lot_zip: bool = Field(
        default=False,
        description="Envia os lotes compactados (`nfeDadosMsgZip`). O limite de 500 KB vale também para o lote descompactado.",
    )
    circuit_failures: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Falhas seguidas de uma SEFAZ que abrem o circuito dela: nada mais lhe é enviado até o status responder 107. 108 e 109 abrem na hora.",
    )
    status_interval_s: float = Field(
        default=180.0,
        gt=0,
        le=3600,
        description="Segundos entre duas consultas de status à mesma SEFAZ com circuito aberto, qualquer que seja o processo. Abaixo de 180 a SEFAZ verdadeira responde 656.",
    )
    certificate_networks: str = Field(
        default="",
        description="Redes (CIDR, separadas por vírgula) de que um `cert_file` pode ser buscado mesmo sem serem públicas.",
    )
    webhook_networks: str = Field(
        default="",
        description="Redes (CIDR, separadas por vírgula) para as quais um webhook pode ser enviado mesmo sem serem públicas, e também por HTTP sem TLS.",
    )
    file_link_hours: int = Field(
        default=24 * 7, ge=1, le=24 * 366, description="Validade, em horas, dos links assinados de XML e PDF."
    )
    pdf_processes: int = Field(
        default=1, ge=1, le=64, description="Processos que desenham PDF, fora do caminho da autorização."
    )
    max_body_mb: int = Field(
        default=5, ge=1, le=100, description="Tamanho máximo, em MB, do corpo de uma requisição."
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Nível do log."
    )
    log_json: bool = Field(default=False, description="Log em JSON, uma linha por evento.")
    metrics_networks: str = Field(
        default="",
        description="Redes (CIDR, separadas por vírgula) que podem ler `/metrics`. A própria máquina sempre pode.",
    )
    worker_metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Porta em que o worker mostra as suas métricas (Prometheus), no endereço de `CHANCELA_HOST`; 0 não mostra.",
    )
    record_folder: Path | None = Field(
        default=None,
        description="Grava nesta pasta cada troca com a SEFAZ (pedido sem certificado, assinatura nem QR Code; resposta como veio), para reproduzir em testes. Contém dados das notas: proteja a pasta.",
    )
    retention_months: int = Field(
        default=PRAZO_LEGAL_MESES,
        ge=1,
        le=1200,
        description="Meses, da emissão, em que o conteúdo de um documento é guardado; só `chancela retencao --excluir` exclui. Menos que 132 exige `CHANCELA_RETENTION_BELOW_LEGAL`.",
    )
    retention_below_legal: bool = Field(
        default=False,
        description="Aceita guardar por menos que os 132 meses que a lei pode exigir. Sem ele, um prazo menor impede o programa de subir.",
    )
    crash_folder: Path | None = Field(
        default=None,
        description="Só para testes: pasta em que um arquivo com o nome de um ponto (a lista está em [quedas](quedas.md)) faz o processo se matar ali, uma vez.",
    )

    clock_file: Path | None = Field(
        default=None,
        description="Só para testes: arquivo com os segundos a somar ao relógio da máquina, comum à API, ao worker, ao simulador e aos prazos no banco. Recusado quando as transmissões vão para as SEFAZ verdadeiras.",
    )

    @model_validator(mode="after")
    def _keep_the_legal_term(self) -> "Configuracao":
        if self.retention_months < PRAZO_LEGAL_MESES and not self.retention_below_legal:
            raise ValueError(
                f"CHANCELA_RETENTION_MONTHS={self.retention_months} é menos que os {PRAZO_LEGAL_MESES} meses da guarda"
                " legal; se é isso mesmo, ponha também CHANCELA_RETENTION_BELOW_LEGAL=true"
            )
        return self

    @property
    def pasta(self) -> Path:
        """The data folder, absolute."""
        return self.home.expanduser().resolve()

    @property
    def pasta_simulador(self) -> Path:
        return self.pasta / "simulador"

    @property
    def arquivo_chave_mestra(self) -> Path:
        return self.master_key_file or self.pasta / "chave-mestra"

    @property
    def url_artefatos(self) -> str:
        return self.artifacts_url or (self.pasta / "artefatos").as_uri()

    @property
    def porta_controle(self) -> int:
        return self.simulator_control_port or self.simulator_port + 1


def load_configuracao() -> Configuracao:
    """The settings of this process, from its environment. `ConfiguracaoInvalida` names what is wrong, and no value."""
    try:
        return Configuracao()
    except ValidationError as erro:
        # The report of the library repeats what it was given: addresses with passwords, tokens.
        faltas = erro.errors(include_url=False, include_input=False, include_context=False)
    raise ConfiguracaoInvalida(
        "CONFIG",
        " ".join(_describe(falta["loc"], falta["msg"]) for falta in faltas),
        "Corrija o ambiente deste processo.",
    )


def _describe(caminho: tuple[int | str, ...], mensagem: str) -> str:
    nome = "".join(f"CHANCELA_{parte}: ".upper() for parte in caminho[:1])
    return f"{nome}{mensagem.removeprefix('Value error, ')}."
