"""What others may read over a shoulder says when and where, never for what (R7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.envoi import post
from notifications.models import Message
from permanences import courriers
from permanences.courriers import OBJETS
from tests.factories import (
    CompteFactory,
    IntervenantFactory,
    MotifFactory,
    PermanenceFactory,
    RendezVousFactory,
    VacationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
PREVIEW = 100  # signs of a letter, about two lines, that a phone shows on its locked screen
CONTEXT = {"plus_tot": {"debut": timezone.now() + timedelta(days=1)}}


@pytest.fixture
def row(settings):
    settings.SMS_URL = "console:"
    VilleFactory()
    permanence = PermanenceFactory(
        service__nom="Zqservice",
        service__slug="zqadresse",
        service__chapeau="Zqchapeau",
        service__presentation="Zqpresentation",
        service__organisme="Zqorganisme",
        service__a_apporter="Zqobjet",
        service__theme="sante",
        slug="zqpermanence",
    )
    IntervenantFactory(permanence=permanence, compte=CompteFactory(nom="Zqintervenante"))
    reason = MotifFactory(service=permanence.service, libelle="Zqmotif")
    vacation = VacationFactory(permanence=permanence)
    row = RendezVousFactory(vacation=vacation, motif=reason, telephone="06 12 34 56 78")
    row.expire_le = row.debut
    return row


def message(row, what, by):
    """One message, by e-mail or to a phone, as the outbox keeps it before it leaves."""
    courriel = row.courriel if by == "e-mail" else ""
    told = courriers.compose(row, what, courriel, **CONTEXT.get(what, {}))
    reached = {"courriel": courriel, "telephone": "06 12 34 56 78"}
    return post(f"essai:{what}:{by}", expire_le=row.fin, **reached, **told)


@pytest.mark.parametrize("by", ["e-mail", "phone"])
@pytest.mark.parametrize("what", OBJETS)
def test_no_subject_sms_calendar_or_preview_says_what_for(row, what, by):
    sent = message(row, what, by)

    seen = [sent.objet, sent.sms, *(part["nom"] + part["texte"] for part in sent.pieces)]
    seen += [str(sent), sent.cle]
    seen += [sent.texte[:PREVIEW]] if by == "e-mail" else []  # else it is read aloud
    assert [text for text in seen if "zq" in text.lower() or "sant" in text.lower()] == []


@pytest.mark.parametrize("by", ["e-mail", "phone"])
@pytest.mark.parametrize("what", OBJETS)
def test_no_message_says_why_nor_of_which_service(row, what, by):
    sent = message(row, what, by)

    for secret in ("zqmotif", "zqservice", "zqpresentation", "zqchapeau", "zqpermanence"):
        assert secret not in (sent.texte + sent.html).lower()


@pytest.mark.parametrize("what", OBJETS)
def test_its_codes_are_erased_once_it_has_left(row, what):
    sent = message(row, what, "e-mail")
    sent.mark_sent()

    kept = Message.objects.get(pk=sent.pk)
    said = f"{kept.objet} {kept.texte} {kept.html} {kept.sms} {kept.pieces}".lower()
    for secret in (row.code, row.six_digits, str(row.jeton)):
        assert secret.lower() not in said
        assert secret.replace("-", "").lower() not in said
