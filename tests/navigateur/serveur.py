"""The portal as a city runs it, for the browser: its own database, gunicorn, no DEBUG."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg

from portail.courriers import read_letters
from portail.emplacement import BASE_DIR
from tests.navigateur.pages import Page

PATIENCE = 60  # seconds for the first answer, on a machine that does other things
DECOR = "import django; django.setup(); from tests.navigateur import decor; decor.tell({!r})"
DRAIN = """
import sys, django; django.setup()
from notifications.tasks import drain
for line in sys.stdin:
    drain()
    print("done", flush=True)
"""
CODE = re.compile(r"\b\d{3}-\d{3}-\d{3}\b")


@dataclass(frozen=True)
class Site:
    url: str
    today: date  # a run may pass midnight
    database: str = field(repr=False)
    environ: dict = field(repr=False)
    mailbox: Path = field(repr=False)
    pages: list = field(repr=False)
    drain: Callable = field(repr=False)

    def letters(self, courriel):
        """The e-mails to a person, as EmailMessage, newest last; what waits leaves first."""
        self.drain()
        return self.sent_to(courriel)

    def sent_to(self, courriel):
        sent = reversed(read_letters(self.mailbox, most=1000))
        return [letter.email for letter in sent if letter.to == courriel]

    def last_code(self, courriel):
        """The code that signs a person in or proves an address."""
        return CODE.search(self.letters(courriel)[-1].get_body(["plain"]).get_content())[0]

    def read_by(self, reader):
        return [page for page in self.pages if page.reader == reader]


def environment(database, statics, mailbox):
    """The settings of a site whose e-mails become files in the folder `mailbox`."""
    environ = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    return environ | {
        "ALLOWED_HOSTS": "127.0.0.1,localhost",  # a key is of a name, never of an address
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "portail.settings",
        "EMAIL_URL": f"filemail:///{mailbox}",
        "HTTPS": "False",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "STATE_DIR": f"{mailbox}-etat",
        "MEDIA_ROOT": f"{mailbox}-documents",
        "STATIC_ROOT": str(statics),
        "TRUSTED_NETWORKS": "127.0.0.0/8",  # many visitors, all of them us
    }


def run(environ, *command):
    """Run Python, returns what it printed; the test run shows what went wrong."""
    command = [sys.executable, *command]
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def new_database(model="template1"):
    """Empty, or the copy of a database to which nobody is connected; yields its address."""
    given = os.environ["DATABASE_URL"]
    name, parts = f"navigateur_{secrets.token_hex(6)}", urlsplit(given)
    with psycopg.connect(given, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
        try:
            yield f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}".rstrip("?")
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def city(mailbox, statics):
    """The environment of a city where the migrations have run, and nothing else."""
    with new_database() as database:
        environ = environment(database, statics, mailbox)
        run(environ, "manage.py", "migrate", "--verbosity=0")
        yield environ


@contextmanager
def copied(model, mailbox):
    """The environment of a city like another, with its files and the key that reads its rows."""
    with new_database(urlsplit(model["DATABASE_URL"]).path.strip("/")) as database:
        environ = environment(database, model["STATIC_ROOT"], mailbox)
        for name in ("STATE_DIR", "MEDIA_ROOT"):
            if Path(model[name]).exists():
                shutil.copytree(model[name], environ[name])
        yield environ | {"SECRET_KEY": model["SECRET_KEY"]}


@contextmanager
def served(folder, model, name):
    """A site on a free port: a copy of `model`, then what decor adds to the city of this name."""
    log, mailbox = folder / f"{name}.log", folder / f"{name}-courriers"
    with copied(model, mailbox) as environ:
        told = json.loads(run(environ, "-c", DECOR.format(name)))
        pages = [Page(**page) for page in told["pages"]]
        today, database = date.fromisoformat(told["today"]), environ["DATABASE_URL"]
        with gunicorn(environ, log) as url, drainer(environ, log) as drain:
            yield Site(url, today, database, environ, mailbox, pages, drain)


@contextmanager
def drainer(environ, log):
    """What sends the letters that wait, in one process: to start Django takes two seconds."""
    told = log.with_suffix(".envois")
    with told.open("w") as output, ExitStack() as stack:
        started = []

        def drain():
            if not started:
                command, pipe = [sys.executable, "-c", DRAIN], subprocess.PIPE
                options = {"stdin": pipe, "stdout": pipe, "stderr": output, "text": True}
                process = subprocess.Popen(command, cwd=BASE_DIR, env=environ, **options)
                started.append(stack.enter_context(process))
            print(file=started[0].stdin, flush=True)
            if not started[0].stdout.readline():
                raise RuntimeError(told.read_text())

        yield drain


@contextmanager
def gunicorn(environ, log):
    # The socket is ours before gunicorn is there: no other process takes the port meanwhile.
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("w") as output:
        url = "http://{}:{}".format(*listening.getsockname())
        options = ["--bind", f"fd://{listening.fileno()}", "--workers", "2", "--threads", "2"]
        command = [sys.executable, "-m", "gunicorn", "portail.wsgi", "--no-control-socket"]
        server = subprocess.Popen(
            [*command, *options],
            cwd=BASE_DIR,
            env=environ,
            stdout=output,
            stderr=output,
            pass_fds=[listening.fileno()],
        )
    try:
        with urlopen(f"{url}/sante/", timeout=PATIENCE):
            yield url
    finally:
        server.terminate()
        server.wait(PATIENCE)
