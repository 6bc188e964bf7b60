"""What walks that look for words share: every address of the portal, all that an answer says."""

import io
import re
from contextlib import suppress
from itertools import product
from zipfile import ZipFile

import pypdf
from django.urls import NoReverseMatch, reverse

from tests.portail.voisines import routes

BETWEEN = re.compile(r"[\s.\-\u00a0\u202f]|&nbsp;|<wbr>")
# Routes that answer nobody by an address alone, or that are no page.
UUID = "6f1c2b1e-8d2c-4a56-9a39-0f6e7c1d2a3b"
APART = {"admin:logout", "account_logout", "admin:jsi18n"}
# What a secret opens is for whoever has it, and nobody guesses one.
GUESSED = dict.fromkeys(["key", "rank", "jeton", "preuve", "code", "acte", "name"], ["1", UUID])
GUESSED |= {"numero": [1], "rectificatif": [1], "version": [1], "nom": ["rien.pdf"]}


def addresses(values_of):
    """
    (name, address) of every route, with each value that its address may have.

    `values_of(name)` says, of a route, {what its address asks for: values}.
    """
    for name, asked in routes():
        if name in APART or "(" in name or "<" in name or name.endswith("_simple_history"):
            continue
        values = values_of(name)
        unknown = set(asked) - values.keys()
        assert not unknown, f"{name}: which {unknown} lead to what must not be told?"
        found = []
        for chosen in product(*(values[part] for part in asked)):
            with suppress(NoReverseMatch):
                found.append(reverse(name, kwargs=dict(zip(asked, chosen, strict=True))))
        assert found, f"{name}: none of {values} fits its address"
        yield from ((name, path) for path in found)


def said(response):
    """All that an answer tells, whatever its form."""
    content = response.getvalue()  # a document, as it was received
    if content.startswith(b"PK"):  # a table, zipped
        file = ZipFile(io.BytesIO(content))
        content = b"".join(file.read(name) for name in file.namelist())
    if response.get("Content-Type") == "application/pdf" and not response.streaming:
        file = pypdf.PdfReader(io.BytesIO(content))
        told = [page.extract_text() for page in file.pages] + [str(file.metadata)]
        return "".join(told).replace("\n", "")
    # Lines of a calendar are cut at 75 signs (RFC 5545).
    return content.decode(errors="replace").replace("\r\n ", "")


def squeezed(text):
    """A text without what may stand between the signs of a phone number or a code."""
    return BETWEEN.sub("", text).lower()
