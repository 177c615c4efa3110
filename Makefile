# One screen of verbs. `make brief` and `make test` are the two that a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
STORY ?= examples/stories/troop-pullback-2014-05-08.txt
DAY ?= 2014-05-08
SHARED ?= ../shared
DATA ?= $(SHARED)/data
TRAINED ?= build/training

.DEFAULT_GOAL := help
.PHONY: help brief test check evals evals-shared train bench docs serve lock clean

help:  ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

brief: $(VENV)/core  ## set up, then read the bundled story and print its brief
	@$(BIN)/olivebranch brief $(STORY) --published-on $(DAY) --ledger :memory:
	@echo
	@echo "Your own story:  $(BIN)/olivebranch brief STORY.txt --published-on YYYY-MM-DD   (text or HTML; --help for more)"

test: $(VENV)/dev  ## set up, then run the whole test suite
	$(BIN)/python -m pytest -q -n 2

check: $(VENV)/dev  ## lint, format, types, evaluation floors, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m evals.gate
	$(BIN)/zensical build --strict --clean

evals: $(VENV)/dev  ## score the reader on the project's own stories, every layer
	$(BIN)/python -m evals.score
	$(BIN)/python -m evals.sentences

evals-shared: $(VENV)/dev  ## score it on PolNeAR dev and the folds of PLV, where SHARED is there
	$(BIN)/python -m evals.shared $(SHARED)

train: $(VENV)/train  ## train the weights anew from DATA (hours), calibrate them and put them into the package
	mkdir -p $(TRAINED)
	$(BIN)/python -m training.attribution $(DATA)/polnear $(TRAINED)/attribution.pt
	$(BIN)/python -m training.events folds $(DATA)/plv/PLV_train.tsv $(TRAINED)/folds
	$(BIN)/python -m training.events ship $(DATA)/plv/PLV_train.tsv $(TRAINED)/events.pt --base $(TRAINED)/folds/own.pt --epochs 3
	$(BIN)/python -m training.export --attribution $(TRAINED)/attribution.pt --events $(TRAINED)/events.pt --settings training/events.json
	$(BIN)/python -m training.calibrate $(DATA)/polnear $(TRAINED)/settings.json
	$(BIN)/python -m training.export --settings $(TRAINED)/settings.json

bench: $(VENV)/dev  ## speed and memory, as ratios measured side by side
	$(BIN)/python -m benchmarks

docs: $(VENV)/dev  ## make the generated pages anew and build the documentation into site/
	$(BIN)/python scripts/build_docs.py
	$(BIN)/zensical build --strict --clean

serve: $(VENV)/dev  ## show the documentation while it is written
	$(BIN)/zensical serve

lock: $(VENV)/dev  ## write requirements/*.txt anew from pyproject.toml, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command "make lock" -o requirements/core.txt
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command "make lock" --extra dev -c requirements/core.txt -o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command "make lock" --extra dev --extra train -c requirements/dev.txt -o requirements/train.txt
	$(BIN)/uv pip compile requirements/build.in --universal --generate-hashes --quiet --custom-compile-command "make lock" -c requirements/dev.txt -o requirements/build.txt

clean:  ## remove what the other verbs made
	rm -rf $(VENV) site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/core: requirements/core.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("olivebranch needs Python 3.11 or later; set PYTHON=python3.x") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV) (about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements/core.txt -r requirements/build.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core requirements/dev.txt
	@echo "Adding what the tests need …"
	@$(PIP) -r requirements/dev.txt
	@touch $@

$(VENV)/train: $(VENV)/dev requirements/train.txt
	@echo "Adding what training needs …"
	@$(PIP) -r requirements/train.txt
	@$(PIP) --no-deps -r requirements/encoders.txt
	@touch $@
