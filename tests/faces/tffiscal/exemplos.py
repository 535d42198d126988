"""Bodies as the contract prints them (documents changed to ones whose check digits hold)."""

from typing import Any

CATEGORIA_MINIMA: dict[str, Any] = {
    "descricao": "Venda de mercadoria padrão",
    "icms": [
        {
            "tipo_tributacao": "normal",
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "codigo_cfop": "5102",
            "situacao_tributaria": "00",
        }
    ],
    "ipi": [
        {
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "situacao_tributaria": "99",
            "codigo_enquadramento": "999",
            "aliquota": "0",
        }
    ],
    "pis": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "0.65"}
    ],
    "cofins": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "3"}
    ],
}

NOTA_SIMPLES = """{
"nature_of_operation": "Venda de mercadoria",
"transaction_type": "1",
"model": "55",
"issuance_type": "1",
"ambiente": "2",
"cliente": {
"cpf": "12345678909",
"name": "Cliente Exemplo",
"endereco": "Rua Exemplo",
"numero": "100",
"bairro": "Centro",
"city": "São Paulo",
"uf": "SP",
"cep": "01001000",
"email": "cliente@exemplo.com"
},
"products": [
{
"codigo": "PROD001",
"name": "Produto Exemplo",
"ncm": "85176277",
"count": 2,
"unit": "UN",
"unit_price": 150.00,
"total_price": 300.00,
"category_id": "SEU_CATEGORY_ID",
"origem": 0,
"indicador_total": 1
}
],
"pag_info": [
{ "payment_method": "01", "payment_indicator": "0", "payment_value": 300.00 }
]
}""".encode()

NOTA_COMPLETA: dict[str, Any] = {
    "id": "PEDIDO-2026-0001",
    "nature_of_operation": "Venda de mercadoria",
    "transaction_type": "1",
    "model": "55",
    "issuance_type": "1",
    "ambiente": "2",
    "finalidade": "1",
    "ref_nfe_chave": "",
    "is_reopen": False,
    "dh_sai_ent": "",
    "total_discount_amount": "0.00",
    "troco": 0,
    "seguro": "1.50",
    "outras_despesas": None,
    "ind_final": "1",
    "ind_pres": "9",
    "informacoes_complementares": "Entrega via transportadora",
    "informacoes_fisco": "ICMS recolhido conforme legislação",
    "cliente": {
        "cpf": "",
        "cnpj": "11.222.333/0001-81",
        "ie": "123456789",
        "name": "Cliente Exemplo LTDA",
        "endereco": "Av. Paulista",
        "number": "1000",
        "complemento": "Sala 200",
        "bairro": "Bela Vista",
        "city": "São Paulo",
        "uf": "SP",
        "cep": "01310-100",
        "telefone": "11999998888",
        "email": "cliente@exemplo.com",
        "id_estrangeiro": "",
        "c_pais": 1058,
        "x_pais": "BRASIL",
        "indIEDest": "9",
    },
    "shipping_address": {
        "cnpj": "98765432000198",
        "name": "Depósito Origem LTDA",
        "ie": "987654321",
        "endereco": "Rua do Depósito",
        "number": "50",
        "bairro": "Industrial",
        "city": "Guarulhos",
        "uf": "SP",
        "cep": "07000000",
    },
    "delivery_address": {
        "cnpj": "11222333000181",
        "name": "Cliente Exemplo LTDA",
        "endereco": "Rua de Entrega",
        "numero": "25",
        "bairro": "Centro",
        "city": "Campinas",
        "uf": "SP",
        "cep": "13010000",
    },
    "products": [
        {
            "codigo": "PROD001",
            "name": "Notebook",
            "ncm": "8471.30.12",
            "cest": "",
            "gtin": "7891234567890",
            "count": 2,
            "unit": "UN",
            "unit_price": "3500.00",
            "total_price": 7000,
            "discount_price": 0,
            "origem": "0",
            "indicador_total": "1",
            "category_id": "TF00001",
            "nItemPed": 1,
        },
        {
            "codigo": "PROD002",
            "name": "Mouse sem fio",
            "ncm": "84716053",
            "count": 5,
            "unit": "UN",
            "unit_price": 80,
            "total_price": 400,
            "origem": 0,
            "indicador_total": 1,
            "nItemPed": "2",
            "tax_info": {
                "industria": "18.00",
                "icms": {
                    "codigo_cfop": "5102",
                    "situacao_tributaria": "00",
                    "industria": "",
                    "tipo_pessoa": "juridica",
                    "codigo_beneficio_fiscal": "SP000001",
                },
                "ipi": {"codigo_enquadramento": "999", "situacao_tributaria": "99", "aliquota": "0.00"},
                "pis": {"situacao_tributaria": "01", "aliquota": "0.65", "tipo_pessoa": "juridica"},
                "cofins": {"situacao_tributaria": "01", "aliquota": "3.00", "tipo_pessoa": "juridica"},
                "is": {"situacao_tributaria": "000", "aliquota": "1"},
                "ibs_cbs": {"situacao_tributaria": "000", "classificacao_tributaria": "000001"},
                "difal": {"disable_difal": True},
            },
        },
    ],
    "transportation": {
        "transport_mode": "1",
        "freight_amount": 150,
        "carrier_info": {"cnpj": "11222333000181", "name": "Transportadora", "city": "Santos", "uf": "SP"},
        "vehicle_info": {"plate": "ABC-1D23", "uf": "SP", "rntc": "12345"},
        "trailer_info": {"plate": "DEF4G56", "uf": "SP", "rntc": "67890"},
        "packages": [
            {
                "qty": 3,
                "gross_weight": "12.500",
                "net_weight": "11.000",
                "packaging_type": "CAIXA",
                "number": "001-003",
                "mark": "FRAGIL",
                "seals": ["LACRE001", "LACRE002"],
            }
        ],
        "transport_tax_retention_info": {
            "freight_service_amount": 150,
            "tax_base": 150,
            "tax_rate": 12,
            "cfop": "5932",
            "cep": "11000000",
        },
    },
    "pag_info": [
        {
            "payment_indicator": "1",
            "payment_method": "03",
            "payment_value": 7400,
            "card_info": {
                "integration_type": "1",
                "brand_code": "01",
                "acquirer_cnpj": "01234567000189",
                "authorization_code": "AUTH987654",
            },
        }
    ],
}
