"""What a council and its meetings may hold, whoever writes; how an agenda becomes public."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conseils import seances
from conseils.models import Conseil, Conseiller, Point, Reunion, Secretariat
from maisons import natures, planning
from maisons.heures import starts_at
from maisons.models import Creneau
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    PointFactory,
    ReservationFactory,
    ReunionFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db
ONLINE = {"mode": "en_ligne", "lien_visio": "https://visio.example/rives"}


def execute(sql, *args):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, args)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("reunion_numero_unique", "UPDATE conseils_reunion SET numero = 7"),
        ("reunion_lien_en_ligne", "UPDATE conseils_reunion SET lien_visio = 'https://a.example'"),
        (
            "reunion_lien_https",
            "UPDATE conseils_reunion SET mode = 'mixte', lien_visio = 'javascript:alert(1)'",
        ),
        ("point_numero_unique", "UPDATE conseils_point SET numero = 1"),
        ("point_numeros_positifs", "UPDATE conseils_point SET rang = 0"),
        ("point_minutes", "UPDATE conseils_point SET minutes = 0"),
        ("conseil_quorum_positif", "UPDATE conseils_conseil SET quorum = 0"),
        ("conseil_adresse_libre", "UPDATE conseils_conseil SET slug = 'recherche'"),
        ("conseiller_fin_apres_debut", "UPDATE conseils_conseiller SET fin = '1999-01-01'"),
        ("secretariat_fin_apres_debut", "UPDATE conseils_secretariat SET fin = '1999-01-01'"),
        ("creneau_a_son_enfant", "DELETE FROM conseils_reunion"),
        ("creneau_nature_fixe", "UPDATE maisons_creneau SET nature = 'evenement'"),
    ],
)
def test_the_database_refuses_what_must_never_be(constraint, sql):
    conseil = SecretariatFactory().conseil
    ConseillerFactory(conseil=conseil)
    first, _ = ReunionFactory.create_batch(2, conseil=conseil)
    if "DELETE" not in sql:
        PointFactory.create_batch(2, reunion=first)

    with pytest.raises(IntegrityError) as refused:
        execute(sql)

    assert refused.value.__cause__.diag.constraint_name == constraint


def test_meetings_are_numbered_for_each_council_on_its_own():
    conseil = ConseilFactory()

    mine = [ReunionFactory(conseil=conseil).numero for _ in range(3)]

    assert mine == [1, 2, 3]
    assert ReunionFactory().numero == 1


def test_a_meeting_holds_its_room():
    held = ReunionFactory()

    with pytest.raises(ValidationError, match="déjà prise"):
        ReservationFactory(salle=held.salle, debut=held.debut)


def test_a_meeting_online_holds_none():
    online = ReunionFactory(**ONLINE)

    assert (online.salle, online.emprise, online.adresse_libre) == (None, [], "En ligne")
    assert online.quartier == online.conseil.quartier


def test_publishing_numbers_the_items_once_for_all():
    meeting = ReunionFactory()
    first, second, third = PointFactory.create_batch(3, reunion=meeting)
    seances.arrange(meeting, [first, second, third], [])
    third.rang = 1
    seances.arrange(meeting, [first, second, third], [third])

    seances.publish(meeting)

    told = list(meeting.points.values_list("titre", "numero", "rang"))
    assert told == [(third.titre, 1, 1), (first.titre, 2, 2), (second.titre, 3, 3)]
    row = Creneau.objects.get()
    assert (row.mention, row.titre) == ("ordre du jour publié", f"{meeting.conseil}, réunion n° 1")
    assert row.resume == " · ".join(titre for titre, *_ in told)


@pytest.mark.parametrize(("typed", "order"), [(1, "CAB"), (2, "ACB"), (None, "ABC"), (99, "ABC")])
def test_an_item_goes_where_its_position_says(typed, order):
    meeting = ReunionFactory()
    points = [PointFactory(reunion=meeting, titre=titre) for titre in "ABC"]
    points[-1].rang = typed

    seances.arrange(meeting, points, [points[-1]])

    assert "".join(meeting.points.values_list("titre", flat=True)) == order


def test_an_item_goes_down_too():
    meeting = ReunionFactory()
    points = [PointFactory(reunion=meeting, titre=titre) for titre in "ABCD"]
    points[0].rang = 3

    seances.arrange(meeting, points, [points[0]])

    assert "".join(meeting.points.values_list("titre", flat=True)) == "BCAD"


@pytest.mark.parametrize("case", ["published", "cancelled", "no item", "no link"])
def test_an_agenda_is_not_published(case):
    meeting = ReunionFactory(**({"mode": "mixte"} if case == "no link" else {}))
    if case != "no item":
        PointFactory(reunion=meeting)
    if case == "published":
        seances.publish(meeting)
    if case == "cancelled":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    before = Reunion.objects.values().get()

    with pytest.raises(ValidationError):
        seances.publish(meeting)

    assert Reunion.objects.values().get() == before


def test_the_next_meeting_begins_with_the_approval_of_the_last_one():
    """S8"""
    last = ReunionFactory(debut=starts_at(timezone.localdate()) - timedelta(days=30), publie=True)

    following = ReunionFactory(conseil=last.conseil)

    [point] = following.points.all()
    assert point.type == Point.Type.APPROBATION
    assert point.titre.startswith("Approbation du compte rendu du ")


@pytest.mark.parametrize("draft", [True, False])
def test_nothing_is_to_approve_of_a_draft_or_of_a_meeting_cancelled(draft):
    last = ReunionFactory(
        debut=starts_at(timezone.localdate()) - timedelta(days=30), publie=not draft
    )
    if not draft:
        planning.cancel(last, Creneau.Motif.ORGANISATION, by=None)

    assert not ReunionFactory(conseil=last.conseil).points.exists()


@time_machine.travel("2026-03-01 09:00 +0100", tick=False)
def test_the_deadline_is_the_councils_own_in_local_time():
    """S7; ten days before, on the other side of the change of hour."""
    debut = timezone.datetime.fromisoformat("2026-04-03T18:30+02:00")
    meeting = ReunionFactory(debut=debut)

    assert meeting.deadline.isoformat() == "2026-03-24T18:30:00+01:00"
    told = "à publier avant le mardi 24 mars, 18 h 30 (dans 23 jours)"
    assert meeting.deadline_in_words.replace("\u00a0", " ") == told
    meeting.conseil.convocation = 40
    assert meeting.late
    assert meeting.deadline_in_words.startswith("délai dépassé")
    meeting.conseil.convocation = None
    assert not meeting.late
    assert meeting.deadline_in_words == "sans délai de publication"


def test_an_agenda_published_in_time_stays_so():
    meeting = ReunionFactory(debut=timezone.now() + timedelta(days=11), publie=True)

    with time_machine.travel(meeting.fin + timedelta(days=5)):
        assert not meeting.late
    meeting.conseil.convocation = 12  # the rule of another day
    assert not meeting.late


def test_an_agenda_published_late_stays_so():
    meeting = ReunionFactory(debut=timezone.now() + timedelta(days=9), publie=True)
    meeting.conseil.convocation = None
    meeting.conseil.save()

    assert Reunion.objects.get().late
    assert meeting.echeance == meeting.debut - timedelta(days=10)


def test_a_college_is_one_of_the_council():
    member = ConseillerFactory(college="habitants")
    member.full_clean()
    member.college = "notables"

    with pytest.raises(ValidationError, match="habitants, associations"):
        member.full_clean()


def test_members_are_those_in_office_in_the_order_of_the_colleges():
    conseil, today = ConseilFactory(), timezone.localdate()
    old = today - timedelta(days=1)
    for nom, college in [("Zoé", "habitants"), ("Élise", "habitants"), ("Ana", "associations")]:
        ConseillerFactory(conseil=conseil, nom=nom, college=college)
    ConseillerFactory(conseil=conseil, nom="Parti", college="habitants", debut=old, fin=old)
    ConseillerFactory()

    told = [(name, [str(m) for m in people]) for name, people in conseil.members(today)]

    assert told == [("habitants", ["Élise", "Zoé"]), ("associations", ["Ana"])]


@pytest.mark.parametrize("ended", [False, True])
def test_a_secretary_manages_their_own_council_while_the_mandate_lasts(ended):
    yesterday = timezone.localdate() - timedelta(days=1)
    span = {"debut": yesterday, "fin": yesterday} if ended else {}
    mandate = SecretariatFactory(**span)
    mine, foreign = PointFactory(reunion__conseil=mandate.conseil), PointFactory()
    ConseillerFactory(conseil=foreign.reunion.conseil)
    user = mandate.compte

    assert list(Conseil.objects.managed_by(user)) == ([] if ended else [mandate.conseil])
    assert list(Reunion.objects.managed_by(user)) == ([] if ended else [mine.reunion])
    assert list(Point.objects.managed_by(user)) == ([] if ended else [mine])
    assert not Conseiller.objects.managed_by(user)
    assert user.roles == (set() if ended else {"secretaire"})
    assert Secretariat.objects.managed_by(CompteFactory(is_superuser=True)).count() == 1
    for model in (Conseil, Reunion, Point, Conseiller, Secretariat):
        assert not model.objects.owned_by(user)


def test_a_closure_reads_a_meeting_without_a_statement_more(django_assert_num_queries):
    kind = natures.registry()["reunion"]
    draft, public = ReunionFactory(), ReunionFactory(publie=True)
    rows = {row.pk: row for row in kind.children([draft.pk, public.pk])}

    with django_assert_num_queries(0):
        told = [kind.describe(rows[m.pk]) for m in (draft, public)]
        led = [kind.admin_url(rows[m.pk]) for m in (draft, public)]

    assert told == [f"{draft.titre} (brouillon)", public.titre]
    assert led == [f"/gestion/planning/{draft.maison.slug}/", public.get_absolute_url()]
