# Safar's commands. `make serve` and `make test` do everything on a fresh machine, set-up included.
PYTHON ?= python3
# One process a core, and one thread in each: more of them only wait for each other.
UNIT = OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n auto tests/unit

.PHONY: serve test setup setup-dev unit integration browser lint types pins

serve: setup
	.venv/bin/python -m bot serve

setup:
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

test: setup-dev lint types
	$(UNIT)
	.venv/bin/python -m pytest tests/integration

unit: setup-dev
	$(UNIT)

integration: setup-dev
	.venv/bin/python -m pytest -m "integration or browser"

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup-dev
	.venv/bin/mypy

pins: setup
	scripts/pin.sh
