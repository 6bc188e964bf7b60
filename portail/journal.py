"""What never enters a log: the addresses and the codes that open something to whoever has them."""

import logging
import re

SECRET_PATHS = ("/code/", "/reservations/attente/", "/suivre/", "/abonnements/")
# Paths may hold spaces once decoded: all that follows goes, but for the end of a request line.
# The files of a portal installed in /code/ stay readable.
ADDRESS = re.compile(rf"(?<!File \")({'|'.join(SECRET_PATHS)}).+?(?= HTTP/\d|$)", re.MULTILINE)
CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


def mask(text):
    return CODE.sub("…", ADDRESS.sub(r"\1…", text))


class DiscreetFormatter(logging.Formatter):
    """Masks the whole line, once made: message, arguments, traceback and all."""

    def format(self, record):
        return mask(super().format(record))
