"""What a refusal says: a motive of the list, a sentence, other spans that are free."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.urls import reverse

from maisons import heures
from maisons.journee import filled_in
from maisons.models import Reservation


class WordField(forms.CharField):
    """A sentence that the person reads."""

    def __init__(self, label="Un mot pour la personne", **kwargs):
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=label, max_length=300, required=False, widget=widget, **kwargs)


class RefusalForm(forms.Form):
    motif_refus = forms.ChoiceField(
        label="Motif du refus",
        choices=[("", "Choisir dans la liste"), *Reservation.MotifRefus.choices],
        error_messages={"required": "Choisissez un motif."},
    )
    reponse = WordField(help_text="Elle le lira avec le motif.")


class OfferField(forms.MultipleChoiceField):
    """Spans offered instead, all of them at first; one that was taken meanwhile is left out."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value):
        pass

    def clean(self, value):
        return [key for key in super().clean(value) if self.valid_value(key)]


class OfferingForm(RefusalForm):
    proposer = OfferField(label="Proposer à la place", required=False)

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = {offer["lien"]: offer for offer in offers}
        field = self.fields["proposer"]
        field.choices = [(offer["lien"], offer["texte"]) for offer in offers]
        field.initial = list(self.offers)
        if not offers:
            del self.fields["proposer"]

    @property
    def answer(self):
        chosen = [self.offers[key] for key in self.cleaned_data.get("proposer", [])]
        told = {name: self.cleaned_data[name] for name in ("motif_refus", "reponse")}
        return told | {"alternatives": chosen}


def offer(reservation, room, debut, fin):
    """A free span as the message tells it: words, and the link that fills in its form."""
    asked = filled_in(debut, fin) | {"usage": reservation.usage}
    if reservation.personnes:
        asked["personnes"] = reservation.personnes
    page = reverse("maisons:reservation_create", args=[room.maison.slug, room.slug])
    elsewhere = f", {room.maison}" if room.maison_id != reservation.maison_id else ""
    return {
        "texte": f"{room}{elsewhere}, {heures.span(debut, fin)}",
        "lien": f"{settings.SITE_URL}{page}?{urlencode(asked)}",
    }
