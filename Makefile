# `make serve` and `make test` need Python 3.11+ and nothing else; both run the set-up first.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= .onrecord/evaluation
SEEDS := $(wildcard seeds/*.qa.yaml)
SLICE := tests/regression/slice/slice.qa.yaml
FIGURES := --figures docs/figures.json

.DEFAULT_GOAL := help
.PHONY: help setup serve test check bench evaluate peers figures floors screenshots clean

help: ## Say what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(READY) ## Make the virtual environment with the pinned dependencies, once

$(READY): pyproject.toml constraints.txt hatch_build.py install.py
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "On Record needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@$(PYTHON) install.py $(VENV)
	@touch $@

serve: setup ## Index seeds/ if it is new, then serve the API and the chat page (PORT=8000)
	@echo "indexing seeds/ …"
	@$(BIN)/onrecord index seeds
	@$(BIN)/onrecord serve --port $(PORT)

test: setup ## Run the tests and the seed article's cases
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup ## Lint, types and import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Measure latency, and with DATA=directory retrieval on the public sets in it
	$(BIN)/python -m benchmarks.latency $(FIGURES)
	$(if $(DATA),$(BIN)/python -m benchmarks.retrieval --data $(DATA) --cache .onrecord/bench $(FIGURES))
	@$(MAKE) figures

READER := $(BIN)/python -m training.measure.evaluate --data $(DATA) --reader rag/models/reader --cache $(OUT)/cache $(FIGURES)

evaluate: setup ## Measure everything, with the public sets in DATA=directory; pages and details go to OUT (WRITTEN=: docs/evaluation.md)
	@test -n "$(DATA)" || { echo "make evaluate DATA=directory: name where the public sets are (docs/evaluation.md)"; exit 2; }
	@mkdir -p $(OUT)
	-$(BIN)/onrecord eval $(SEEDS) --baseline tests/regression/seeds.json --html $(OUT)/seeds.html --json > $(OUT)/seeds.json
	$(BIN)/python -m benchmarks.figures seeds $(OUT)/seeds.json $(FIGURES)
	-$(BIN)/onrecord eval $(SLICE) --baseline tests/regression/slice.json --html $(OUT)/slice.html --json > $(OUT)/slice.json
	$(BIN)/python -m benchmarks.figures slice $(OUT)/slice.json $(FIGURES)
	-$(BIN)/onrecord eval benchmarks/alike/alike.qa.yaml --json > $(OUT)/alike.json
	$(BIN)/python -m benchmarks.figures alike $(OUT)/alike.json $(FIGURES)
	$(BIN)/python -m benchmarks.latency $(FIGURES)
	$(BIN)/python -m training.measure.news --data $(DATA) --cache $(OUT)/cache --questions 400 $(FIGURES)
	$(READER) --only given --sets squad2_dev16 $(if $(WRITTEN),--written $(WRITTEN))
	$(READER) --only given --sets newsqa_dev_a --limit 300
	$(READER) --only open --sets squad2_dev16 --limit 250 --diagram docs/reliability.svg
	$(READER) --only open --sets newsqa_dev_a --limit 150
	$(BIN)/python -m benchmarks.retrieval --data $(DATA) --cache $(OUT)/cache-retrieval --json $(OUT)/retrieval.json $(FIGURES)
	@$(MAKE) figures

peers: setup ## Measure against Haystack and txtai, each in its own environment, with the public sets in DATA=directory
	$(BIN)/python -m benchmarks.peers $(if $(DATA),--data $(DATA)) $(if $(LIMIT),--limit $(LIMIT),$(if $(DATA),$(FIGURES))) --cache .onrecord/bench/peers
	@$(MAKE) figures

figures: setup ## Put the figures of docs/figures.json into README, docs and the model card
	$(BIN)/python -m benchmarks.pages

floors: setup ## Make the floors of tests/regression anew; ACCEPT=1 lets some be lowered
	$(BIN)/onrecord eval $(SEEDS) --baseline tests/regression/seeds.json --update-baseline $(if $(ACCEPT),--accept)
	$(BIN)/onrecord eval $(SLICE) --baseline tests/regression/slice.json --update-baseline $(if $(ACCEPT),--accept)

screenshots: setup ## Take the pictures in docs/images anew (needs Chromium)
	$(BIN)/python -m tests.integration.screenshots docs/images

clean: ## Remove the environment, the data directory and all caches
	rm -rf $(VENV) .onrecord .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
