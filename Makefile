# Everything a person runs. On a fresh machine only Python 3.11+, make and git are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Branch coverage of domain and documents, in percent, that may not fall (docs/mutacao.md).
PISO_DE_COBERTURA := 100
RUN_STAMP := $(VENV)/.executa
DEV_STAMP := $(VENV)/.desenvolve

.PHONY: help demo test up check bench coverage campaign format lock clean

help:
	@echo "make demo      issue real documents through the public API, offline, in a throw-away folder"
	@echo "make test      the whole test suite, on a real PostgreSQL"
	@echo "make up        the platform, staying up, with the offline SEFAZ"
	@echo "make check     format, lint, types, layers, tidy tests"
	@echo "make bench     benchmarks, as ratios inside one run; SO=\"pdf http\" runs only those"
	@echo "make coverage  branches of domain and documents that the tests run; minutes"
	@echo "make campaign  long runs: many seeds, kills and mutations"

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Chancela needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(BIN)/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(RUN_STAMP)
	$(BIN)/chancela demo --saida demo-out

up: $(RUN_STAMP)
	$(BIN)/chancela up

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/python -m pytest -q tests/tidy

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks $(if $(SO),--só $(SO))
	$(if $(SO),,$(BIN)/python -m benchmarks.ponta --rapido)

coverage: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto -q tests/domain tests/documents tests/attack/test_xml.py tests/golden \
		--cov --cov-branch --cov-report=term --cov-fail-under=$(PISO_DE_COBERTURA)

campaign: $(DEV_STAMP)
	$(BIN)/python -m pytest -m longo -n auto

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pins with hashes and no host names. Run after changing pyproject.toml.
lock: $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-annotate --universal --python-version 3.11 pyproject.toml requirements-build.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-annotate --universal --python-version 3.11 pyproject.toml requirements-build.in --extra dev -o requirements-dev.txt

clean:
	rm -rf $(VENV) demo-out
