# Two commands: `make run` serves the tracker, `make test` proves it. Both make what they need.
# PYTHON is any Python 3.11 or later; the environment is kept in VENV. What is installed there is locked: requirements/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TESTABLE := $(VENV)/.testable
# One process more than there are cores: tests of servers and browsers wait as much as they compute.
WORKERS := $(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)'
DATABASE ?= sqlite:///tracker.db
export VENV

.PHONY: run test tests quick test-all lint types audit javascript docs check api-clients bench bench-peers outlook official-dates soak lock image release clean

run: $(READY)
	$(BIN)/tracker --database $(DATABASE) init
	$(BIN)/tracker --database $(DATABASE) serve

test: check tests

tests: $(TESTABLE)
	postgres="$$(./test-postgres.sh)" && TRACKER_TEST_POSTGRES="$$postgres" $(BIN)/pytest -n $$($(WORKERS)) --dist loadfile --no-loadscope-reorder

# A first answer while working: no browser, and none of the tests that start, kill or attack servers.
quick: $(TESTABLE)
	postgres="$$(./test-postgres.sh)" && TRACKER_TEST_POSTGRES="$$postgres" $(BIN)/pytest -q -n $$($(WORKERS)) --dist loadfile --no-loadscope-reorder \
		-m "not slow and not browser"

# All tests on every supported Python that is installed; ONLY=quick takes the quick ones.
test-all:
	@for each in 3.11 3.12 3.13 3.14; do \
		if python$$each --version >/dev/null 2>&1; then \
			echo "Python $$each"; $(MAKE) $(or $(ONLY),tests) VENV=.venv-$$each PYTHON=python$$each || exit 1; \
		else echo "NOT TESTED: Python $$each is not installed (no command python$$each)."; fi; \
	done

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
	$(BIN)/python -m benchmarks.sync_cost

# Trains the model of the outlook anew on a snapshot of a treaty collection; see docs/using/outlook.md.
outlook: $(READY)
	@test -n "$(SNAPSHOT)" || { echo "Name the snapshot: make outlook SNAPSHOT=file.csv"; exit 1; }
	$(BIN)/python -m benchmarks.outlook "$(SNAPSHOT)" --train

# The browser suite, fuzzing and kills for hours; the figures go into docs/development/soak.md. OPTIONS="--scale 0.01" tries it.
soak: $(TESTABLE)
	$(BIN)/pip install --quiet --group bench
	postgres="$$(./test-postgres.sh)" && TRACKER_TEST_POSTGRES="$$postgres" $(BIN)/python -m benchmarks.soak $(OPTIONS)

# Compares computed dates of entry into force with official ones; FILES names what to read, see the module.
official-dates: $(READY)
	@test -n "$(FILES)" || { echo "Name the files: make official-dates FILES='--clauses clauses.csv ...'"; exit 1; }
	$(BIN)/python -m benchmarks.official_dates $(FILES) --page docs/treaties/official-dates.md

# Debian's Python comes without ensurepip; python3-venv brings it.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); ./install-packages.sh python3-venv && $(PYTHON) -m venv $(VENV))
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

# pip refuses a file whose hash is not among those that requirements/ lists.
$(READY): pyproject.toml requirements/run.txt requirements/build.txt $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/run.txt --requirement requirements/build.txt
	$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	touch $@

$(TESTABLE): $(READY) requirements/develop.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/develop.txt
	command -v chromium >/dev/null || ./install-packages.sh chromium
	PATH="$$PATH:/usr/sbin"; { command -v nginx && command -v caddy && command -v systemd-analyze; } >/dev/null || \
		./install-packages.sh nginx-light caddy systemd
	touch $@

node_modules/.ready: package.json package-lock.json
	command -v node >/dev/null && command -v npm >/dev/null || ./install-packages.sh nodejs npm
	npm ci --no-audit --no-fund --silent
	touch $@

# Locks what pyproject.toml asks for: requirements/*.txt. UPGRADE=--upgrade takes the newest versions.
lock: $(VENV)/bin/python
	./lock-dependencies.sh $(UPGRADE)

# The container image, built and run.
image:
	./check-image.sh

# The distributions, the list of their components (SBOM) and the checksums in dist/, for a commit tagged with the version.
release: $(TESTABLE)
	./make-release.sh

clean:
	rm -rf .venv .venv-* node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
