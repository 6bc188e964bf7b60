"""A council that people follow: its agendas by e-mail, its meetings in a calendar."""

from conseils.models import Conseil
from notifications.sujets import Sujet
from quartiers.models import Ville


def subject(conseil_pk):
    return f"conseil:{conseil_pk}"


class ConseilSujet(Sujet):
    """It has no last date: who follows it ends it."""

    key = "conseil"
    this = "ce conseil"
    promise = (
        "Un e-mail vous donne chaque ordre du jour dès qu’il paraît. Il rappelle la réunion, et "
        "dit ce qui change."
    )

    def told(self, keys):
        ville = Ville.current()
        return {
            conseil.pk: {
                "titre": str(conseil),
                "url": conseil.get_absolute_url(),
                "maison": None,
                "ville": ville,
            }
            for conseil in Conseil.objects.filter(pk__in=keys)
        }

    def over(self, keys):
        return set()
