# `make` lists the targets. Nothing but Python 3.11+ (with venv) and make is needed.
PYTHON ?= python3
VENV = .venv/bin/python
SERVERS = $(VENV) -m portail.serveurs
COMPILE = $(VENV) -m uv pip compile --quiet --no-header --universal --generate-hashes pyproject.toml
# Where the checks for production look: nothing is read there.
PRODUCTION = env -u DEBUG -u HTTPS ALLOWED_HOSTS=ville.example DATABASE_URL=postgres://portail@localhost/portail \
	REDIS_URL=redis://localhost SECRET_KEY="$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(50))')"
ARGS =
# The whole suite: two processes with a database each, the tests of one file in order.
WHOLE = -n 2 --dist loadfile --no-loadscope-reorder
PLACE = demonstration

.PHONY: help demo test test-complet lint bench lock shell manage install install-dev

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: install ## run the demonstration, http://localhost:8000/ (PORT=8123 chooses another port)
	@$(VENV) -m portail.demonstration

test: install-dev ## run the tests on throw-away servers (ARGS="-k reservation")
	@$(SERVERS) $(VENV) -m pytest $(or $(ARGS),$(WHOLE))

test-complet: export COMPLET = 1
test-complet: test ## run the tests with every width and colour scheme, and all rounds of the races

lint: install-dev ## check style, imports, migrations, production settings, installed packages
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m djlint templates --quiet --lint
	.venv/bin/lint-imports
	$(SERVERS) $(VENV) manage.py makemigrations --check
	@echo manage.py check --deploy
	@$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING
	$(VENV) -m pip check

bench: install-dev ## measure under load, on throw-away servers
	@$(SERVERS) $(VENV) -m tests.charge $(ARGS)

lock: install-dev ## compile both locks again from pyproject.toml (ARGS=--upgrade for newer versions)
	$(COMPILE) -o requirements.txt $(ARGS)
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt $(ARGS)

shell: install ## open Django's shell on the demonstration's data, whether it runs or not
	@$(SERVERS) --garder $(PLACE) $(VENV) manage.py shell

manage: install ## run a command there (ARGS="check"), or on servers of another name (PLACE=montpellier)
	@$(SERVERS) --garder $(PLACE) $(VENV) manage.py $(ARGS)

install:
	@$(PYTHON) portail/installation.py requirements.txt

install-dev:
	@$(PYTHON) portail/installation.py requirements-dev.txt
