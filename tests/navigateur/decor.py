"""What the demonstration city does not promise on every day of the year: one of each state."""

import json
from dataclasses import asdict
from datetime import time, timedelta
from itertools import combinations, product

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction
from django.template import engines
from django.utils import timezone

from associations.models import Adhesion
from comptes.models import Compte
from conseils import rectifier, seances, tenue
from conseils.models import Conseil, Presence
from documents import reception
from maisons import invitations, planning
from maisons.disponibilites import Disponibilites
from maisons.heures import starts_at
from maisons.journee import STEP
from maisons.models import Creneau, Evenement, Fermeture, Maison, Reservation, Salle
from maisons.suivre import subject
from notifications import suivi
from notifications.models import Message
from notifications.tasks import drain
from permanences import questions, vacations
from permanences.models import Intervenant, Passage, QuestionElu
from portail.models import Remarque
from portail.rivemont import PASSWORD
from portail.rivemont.comptes import ADMIN, ASSOCIATION, COUNCIL, DESK, RESIDENT
from quartiers.models import Quartier, Ville
from tests.cle import give_key
from tests.connexion import give_factor
from tests.documents import fichiers
from tests.factories import (
    ActiviteFactory,
    AssociationFactory,
    AttenteFactory,
    AttestationFactory,
    CharteFactory,
    CogestionFactory,
    CompteFactory,
    ConseilFactory,
    ConseillerFactory,
    EluFactory,
    EvenementFactory,
    EvenementOrganiseFactory,
    FermetureFactory,
    FicheFactory,
    IntervenantFactory,
    InvitationFactory,
    InvitationIntervenantFactory,
    InvitationMembreFactory,
    InvitationSecretariatFactory,
    MaisonFactory,
    MediateurFactory,
    MessageFactory,
    MotifFactory,
    OccurrenceFactory,
    PermanenceFactory,
    PieceFactory,
    PointFactory,
    QuartierFactory,
    QuestionEluFactory,
    RendezVousFactory,
    ReservationFactory,
    ReunionFactory,
    SalleFactory,
    SerieFactory,
    ServiceFactory,
    VacationFactory,
    found,
)
from tests.maisons.demandes import by_phone, to_say
from tests.navigateur import benevoles, charges, inscriptions, rendez_vous
from tests.navigateur.pages import (
    ASKING,
    BUSY,
    CANAL,
    DRESSED,
    FOLLOWED,
    PASSWORDLESS,
    PROTECTED,
    all_pages,
    empty_pages,
)

LONG_TITLE = (
    "Anticonstitutionnellement : rencontre intergénérationnelle, lectures et goûter partagé "
    "au jardin de la maison"
)
HELP = {True: "Écrivain public d’essai", False: "Accès aux droits d’essai"}
SEASON = timedelta(days=120)
LONG_ROOM = "Salle polyvalente de l’ancienne manufacture"
LETTER = """{% extends "notifications/courriel.html" %}
{% block content %}
<table class="faits"><caption>Votre réservation</caption><tbody>
<tr><th scope="row">Où</th><td>Salle d’essai, {{ maison }}</td></tr>
<tr><th scope="row">Votre code</th><td><strong class="code">K7M3-TPXQ-9WQF</strong></td></tr>
</tbody></table>
<p><a class="bouton" href="{{ lien }}">Voir ou changer ma réservation</a></p>
<h2>Et maintenant ?</h2>
<ul><li>Présentez-vous à l’accueil, avec votre nom ou votre code.</li></ul>
{% endblock %}
{% block pourquoi %}Vous recevez ce message parce que vous avez réservé une salle.{% endblock %}"""


