"""`make demo`: the made-up city Rivemont on its own servers, until Ctrl-C."""

import os
import secrets
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import django
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection

from portail.emplacement import BASE_DIR, VAR, Busy, Place, heed_signals
from portail.rivemont import ACCOUNTS, PASSWORD
from portail.serveurs import environment, start_servers

WELCOME = """
La démonstration est à l’adresse http://localhost:{port}/ (gestion : /gestion/).
Comptes (mot de passe : {password}) :
{accounts}
Les courriers envoyés se lisent à http://localhost:{port}/demo/courriers/
Ctrl-C arrête tout ; les données sont gardées.
"""
FOREIGN = """\
La base de données n’est ni vide ni celle d’une démonstration : rien n’y a été changé.
Donnez dans DATABASE_URL une base vide, ou retirez DATABASE_URL."""


def main():
    heed_signals()
    port = read_port()
    place = Place("demonstration")
    try:
        with place.claimed():
            check_port(port)
            print("Démarrage des serveurs…", flush=True)
            start_servers(place)
            os.environ.update(environment(place) | demonstration_settings(port))
            fill(place)
            accounts = "\n".join("  {}, {} : {}".format(*account) for account in ACCOUNTS)
            print(WELCOME.format(port=port, password=PASSWORD, accounts=accounts), flush=True)
            return serve(place, port)
    except Busy as holder:
        sys.exit(f"La démonstration de ce dossier tourne déjà (processus {holder}).")


def read_port():
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT={port} n’est pas un port : donnez un nombre de 1 à 65535.")
    return int(port)


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"Le port {port} est réservé : choisissez-en un autre, PORT=8123 par exemple.")
        except OSError:
            sys.exit(f"Le port {port} est pris : choisissez-en un autre, PORT=8123 par exemple.")


def demonstration_settings(port):
    """As in production, but over plain HTTP, and no message leaves the machine."""
    return {
        "DJANGO_SETTINGS_MODULE": "portail.settings",
        "DEBUG": "False",
        "HTTPS": "False",
        "EMAIL_URL": f"filemail:///{quote(str(VAR / 'courriers'))}",
        "SECRET_KEY": read_secret_key(VAR / "secret_key"),
        "SITE_URL": f"http://localhost:{port}",
    }


def read_secret_key(path):
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def fill(place):
    django.setup()
    with closing(connection):
        try:
            foreign = is_foreign()
        except OperationalError as error:
            sys.exit(f"La base de données ne répond pas : {error}")
        if foreign:
            sys.exit(FOREIGN)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("peupler")
        collect_static(place.folder / "static.txt")


def collect_static(stamp):
    """Collect and compress, which takes seconds, only when a file has changed."""
    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    state = "\n".join(sorted(f"{path} {os.stat(path).st_mtime_ns}" for path in files))
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", clear=True, interactive=False, verbosity=0)
        stamp.write_text(state)


def is_foreign():
    """Whether the database holds something other than a demonstration, or one never filled."""
    tables = connection.introspection.table_names()
    if "quartiers_ville" not in tables or "comptes_compte" not in tables:
        return bool(tables)
    with connection.cursor() as cursor:
        # Not through the models: the tables may be those of an older version.
        cursor.execute(
            "SELECT to_jsonb(ville) -> 'demonstration' = 'true' FROM quartiers_ville ville"
        )
        marked = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT EXISTS (SELECT FROM comptes_compte)")
        return not all(marked) if marked else cursor.fetchone()[0]


def serve(place, port):
    command = [sys.executable, "-m", "honcho", "--env", os.devnull, "start", "--port", str(port)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    processes = subprocess.Popen(
        command, cwd=BASE_DIR, env=os.environ | {"PATH": path}, start_new_session=True
    )
    place.children.append(processes)
    asker = find_asker()
    try:
        while find_asker() == asker:
            with suppress(subprocess.TimeoutExpired):
                processes.wait(timeout=1)
                return "La démonstration s’est arrêtée : la raison est donnée ci-dessus."
    except SystemExit:  # asked for
        pass
    return 0


def find_asker():
    """Our make and our terminal, which may both vanish without any signal to us."""
    return os.getppid(), os.isatty(0)


if __name__ == "__main__":
    sys.exit(main())
