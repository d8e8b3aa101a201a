# Two commands: `make run` and `make test`. Each sets up all it needs (.ci/venv); the others are for contributors.
# Targets and paths are relative: the tree may stand anywhere, under any name.
.DEFAULT_GOAL := help
python := .venv/bin/python
export PYTHONPATH := $(CURDIR)
unexport PYTHONHOME

.PHONY: help run test slow attacks attack faults oracles setup lint format types contracts openapi examples states fairness coverage lists drift audit bench peers lock clean

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile | expand -t 18

run: export DAIBIEU_MODE ?= local
run: export DAIBIEU_HOST ?= 127.0.0.1
run: export DAIBIEU_PORT ?= 8000
run: ## the service on 127.0.0.1:8000, with a database of its own
	@sh .ci/venv requirements.lock
	@sh .ci/get-fonts
	@exec $(python) -m api.cli serve

# The bound of a target is in seconds on two quiet cores; tests/durations.py holds it over what the tests cost.
suite = $(python) -m pytest -n auto --dist worksteal --target=$@

test: setup ## the tests, but for those of the four targets below; some: make test ARGS="tests/house -x"
	@$(suite) --bound 360 --limit 5 -m "not slow and not attacks and not faults and not oracles" $(ARGS)

slow: setup ## tests that take over five seconds, a file's fixtures once
	@$(suite) --dist loadfile --bound 300 -m slow $(ARGS)

attacks: setup ## requests by the thousand, right and wrong, to every operation
	@$(suite) --bound 600 -m attacks $(ARGS)

attack: setup ## one table of attacks on a service of its own: held or broke; at most five minutes
	@$(python) -m attacks $(ARGS)

faults: setup ## processes killed in the midst of their work
	@$(suite) --bound 300 -m faults $(ARGS)

oracles: export HYPOTHESIS_PROFILE = thorough
oracles: setup ## every property on ten times the examples, chosen anew; and all that is compared at length
	@$(suite) --bound 1200 --timeout 900 -m "oracles or hypothesis" $(ARGS)

setup: ## .venv with all that development needs
	@sh .ci/venv requirements-dev.lock
	@sh .ci/get-fonts

lint: setup ## style, and what usually goes wrong
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .

format: setup ## bring the code into the house's style
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

types: setup ## mypy, strict
	@$(python) -m mypy

contracts: setup ## who may import whom
	@$(python) -c 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))'

openapi: setup ## write openapi.json as the code has it
	@$(python) -m api.cli openapi >.venv/openapi.json
	@mv .venv/openapi.json openapi.json

examples: setup openapi ## record the examples of answers in openapi.json from the tests
	@$(python) -m pytest -q -p tests.answer_recorder -n 0 tests/journeys tests/access tests/api -m "not slow and not attacks and not faults and not oracles"
	@$(MAKE) openapi

states: setup ## write docs/states.md as the code has it
	@$(python) -m api.cli states >.venv/states.md
	@mv .venv/states.md docs/states.md

fairness: setup ## write docs/price-of-fairness.md as the engine computes it
	@$(python) -m api.cli fairness >.venv/price-of-fairness.md
	@mv .venv/price-of-fairness.md docs/price-of-fairness.md

coverage: setup ## write docs/coverage.md from the tables in docs/coverage
	@$(python) -m api.cli coverage >.venv/coverage.md
	@mv .venv/coverage.md docs/coverage.md

lists: setup ## write the reference lists in docs/plan-format.md as the code has them
	@$(python) -m api.cli plan-format docs/plan-format.md >.venv/plan-format.md
	@mv .venv/plan-format.md docs/plan-format.md

drift: setup ## fail when openapi.json or a page written by the code is not what the code has
	@$(python) -m api.cli openapi >.venv/openapi.json
	@cmp .venv/openapi.json openapi.json || { echo 'openapi.json is behind the code: make openapi' >&2; exit 1; }
	@$(python) -m api.cli states >.venv/states.md
	@cmp .venv/states.md docs/states.md || { echo 'docs/states.md is behind the code: make states' >&2; exit 1; }
	@$(python) -m api.cli fairness >.venv/price-of-fairness.md
	@cmp .venv/price-of-fairness.md docs/price-of-fairness.md || { echo 'docs/price-of-fairness.md is behind the code: make fairness' >&2; exit 1; }
	@$(python) -m api.cli coverage >.venv/coverage.md
	@cmp .venv/coverage.md docs/coverage.md || { echo 'docs/coverage.md is behind its tables: make coverage' >&2; exit 1; }
	@$(python) -m api.cli plan-format docs/plan-format.md >.venv/plan-format.md
	@cmp .venv/plan-format.md docs/plan-format.md || { echo 'docs/plan-format.md is behind the code: make lists' >&2; exit 1; }

audit: setup ## known vulnerabilities in the locks
	@$(python) .ci/audit.py requirements-dev.lock

bench: setup peers ## every benchmark, beside peers in an environment of their own
	@for file in benchmarks/[a-z]*.py; do \
		name=$${file##*/}; echo "== $${name%.py}"; $(python) -m "benchmarks.$${name%.py}" || exit; \
	done

peers: setup ## other engines, for benchmarks only
	@cmp -s requirements-bench.lock .venv/peers/installed || { \
		echo 'daibieu: installing the peers that benchmarks compare with'; \
		$(python) -m venv --clear .venv/peers && \
		.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check \
			--require-hashes -r requirements-bench.lock && \
		cp requirements-bench.lock .venv/peers/installed; \
	}

lock: setup ## write the locks anew, keeping the versions that fit; all newest: make lock ARGS=--upgrade
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(python) -m venv "$$folder" && "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check uv && \
	compile() { "$$folder/bin/python" -m uv pip compile --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet "$$@" $(ARGS) >/dev/null; } && \
	compile pyproject.toml --group dev -o requirements-dev.lock && \
	compile pyproject.toml -c requirements-dev.lock -o requirements.lock && \
	compile --group bench -o requirements-bench.lock && \
	compile --group node -o requirements-node.lock

clean: ## remove what can be made again; the data in .daibieu stays
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