def tell(city):
    """Prepare a city; print its pages, and the day from which its dates are counted."""
    with transaction.atomic():
        if city != "vide":
            prepare()
        else:
            account(RESIDENT, nom="Camille O’Neill-Nguyễn")
            give_factor(account(ADMIN, nom="Administration", is_superuser=True))
    drain()
    pages = empty_pages() if city == "vide" else all_pages()
    if city == "chargee":
        charges.load()
        charges.write_letters()
        drain()
        pages += charges.letter_pages()
    today = timezone.localdate().isoformat()
    print(json.dumps({"today": today, "pages": [asdict(page) for page in pages]}))


def account(courriel, password=PASSWORD, **fields):
    compte = Compte.objects.create_user(courriel, password, **fields)
    EmailAddress.objects.create(user=compte, email=courriel, verified=True, primary=True)
    return compte


def prepare():
    account(PASSWORDLESS, password=None, nom="d’Ângelo")
    protected = account(PROTECTED, nom="Inès Protégée")
    give_factor(protected)
    give_key(protected)
    RecoveryCodes.activate(protected)
    QuartierFactory(nom="Quartier sans maison", slug="sans-maison")
    house = MaisonFactory(
        nom="Maison d’essai",
        slug="maison-d-essai",
        quartier=Quartier.objects.exclude(maisons=None).first(),
        adresse="3 place de l’Horloge",
        telephone="04 65 71 00 99",
        reservations_max=0,
    )
    MaisonFactory(nom="Maison sans salle", slug="maison-sans-salle", quartier=house.quartier)
    asked = SalleFactory(maison=house, nom="Salle à demander", slug="salle-a-demander")
    SalleFactory(maison=house, nom="Salle immédiate", slug="salle-immediate", avec_accord=False)
    SalleFactory(maison=house, nom="Salle sur place", slug="salle-sur-place", reservable=False)
    Remarque.objects.create(page="/agenda/", avis=Remarque.Avis.NON, texte="Où est le yoga ?")
    prepare_twelve_rooms(house.quartier)
    prepare_bookings(asked)
    prepare_without_account(asked)
    rendez_vous.prepare(house)
    inscriptions.prepare(house)
    prepare_events(house)
    prepare_requests()
    prepare_closure()
    prepare_letters(house)
    prepare_invitations(house)
    prepare_managed(house)
    prepare_following()
    prepare_councils(house)
    prepare_duty()
    prepare_help(house)
    benevoles.prepare(house, account(benevoles.VOLUNTEER, nom="Louise d’Ângelo"))


def prepare_duty():
    """Two permanences of the desk's house, one of them held by its agent: people come today."""
    desk = Compte.objects.get(courriel=DESK)
    house = Maison.objects.managed_by(desk).get()
    Intervenant.objects.filter(compte__courriel=COUNCIL).delete()  # her council alone
    # The demonstration closes a house some days of the year, maybe these.
    Fermeture.objects.filter(maison=house).during(on(0, 0), on(2, 0)).delete()
    begun = min(timezone.now().replace(second=0, microsecond=0), on(0, 21))
    for held in (True, False):
        permanence = PermanenceFactory(
            maison=house, salle=None, mode="mixte", guichets=2, service__nom=HELP[held]
        )
        motif = MotifFactory(service=permanence.service, libelle="Une lettre à comprendre")
        first = VacationFactory(permanence=permanence, debut=begun, fin=on(1, 0))
        VacationFactory(permanence=permanence, debut=on(1, 9), fin=on(1, 18))
        vacations.publish(permanence)
        if held:
            IntervenantFactory(compte=desk, permanence=permanence)
        for rank, nom in enumerate(["Odile d’Ângelo", "Linh O’Neill-Nguyễn", "Léo"]):
            debut = first.slots()[rank][0]
            RendezVousFactory(vacation=first, nom=nom, debut=debut, motif=motif)
    later = permanence.vacations.latest("debut")
    for contact in ({"telephone": "0612345678"}, {}):
        values = {"courriel": ""} | contact
        RendezVousFactory(vacation=later, saisi_par=desk, motif=motif, **values)


