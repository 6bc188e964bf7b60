"""Who may present an item: the members of the council and the elected in office that day."""

from django.db.models import Q

from conseils.models import Conseiller, Point
from quartiers.models import Elu, in_office


class Rapporteurs:
    """
    Those of some councils on a day, under the keys of a list; two statements.

    Who already presents an item of the meeting stays in the list, in office or not.
    """

    def __init__(self, conseils, on, reunion=None):
        named = Point.objects.filter(reunion_id=reunion and reunion.pk)
        members = Conseiller.objects.filter(conseil__in=conseils).select_related("conseil")
        members = members.filter(in_office(on) | Q(pk__in=named.values("membre")))
        elected = Elu.objects.filter(in_office(on) | Q(pk__in=named.values("elu")))
        self.people, self.choices = {}, [("", "Choisir")]
        several = len(conseils) > 1
        for conseil in conseils:
            label = f"Membres : {conseil}" if several else "Membres du conseil"
            self.add(label, "membre", [m for m in members if m.conseil_id == conseil.pk])
        self.add("Élus de la ville", "elu", elected)

    def add(self, label, kind, people):
        found = {f"{kind}-{person.pk}": person for person in people}
        self.people |= found
        if found:
            self.choices.append((label, [(key, str(who)) for key, who in found.items()]))


def key_of(point):
    if point.membre_id:
        return f"membre-{point.membre_id}"
    return f"elu-{point.elu_id}" if point.elu_id else ""
