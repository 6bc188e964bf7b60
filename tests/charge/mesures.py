"""CPU time: the server's, the database's and what others took; it moves less than seconds do."""

import time
from contextlib import suppress

import psutil

CORES = psutil.cpu_count()


class Meter:
    """
    While it is open, how much CPU a server and one database's connections used, in seconds.

    `foreign` is the number of cores that anything else kept busy: what our figures suffered from.
    """

    def __init__(self, server_pid, observer):
        self.server, self.observer = psutil.Process(server_pid), observer

    def __enter__(self):
        self.begun, self.before = time.perf_counter(), self.read()
        return self

    def __exit__(self, *error):
        self.seconds = time.perf_counter() - self.begun
        spent = [since(then, now) for then, now in zip(self.before, self.read(), strict=True)]
        self.app, self.database, client, busy = spent
        self.foreign = max(busy - self.app - self.database - client, 0) / self.seconds

    @property
    def slowdown(self):
        """How many times slower than alone on this machine we had to be."""
        return CORES / max(CORES - self.foreign, CORES / 10)

    def read(self):
        tree = [self.server, *self.server.children(recursive=True)]
        return cpu(tree), cpu(self.backends()), cpu([psutil.Process()]), {0: machine()}

    def backends(self):
        """The processes of PostgreSQL that serve this database, when it is on this machine."""
        query = """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
        for (pid,) in self.observer.execute(query).fetchall():
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if process.name().startswith("postgres"):
                    yield process


def cpu(processes):
    """{process: its seconds}."""
    found = {}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


def since(then, now):
    """What was used meanwhile; a connection that the portal renewed takes its past with it."""
    return sum(seconds - then.get(key, 0) for key, seconds in now.items())


def machine():
    """Seconds of all cores that were not idle; those a host took from us count as busy."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq + times.steal
