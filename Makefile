# Everything works on a machine with Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export NO_MKDOCS_2_WARNING := 1
# Where the entries can be edited: the origin of this checkout, if it is on the web.
REPO_URL ?= $(shell git remote get-url origin 2>/dev/null | sed -nE 's,^git@([^:/]+\.[^:/]+):,https://\1/,; s,\.git$$,,; /^https:\/\//p')
export REPO_URL

.PHONY: serve build test check browser audit bench compress nginx format lock clean
.DEFAULT_GOAL := serve

serve: $(STAMP)  ## build, and serve with live reload on http://127.0.0.1:8000
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

build: $(STAMP)  ## write the site to site/
	$(BIN)/mkdocs build

check: $(STAMP)  ## check the entries only
	$(BIN)/wartimeline check

test: $(STAMP) browser nginx  ## everything CI runs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/wartimeline check --strict
	$(BIN)/mkdocs build --strict --site-dir .cache/site
	$(BIN)/pytest --numprocesses auto --dist loadfile --cov --cov-report=term --cov-fail-under=95

browser:  ## install Chromium where that is possible and none is there
	@for name in chromium chromium-browser google-chrome chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "No Chromium or Chrome: the tests that need one are skipped here, and fail in CI."; fi

compress: build  ## write compressed copies beside the files of the site
	$(BIN)/python tools/compress.py site

nginx:  ## install nginx where that is possible and none is there
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; \
	else echo "No nginx: the tests that need it are skipped here, and fail in CI."; fi

audit: $(STAMP) browser  ## what a first visit to each kind of page transfers
	$(BIN)/mkdocs build --quiet --site-dir .cache/site
	$(BIN)/python tools/audit.py .cache/site

bench: $(STAMP)  ## how long builds take, ours and others'; BENCH="--sizes 500 --only ours,hugo"
	$(BIN)/python benchmarks/bench.py $(BENCH)

format: $(STAMP)  ## format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock:  ## pin the newest versions that pyproject.toml allows
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet uv
	.cache/lock/bin/uv pip compile --universal --upgrade --no-emit-index-url --generate-hashes --no-strip-extras \
	  --python-version 3.11 --extra dev --extra web --custom-compile-command "make lock" -o requirements.lock pyproject.toml

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.3'  # older ones stumble over hashes of extras
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:  ## remove everything that was made
	rm -rf $(VENV) .cache site
