// Run in the throw-away folder that has node-sped-nfe: status, authorisation, query and cancellation. Prints JSON.
import https from "https";
import { createRequire } from "module";
import { pathToFileURL } from "url";

const [base, pfx, senha, cnpj, ie, xmllint, pasta] = process.argv.slice(2);
const require = createRequire(pathToFileURL(pasta + "/x.js"));
const { Make, Tools } = await import(pathToFileURL(require.resolve("node-sped-nfe")));

// The program as it is, sent to another host: only the address changes.
const original = https.request;
https.request = (url, ...resto) => original(base + "/SP" + new URL(url).pathname, ...resto);

const tools = new Tools({ mod: "55", tpAmb: 2, UF: "SP", versao: "4.00", xmllint, CNPJ: cnpj, timeout: 30 }, { pfx, senha });
const texto = (xml, tag, inicio = "") => {
    const parte = inicio ? xml.slice(Math.max(0, xml.indexOf(inicio))) : xml;
    return (parte.match(new RegExp(`<${tag}>([^<]*)</${tag}>`)) || [])[1] || "";
};
const saida = {};
const status = await tools.sefazStatus();
saida.status = [texto(status, "cStat"), texto(status, "xMotivo")];

const nfe = new Make();
nfe.tagInfNFe({ Id: null, versao: "4.00" });
nfe.tagIde({
    cUF: "35", cNF: "48390217", natOp: "Venda", mod: "55", serie: "2", nNF: "1", dhEmi: nfe.formatData(), tpNF: "1", idDest: "1",
    cMunFG: "3550308", tpImp: "1", tpEmis: "1", cDV: "0", tpAmb: "2", finNFe: "1", indFinal: "1", indPres: "1", indIntermed: "0",
    procEmi: "0", verProc: "amostra 1.0",
});
nfe.tagEmit({ CNPJ: cnpj, xNome: "Empresa de Amostra Ltda", xFant: "Amostra", IE: ie, CRT: "1" });
const endereco = { xLgr: "Rua das Flores", nro: "10", xBairro: "Centro", cMun: "3550308", xMun: "Sao Paulo", UF: "SP", CEP: "01001000", cPais: "1058", xPais: "BRASIL" };
nfe.tagEnderEmit({ ...endereco });
nfe.tagDest({ CNPJ: "99999999000191", xNome: "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL", indIEDest: "9" });
nfe.tagEnderDest({ ...endereco });
await nfe.tagProd([{
    cProd: "P1", cEAN: "SEM GTIN", xProd: "Teclado", NCM: "84716052", CFOP: "5102", uCom: "UN", qCom: "2", vUnCom: "50", vProd: "100",
    cEANTrib: "SEM GTIN", uTrib: "UN", qTrib: "2", vUnTrib: "50", indTot: "1",
}]);
nfe.tagProdICMSSN(0, { orig: "0", CSOSN: "102" });
nfe.tagProdPIS(0, { CST: "49", qBCProd: 0, vAliqProd: 0, vPIS: 0 });
nfe.tagProdCOFINS(0, { CST: "49", qBCProd: 0, vAliqProd: 0, vCOFINS: 0 });
nfe.tagTotal();
nfe.tagTransp({ modFrete: "9" });
nfe.tagDetPag([{ tPag: "01", vPag: "100.00" }]);
const assinada = await tools.xmlSign(nfe.xml(), { tag: "infNFe" });
const autorizacao = await tools.sefazEnviaLote(assinada, { idLote: 1, indSinc: 1 });
saida.autorizacao = [texto(autorizacao, "cStat"), texto(autorizacao, "cStat", "<infProt"), texto(autorizacao, "xMotivo", "<infProt")];
const chave = texto(autorizacao, "chNFe"), protocolo = texto(autorizacao, "nProt");
if (protocolo) {
    const consulta = await tools.consultarNFe(chave);
    saida.consulta = [texto(consulta, "cStat"), texto(consulta, "nProt")];
    const evento = await tools.sefazEvento({ chNFe: chave, tpEvento: "110111", nProt: protocolo, xJust: "Erro no preenchimento da nota" });
    saida.cancelamento = [texto(evento, "cStat", "<infEvento"), texto(evento, "xMotivo", "<infEvento")];
    saida.depois = [texto(await tools.consultarNFe(chave), "cStat")];
} else {
    saida.resposta = autorizacao;
}
console.log(JSON.stringify(saida));
