"""Residents at their browsers: raw requests, so that many can leave at one instant."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape
from threading import Barrier
from urllib.parse import parse_qsl, urlencode

from tests.connexion import SigningClient

TIMEOUT = 60  # seconds


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: str
    seconds: float  # from the last byte sent to the last one read

    @classmethod
    def read(cls, raw, seconds):
        head, _, body = raw.partition(b"\r\n\r\n")
        head = head.decode("latin-1")
        length = re.search(r"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE)
        if length and len(body) < int(length[1]):
            raise ValueError("half an answer")
        return cls(int(head.split(" ", 2)[1]), head, body.decode(), seconds)


@dataclass(frozen=True)
class Resident:
    """Somebody signed in, who has opened a form: the cookies and the token of the browser."""

    cookies: str
    token: str = ""

    @classmethod
    def sign_in(cls, compte, seconds=600):
        client = SigningClient()
        client.force_login(compte)
        session = client.session
        session.set_expiry(seconds)  # nothing stays in a cache that is given to us
        session.save()
        return cls(f"session={session.session_key}")

    def opened(self, answer):
        """The same person, once the page of the form has answered."""
        secret = re.search(r"set-cookie: csrf=(\w+)", answer.head, re.IGNORECASE)[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.body)[1]
        return Resident(f"{self.cookies}; csrf={secret}", token)

    def get(self, path):
        return get(path, self.cookies)

    def post(self, path, **typed):
        body = urlencode(typed | {"csrfmiddlewaretoken": self.token}, doseq=True).encode()
        kind = f"application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"
        return request("POST", path, f"Cookie: {self.cookies}", f"Content-Type: {kind}") + body


def get(path, cookies=""):
    return request("GET", path, *([f"Cookie: {cookies}"] if cookies else []))


def request(method, path, *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def send(port, raw, gate=None, timeout=TIMEOUT):
    """One request on a line of its own; its last byte waits at the gate for those of others."""
    with socket.create_connection(("127.0.0.1", port), timeout) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(raw[:-1])
        if gate:
            gate.wait(timeout)
        begun = time.perf_counter()
        line.sendall(raw[-1:])
        answer = b"".join(iter(partial(line.recv, 65536), b""))
    return Answer.read(answer, time.perf_counter() - begun)


@contextmanager
def sending(port, requests):
    """The answers to come of requests that leave at one instant."""
    gate = Barrier(len(requests))
    with ThreadPoolExecutor(len(requests)) as pool:
        yield [pool.submit(send, port, raw, gate) for raw in requests]


def at_once(port, requests):
    with sending(port, requests) as answers:
        return [answer.result() for answer in answers]


def open_forms(port, path, residents):
    """Everybody opens the form at this address."""
    answers = at_once(port, [one.get(path) for one in residents])
    return [one.opened(answer) for one, answer in zip(residents, answers, strict=True)]


def first_free(port, room):
    """What the form takes of the first span that the page of a room offers."""
    link = re.search(r'reserver/\?(jour=[^"]+)"', send(port, get(room)).body)[1]
    return dict(parse_qsl(unescape(link)))
