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
	ONRECORD_READER=fast $(BIN)/python -m benchmarks.latency $(FIGURES)
	ONRECORD_READER=accurate $(BIN)/python -m benchmarks.latency $(FIGURES)
	$(if $(DATA),$(BIN)/python -m benchmarks.retrieval --data $(DATA) --cache .onrecord/bench $(FIGURES))
	@$(MAKE) figures

# $(1): what ONRECORD_READER says, $(2): the folder of rag/models; pages and details of $(1) are named by it
define MEASURE
	-ONRECORD_READER=$(1) $(BIN)/onrecord eval $(SEEDS) $(if $(filter accurate,$(1)),--baseline tests/regression/seeds.json) --html $(OUT)/seeds.$(1).html --json > $(OUT)/seeds.$(1).json
	$(BIN)/python -m benchmarks.figures seeds $(OUT)/seeds.$(1).json --reader rag/models/$(2) $(FIGURES)
	-ONRECORD_READER=$(1) $(BIN)/onrecord eval $(SLICE) $(if $(filter accurate,$(1)),--baseline tests/regression/slice.json) --html $(OUT)/slice.$(1).html --json > $(OUT)/slice.$(1).json
	$(BIN)/python -m benchmarks.figures slice $(OUT)/slice.$(1).json --reader rag/models/$(2) $(FIGURES)
	-ONRECORD_READER=$(1) $(BIN)/onrecord eval benchmarks/alike/alike.qa.yaml --json > $(OUT)/alike.$(1).json
	$(BIN)/python -m benchmarks.figures alike $(OUT)/alike.$(1).json --reader rag/models/$(2) $(FIGURES)
	ONRECORD_READER=$(1) $(BIN)/python -m benchmarks.latency $(FIGURES)
	$(BIN)/python -m training.measure.news $(READER)/$(2) --questions 400
	$(BIN)/python -m training.measure.evaluate $(READER)/$(2) --only given --sets squad2_dev16
	$(BIN)/python -m training.measure.evaluate $(READER)/$(2) --only given --sets newsqa_dev_a --limit 300
	$(BIN)/python -m training.measure.evaluate $(READER)/$(2) --only open --sets squad2_dev16 --limit 250
	$(BIN)/python -m training.measure.evaluate $(READER)/$(2) --only open --sets newsqa_dev_a --limit 150
endef
READER := --data $(DATA) --cache $(OUT)/cache $(FIGURES) --reader rag/models

evaluate: setup ## Measure everything by both readers, with the public sets in DATA=directory; pages and details go to OUT
	@test -n "$(DATA)" || { echo "make evaluate DATA=directory: name where the public sets are (docs/evaluation.md)"; exit 2; }
	@mkdir -p $(OUT)
	$(call MEASURE,fast,reader)
	$(call MEASURE,accurate,accurate)
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
