"""Where local servers live, who runs them, and which processes are ours to stop."""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
MARK = "PORTAIL_EMPLACEMENT"  # in the environment of every process started here: whose it is
SERVERS = ("postgres", "valkey-server")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_TIMEOUT = 10  # seconds


class Busy(Exception):
    """Another process, which is alive, holds this place; its pid is the message."""


class Place:
    """
    The servers of one name: logs and the way to the sockets in `folder`, what they store in `data`.

    PostgreSQL refuses to run as root. Servers then run as nobody in a state folder outside any
    home, so that no folder on the way to the clone has to be opened to others.
    """

    def __init__(self, name):
        self.folder = VAR / name
        self.pid_file = VAR / f"{name}.pid"
        self.sockets = self.folder / "sockets"
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        clone = hashlib.sha256(os.fsencode(BASE_DIR)).hexdigest()[:12]
        self.state = Path(f"/var/lib/maisons-de-quartier-{clone}") if self.owner else VAR
        self.data = self.state / name
        self.children = []

    @contextmanager
    def claimed(self):
        """Hold the place alone: what a killed run left is stopped first, what we started last."""
        VAR.mkdir(exist_ok=True)
        with self.pid_file.open("a+") as pid_file:
            try:
                fcntl.lockf(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pid_file.seek(0)
                raise Busy(pid_file.read()) from None
            pid_file.truncate(0)
            pid_file.write(str(os.getpid()))
            pid_file.flush()
            try:
                self.clear()
                self.prepare()
                yield
            finally:
                self.clear()
                pid_file.truncate(0)

    def prepare(self):
        if self.owner and not self.folder.exists():
            shutil.rmtree(self.data, ignore_errors=True)  # a deleted clone's
        self.folder.mkdir(mode=0o700, exist_ok=True)
        sockets = tempfile.mkdtemp(prefix="maisons-", dir="/tmp")  # a long path is refused
        self.sockets.symlink_to(sockets)
        for folder in (self.state, self.data, sockets):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self.give(folder)

    def give(self, path):
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)

    def start(self, name, command):
        """Start a server's program with our mark, out of reach of the terminal's Ctrl-C."""
        identity = {}
        if self.owner:
            identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        environ = {MARK: str(self.folder), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        with self.log(name).open("w") as log:
            child = subprocess.Popen(
                command,
                cwd=self.data,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **identity,
            )
        self.children.append(child)
        return child

    def log(self, name):
        return self.folder / f"{name}.log"

    def clear(self):
        """Stop all that carries our mark, the servers after those who use them."""
        ours = [process for process in psutil.process_iter(["name"]) if self.started(process)]
        servers = [process for process in ours if process.info["name"] in SERVERS]
        stop([process for process in ours if process not in servers])
        stop(servers)
        for child in self.children:
            child.wait()
        if self.sockets.is_symlink():
            shutil.rmtree(os.readlink(self.sockets), ignore_errors=True)
            self.sockets.unlink()

    def started(self, process):
        if process.pid in [child.pid for child in self.children]:
            return True
        with suppress(psutil.Error):
            return process.environ().get(MARK) == str(self.folder) and process.pid != os.getpid()

    def remove(self):
        for folder in (self.folder, self.data):
            shutil.rmtree(folder, ignore_errors=True)
        self.pid_file.unlink(missing_ok=True)


def stop(processes):
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            # PostgreSQL's SIGTERM waits for its clients, its SIGINT does not.
            gentle = signal.SIGINT if process.info["name"] == "postgres" else signal.SIGTERM
            process.send_signal(gentle)
    limit = time.monotonic() + STOP_TIMEOUT
    while any(map(is_alive, processes)) and time.monotonic() < limit:
        time.sleep(0.05)
    for process in filter(is_alive, processes):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def is_alive(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def heed_signals():
    """Turn an end asked for from outside into SystemExit, so that `with` blocks close."""
    for number in SIGNALS:
        # nohup asks to outlive the terminal
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)


def leave(number, frame):
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # what closes is not disturbed
    raise SystemExit(128 + number)
