"""Find a room: those free on a day for so long, the nearest first, and what else there is."""

from collections import Counter, namedtuple
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from operator import itemgetter
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify

from maisons import heures
from maisons.disponibilites import Disponibilites, days_around
from maisons.forms import NO_DAY, DayField, HourField
from maisons.journee import USUAL, filled_in
from maisons.models import Salle
from quartiers.carte import distance, middle
from quartiers.models import Quartier

BEFORE, WINDOW = timedelta(days=7), timedelta(days=14)  # the days looked at around the one asked
LENGTHS = [timedelta(minutes=half * 30) for half in (1, 2, 3, 4, 6, 8, 10, 12, 16, 20)]
WORDS = 100  # kinds of equipment that the list offers, the most common ones
SPANS = 3  # free spans shown of one room
QUARTIER_PAGE = ["maison__quartier__contour", "maison__quartier__presentation"]  # long, unused
NOT_LISTED = {"invalid_choice": "Choisissez dans la liste."}

# One thing asked for: in words, what is wanted without it, and that search's address.
Criterion = namedtuple("Criterion", "words without address")


@dataclass(frozen=True)
class Offer:
    """A free run of a room from the hour asked for; booked from its beginning."""

    room: Salle
    debut: datetime
    fin: datetime
    wanted: dict

    @property
    def query(self):
        """The address query of the booking form: what is known is not asked again."""
        known = filled_in(self.debut, self.debut + self.wanted["duree"])
        number = self.wanted["personnes"]
        return urlencode(known | ({"personnes": number} if number else {}))


def minutes(length):
    return str(length // timedelta(minutes=1))


class SearchForm(forms.Form):
    """The query string of the search; every field may be left out."""

    is_search = True  # so that no label says « facultatif »

    jour = DayField(label="Jour", required=False, error_messages=NO_DAY)
    de = HourField("À partir de", empty="N’importe quelle heure", required=False)
    duree = forms.TypedChoiceField(
        label="Durée",
        required=False,
        coerce=lambda value: timedelta(minutes=int(value)),
        empty_value=USUAL,
    )
    personnes = forms.IntegerField(
        label="Combien de personnes ?",
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "court"}),
        error_messages={
            "invalid": "Écrivez un nombre, par exemple 12.",
            "min_value": "Il faut au moins une personne.",
        },
    )
    equipement = forms.MultipleChoiceField(
        label="Avec",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Aucune salle n’a « %(value)s »."},
    )
    avec = forms.ChoiceField(label="Équipement", required=False)  # one more
    plain_pied = forms.BooleanField(label="De plain-pied", required=False)
    pres_de = forms.ModelChoiceField(
        Quartier.objects.all(),
        label="Près de",
        to_field_name="slug",
        required=False,
        empty_label="Toute la ville",
        error_messages=NOT_LISTED,
    )

    def __init__(self, data, rooms):
        super().__init__(data)
        self.most = max((room.capacite for room in rooms), default=1)
        self.longest = max((room.duree_max for room in rooms), default=USUAL)
        self.horizon = max((room.horizon for room in rooms), default=1)
        self.words = {}  # {key: its usual spelling}, the most common first
        counted = Counter(pair for room in rooms for pair in room.words.items())
        for (key, word), _ in counted.most_common():
            self.words.setdefault(key, word)
        self.offer_lengths()
        self.offer_equipment(self.data.getlist("equipement"))

    def offer_lengths(self):
        field = self.fields["duree"]
        lengths = [length for length in LENGTHS if length <= self.longest]
        field.choices = [(minutes(length), heures.length(length)) for length in lengths]
        field.error_messages["invalid_choice"] = (
            f"Aucune salle ne se réserve plus de {heures.length(self.longest)} : "
            "choisissez une durée de la liste."
        )

    def offer_equipment(self, asked):
        """Ticked boxes for what is asked for already, a list to add one more."""
        field, common = self.fields["equipement"], list(self.words.items())[:WORDS]
        field.choices = [(key, self.words[key]) for key in asked if key in self.words]
        field.widget.choices = [(key, self.words.get(key, key)) for key in asked]
        if not asked:
            del self.fields["equipement"]
        left = sorted((key, word) for key, word in common if key not in asked)
        self.fields["avec"].choices = [("", "Peu importe"), *left]

    def clean_jour(self):
        day, today = self.cleaned_data["jour"], timezone.localdate()
        latest = today + timedelta(days=self.horizon)
        if day and day < today:
            raise forms.ValidationError("Ce jour est passé : choisissez aujourd’hui ou plus tard.")
        if day and day > latest:
            raise forms.ValidationError(
                f"Les salles se réservent au plus {self.horizon} jours à l’avance : "
                f"jusqu’au {heures.day(latest)}."
            )
        return day

    def clean_personnes(self):
        number = self.cleaned_data["personnes"]
        if number and number > self.most:
            raise forms.ValidationError(f"La plus grande salle accueille {self.most} personnes.")
        return number


