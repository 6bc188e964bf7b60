"""SMS: one part each, by the city's provider or on the console (R7, fault 16)."""

import json
import logging
import re
import unicodedata
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import phonenumbers
from django.conf import settings
from django.core import checks
from phonenumber_field.phonenumber import to_python

LANDLINE = "Pas de SMS à ce numéro : à dire de vive voix."
LONGEST = 160  # signs of one part in GSM-7
# The signs of 3GPP TS 23.038 that count once.
GSM7 = {
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    *"@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n",
}
SPELLED = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
    | {"œ": "oe", "Œ": "OE", "€": "EUR", "ç": "c", "\u00a0": " ", "\u202f": " "}
)
MOBILES = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}
TIMEOUT = 20  # seconds for an answer of the provider
# What the provider says of this number or this text, and would say again.
FOR_GOOD = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The provider takes no SMS for this number, whenever one tries."""


class NoRedirect(HTTPRedirectHandler):
    """Only the host of the settings is asked: another one would be given the token."""

    def redirect_request(self, *args):
        return None


def check(app_configs, **kwargs):
    """Numbers and codes never leave in clear; a server of this machine may be tried."""
    address = urlsplit(settings.SMS_URL)
    here = address.hostname in ("127.0.0.1", "localhost")
    if settings.SMS_URL in ("", "console:") or address.scheme == "https" or here:
        return []
    return [checks.Error("SMS_URL must be https://…, console: or empty.", id="notifications.E001")]


def plain(text) -> str:
    """A text in signs that count once each: « ê » becomes « e », « ’ » becomes « ' »."""
    text = re.sub(r"«\s*|\s*»", '"', text).translate(SPELLED)
    spelled = (sign if sign in GSM7 else unicodedata.normalize("NFKD", sign) for sign in text)
    return " ".join("".join(sign for sign in "".join(spelled) if sign in GSM7).split())


def reaches(number) -> bool:
    """Whether SMS leave here, and this is a number that may read one."""
    phone = to_python(number) if settings.SMS_URL else None
    return bool(phone and phone.is_valid() and phonenumbers.number_type(phone) in MOBILES)


def send(number, text, reference):
    """
    Hand one SMS to the provider, with a reference that makes a double show as such.

    Raises Refused, or OSError when it may be tried again.
    """
    number = to_python(number).as_e164
    if settings.SMS_URL == "console:":
        logger.info("SMS to %s: %s", number, text)
        return
    body = {"from": settings.SMS_SENDER, "to": number, "text": text, "reference": reference}
    headers = {
        "Authorization": f"Bearer {settings.SMS_TOKEN}",
        "Content-Type": "application/json",
        "Idempotency-Key": reference,
    }
    request = Request(settings.SMS_URL, json.dumps(body).encode(), headers)
    try:
        with build_opener(ProxyHandler({}), NoRedirect).open(request, timeout=TIMEOUT):
            pass
    except HTTPError as error:
        with error:
            if error.code in FOR_GOOD:
                raise Refused(f"{error.code} {error.reason}") from error
        raise
