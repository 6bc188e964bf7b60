"""Those who sign in: the accounts of the launcher, and thirty residents who book rooms."""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from comptes.models import Compte
from maisons import invitations
from maisons.models import Affectation, InvitationAffectation
from portail.rivemont import ACCOUNTS, PASSWORD

DOMAIN = "rivemont.example"
RESIDENT, ASSOCIATION, DESK, MEDIATOR, COUNCIL, ADMIN = (courriel for courriel, *_ in ACCOUNTS)
NAMES = {
    RESIDENT: "Camille O’Neill-Nguyễn",
    ASSOCIATION: "Louise Ferrand",
    DESK: "Karim Benali",
    MEDIATOR: "Samira Haddou",
    COUNCIL: "Nadia Belkacem",
    ADMIN: "Administration",
}
HABITANTS = [
    *["Yvonne Tessier", "Léo Marchand", "Aïcha Benhamou", "Marius Delorme", "Rosa Fernandes"],
    *["Thibault Garrigue", "Mireille Castan", "Oumar Sissoko", "Lucie Vidalenc", "Pavel Novak"],
    *["Émilie Rouquette", "Hugo Santini", "Fatima Zerrouki", "Gisèle Pradel", "Antoine Bessière"],
    *["Nour El Amrani", "Claudine Fabre", "Stéphane Roumégous", "Jade Lacombe", "Ibrahima Fofana"],
    *["Solange Escande", "Mehmet Yıldız", "Perrine Alary", "Baptiste Calmels", "Inaya Traoré"],
    *["Denis Cabrol", "Maëlys Puech", "Sandrine Azéma", "Kevin Ribeiro", "Odile d’Ângelo"],
]


INVITED = f"lea.santoni@{DOMAIN}"  # has no account, and has not answered yet


def address(name):
    return f"{slugify(name.replace('’', '-')).replace('-', '.')}@{DOMAIN}"


def create_accounts(house):
    """The agent of a house, and the residents, `habitante@` among them; all can sign in."""
    wanted = NAMES | {address(name): name for name in HABITANTS}
    here = set(Compte.objects.values_list("courriel", flat=True))
    if missing := wanted.keys() - here:
        password = make_password(PASSWORD)  # once: hashing is slow on purpose
        Compte.objects.bulk_create(
            Compte(courriel=c, nom=n, password=password, is_superuser=c == ADMIN)
            for c, n in wanted.items()
            if c in missing
        )
        made = Compte.objects.filter(courriel__in=missing).order_by("pk")
        EmailAddress.objects.bulk_create(
            EmailAddress(user=compte, email=compte.courriel, verified=True, primary=True)
            for compte in made
        )
    desk = Compte.objects.get(courriel=DESK)
    Affectation.objects.get_or_create(
        compte=desk,
        maison=house,
        role=Affectation.Role.ACCUEIL,
        defaults={"debut": date(2025, 3, 3)},
    )
    invite_colleague(house)
    residents = wanted.keys() - {ASSOCIATION, DESK, MEDIATOR, COUNCIL, ADMIN}
    return desk, list(Compte.objects.filter(courriel__in=residents).order_by("pk"))


def invite_colleague(house):
    wanted = {"courriel": INVITED, "maison": house, "role": Affectation.Role.ACCUEIL}
    if not InvitationAffectation.objects.filter(**wanted).exists():
        by = Compte.objects.get(courriel=ADMIN)
        invitations.invite(InvitationAffectation(**wanted), by=by)
