"""What an agent reads aloud, or says on the phone."""

from django.utils import timezone

from maisons import heures
from maisons.heures import NBSP

# Everyday first names, for the letters of `comptes.codes.ALPHABET`.
LETTRES = {
    "A": "Anne",
    "B": "Bruno",
    "C": "Camille",
    "D": "David",
    "E": "Émile",
    "F": "Fatima",
    "G": "Georges",
    "H": "Hugo",
    "J": "Julie",
    "K": "Karim",
    "M": "Marie",
    "N": "Nicolas",
    "P": "Paul",
    "Q": "Quentin",
    "R": "Rachid",
    "S": "Sophie",
    "T": "Thomas",
    "U": "Ursule",
    "V": "Victor",
    "W": "William",
    "X": "Xavier",
    "Y": "Yvonne",
    "Z": "Zoé",
}


def said(sign):
    return f"{sign}{NBSP}comme {LETTRES[sign]}" if sign in LETTRES else sign


def spelled(code) -> list[str]:
    """Each group of a code, sign by sign: « K comme Karim, 7, M comme Marie, 3 »."""
    return [", ".join(said(sign) for sign in group) for group in code.split("-")]


def read_aloud(reservation) -> list[str]:
    """The sentences that tell a booking to the person in front, or on the line."""
    maison = reservation.maison
    where = ", ".join(filter(None, [str(reservation.salle), str(maison), maison.adresse]))
    when = heures.span(reservation.debut, reservation.fin)
    on = timezone.localdate(reservation.debut)
    near = f"{heures.near(on)}, " if heures.near(on) else ""
    told = [f"C’est {near}{when}."]
    if reservation.serie:
        told = [f"C’est {reservation.serie}.", f"La première date est {near}{when}."]
    return [
        f"C’est réservé au nom de {reservation.person}.",
        *told,
        f"Le lieu : {where}.",
        "Votre code a trois groupes de quatre signes.",
        *(f"{group}." for group in spelled(reservation.code)),
    ]
