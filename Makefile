# Each target in one line that reads as a sentence; `make help` lists them.
export PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python

.PHONY: help run test bench format

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

run: .venv/run  ## open the dashboard: installs and makes the demo company on the first run, then serves and prints the address
	@exec $(RUN) -m ui.server

test: .venv/test  ## run every check: style, imports, spelling, then the tests on SQLite, PostgreSQL and in a browser
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/codespell && $(BIN)/pytest -n 2 --dist worksteal -q

bench: .venv/test  ## measure the budgets on both databases and print them as a table; SIZE=small for a quick look
	@$(RUN) -m tests.bench $(SIZE)

format: .venv/test  ## put the code into its one form
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.venv/run: requirements.txt  # installs only when the list of packages changed
	$(PYTHON) -m venv .venv && $(BIN)/pip install -q --disable-pip-version-check -r requirements.txt && touch $@

.venv/test: requirements.txt requirements-dev.txt .venv/run
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt && $(RUN) -m tests.browser.install && touch $@
