"""How people are reached: addresses as they type them, and as keys hold them."""

from difflib import get_close_matches

from django.utils.crypto import salted_hmac

# The mailboxes of most people here, and the real ones that resemble them.
KNOWN = [
    *["gmail.com", "googlemail.com", "mail.com", "ymail.com", "hotmail.fr", "hotmail.com"],
    *["outlook.fr", "outlook.com", "live.fr", "live.com", "msn.com", "yahoo.fr", "yahoo.com"],
    *["orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr"],
    *["numericable.fr", "icloud.com", "me.com", "mac.com", "gmx.fr", "gmx.com", "aol.com"],
    *["proton.me", "protonmail.com", "pm.me"],
]
CLOSE = 0.8  # « gmial.com », « gmail.con », « hotmial.fr »; not « free.com »


def likely(address: str) -> str:
    """The address probably meant by one whose domain is nearly a known one; else nothing."""
    box, _, domain = address.rpartition("@")
    if not box or domain in KNOWN:
        return ""
    close = get_close_matches(domain, KNOWN, n=1, cutoff=CLOSE)
    return f"{box}@{close[0]}" if close else ""


def digest(reached: str, purpose: str) -> str:
    """An address or a number in a key, which shows it to nobody; another for each purpose."""
    return salted_hmac(purpose, reached.lower(), algorithm="sha256").hexdigest()[:32]
