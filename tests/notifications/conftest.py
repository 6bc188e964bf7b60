import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from threading import Event

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Bureau:
    """A mail server's manners: what it answers to a person's address, and to a letter."""

    port: int = 0
    to_address: str = "250 OK"
    to_letter: str = "250 OK"
    hangs: bool = False
    drops: bool = False
    received: list = field(default_factory=list)
    reached: Event = field(default_factory=Event)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.reached.set()
        if self.drops:
            server.transport.abort()
        while self.hangs:
            await asyncio.sleep(0.01)
        if self.to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, server, session, envelope):
        if self.to_letter.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=default))
        return self.to_letter


@pytest.fixture
def by_smtp(settings):
    """Letters leave by SMTP to a port of this machine."""

    def leave(port, timeout=10):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
            "127.0.0.1",
            port,
            timeout,
        )

    return leave


@pytest.fixture
def bureau(by_smtp):
    """A real mail server, which takes everything until told otherwise."""
    bureau = Bureau(port=free_port())
    controller = Controller(bureau, hostname="127.0.0.1", port=bureau.port)
    controller.start()
    by_smtp(bureau.port)
    yield bureau
    bureau.hangs = False
    controller.stop()


@pytest.fixture
def silent():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def closed():
    return free_port()
