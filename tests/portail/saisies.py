"""What nobody should type, in a form as the page sends it, and what becomes of it."""

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote_plus
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from tests.portail.formulaires import CHOSEN, read
from tests.portail.voisines import COUNTED, OURS

URLENCODED = "application/x-www-form-urlencoded"
MEGABYTE = 1_000_000
COMPLET = bool(os.environ.get("COMPLET"))
SEED = int(os.environ.get("GRAINE", timezone.now().timestamp()))
CHANCE = random.Random(SEED)
TEXTS = {
    "nothing": "",
    "spaces": "   ",
    "no-break spaces": "\u00a0\u202f\u2007",
    "NUL": "Lin\0h",
    "control characters": "a\x01\x08\x0b\x1b[31m\x7f",
    "lines": "a\r\nb\rc\n\tBcc: x@exemple.fr",
    "invalid UTF-8": b"\xff\xfe\x80",
    "half a surrogate": b"\xed\xa0\x80",
    "emoji": "👩\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e007f",
    "right to left": "\u202egnp.\u2066\u200f\u200b",
    "combining": "Z" + "\u0301" * 300,
    "percent": "%s%n%(x)s%%",
    "format": "{0.__class__} {{ 7|add:7 }} ${7*7}",
    "SQL": "' OR 1=1; --",
    "like": "%_\\",
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "end of a field": "</textarea></select><b>",
    "javascript": "javascript:alert(1)",
    "path": "../../../../etc/passwd",
    "formula": '=cmd|"/c calc"!A1',
    "name": "O’Neill-Nguyễn d'Été",
    "long": "é" * 10_000,
    "a megabyte of [": "[" * MEGABYTE,
    "a megabyte of &": "&" * (MEGABYTE * 8 // 10),
    "a megabyte of a.a.": "a." * (MEGABYTE // 2),
    "an address of a megabyte": "a@" + "a." * (MEGABYTE // 2) + "fr",
}
NUMBERS = ["-1", "0", "1.5", "1,5", "1e400", "Infinity", "-inf", "NaN", "0x1F", "²", "٣", "1_000"]
NUMBERS += ["9" * 18, "9" * 19, "9" * 20, "9" * 5_000, "2147483648", "32768"]
DAYS = ["2027-02-30", "2026-13-01", "0000-01-01", "0001-01-01", "1900-01-01", "9999-12-31"]
DAYS += ["99999-01-01", "30/02/2027", "demain", "2026-11-24T14:00+99:99", "0001-01-01T00:00"]
DAYS += ["9999-12-31T23:59", "2027-03-28T02:30", "2026-10-25T02:30", "2020-01-01T10:00"]
HOURS = ["24:00", "25:61", "14h", "23:59:60", "02:30", "-1:00"]
PHONES = ["06.12.34.56.78", "0612345678", "+33 (0)6 12 34 56 78", "0033612345678", "06 12 34", "17"]
OTHERS = [*NUMBERS, *DAYS, *HOURS, *PHONES, "[]", "a@b", "on", "admin", "annulee"]
SEVERAL = ["1", "Linh", ""]  # a name sent thrice
# {name: (day, de, a)}: what no single field says.
MOMENTS = {
    "an hour that is not": ("2027-03-28", "02:30", "03:30"),
    "an hour that comes twice": ("2026-10-25", "02:30", "03:30"),
    "ends before it starts": ("2027-01-05", "16:00", "14:00"),
    "lasts no time": ("2027-01-05", "14:00", "14:00"),
    "the past": ("2020-01-07", "14:00", "16:00"),
    "the first day": ("0001-01-01", "00:00", "01:00"),
    "the last day": ("9999-12-31", "22:00", "23:59"),
}


def drawn(things, count):
    """So many of them, all of them when there is time."""
    return things if COMPLET else CHANCE.sample(things, min(count, len(things)))


def values():
    """{what it is: what is sent}."""
    return TEXTS | {f"« {value[:20]} »": value for value in OTHERS} | {"several": SEVERAL}


def soon(days=9):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


# What an ordinary person answers, by name or kind; the rest is as the page has it, or « Linh ».
ORDINARY = {
    **dict.fromkeys(["contact", "telephone"], "06 12 34 56 78"),
    **dict.fromkeys(["courriel", "email"], "linh@exemple.fr"),
    **{"personnes": "4", "capacite": "20", "chiffres": "123456", "de": "14:00", "a": "16:00"},
    **{"latitude": "43.6", "longitude": "3.9", "jours": "1", "repeter-cadence": "semaine"},
    **dict.fromkeys(["age_min", "age_max", "lien", "publier_le", "jour_fin"], ""),
    **dict.fromkeys(["site_web", "piege", "cadence", "partie_de", "surface"], ""),
    **{"number": "1", "date": soon(), "time": "14:00", "datetime-local": f"{soon()}T14:00"},
    **{"fin": f"{soon()}T16:00", "fermeture-fin": soon(40), "repeter-dernier": soon(60)},
}


def ordinary(question):
    """What is sent for a question that is not the one looked at."""
    name, kind = question.name, question.kind
    if any(question.values) or kind == "hidden":
        return question.values
    known = [ORDINARY[key] for key in (name, name.rpartition("-")[2]) if key in ORDINARY]
    if kind == "checkbox":
        return known[:1]
    if kind in CHOSEN:
        return [*known, *filter(None, question.choices), ""][:1]
    return [*known, ORDINARY.get(kind, "Linh")][:1]


def pairs(form, button=None, typed=None):
    """[(name, value)] of a form, as a browser sends it with a button; `typed` replaces."""
    answers = {name: ordinary(question) for name, question in form.questions.items()}
    answers |= {name: [value] for name, value in filter(None, [button])}
    for name, given in (typed or {}).items():
        answers[name] = given if isinstance(given, list) else [given]
    return [(name, value) for name, given in answers.items() for value in given]


def encoded(sent):
    return "&".join(f"{quote_plus(name)}={quote_plus(value, safe='[')}" for name, value in sent)


def writes():
    """{table: rows written} of ours since the transaction began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return {
            table: number
            for table, number in cursor.fetchall()
            if table.partition("_")[0] in {*OURS, "django"}
            and table != "django_session"
            and table.partition("_")[2] not in COUNTED
        }


@dataclass
class Answer:
    """What came back, and whether a row of ours was touched on the way, for good or not."""

    status: int
    page: str
    touched: bool
    error: str = ""


class Reader:
    """Somebody who opens pages and sends their forms; what is sent is then undone."""

    def __init__(self, client, compte=None):
        self.client, self.compte = client, compte
        client.raise_request_exception = False
        if compte:
            client.force_login(compte)
        self.cookies = client.cookies.output(header="")

    def forms(self, path):
        response = self.client.get(path)
        if response.streaming:
            response.getvalue()  # a file, read to its end, is closed
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            return []
        return read(response.content.decode(), path)

    @contextmanager
    def sent(self, form, answers):
        """The answer to what is sent; undone when the block ends."""
        mark, before = transaction.savepoint(), writes()
        response = self.send(form, encoded(answers))
        if response.status_code == 302 and response.url.startswith("/"):
            after = self.client.get(response.url)  # what was accepted can be read again
            response = after if after.status_code == 500 else response
        if fault := getattr(response, "exc_info", None):
            yield Answer(500, "", False, repr(fault[1])[:200])
        else:
            page = response.content.decode(errors="replace")
            yield Answer(response.status_code, page, writes() != before)
        transaction.savepoint_rollback(mark)
        cache.key_prefix = uuid4().hex  # what was counted there goes with what was written
        self.client.cookies = SimpleCookie(self.cookies)  # it may have signed in, or out

    def send(self, form, body):
        if form.method == "get":
            return self.client.get(f"{form.path.partition('?')[0]}?{body}")
        return self.client.post(form.path, body, content_type=URLENCODED)
