# Two commands: `make run` and `make test`. Each does all the set-up it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# uv from PATH, else bootstrapped into a private folder of this checkout.
SYSTEM_UV := $(shell command -v uv 2>/dev/null)
UV := $(if $(SYSTEM_UV),$(SYSTEM_UV),.uv/bin/uv)
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help run test setup train lint unit stories bench bench-stock nlu-report lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(READY) ## create .venv from the lock file

.uv/bin/uv: requirements-uv.lock
	@echo "setup: installing uv into .uv"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@

$(READY): requirements.lock pyproject.toml $(if $(SYSTEM_UV),,.uv/bin/uv)
	@echo "setup: creating .venv (Python $$(cat .python-version)) from requirements.lock"
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$(cat .python-version)" .venv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## start everything on 127.0.0.1, embedded defaults
	@exec $(BIN)/refundbot up

train: $(READY) ## train the Rasa model if it is missing or its inputs changed
	@$(BIN)/refundbot train

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

unit: $(READY) train
	@$(BIN)/pytest

stories: $(READY) train
	@$(BIN)/refundbot test-stories

test: lint stories unit ## everything CI checks: lint, types, imports, Rasa stories, pytest

bench: $(READY) train ## measure decisions, NLU and turns (the stock NLU pipeline: make bench-stock)
	@$(BIN)/python -m refund_core.bench
	@$(BIN)/python -m refundbot.nlu.bench --only ours
	@$(BIN)/python -m tests.bench

bench-stock: $(READY) ## train Rasa's stock Chinese pipeline too and compare; takes many minutes
	@$(BIN)/python -m refundbot.nlu.bench

nlu-report: $(READY) train ## figures and a confusion matrix on the NLU test set
	@$(BIN)/python -m refundbot.nlu.report

lock: .uv/bin/uv ## resolve the lock files anew
	@.uv/bin/uv pip compile pyproject.toml --quiet --extra bot --group dev --python-version 3.10 --generate-hashes --no-header --no-emit-index-url --output-file requirements.lock
	@echo 'uv' | .uv/bin/uv pip compile - --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --output-file requirements-uv.lock

clean: ## remove what make made, but not .uv
	@rm -rf .venv models/*.tar.gz models/*.json var .pytest_cache .mypy_cache .ruff_cache .hypothesis .rasa
