"""What is told of an appointment: short, once, and nothing of why on a locked screen."""

import pytest

from notifications.models import Message
from notifications.sms import GSM7, LONGEST
from permanences import courriers
from permanences import rendez_vous as writer
from permanences.models import Vacation
from tests.factories import CompteFactory, RendezVousFactory, VilleFactory
from tests.permanences.prises import a_date

pytestmark = pytest.mark.django_db
SERVICE = "Écoute des violences"
HOUSE = "Maison de quartier Marguerite-Yourcenar et Olympe-de-Gouges"
STREET = "128 bis, avenue du Général-de-Larminat-Saint-Exupéry, 69100 Rivemont-sur-l’Ouche"


@pytest.fixture
def vacation(settings):
    settings.SMS_URL, settings.SITE_URL = "console:", "https://maisons.rivemont.example"
    VilleFactory()
    return a_date(
        service__nom=SERVICE,
        service__a_apporter="Une pièce d’identité",
        maison__nom=HOUSE,
        maison__adresse=STREET,
        maison__telephone="04 65 71 00 00",
    )


def by_phone(vacation, telephone="06 12 34 56 78"):
    return RendezVousFactory(vacation=vacation, courriel="", telephone=telephone)


@pytest.mark.parametrize("what", sorted(courriers.TEXTOS))
def test_an_sms_is_one_part_with_the_longest_names(vacation, what):
    row = by_phone(vacation)
    Vacation.objects.update(direct="retard", retard=60)
    row.vacation.refresh_from_db()

    sms = courriers.tell(row, what, debut=row.debut if what == "plus_tot" else None).sms

    assert len(sms) <= LONGEST
    assert set(sms) <= GSM7
    assert "Violences" not in sms
    for told in ("Maison de quartier", "04 65 71 00 00", f"/code/{row.code}/", "14 h"):
        assert told in sms


@pytest.mark.parametrize("what", sorted(courriers.OBJETS))
@pytest.mark.parametrize("channel", ["courriel", "telephone"])
def test_no_message_says_for_what(vacation, what, channel):
    reached = {"courriel": "", "telephone": "04 65 71 00 00"} if channel == "telephone" else {}
    row = RendezVousFactory(vacation=vacation, **reached)
    row.expire_le = row.debut

    message = courriers.tell(row, what, debut=row.debut if what == "plus_tot" else None)

    written = [message.objet, message.sms, message.texte, message.html]
    written += [piece["texte"].replace("\r\n ", "") for piece in message.pieces]
    assert not [text for text in written if "violences" in text.lower()]
    assert message.objet.endswith(HOUSE)


def test_a_letter_says_when_where_and_what_to_bring(vacation):
    row = RendezVousFactory(vacation=vacation)

    texte = courriers.tell(row, "pris").texte

    assert "Une pièce d’identité" in texte
    assert STREET in texte
    assert f"/code/{row.code}/" in texte


def test_what_opens_it_is_secret(vacation):
    row = RendezVousFactory(vacation=vacation)

    message = courriers.tell(row, "pris")

    assert message.secrets == [row.code, row.six_digits, str(row.jeton)]


def test_each_state_is_told_once(vacation):
    row = RendezVousFactory(vacation=vacation)

    for _ in range(2):
        courriers.tell(row, "pris")

    assert Message.objects.count() == 1


def test_an_absence_is_a_change_as_long_as_it_stands(vacation):
    row = RendezVousFactory(vacation=vacation)

    assert courriers.tell(row, "absence").objet.startswith("Votre rendez-vous change")
    writer.cancel(row, quiet=True)
    assert courriers.tell(row, "absence").objet.startswith("Votre rendez-vous est annulé")


def test_an_account_is_written_to(vacation):
    me = CompteFactory()
    row = RendezVousFactory(vacation=vacation, compte=me, nom="", courriel="")

    assert courriers.tell(row, "pris").destinataire == me.courriel


def test_who_left_nothing_is_not_told(vacation):
    assert courriers.tell(by_phone(vacation, ""), "pris") is None
