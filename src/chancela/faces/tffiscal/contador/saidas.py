"""Answer of `accountant/get_info`."""

from typing_extensions import TypedDict


class ContadorSaida(TypedDict):
    """O cadastro do contador."""

    email: str
    officeDocumentType: str
    officeDocument: str
    officeName: str
    responsibleName: str
    crc: str
    accountantCpf: str
    workAddress: str
    site: str
    landline: str
    mobile: str
    assistantName: str
    assistantEmail: str
    assistantPhone: str
    observations: str
