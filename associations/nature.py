"""What the agenda, the planning and a closure know of a session of an activity, and of a loan."""

from django.db.models import Prefetch
from django.urls import reverse

from associations import courriers, courriers_prets, prevenir
from associations.models import Inscription, MiseADisposition, Seance
from maisons.creneaux import PlannedNature
from maisons.natures import Contact
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


class PretNature(PlannedNature):
    """A closure writes one letter to each person of the association, as to who booked."""

    key = MiseADisposition.NATURE
    label, plural = "Prêt de salle", "Prêts de salle"
    public = False
    own_series = True  # each date is answered by the house

    def url(self, creneau):
        return self.admin_url(creneau)

    def tell(self, creneau, what, **context):
        courriers_prets.tell(creneau, what, **context)

    def children(self, keys):
        members = Prefetch("association__membres", courriers_prets.acting(), to_attr="acting")
        rows = MiseADisposition.objects.filter(pk__in=keys).prefetch_related(members)
        return rows.select_related("association", "maison", "salle")

    def describe(self, creneau):
        people = f"{creneau.personnes} personnes" if creneau.personnes else ""
        usage, etat = creneau.get_usage_display(), creneau.get_etat_display()
        return ", ".join(filter(None, [str(creneau.association), usage, people, etat]))

    def admin_url(self, creneau):
        return reverse("admin:associations_miseadisposition_change", args=[creneau.pk])

    def contacts(self, creneau):
        known = vars(creneau.association).get("acting")  # until a lock reads the row again
        acting = courriers_prets.acting().filter(association=creneau.association_id)
        people = creneau.told(acting if known is None else known)
        return [Contact(str(person), person.courriel) for person in people]

    def announce(self, creneaux):
        """By letter, to all who act for the association and are told of its loans."""
        kept = {creneau.pk: creneau for creneau in creneaux}
        told = {contact for row in self.children(kept) for contact in self.contacts(row)}
        more = "s" * (len(told) > 1)
        return [f"{len(told)} personne{more} de l’association prévenue{more} par e-mail."]

    def move(self, creneau, salle, by):
        creneau.displaced = True
        super().move(creneau, salle, by)
