"""An absence as one act: what it would do, in words, then what it does."""

from maisons import heures
from maisons.admin.actes import plural
from permanences import absences
from permanences.admin.formulaires.absence import Sort

VERBS = {
    Sort.REMPLACER: ("Confier", "confiée"),
    Sort.DEPLACER: ("Déplacer", "déplacée"),
    Sort.ANNULER: ("Annuler", "annulée"),
}


class Absence:
    title = "Absence"

    def __init__(self, form):
        self.form = form

    @property
    def sort(self):
        return Sort(self.form.cleaned_data["sort"])

    @property
    def verb(self):
        return VERBS[self.sort][0]

    @property
    def told(self):
        return f"Absence notée, dates {VERBS[self.sort][1]}s"

    @property
    def danger(self):
        return self.form.is_valid() and self.sort == Sort.ANNULER

    def run(self, form, by):
        data = form.cleaned_data
        span = form.permanence, data["du"], data["au"]
        if self.sort == Sort.REMPLACER:
            return absences.replace(*span, data["remplacant"], by=by)
        if self.sort == Sort.DEPLACER:
            return absences.move(*span, data["salle"], by=by)
        return absences.cancel(*span, by=by)

    def preview(self, outcome):
        return AbsencePreview(outcome)


class AbsencePreview:
    """As the page of an act reads it: see maisons.admin.actes.Preview."""

    words = ""

    def __init__(self, outcome):
        self.count = len(outcome.done)
        self.figures = plural(self.count)
        days = [(date.debut, remark(date)) for date in outcome.done]
        days += [(date.debut, f"reste comme avant : {why}") for date, why in outcome.stayed]
        self.days = [(heures.local(at).date(), told) for at, told in sorted(days)]
        told = absences.told(outcome)
        self.people = told.in_words() or ["Personne n’a de message à recevoir."]


def remark(date):
    """« 3 rendez-vous », when the date has some that hear of it."""
    return f"{len(date.concerned)} rendez-vous" if date.concerned else ""
