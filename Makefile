# Needs make and Python 3.11 or newer; everything else is set up in .venv and .tools.
PYTHON ?= python3
BIN := .venv/bin
# External test corpora; the tests that need them say so when they are not there.
export SAYSO_EXTRA_VECTORS ?= $(wildcard $(CURDIR)/../shared/vectors)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench docs pictures texts examples lock clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## set up Python and its packages in .venv

.venv/.ready: requirements/dev.txt pyproject.toml $(wildcard generator/sayso/locales/*/LC_MESSAGES/*.po)
	@echo "setting up .venv"
	@PYTHON=$(PYTHON) tests/system-tools venv
	@$(PYTHON) -c 'import sys; sys.exit("sayso needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/.ready ## sign the demo profile, publish it on loopback, fetch, verify and ask
	@tests/system-tools nginx
	@$(BIN)/python examples/demo.py

test: .venv/.ready lint ## run every check
	@tests/system-tools git nginx openssl ssh-keygen ssh-agent java npm chromium
	@echo "tests"
	@$(BIN)/python -m pytest -n auto

lint: .venv/.ready ## format, lint, types, and the direction of imports
	@echo "format and lint" && $(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@echo "types" && $(BIN)/mypy --no-error-summary
	@mkdir -p build && echo "imports" && PYTHONPATH=generator:profile_spec:site $(BIN)/lint-imports > build/imports.log 2>&1 || { cat build/imports.log; exit 1; }

bench: .venv/.ready ## measure speed, beside a peer, a limit or a bar; SIZE=full: with a million stored profiles
	@$(BIN)/python tests/bench/run.py

docs: .venv/.ready ## build the project's own site into build/site
	@SOURCE_DATE_EPOCH=1795251600 $(BIN)/mkdocs build --strict --quiet && echo "built build/site" # when its demo was signed

pictures: .venv/.ready ## take the pictures of the page for the documentation again
	@tests/system-tools nginx chromium
	@$(BIN)/python site/pictures.py

texts: .venv/.ready ## bring the catalogues of the languages in step with the code, and compile them
	@$(BIN)/python generator/catalogues.py && touch .venv/.ready

examples: .venv/.ready ## sign the example profiles again, with their public test keys
	@$(BIN)/python examples/sign_examples.py

lock: .venv/.ready ## pin the development set anew, with hashes
	@echo "pinning requirements/dev.txt"
	@$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --universal --upgrade --quiet \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/dev.txt

clean: ## remove what was built
	@rm -rf build dist .venv .tools
