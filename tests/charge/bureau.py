"""A mail server of this machine that remembers what it took, and does as it is told."""

import asyncio
import logging
import re
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass

from aiosmtpd.controller import Controller

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
TAKEN = "250 OK"
logging.getLogger("mail.log").setLevel(logging.WARNING)  # a line for each word of SMTP


@dataclass(frozen=True)
class Accepted:
    key: str  # the Message-ID
    to: str
    at: float  # on the clock of the machine


class Bureau:
    """`at_address` and `at_letter` are called at each step, in a thread; they answer for it."""

    def __init__(self):
        self.accepted, self.port = [], free_port()
        self.at_address = self.at_letter = lambda to: TAKEN

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await asyncio.to_thread(self.at_address, address)
        if answer is None:
            server.transport.abort()
        elif answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer or TAKEN

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        answer = await asyncio.to_thread(self.at_letter, to)
        if answer is None:
            server.transport.abort()
        elif answer == TAKEN:
            key = MESSAGE_ID.search(envelope.content)[1].decode()
            self.accepted.append(Accepted(key, to, time.time()))
        return answer or TAKEN


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@contextmanager
def opened():
    bureau = Bureau()
    controller = Controller(bureau, hostname="127.0.0.1", port=bureau.port)
    controller.start()
    try:
        yield bureau
    finally:
        controller.stop()
