# `make help` lists the targets. The only tool needed is python3 (3.11 or newer) with venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-page bench-mail bench-face pictures faults fix words lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(BIN)/.base ## start the status page at http://127.0.0.1:8000/ (PORT=..., DATA_DIR=...)
	@exec $(BIN)/python manage.py run $(ARGUMENTS)

test: $(BIN)/.development ## run every test: on PostgreSQL, then again on SQLite what depends on the database
	@$(BIN)/python -m tests.servers
	$(BIN)/pytest -n $(WORKERS) -m "not long" $(ARGUMENTS)
	$(BIN)/pytest -n $(WORKERS) --db=sqlite -m "both_databases and not long" $(ARGUMENTS)

check: $(BIN)/.development ## format, lint, types, imports, migrations, settings: the gate before each commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING

fix: $(BIN)/.development ## format the code and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BIN)/.development ## measure ratios side by side (index against history, posting against subscribers, mail rate)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.page

bench-page: $(BIN)/.development ## measure serving against nginx and publishing against history; SIZE=quick for a look, SIZE=sqlite
	$(BIN)/python -m tests.benchmarks.page $(SIZE)

bench-mail: $(BIN)/.development ## measure mail against smtp-source and Django's own path; SIZE=quick for a look
	$(BIN)/python -m tests.benchmarks.mail $(SIZE)

bench-face: $(BIN)/.development ## measure the public pages by Lighthouse (needs npm) and axe-core; SIZE=quick for a look
	$(BIN)/python -m tests.benchmarks.face lighthouse $(SIZE)
	$(BIN)/python -m tests.benchmarks.face history
	$(BIN)/python -m tests.benchmarks.face matrix $(SIZE)

pictures: $(BIN)/.development ## photograph the public pages and a mail into docs/screenshots
	$(BIN)/python -m tests.pictures

faults: $(BIN)/.development ## break everything in turn at full size and judge every invariant (FAULT_SIZE=50000)
	$(BIN)/python -m tests.faults
	FAULT_SECONDS=60 $(BIN)/python -m pytest -rP tests/faults --ignore tests/faults/test_notifications.py 1>&2

words: $(BIN)/.base ## collect the words of public pages into incidents/locale, compile them, name what is not translated
	@$(BIN)/python manage.py words

lock: ## pin new versions with hashes after requirements/*.in changed (needs uv)
	cd requirements && for set in base development providers sso; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --quiet $$set.in --output-file $$set.txt; done

clean: ## remove the virtual environment and the caches; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/.base: requirements/base.txt
	@sh requirements/install $(PYTHON) $(VENV) requirements/base.txt
	@touch $@

$(BIN)/.development: requirements/development.txt
	@sh requirements/install $(PYTHON) $(VENV) requirements/development.txt
	@touch $@ $(BIN)/.base
