# Two commands do everything: `make run` (a demo centre) and `make test` (all tests).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
PYTEST := $(BIN)/python -m pytest

.PHONY: help run serve test unit e2e check bench lock types web deps test-deps clean
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: deps web ## start a demo centre: simulated PBX and city, demo accounts
	$(BIN)/siaga demo

serve: deps web ## start a real centre with the settings of the environment
	$(BIN)/siaga serve

test: deps web test-deps ## all tests (CI=true: a missing service fails instead of skipping)
	cd web && npm test
	$(PYTEST) -n 2 --dist loadgroup --ignore tests/e2e
	$(PYTEST) tests/e2e

unit: deps ## the fast tests alone
	$(PYTEST) tests/unit -q

e2e: deps web test-deps ## browsers, and the real Asterisk where it can be had
	$(PYTEST) tests/e2e

check: deps web/node_modules/.installed ## linters, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run check

bench: deps web ## every benchmark prints its figures beside a peer's
	$(BIN)/python -m bench

lock: ## renew the hashed lock files after changing dependencies in pyproject.toml
	$(BIN)/python docker/lock.py

types: deps ## renew the TypeScript types from the catalogue of events and the API
	cd web && npm run types

deps: $(VENV)/.installed
web: web/dist/.built
test-deps:
	docker/test-deps

$(VENV)/.installed: docker/requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r docker/requirements-dev.txt
	mkdir -p web/dist  # the wheel names it, built or not
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

web/node_modules/.installed: web/package.json web/package-lock.json
	@node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' || { echo "Node 20 or newer is needed"; exit 1; }
	cd web && npm ci --no-audit --no-fund
	touch $@

web/dist/.built: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run build
	touch $@

clean: ## remove what was built and the demo's data
	rm -rf $(VENV) web/node_modules web/dist var
