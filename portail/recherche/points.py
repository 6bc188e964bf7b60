"""Looking through all the agendas of the councils: words, council, year, kind of item."""

from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Max, Min, Q
from django.utils import timezone

from conseils.models import Conseil, Point, Reunion
from maisons import heures
from maisons.forms.refus import UNKNOWN
from maisons.models import Creneau
from portail.recherche import Found
from portail.recherche.extraits import BEGIN, extracts, marked
from portail.recherche.mots import SIGNS, Wanted

ROWS, MANY = 20, 500
ALL = [("", "Tous")]
ALL_YEARS = [("", "Toutes")]


class PointForm(forms.Form):
    """The query string; every field may be left out."""

    q = forms.CharField(label="Mots", max_length=SIGNS, required=False)
    conseil = forms.ChoiceField(label="Conseil", required=False, error_messages=UNKNOWN)
    annee = forms.ChoiceField(label="Année", required=False, error_messages=UNKNOWN)
    type = forms.ChoiceField(
        label="Pour quoi", choices=ALL + Point.Type.choices, required=False, error_messages=UNKNOWN
    )

    def __init__(self, query, conseils, years):
        super().__init__(query)
        self.fields["conseil"].choices = ALL + [(c.slug, c.nom) for c in conseils]
        self.fields["annee"].choices = ALL_YEARS + [(str(year), str(year)) for year in years]


class Points:
    """One answer: at most twenty items, those of the latest meetings first."""

    def __init__(self, query):
        self.conseils = list(Conseil.objects.only("slug", "nom"))
        self.form = PointForm(query, self.conseils, years())
        self.faults = {name: " ".join(told) for name, told in self.form.errors.items()}
        self.chosen = self.form.cleaned_data
        self.after = query.get("apres", "")
        self.wanted = Wanted(self.chosen.get("q", ""))

    @property
    def asked(self):
        """The filters that can be read, as the address says them."""
        return {name: value for name, value in self.chosen.items() if value}

    @property
    def rows(self):
        """All the public items that the filters keep, without order."""
        meetings = Q(reunion__publie_le__isnull=False, reunion__nature=Reunion.NATURE)
        rows = Point.objects.filter(meetings).order_by()
        if self.wanted:
            rows = rows.filter(self.wanted.exactly("titre", "texte"), recherche=self.wanted.query)
        if slug := self.chosen.get("conseil"):
            rows = rows.filter(reunion__conseil__slug=slug)
        if year := self.chosen.get("annee"):
            rows = rows.filter(reunion__debut__year=int(year))
        if kind := self.chosen.get("type"):
            rows = rows.filter(type=kind)
        return rows

    @cached_property
    def number(self):
        """How many, counted to the first after MANY."""
        return self.rows.values("pk")[: MANY + 1].count()

    @cached_property
    def page(self):
        """(the rows shown, the address of the next ones or nothing)."""
        rows = self.rows.filter(following(self.after)).select_related("reunion__conseil")
        rows = rows.only(
            *["reunion", "numero", "rang", "titre", "type", "reunion__debut", "reunion__fin"],
            *["reunion__annule_le", "reunion__numero", "reunion__conseil__nom"],
            *["reunion__conseil__slug"],
        )
        if self.wanted:
            rows = rows.annotate(**extracts(self.wanted, "titre", "texte"))
        order = ["-reunion__debut", "-reunion_id", "rang", "numero"]
        found = list(rows.order_by(*order)[: ROWS + 1])
        last = found[ROWS - 1] if len(found) > ROWS else None
        return found[:ROWS], last and self.address(apres=key(last))

    @property
    def found(self):
        return [told(point) for point in self.page[0]]

    @property
    def sentence(self):
        """« 12 points d’ordre du jour pour « fontaine », Conseil des Rives, 2025 »."""
        number = f"plus de {MANY}" if self.number > MANY else self.number or "aucun"
        several = "s" if self.number > 1 else ""
        parts = [f"«\u00a0{self.wanted.typed}\u00a0»"] if self.wanted.typed else []
        for name in ("conseil", "annee", "type"):
            if value := self.chosen.get(name):
                parts.append(dict(self.form.fields[name].choices)[value])
        filters = f" : {', '.join(parts)}" if parts else ""
        return f"{str(number).capitalize()} point{several} d’ordre du jour{filters}."

    def address(self, **more):
        return f"?{urlencode(self.asked | more)}"


def years():
    """From the first public meeting to the last, the latest first."""
    public = Creneau.objects.public().filter(nature=Reunion.NATURE)
    first, last = public.aggregate(first=Min("debut"), last=Max("debut")).values()
    if first is None:
        return []
    return range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1)


def key(point):
    """Where the next page begins, in the address."""
    return f"{point.reunion.debut.isoformat()}_{point.reunion_id}_{point.rang}_{point.numero}"


def following(typed):
    """What comes after a key; all of it when the key cannot be read."""
    try:
        moment, reunion, rang, numero = typed.split("_")
        moment = datetime.fromisoformat(moment.replace(" ", "+"))
        reunion, rang, numero = int(reunion), int(rang), int(numero)
        if timezone.is_naive(moment) or max(rang, numero) > 32_767 or reunion > 2**31 - 1:
            return Q()
    except ValueError:
        return Q()
    in_meeting = Q(rang__gt=rang) | Q(rang=rang, numero__gt=numero)
    same_start = Q(reunion_id__lt=reunion) | Q(reunion_id=reunion) & in_meeting
    return Q(reunion__debut__lt=moment) | Q(reunion__debut=moment) & same_start


def told(point):
    meeting = point.reunion
    facts = [meeting.conseil.nom, heures.dated(meeting.debut), point.get_type_display()]
    text = getattr(point, "extrait", "")
    return Found(
        marked(getattr(point, "phrase", point.titre)),
        f"{meeting.get_absolute_url()}#point-{point.numero}",
        " · ".join(facts),
        marked(f"… {text} …") if BEGIN in text else "",
        bool(meeting.annule_le),
    )
