# Two commands matter: `make run` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MORE := $(VENV)/.more
PIP := $(BIN)/pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet $(UPGRADE)

.PHONY: run app test test-browser test-ckan lint bench mutate docs fit digits lock audit release clean

run: $(READY)  ## extract the bundled report and show what was found
	$(BIN)/report-extract run fixtures/iwaki/iwaki-r6.pdf --out out/iwaki-r6

app: $(READY)  ## the app in the browser: drop reports, settle doubts, mend tables
	$(BIN)/report-extract app out/app

test: $(READY) lint  ## lint, type-check and test
	$(BIN)/python -m pytest -n 2

test-browser: $(MORE)  ## the app in a real browser, with its times; installs Debian's Chromium where there is none
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }
	$(BIN)/python -m pytest -s tests/test_browser*.py

test-ckan: $(MORE)  ## publish on a real CKAN (PostgreSQL and Redis come from Debian; minutes the first time)
	{ command -v redis-server && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -y -qq postgresql redis-server; }
	$(BIN)/python tools/ckan/with_ckan.py $(BIN)/python -m pytest tests/test_ckan.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(MORE)  ## speed, accuracy and trust, side by side with the peers (slow)
	$(BIN)/python -m benchmarks

mutate: $(MORE)  ## which small change to sums and checks would no test notice? (minutes; fails under 85 %)
	$(BIN)/python -m benchmarks.mutate

fit: $(MORE)  ## fit the models of how tables part anew and print how they do on what is held out (minutes)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[fit]'
	OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m fit

docs: $(READY)  ## build the site into site/, and run every command that the documentation shows
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python -m pytest tests/test_docs.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "report-extract needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r constraints.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

# What benchmarks, the browser's tests, notebooks and releases need beside.
$(MORE): $(READY) constraints-more.txt
	$(PIP) install --require-hashes -r constraints-more.txt
	touch $@

digits:  ## train the second reader for figures anew (minutes; needs fonts, see tools/digits)
	$(PYTHON) -m venv .digits
	.digits/bin/pip install --quiet --disable-pip-version-check -r tools/digits/requirements.txt
	.digits/bin/python tools/digits/train.py

lock: $(MORE)  ## write which versions to install, with hashes (UPGRADE=--upgrade: the newest)
	$(LOCK) --extra dev --extra docs pyproject.toml -o constraints.txt
	$(LOCK) --extra bench --extra browser --extra mutate --extra notebook --extra release -c constraints.txt pyproject.toml -o constraints-more.txt

audit: $(MORE)  ## once a month: are there known vulnerabilities in what is installed?
	$(BIN)/pip-audit --disable-pip --require-hashes -r constraints.txt

release: $(MORE)  ## build and check what is uploaded
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

clean:
	rm -rf $(VENV) out dist site
