# `make` lists the targets. Nothing but Python 3.11+ (with venv) and make is needed.
PYTHON ?= python3
VENV = .venv/bin/python
SERVERS = $(VENV) -m portail.serveurs
# Where the checks for production look: nothing is read there.
PRODUCTION = env -u DEBUG -u HTTPS ALLOWED_HOSTS=ville.example DATABASE_URL=postgres://portail@localhost/portail \
	REDIS_URL=redis://localhost SECRET_KEY="$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(50))')"
ARGS =

.PHONY: help demo test test-complet lint bench lock shell install install-dev

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: install ## run the demonstration, http://localhost:8000/ (PORT=8123 chooses another port)
	@$(VENV) -m portail.demonstration

test: install-dev ## run the tests on throw-away servers (ARGS="-k reservation")
	@$(SERVERS) $(VENV) -m pytest $(ARGS)

test-complet: export AXE_COMPLET = 1
test-complet: test ## run the tests with every width and colour scheme in the browser

lint: install-dev ## check style, imports, migrations, production settings, installed packages
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m djlint templates --quiet --check
	$(VENV) -m djlint templates --quiet --lint
	.venv/bin/lint-imports
	$(SERVERS) $(VENV) manage.py makemigrations --check
	@echo manage.py check --deploy
	@$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING
	$(VENV) -m pip check

bench: install-dev ## measure under load, on throw-away servers
	@$(SERVERS) $(VENV) -m tests.charge $(ARGS)

lock: install-dev ## compile both locks again from pyproject.toml
	$(VENV) -m uv pip compile --quiet --universal --generate-hashes pyproject.toml -o requirements.txt
	$(VENV) -m uv pip compile --quiet --universal --generate-hashes pyproject.toml --group dev \
		-c requirements.txt -o requirements-dev.txt

shell: install ## open Django's shell on the demonstration's data
	@$(SERVERS) --garder demonstration $(VENV) manage.py shell

install:
	@$(PYTHON) portail/installation.py requirements.txt

install-dev:
	@$(PYTHON) portail/installation.py requirements-dev.txt