def prepare_help(house):
    """A service said in full, its permanence with a date called off; that of an élu."""
    service = ServiceFactory(
        nom="Écrivain public et accompagnement aux démarches administratives",
        slug="service-d-essai",
        besoins=["courrier", "droits"],
        organisme="Association pour l’accès de toutes et tous aux droits",
        presentation="- lire\n- **répondre**\n\n" + "Encore du texte. " * 20,
        resume_facile="On lit votre lettre avec vous.\nOn répond avec vous.",
        a_apporter="La lettre\nUne pièce d’identité",
        langues=["ar", "tr", "en", "pt", "fsl"],
        telephone="04 65 71 00 98",
    )
    words = {"slug": "lire-un-courrier", "titre": "Comprendre un courrier", "besoins": ["courrier"]}
    fiche = FicheFactory(
        texte="- lire\n- **garder**", lien="https://www.service-public.fr/", **words
    )
    fiche.services.add(service)
    mediator = MediateurFactory(
        nom="Camille O’Neill-Nguyễn", slug="mediatrice-d-essai", presentation=LONG_TITLE
    )
    help_ = {"service": service, "maison": house}
    person = {"mediateur": mediator, "langues": ["ber"]}
    both = PermanenceFactory(slug="permanence-d-essai", mode="mixte", **person, **help_)
    dates = [VacationFactory(permanence=both, debut=on(3 + 7 * week, 9)) for week in range(10)]
    vacations.publish(both)
    planning.cancel(dates[0], Creneau.Motif.ORGANISATION, by=None)
    elu = EluFactory(nom="Élise Ó Brien", delegation="culture", quartier=house.quartier)
    office = {"service__nom": "Rencontrer une élue", "service__besoins": ["elu"], "maison": house}
    held = PermanenceFactory(slug="permanence-d-elue", elu=elu, publie=True, **office)
    IntervenantFactory(permanence=held, compte=Compte.objects.get(courriel=DESK))
    long = f"{LONG_TITLE}\n{'anticonstitutionnellement' * 4}\n" * 4
    known = {"elu": elu, "nom": "Camille O’Neill-Nguyễn", "texte": long[:1000].strip()}
    QuestionEluFactory.create_batch(3, **known)
    questions.answer(QuestionElu.objects.last(), long.strip(), by=None)
    QuestionEluFactory(elu=elu, nom="Léo", courriel="", telephone="+33465710123")


def prepare_invitations(house):
    """One that waits for somebody who has an account, one that was taken back."""
    InvitationFactory(courriel=PASSWORDLESS, maison=house, fin=timezone.localdate() + SEASON)
    invitations.revoke(InvitationFactory(maison=house))
    InvitationSecretariatFactory(conseil=Conseil.objects.get(slug="conseil-des-rives"))


def prepare_managed(house):
    """A permanence that was held last month and comes back, with a draft, a guide and people."""
    held = PermanenceFactory(slug="permanence-geree", maison=house, salle=None, publie=True)
    ago = timezone.now() - timedelta(days=40)
    past = VacationFactory(permanence=held, debut=ago, fin=ago + timedelta(hours=3))
    for rank, (tranche, _) in enumerate(Passage.Tranche.choices):
        past.passages.create(tranche=tranche, nombre=4 * rank)
    for days in (20, 27, 34):
        RendezVousFactory(vacation=VacationFactory(permanence=held, debut=on(days, 9)))
    MotifFactory(service=held.service)
    VacationFactory(permanence=PermanenceFactory(maison=house, salle=None))
    FicheFactory(publie_le=None)
    MediateurFactory()
    holder = CompteFactory(nom="Inès d’Ângelo")
    IntervenantFactory(permanence=held, compte=holder)
    InvitationIntervenantFactory(permanence=held)


