# Two commands matter: `make demo` shows the product on example data, `make test` proves it.
# Everything is installed into .venv and node_modules; a step that is done leaves a file and is not repeated.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
VENDOR := src/hengzhi/static/vendor
CATALOGUES := $(wildcard src/hengzhi/locale/*/LC_MESSAGES/*.po src/hengzhi/*/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup setup-runtime debian demo serve test test-all lint bench lock messages clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 16

setup: $(BIN)/.dev setup-runtime debian  ## everything the tests need

setup-runtime: $(BIN)/.base $(BIN)/.package $(VENDOR)/.done $(BIN)/.locale  ## only what the product needs

debian: $(BIN)/.created  # chromium and Chinese fonts: only the browser tests want them
	@sh tools/debian_packages.sh chromium fonts-noto-cjk strace

demo: setup-runtime  ## load the example institution and serve it
	$(BIN)/hengzhi -C demo-workspace demo

serve: setup-runtime  ## serve the workspace of the last demo
	$(BIN)/hengzhi -C demo-workspace serve

test: setup lint  ## lint, types, contracts and all tests but the slow ones
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: setup lint  ## the slow tests too
	$(BIN)/python -m pytest -n 2

lint: setup  ## ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

bench: setup  ## how fast it is on this machine
	$(BIN)/python -m benchmarks

lock: $(BIN)/.dev  ## write the lock files anew
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/base.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(COMPILE) requirements/node.in -o requirements/node.txt
	npm install --package-lock-only --ignore-scripts

messages: setup-runtime  ## bring the Chinese catalogue up to date with the sources
	$(BIN)/python tools/messages.py src/hengzhi

clean:  ## remove what was built and installed (workspaces stay)
	rm -rf .venv node_modules $(VENDOR) build dist staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

# Changed locks mean a new environment: nothing that was locked before stays behind.
$(BIN)/.created: requirements/base.txt requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11 and run make again."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11: install python3.11, or name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --clear .venv || \
		{ echo "$(PYTHON) can't make a virtual environment: install its venv package (Debian: python3-venv)."; exit 1; }
	@touch $@

$(BIN)/.base: $(BIN)/.created
	$(PIP) install --require-hashes -r requirements/base.txt
	@touch $@

$(BIN)/.dev: $(BIN)/.base
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(BIN)/.package: pyproject.toml $(BIN)/.base
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.done: package.json package-lock.json | $(BIN)/.created
	@command -v npm >/dev/null || { echo "No npm here: taking Node.js from PyPI."; \
		$(PIP) install --require-hashes -r requirements/node.txt; }
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --loglevel=error
	@touch $@

$(VENDOR)/.done: node_modules/.done tools/front_end.py
	$(BIN)/python tools/front_end.py node_modules $(VENDOR)
	@touch $@

$(BIN)/.locale: tools/catalogues.py $(CATALOGUES) $(BIN)/.base
	$(BIN)/python tools/catalogues.py src/hengzhi
	@touch $@
