"""
How many tries it takes to guess a password: at least 2^50 where tries are limited (CNIL, 2022-100).

No sign is asked for: only the number of guesses counts, by somebody who tries words, years, and the
neighbours on a keyboard first. What is guessed with the person is the validators' beside this one.
"""

import re
from math import log2
from string import digits, punctuation

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

ENOUGH = 50
PIECES = re.compile(r"[^\W\d_]+|\d+|[\W_]")  # words, numbers, other signs one by one
WORD, NEXT = 16, 2.5  # bits of a word of six letters or more; of each letter beyond the sixth
KNOWN = 14  # of one of the twenty thousand passwords that are tried first
LETTER, EITHER_CASE, DIGIT, SIGN = log2(26), log2(52), log2(10), log2(33)
YEAR = re.compile(r"(19|20)\d\d")
ROWS = ["azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm"]
ROWS += ["abcdefghijklmnopqrstuvwxyz", "0123456789" * 3]
IN_A_ROW = 7  # bits: which row, from where, how far
TOO_EASY = (
    "Ce mot de passe se devine trop vite. "
    "Allongez-le : par exemple, trois ou quatre mots sans rapport."
)


def bits(password, known=()):
    """What each different piece is worth, and one bit where the next begins; twice is once."""
    core = password.lower().strip(digits + punctuation)
    if core in known:
        start = password.lower().index(core)
        around = password[:start] + password[start + len(core) :]
        return KNOWN + (bits(around, known) if around else 0)
    pieces = dict.fromkeys(PIECES.findall(password.lower() if is_plain(password) else password))
    return sum(worth(piece) for piece in pieces) + max(0, len(pieces) - 1)


def is_plain(password):
    """Capitals at the start of words only, or everywhere: what one tries first."""
    return password.istitle() or password.isupper() or password.islower()


def worth(piece):
    if follows(piece.lower()):
        return IN_A_ROW
    if piece.isdigit():
        return IN_A_ROW if YEAR.fullmatch(piece) else len(piece) * DIGIT
    if not piece.isalpha():
        return SIGN
    if piece[1:].lower() != piece[1:]:  # capitals inside: no word
        return len(piece) * EITHER_CASE
    return min(len(piece) * LETTER, WORD) + max(0, len(piece) - 6) * NEXT


def follows(piece):
    """One sign again and again, or neighbours in a row, either way."""
    if len(piece) < 3:
        return False
    return len({*piece}) == 1 or any(piece in row or piece[::-1] in row for row in ROWS)


class RobustesseValidator:
    def __init__(self):
        self.known = CommonPasswordValidator().passwords

    def validate(self, password, user=None):
        if bits(password, self.known) < ENOUGH:
            raise ValidationError(TOO_EASY, code="password_too_easy")

    def get_help_text(self):
        return "Par exemple, trois ou quatre mots sans rapport."
