"""What is asked to repeat an event, and to change a series of dates."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError

from maisons import heures, series
from maisons.admin.champs import RoomField
from maisons.admin.dates import HOUR, PlaceForm
from maisons.forms import NO_DAY, DayField
from maisons.forms.refus import tell
from maisons.models import Creneau, Salle, Serie
from maisons.models.creneau import FIN_AVANT_DEBUT
from maisons.rythmes import Cadence, Rythme

Portee = Creneau.Portee
LATEST_NIGHT = time(6)  # an end at 2 h is the next morning's; at 16 h after 18 h, a mistake


def day_field(label, **kwargs):
    return DayField(label=label, error_messages=NO_DAY, **kwargs)


def hour_field(label, **kwargs):
    return forms.TimeField(label=label, widget=HOUR, **kwargs)


def rooms_of(user):
    return Salle.objects.managed_by(user).select_related("maison").order_by("maison", "nom")


def length(de, a):
    """How long from one hour to another, over midnight when it ends in the night."""
    starts, ends = (datetime.combine(date.min, at) for at in (de, a))
    if ends <= starts:
        if a > LATEST_NIGHT:
            raise ValidationError({"a": FIN_AVANT_DEBUT})
        ends += timedelta(days=1)
    return ends - starts


class RuleForm(forms.Form):
    """How often something comes back, until when, and what holidays do to it."""

    cadence = forms.ChoiceField(label="Rythme", choices=Cadence)
    dernier = day_field("Dernier jour")
    regime = forms.ChoiceField(label="Et les vacances scolaires ?", choices=Serie.Regime)
    jours_feries = forms.BooleanField(label="Les jours fériés aussi", required=False)


class PatternForm(RuleForm):
    """From which day on, on which days, at what hours."""

    premier = day_field("Premier jour")
    jours = forms.TypedMultipleChoiceField(
        label="Quels jours",
        choices=list(enumerate(heures.WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour."},
    )
    de = hour_field("De")
    a = hour_field("À")

    groups = {
        "Quand": [["premier", "dernier", "de", "a"], ["cadence"], ["jours"]],
        "Vacances et jours fériés": [["regime"], ["jours_feries"]],
    }

    def build(self, **place):
        """The rule that was asked for; raises ValidationError."""
        data = self.cleaned_data
        serie = Serie(
            regle=Rythme(Cadence(data["cadence"]), tuple(sorted(data["jours"]))).rule,
            premier=data["premier"],
            dernier=data["dernier"],
            heure=data["de"],
            duree=length(data["de"], data["a"]),
            regime=data["regime"],
            jours_feries=data["jours_feries"],
            **place,
        )
        serie.full_clean()
        return serie


class RepeatForm(PlaceForm, PatternForm):
    """When, how often and where; `serie` is then the rule, `instance` the date that is repeated."""

    groups = PatternForm.groups | {
        "Où": [["portee", "salle", "personnes"], ["adresse_libre", "quartier"]]
    }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, prefix="repeter", **kwargs)
        self.fields["salle"] = RoomField(rooms_of(user), label="Salle", required=False)
        self.fields["salle"].template_name = "maisons/gestion/champ_selon.html"
        self.fields["salle"].empty_label = self.fields["quartier"].empty_label = "Choisir"

    def clean(self):
        data = self.cleaned_data
        self.set_place(self.instance.evenement)
        if not self.errors:
            place = {"maison": self.instance.maison}
            place |= {name: data[name] for name in ("salle", "portee")}
            try:
                self.serie = self.build(**place)
            except ValidationError as error:
                tell(self, error)
        return data

    def values(self):
        """What `series` is asked for."""
        return {"make": lambda debut, fin: self.instance.again(debut=debut, fin=fin)}


def grouped(form):
    """[(title, lines of fields)], as the page shows them."""
    groups = getattr(form, "groups", {"": [[name] for name in form.fields]})
    return [
        (title, [[form[name] for name in line if name in form.fields] for line in lines])
        for title, lines in groups.items()
    ]


class FromDayForm(forms.Form):
    """From which date on; those to come are offered."""

    depuis = forms.TypedChoiceField(label="À partir de quelle date ?", coerce=date.fromisoformat)

    def __init__(self, *args, serie, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.serie = serie
        days = series.coming(serie, serie.premier).values_list("jour_serie", flat=True)
        self.fields["depuis"].choices = [(f"{day}", heures.day(day)) for day in days]

    def values(self):
        return {"day": self.cleaned_data["depuis"]}


class ChangeForm(FromDayForm):
    """The same dates at another hour or in another room."""

    de = hour_field("De")
    a = hour_field("À")
    salle = RoomField(Salle.objects.none(), label="Salle", empty_label="Choisir")

    groups = {"": [["depuis"], ["de", "a", "salle"]]}

    def __init__(self, *args, serie, user, **kwargs):
        ends = datetime.combine(serie.premier, serie.heure) + serie.duree
        now = {"de": serie.heure, "a": ends.time(), "salle": serie.salle_id}
        super().__init__(*args, serie=serie, user=user, initial=now, **kwargs)
        self.fields["salle"].queryset = rooms_of(user).filter(maison=serie.maison)
        if serie.portee != Portee.SALLE:
            del self.fields["salle"]

    def clean(self):
        data = self.cleaned_data
        if data.get("de") and data.get("a"):
            try:
                data["duree"] = length(data["de"], data["a"])
            except ValidationError as error:
                tell(self, error)
        return data

    def values(self):
        data = self.cleaned_data
        room = {"salle": data["salle"]} if "salle" in data else {}
        return super().values() | room | {"heure": data["de"], "duree": data["duree"]}


class ExtendForm(forms.Form):
    dernier = day_field("Nouveau dernier jour")

    def __init__(self, *args, serie, user, **kwargs):
        super().__init__(*args, initial={"dernier": serie.dernier}, **kwargs)
        self.serie = serie

    def values(self):
        return self.cleaned_data