def prepare_following():
    """With an account, by e-mail, and somebody who has not answered yet."""
    followed, other = Evenement.objects.get(slug=FOLLOWED), Evenement.objects.get(slug="exposition")
    suivi.follow(subject(followed.pk), Compte.objects.get(courriel=RESIDENT))
    suivi.ask(subject(other.pk), "linh@rivemont.example")
    suivi.confirm(suivi.ask(subject(followed.pk), "zoe@rivemont.example"))


def prepare_charter(house, association):
    """Who runs the house, with the longest promises; what the city and a member have to do."""
    promises = "Ouvre la maison le jeudi soir, avec les habitants du quartier.\n" * 8
    texts = {"engagements_ville": promises, "engagements_association": promises}
    CogestionFactory(association=association, maison=house, **texts)
    CharteFactory(texte="### Accueil\n\nAccueillir **tout le monde**.\n" * 20, brouillon=True)
    mine = Adhesion.objects.filter(association__membres__compte__courriel=ASSOCIATION).earliest(
        "pk"
    )
    AttestationFactory(adhesion=mine)
    InvitationMembreFactory(association=mine.association)
    mine.association.budgets.update(heures=1)  # passed
    longest = Evenement.objects.order_by("pk").first()
    EvenementOrganiseFactory(association=mine.association, evenement=longest)


def prepare_councils(house):
    """A long agenda, one cancelled, one late; a draft of the secretary, the last of all."""
    conseil = ConseilFactory(
        nom="Conseil d’essai", slug="conseil-d-essai", quartier=house.quartier, quorum=7
    )
    for college in conseil.colleges:
        ConseillerFactory(conseil=conseil, nom="Camille O’Neill-Nguyễn", college=college)
    EluFactory(nom="Camille O’Neill-Nguyễn", delegation="écoles", quartier=house.quartier)
    longest_name = AssociationFactory(
        nom="Association intercommunale pour l’anticonstitutionnellement interdisciplinaire "
        "développement des rencontres intergénérationnelles et du goûter partagé",
        slug="la-plus-longue",
        sigle="AIPAIDRIGP",
        objet="Se retrouver, à tout âge. " * 7,
        themes=["culture", "solidarite", "citoyennete"],
        quartier=house.quartier,
        adresse="12 bis, boulevard du Professeur-Louis-Ravas-Anticonstitutionnel",
        site="https://exemple.example/" + "association-" * 14,
        benevoles="Tenir la buvette. " * 11,
    )
    ActiviteFactory(
        association=longest_name,
        titre="Atelier anticonstitutionnellement interdisciplinaire du goûter partagé, de la "
        "lecture et du chant, tous les âges",
        slug="la-plus-longue",
        maison=house,
        salle=SalleFactory(maison=house, nom="Salle de l’activité", slug="salle-de-l-activite"),
        resume="Se retrouver, à tout âge. " * 7,
        gratuit=False,
        tarif="60 € l’année, 45 € pour les habitantes et habitants du quartier, gratuit ensuite",
        age_min=6,
        age_max=11,
        minimum=2,
        contact="goûter-partagé@association-intercommunale-anticonstitutionnelle.example",
        publie=True,
    )
    prepare_charter(house, longest_name)
    online = {"mode": "mixte", "lien_visio": "https://visio.example/" + "conseil-" * 20}
    salle = SalleFactory(maison=house, nom="Salle du conseil", slug="salle-du-conseil")
    place = {"conseil": conseil, "salle": salle}
    easy = "La ville présente deux plans pour la place.\nVous pouvez donner votre avis."
    longest = ReunionFactory(debut=on(30, 18), resume_facile=easy, **place, **online)
    for _ in range(8):
        details = {"rapporteur": "Camille O’Neill-Nguyễn, adjointe", "texte": "- un\n- **deux**"}
        PointFactory(reunion=longest, titre=LONG_TITLE, minutes=45, type="avis", **details)
    prepare_documents(longest)
    seances.publish(longest)
    cancelled = ReunionFactory(debut=on(25, 18), publie=True, **place)
    rectifier.call_off(cancelled, "La salle est prise par les élections.", postponed=True)
    ReunionFactory(debut=on(2, 18), publie=True, **place)
    correct(ReunionFactory(debut=on(20, 18), **place))
    hold(place)
    outside = {"portee": "hors_les_murs", "adresse_libre": "École des Rives", "salle": None}
    mine = Conseil.objects.get(slug="conseil-des-rives")
    outside |= {"maison": None, "quartier": mine.quartier}
    draft = ReunionFactory(conseil=mine, debut=on(60, 18), **outside)
    PointFactory.create_batch(3, reunion=draft)
    PieceFactory(reunion=draft, received=found(accessibilite="non_balise"))