class RoomSearch:
    """One answer: the free rooms of a day in order, or what there is nearby; faults in `form`."""

    def __init__(self, query):
        rooms = Salle.objects.filter(reservable=True).select_related("maison__quartier")
        rooms = rooms.defer("maison__presentation", "maison__acces", *QUARTIER_PAGE)
        by_house = rooms.order_by(Unaccent(Lower("maison__nom")), "maison_id", "capacite", "nom")
        self.rooms = list(by_house)
        self.houses = list({room.maison_id: room.maison for room in self.rooms}.values())
        self.form = SearchForm(readable(query), self.rooms)
        self.results = []  # [(room, its first offers)]
        if self.form.is_valid():
            self.chosen = {"equipement": []} | self.form.cleaned_data
            self.search()

    def search(self):
        """On the day asked for; without one today, else the first day that has something."""
        asked, today = self.chosen["jour"], timezone.localdate()
        if near := self.chosen["pres_de"]:
            self.rooms.sort(key=lambda room: nearness(room.maison, near))
        self.day, self.known = asked or today, Disponibilites(self.houses, asked or today)
        self.results = self.free(self.chosen)
        if not (self.results or asked) and self.other_days:
            self.day, self.known = self.other_days[0][0], self.ahead
            self.results = self.free(self.chosen)
        self.form.data["jour"] = self.day.isoformat()

    def free(self, wanted):
        """[(room, offers)] of the day for what is wanted."""
        rooms = [room for room in self.rooms if suits(room, wanted)]
        found = [(room, self.offers(room, self.day, wanted, self.known)) for room in rooms]
        return [(room, offers[:SPANS]) for room, offers in found if offers]

    def offers(self, room, day, wanted, known):
        earliest = heures.starts_at(day, wanted["de"] or time.min)
        spans = known.free(room, day, wanted["personnes"] or 1)
        starts = [(max(span.debut, earliest), span.fin) for span in spans]
        return [
            Offer(room, debut, fin, wanted)
            for debut, fin in starts
            if fin - debut >= wanted["duree"]
        ]

    @cached_property
    def ahead(self):
        first = max(self.day - BEFORE, timezone.localdate())
        return Disponibilites(self.houses, first, first + WINDOW)

    @cached_property
    def other_days(self):
        """[(day, its first offer, address)]: the three nearest days that have one, in order."""
        first = timezone.localdate(self.ahead.debut)
        days = [first + timedelta(days=rank) for rank in range(WINDOW.days + 1)]
        rooms = [room for room in self.rooms if suits(room, self.chosen)]
        found = []
        for day in sorted(days, key=lambda day: abs(day - self.day)):
            offers = (self.offers(room, day, self.chosen, self.ahead) for room in rooms)
            if first_offer := next((offer[0] for offer in offers if offer), None):
                found.append((day, first_offer, self.address(self.chosen, day)))
            if len(found) == 3:
                break
        return sorted(found, key=itemgetter(0))

    @cached_property
    def criteria(self):
        """What was asked for, one by one; the day apart."""
        chosen, found = self.chosen, []
        if chosen["de"]:
            found.append((f"à partir de {heures.hour(chosen['de'])}", {"de": None}))
        if chosen["duree"] != USUAL:
            found.append((f"pendant {heures.length(chosen['duree'])}", {"duree": USUAL}))
        if number := chosen["personnes"]:
            found.append((f"{number} personne{'s' * (number > 1)}", {"personnes": None}))
        for word in chosen["equipement"]:
            others = [other for other in chosen["equipement"] if other != word]
            found.append((self.form.words[word], {"equipement": others}))
        if chosen["plain_pied"]:
            found.append(("de plain-pied", {"plain_pied": False}))
        if chosen["pres_de"]:
            found.append((f"près de {chosen['pres_de']}", {"pres_de": None}))
        return [
            Criterion(words, chosen | change, self.address(chosen | change))
            for words, change in found
        ]

    @cached_property
    def wider(self):
        """[(criterion, rooms free without it)], the one that costs most first."""
        counted = [(criterion, len(self.free(criterion.without))) for criterion in self.criteria]
        return sorted([pair for pair in counted if pair[1]], key=lambda pair: -pair[1])

    @property
    def sentence(self):
        """What is shown: (the number, the day and the criteria in words)."""
        number = len(self.results)
        shown = f"{number or 'Aucune'} salle{'s' * (number > 1)} libre{'s' * (number > 1)}"
        length = f"pendant {heures.length(self.chosen['duree'])}"
        others = [c.words for c in self.criteria if c.words != length]
        return shown, ", ".join([heures.day(self.day), length, *others]) + "."

    @property
    def days(self):
        """The days offered as links: (day, address)."""
        return [(day, self.address(self.chosen, day)) for day in days_around(self.day)]

    @property
    def kept(self):
        """What the links from page to page keep of the address."""
        return f"{self.address(self.chosen)[1:]}&"

    def address(self, wanted, day=None):
        """The address of a search, without what it leaves open."""
        query = {
            "jour": (day or self.day).isoformat(),
            "de": wanted["de"] and f"{wanted['de']:%H:%M}",
            "duree": wanted["duree"] != USUAL and minutes(wanted["duree"]),
            "personnes": wanted["personnes"],
            "equipement": wanted["equipement"],
            "plain_pied": wanted["plain_pied"] and "on",
            "pres_de": wanted["pres_de"] and wanted["pres_de"].slug,
        }
        return "?" + urlencode({name: v for name, v in query.items() if v}, doseq=True)


def readable(query):
    """A copy of the query string: what was added to the equipment with the rest, two hours."""
    query = query.copy()
    words = [*query.getlist("equipement"), *query.getlist("avec")]
    query.setlist("equipement", list(dict.fromkeys(filter(None, map(slugify, words)))))
    query.pop("avec", None)
    if not query.get("duree"):
        query["duree"] = minutes(USUAL)
    return query


def suits(room, wanted):
    """Whether a room has what is wanted, whatever the hour."""
    return (
        room.capacite >= (wanted["personnes"] or 1)
        and room.duree_max >= wanted["duree"]
        and room.words.keys() >= set(wanted["equipement"])
        and (room.step_free or not wanted["plain_pied"])
    )


def nearness(maison, quartier):
    """The order of the houses: those of the quartier, then by their distance to its middle."""
    place = maison.longitude, maison.latitude
    return maison.quartier_id != quartier.pk, distance(place, middle(quartier.contour))
