# make run        install without torch, run the baseline on the Chinese suite, end with the table and a report
# make test       install the rest and run all tests
# make test-vllm  judge on the real vLLM, on this machine's processor, in an environment of its own
# make test-finetune  train, resume, merge and reload all four architectures, tiny, on this machine's processor
# make test-ray   run and judge on a real Ray cluster of two workers on this machine, one of them killed
# make bench      run tests/benchmarks and write docs/benchmarks.md; make peers first, for the tools it is measured against
# make soak       100,000 judge calls through faults, kills and a full disk; SOAK_CALLS=1000 for a short one
# make tiny       the fine-tuning recipe's own experiment: train a small model, compare base and tuned, bundle it for the leaderboard
# make check      ruff, mypy strict, import-linter
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
VLLM := .venv-vllm
TUNING := .venv-finetune
RAY := .venv-ray
PEERS := .venv-peers

.PHONY: run test test-vllm test-finetune test-ray tiny check bench peers soak

run: $(VENV)/base
	$(BIN)/mibench run

check: $(VENV)/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

test: check
	$(BIN)/pytest -n auto --dist loadfile

test-vllm: $(VLLM)/installed
	$(VLLM)/bin/python -m pytest tests/vllm

# one thread: two trainings that each want all cores slow each other down fivefold
test-finetune: $(TUNING)/installed
	OMP_NUM_THREADS=1 MIBENCH_TEST_FINETUNE=1 $(TUNING)/bin/python -m pytest tests/tuning

tiny: $(TUNING)/installed
	mkdir -p tuned
	awk 'NR % 8 == 1' finetune/data/mi_zh_train.jsonl > tuned/twenty.jsonl
	$(TUNING)/bin/mibench finetune prepare tuned/twenty.jsonl --out tuned/prepared
	$(TUNING)/bin/mibench finetune train --recipe tiny --data tuned/prepared --out tuned/tiny --evaluate
	$(TUNING)/bin/mibench submit bundle tuned/tiny/runs/tuned --yes --untimed --name tiny --organisation mibench --open-weights no \
	  --licence Apache-2.0 --parameters 0.0017 --fine-tuned yes --saw-the-suites no --base-model "none: trained from nothing" \
	  --training-data "twenty Chinese training dialogues of mibench, finetune/data" --command "make tiny" \
	  --contact "the issues of mibench's repository" \
	  --notes "Shows the way from training to this board, not a counsellor: two thirds of its replies are whole training replies, and most do not fit the client."

bench: $(VENV)/dev
	MIBENCH_PEERS=$(CURDIR)/$(PEERS) $(BIN)/python tests/benchmarks/all.py

peers: $(VENV)/dev
	$(BIN)/python tests/benchmarks/peers/install.py $(PEERS)

soak: $(VENV)/dev
	$(BIN)/python tests/soak/soak.py

test-ray: $(RAY)/installed
	$(RAY)/bin/python -m pytest tests/ray

$(VENV)/base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e .
	touch $@

# torch first and pinned: its CPU build is enough for the tests, and other packages would pull gigabytes of CUDA
$(VENV)/dev: $(VENV)/base
	$(BIN)/pip install -q torch==2.13.0
	$(BIN)/pip install -q -e '.[dev,hf,api,judges,finetune]'
	touch $@

$(VLLM)/installed: pyproject.toml tests/vllm/environment.py
	$(PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/python tests/vllm/environment.py
	touch $@

$(TUNING)/installed: pyproject.toml
	$(PYTHON) -m venv $(TUNING)
	$(TUNING)/bin/pip install -q torch==2.13.0
	$(TUNING)/bin/pip install -q -e '.[dev,finetune]'
	touch $@

$(RAY)/installed: pyproject.toml
	$(PYTHON) -m venv $(RAY)
	$(RAY)/bin/pip install -q torch==2.13.0
	$(RAY)/bin/pip install -q -e '.[hf,ray]' pytest
	touch $@
