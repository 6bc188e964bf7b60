"""What is held, room by room: COPY must never meet the constraint, nor a closure."""

from collections import defaultdict

from maisons.models import Creneau, Fermeture


class Occupation:
    """The rooms taken and the closures within a window, as the database has them."""

    def __init__(self, rooms, debut, fin):
        self.rooms = list(rooms)
        self.spans = defaultdict(list)  # room id: [(begins, free again), …]
        indoors = [Creneau.Portee.SALLE, Creneau.Portee.MAISON]
        held = Creneau.objects.holding().filter(portee__in=indoors)
        for creneau in held.filter(libere_a__gt=debut, debut__lt=fin):
            self.hold(creneau)
        self.closures = list(Fermeture.objects.during(debut, fin))

    def used(self, creneau):
        """The ids of the rooms used; a shared hall counts here like any other room."""
        if creneau.portee == Creneau.Portee.MAISON:
            return [room.pk for room in self.rooms if room.maison_id == creneau.maison_id]
        return {*creneau.emprise, creneau.salle_id}

    def hold(self, creneau):
        for key in self.used(creneau):
            self.spans[key].append((creneau.debut, creneau.libere_a))

    def is_free(self, creneau):
        if creneau.portee not in (Creneau.Portee.SALLE, Creneau.Portee.MAISON):
            return True
        return not any(
            debut < creneau.libere_a and creneau.debut < libere_a
            for key in self.used(creneau)
            for debut, libere_a in self.spans[key]
        )

    def is_closed(self, creneau):
        if creneau.portee == Creneau.Portee.HORS_LES_MURS:
            return False
        return any(
            closure.maison_id == creneau.maison_id
            and closure.debut < creneau.fin
            and creneau.debut < closure.fin
            and (closure.salle_id is None or closure.salle_id in self.used(creneau))
            for closure in self.closures
        )
