# Everything a person needs to run and check the project. `make help` lists the targets.
# Needs Python 3.11 or newer, make and the network (once). `make services` needs PostgreSQL and Redis, `make e2e` and
# `make shots` a Chromium.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROCESSES ?= 2
PORT ?= 8000
SIZE ?= pilot
SERVICES_DATABASE := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/riskreport)
SERVICES_REDIS := $(or $(REDIS_URL),redis://127.0.0.1:6379/5)
WITHOUT_SERVICES := env -u DATABASE_URL -u REDIS_URL
COVERAGE_DIR := var/coverage
# COVER=1 measures coverage too, for `make coverage`; the tests take about half as long again.
MEASURE := $(if $(COVER),--cov --cov-report=)

# bandit asks every piece of a string over several lines, and warns of a “nosec” at each piece that was no finding.
BANDIT := $(BIN)/python -c "import logging, bandit.cli.main as bandit; \
	logging.getLogger('bandit.core.tester').setLevel('ERROR'); bandit.main()"

.DEFAULT_GOAL := help
.PHONY: help run accounts messages test services coverage e2e lint format bench shots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up: only when the list of requirements changed -------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed. Say which one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@echo "  making $(VENV)"
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "venv could not be made. On Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "  installing what requirements.txt lists (first time: a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "  installing what requirements-dev.txt lists (first time: a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# --- running --------------------------------------------------------------------------------------------------------
run: $(VENV)/.installed ## start the system on demo data: PORT=8000, HOST=127.0.0.1, DATA_DIR=var; stop with Ctrl-C
	@DEMO=1 PORT=$(PORT) exec $(BIN)/python -m riskreport.run

accounts: $(VENV)/.installed ## print the demo sign-ins
	@DEMO=1 $(BIN)/python manage.py demo_accounts

# --- tests ----------------------------------------------------------------------------------------------------------
$(COVERAGE_DIR):
	@mkdir -p $@

test: $(VENV)/.installed-dev | $(COVERAGE_DIR) ## the tests on SQLite, without any server or browser
	@$(WITHOUT_SERVICES) COVERAGE_FILE=$(COVERAGE_DIR)/sqlite \
		$(BIN)/python -m pytest -n $(PROCESSES) $(MEASURE)

services: export DATABASE_URL := $(SERVICES_DATABASE)
services: export REDIS_URL := $(SERVICES_REDIS)
services: $(VENV)/.installed-dev | $(COVERAGE_DIR) ## the same tests on PostgreSQL and Redis (DATABASE_URL, REDIS_URL), real workers too
	@echo "  PostgreSQL $(shell echo '$(SERVICES_DATABASE)' | sed 's#//[^@]*@#//#')  Redis $(SERVICES_REDIS)"
	@COVERAGE_FILE=$(COVERAGE_DIR)/postgresql \
		$(BIN)/python -m pytest -m "not e2e and not processes" -n $(PROCESSES) $(MEASURE)
	@COVERAGE_FILE=$(COVERAGE_DIR)/postgresql \
		$(BIN)/python -m pytest -m "processes and not e2e" $(if $(COVER),--cov --cov-append --cov-report=)

coverage: $(VENV)/.installed-dev ## coverage of the last `make test COVER=1` and `make services COVER=1` together
	@$(BIN)/python -m tests.branches $(COVERAGE_DIR)

e2e: $(VENV)/.installed-dev ## the walk through in a real Chromium (CHROMIUM=/usr/bin/chromium)
	@$(WITHOUT_SERVICES) $(BIN)/python -m pytest -m e2e tests/e2e

# --- checks ---------------------------------------------------------------------------------------------------------
lint: export DEMO := 1
lint: export DATA_DIR := $(abspath var/lint)
lint: $(VENV)/.installed-dev ## ruff, import-linter, mypy, djlint, bandit, detect-secrets, migrations, translations
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint templates
	$(BANDIT) --quiet --configfile pyproject.toml --recursive enterprises risks review riskreport
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --exclude-secrets '^password$$'
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py translations check

format: $(VENV)/.installed-dev ## put the code into the house's form
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

messages: $(VENV)/.installed ## bring locale/zh_Hans up to the sources (no GNU gettext needed)
	@DEMO=1 $(BIN)/python manage.py translations update

# --- figures and pictures -------------------------------------------------------------------------------------------
bench: $(VENV)/.installed-dev ## time pages, figures, lists and a city of SIZE=pilot (city, province), as ratios in one run
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.rosters
	@$(BIN)/python -m tests.bench.exports
	@$(BIN)/python -m tests.bench.search
	@$(BIN)/python -m tests.bench.ratings 100000
	@$(BIN)/python -m tests.bench.reminders 100000
	@$(BIN)/python -m tests.bench.boards 1000000
	@$(BIN)/python -m tests.bench.size $(SIZE)

shots: $(VENV)/.installed-dev ## a picture of every page for every role, at 1280 and 390 px, into var/shots
	@$(WITHOUT_SERVICES) $(BIN)/python -m tests.shots

clean: ## remove .venv and what the checks left; keeps the data in var
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(COVERAGE_DIR) var/lint
