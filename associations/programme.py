"""The activities of the season: theme, age, day of the week, quartier, free, places left."""

from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from associations.liste import ALL, FilterForm, Liste
from associations.models import Activite, Seance
from maisons.forms.refus import UNKNOWN
from maisons.heures import WEEKDAYS

OLDEST = 120
FULL = "complet"  # how the mention of a list without a place begins
A_NUMBER = "Écrivez un âge en chiffres, par exemple 8."


class ProgrammeForm(FilterForm):
    age = forms.IntegerField(
        label="Âge",
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "court"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], A_NUMBER),
    )
    jour = forms.ChoiceField(
        label="Jour",
        choices=ALL + [(day, day.capitalize()) for day in WEEKDAYS],
        required=False,
        error_messages=UNKNOWN,
    )
    gratuit = forms.BooleanField(label="Gratuit", required=False)
    libre = forms.BooleanField(label="Il reste des places", required=False)


class Programme(Liste):
    FORM = ProgrammeForm
    NOUN, NAME = "activité", "titre"
    BOXES = {"gratuit": "gratuites", "libre": "avec des places"}

    @property
    def everything(self):
        return Activite.objects.public().going_on(timezone.localdate())

    def there(self):
        rows = self.everything.order_by().values_list("theme", "maison__quartier__slug").distinct()
        return {"theme": {theme for theme, _ in rows}, "quartier": {slug for _, slug in rows}}

    def kept(self, rows):
        if theme := self.chosen.get("theme"):
            rows = rows.filter(theme=theme)
        if slug := self.chosen.get("quartier"):
            rows = rows.filter(maison__quartier__slug=slug)
        if (age := self.chosen.get("age")) is not None:
            young = Q(age_min=None) | Q(age_min__lte=age)
            rows = rows.filter(young, Q(age_max=None) | Q(age_max__gte=age))
        if self.chosen.get("gratuit"):
            rows = rows.filter(gratuit=True)
        return self.held(rows)

    def held(self, rows):
        """Those with a session to come on the day asked for, and with a place in it."""
        coming = upcoming().filter(activite=OuterRef("pk"))
        day, free = self.chosen.get("jour"), self.chosen.get("libre")
        if day:
            coming = coming.filter(debut__iso_week_day=WEEKDAYS.index(day) + 1)
        if free:
            coming = coming.exclude(mention__startswith=FULL)
        return rows.filter(Exists(coming)) if day or free else rows

    def shown(self, rows):
        columns = ["titre", "slug", "resume", "gratuit", "tarif", "age_min", "age_max", "premier"]
        columns += ["dernier", "association__nom", "maison__nom", "maison__slug"]
        return rows.select_related("association", "maison").only(*columns)

    @property
    def spelt(self):
        age = self.chosen.get("age")
        return {"age": f"{age} an{'s' * (age > 1)}"} if age is not None else {}

    @property
    def dates(self):
        """The same filters as the agenda and its feeds read them, which count no places."""
        kept = {name: value for name, value in self.asked.items() if name != "libre"}
        return urlencode({"nature": Seance.NATURE} | kept)

    @cached_property
    def found(self):
        """The rows of the page."""
        return with_next(self.page[0])


def upcoming():
    """The public sessions to come that are held."""
    return Seance.objects.upcoming(timezone.now()).public().holding()


def with_next(activites):
    """[activity], each with its `next` session to come, or None, and whether it is `full`."""
    rows = list(activites)
    first = upcoming().filter(activite__in=[row.pk for row in rows])
    first = first.order_by("activite", "debut").distinct("activite")
    next_of = {date.activite_id: date for date in first}
    for row in rows:
        row.next = next_of.get(row.pk)
        row.full = row.next is not None and row.next.mention.startswith(FULL)
    return rows
