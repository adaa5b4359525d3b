# Everything that the project does by itself: `make run` and `make test` are the two that a newcomer needs.
.PHONY: run test check setup bench soak chaos generated clean
SHELL := /bin/bash

run: .venv/.run  ## the web at http://localhost:8000, with invented examples in var/sporra.db; PORT=, SPORRA_DATABASE_URL=
	@.venv/bin/sporra run

test: .venv/.dev  ## every test, the stories in a browser one by one; installs what they need from Debian where it may
	@.ci/tools
	@.venv/bin/pytest --numprocesses auto -m "not browser"
	@.venv/bin/pytest -m browser

check: .venv/.dev  ## everything but the tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m app.generated --check
	.venv/bin/sporra rubric check rubrics/*/*.yaml

bench: .venv/.dev  ## what it costs, into var/bench.json
	@mkdir -p var
	@.venv/bin/python -m tests.bench

soak: .venv/.dev  ## the properties with 20,000 examples each
	@HYPOTHESIS_PROFILE=soak .venv/bin/pytest -m hypothesis

chaos: .venv/.dev  ## the server is killed while many write, ROUNDS=20 times on each database: nothing acknowledged may be gone
	@.venv/bin/python -m tests.chaos $(or $(ROUNDS),20)

generated: .venv/.dev  ## writes the files that are made from code
	.venv/bin/python -m app.generated

setup: .venv/.run  ## the virtual environment with `sporra` in it

clean:
	rm -rf .venv var

# uv comes by its hash, everything else by uv.lock, into this folder alone (pip and uv keep their own caches).
UV := UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never .venv/bin/uv sync --quiet --frozen --inexact --compile-bytecode --python .venv/bin/python

.venv/.uv: .ci/uv.txt
	@python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Sporra behöver python3, version 3.11 eller senare, med venv (i Debian: apt install python3-venv)."; exit 1; }
	@python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.txt
	@touch $@

.venv/.run: .venv/.uv pyproject.toml uv.lock
	@$(UV) --no-dev
	@touch $@

.venv/.dev: .venv/.uv pyproject.toml uv.lock
	@$(UV)
	@touch $@ .venv/.run
