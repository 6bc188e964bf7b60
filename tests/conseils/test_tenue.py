"""What is kept of a meeting that was held: who came, what was said, approved for good."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conseils import rectifier, tenue
from conseils.models import CompteRendu, Point, Presence
from conseils.models.compte_rendu import attendance
from tests.conseils.test_admin import conseil, room, url
from tests.conseils.test_rectifier import published, read
from tests.factories import (
    CompteFactory,
    ConseillerFactory,
    PointFactory,
    ReunionFactory,
    VilleFactory,
)

__all__ = ["conseil", "room"]
pytestmark = pytest.mark.django_db
TEXTE = "Le conseil donne un avis **favorable**."
DAYS = timedelta(days=40)


@pytest.fixture
def held():
    return published(debut=timezone.now() - DAYS)


def write(meeting, texte=TEXTE, *presences):
    return tenue.keep(meeting, texte, presences, tenue.fingerprint(meeting))


def following(meeting, days=20):
    """A later meeting of the council, held, that approved the minutes of the one before."""
    later = ReunionFactory(conseil=meeting.conseil, debut=meeting.debut + timedelta(days=days))
    later.points.all().delete()
    PointFactory(reunion=later, type=Point.Type.APPROBATION, approuve=meeting)
    later.mark_published()
    return later


def approved(meeting):
    write(meeting)
    return tenue.approve(meeting, following(meeting))


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("sql", "constraint"),
        [
            ("UPDATE conseils_compterendu SET texte = 'Autre'", "compte_rendu_fige"),
            ("UPDATE conseils_compterendu SET etat = 'propose'", "compte_rendu_fige"),
            ("DELETE FROM conseils_compterendu", "compte_rendu_fige"),
            ("UPDATE conseils_presence SET etat = 'absent'", "presence_figee"),
            ("DELETE FROM conseils_presence", "presence_figee"),
        ],
    )
    def test_what_is_approved_does_not_change(self, held, sql, constraint):
        member = ConseillerFactory(conseil=held.conseil)
        write(held, TEXTE, Presence(reunion=held, conseiller=member, etat="present"))
        tenue.approve(held, following(held))

        with pytest.raises(IntegrityError) as refused:
            execute(sql)

        assert refused.value.__cause__.diag.constraint_name == constraint

    @pytest.mark.parametrize("sql", ["SET etat = 'brouillon', publie_le = NULL", "DELETE"])
    def test_what_is_public_stays_so(self, held, sql):
        write(held)
        tenue.propose(held)
        table = "conseils_compterendu"

        with pytest.raises(IntegrityError) as refused:
            execute(f"DELETE FROM {table}" if sql == "DELETE" else f"UPDATE {table} {sql}")

        assert refused.value.__cause__.diag.constraint_name == "compte_rendu_fige"

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"etat": "represente"}, "presence_representee"),
            ({"etat": "present", "represente_par": "Ada"}, "presence_representee"),
            ({"etat": "present", "ours": False}, "presence_du_conseil"),
            ({"etat": "present", "twice": True}, "presence_unique"),
        ],
    )
    def test_an_attendance_that_cannot_be_is_refused(self, held, fields, constraint):
        ours, twice = fields.pop("ours", True), fields.pop("twice", False)
        member = ConseillerFactory(**({"conseil": held.conseil} if ours else {}))
        fields |= {"reunion": held, "conseiller": member}
        if twice:
            Presence.objects.create(**fields)

        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Presence.objects.create(**fields)

        assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize("case", ["draft", "to come", "cancelled"])
def test_nothing_is_told_of_what_was_not_held(case):
    meeting = published(debut=timezone.now() + DAYS)
    if case == "draft":
        meeting = ReunionFactory(debut=timezone.now() - DAYS)
    if case == "cancelled":
        rectifier.call_off(meeting, "Élections.")

    with pytest.raises(ValidationError, match="n’a pas eu lieu"):
        write(meeting)

    assert not CompteRendu.objects.exists()


def test_minutes_go_from_draft_to_approved(held):
    by = CompteFactory()
    held.conseil.quorum = 12
    held.conseil.save()

    kept = tenue.keep(held, TEXTE, [], tenue.fingerprint(held), by)
    assert (kept.public, kept.quorum, kept.history.get().history_user) == (False, 12, by)
    assert tenue.propose(held).public
    write(held, "Le conseil donne un avis.")  # what is to approve may still be put right
    later = following(held)
    kept = tenue.approve(held, later)

    assert (kept.etat, kept.approuve_a) == ("approuve", later)
    for act in (lambda: write(held, "Autre"), lambda: tenue.propose(held)):
        with pytest.raises(ValidationError, match="approuvé"):
            act()


@pytest.mark.parametrize("case", ["none", "no item", "before", "elsewhere", "to come", "cancelled"])
def test_minutes_are_approved_at_a_later_meeting_that_had_them_to_approve(held, case):
    write(held)
    days = {"before": -20, "to come": 60}.get(case, 20)
    later = following(published(debut=held.debut) if case == "elsewhere" else held, days)
    if case == "no item":
        later.points.update(type=Point.Type.AVIS)
    if case == "cancelled":
        later.mark_called_off("organisation", "Élections.", False)

    with pytest.raises(ValidationError, match="à approuver : il le reste"):
        tenue.approve(held, held if case == "none" else later)

    assert CompteRendu.objects.get().etat == "brouillon"


@pytest.mark.parametrize("texte", ["", "  \n"])
def test_empty_minutes_are_not_published(held, texte):
    write(held, texte)

    with pytest.raises(ValidationError, match="Écrivez le compte rendu"):
        tenue.propose(held)


def test_what_somebody_else_wrote_meanwhile_is_told(held):
    seen = tenue.fingerprint(held)
    write(held, "La première.")

    with pytest.raises(ValidationError) as refused:
        tenue.keep(held, "La seconde.", [], seen)

    assert refused.value.messages == [tenue.CHANGED]
    assert CompteRendu.objects.get().texte == "La première."


@pytest.mark.parametrize(
    ("here", "quorum", "words"),
    [
        (14, 12, "14 membres présents, quorum 12 atteint"),
        (12, 12, "12 membres présents, quorum 12 atteint"),
        (1, 12, "1 membre présent, quorum 12 non atteint"),
        (3, None, "3 membres présents"),
    ],
)
def test_the_quorum_counts_those_who_are_there(here, quorum, words):
    rows = [Presence(etat="present")] * here + [Presence(etat="represente")] * 20

    assert attendance(rows, quorum) == words


class TestThePublicPage:
    @pytest.fixture(autouse=True)
    def ville(self):
        VilleFactory()

    def test_a_draft_is_not_read(self, client, held):
        member = ConseillerFactory(conseil=held.conseil, nom="Ursule Absente")
        write(held, TEXTE, Presence(reunion=held, conseiller=member, etat="absent"))

        page = read(client, held.get_absolute_url())

        assert "favorable" not in page
        assert "Compte rendu" not in page
        assert "Ursule Absente" not in page

    def test_minutes_to_approve_say_so_with_who_was_there(self, client, held):
        names = {"present": "Ada", "excuse": "Béa", "represente": "Clé"}
        rows = [
            Presence(
                reunion=held,
                conseiller=ConseillerFactory(conseil=held.conseil, nom=nom),
                etat=etat,
                represente_par="Ada" if etat == "represente" else "",
            )
            for etat, nom in names.items()
        ]
        write(held, f"{TEXTE} <script>alert(1)</script>", *rows)
        tenue.propose(held)

        page = read(client, held.get_absolute_url())

        assert "Compte rendu (à approuver)" in page
        assert "<strong>favorable</strong>" in page
        assert "<script>alert" not in page
        assert "1 membre présent" in page
        assert "Clé, par Ada" in page
        order = [page.index(f"<dt>{state}") for state in ("Présents", "Représentés", "Excusés")]
        assert order == sorted(order)

    def test_approved_ones_say_at_which_meeting(self, client, held):
        kept = approved(held)

        page = read(client, held.get_absolute_url())

        assert "à approuver" not in page
        assert "Approuvé à la réunion du" in page
        assert kept.approuve_a != held

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_constant_queries(self, client, held, django_assert_num_queries, count):
        members = ConseillerFactory.create_batch(count, conseil=held.conseil)
        rows = [Presence(reunion=held, conseiller=m, etat="present") for m in members]
        write(held, TEXTE, *rows)
        tenue.propose(held)

        with django_assert_num_queries(6):  # with documents, corrections, attendance
            client.get(held.get_absolute_url())


class TestThePageOfTheSecretary:
    @pytest.fixture
    def meeting(self, conseil, room):
        return ReunionFactory(conseil=conseil, salle=room, publie=True, debut=timezone.now() - DAYS)

    @pytest.fixture
    def member(self, meeting):
        return ConseillerFactory(conseil=meeting.conseil, nom="Ada", debut=meeting.debut - DAYS)

    def form(self, meeting, member, etat="present", par=""):
        answers = {"texte": TEXTE, "version": tenue.fingerprint(meeting)}
        return answers | {f"etat_{member.pk}": etat, f"par_{member.pk}": par}

    def test_from_attendance_to_approval(self, client, meeting, member):
        page = url("reunion_minutes", meeting.pk)
        assert page in client.get(url("reunion_change", meeting.pk)).content.decode()

        client.post(page, self.form(meeting, member))
        client.post(url("reunion_propose", meeting.pk))
        later = following(meeting)
        seen = client.get(page).content.decode()
        client.post(url("reunion_approve", meeting.pk), {"reunion": later.pk})

        assert "Le public lit ce compte rendu" in seen
        assert Presence.objects.get().etat == "present"
        assert CompteRendu.objects.get().approuve_a == later
        assert "il ne change plus" in client.get(page).content.decode()

    @pytest.mark.parametrize(
        ("etat", "par", "sentence"),
        [
            ("represente", "", "Dites qui représente Ada."),
            ("present", "Béa", "ou effacez ce nom"),
            ("parti", "", "choix"),
        ],
    )
    def test_bad_answers_get_a_sentence(self, client, meeting, member, etat, par, sentence):
        answers = self.form(meeting, member, etat, par)

        page = client.post(url("reunion_minutes", meeting.pk), answers).content.decode()

        assert sentence in page
        assert "favorable" in page
        assert not CompteRendu.objects.exists()

    def test_the_second_of_two_pages_is_told_once_and_keeps_what_was_typed(
        self, client, meeting, member
    ):
        page, answers = url("reunion_minutes", meeting.pk), self.form(meeting, member)
        client.post(page, answers | {"texte": "La première."})

        refused = client.post(page, answers | {"texte": "La seconde."})

        assert tenue.CHANGED in refused.content.decode()
        assert "La seconde." in refused.content.decode()
        version = refused.context["form"]["version"].value()
        client.post(page, answers | {"texte": "La seconde.", "version": version})
        assert CompteRendu.objects.get().texte == "La seconde."

    def test_a_button_pressed_twice_keeps_once_and_says_that_it_is_kept(
        self, client, meeting, member
    ):
        page, answers = url("reunion_minutes", meeting.pk), self.form(meeting, member)

        pressed = [client.post(page, answers) for _ in range(2)]

        assert [answer.status_code for answer in pressed] == [302, 302]
        assert CompteRendu.objects.get().history.count() == 1
        assert Presence.objects.get().etat == "present"

    def test_a_member_whose_mandate_had_ended_is_not_asked_for(self, client, meeting, member):
        day = timezone.localdate(meeting.debut)
        gone = ConseillerFactory(
            conseil=meeting.conseil, nom="Partie", debut=day - DAYS, fin=day - timedelta(days=1)
        )

        form = client.get(url("reunion_minutes", meeting.pk)).context["form"]

        assert form.members == [member]
        assert f"etat_{gone.pk}" not in form.fields

    @pytest.mark.parametrize("page", ["minutes", "propose", "approve"])
    def test_another_council_is_not_found(self, client, conseil, page):
        foreign = ReunionFactory(publie=True, debut=timezone.now() - DAYS)

        assert client.post(url(f"reunion_{page}", foreign.pk)).status_code == 404
