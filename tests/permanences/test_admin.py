"""Permanences in /gestion/: written as drafts, dated, published; each by those who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons.models import Serie
from notifications.models import Message
from permanences.models import Fiche, Mediateur, Permanence, RendezVous, Service, Vacation
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    FicheFactory,
    IntervenantFactory,
    PermanenceFactory,
    RendezVousFactory,
    ReservationFactory,
    SalleFactory,
    ServiceFactory,
    VacationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
DAY = timezone.localdate() + timedelta(days=30)


def url(page, *args):
    return reverse(f"admin:permanences_{page}", args=args)


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def city(client):
    compte = CompteFactory(is_superuser=True)
    client.force_login(compte)
    return compte


@pytest.fixture
def direction(client):
    """Who directs a house, signed in."""
    mandate = AffectationFactory(role="direction")
    client.force_login(mandate.compte)
    return mandate


@pytest.fixture
def holder(client):
    """Who holds a permanence, signed in."""
    mandate = IntervenantFactory(permanence=PermanenceFactory(publie=True))
    client.force_login(mandate.compte)
    return mandate


def rows(prefix, *given):
    counted = {f"{prefix}-INITIAL_FORMS": 0, f"{prefix}-TOTAL_FORMS": len(given)}
    for rank, answers in enumerate(given):
        counted |= {f"{prefix}-{rank}-{name}": value for name, value in answers.items()}
    return counted


def asked(**answers):
    form = {"mode": "rdv", "guichets": "2", "duree": "", "preavis": "2", "horizon": "42"}
    return form | rows("pauses") | answers


def service(**answers):
    form = {"nom": "Écrivain public", "chapeau": "On écrit avec vous.", "besoins": ["courrier"]}
    form |= {"theme": "droits", "gratuit": "on", "duree": "30", "rappels": "48, 2"}
    return form | {"rendez_vous_max": "2", "conservation": "90"} | rows("motifs") | answers


def date(**answers):
    return {"jour": f"{DAY}", "de": "14:00", "a": "17:00", "salle": "", "remplacant": ""} | answers


def errors(response):
    context = response.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    return {name: list(told) for name, told in form.errors.items()}


class TestService:
    def test_it_is_written_with_its_reasons(self, client, city):
        form = service() | rows("motifs", {"libelle": "Un courrier", "rang": "1"})

        client.post(url("service_add"), form)

        kept = Service.objects.get()
        assert (kept.slug, kept.rappels, kept.publie_le) == ("ecrivain-public", [48, 2], None)
        assert [str(motif) for motif in kept.motifs.all()] == ["Un courrier"]

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"rappels": "deux"}, "rappels"),
            ({"rappels": "1, 2, 3, 4"}, "rappels"),
            ({"rappels": "0"}, "rappels"),
            ({"rappels": "169"}, "rappels"),
            ({"duree": "2"}, "duree"),
            ({"duree": "241"}, "duree"),
            ({"conservation": "0"}, "conservation"),
            ({"rendez_vous_max": "99"}, "rendez_vous_max"),
            ({"besoins": []}, "besoins"),
            ({"langues": ["tlh"]}, "langues"),
        ],
    )
    def test_what_is_wrong_is_told_beside_it(self, client, city, answers, field):
        response = client.post(url("service_add"), service(**answers))

        assert list(errors(response)) == [field]
        assert not Service.objects.exists()

    def test_no_reminder_is_an_answer(self, client, city):
        client.post(url("service_add"), service(rappels=" "))

        assert Service.objects.get().rappels == []

    def test_its_words_reach_the_dates_to_come(self, client, city):
        permanence = PermanenceFactory(publie=True)
        kept = permanence.service

        client.post(url("service_change", kept.pk), service(nom="Accès aux droits"))

        assert Vacation.objects.get().titre == "Accès aux droits"
        assert kept.history.count() >= 1

    def test_what_is_pasted_becomes_a_list(self, client, city):
        client.post(url("service_add"), service(presentation="• lire\n• écrire"))

        assert Service.objects.get().presentation == "- lire\n- écrire"


class TestFiche:
    def form(self, **answers):
        asked = {"titre": "Lire un courrier", "texte": "Commencez par la date.", "source": "CAF"}
        return asked | {"verifiee_le": f"{timezone.localdate()}"} | answers

    def test_it_is_looked_at_then_published(self, client, city):
        client.post(url("fiche_add"), self.form(besoins=["courrier"]))
        fiche = Fiche.objects.get()

        shown = client.get(url("fiche_preview", fiche.pk)).content.decode()
        for _ in range(2):
            client.post(url("fiche_publish", fiche.pk))

        assert "Commencez par la date." in shown
        fiche.refresh_from_db()
        assert fiche.publie_le
        assert fiche.slug == "lire-un-courrier"

    @pytest.mark.parametrize("role", ["accueil", "direction"])
    def test_staff_of_a_house_do_not(self, client, role):
        fiche = FicheFactory()
        client.force_login(AffectationFactory(role=role).compte)

        answered = [
            client.get(url("fiche_preview", fiche.pk)),
            client.post(url("fiche_publish", fiche.pk)),
        ]

        assert [response.status_code for response in answered] == [403, 403]


def test_a_mediator_has_a_page_of_their_own(client, city):
    form = {"nom": "Inès Martin", "qualite": "médiatrice sociale", "langues": ["ar"]}

    client.post(url("mediateur_add"), form | {"debut": f"{timezone.localdate()}"})

    kept = Mediateur.objects.get()
    assert (kept.slug, kept.langues) == ("ines-martin", ["ar"])


class TestPermanence:
    def test_a_direction_opens_one_in_its_house(self, client, direction):
        room, kind = SalleFactory(maison=direction.maison), ServiceFactory()
        place = {"service": kind.pk, "maison": direction.maison_id, "salle": room.pk}

        client.post(
            url("permanence_add"),
            asked(**place) | rows("pauses", {"debut": "12:00", "fin": "13:00"}),
        )

        kept = Permanence.objects.get()
        assert (kept.salle, kept.publie_le, kept.pauses.count()) == (room, None, 1)
        assert kept.preavis == timedelta(hours=2)
        assert kept.history.get().history_user == direction.compte

    def test_no_other_house_is_offered(self, client, direction):
        other = SalleFactory()
        place = {"service": ServiceFactory().pk, "maison": other.maison_id, "salle": other.pk}

        response = client.post(url("permanence_add"), asked(**place))

        assert {"maison", "salle"} <= errors(response).keys()
        assert not Permanence.objects.exists()

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"guichets": "0"}, "guichets"),
            ({"guichets": "21"}, "guichets"),
            ({"duree": "4"}, "duree"),
            ({"horizon": "0"}, "horizon"),
            ({"preavis": "-1"}, "preavis"),
            ({"preavis": ""}, "preavis"),
            ({"mode": "autre"}, "mode"),
        ],
    )
    def test_what_is_wrong_is_told_beside_it(self, client, direction, answers, field):
        place = {"service": ServiceFactory().pk, "maison": direction.maison_id}

        response = client.post(url("permanence_add"), asked(**place | answers))

        assert list(errors(response)) == [field]

    def test_whoever_holds_it_changes_it_but_neither_what_nor_where(self, client, holder):
        permanence = holder.permanence
        other = SalleFactory(maison=permanence.maison)
        forged = {"service": ServiceFactory().pk, "maison": SalleFactory().maison_id}

        client.post(
            url("permanence_change", permanence.pk),
            asked(mode="mixte", salle=other.pk, **forged),
        )

        kept = Permanence.objects.get(pk=permanence.pk)
        assert (kept.mode, kept.service, kept.maison, kept.salle) == (
            *("mixte", permanence.service),
            *(permanence.maison, permanence.salle),
        )
        assert Vacation.objects.get().mention == "avec ou sans rendez-vous"

    def test_nothing_is_public_before_it_is_published(self, client, direction):
        permanence = PermanenceFactory(maison=direction.maison)
        VacationFactory(permanence=permanence)

        assert not Vacation.objects.public().exists()
        for _ in range(2):
            client.post(url("permanence_publish", permanence.pk))

        assert Vacation.objects.public().exists()
        assert Service.objects.get().publie_le

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_the_same(self, client, direction, django_assert_num_queries, count):
        mine = [PermanenceFactory(maison=direction.maison) for _ in range(count)]
        PermanenceFactory()

        with django_assert_num_queries(QUERIES_OF_THE_LIST):
            response = client.get(url("permanence_changelist"))

        assert set(response.context["cl"].result_list) == set(mine)

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_costs_the_same(self, client, holder, django_assert_num_queries, count):
        VacationFactory.create_batch(count, permanence=holder.permanence)

        with django_assert_num_queries(QUERIES_OF_THE_PAGE):
            client.get(url("permanence_change", holder.permanence_id))


QUERIES_OF_THE_LIST, QUERIES_OF_THE_PAGE = 10, 22


@pytest.mark.parametrize(
    "asked",
    [
        *["intervenants__compte__courriel__startswith=a", "vacations__rendez_vous__nom=a"],
        *["vacations__rendez_vous__motif__libelle=a", "maison__affectations__compte__nom=a"],
        *["vacations__debut__gt=2026-01-01", "service__recherche=a", "x=1"],
    ],
)
def test_the_list_answers_no_question_about_people(client, direction, asked):
    PermanenceFactory(maison=direction.maison)

    assert client.get(f"{url('permanence_changelist')}?{asked}").status_code == 400


class TestDates:
    def test_one_is_added_and_public_at_once(self, client, holder):
        client.post(url("permanence_date", holder.permanence_id), date())

        added = Vacation.objects.latest("pk")
        assert (timezone.localtime(added.debut).hour, added.salle) == (14, None)
        assert added.publie_le

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"a": "13:00"}, "a"),
            ({"jour": "2020-01-07"}, "jour"),
            ({"jour": "32/13/2026"}, "jour"),
            ({"jour": "2027-03-28", "de": "02:30", "a": "04:00"}, "de"),
            ({"de": ""}, "de"),
        ],
    )
    def test_what_is_wrong_is_told_beside_it(self, client, holder, answers, field):
        response = client.post(url("permanence_date", holder.permanence_id), date(**answers))

        assert list(errors(response)) == [field]
        assert Vacation.objects.count() == 1

    def test_a_room_that_is_taken_is_said(self, client, holder):
        room = SalleFactory(maison=holder.permanence.maison)
        booked = ReservationFactory(salle=room)
        local = timezone.localtime(booked.debut)
        place = {"salle": room.pk, "jour": f"{local.date()}", "de": f"{local:%H:%M}", "a": "23:00"}

        response = client.post(url("permanence_date", holder.permanence_id), date(**place))

        assert "déjà prise" in str(errors(response))

    def test_one_that_moves_says_whom_it_tells_and_tells_them(self, client, holder):
        vacation = holder.permanence.vacations.get()
        RendezVousFactory(vacation=vacation)
        RendezVousFactory(vacation=vacation, debut=vacation.slots()[1][0], courriel="")
        page = url("vacation_date", vacation.pk)

        shown = client.get(page).content.decode()
        client.post(page, date(salle=vacation.salle_id))

        assert "1 rendez-vous prévenu par e-mail ou SMS" in shown
        assert "1 rendez-vous sans e-mail ni téléphone" in shown
        assert Message.objects.filter(cle__contains="absence_deplace").count() == 1
        assert {timezone.localtime(row.debut).date() for row in RendezVous.objects.all()} == {DAY}

    def test_many_are_looked_at_then_made(self, client, direction):
        permanence = PermanenceFactory(maison=direction.maison)
        form = {"premier": DAY, "dernier": DAY + 9 * WEEK, "cadence": "semaine"}
        form |= {"jours": [DAY.weekday()], "de": "09:00", "a": "12:00", "regime": "toujours"}
        form = {f"repeter-{name}": value for name, value in form.items()}
        page = url("permanence_repeat", permanence.pk)

        look = client.post(page, form).content.decode()
        before = Vacation.objects.count()
        client.post(page, form | {"faire": "1"})

        serie = Serie.objects.get()
        assert before == 0
        assert "Créer les" in look
        assert serie.creneaux.count() + serie.ecartees.count() == 10
        assert not Vacation.objects.public().exists()

    def test_the_desk_may_change_one_but_add_none(self, client):
        vacation = VacationFactory()
        client.force_login(AffectationFactory(maison=vacation.maison).compte)

        pages = [
            client.get(url("vacation_date", vacation.pk)),
            client.get(url("permanence_absence", vacation.permanence_id)),
            client.get(url("permanence_date", vacation.permanence_id)),
            client.get(url("permanence_repeat", vacation.permanence_id)),
        ]

        assert [response.status_code for response in pages] == [200, 200, 403, 403]

    @pytest.mark.parametrize("page", ["permanence_date", "permanence_repeat", "permanence_absence"])
    def test_another_house_is_as_one_that_is_not(self, client, direction, page):
        foreign = PermanenceFactory(publie=True)

        answered = [client.post(url(page, pk), date()) for pk in (foreign.pk, 987654)]
        moved = client.post(url("vacation_date", foreign.vacations.get().pk), date())

        assert {response.status_code for response in (*answered, moved)} == {404}
        assert Vacation.objects.count() == 1


class TestAbsence:
    def absence(self, vacation, **answers):
        day = f"{timezone.localtime(vacation.debut).date()}"
        return {"du": day, "au": day, "sort": "annuler", "remplacant": "", "salle": ""} | answers

    @pytest.fixture
    def vacation(self, holder):
        vacation = holder.permanence.vacations.get()
        RendezVousFactory(vacation=vacation)
        return vacation

    @pytest.fixture
    def page(self, holder):
        return url("permanence_absence", holder.permanence_id)

    def test_it_says_who_will_be_told_and_nothing_is_done_yet(self, client, page, vacation):
        shown = client.post(page, self.absence(vacation)).content.decode()

        assert "Annuler cette date" in shown
        assert "1 rendez-vous prévenu par e-mail ou SMS" in shown
        assert Vacation.objects.holding().exists()
        assert not Message.objects.exists()

    def test_cancelled_dates_tell_each_person_once(self, client, page, vacation):
        for _ in range(2):
            client.post(page, self.absence(vacation) | {"faire": "1"})

        assert not Vacation.objects.holding().exists()
        assert RendezVous.objects.get().etat == "annule"
        assert Message.objects.filter(cle__contains=":absence:").count() == 1

    def test_a_replacement_keeps_the_appointments(self, client, page, vacation):
        form = self.absence(vacation, sort="remplacer", remplacant="Inès Martin")

        shown = client.post(page, form).content.decode()
        client.post(page, form | {"faire": "1"})

        assert "Personne n’a de message à recevoir." in shown
        assert Vacation.objects.get().remplacant == "Inès Martin"
        assert RendezVous.objects.get().etat == "pris"

    def test_another_room_is_told_and_a_taken_one_stays_as_it_was(self, client, page, vacation):
        room = SalleFactory(maison=vacation.maison)
        later = VacationFactory(permanence=vacation.permanence, debut=vacation.debut + WEEK)
        ReservationFactory(salle=room, debut=later.debut, fin=later.fin)
        day = timezone.localtime(later.debut).date()
        form = self.absence(vacation, sort="deplacer", salle=room.pk, au=f"{day}")

        shown = client.post(page, form).content.decode()
        client.post(page, form | {"faire": "1"})

        assert "reste comme avant" in shown
        rooms = Vacation.objects.order_by("debut").values_list("salle", flat=True)
        assert list(rooms) == [room.pk, vacation.salle_id]
        assert Message.objects.filter(cle__contains="absence_deplace").count() == 1

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"sort": ""}, "sort"),
            ({"sort": "remplacer"}, "remplacant"),
            ({"sort": "deplacer"}, "salle"),
            ({"au": "2020-01-01"}, "au"),
            ({"au": f"{timezone.localdate() + 60 * WEEK}"}, "au"),
            ({"du": "", "au": ""}, "du"),
        ],
    )
    def test_what_is_wrong_is_told_beside_it(self, client, page, vacation, answers, field):
        response = client.post(page, self.absence(vacation, **answers) | {"faire": "1"})

        assert field in errors(response)
        assert Vacation.objects.holding().exists()

    def test_without_a_date_it_says_so(self, client, page, vacation):
        far = f"{timezone.localdate() + 20 * WEEK}"

        response = client.post(page, self.absence(vacation, du=far, au=far))

        assert "aucune date" in str(errors(response))


@pytest.mark.parametrize("model", ["service", "fiche"])
def test_a_history_tells_nobody_whether_a_row_exists(client, direction, model):
    row = {"service": ServiceFactory, "fiche": FicheFactory}[model]()

    answered = [client.get(url(f"{model}_history", pk)).status_code for pk in (row.pk, 987654)]

    assert answered == [403, 403]


class TestPreview:
    @pytest.fixture
    def draft(self):
        permanence = PermanenceFactory(service__a_apporter="Votre lettre")
        VacationFactory(permanence=permanence)
        return permanence

    def test_a_draft_is_shown_as_it_will_be_to_who_holds_it(self, client, draft):
        client.force_login(IntervenantFactory(permanence=draft).compte)
        path = url("permanence_preview", draft.pk)

        change = client.get(url("permanence_change", draft.pk)).content.decode()
        page = client.get(path).content.decode()

        assert f'href="{path}"' in change
        assert "Brouillon</b>" in page
        assert "Votre lettre" in page
        assert "Les dates à venir" in page
        assert "ld+json" not in page
        assert "Prendre rendez-vous" not in page

    def test_the_public_does_not_see_it(self, client, draft):
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_who_holds_another_one_does_not(self, client, draft):
        client.force_login(IntervenantFactory().compte)

        assert client.get(url("permanence_preview", draft.pk)).status_code == 404