def prepare_documents(meeting):
    """A file with its summary, an image of its own size, under an item and for the whole."""
    words = {"titre": LONG_TITLE, "resume": "- un\n- **deux**"}
    PieceFactory(reunion=meeting, point=meeting.points.first(), **words)
    received = reception.receive(fichiers.sent(fichiers.image(size=(1200, 700))))
    PieceFactory(reunion=meeting, alternative=LONG_TITLE, titre="Photo", received=received)


def hold(place):
    """Two meetings of this autumn: the minutes of the first were approved at the second."""
    first = ReunionFactory(debut=on(-60, 18), publie=True, **place)
    second = ReunionFactory(debut=on(-30, 18), publie=True, **place)
    texte = "Le conseil donne un avis **favorable**.\n\n- deux bancs\n- un arbre"
    for meeting in (first, second):
        members = meeting.conseil.conseillers.all()
        rows = [Presence(reunion=meeting, conseiller=m, etat="present") for m in members]
        rows[-1].etat, rows[-1].represente_par = "represente", "Camille O’Neill-Nguyễn"
        tenue.keep(meeting, texte, rows, tenue.fingerprint(meeting))
        tenue.propose(meeting)
    tenue.approve(first, second)


def correct(meeting):
    """Put off by a week, then an item renamed, one gone and one come."""
    for titre in ("Bancs et ombre", LONG_TITLE, "Fête du quartier"):
        PointFactory(reunion=meeting, titre=titre, texte="- deux bancs\n- un **arbre**")
    seances.publish(meeting)
    week = {"debut": meeting.debut + timedelta(days=7), "fin": meeting.fin + timedelta(days=7)}
    rectifier.rectify(meeting, "La salle est prise par les élections.", **week)

    def write():
        meeting.points.get(titre="Fête du quartier").delete()
        first = meeting.points.get(titre="Bancs et ombre")
        first.titre, first.texte = "Bancs, ombre et fontaine", "- trois bancs\n- un **arbre**"
        first.save()
        PointFactory(reunion=meeting, numero=9, titre=LONG_TITLE)

    rectifier.rectify(meeting, "La fontaine est ajoutée, la fête est retirée.", write=write)


def on(days, hour):
    return starts_at(timezone.localdate() + timedelta(days=days), time(hour))


def prepare_bookings(room):
    """One of each state, far enough for the spans of this month to stay free."""
    me, agent = Compte.objects.get(courriel=RESIDENT), Compte.objects.get(courriel=ADMIN)
    states = Reservation.Etat.DEMANDEE, "confirmee", "refusee", "annulee"
    waiting, confirmed, refused, cancelled = [
        ReservationFactory(salle=room, demandeur=me, debut=on(BUSY + rank, 14), personnes=12)
        for rank, _ in enumerate(states)
    ]
    waiting.settle()
    waiting.save()
    planning.confirm(confirmed, by=agent)
    answer = "La musique gêne les voisins : la grande salle convient mieux."
    planning.refuse(refused, agent, Reservation.MotifRefus.INADAPTEE, answer)
    planning.cancel(cancelled, Creneau.Motif.DEMANDE, by=me)


