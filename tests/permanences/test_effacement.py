"""Who came is forgotten in time, with all that names them; who read it, after a year."""

from datetime import UTC, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from notifications.balayage import sweep
from notifications.models import Message
from permanences import courriers, lectures
from permanences.models import Lecture, RendezVous
from permanences.tasks import erase_outdated
from tests.factories import (
    CompteFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    VacationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
KNOWN = ["compte", "nom", "courriel", "telephone", "motif", "saisi_par", "note_par", "empreinte"]


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def came(**fields):
    """Somebody of whom all is known."""
    permanence = PermanenceFactory()
    known = {"motif": MotifFactory(service=permanence.service), "telephone": "+33612345678"}
    known |= {"saisi_par": CompteFactory(), "nom": "Zoé"} | fields
    known |= {"note_par": CompteFactory(), "note_le": timezone.now()}
    return RendezVousFactory(vacation=VacationFactory(permanence=permanence), **known)


def contents():
    """All that is kept of appointments, but for the instants of what is not theirs."""
    return [list(model.objects.order_by("pk").values()) for model in (RendezVous, Message)]


@pytest.mark.parametrize("account", [True, False])
def test_who_came_is_forgotten_ninety_days_after_by_default(time_machine, account):
    row = came(**({"compte": CompteFactory(), "courriel": ""} if account else {}))
    seed, token = row.graine, row.jeton
    over = row.fin.astimezone(UTC) + timedelta(days=90)  # of 24 hours: in Paris one may have 23
    time_machine.move_to(over - timedelta(seconds=1), tick=False)
    erase_outdated()
    assert not RendezVous.objects.get().anonymise_le

    time_machine.move_to(over + timedelta(seconds=1), tick=False)
    erase_outdated()

    row = RendezVous.objects.get()
    assert row.anonymise_le == timezone.now()
    assert [name for name in KNOWN if getattr(row, name)] == []
    assert seed != row.graine
    assert token != row.jeton
    assert (row.etat, row.guichet) == (RendezVous.Etat.PRIS, 1)


def test_a_second_run_changes_nothing(time_machine):
    row = came()
    time_machine.move_to(row.fin + timedelta(days=91))
    erase_outdated()
    before = contents()

    time_machine.move_to(row.fin + timedelta(days=92))
    erase_outdated()

    assert contents() == before


def test_each_service_has_its_own_time(time_machine):
    soon, later = came(), came()
    soon.vacation.permanence.service.conservation = 10
    soon.vacation.permanence.service.save()
    time_machine.move_to(max(soon.fin, later.fin) + timedelta(days=11))

    erase_outdated()

    assert RendezVous.objects.exclude(anonymise_le=None).get() == soon


def test_an_address_that_nobody_confirmed_is_forgotten_the_next_day(time_machine):
    row = came()
    other = came()
    for one, etat in ((row, RendezVous.Etat.EXPIRE), (other, RendezVous.Etat.ANNULE)):
        RendezVous.objects.filter(pk=one.pk).update(etat=etat, annule_le=timezone.now())

    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    erase_outdated()

    assert RendezVous.objects.exclude(anonymise_le=None).get() == row


def test_messages_and_the_staff_s_log_go_with_it_and_no_others_do(time_machine):
    row = came()
    _, (debut, _), *_ = row.vacation.slots()
    kind = ContentType.objects.get_for_model(RendezVous)
    RendezVousFactory(vacation=row.vacation, debut=debut)
    kept = came()
    for one in (row, kept):
        courriers.tell(one, "deplace")
        LogEntry.objects.create(
            user=one.saisi_par,
            content_type=kind,
            object_id=one.pk,
            object_repr="rendez-vous",
            action_flag=CHANGE,
        )
    time_machine.move_to(row.debut - timedelta(hours=1))
    sweep()
    assert Message.objects.filter(courriers.about([row.pk]), rappel=True).exists()
    service = row.vacation.permanence.service
    service.conservation = 1
    service.save()
    time_machine.move_to(row.fin + timedelta(days=2))

    erase_outdated()

    assert not Message.objects.filter(courriers.about([row.pk])).exists()
    assert not Message.objects.filter(nom="Zoé", creneau=row.vacation_id).exists()
    assert Message.objects.filter(courriers.about([kept.pk])).exists()
    assert LogEntry.objects.get().object_id == str(kept.pk)


def test_a_key_that_begins_alike_is_of_somebody_else():
    row, other = came(), came()
    courriers.tell(row, "deplace")
    RendezVous.objects.filter(pk=other.pk).update(id=int(f"{row.pk}0"))
    courriers.tell(RendezVous.objects.get(pk=int(f"{row.pk}0")), "deplace")

    found = Message.objects.filter(courriers.about([row.pk]))

    assert {message.destinataire for message in found} == {row.courriel}


def test_many_are_forgotten_in_lots(time_machine):
    vacation = VacationFactory(permanence=PermanenceFactory(guichets=20, duree=5))
    rows = [
        RendezVous(vacation=vacation, guichet=desk, debut=debut, fin=fin, nom=f"Zoé {desk}")
        for debut, fin in vacation.slots()[:11]
        for desk in range(1, 21)
    ]
    RendezVous.objects.bulk_create(rows)
    time_machine.move_to(vacation.fin + timedelta(days=91))

    erase_outdated()

    assert RendezVous.objects.exclude(anonymise_le=None).count() == 220


def test_who_read_it_is_kept_between_six_months_and_a_year(rf, time_machine):
    request = rf.get("/")
    request.user = CompteFactory()
    lectures.note(request, [came()], "jour")
    for days in (182, 200, 364, 366):
        read = timezone.now() - timedelta(days=days)
        Lecture.objects.create(rendez_vous_id=1, page=str(days), le=read)

    erase_outdated()
    erase_outdated()

    assert {one.page for one in Lecture.objects.all()} == {"jour", "182", "200", "364"}
