"""The portal behind gunicorn, on any database, from any copy of the tree; or its ceiling."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from portail.emplacement import BASE_DIR
from tests.charge.clients import get, send

CONFIG = BASE_DIR / "gunicorn.conf.py"
START_TIMEOUT = STOP_TIMEOUT = 30  # seconds
PORTAL = "portail.wsgi", "/sante/"
CEILING = "django.core.wsgi:get_wsgi_application()", "/empty"
CEILING_SETTINGS = "tests.charge.plafond.settings"


@dataclass(frozen=True)
class Serveur:
    pid: int
    port: int
    workers: int
    log: Path


@contextmanager
def serve(database, workers, tree=BASE_DIR, site=PORTAL, **environ):
    """Sync workers, ready to answer on a free port; stopped at the end, whatever happens."""
    application, first = site
    with TemporaryDirectory(prefix="maisons-") as folder:
        log = Path(folder) / "gunicorn.log"
        with socket.create_server(("127.0.0.1", 0)) as line, log.open("wb") as output:
            port = line.getsockname()[1]
            bind = ["--bind", f"fd://{line.fileno()}", "--no-control-socket"]
            options = ["--workers", str(workers), "--log-level", "warning"]
            options += ["--config", str(CONFIG)]
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", application, *bind, *options],
                cwd=tree,
                env=os.environ | environment(database) | environ,
                pass_fds=[line.fileno()],
                stdout=output,
                stderr=output,
            )
        try:
            ready = send(port, get(first), timeout=START_TIMEOUT)
            assert ready.status == 200, log.read_text()
            yield Serveur(process.pid, port, workers, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve_ceiling(database, workers):
    return serve(database, workers, site=CEILING, DJANGO_SETTINGS_MODULE=CEILING_SETTINGS)


def environment(database):
    """Sessions made here must be good there: one key for both."""
    return {
        "DATABASE_URL": database,
        "DEBUG": "True",
        "HTTPS": "False",
        "SECRET_KEY": settings.SECRET_KEY,
        "STATE_DIR": str(settings.STATE_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "TRUSTED_NETWORKS": "127.0.0.0/8",  # many visitors, all of them us
    }
