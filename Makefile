# Everything a person or a CI runs here. `make` alone shows what there is.
# ARGS goes to the command: make up ARGS="--port 8001", make test ARGS="-k ledger".

PYTHON ?= python3
PIXIE := .venv/bin/python -m pixie
# A checkout that was copied sets itself up anew: what is installed knows its folder by name.
HERE := $(shell pwd | cksum | cut -d' ' -f1)
# Whole systems are started one after the other; all other tests share the processors, file by file.
# Plug-ins that they do not use would cost each process a second.
SPREAD := -n 2 --dist loadfile -p no:schemathesis -p no:faker -p no:valkey
FAST := tests/architecture tests/domain tests/application tests/contracts
RUN := .venv/.run-$(HERE)
DEV := .venv/.dev-$(HERE)

.DEFAULT_GOAL := help
.PHONY: help setup up demo test browser soak check format bench api worker scheduler clean

help: ## show this
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) ## install everything into .venv, from the lock file

up: $(RUN) ## start the whole system; stop it with Ctrl-C
	@$(PIXIE) up $(ARGS)

demo: $(RUN) ## see what it can do: make demo ARGS=photo.jpg
	@$(PIXIE) demo $(ARGS)

test: $(DEV) ## run all tests; those of the pages need a browser, and where there is none it says so
ifdef ARGS
	@.venv/bin/python -m pytest $(ARGS)
else
	@.venv/bin/python -m pytest $(SPREAD) -m "not journey and not soak"
	@.venv/bin/python -m tests.support.chromium 2>/dev/null || left=" and not browser"; \
	.venv/bin/python -m pytest -m "journey and not soak$$left"
	@.venv/bin/python -m tests.support.chromium || true
endif

browser: $(DEV) ## run the tests of the pages in Chromium or Chrome, and no others
	@.venv/bin/python -m pytest -m "browser and not soak" $(ARGS)

soak: $(DEV) ## run the long tests: chaos, interleavings, fuzzing at full size
	@.venv/bin/python -m pytest -m soak --timeout=0 $(ARGS)

check: $(DEV) ## before a push: format, lint, types, import contracts, dependencies, fast tests
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy
	@.venv/bin/lint-imports && .venv/bin/deptry src
	@.venv/bin/python -m pytest $(SPREAD) $(FAST) -m "not infra and not journey and not soak"

format: $(DEV) ## put the code into the one format
	@.venv/bin/ruff check --fix-only --exit-zero . && .venv/bin/ruff format .

bench: $(DEV) ## measure what docs/performance.md promises
	@.venv/bin/python -m benchmarks $(ARGS)

api: $(RUN) ## run the API alone
	@$(PIXIE) api $(ARGS)

worker: $(RUN) ## run a worker alone
	@$(PIXIE) worker $(ARGS)

scheduler: $(RUN) ## run the scheduler alone
	@$(PIXIE) scheduler $(ARGS)

clean: ## remove what was installed and cached; data stays
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* htmlcov dist
	@find src tests benchmarks migrations -name __pycache__ -prune -exec rm -rf {} +

$(RUN): pyproject.toml uv.lock scripts/bootstrap.py
	@$(PYTHON) scripts/bootstrap.py
	@touch $@

$(DEV): pyproject.toml uv.lock scripts/bootstrap.py
	@$(PYTHON) scripts/bootstrap.py --dev
	@touch $(RUN) $@
