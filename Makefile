# `make demo` and `make test` need git, make and a Python >= 3.11, and set up the rest themselves.

# The first Python that runs, is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# On every processor. What is marked slow is not traced, which would take twice as long, and counts
# for nothing in the coverage.
WORKERS := -n auto --dist worksteal
# What pytest ends with where ARGS choose no test of a kind.
NONE := 5
# More arguments for the tool in question: make test ARGS="-k timeline".
ARGS ?=

# What is installed: `run` holds mockserver alone, `dev` every tool as well.
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
# The official clients that cannot live beside the tools: another `replicate`, and JavaScript.
PY2 := $(VENV)/clients/replicate-2/replicate.stamp
JS := $(VENV)/clients/js/npm.stamp

.DELETE_ON_ERROR:
.PHONY: help demo test clients test-clients lint format schemas bench scorecard docs docs-check wheel wheel-check clean

help:
	@echo 'make demo        see it work: each document'"'"'s request against its fake'
	@echo 'make test        all tests, with coverage      (ARGS="-k timeline" for some)'
	@echo 'make clients     install the official clients that the tests use'
	@echo 'make test-clients  the tests with the official clients; installs those first'
	@echo 'make lint        format, style, types, floors, docstrings, generated files'
	@echo 'make format      let ruff put right what it can'
	@echo 'make schemas     write the generated schemas/gateways/*.openapi.json anew'
	@echo 'make bench       measure, and print ratios'
	@echo 'make scorecard   audits published clients, as they are now; writes docs/scorecard.md'
	@echo 'make docs        write the generated docs/gateways.md anew'
	@echo 'make docs-check  run the code of the docs and follow their links'
	@echo 'make wheel       build dist/*.tar.gz, and dist/*.whl from it'
	@echo 'make wheel-check  build them, install the wheel far from here, and try it'
	@echo 'make clean       remove everything that make made'

demo: $(RUN)
	$(BIN)/mockserver demo $(ARGS)

test: $(DEV)
	-@$(MAKE) --no-print-directory --silent clients  # without one, its tests are skipped
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(WORKERS) -m 'not slow' $(ARGS) || [ $$? = $(NONE) ]
	$(BIN)/python -m pytest $(WORKERS) -m slow $(ARGS) || [ $$? = $(NONE) ]
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

clients: $(PY2) $(JS)

test-clients: $(DEV) clients
	$(BIN)/python -m pytest tests/clients $(ARGS)

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet tests contract_tests
	$(BIN)/mockserver schemas export --check
	$(BIN)/mockserver schemas derive fixtures/docs/*/*.page.txt --check .
	$(BIN)/python docs/generate.py --check

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: $(RUN)
	$(BIN)/mockserver schemas export

bench: $(DEV)
	$(BIN)/python -m bench $(ARGS)

scorecard: $(DEV) clients
	$(BIN)/python -m bench.scorecard $(ARGS)

docs: $(RUN)
	$(BIN)/python docs/generate.py

docs-check: $(DEV)
	$(BIN)/python -m pytest tests/test_docs.py $(ARGS)

wheel: $(DEV)
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# What is installed from the wheel works far from this folder, the suites in it included. Fuzzing by
# them is spared: `make test` does that.
wheel-check: wheel
	@set -e; elsewhere=$$(mktemp -d); trap 'rm -rf "$$elsewhere"' EXIT; wheel=$$(ls "$$PWD"/dist/*.whl); \
	$(BIN)/python -m venv "$$elsewhere/venv"; cd "$$elsewhere"; \
	venv/bin/python -m pip install --quiet --disable-pip-version-check "$$wheel[test]"; \
	venv/bin/mockserver --version; \
	venv/bin/mockserver doctor; \
	venv/bin/python -m pytest -q -p no:cacheprovider -k 'not test_fuzz and not whatever' \
		--pyargs mockserver.contract_tests

clean:
	rm -rf $(VENV) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache
	rm -rf .pytest_cache .ruff_cache build dist node_modules

$(BIN)/python:
	@test -n '$(PYTHON)' || { \
		echo 'No Python >= 3.11 with venv and ensurepip was found on the PATH.' >&2; \
		echo 'Install one (Debian: python3 python3-venv), or: make PYTHON=/path/to/python' >&2; \
		exit 2; }
	$(PYTHON) -m venv $(VENV)

$(RUN): pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $(RUN) $@

$(PY2): tests/clients/replicate-2.txt | $(BIN)/python
	$(BIN)/python -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Where Node is absent this makes nothing, and the tests that need it are skipped.
$(JS): tests/clients/js/package.json
	@mkdir -p $(@D)
	@cp $< $(@D)
	@if command -v npm >/dev/null; then \
		cd $(@D) && npm install --silent --no-audit --no-fund --no-package-lock && touch $(@F); \
	else echo 'npm was not found: the JavaScript clients are not tested'; fi
