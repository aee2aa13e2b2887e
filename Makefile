# The project's commands. `make` lists them; each line below that ends in "## …" is one.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: --require-hashes
PYTEST = TMPDIR=$$(scripts/fast_folder.sh) $(BIN)/python -m pytest

CODE := src tests scripts $(wildcard benchmarks)

.PHONY: help setup install peers run test check lint types floors tests stories long robots fuzz storm month candidate kill oracle browser docs fresh look situations pictures bench bench-peers format lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.dev ## make the environment for changing Chargekey (only what is missing)
	@scripts/browser.sh

install: $(VENV)/.run ## make the environment that Chargekey runs in, for a home of your own

run: $(VENV)/.run ## start Chargekey and a simulated Tesla on this machine; PHONE=1 lets a phone in its network in
	@exec $(BIN)/chargekey demo $(if $(PHONE),--phone '$(PHONE)')

test: tests stories browser ## every test: the quick ones, the stories, the screens

check: lint types floors tests stories browser docs ## everything CI asks, in its order

lint: $(VENV)/.dev ## style and likely mistakes, by ruff
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: $(VENV)/.dev ## every type, by mypy in strict mode
	$(BIN)/mypy $(CODE)

floors: $(VENV)/.dev ## who may import whom, by import-linter and deptry
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry src

tests: $(VENV)/.dev ## all tests but the stories and the screens
	$(PYTEST) -q -n 2 -m 'not browser and not long' tests --ignore tests/stories

stories: $(VENV)/.dev ## a driver's nights, told over real sockets
	$(PYTEST) -q -n 4 -m 'not browser and not long' tests/stories

long: $(VENV)/.dev ## tests of many months, many cars and many processes
	$(PYTEST) -q -m long tests

robots: $(VENV)/.dev ## a driver who does only what the screens say, in every world and 100 drawn pairs
	$(BIN)/python -m tests.stories.robots 100

storm: $(VENV)/.dev ## a day without Tesla for 1,000 cars: what is asked, and how all come back (15 minutes of one core)
	$(BIN)/python -m tests.storm.storm 1000 24

month: $(VENV)/.dev ## a month of 100 drivers over HTTP, under Chargekey and beside programs that poll (about an hour)
	$(BIN)/python -m tests.month

candidate: $(VENV)/.dev ## a year of 100 cars and real prices through today's planner and another: PLANNER=module:function
	$(BIN)/python -m tests.month.candidate $(PLANNER)

kill: $(VENV)/.dev ## SIGKILL at both sides of every commit and send, and at random, on both databases (an hour or two; goes on where it was)
	$(BIN)/python -m tests.kills --each 5 --random 200

oracle: $(VENV)/.dev ## 10,000 nights against a linear program, 3,000 against one that knows more than the planner (minutes)
	$(BIN)/python -m tests.oracle --problems 10000 --finer 3000

fuzz: $(VENV)/.dev ## 100,000 odd cases at every door of the house: pages, callback, all that Tesla says (half an hour)
	$(BIN)/python -m tests.fuzz --cases 100000

browser: $(VENV)/.dev ## the screens, in Chromium
	@scripts/browser.sh
	$(PYTEST) -q -n 3 --dist worksteal -m browser tests

docs: $(VENV)/.dev ## write the generated reference, then check every link
	$(BIN)/python -m scripts.reference
	$(BIN)/python scripts/check_links.py

look: $(VENV)/.dev ## picture every screen, light and dark
	@scripts/browser.sh
	$(BIN)/python -m tests.browser.look

situations: $(VENV)/.dev ## walk all sixteen situations and write docs/situations.md with its pictures
	@scripts/browser.sh
	$(BIN)/python -m tests.browser.situations --write

pictures: $(VENV)/.dev ## take the pictures of the driver's guide anew
	@scripts/browser.sh
	$(BIN)/python -m tests.browser.guide_pictures

bench: $(VENV)-peers/.peers ## measure against peers, in an environment of their own
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(VENV)-peers/bin/python -m "benchmarks.$$(basename "$$each" .py)"; done

bench-peers: $(VENV)-planners/.planners ## our planner beside those of EMHASS and FlexMeasures, in an environment of its own
	$(VENV)-planners/bin/python -m benchmarks.peer_planners

peers: $(VENV)-peers/.peers ## programs of others, unmodified, charge a simulated car under Tesla's own names
	$(VENV)-peers/bin/python -m tests.peers

fresh: ## prove both README commands on a bare Debian 12 (root, some 5 minutes)
	scripts/fresh_machine.sh

format: $(VENV)/.dev ## let ruff write what ruff can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

lock: $(VENV)/.dev ## pin and hash the newest of what requirements/*.in ask for
	scripts/lock.sh $(BIN)/uv

clean: ## forget the environments and all that was made here
	rm -rf $(VENV) $(VENV)-peers $(VENV)-planners .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# ── environments ─────────────────────────────────────────────────────────────────────────────────
# A stamp says that what its requirements name is installed: the next start asks pip for nothing.

$(VENV)/bin/python:
	@$(PYTHON) scripts/make_venv.py $(VENV)

$(VENV)/.run: requirements/run.txt scripts/make_venv.py | $(VENV)/bin/python
	@echo "Installing what Chargekey needs to run (once, about a minute)"
	@$(BIN)/python $(PIP_INSTALL) -r requirements/run.txt
	@$(PYTHON) scripts/make_venv.py $(VENV)
	@touch $@

$(VENV)/.dev: requirements/dev.txt scripts/make_venv.py | $(VENV)/bin/python
	@echo "Installing what changing Chargekey needs (once, about two minutes)"
	@$(BIN)/python $(PIP_INSTALL) -r requirements/dev.txt
	@$(PYTHON) scripts/make_venv.py $(VENV)
	@touch $(VENV)/.run $@

$(VENV)-peers/.peers: requirements/peers.txt scripts/make_venv.py
	@echo "Installing the peers that we are measured against (once, about two minutes)"
	@$(PYTHON) scripts/make_venv.py $(VENV)-peers
	@$(VENV)-peers/bin/python $(PIP_INSTALL) -r requirements/peers.txt
	@touch $@

# Four packages under FlexMeasures come as source alone: pip builds these from hashed files, with an unhashed setuptools.
$(VENV)-planners/.planners: requirements/planners.txt scripts/make_venv.py
	@echo "Installing the planners that ours is measured against (once, about three minutes)"
	@$(PYTHON) scripts/make_venv.py $(VENV)-planners
	@$(VENV)-planners/bin/python $(PIP_INSTALL) --no-binary flask-principal,flask-sslify,marshmallow-polyfield,pymeeus \
		-r requirements/planners.txt
	@touch $@
