"""What the agenda, the planning and a closure know of a session of an activity."""

from django.db.models import Prefetch

from associations import courriers, prevenir
from associations.models import Inscription, Seance
from maisons.creneaux import PlannedNature
from notifications import voies


def concerned(creneaux):
    """Who comes to some sessions: for the season, for one of them, or until it ended with it."""
    ended = [row for one in creneaux for row in one.ended]
    holding = Inscription.objects.holding().with_person()
    season = holding.filter(activite__in={one.activite_id for one in creneaux}, seance=None)
    single = holding.filter(seance__in=[one.pk for one in creneaux])
    return [*ended, *season, *single]


def dossiers(rows):
    """Each person who asked, once, in the order of their passes."""
    return sorted({row.dossier_id: row.dossier for row in rows}.values(), key=lambda one: one.pk)


class SeanceNature(PlannedNature):
    key = Seance.NATURE
    label, plural = "Activité", "Activités"
    own_series = True  # its activity is locked before the rooms

    def url(self, creneau):
        rows = Seance.objects.select_related("activite")
        return rows.get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, dates=(), **context):
        dates = dates or [creneau]
        if creneau.publie_le:
            for dossier in dossiers(concerned(dates)):
                courriers.tell_dates(dossier, dates, what, **context)

    def tell_settled(self, settled):
        """One message for each person, activity and what became of its sessions."""
        groups = {}
        for one in settled:
            what = "deplacee" if one.apres else "annulee"
            groups.setdefault((one.row.creneau.activite_id, what), []).append(one.row.creneau)
        for (_, what), dates in groups.items():
            self.tell(dates[0], what, dates)

    def children(self, keys):
        holding = Inscription.objects.holding().with_person()
        season = Prefetch("activite__inscriptions", holding.filter(seance=None), to_attr="season")
        single = Prefetch("inscriptions", holding, to_attr="single")
        rows = Seance.objects.filter(pk__in=keys).select_related("activite__association")
        return rows.select_related("maison", "salle").prefetch_related(season, single)

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        """The desk of a house does not look after it: what it reads is public."""
        shown = creneau.activite if creneau.publie_le else creneau.activite.association
        return shown.get_absolute_url()

    def counted(self, creneau):
        told = voies.counted(dossiers([*creneau.activite.season, *creneau.single]))
        return told.written, told.called

    def announce(self, creneaux):
        return prevenir.in_words(dossiers(concerned(creneaux)))
