"""What this browser may read in full without an account: what it asked for, or could name (R9)."""

import re
import unicodedata
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from comptes import limites

SESSION_KEY = "connus"
KNOWN_FOR = timedelta(hours=1)  # people share computers: then the letters are asked again
LETTERS = 3
WRONG = "Ce ne sont pas les bonnes lettres. Vérifiez, ou appelez-nous."


def key(row):
    """Of a row with `compte` and `person`, among all kinds."""
    return f"{row._meta.model_name}:{row.pk}"


def knows(request, row):
    """Its own account, or somebody who has just proved to be its person here."""
    if request.user.is_authenticated and row.compte_id == request.user.pk:
        return True
    since = request.session.get(SESSION_KEY, {}).get(key(row), 0)
    return since > (timezone.now() - KNOWN_FOR).timestamp()


def remember(request, row):
    """After a POST alone: no cookie before."""
    known = request.session.get(SESSION_KEY, {})
    request.session[SESSION_KEY] = known | {key(row): timezone.now().timestamp()}


def prove(request, row, form):
    """Whether the letters of a LettresForm are those of its person; else errors in the form."""
    if not form.is_valid():
        return False
    try:
        with limites.guess(request, "lettres", contact=key(row)):
            if not matches(row.person, form.cleaned_data["lettres"]):
                raise ValidationError(WRONG)
    except ValidationError as error:
        form.add_error("lettres", error)
        return False
    remember(request, row)
    return True


def proved(request, row, form):
    """Whether somebody is its person here: known already, or by the letters of the form."""
    return knows(request, row) or prove(request, row, form)


def matches(name, typed):
    """The beginning of the name or of one of its words, in any case, with accents or without."""
    asked = letters(typed)
    words = [*name.split(), *re.split(r"[\W_]+", name)]  # « O’Neill » is one, and is two
    begins = {letters(word)[:LETTERS] for word in words}
    return bool(asked) and asked[:LETTERS] in begins


def letters(text):
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
