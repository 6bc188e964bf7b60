"""
What is not public yet is read nowhere: every route × who asks, for a word of its own in each text.

A new text column has its word by itself; a new route is visited by itself, and fails when its
address asks for something that is not known here.
"""

import re
from datetime import time, timedelta
from itertools import chain

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from conseils.models import CompteRendu, Piece, Point, Reunion
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    PieceFactory,
    PointFactory,
    ReunionFactory,
    SecretariatFactory,
    VilleFactory,
)
from tests.portail import canaris
from tests.portail.canaris import GUESSED, said
from tests.portail.voisines import house, somebody

pytestmark = pytest.mark.django_db

WORD = re.compile(r"zq[a-z]+qz")
# Texts that nobody writes for a meeting.
UNWRITTEN = {
    "titre of Creneau": "follows from the number of the meeting: the desk reads it",
    "tarif of Creneau": "a meeting is free",
}
COMPUTED = ("titre", "resume", "mention", "nom_fichier")  # nobody types them, all may read them
# What publishing writes: a draft has none, and its secretary reads none.
LATER = {"resume of Creneau", "mention of Creneau"}
ALLOWED = ["secretaire", "ville"]
OTHERS = ["visiteur", "habitant", "mandat fini", "accueil", "direction", "secretaire d’ailleurs"]


def texts():
    """(model, field) of each text that is written for a meeting before it is public."""
    for model in (Creneau, Reunion, Point, Piece, CompteRendu):
        for field in model._meta.local_concrete_fields:
            written = isinstance(field, models.CharField | models.TextField) and field.editable
            free = not (field.choices or isinstance(field, models.SlugField))
            if free and (written or field.name in COMPUTED):
                yield model, field


def word(model, field):
    return f"zq{model._meta.model_name}{field.name.replace('_', '')}qz"


def fill(draft, point, piece, minutes):
    """Each text of a draft with its own word, whatever the forms say."""
    rows = {Point: point, Piece: piece, CompteRendu: minutes}
    for model, field in texts():
        if f"{field.name} of {model.__name__}" not in UNWRITTEN:
            text = word(model, field)
            if isinstance(field, models.URLField):
                text = f"https://{text}.example/"
            row = rows.get(model, draft)
            model.objects.filter(pk=row.pk).update(**{field.name: text[: field.max_length]})


@pytest.fixture(scope="module")
def drafts(standing):
    return standing(made)


def made():
    """Drafts: one in a house, one elsewhere; both of one council, whose secretary is known."""
    VilleFactory()
    rows = house()
    conseil, maison = rows["conseil"], rows["maison"]
    soon = starts_at(timezone.localdate() + timedelta(days=3), time(3))  # no factory makes a night
    outside = {"portee": "hors_les_murs", "maison": None, "salle": None, "mode": "mixte"}
    outside |= {"adresse_libre": "École", "quartier": conseil.quartier}
    outside |= {"debut": soon + timedelta(hours=3)}  # a council meets once at a time
    inside = ReunionFactory(
        conseil=conseil,
        salle=rows["salle"],
        debut=soon,
        mode="mixte",
        lien_visio="https://visio.example/",
    )
    held = ReunionFactory(conseil=conseil, debut=soon - timedelta(days=9), publie=True)
    minutes = CompteRendu.objects.create(reunion=held)  # nobody has published them
    for draft in (inside, ReunionFactory(conseil=conseil, **outside)):
        point = PointFactory(reunion=draft)
        fill(draft, point, PieceFactory(reunion=draft, point=point), minutes)
    Creneau.objects.filter(pk=inside.pk).update(adresse_libre="")
    return rows | {"maison": maison, "reunion": inside, "debut": soon}


def person(role, rows):
    if role == "secretaire d’ailleurs":
        return SecretariatFactory().compte
    return somebody(role, rows["maison"])


