"""
The registry of natures: how each kind of créneau is shown, and where it leads.

An app above registers its own by dotted path in `AppConfig.ready()`; imported at first use.
"""

from functools import cache
from typing import NamedTuple

from django.utils.module_loading import import_string

paths = []


class Contact(NamedTuple):
    """Somebody to tell that a date moves or is cancelled, and the code that opens it for them."""

    nom: str
    courriel: str = ""
    telephone: str = ""
    code: str = ""  # « K7M3-TPXQ-9WQF », for /code/<code>/; empty when they have none


class Nature:
    """
    What the agenda, the planning and a closure need to know of one kind of créneau.

    The methods below `children()` take a row that it read, and ask the database for nothing more;
    `move()` and `cancel()` write, through planning. They raise ValidationError, in a sentence.
    """

    key = None  # Creneau.nature; also the class of its label in the style sheet
    label = None  # in the singular, as on a label
    plural = None
    public = True  # offered as a filter of the agenda
    own_series = False  # changed where `admin_url` leads alone, not on the page of series

    def url(self, creneau):
        """The page of the thing of which `creneau` is a date."""
        raise NotImplementedError

    def tell(self, creneau, what, **context):
        """
        Say to whoever is concerned that a date was moved ("deplacee") or cancelled ("annulee"),
        or that its series has more dates ("ajoutee").

        Called by `planning` in the transaction that does it; by default the pages say it.
        """

    def tell_settled(self, settled, fermeture):
        """Say what a closure made of some dates to who is none of their contacts; see prevenir."""

    def children(self, keys):
        """The QuerySet of the rows of this kind among these keys, with all that is read here."""
        raise NotImplementedError

    def describe(self, creneau) -> str:
        """What it is, in a few words, to staff: a person may be named."""
        raise NotImplementedError

    def admin_url(self, creneau) -> str:
        """The page of `/gestion/` where staff look after it."""
        raise NotImplementedError

    def contacts(self, creneau) -> list[Contact]:
        """Whom to tell by a message; nobody, where the agenda and the public page say it."""
        return []

    def announce(self, creneaux) -> list[str]:
        """Who is told of what was just done to some dates, in sentences that name nobody."""
        return []

    def counted(self, creneau) -> tuple[int, int]:
        """
        (told by e-mail or SMS, to call): those whom `tell_settled` tells, and who stay unnamed.
        """
        return 0, 0

    def move(self, creneau, salle, by):
        """Give it another room for the same span, whatever was once asked of who booked it."""
        raise NotImplementedError

    def cancel(self, creneau, motif, by):
        """Free its rooms for a Creneau.Motif; the caller tells its contacts."""
        raise NotImplementedError


def register(path):
    paths.append(path)


@cache
def registry():
    """{key: nature}, in the order of registration."""
    natures = [import_string(path)() for path in paths]
    return {nature.key: nature for nature in natures}
