# The few commands a person needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run app test xvfb coverage lint campaign trust fuzz screenshots package clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEST_WORKERS ?= 3
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUN_DIR := results/$(shell date -u +%Y%m%d-%H%M%S)

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.ready ## make .venv with the program and its pinned libraries

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "ppdesk needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || installer/system-packages venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt $(VENV)/bin/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

# torch first and by itself: asked for together with others pip may choose a build that brings gigabytes
$(VENV)/.ready-dev: $(VENV)/.ready
	$(PIP) install --quiet --constraint constraints.txt torch==2.13.0
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

# each run has a data folder of its own: a budget belongs to the data, and the next run would find it spent
run: $(VENV)/.ready ## the whole workflow on the Adult census sample, results under results/
	@umask 077 && mkdir -p $(RUN_DIR) && \
	  for name in passphrase signer-passphrase copy-passphrase; do \
	    $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(24))' > $(RUN_DIR)/$$name.txt; done
	@PPDESK_HOME=$(CURDIR)/$(RUN_DIR)/home $(BIN)/ppdesk run resources/samples/adult/recipe.toml \
	  --project $(RUN_DIR)/adult.ppdesk --passphrase-file $(RUN_DIR)/passphrase.txt \
	  --signer "Sample analyst $$(basename $(RUN_DIR))" --signer-passphrase-file $(RUN_DIR)/signer-passphrase.txt \
	  --copy-passphrase-file $(RUN_DIR)/copy-passphrase.txt
	@ln -sfn $$(basename $(RUN_DIR)) results/latest
	@echo "Everything is in $(RUN_DIR) (also results/latest). Open it: make app"

app: $(VENV)/.ready ## the window, on the sample of the last `make run` (or on the start screen)
	@installer/system-packages qt
	@if [ -e results/latest/adult.ppdesk ]; then \
	  PPDESK_HOME=$(CURDIR)/results/latest/home $(BIN)/ppdesk-gui results/latest/adult.ppdesk \
	    --passphrase-file results/latest/passphrase.txt; \
	else $(BIN)/ppdesk-gui; fi

test: $(VENV)/.ready-dev ## all tests (installs what they need when root, else says what is missing)
	@installer/system-packages qt test
	@$(BIN)/python -m ppdesk.anonymize.warm
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

xvfb: $(VENV)/.ready-dev ## the tests of the window again, on an X server without a screen
	@installer/system-packages qt test display
	QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args "-screen 0 1920x1200x24" \
	  $(BIN)/python -m pytest tests/gui --numprocesses $(TEST_WORKERS) --dist loadfile

coverage: $(VENV)/.ready-dev ## all tests again, with what they reach (slower by a third)
	@installer/system-packages qt test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term

lint: $(VENV)/.ready-dev ## formatting, ruff, mypy, import floors
	$(BIN)/ruff format --check ppdesk tests installer
	$(BIN)/ruff check ppdesk tests installer
	$(BIN)/mypy
	$(BIN)/lint-imports

campaign: $(VENV)/.ready-dev ## the long form of all sampled tests (kills, tampering, a monkey in the window)
	@installer/system-packages qt test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m campaign --timeout 7200

trust: $(VENV)/.ready-dev ## attack project files for some minutes, and write resources/docs/trust.md
	@installer/system-packages test
	$(BIN)/python tests/trust/attacks/campaign.py --thorough --write resources/docs/trust.md >/dev/null

fuzz: $(VENV)/.ready-dev ## read thousands of malformed files, and write resources/docs/fuzz.md
	$(BIN)/python tests/fuzz/campaign.py --write resources/docs/fuzz.md >/dev/null

screenshots: $(VENV)/.ready-dev ## every screen in light and dark at two scales, into resources/docs/screens
	@installer/system-packages qt test
	$(BIN)/python tests/gui/screenshots.py

package: $(VENV)/.ready ## a one-dir program and a .deb under dist/
	$(PIP) install --quiet --constraint constraints.txt --editable '.[package]'
	@installer/system-packages qt package
	$(BIN)/python installer/package.py

clean: ## remove what can be made again (never results/)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
