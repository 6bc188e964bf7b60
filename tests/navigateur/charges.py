"""A city where every text that somebody may write tries to be more than text."""

from contextlib import contextmanager
from itertools import chain

from django.apps import apps
from django.db import connection, models
from phonenumber_field.modelfields import PhoneNumberField

from comptes.models import Compte
from maisons import courriers, fermetures
from maisons.models import Fermeture, Reservation
from permanences import courriers as appointments
from permanences.models import RendezVous
from portail.courriers import letters_sent
from portail.rivemont.comptes import ADMIN, ASSOCIATION, COUNCIL, DESK, RESIDENT
from tests.navigateur import benevoles
from tests.navigateur.pages import PASSWORDLESS, PROTECTED, at
from tests.navigateur.rendez_vous import SLUG

PAYLOADS = [
    "'\"><u>",  # the shortest: no page of ours holds this element
    "<script>touche=1</script>",
    '"><img src=x onerror=touche=1>',
    "'><svg/onload=touche=1>",
    "</title><script>touche=1</script>",
    "</textarea></select></style>--><u>",
    '" autofocus onfocus=touche=1 a="',
    "' style=color:red onmouseover=touche=1 a='",
    "<base href=//ailleurs.example>",
    "<u style=color:red>",
    "{{ 7*7 }}{% charge %}${7*7}",
    "[a](javascript:touche=1)",
    "![a](//ailleurs.example/a)",
    "<javascript:touche=1>",
    "&lt;u&gt;&#60;u&#62;",
    "\r\nBcc: a@b.fr\r\nATTENDEE:a",
]
LINKS = ["javascript:touche=1", "https://a.example/?'\"><u>", "data:text/html,<u>"]
WRITTEN = {"admin", "comptes", "conseils", "maisons", "notifications", "permanences", "portail"}
WRITTEN |= {"associations", "quartiers"}
# What is empty stays so: another column says whether it is, or the others are each of their own.
TIED = {"represente_par", "code", "nom", "tarif", "reponse"}  # who was forgotten has no name
# Texts that nobody writes, or that the code reads as something else.
READ = {
    "rna": "a W and nine digits: the database sees to it",
    "siret": "fourteen digits: the database sees to it",
    "cle": "the outbox alone makes it",
    "html": "what our own templates made",
    "nature": "the kind of a créneau",
    "password": "a digest",
    "regle": "the rule of a series, made from a list",
    "geste": "a limit, named by the code",
    "nom_fichier": "letters and digits, made by the code",
    "fichier": "the name of a file, drawn",
    "empreinte": "a digest",
    "langue": "found in a PDF, as a language is written",
    "sujet": "what is followed, named by the code",
    "lien_visio": "https alone, and none on the spot: the database sees to it",
}
# Who signs in.
KEPT = (RESIDENT, PASSWORDLESS, PROTECTED, DESK, COUNCIL, ASSOCIATION, ADMIN)
KEPT += (benevoles.VOLUNTEER,)
LETTERS, LONG = 40, 60


def text_columns():
    """(model, field) of what somebody writes: a new column is one of them by itself."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in WRITTEN and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.CharField | models.TextField) and is_free(field):
                    yield model, field


def is_free(field):
    checked = models.SlugField | PhoneNumberField
    return not (field.choices or isinstance(field, checked) or field.name in READ)


def load():
    """Add to each text what tries to run; an empty one becomes nothing else."""
    with connection.cursor() as cursor, thawed(cursor):
        for rank, (model, field) in enumerate(text_columns()):
            fill(cursor, model, field, rank)


@contextmanager
def thawed(cursor):
    """What the public has read of a council changes only here without a correction."""
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_proc f ON f.oid = tgfoid"
        " WHERE starts_with(proname, 'conseils_')"
        " OR proname IN ('permanences_lecture_reste', 'associations_charte_figee')"
    )
    triggers = cursor.fetchall()
    for table, name in triggers:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    for table, name in triggers:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def fill(cursor, model, field, rank):
    quote = connection.ops.quote_name
    table, column, key = map(quote, (model._meta.db_table, field.column, model._meta.pk.column))
    if isinstance(field, models.EmailField):
        address = f"""'"<u>' || {key} || '"@charge.example'"""
        where = f"{column} <> '' AND {column} <> ALL(%s)"
        cursor.execute(f"UPDATE {table} SET {column} = {address} WHERE {where}", [list(KEPT)])
        return
    added = LINKS if isinstance(field, models.URLField) else suffixes(field.max_length, rank)
    chosen = f"(%s::text[])[1 + ({key} + %s) %% {len(added)}]"
    if isinstance(field, models.URLField):
        cursor.execute(f"UPDATE {table} SET {column} = {chosen}", [added, rank])
        return
    if (field.max_length or LONG) >= LONG:  # two names that are cut alike stay two
        chosen = f"({key} || {chosen})"
    value = f"left({column}, %s - length({chosen})) || {chosen}"
    long = field.max_length or 100_000
    where = f" WHERE {column} <> ''" if field.name in TIED else ""
    values = [long, added, rank, added, rank]
    cursor.execute(f"UPDATE {table} SET {column} = {value}{where}", values)


def suffixes(max_length, rank):
    """What is added to a text, different from a row to the next: as much as half of it holds."""
    room = max_length // 2 if max_length else 2_000
    found = []
    for first in range(len(PAYLOADS)):
        text = ""
        for payload in PAYLOADS[first:] + PAYLOADS[:first]:
            if len(text + payload) <= room:
                text += payload
        found.append(text)
    return found


def write_letters():
    """Each letter of a booking and of a closure, with what the city now holds."""
    bookings = Reservation.objects.order_by("fin")  # what is over is told to nobody
    booking = bookings.filter(demandeur__courriel=RESIDENT).last()
    phoned = bookings.exclude(telephone="").filter(courriel="", demandeur=None).last()
    other = [{"texte": "".join(PAYLOADS), "lien": "https://a.example/"}]
    for told in (booking, phoned):  # whatever its state, each letter can be written
        told.expire_le = told.repondre_avant = told.debut
        told.salle.nom = told.maison.adresse = f"Atelier{PAYLOADS[-1]}"
    for what in courriers.OBJETS:
        courriers.tell(booking, what, alternatives=other, dates=[booking])
        courriers.tell(phoned, what)
    write_appointment_letters()
    closure = Fermeture.objects.filter(motif__startswith="peinture").latest("pk")
    agent = Compte.objects.get(courriel=ADMIN)
    first, *_ = fermetures.hit(closure).values_list("pk", flat=True)  # others wait on its page
    fermetures.settle(closure, {first: fermetures.ANNULER}, by=agent)


def write_appointment_letters():
    """To an account and by telephone; all that they may say was typed by somebody."""
    rows = RendezVous.objects.held().filter(vacation__permanence__slug=SLUG)
    typed = {"avant": "".join(PAYLOADS), "raison": "".join(PAYLOADS)}
    for row in (rows.exclude(compte=None).first(), rows.exclude(telephone="").first()):
        row.expire_le = row.debut
        for what in appointments.OBJETS:
            appointments.tell(row, what, debut=row.debut, **typed)


def letter_pages():
    keys = [letter.key for letter in letters_sent(LETTERS) if letter.html]
    routes = "portail:courrier", "portail:courrier_mis_en_forme"
    return list(
        chain.from_iterable([at(route, key, state=key) for route in routes] for key in keys)
    )
