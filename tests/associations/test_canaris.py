"""Nobody reads who else is registered: each personal field of others holds a token, looked for."""

import pytest
from django.urls import reverse
from django.utils import timezone

from associations import inscriptions
from associations.models import Agenda, Dossier, Inscription
from notifications.models import Message
from tests.associations.passes import address, children, opened
from tests.factories import ActiviteFactory, CompteFactory, VilleFactory

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 9
TOKENS = ["Canari-nom", "canari-courriel", "Canari-prenom", "98 76 54 32"]


@pytest.fixture
def activite():
    VilleFactory()
    activite = ActiviteFactory(publie=True, places=2, questions=["photo"], inscription="saison")
    child = {"prenom": "Canari-prenom", "naissance": YEAR, "reponses": ["photo"]}
    for who in (
        {"nom": "Canari-nom", "courriel": "canari-courriel@ville.example"},
        {"nom": "Canari-nom", "telephone": "+33698765432"},
        {"nom": "Canari-nom", "courriel": "canari-courriel2@ville.example"},
    ):
        inscriptions.register(Dossier(**who), [Inscription(activite=activite, **child)])
    return activite


def leaks(client, paths):
    pages = {path: client.get(path, follow=True).content.decode() for path in paths}
    return [(path, token) for path, text in pages.items() for token in TOKENS if token in text]


def public(activite):
    seance = activite.seances.first()
    return [
        *[address(activite), activite.get_absolute_url(), activite.association.get_absolute_url()],
        *["/activites/", "/agenda/", "/agenda.ics", "/agenda.atom", "/recherche/?q=Canari"],
        *[f"/agenda/{seance.pk}/", activite.maison.get_absolute_url(), "/inscriptions/"],
    ]


def test_no_public_page_nor_that_of_another_person_says_who_is_registered(client, activite):
    me = CompteFactory()
    mine = Dossier(compte=me)
    inscriptions.register(mine, [Inscription(activite=activite)])
    assert leaks(client, [*public(activite), opened(mine)]) == []
    client.force_login(me)
    client.post(reverse("associations:agenda_renew"))
    agenda = reverse("associations:agenda_ics", args=[Agenda.objects.get().code])
    line = mine.inscriptions.get().pk
    acts = [f"{mine.get_absolute_url()}{act}-{line}/" for act in ("quitter", "attestation")]

    assert leaks(client, [*public(activite), mine.get_absolute_url(), agenda, *acts]) == []


def test_no_letter_to_another_person_names_them(client, activite):
    before = list(Message.objects.values_list("pk", flat=True))
    year = timezone.localdate().year - 8
    client.post(address(activite), children(("Inès", year), attente=f"{activite.pk}:0"))

    letters = Message.objects.exclude(pk__in=before).values_list("texte", "objet", "sms", "html")
    assert [t for told in letters for t in TOKENS if t in "".join(told)] == []
    assert letters


def test_a_code_forwarded_names_nobody(client, activite):
    paths = [
        opened(dossier, act and f"{act}-{dossier.inscriptions.get().pk}")
        for dossier in Dossier.objects.all()
        for act in ("", "quitter", "accepter", "attestation")
    ]
    paths += [opened(dossier, "calendrier") for dossier in Dossier.objects.all()]

    assert leaks(client, paths) == []


def test_the_control_finds_a_name_that_is_shown(client, activite):
    me = CompteFactory(nom="Canari-nom")
    client.force_login(me)

    assert leaks(client, ["/mon-espace/"])
