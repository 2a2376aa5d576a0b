# Everything a fresh machine needs: `make run` and `make test`. See CONTRIBUTING.md.
VENV := .venv
BIN := $(VENV)/bin
LOCK := packaging/requirements.lock
STAMP := $(VENV)/.installed

.PHONY: setup run test test-all bench lint format lock screenshots messages clean

setup: $(STAMP)

$(STAMP): $(LOCK) pyproject.toml packaging/system_packages.sh
	sh packaging/system_packages.sh
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --require-hashes $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/pybabel compile --domain dpo --directory resources/locale >/dev/null 2>&1
	touch $(STAMP)

run: setup
	$(BIN)/dpo example --out out
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/dpo-desk --store "$$(ls -td out/run-*/*.dpo | head -n 1)"; \
	else echo "No display here: the window was not opened. dpo-desk opens it."; fi

test: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not slow" -n 2 --cov --cov-report=term:skip-covered

test-all: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2

bench: setup
	for each in tests/bench/bench_*.py; do QT_QPA_PLATFORM=offscreen $(BIN)/python $$each || exit 1; done

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url packaging/requirements-dev.in -o $(LOCK)

screenshots: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/screenshots.py out/screenshots

messages: setup
	$(BIN)/pybabel extract --quiet --keywords "N_ pgettext:1c,2" --no-location --sort-output -o resources/locale/dpo.pot dpo_app
	for each in fi sv; do $(BIN)/pybabel update --quiet --no-fuzzy-matching --domain dpo --locale $$each \
	  --input-file resources/locale/dpo.pot --output-dir resources/locale; done
	$(BIN)/pybabel compile --quiet --domain dpo --directory resources/locale

clean:
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
