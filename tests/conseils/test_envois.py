"""Members and followers are told once of what a council publishes; nobody else is (21)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conseils import envois, seances
from conseils.models import Reunion
from conseils.suivre import subject
from conseils.tasks import erase_outdated
from maisons import fermetures, planning
from maisons.models import Creneau
from notifications import suivi
from notifications.models import Abonnement, Message
from notifications.tasks import drain
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    FermetureFactory,
    PointFactory,
    ReunionFactory,
    SecretariatFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
MEMBERS = ["ada@exemple.fr", "bo@exemple.fr"]
FOLLOWERS = ["camille@exemple.fr", "linh@exemple.fr"]
ONLINE = {"mode": "mixte", "lien_visio": "https://visio.example/rives"}


def followed_by(conseil, courriel, **fields):
    fields = {"confirme_le": timezone.now()} | fields
    return Abonnement.objects.create(sujet=subject(conseil.pk), courriel=courriel, **fields)


@pytest.fixture
def conseil():
    """Two members and two followers, one of them twice; those around them must get nothing."""
    VilleFactory()
    conseil, other = ConseilFactory(nom="Conseil des Rives"), ConseilFactory()
    today = timezone.localdate()
    day = timedelta(days=1)
    for courriel in (*MEMBERS, ""):
        ConseillerFactory(conseil=conseil, courriel=courriel)
    ConseillerFactory(
        conseil=conseil, courriel="avant@exemple.fr", debut=today - 9 * day, fin=today - day
    )
    ConseillerFactory(conseil=conseil, courriel="apres@exemple.fr", debut=today + day)
    ConseillerFactory(conseil=other, courriel="ada2@exemple.fr")
    suivi.follow(subject(conseil.pk), CompteFactory(courriel=FOLLOWERS[0]))
    suivi.follow(subject(conseil.pk), CompteFactory(courriel="fermee@exemple.fr", is_active=False))
    for courriel in (*FOLLOWERS, MEMBERS[0]):
        followed_by(conseil, courriel)
    followed_by(conseil, "jamais@exemple.fr", confirme_le=None)
    followed_by(other, "linh2@exemple.fr")
    return conseil


@pytest.fixture
def meeting(conseil):
    """A draft, three weeks from now."""
    meeting = ReunionFactory(conseil=conseil, debut=timezone.now() + timedelta(days=21), **ONLINE)
    PointFactory(reunion=meeting, titre="Bancs & ombre", minutes=30, rapporteur="Ada")
    PointFactory(reunion=meeting, titre="Questions de la salle", type="question", minutes=45)
    return meeting


def told(what="convocation"):
    rows = Message.objects.filter(cle__contains=f":{what}:")
    return sorted(rows.values_list("destinataire", flat=True))


def test_publishing_tells_members_and_followers_once(meeting):
    seances.publish(meeting)
    envois.announce(meeting)

    assert told() == MEMBERS + FOLLOWERS
    assert Message.objects.count() == len(MEMBERS + FOLLOWERS)
    assert {m.creneau for m in Message.objects.all()} == {meeting.pk}


def test_what_is_undone_tells_nobody(meeting):
    with transaction.atomic():
        seances.publish(meeting)
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_the_letter_holds_the_whole_agenda_the_place_and_the_link_to_join(meeting):
    seances.publish(meeting)
    drain()

    [letter] = [sent for sent in mail.outbox if sent.to == ["linh@exemple.fr"]]
    assert letter.subject.startswith("Ordre du jour publié : Conseil des Rives, ")
    body = letter.body.replace("\xa0", " ")
    assert "2 points, environ 1 h 15" in body
    assert "1. Bancs & ombre (30 minutes · Ada · information)" in body
    assert "2. Questions de la salle" in body
    assert f"{meeting.salle}, {meeting.maison}" in body
    assert meeting.lien_visio in body
    assert meeting.get_absolute_url() in body
    [html] = [content for content, kind in letter.alternatives if kind == "text/html"]
    assert "<b>Bancs &amp; ombre</b>" in html


def test_the_calendar_file_knows_the_meeting_for_good(meeting):
    seances.publish(meeting)
    planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)

    entries = []
    for what in ("convocation", "annulee"):
        [piece] = Message.objects.filter(cle__contains=f":{what}:").first().pieces
        [event] = Calendar.from_ical(piece["texte"]).walk("VEVENT")
        entries.append(event)
    first, last = entries
    assert first["uid"] == last["uid"]
    assert first["sequence"] < last["sequence"]
    assert (first["status"], last["status"]) == ("CONFIRMED", "CANCELLED")
    assert first["conference"] == meeting.lien_visio
    assert "conference" not in last
    assert f"Se connecter : {meeting.lien_visio}" in first["description"]
    assert "1. Bancs & ombre" in first["description"]


def test_followers_end_their_letters_and_members_are_told_why_they_get_them(meeting):
    seances.publish(meeting)
    drain()

    for letter in mail.outbox:
        member = letter.to[0] in MEMBERS
        assert ("List-Unsubscribe" in letter.extra_headers) != member
        assert ("membre de ce conseil" in letter.body) == member
        assert suivi.ARRET not in letter.body + letter.alternatives[0][0]
    tokens = {m.desabonnement for m in Message.objects.filter(destinataire__in=FOLLOWERS)}
    assert len(tokens) == 1  # erased, once they have left


@pytest.mark.parametrize("what", ["annulee", "deplacee"])
def test_a_public_meeting_that_changes_is_told_once(meeting, what):
    seances.publish(meeting)

    if what == "annulee":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    else:
        later = {"debut": meeting.debut + timedelta(days=1), "fin": meeting.fin + timedelta(days=1)}
        planning.move(meeting, **later)

    assert told(what) == MEMBERS + FOLLOWERS
    letter = Message.objects.filter(cle__contains=f":{what}:").first()
    assert ("n’a pas lieu" in letter.texte) == (what == "annulee")
    assert ("Avant" in letter.texte) == (what == "deplacee")


def test_a_closure_tells_them_once(meeting):
    seances.publish(meeting)
    closure = FermetureFactory(
        maison=meeting.maison, salle=meeting.salle, debut=meeting.debut, fin=meeting.fin
    )
    agent = CompteFactory(is_superuser=True)

    fermetures.settle(closure, {meeting.pk: fermetures.ANNULER}, by=agent)

    assert told("annulee") == MEMBERS + FOLLOWERS


def test_a_draft_and_what_is_over_are_told_to_nobody(meeting):
    over = PointFactory(
        reunion__conseil=meeting.conseil, reunion__debut=timezone.now() - timedelta(days=3)
    ).reunion
    later = {"debut": meeting.debut + timedelta(days=1), "fin": meeting.fin + timedelta(days=1)}
    planning.move(meeting, **later)

    seances.publish(over)

    assert not Message.objects.exists()


def test_without_anybody_to_tell_nothing_is_written():
    ReunionFactory(publie=True)

    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [1, 200])
def test_publishing_asks_the_same_whatever_the_number_of_followers(
    meeting, django_assert_num_queries, count
):
    Abonnement.objects.bulk_create(
        Abonnement(
            sujet=subject(meeting.conseil_id),
            courriel=f"abonne{rank}@exemple.fr",
            empreinte=bytes([rank]),
            confirme_le=timezone.now(),
        )
        for rank in range(count)
    )
    meeting = Reunion.objects.select_related("conseil", "maison", "salle").get()
    with transaction.atomic(), django_assert_num_queries(12):
        meeting.publie_le = timezone.now()
        envois.announce(meeting)

    assert Message.objects.count() == count + 4


def test_the_address_of_a_member_is_forgotten_three_months_after(conseil):
    today = timezone.localdate()
    spans = {"ancien": timedelta(days=93), "recent": timedelta(days=91)}
    for nom, ago in spans.items():
        fields = {"debut": today - timedelta(days=400), "fin": today - ago}
        ConseillerFactory(conseil=conseil, nom=nom, courriel=f"{nom}@exemple.fr", **fields)

    erase_outdated()

    kept = set(conseil.conseillers.exclude(courriel="").values_list("courriel", flat=True))
    assert kept == {*MEMBERS, "recent@exemple.fr", "avant@exemple.fr", "apres@exemple.fr"}


def test_one_spelling_for_a_mailbox(conseil):
    member = ConseillerFactory.build(conseil=conseil, courriel="Linh@Exemple.fr", nom="Linh")
    member.full_clean()
    member.save()

    members, followers = envois.recipients(conseil)
    assert "linh@exemple.fr" in members
    assert list(followers) == [FOLLOWERS[0]]


def test_the_secretary_reads_what_became_of_letters_and_no_followers_address(client, meeting):
    seances.publish(meeting)
    Message.objects.filter(destinataire__in=[MEMBERS[0], FOLLOWERS[0]]).update(etat="echec")
    Message.objects.filter(destinataire=MEMBERS[1]).update(etat="envoye")
    meeting.conseil.conseillers.filter(courriel=MEMBERS[0]).update(nom="Ada")
    client.force_login(SecretariatFactory(conseil=meeting.conseil).compte)

    page = client.get(reverse("admin:conseils_reunion_change", args=[meeting.pk]))

    text = page.content.decode()
    assert "Ordre du jour publié : 1 envoyé, 1 en attente, 2 échecs" in text
    assert "Adresse refusée : Ada" in text
    assert [address for address in FOLLOWERS if address in text] == []
