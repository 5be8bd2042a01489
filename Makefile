# Set-up and everyday commands. Needs make and Python 3.11 or later with its venv module; all else comes into .venv.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.13.8
PAGES := api/pages/built/manifest.json
PAGE_SOURCES := $(shell find web/src -type f) web/package.json web/package-lock.json web/vite.config.ts web/svelte.config.js
PACKAGES := kit agencies ingest storyboards editing delivery pipeline api
CERTIFICATES := /etc/ssl/certs/ca-certificates.crt

# Arguments to hand through, as in: make demo DEMO_ARGS="--footage DIR --agency NAME"
DEMO_ARGS ?=
TEST_ARGS ?=
# Tests of one file stay together, so that what they share is made once; the files with few but long tests go first.
# Many wait for programs that start or are killed, so that three keep two cores busy.
TEST_WORKERS ?= 3
FAULT_ROUNDS ?= 50
LOAD_AGENCIES ?= 200

# The first Python on the path that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

# uv trusts its own list of authorities unless told of the machine's, which pip and the browser use.
CERTS := $(if $(SSL_CERT_FILE),,$(if $(wildcard $(CERTIFICATES)),--system-certs))

# Without a home that can be written, uv keeps its cache beside the environment.
ifeq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),)
export UV_CACHE_DIR ?= $(CURDIR)/$(VENV)/.uv-cache
export PIP_NO_CACHE_DIR ?= 1
endif
export UV_LINK_MODE ?= copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Where known weaknesses of packages are looked up.
WEAKNESSES := https://api.osv.dev

.PHONY: setup whisper demo test lint audit bench soak faults load tour clean

setup: $(READY) $(PAGES)

# What the pages bring into browsers, built again when a source or a package of it is newer.
$(PAGES): $(READY) $(PAGE_SOURCES)
	@$(BIN)/python web/build.py
	@touch $@

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is missing. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@echo "Setting up $(VENV) (about 1 GB, once)"
	@{ $(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)" \
		&& $(BIN)/uv pip sync --python $(BIN)/python $(CERTS) --quiet --compile-bytecode --require-hashes requirements.lock ; } \
		|| { echo "uv could not set it up; trying pip" >&2 \
		&& $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock ; } \
		|| { echo "The packages could not be installed: see the lines above; is the network up?" >&2; exit 1; }
	@$(BIN)/python web/build.py
	@{ $(BIN)/uv pip install --python $(BIN)/python $(CERTS) --quiet --no-deps -e . \
		|| $(BIN)/python -m pip install --quiet --no-deps -e . ; } \
		|| { echo "Promise Reel itself could not be installed: see the lines above; is the network up?" >&2; exit 1; }
	@touch $@

# Optional: words that nobody wrote down are recognised, once PROMISEREEL_WHISPER_MODEL names the folder of a model.
whisper: setup
	@echo "Adding faster-whisper to $(VENV) (about 250 MB)"
	@$(BIN)/uv pip install --python $(BIN)/python $(CERTS) --quiet --require-hashes -r requirements-whisper.lock \
		|| { echo "uv could not add it; trying pip" >&2 \
		&& $(BIN)/python -m pip install --quiet --require-hashes -r requirements-whisper.lock ; } \
		|| { echo "The packages could not be installed: see the lines above; is the network up?" >&2; exit 1; }

demo: setup
	$(BIN)/promisereel demo --out out/demo $(DEMO_ARGS)

test: setup
	$(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(TEST_ARGS)

# Long rounds of killed programs and a bad wire to the store, 50 on each database; the summary is out/faults.json.
# FAULT_ROUNDS=10 for fewer.
faults: setup
	PROMISEREEL_FAULT_ROUNDS=$(FAULT_ROUNDS) $(BIN)/python -m pytest tests/faults

# Many agencies at once, sending and looking; the summary is out/load.json. LOAD_AGENCIES=20 for fewer.
load: setup
	PROMISEREEL_LOAD_AGENCIES=$(LOAD_AGENCIES) $(BIN)/python -m pytest tests/load

# The whole way through the pages, once more, for the pictures of docs/tour.md; takes as long as a film does.
tour: setup
	$(BIN)/python -m tests.tour.walk docs/tour

# All other suites at full counts; the summary is out/soak.json. Faults and load have commands of their own.
soak: setup
	PROMISEREEL_SOAK=1 $(BIN)/python -m pytest --ignore tests/faults --ignore tests/load --numprocesses $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(TEST_ARGS)

lint: setup audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python web/build.py check
	$(BIN)/python -m pytest tests/test_house.py

# Looks the locked packages up among the known weaknesses. Where nobody can be asked, one line says so and all goes on.
audit: setup
	@mkdir -p out && rm -f out/audit.txt
	@if ! $(BIN)/python -c 'import requests; requests.head("$(WEAKNESSES)", timeout=5)' >/dev/null 2>&1; then \
		echo "pip-audit: the packages were not checked, because $(WEAKNESSES) cannot be reached"; \
	elif $(BIN)/pip-audit --requirement requirements.lock --requirement requirements-whisper.lock --disable-pip \
		--vulnerability-service osv --osv-url $(WEAKNESSES)/v1/query --progress-spinner off --desc off \
		--output out/audit.txt >out/audit.log 2>&1; then \
		echo "pip-audit: no known weakness in the locked packages"; \
	elif [ -s out/audit.txt ]; then \
		cat out/audit.txt; echo "pip-audit: raise these packages, or write in docs/security.md why not and give --ignore-vuln" >&2; exit 1; \
	else \
		echo "pip-audit: the packages were not checked, see the end of out/audit.log"; \
	fi

# The film that others look into is made by the speed table, so that goes first.
bench: setup
	@for one in benchmarks/bench_speed.py $(filter-out benchmarks/bench_speed.py,$(wildcard benchmarks/bench_*.py)); do echo "$$one"; PYTHONPATH=. $(BIN)/python $$one || exit 1; done

clean:
	rm -rf out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(PACKAGES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