def prepare_twelve_rooms(quartier):
    """The fullest planning: twelve rooms, each free in four spans a day; then closed for long."""
    house = MaisonFactory(nom="Maison Émile-Zola", slug="douze-salles", quartier=quartier)
    for rank in range(12):
        SalleFactory(maison=house, nom=f"{LONG_ROOM} {rank + 1}", slug=f"salle-{rank + 1}")
    event = EvenementFactory(titre="Visites", slug="visites", maison=house)
    whole = {"portee": Creneau.Portee.MAISON, "salle": None}
    for days, hour in product(range(1, 14), (10, 13, 17)):
        span = {"debut": on(days, hour), "fin": on(days, hour + 1)}
        OccurrenceFactory(evenement=event, **whole, **span)
    FermetureFactory(maison=house, debut=on(14, 0), fin=on(30, 0), motif="travaux de peinture")


def prepare_without_account(room):
    """Held by e-mail and by phone, confirmed, lost: in the evening, away from the others."""
    place = [{"salle": room, "debut": on(BUSY + rank, 18)} for rank in range(5)]
    AttenteFactory(nom="En attente", **place[0])
    AttenteFactory(nom="À appeler", courriel="", telephone="+33465710012", **place[1])
    planning.confirm_contact(AttenteFactory(nom="Confirmée", **place[2]))
    changing = AttenteFactory(nom="Adresse à prouver", **place[4])
    planning.confirm_contact(changing)
    planning.propose_address(changing, "neuve@rivemont.example")
    lost = AttenteFactory(nom="Perdue", **place[3])
    planning.cancel(lost, Creneau.Motif.DELAI, by=None, quiet=True)
    ReservationFactory(**place[3])


def prepare_events(house):
    room = SalleFactory(maison=house, nom="Salle des fêtes", slug="salle-des-fetes")
    cancelled = EvenementFactory(titre="Bal d’été", slug="annule", maison=house)
    date = OccurrenceFactory(evenement=cancelled, salle=room, debut=on(3, 14))
    planning.publish(cancelled)
    planning.cancel(date, Creneau.Motif.ORGANISATION, by=None)
    longest = EvenementFactory(
        titre=LONG_TITLE,
        slug="le-plus-long",
        maison=house,
        organisateur="Association pour la sauvegarde et la mise en valeur du patrimoine du canal",
        resume="Une phrase qui va jusqu’au bout de ce que l’on peut écrire ici. " * 3,
        description="Un paragraphe.\n\n- une ligne\n- **une autre**\n\n" + "Encore du texte. " * 40,
        contact="rencontres.intergenerationnelles@association-du-canal-de-rivemont.example",
        lien="https://association.example/" + "tres-longue-adresse-sans-espace/" * 4,
    )
    for rank in range(25):
        OccurrenceFactory(evenement=longest, salle=room, debut=on(4 + rank, 10))
    lasting = {"salle": None, "portee": Creneau.Portee.SANS_SALLE, "heure_connue": False}
    exhibition = EvenementFactory(titre="Exposition", slug="exposition", maison=house)
    OccurrenceFactory(evenement=exhibition, debut=on(-1, 0), fin=on(5, 0), **lasting)
    planning.publish(exhibition)
    planning.publish(longest)
    prepare_series(house, room)
    draft = EvenementFactory(titre="Repas des voisins", slug="repas-des-voisins", maison=house)
    OccurrenceFactory(evenement=draft, salle=room, debut=on(35, 18))


def prepare_series(house, room):
    """A season of a public event, with days left out: a closure, a room taken, an odd day."""
    season = EvenementFactory(titre="Chorale du quartier", slug="chorale", maison=house)
    OccurrenceFactory(evenement=season, salle=room, debut=on(3, 18))
    planning.publish(season)
    season.refresh_from_db()
    FermetureFactory(maison=house, debut=on(70, 8), fin=on(71, 8), motif="travaux électriques")
    other = EvenementFactory(titre="Bal costumé", slug="bal-costume", maison=house)
    OccurrenceFactory(evenement=other, salle=room, debut=on(77, 17), fin=on(77, 23))
    first = timezone.localdate() + timedelta(days=42)
    SerieFactory(evenement=season, maison=house, salle=room, premier=first)


