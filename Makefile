# Two commands: `make run` serves the tracker, `make test` proves it. Both make what they need.
# PYTHON is any Python 3.11 or later; the environment is kept in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TESTABLE := $(VENV)/.testable
DATABASE ?= sqlite:///tracker.db

.PHONY: run test quick lint types audit javascript docs check api-clients bench bench-peers clean

run: $(READY)
	$(BIN)/tracker --database $(DATABASE) init
	$(BIN)/tracker --database $(DATABASE) serve

test: check
	postgres="$$(./test-postgres.sh)" && TRACKER_TEST_POSTGRES="$$postgres" $(BIN)/pytest -n auto --dist loadfile

# A first answer while working: no browser, and none of the tests that start, kill or attack servers.
quick: $(TESTABLE)
	postgres="$$(./test-postgres.sh)" && TRACKER_TEST_POSTGRES="$$postgres" $(BIN)/pytest -q -n auto --dist loadfile \
		-m "not slow and not browser"

check: lint types audit javascript docs

lint: $(TESTABLE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TESTABLE)
	$(BIN)/mypy

audit: $(TESTABLE)
	./audit-dependencies.sh

# The browser scripts: linted, type-checked and unit-tested. Only these checks need Node.js; the site does not.
javascript: node_modules/.ready
	npm run --silent check

# The documentation as a website in build/docs. A warning, such as a broken link, is an error (with --quiet it is not).
docs: $(TESTABLE)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The OpenAPI document linted; clients generated from it and compiled; every public GET operation called with each.
api-clients: $(READY)
	command -v node >/dev/null && command -v npm >/dev/null || ./install-packages.sh nodejs npm
	$(BIN)/python scripts/check_api_clients.py

bench: $(TESTABLE)
	$(BIN)/pip install --quiet --group bench
	$(BIN)/pytest benchmarks --benchmark-only -p no:socket -o addopts=

# Prints Markdown tables: requests beside Datasette, import beside sqlite-utils, each page, growth to a million acts.
bench-peers: $(TESTABLE)
	$(BIN)/python -m benchmarks.serving --peers build/peers
	$(BIN)/python -m benchmarks.importing --peers build/peers
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.growth

# Debian's Python comes without ensurepip; python3-venv brings it.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); ./install-packages.sh python3-venv && $(PYTHON) -m venv $(VENV))
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(READY): pyproject.toml $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	touch $@

$(TESTABLE): $(READY)
	$(BIN)/pip install --quiet --group test --group docs
	command -v chromium >/dev/null || ./install-packages.sh chromium
	touch $@

node_modules/.ready: package.json package-lock.json
	command -v node >/dev/null && command -v npm >/dev/null || ./install-packages.sh nodejs npm
	npm ci --no-audit --no-fund --silent
	touch $@

clean:
	rm -rf $(VENV) node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