def known(rows):
    """What an address may ask for: values that lead to the drafts, or to what is around."""
    drafts = list(Reunion.objects.filter(publie_le=None).order_by("pk"))
    rows_of = [model.objects.filter(reunion__in=drafts) for model in (Point, Piece)]
    held = list(Reunion.objects.filter(compte_rendu__etat=CompteRendu.Etat.BROUILLON))
    keys = {row.pk for row in chain(drafts, *rows_of, held, CompteRendu.objects.all())}
    house = rows["maison"]
    return GUESSED | {
        **dict.fromkeys(["pk", "object_id"], keys),
        "numero": [meeting.numero for meeting in drafts + held],
        "slug": [rows["conseil"].slug, house.slug, house.quartier.slug],
        "maison_slug": [house.slug],
        "salle_slug": [rows["salle"].slug],
        "nom": [piece.nom_fichier for piece in rows_of[1][:1]],
        "app_label": ["conseils"],
    }


def addresses(rows):
    """Of every route, with each value that its address may have."""
    values = known(rows)
    # Staff pages of other rows: the key of a text leads there to what has its number by chance.
    dates = {row.pk for row in Reunion.objects.filter(pk__in=values["pk"])}
    apart = values | dict.fromkeys(["pk", "object_id"], dates)
    for _, path in canaris.addresses(
        lambda name: apart if name.startswith("admin:") and "conseils" not in name else values
    ):
        yield path
    for version in Reunion.history.filter(publie_le=None):
        args = [version.creneau_id, version.pk]
        yield reverse("admin:conseils_reunion_simple_history", args=args)


def leaks(client, paths, wanted=()):
    """{word found: where}, until all those that are `wanted` are."""
    found = {}
    for path in paths:
        for secret in WORD.findall(said(client.get(path)).lower()):
            found.setdefault(secret, path)
        if wanted and wanted <= found.keys():
            break
    return found


def asked_in_all_ways(rows):
    """The lists, feeds and searches of the portal, with what could make them tell more."""
    day, conseil = timezone.localtime(rows["debut"]).date(), rows["conseil"].slug
    house = rows["maison"]
    for path in ("/agenda/", "/agenda.ics", "/agenda.atom"):
        yield from [f"{path}?du={day}&au={day}", f"{path}?du={day}&nature=reunion&q=zq"]
    yield from [f"/agenda/?mois={day:%Y-%m}", f"/agenda/?maison={house.slug}&du={day}"]
    for model, field in texts():
        typed = word(model, field)
        yield from [f"/recherche/?q={typed}", f"/recherche/?q={typed}&dans=conseils"]
        yield from [f"/conseils/recherche/?q={typed}", f"/agenda/?q={typed}&du={day}"]
    yield from [f"/conseils/recherche/?conseil={conseil}", "/donnees/conseils.json?apres=1"]
    yield from [f"/conseils/{conseil}/?annee={day.year}", f"/conseils/{conseil}/?brouillons=1"]
    for vue in ("jour", "semaine"):
        yield f"/maisons/{house.slug}/salles/?vue={vue}&jour={day}"
    yield f"/salles/?jour={day}&personnes=2"


def of_search(word, path):
    """A page of search says again what was typed."""
    return f"q={word}" in path


@pytest.mark.parametrize("role", OTHERS)
def test_no_word_of_a_draft_reaches_who_does_not_prepare_it(client, drafts, role):
    if compte := person(role, drafts):
        client.force_login(compte)

    assert leaks(client, [*addresses(drafts)]) == {}


def test_no_list_feed_or_search_tells_a_word_of_a_draft(client, drafts):
    found = {}
    for path in asked_in_all_ways(drafts):
        for secret, where in leaks(client, [path]).items():
            if not of_search(secret, where):
                found[secret] = where

    assert found == {}
    results = client.get(f"/recherche/?q={word(Point, Point._meta.get_field('titre'))}")
    assert not results.context["reponse"].groups


@pytest.mark.parametrize("role", ALLOWED)
def test_who_prepares_it_reads_every_word(client, drafts, role):
    """Without which the tests above would prove nothing."""
    client.force_login(person(role, drafts))

    written = {
        word(model, field)
        for model, field in texts()
        if f"{field.name} of {model.__name__}" not in UNWRITTEN.keys() | LATER
    }
    pages = [path for path in addresses(drafts) if path.startswith("/gestion/conseils/")]

    assert written - leaks(client, pages, written).keys() == set()
