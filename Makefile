# The front door: `make run`, `make test`, `make ci`. Everything it makes is git-ignored.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BIN := .venv/bin
STAMPS := .venv/stamps
# The system's npm, or the one in the virtual environment.
NPM := .ci/npm
SOURCES := portal workshops orders inmates
PORT ?= 8000
export PORT

.PHONY: help setup run test ci bench seed lint fmt stop browser smoke screenshots mutants

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMPS)/catalogues $(STAMPS)/static ## packages, catalogues, static files; quick when nothing changed

$(STAMPS)/python: requirements.txt requirements-dev.txt .ci/venv
	@.ci/venv
	@echo "Installing Python packages (minutes the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(STAMPS)/node: package.json package-lock.json .npmrc .ci/npm $(STAMPS)/python
	@echo "Installing front-end packages…"
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

$(STAMPS)/catalogues: $(STAMPS)/python $(wildcard portal/locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python manage.py catalogues --compile
	@touch $@

$(STAMPS)/static: $(STAMPS)/node $(shell find static -type f 2>/dev/null | sed 's/ /\\ /g') portal/settings.py
	@$(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

run: setup ## the portal on http://127.0.0.1:8000 with demo data; PORT changes the port
	@exec $(BIN)/python manage.py run

browser:
	@.ci/browser

test: setup browser ## all tests, with real servers and a real browser
	@$(BIN)/pytest -n 2 --dist loadfile --create-db

seed: setup ## the demo into an empty database; SEED=--fresh empties it first
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py seed $(SEED)

bench: setup ## measure against the promises of speed; BENCH=--quick or BENCH="--only pages"
	@$(BIN)/python -m tests.benchmarks $(BENCH)

mutants: setup ## change the wage engine in each place once: does a test notice? some minutes
	@$(BIN)/python -m tests.mutants $(MUTANTS)

smoke: setup ## `make run` as a new user would, twice
	@$(BIN)/python tests/smoke.py

screenshots: setup browser ## the pictures of the README, from a fresh demo
	@$(BIN)/python -m tests.screenshots

lint: setup ## every check that needs no test to run
	@.ci/step "ruff check" $(BIN)/ruff check .
	@.ci/step "ruff format" $(BIN)/ruff format --check .
	@.ci/step "mypy" $(BIN)/mypy
	@.ci/step "import-linter" $(BIN)/lint-imports
	@.ci/step "djlint" $(BIN)/djlint templates --lint --quiet
	@.ci/step "bandit" $(BIN)/bandit -q -ll -c pyproject.toml -r $(SOURCES)
	@.ci/step "migrations" $(BIN)/python manage.py makemigrations --check --dry-run
	@.ci/step "catalogues" $(BIN)/python manage.py catalogues --check

ci: lint ## what CI runs: lint, test, smoke
	@.ci/step "tests" $(MAKE) test
	@.ci/step "smoke" $(MAKE) smoke

fmt: setup ## format Python and templates
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

stop: ## stop the development databases, whoever uses them
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m portal.embedded stop; fi
