"""Activities in /gestion/: one page, a draft at any time, sessions with causes (parcours V1–V5)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from associations import activites, saison
from associations.models import Activite, Seance
from maisons.heures import local
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    InscriptionFactory,
    MaisonFactory,
    MembreFactory,
    ReservationFactory,
    SalleFactory,
    SeanceFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
SUMMER = "2026-08-20 10:00+02:00"


def url(page, *args):
    return reverse(f"admin:associations_{page}", args=args)


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory(zone_scolaire="C")


@pytest.fixture
def summer(time_machine):
    """Before a season whose school holidays are known."""
    time_machine.move_to(SUMMER)


@pytest.fixture
def room():
    return SalleFactory(maison=MaisonFactory(), nom="Grande salle")


def asked(room, **answers):
    """The page as a volunteer sends it: Tuesdays, 18:00 to 19:30, outside school holidays."""
    form = {"titre": "Théâtre du mardi", "maison": room.maison_id, "salle": room.pk}
    form |= {"premier": "2026-09-01", "dernier": "2027-06-30", "gratuit": "on"}
    form |= {"jours": ["1"], "de": "18:00", "a": "19:30", "cadence": "semaine"}
    form |= {"regime": "hors_vacances", "inscription": "saison", "places": "12"}
    return form | {"ouverte": "on", "liste_attente": "on"} | answers


def add(client, room, ours, **answers):
    answers = {"association": ours.pk} | answers
    return client.post(url("activite_add"), asked(room, **answers))


def errors(response):
    context = response.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    return {name: list(told) for name, told in form.errors.items()}


def test_the_address_of_a_page_keeps_the_letters_of_its_name(client, summer, ours, room):
    add(client, room, ours, titre="Cœur et Lætitia d'ici")

    assert Activite.objects.get().slug == "coeur-et-laetitia-d-ici"


def test_one_page_makes_a_draft_and_its_sessions_with_what_is_left_out(client, summer, ours, room):
    response = add(client, room, ours)

    activite = Activite.objects.get()
    page = client.get(response.url).content.decode()
    spans = {(local(s.debut).time(), local(s.fin).time()) for s in activite.seances.all()}
    causes = set(saison.series_of(activite).get().ecartees.values_list("cause", flat=True))
    assert (activite.slug, activite.publie_le) == ("theatre-du-mardi", None)
    assert spans == {(time(18), time(19, 30))}
    assert activite.seances.count() + saison.series_of(activite).get().ecartees.count() == 44
    assert causes == {"vacances"}
    assert f"Dates écartées ({saison.series_of(activite).get().ecartees.count()})" in page
    assert "vacances de Noël" in page.replace("Vacances", "vacances")


def test_a_public_holiday_and_a_taken_room_are_told_with_another_room(client, summer, ours, room):
    SalleFactory(maison=room.maison, nom="Petite salle")
    debut = timezone.make_aware(timezone.datetime(2026, 9, 8, 18))
    ReservationFactory(salle=room, debut=debut, fin=debut + timedelta(hours=1))

    response = add(client, room, ours)

    page = client.get(response.url).content.decode()
    assert "salle déjà réservée" in page
    assert "Petite salle (tous ces jours)" in page
    left_out = saison.series_of(Activite.objects.get()).get().ecartees.get(cause="salle")
    asked_again = client.get(
        f"{url('activite_date', Activite.objects.get().pk)}?ecartee={left_out.pk}"
    )
    assert asked_again.context["form"].initial["jour"] == date(2026, 9, 8)


def test_a_room_taken_each_week_is_refused_with_those_that_are_free(client, summer, ours, room):
    SalleFactory(maison=room.maison, nom="Petite salle")
    add(client, room, ours)

    response = add(client, room, ours, titre="Chant")

    assert errors(response) == {
        "salle": [
            "Cette salle est prise tous ces jours-là à cette heure. Libres : Petite salle "
            "(tous ces jours)."
        ]
    }
    assert Activite.objects.count() == 1


def test_a_draft_is_saved_with_a_title_alone(client, ours, room):
    page = client.get(url("activite_add"))
    form = page.context["adminform"].form
    required = [name for name, field in form.fields.items() if field.required]
    known = {name: form[name].value() for name in ("premier", "dernier", "places", "inscription")}
    sent = known | {"titre": "Échecs", "association": ours.pk, "maison": room.maison_id}
    client.post(url("activite_add"), sent)

    assert len(required) <= 12
    assert Activite.objects.get().titre == "Échecs"
    assert not Seance.objects.exists()


def test_the_last_activity_of_the_association_fills_the_next_one(client, ours, room):
    serie = {"maison": room.maison_id, "salle": room.pk, "tarif": "30 € l’année", "gratuit": ""}
    today = timezone.localdate()
    span = {"premier": f"{today}", "dernier": f"{today + timedelta(days=60)}"}
    add(client, room, ours, **serie, **span, public=["adultes"], regime="toujours")

    form = client.get(url("activite_add")).context["adminform"].form

    assert form["tarif"].value() == "30 € l’année"
    assert form["public"].value() == ["adultes"]
    assert (form["jours"].value(), form["de"].value()) == ([1], time(18))
    assert form["titre"].value() is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"titre": ""}, "titre"),
        ({"places": ""}, "places"),
        ({"de": ""}, "de"),
        ({"jours": []}, "jours"),
        ({"a": "17:00"}, "a"),
        ({"tarif": "3 €"}, "tarif"),
        ({"dernier": "2026-08-01"}, "dernier"),
        ({"age_min": "10", "age_max": "6"}, "age_max"),
        ({"minimum": "50"}, "minimum"),
        ({"questions": ["sante"]}, "questions"),
        ({"salle": "987654321"}, "salle"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(client, summer, ours, room, answers, field):
    response = add(client, room, ours, **answers)

    assert list(errors(response)) == [field]
    assert not Activite.objects.exists()


def test_it_is_published_with_its_sessions(client, summer, ours, room):
    add(client, room, ours)
    activite = Activite.objects.get()

    client.post(url("activite_publish", activite.pk))

    assert set(activite.seances.values_list("publie_le", flat=True)) != {None}
    activite.refresh_from_db()
    assert activite.publie_le


def test_without_a_session_nothing_is_published(client, ours):
    activite = ActiviteFactory(association=ours)

    response = client.post(url("activite_publish", activite.pk), follow=True)

    assert "Ajoutez au moins une séance" in response.content.decode()


def test_without_the_charter_nothing_is_published(client):
    mandate = MembreFactory()
    client.force_login(mandate.compte)
    activite = ActiviteFactory(association=mandate.association, charte=False)
    SeanceFactory(activite=activite)

    response = client.post(url("activite_publish", activite.pk), follow=True)

    activite.refresh_from_db()
    assert "n’a pas signé la charte" in response.content.decode()
    assert activite.publie_le is None


@pytest.mark.parametrize("kind", ["brouillons", "aucune"])
def test_the_home_page_says_what_to_do_first(client, ours, kind):
    if kind == "brouillons":
        ActiviteFactory(association=ours, titre="Brouillon à finir")
    ActiviteFactory(titre="D’une autre association")

    page = client.get(reverse("admin:index")).content.decode()

    assert ("Brouillon à finir" in page) == (kind == "brouillons")
    assert ("Créer votre première activité" in page) == (kind == "aucune")
    assert "D’une autre association" not in page


class TestNextSeason:
    """At most five acts: the button, « Enregistrer », « Publier » (parcours V3)."""

    def test_it_is_asked_for_with_the_same_day_and_hour(self, client, summer, ours, room):
        add(client, room, ours, questions=["photo"], public=["adultes"], jours=["0"])
        before = Activite.objects.get()
        address = f"{url('activite_add')}?saison={before.pk}"

        form = client.get(address).context["adminform"].form
        known = {name: form[name].value() for name in form.fields}
        sent = {name: "on" if value is True else value for name, value in known.items() if value}
        sent |= {"regime": "toujours", "de": "18:00", "a": "19:30"}
        client.post(address, sent)

        after = Activite.objects.get(precedente=before)
        assert known["premier"] == date(2027, 9, 1)
        assert known["jours"] == [0]
        assert (after.titre, after.questions, after.publie_le) == (before.titre, ["photo"], None)
        assert {local(s.debut).weekday() for s in after.seances.all()} == {0}
        assert "ferie" in saison.series_of(after).get().ecartees.values_list("cause", flat=True)
        assert not after.inscriptions.exists()

    def test_that_of_another_association_is_nowhere(self, client, ours):
        foreign = ActiviteFactory()

        for key in (foreign.pk, 987_654_321, "x", ""):
            address = f"{url('activite_add')}?saison={key}"
            assert client.get(address).status_code == 404
            assert client.post(address, {"titre": "X"}).status_code == 404


class TestWhatLocks:
    """Said beside the field before; refused after the first registration (parcours V2)."""

    def test_it_is_said_before(self, client, ours):
        page = client.get(
            url("activite_change", ActiviteFactory(association=ours).pk)
        ).content.decode()

        assert page.count("Ne change plus après la première inscription.") == 2

    def test_the_page_does_not_ask_it_any_more(self, client, ours, room):
        activite = ActiviteFactory(association=ours, publie=True, questions=["photo"])
        InscriptionFactory(activite=activite)
        form = asked(activite.salle, questions=["benevole"])
        locked = {"inscription": "seance", "places": "40"}
        del form["inscription"], form["places"]

        told = client.post(url("activite_change", activite.pk), form | locked).content.decode()
        client.post(url("activite_change", activite.pk), form)

        assert "Quelqu’un s’est inscrit pendant ce temps" in told

        activite.refresh_from_db()
        assert activite.titre == "Théâtre du mardi"
        assert (activite.inscription, activite.places) == ("saison", 3)
        assert activite.questions == ["photo"]

    def test_the_model_refuses_it(self):
        activite = ActiviteFactory(publie=True)
        InscriptionFactory(activite=activite)

        with pytest.raises(activites.ValidationError, match="ne change plus"):
            activites.change(activite, questions=["photo"])


def test_what_changes_is_told_by_the_sessions_too(client, ours):
    activite = ActiviteFactory(association=ours, publie=True)

    client.post(url("activite_change", activite.pk), asked(activite.salle, titre="Chant"))

    assert activite.seances.get().titre == "Chant"


def test_more_places_are_told_by_the_sessions_too(client, ours):
    activite = ActiviteFactory(association=ours, publie=True)

    client.post(url("activite_change", activite.pk), asked(activite.salle, places="8"))

    assert activite.seances.get().mention == "8 places restantes"


class TestSessions:
    def test_one_more_is_asked_for(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True)
        InscriptionFactory(activite=activite)
        day = timezone.localdate() + timedelta(days=90)
        span = {"jour": f"{day}", "de": "14:00", "a": "15:00", "salle": activite.salle_id}

        before = client.get(url("activite_date", activite.pk)).content.decode()
        client.post(url("activite_date", activite.pk), span)

        assert "1 personne à appeler" in before
        assert activite.seances.count() == 2
        assert Message.objects.filter(cle__contains=":ajoutee:").count() == 1

    def test_one_is_moved_and_each_person_told_once(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True)
        InscriptionFactory.create_batch(2, activite=activite)
        seance = activite.seances.get()
        day = timezone.localdate() + timedelta(days=90)
        span = {"jour": f"{day}", "de": "14:00", "a": "15:00", "salle": activite.salle_id}

        before = client.get(url("seance_date", seance.pk)).content.decode()
        client.post(url("seance_date", seance.pk), span)

        assert "2 personnes à appeler" in before
        seance.refresh_from_db()
        assert local(seance.debut).date() == day
        assert Message.objects.filter(cle__contains=":deplacee:").count() == 2

    def test_one_is_cancelled(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True)
        InscriptionFactory(activite=activite)
        seance = activite.seances.get()

        page = client.get(url("seance_cancel", seance.pk)).content.decode()
        client.post(url("seance_cancel", seance.pk))
        again = client.post(url("seance_cancel", seance.pk))

        assert "Qui le saura" in page
        seance.refresh_from_db()
        assert seance.annule_le
        assert again.status_code == 404
        assert Message.objects.filter(cle__contains=":annulee:").count() == 1

    def test_where_nobody_is_registered_nothing_is_said_of_telling(self, client, ours):
        seance = ActiviteFactory(association=ours, publie=True).seances.get()

        for page in ("seance_cancel", "seance_date"):
            assert "Qui le saura" not in client.get(url(page, seance.pk)).content.decode()

    def test_the_activity_stops_and_who_waits_is_told_too(self, client, ours):
        activite = ActiviteFactory(association=ours, publie=True, places=1)
        InscriptionFactory.create_batch(3, activite=activite)
        SeanceFactory(activite=activite)

        page = client.get(url("activite_stop", activite.pk)).content.decode()
        client.post(url("activite_stop", activite.pk))

        assert "3 personnes à appeler" in page
        assert not activite.inscriptions.alive().exists()
        assert Message.objects.filter(cle__contains=":annulee:").count() == 3


@pytest.fixture
def planned(client, ours, room):
    today = timezone.localdate()
    span = {"premier": f"{today}", "dernier": f"{today + timedelta(days=69)}"}
    weekday = (today.weekday() + 1) % 7
    add(client, room, ours, **span, jours=[str(weekday)], regime="toujours")
    activite = Activite.objects.get()
    activites.publish(activite)
    return activite


class TestSeries:
    def test_from_a_date_on_they_take_another_hour_and_people_are_told_once(self, client, planned):
        InscriptionFactory(activite=planned)
        serie = saison.series_of(planned).get()
        from_day = activites.coming(planned)[4].jour_serie
        form = {"depuis": f"{from_day}", "de": "19:00", "a": "20:00", "salle": planned.salle_id}
        address = url("serie_modifier", serie.pk)

        page = client.post(address, form).content.decode()
        client.post(address, form | {"faire": "1"})

        assert "1 personne à appeler" in page
        hours = [local(s.debut).hour for s in activites.coming(planned)]
        assert hours[:4] == [18] * 4
        assert set(hours[4:]) == {19}
        assert Message.objects.filter(cle__contains=":deplacee:").count() == 1

    def test_from_a_date_on_they_are_cancelled(self, client, planned):
        serie, count = saison.series_of(planned).get(), activites.coming(planned).count()
        form = {"depuis": f"{activites.coming(planned)[2].jour_serie}"}

        client.post(url("serie_annuler", serie.pk), form | {"faire": "1"})

        assert activites.coming(planned).count() == 2 < count

    def test_those_of_a_draft_leave_no_trace(self, client, planned):
        planned.seances.update(publie_le=None)
        Activite.objects.update(publie_le=None)
        serie = saison.series_of(planned).get()
        form = {"depuis": f"{activites.coming(planned)[0].jour_serie}", "faire": "1"}

        client.post(url("serie_annuler", serie.pk), form)

        assert not planned.seances.exists()

    def test_the_season_is_made_longer(self, client, planned):
        serie, count = saison.series_of(planned).get(), activites.coming(planned).count()
        form = {"dernier": f"{planned.dernier + timedelta(days=14)}", "faire": "1"}

        client.post(url("serie_prolonger", serie.pk), form)

        assert activites.coming(planned).count() == count + 2

    def test_other_days_are_added(self, client, planned):
        count = activites.coming(planned).count()
        first = timezone.localdate() + timedelta(days=1)
        form = {"premier": f"{first}", "dernier": f"{first + timedelta(days=13)}", "de": "09:00"}
        form |= {"a": "10:00", "jours": [str(first.weekday())], "cadence": "semaine"}
        form = {f"repeter-{name}": value for name, value in (form | {"regime": "toujours"}).items()}

        client.post(url("activite_repeat", planned.pk), form | {"faire": "1"})

        assert activites.coming(planned).count() == count + 2


def test_the_list_says_when_and_how_many(client, ours):
    activite = ActiviteFactory(association=ours, publie=True, places=1)
    InscriptionFactory.create_batch(2, activite=activite)

    page = client.get(url("activite_changelist")).content.decode()

    assert "1 sur 1, 1 en attente" in page
