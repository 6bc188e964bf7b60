"""What may be done to a series, and what it would do, in words, before it is done."""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import NamedTuple

from maisons import series
from maisons.admin.repetition import ChangeForm, ExtendForm, FromDayForm, RepeatForm
from maisons.models import Creneau, Reservation


def plural(count, verb=""):
    """« 1 date change », « 31 dates changent »."""
    words = f"{count} date{'s' * (count > 1)}"
    return f"{words} {verb}{'nt' * (count > 1)}" if verb else words


class Preview:
    """
    `count` dates concerned, `figures` in a sentence, the rule in `words`, `people` who are told.

    `days` are [(day, remark)] in time order.
    """

    def __init__(self, concerned, figures, days, words=""):
        self.count, self.figures = len(concerned), figures
        self.serie_pk = concerned[0].serie_id if concerned else None
        self.days = sorted(days, key=lambda day: day[0])
        self.words = words
        self.people = told(concerned)

    @classmethod
    def of_plan(cls, plan):
        booked, left_out = plan
        figures = f"{plural(len(booked))}, {len(left_out)} écartée{'s' * (len(left_out) > 1)}"
        words = rule(booked[0].serie) if booked else ""
        return cls(booked, figures, planned(plan), words)

    @classmethod
    def of_change(cls, change):
        alone = "déplacée à part : elle ne change pas"
        days = [(each.jour_serie, "") for each in change.moved]
        days += [(each.jour_serie, f"reste comme avant : {why}") for each, why in change.stayed]
        days += [(each.jour_serie, alone) for each in change.untouched]
        figures = [plural(len(change.moved), "change")]
        if kept := len(change.stayed) + len(change.untouched):
            figures.append(f"{kept} reste{'nt' * (kept > 1)} comme avant")
        if back := len(change.plan.booked):
            figures.append(f"{back} revien{'nent' if back > 1 else 't'}")
        days += planned(change.plan, "revient")
        return cls(change.moved, ", ".join(figures), days, rule(change.serie))

    @classmethod
    def of_cancellation(cls, gone):
        return cls(gone, plural(len(gone)), [(each.jour_serie, "") for each in gone])


def rule(serie):
    """When and where its dates are from now on."""
    return f"{serie}, {serie.salle}" if serie.salle else str(serie)


def planned(plan, remark=""):
    days = [(each.jour_serie, remark) for each in plan.booked]
    return days + [(each.jour, f"écartée, {each}") for each in plan.left_out]


def told(creneaux):
    """Consequence before the act: whom it concerns; nothing when nobody is told."""
    people = {each.person: each.reached_at for each in creneaux if isinstance(each, Reservation)}
    named = [
        f"{person} : {'sera prévenu par e-mail' if mail else 'à prévenir par téléphone'}"
        for person, (mail, _) in people.items()
    ]
    return named + (creneaux[0].kind.announce(creneaux) if creneaux else [])


class Act(NamedTuple):
    """Something done to a series in two steps: looked at, then done."""

    form: type
    do: Callable
    preview: Callable
    title: str
    verb: str  # of the button, before the number of dates
    told: str  # what was done, before its figures
    danger: bool = False

    def run(self, form, by):
        return self.do(copy(form.serie), by=by, **form.values())


REPEAT = Act(
    RepeatForm, series.plan, Preview.of_plan, "Répéter l’événement", "Créer", "Série créée"
)
ACTS = {
    "modifier": Act(
        ChangeForm,
        series.change_from,
        Preview.of_change,
        "Modifier des dates",
        "Modifier",
        "Série modifiée",
    ),
    "annuler": Act(
        FromDayForm,
        partial(series.cancel_from, motif=Creneau.Motif.ORGANISATION),
        Preview.of_cancellation,
        "Annuler des dates",
        "Annuler",
        "Dates annulées",
        danger=True,
    ),
    "prolonger": Act(
        ExtendForm,
        series.extend,
        Preview.of_plan,
        "Prolonger la série",
        "Ajouter",
        "Série prolongée",
    ),
}
