"""The activities as residents find them: filters, page, sessions, places in words (E4, E7, F1)."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from associations import activites, inscriptions
from maisons.heures import WEEKDAYS
from tests.factories import (
    ActiviteFactory,
    AssociationFactory,
    InscriptionFactory,
    MaisonFactory,
    QuartierFactory,
    SeanceFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/activites/"


def titles(response):
    return [row.titre for row in response.context["programme"].found]


def told(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_list_costs_constant_queries(client, django_assert_num_queries, count):
    ActiviteFactory.create_batch(count, publie=True)

    # city, quartiers, those with something, number, rows, sessions
    with django_assert_num_queries(6 if count else 5):
        response = client.get(URL)

    assert len(titles(response)) == count
    assert not response.cookies


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_constant_queries(client, django_assert_max_num_queries, count):
    activite = ActiviteFactory(publie=True)
    SeanceFactory.create_batch(count, activite=activite)
    InscriptionFactory.create_batch(count, activite=activite)

    with django_assert_max_num_queries(7):
        assert client.get(activite.get_absolute_url()).status_code == 200


def test_with_nothing_found_each_filter_that_hides_some_is_a_way_out(client):
    """Parcours F4."""
    ActiviteFactory.create_batch(2, publie=True, gratuit=False, tarif="60 €", titre="Judo")
    ActiviteFactory(publie=True, gratuit=True, titre="Danse")

    shown = told(client.get(URL, {"q": "judo", "gratuit": "on"}))
    both = told(client.get(URL, {"q": "rien", "jour": "lundi", "age": "3"}))

    assert '<a href="?q=judo">Sans « Gratuit » : 2 réponses</a>' in shown
    assert '<a href="?gratuit=oui">Sans « judo » : 1 réponse</a>' in shown
    assert "Sans «" not in both


def test_a_place_left_is_looked_for_on_the_day_asked(client):
    activite = ActiviteFactory(publie=True, inscription="seance", places=1)
    full = activite.seances.get()
    free = SeanceFactory(activite=activite, debut=full.debut + timedelta(days=1))
    InscriptionFactory(activite=activite, seance=full)
    day, other = (WEEKDAYS[timezone.localtime(one.debut).weekday()] for one in (full, free))

    found = [titles(client.get(URL, {"jour": one, "libre": "on"})) for one in (day, other)]

    assert found == [[], [activite.titre]]


def test_a_draft_a_season_over_and_an_association_out_of_the_directory_are_not_listed(client):
    ActiviteFactory(titre="Brouillon")
    hidden = ActiviteFactory(publie=True, association=AssociationFactory(visible=False))
    over = ActiviteFactory(publie=True)
    type(over).objects.filter(pk=over.pk).update(
        premier=timezone.localdate() - timedelta(9), dernier=timezone.localdate() - timedelta(1)
    )

    assert titles(client.get(URL)) == []
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(over.get_absolute_url()).status_code == 200


def test_a_theme_or_a_quartier_with_nothing_is_not_offered_unless_it_is_asked_for(client):
    """Parcours F2."""
    one, empty = ActiviteFactory(publie=True, theme="sport"), QuartierFactory()
    ActiviteFactory(theme="culture")

    def offered(query):
        fields = client.get(URL, query).context["programme"].form.fields
        return [[key for key, _ in fields[name].choices] for name in ("theme", "quartier")]

    assert offered({}) == [["", "sport"], ["", one.maison.quartier.slug]]
    themes, quartiers = offered({"theme": "culture", "quartier": empty.slug})
    assert "culture" in themes
    assert empty.slug in quartiers


def test_the_feeds_of_the_same_filters_are_those_of_the_agenda(client):
    for theme, age in (("sport", 6), ("sport", 70), ("culture", 6)):
        asked = {"theme": theme, "age_min": age, "age_max": age}
        activite = ActiviteFactory(titre=f"{theme} {age}", **asked)
        SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=2))
        activites.publish(activite)

    page = client.get(URL, {"theme": "sport", "age": "6", "libre": "oui"}).content.decode()

    found = re.findall(r'<link rel="alternate" type="[^"]+" title="[^"]+" href="([^"]+)"', page)
    assert len(found) == 2
    for address in found:
        feed = client.get(unescape(address), follow=True).content.decode()
        assert [title for title in ("sport 6", "sport 70", "culture 6") if title in feed] == [
            "sport 6"
        ]


def filters():
    """(query, what is kept, what is left out)"""
    return [
        ("theme=sport", {"theme": "sport"}, {"theme": "culture"}),
        ("age=8", {"age_min": 6, "age_max": 10}, {"age_min": 11}),
        ("age=8", {"age_max": 8}, {"age_min": 3, "age_max": 7}),
        ("gratuit=oui", {"gratuit": True}, {"gratuit": False, "tarif": "60 € l’année"}),
        ("q=poterie", {"description": "De la poterie."}, {"description": "Du chant."}),
    ]


@pytest.mark.parametrize(("query", "kept", "out"), filters())
def test_each_filter_keeps_what_it_says(client, query, kept, out):
    ActiviteFactory(titre="Oui", publie=True, **kept)
    ActiviteFactory(titre="Non", publie=True, **out)

    response = client.get(f"{URL}?{query}")

    assert titles(response) == ["Oui"]
    assert "Enlever" in told(response)


def test_by_quartier_and_by_day_of_the_week(client):
    near = ActiviteFactory(titre="Oui", publie=True, maison=MaisonFactory(quartier__slug="rives"))
    debut = timezone.localtime(near.seances.get().debut)
    other = ActiviteFactory(titre="Non")
    SeanceFactory(activite=other, debut=debut + timedelta(days=1))
    activites.publish(other)

    assert titles(client.get(f"{URL}?quartier=rives")) == ["Oui"]
    assert titles(client.get(f"{URL}?jour={WEEKDAYS[debut.weekday()]}")) == ["Oui"]


def test_with_places_left(client):
    full = ActiviteFactory(titre="Complet", publie=True, places=1)
    InscriptionFactory(activite=full)
    ActiviteFactory(titre="Des places", publie=True)

    assert titles(client.get(f"{URL}?libre=oui")) == ["Des places"]
    assert "Complet, liste d’attente ouverte" in told(client.get(URL))


@pytest.mark.parametrize("typed", ["age=x", "age=-1", "age=999", "theme=x", "jour=x", "quartier=x"])
def test_what_cannot_be_read_is_told_and_keeps_nothing_out(client, typed):
    ActiviteFactory(publie=True)

    response = client.get(f"{URL}?{typed}")

    assert len(titles(response)) == 1
    assert 'class="erreur"' in told(response)


def test_the_page_says_what_decides_and_the_years_of_birth(client):
    activite = ActiviteFactory(publie=True, age_min=6, age_max=9, gratuit=False, tarif="60 €")
    year = activite.premier.year

    page = told(client.get(activite.get_absolute_url()))

    for fact in (f"nés de {year - 9} à {year - 6}", "60 €", "3 places restantes", "S’inscrire"):
        assert fact in page
    assert "Vous payez sur place, rien en ligne" in page
    assert "· enfants nés" in page  # once


def test_what_is_full_leads_to_the_waiting_list_or_to_nothing(client):
    activite = ActiviteFactory(publie=True, places=1)
    InscriptionFactory(activite=activite)
    assert "S’inscrire sur la liste d’attente" in told(client.get(activite.get_absolute_url()))

    activites.change(activite, liste_attente=False)
    page = told(client.get(activite.get_absolute_url()))

    assert "la liste d’attente est fermée" in page
    assert "S’inscrire" not in page


def test_the_days_left_out_are_shown_with_their_causes(client):
    VilleFactory(zone_scolaire="A")
    activite = ActiviteFactory()
    serie = SerieFactory.build(
        maison=activite.maison,
        salle=activite.salle,
        regime="hors_vacances",
        dernier=timezone.localdate() + timedelta(weeks=16),
    )
    plan = activites.plan(activite, serie)
    activites.publish(activite)

    page = told(client.get(activite.get_absolute_url()))

    assert plan.left_out
    assert "sans date" in page
    assert str(plan.left_out[0]) in page


def test_one_event_a_session_for_other_sites(client):
    activite = ActiviteFactory(publie=True)
    page = client.get(activite.get_absolute_url()).content.decode()
    (data,) = [
        json.loads(script) for script in re.findall(r'application/ld\+json">(.*?)</script>', page)
    ]

    assert data["@type"] == "Event"
    assert data["organizer"]["name"] == activite.association.nom
    assert data["offers"]["price"] == 0


def test_one_change_shows_everywhere_on_the_next_request(client):
    """The agenda, the house, the association, the feeds and the search (F1)."""
    activite = ActiviteFactory(publie=True, titre="Atelier tissage")
    seance = activite.seances.get()
    pages = [URL, activite.get_absolute_url(), activite.association.get_absolute_url()]
    pages += [f"/agenda/?du={timezone.localdate(seance.debut)}", "/recherche/?q=tissage"]
    pages.append(activite.maison.get_absolute_url())
    for page in pages:
        client.get(page)

    activites.change(activite, titre="Atelier vannerie")
    pages[4] = "/recherche/?q=vannerie"

    for page in pages:
        assert "Atelier vannerie" in told(client.get(page)), page


def test_a_season_called_off_says_so_in_its_title_and_stays(client):
    """Parcours F11."""
    activite = ActiviteFactory(publie=True, titre="Judo")
    SeanceFactory.create_batch(9, activite=activite)
    for seance in activite.seances.order_by("debut")[:9]:
        activites.cancel(seance)
    goes_on = client.get(activite.get_absolute_url())

    activites.stop(activite)
    over = client.get(activite.get_absolute_url())

    assert goes_on.context["next"] == activite.seances.latest("debut")
    assert over.status_code == 200
    assert "<title>Annulée : Judo" in told(over)
    assert '<h1><b class="puce alerte">Annulée</b> Judo</h1>' in told(over)
    assert "Les séances à venir sont annulées" in told(over)


def test_a_season_that_is_over_leads_to_the_next_one(client):
    ends = timezone.localdate() - timedelta(1)
    over = ActiviteFactory(publie=True, titre="Judo")
    over.seances.all().delete()
    type(over).objects.filter(pk=over.pk).update(premier=ends - timedelta(9), dernier=ends)
    draft = ActiviteFactory(precedente=over)
    SeanceFactory(activite=draft)
    before = told(client.get(over.get_absolute_url()))
    activites.publish(draft)

    after = told(client.get(over.get_absolute_url()))

    assert "Cette saison est finie" in before
    assert draft.get_absolute_url() not in before
    assert f'<a href="{draft.get_absolute_url()}">Voir la nouvelle saison</a>' in after


def test_places_left_show_in_the_agenda_at_once(client):
    activite = ActiviteFactory(publie=True)
    agenda = f"/agenda/?du={timezone.localdate(activite.seances.get().debut)}"
    assert "3 places restantes" in told(client.get(agenda))

    row = InscriptionFactory(activite=activite)
    assert "2 places restantes" in told(client.get(agenda))
    inscriptions.leave(row)
    assert "3 places restantes" in told(client.get(agenda))
