"""Who tells the broker, so that no page waits for it: one thread of each process."""

import os
from queue import Queue
from threading import Lock, Thread


class Courier:
    """
    Takes hints from pages and gives them one after the other, however long the broker takes.

    At most one of each kind waits: a second would say nothing more. The thread begins with the
    first hint of a process, of a forked one too, and ends with it: the sweep finds what it leaves.
    """

    def __init__(self):
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self):
        self.hints, self.waiting, self.lock, self.thread = Queue(), set(), Lock(), None

    def leave(self, hint):
        with self.lock:
            if hint in self.waiting:
                return
            self.waiting.add(hint)
            self.hints.put(hint)
            if not (self.thread and self.thread.is_alive()):
                self.thread = Thread(target=self.work, name="coursier", daemon=True)
                self.thread.start()

    def work(self):
        while True:
            hint = self.hints.get()
            with self.lock:
                self.waiting.discard(hint)  # what is written from now on is not in this one
            try:
                hint()
            finally:
                self.hints.task_done()


courier = Courier()
