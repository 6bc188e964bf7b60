import os
import signal
import subprocess
import sys

import psutil
import pytest

from portail.emplacement import BASE_DIR, MARK, VAR

COMMAND = [sys.executable, "-m", "portail.serveurs", sys.executable, "-c"]
SPEAK = "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']); "


@pytest.fixture
def environ():
    return {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", MARK)}


def left_by(pid):
    """The processes and files that the run of this pid has left."""
    folder, mark = VAR / f"essai-{pid}", []
    for process in psutil.process_iter():
        try:
            mark += [process] if process.environ().get(MARK) == str(folder) else []
        except psutil.Error:
            continue
    return mark + list(VAR.glob(f"essai-{pid}*"))


def start(code, environ):
    process = subprocess.Popen([*COMMAND, code], env=environ, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline()


def test_a_command_gets_servers_and_nothing_stays(environ):
    code = SPEAK + "print(*c.execute('SHOW fsync').fetchone()); raise SystemExit(3)"

    process, first_line = start(code, environ)
    process.communicate()

    assert first_line == "off\n"
    assert process.returncode == 3
    assert left_by(process.pid) == []


def test_the_role_is_no_superuser(environ):
    code = SPEAK + "print(*c.execute('SHOW is_superuser').fetchone())"

    process, first_line = start(code, environ)
    process.communicate()

    assert first_line == "off\n"


def test_no_folder_on_the_way_changes_its_mode(environ):
    folders = [BASE_DIR, *BASE_DIR.parents, VAR.parent, "/tmp", "/var", "/var/lib"]
    before = [os.stat(folder).st_mode for folder in folders]

    process, _ = start("", environ)
    process.communicate()

    assert [os.stat(folder).st_mode for folder in folders] == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all(environ, number):
    process, _ = start("import time; print(flush=True); time.sleep(60)", environ)

    process.send_signal(number)
    process.communicate(timeout=60)

    assert process.returncode == 128 + number
    assert left_by(process.pid) == []


def test_the_next_run_clears_what_a_killed_one_left(environ):
    killed, _ = start("import time; print(flush=True); time.sleep(60)", environ)
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert left_by(killed.pid)

    process, _ = start("", environ)
    process.communicate(timeout=60)

    assert left_by(killed.pid) == []
