# Two commands matter: `make run` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test test-browser lint bench docs lock clean

run: $(READY)  ## extract the bundled report and show what was found
	$(BIN)/report-extract run fixtures/iwaki/iwaki-r6.pdf --out out/iwaki-r6

test: $(READY) lint  ## lint, type-check and test
	$(BIN)/python -m pytest -n 2

test-browser: $(READY)  ## the review page in a real browser; installs Debian's Chromium where there is none
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[browser]'
	$(BIN)/python -m pytest tests/test_browser.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)  ## speed, accuracy and trust, side by side with the peers (slow)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks

docs: $(READY)  ## run every command that the documentation shows
	$(BIN)/python -m pytest tests/test_docs.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "report-extract needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

lock: ## write the versions now installed as the ones to install
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) out