def prepare_requests():
    """What the desk of the demonstration can answer, by form or by phone."""
    house = Maison.objects.get(slug="maison-des-lavoirs")
    room = Salle.objects.filter(maison=house, avec_accord=True, reservable=True).first()
    person = Compte.objects.get(courriel=PASSWORDLESS)
    spans = free_spans(room)
    ReservationFactory(salle=room, demandeur=person, **next(spans))
    for rank in range(1, ASKING + 1):
        someone = {"nom": f"Voisine {rank:02}", "courriel": f"voisine{rank}@rivemont.example"}
        ReservationFactory(salle=room, demandeur=None, **someone, **next(spans))
    by_phone(room, **next(spans))
    to_say(by_phone(room, nom="Mme Lopez", etat="confirmee", **next(spans)))


def free_spans(room):
    """A span a day, short enough to leave most of it free."""
    for days in range(4, 60):
        day = timezone.localdate() + timedelta(days=days)
        if free := Disponibilites(room.maison, day).free(room, day):
            yield {"debut": free[0].debut, "fin": free[0].debut + STEP}


def prepare_letters(house):
    """One that looks as letters do, and leaves; one that was refused."""
    context = {
        "titre": "Votre réservation est faite",
        "ville": Ville.current(),
        "nom": "Camille O’Neill-Nguyễn",
        "maison": house,
        "lien": f"{settings.SITE_URL}/agenda/",
    }
    calendar = {"nom": "salle.ics", "type": "text/calendar", "texte": "BEGIN:VCALENDAR\r\n"}
    html = engines["django"].from_string(LETTER).render(context)
    leaves = {"html": html, "pieces": [calendar], "destinataire": RESIDENT}
    MessageFactory(objet=DRESSED, texte=LONG_TITLE, **leaves)
    refused = {"etat": Message.Etat.ECHEC, "erreur": "550 5.1.1 Cette adresse n’existe pas"}
    MessageFactory(nom="Camille O’Neill-Nguyễn", creneau=1, essais=1, **refused)


def prepare_closure():
    """Five bookings of one room of the desk, on two days: the first is closed."""
    house = Maison.objects.get(slug="maison-des-lavoirs")
    rooms = Salle.objects.filter(maison=house, reservable=True, partagee=False, partie_de=None)
    length, prepared = timedelta(hours=5), 0
    for days in range(BUSY, BUSY + 40):
        day = timezone.localdate() + timedelta(days=days)
        known = Disponibilites(house, day)
        free = [span for room in rooms for span in known.free(room, day)]
        for one, other in combinations(free, 2):
            debut = max(one.debut, other.debut)
            if one.salle != other.salle and debut + length <= min(one.fin, other.fin):
                book_five(one.salle, debut)
                if not prepared:
                    span = {"debut": debut, "fin": debut + length}
                    closure = Fermeture(maison=house, salle=one.salle, motif="peinture", **span)
                    planning.close(closure)
                prepared += 1
                break
        if prepared == 2:
            return


def book_five(room, debut):
    reached = [
        *[{"courriel": "canal@association.example"}] * 3,
        {"telephone": "+33465710022"},
        {"telephone": "", "courriel": ""},
    ]
    for rank, contact in enumerate(reached):
        begins = debut + rank * timedelta(hours=1)
        span = {"debut": begins, "fin": begins + STEP}
        who = {"demandeur": None, "nom": CANAL, "etat": Reservation.Etat.CONFIRMEE}
        who["saisie_par"] = Compte.objects.get(courriel=DESK)  # by the desk: no quota
        ReservationFactory(salle=room, personnes=8, **span, **who, **contact)
