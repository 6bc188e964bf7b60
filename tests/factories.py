"""The least valid object of each kind; créneaux are made as the portal makes them, by planning."""

from datetime import date, time, timedelta
from hashlib import sha256

import factory
from django.core.files.base import ContentFile
from django.utils import timezone

from associations import activites, attestations, inscriptions, prets
from associations.models import (
    Activite,
    Adhesion,
    Association,
    Attestation,
    BudgetHeures,
    Charte,
    Cogestion,
    Dossier,
    EvenementOrganise,
    Inscription,
    InvitationMembre,
    MembreAssociation,
    MiseADisposition,
    Seance,
)
from comptes.models import Compte
from conseils import pieces, seances
from conseils.models import (
    Conseil,
    Conseiller,
    InvitationSecretariat,
    Piece,
    Point,
    Reunion,
    Secretariat,
)
from documents import depot
from documents.reception import Received
from maisons import invitations, planning, series
from maisons.heures import starts_at
from maisons.models import (
    Affectation,
    Evenement,
    Fermeture,
    Horaire,
    InvitationAffectation,
    Maison,
    Occurrence,
    Reservation,
    Salle,
    Serie,
)
from maisons.models.maison import Jour
from maisons.rythmes import Cadence, Rythme
from notifications.models import Message
from permanences import questions, rendez_vous, vacations
from permanences.models import (
    Fiche,
    Intervenant,
    InvitationIntervenant,
    Mediateur,
    Motif,
    Permanence,
    QuestionElu,
    RendezVous,
    Service,
    Vacation,
)
from quartiers.models import Elu, Quartier, Ville


def slot(first_hour):
    """Two hours of their own for each object: the n-th span of every fourth hour from tomorrow."""
    return factory.Sequence(
        lambda n: starts_at(
            timezone.localdate() + timedelta(days=1 + n // 3 % 70), time(first_hour + 4 * (n % 3))
        )
    )


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True


class CompteFactory(Factory):
    class Meta:
        model = Compte

    courriel = factory.Sequence(lambda n: f"personne{n}@rivemont.example")
    nom = factory.Sequence(lambda n: f"Wilhelmine Dubreuil {n:05}")  # no test looks for her
    password = factory.django.Password(None)


class VilleFactory(Factory):
    class Meta:
        model = Ville

    pk = 1
    nom = "Rivemont"


class QuartierFactory(Factory):
    class Meta:
        model = Quartier

    nom = factory.Sequence(lambda n: f"Quartier {n}")
    slug = factory.Sequence(lambda n: f"quartier-{n}")


class MaisonFactory(Factory):
    """Open every day from 8 to 22 h; `horaires=False` leaves the hours out."""

    class Meta:
        model = Maison

    nom = factory.Sequence(lambda n: f"Maison {n}")
    slug = factory.Sequence(lambda n: f"maison-{n}")
    quartier = factory.SubFactory(QuartierFactory)

    @factory.post_generation
    def horaires(self, create, wanted, **kwargs):
        if create and wanted is not False:
            Horaire.objects.bulk_create(
                Horaire(maison=self, jour=jour, ouvre=time(8), ferme=time(22)) for jour in Jour
            )


class SalleFactory(Factory):
    class Meta:
        model = Salle

    maison = factory.SubFactory(MaisonFactory)
    nom = factory.Sequence(lambda n: f"Salle {n}")
    slug = factory.Sequence(lambda n: f"salle-{n}")
    capacite = 20


class FermetureFactory(Factory):
    class Meta:
        model = Fermeture

    maison = factory.SubFactory(MaisonFactory)
    debut = slot(8)
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))
    motif = "travaux"


class AffectationFactory(Factory):
    class Meta:
        model = Affectation

    compte = factory.SubFactory(CompteFactory)
    maison = factory.SubFactory(MaisonFactory)
    role = Affectation.Role.ACCUEIL


class InvitationFactory(Factory):
    """From the city, to be accepted; as the portal writes it, with its code and its letter."""

    class Meta:
        model = InvitationAffectation

    courriel = factory.Sequence(lambda n: f"invitee{n}@rivemont.example")
    maison = factory.SubFactory(MaisonFactory)
    role = Affectation.Role.ACCUEIL
    invite_par = factory.SubFactory(CompteFactory, is_superuser=True)

    @classmethod
    def _create(cls, model_class, *args, invite_par, **kwargs):
        invitation = model_class(*args, **kwargs)
        invitations.invite(invitation, by=invite_par)
        return invitation


class EvenementFactory(Factory):
    """A draft; `publie=True` publishes it with one date in a room of its house."""

    class Meta:
        model = Evenement

    titre = factory.Sequence(lambda n: f"Événement {n}")
    slug = factory.Sequence(lambda n: f"evenement-{n}")
    maison = factory.SubFactory(MaisonFactory)

    @factory.post_generation
    def publie(self, create, wanted, **kwargs):
        if create and wanted:
            OccurrenceFactory(evenement=self)
            planning.publish(self)
            self.refresh_from_db()


class CreneauFactory(Factory):
    """Through planning.book(); the house follows from the room or the event that is given."""

    class Meta:
        abstract = True

    maison = factory.SubFactory(MaisonFactory)
    salle = factory.SubFactory(SalleFactory, maison=factory.SelfAttribute("..maison"))
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))

    @classmethod
    def _generate(cls, strategy, params):
        for given in ("salle", "evenement"):
            if params.get(given):
                params.setdefault("maison", params[given].maison)
        return super()._generate(strategy, params)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return planning.book(model_class(*args, **kwargs))


class OccurrenceFactory(CreneauFactory):
    class Meta:
        model = Occurrence

    evenement = factory.SubFactory(EvenementFactory, maison=factory.SelfAttribute("..maison"))
    titre = factory.SelfAttribute("evenement.titre")
    debut = slot(10)


class ReservationFactory(CreneauFactory):
    """A request that waits for an answer; confirm it with planning.confirm()."""

    class Meta:
        model = Reservation

    demandeur = factory.SubFactory(CompteFactory)
    titre = "Salle réservée"
    usage = Reservation.Usage.VOISINS
    debut = slot(8)


class MessageFactory(Factory):
    """A letter that waits to leave; as the portal writes it, post() does."""

    class Meta:
        model = Message

    cle = factory.Sequence(lambda n: f"essai:{n}")
    destinataire = factory.Sequence(lambda n: f"personne{n}@rivemont.example")
    objet = "Votre réservation est faite"
    texte = "Bonjour, votre salle vous attend."
    expire_le = factory.LazyFunction(lambda: timezone.now() + timedelta(days=2))


class AttenteFactory(ReservationFactory):
    """A room held for somebody without an account, who has not confirmed yet."""

    demandeur = None
    nom = "Camille"
    courriel = "camille@rivemont.example"
    personnes = 4

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return planning.hold(model_class(*args, **kwargs))


class SerieFactory(Factory):
    """
    Ten weeks of two hours from next week on, public holidays too, planned for an event.

    `build()` gives a series that is not planned yet.
    """

    class Meta:
        model = Serie

    maison = factory.SubFactory(MaisonFactory)
    salle = factory.SubFactory(SalleFactory, maison=factory.SelfAttribute("..maison"))
    premier = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    dernier = factory.LazyAttribute(lambda o: o.premier + timedelta(weeks=9))
    regle = factory.LazyAttribute(lambda o: Rythme(Cadence.SEMAINE, (o.premier.weekday(),)).rule)
    heure = time(18)
    duree = timedelta(hours=2)
    jours_feries = True

    @classmethod
    def _create(cls, model_class, *args, evenement=None, **kwargs):
        serie = model_class(*args, **kwargs)
        evenement = evenement or EvenementFactory(maison=serie.maison)
        series.plan(serie, dates_of(evenement, serie))
        return serie


def dates_of(evenement, serie):
    """What series.plan() needs for the dates of an event."""
    place = {"portee": serie.portee, "maison": serie.maison, "salle": serie.salle}
    return lambda debut, fin: Occurrence(evenement=evenement, debut=debut, fin=fin, **place)


class ConseilFactory(Factory):
    """The agenda is due ten days before; two colleges."""

    class Meta:
        model = Conseil

    nom = factory.Sequence(lambda n: f"Conseil {n}")
    slug = factory.Sequence(lambda n: f"conseil-{n}")
    quartier = factory.SubFactory(QuartierFactory)
    convocation = 10
    colleges = ["habitants", "associations"]


class ConseillerFactory(Factory):
    class Meta:
        model = Conseiller

    conseil = factory.SubFactory(ConseilFactory)
    nom = factory.Sequence(lambda n: f"Membre {n}")


class EluFactory(Factory):
    class Meta:
        model = Elu

    nom = factory.Sequence(lambda n: f"Élue {n}")
    fonction = "adjointe aux écoles"


class SecretariatFactory(Factory):
    class Meta:
        model = Secretariat

    compte = factory.SubFactory(CompteFactory)
    conseil = factory.SubFactory(ConseilFactory)


class InvitationSecretariatFactory(InvitationFactory):
    class Meta:
        model = InvitationSecretariat
        exclude = ["maison", "role"]

    conseil = factory.SubFactory(ConseilFactory)


class ReunionFactory(CreneauFactory):
    """A draft without items, in a room of a house; `publie=True` gives it one and publishes it."""

    class Meta:
        model = Reunion

    conseil = factory.SubFactory(ConseilFactory)
    debut = slot(12)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return seances.convene(model_class(*args, **kwargs))

    @factory.post_generation
    def publie(self, create, wanted, **kwargs):
        if create and wanted:
            PointFactory(reunion=self)
            seances.publish(self)


class PointFactory(Factory):
    class Meta:
        model = Point

    reunion = factory.SubFactory(ReunionFactory)
    numero = factory.LazyAttribute(lambda o: o.reunion.points.count() + 1)
    rang = factory.SelfAttribute("numero")
    titre = factory.Sequence(lambda n: f"Sujet {n}")


class PieceFactory(Factory):
    """A document as `reception` would have found it; `publie=True` when its meeting is public."""

    class Meta:
        model = Piece

    reunion = factory.SubFactory(ReunionFactory)
    titre = factory.Sequence(lambda n: f"Document {n}")

    @classmethod
    def _create(cls, model_class, *args, received=None, publie=False, **kwargs):
        piece, received = model_class(**kwargs), received or found()
        if not publie:
            return pieces.keep(piece, received, by=None)
        with depot.kept(received) as name:  # in the transaction that published
            pieces.save(piece, received, name, by=None)
        return piece


def found(content=b"%PDF-1.7 essai", **facts):
    known = {"nom_fichier": "avis.pdf", "format": "pdf", "accessibilite": "oui", "langue": "fr"}
    digest, files = sha256(content).hexdigest(), {"": ContentFile(content)}
    return Received(taille=len(content), empreinte=digest, files=files, **known | facts)


class ServiceFactory(Factory):
    """A draft; its permanence publishes it."""

    class Meta:
        model = Service

    nom = factory.Sequence(lambda n: f"Service {n}")
    slug = factory.Sequence(lambda n: f"service-{n}")
    chapeau = "On vous aide, sans juger."
    besoins = ["droits"]


class MotifFactory(Factory):
    class Meta:
        model = Motif

    service = factory.SubFactory(ServiceFactory)
    libelle = factory.Sequence(lambda n: f"Motif {n}")


class FicheFactory(Factory):
    """Public, checked today."""

    class Meta:
        model = Fiche

    titre = factory.Sequence(lambda n: f"Fiche {n}")
    slug = factory.Sequence(lambda n: f"fiche-{n}")
    texte = "Faites une copie."
    source = "service-public.fr"
    verifiee_le = factory.LazyFunction(timezone.localdate)
    publie_le = factory.LazyFunction(timezone.now)


class MediateurFactory(Factory):
    class Meta:
        model = Mediateur

    nom = factory.Sequence(lambda n: f"Médiatrice {n}")
    slug = factory.Sequence(lambda n: f"mediatrice-{n}")
    qualite = "médiatrice sociale"


class PermanenceFactory(Factory):
    """By appointment, in a room; `publie=True` publishes it with one date."""

    class Meta:
        model = Permanence

    service = factory.SubFactory(ServiceFactory)
    slug = factory.Sequence(lambda n: f"permanence-{n}")
    maison = factory.SubFactory(MaisonFactory)
    salle = factory.SubFactory(SalleFactory, maison=factory.SelfAttribute("..maison"))
    mode = Permanence.Mode.RDV

    @factory.post_generation
    def publie(self, create, wanted, **kwargs):
        if create and wanted:
            VacationFactory(permanence=self)
            vacations.publish(self)
            self.refresh_from_db()


class IntervenantFactory(Factory):
    class Meta:
        model = Intervenant

    compte = factory.SubFactory(CompteFactory)
    permanence = factory.SubFactory(PermanenceFactory)


class InvitationIntervenantFactory(InvitationFactory):
    class Meta:
        model = InvitationIntervenant
        exclude = ["maison", "role"]

    permanence = factory.SubFactory(PermanenceFactory)


class VacationFactory(Factory):
    """Two hours, public as soon as its permanence is; in its room."""

    class Meta:
        model = Vacation

    permanence = factory.SubFactory(PermanenceFactory)
    debut = slot(14)
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))

    @classmethod
    def _create(cls, model_class, *args, permanence, **kwargs):
        return planning.book(vacations.make(permanence, **kwargs))


class RendezVousFactory(Factory):
    """Taken, at the first slot of its vacation unless another one is given."""

    class Meta:
        model = RendezVous

    vacation = factory.SubFactory(VacationFactory)
    nom = "Camille"
    courriel = factory.Sequence(lambda n: f"usagere{n}@rivemont.example")
    debut = factory.LazyAttribute(lambda o: o.vacation.debut)
    fin = factory.LazyAttribute(lambda o: o.debut + o.vacation.permanence.length)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return rendez_vous.book(model_class(*args, **kwargs))


class QuestionEluFactory(Factory):
    """To an élu whose permanence somebody holds, with a date to come that it is not for."""

    class Meta:
        model = QuestionElu

    elu = factory.SubFactory(EluFactory)
    nom = "Camille"
    courriel = factory.Sequence(lambda n: f"curieuse{n}@rivemont.example")
    texte = "Quand l’école rouvre-t-elle ?"

    @classmethod
    def _create(cls, model_class, *args, elu, **kwargs):
        if not questions.is_read(elu):
            IntervenantFactory(permanence=PermanenceFactory(elu=elu, publie=True))
        return questions.ask(model_class(*args, elu=elu, **kwargs))


class AssociationFactory(Factory):
    class Meta:
        model = Association

    nom = factory.Sequence(lambda n: f"Association {n}")
    slug = factory.Sequence(lambda n: f"association-{n}")


class ActiviteFactory(Factory):
    """
    A draft of three places for the season; `publie=True` publishes it with one session.

    Its association is under the charter, unless `charte=False`.
    """

    class Meta:
        model = Activite

    association = factory.SubFactory(AssociationFactory)
    titre = factory.Sequence(lambda n: f"Activité {n}")
    slug = factory.Sequence(lambda n: f"activite-{n}")
    gratuit = True
    maison = factory.SubFactory(MaisonFactory)
    salle = factory.SubFactory(SalleFactory, maison=factory.SelfAttribute("..maison"))
    premier = factory.LazyFunction(timezone.localdate)
    dernier = factory.LazyAttribute(lambda o: o.premier + timedelta(days=200))
    places = 3

    @factory.post_generation
    def charte(self, create, wanted, **kwargs):
        rows = type(self.association).objects.filter(pk=self.association.pk)
        if create and wanted is not False and not rows.under_charter().exists():
            signed = Charte.objects.exclude(publie_le=None).first() or CharteFactory()
            AdhesionFactory(association=self.association, charte=signed)

    @factory.post_generation
    def publie(self, create, wanted, **kwargs):
        if create and wanted:
            SeanceFactory(activite=self)
            activites.publish(self)
            self.refresh_from_db()


class SeanceFactory(Factory):
    """Two hours, public as soon as its activity is; in its room."""

    class Meta:
        model = Seance

    activite = factory.SubFactory(ActiviteFactory)
    debut = slot(14)
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))

    @classmethod
    def _create(cls, model_class, *args, activite, **kwargs):
        return planning.book(activites.make(activite, **kwargs))


class InscriptionFactory(Factory):
    """One pass of somebody who left a phone number; `dossier__…` says otherwise."""

    class Meta:
        model = Inscription

    activite = factory.SubFactory(ActiviteFactory, publie=True)
    nom = factory.Sequence(lambda n: f"Personne {n}")
    telephone = factory.Sequence(lambda n: f"+334677{n:05}")

    @classmethod
    def _create(cls, model_class, *args, nom, telephone="", courriel="", compte=None, **kwargs):
        reached = {"courriel": courriel} if courriel else {"telephone": telephone}
        who = {"compte": compte} if compte else {"nom": nom} | reached
        row = model_class(**kwargs)
        inscriptions.register(Dossier(**who), [row])
        return row


class MembreFactory(Factory):
    """Somebody who answers for an association."""

    class Meta:
        model = MembreAssociation

    compte = factory.SubFactory(CompteFactory)
    association = factory.SubFactory(AssociationFactory)
    role = MembreAssociation.Role.RESPONSABLE


class InvitationMembreFactory(InvitationFactory):
    class Meta:
        model = InvitationMembre
        exclude = ["maison"]

    role = MembreAssociation.Role.RESPONSABLE
    association = factory.SubFactory(AssociationFactory)


class CharteFactory(Factory):
    """The version in use; `brouillon=True` leaves it a draft."""

    class Meta:
        model = Charte

    texte = "Chacun accueille tout le monde."

    @factory.post_generation
    def brouillon(self, create, wanted, **kwargs):
        if create and not wanted:
            self.publish(by=None)


class AdhesionFactory(Factory):
    """Signed a month ago for a year, insured as long; `finie=True` ended yesterday."""

    class Meta:
        model = Adhesion

    class Params:
        finie = factory.Trait(
            jusqu_au=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
        )

    association = factory.SubFactory(AssociationFactory)
    charte = factory.SubFactory(CharteFactory)
    signataire = "Jeanne Roux"
    signe_le = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    jusqu_au = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=335))
    assurance_jusqu_au = factory.SelfAttribute("jusqu_au")


class AttestationFactory(Factory):
    """Sent, and not checked yet."""

    class Meta:
        model = Attestation

    adhesion = factory.SubFactory(AdhesionFactory)
    jusqu_au = factory.SelfAttribute("adhesion.jusqu_au")

    @classmethod
    def _create(cls, model_class, *args, adhesion, jusqu_au, par=None, **kwargs):
        sent = attestations.prepare(adhesion)
        sent.jusqu_au, sent.titre = jusqu_au, kwargs.get("titre", sent.titre)
        attestations.keep(sent, found(), by=par)
        return sent


class MiseADispositionFactory(Factory):
    """Two hours asked for by a member; under the charter, unless `charte=False`."""

    class Meta:
        model = MiseADisposition

    association = factory.SubFactory(AssociationFactory)
    salle = factory.SubFactory(SalleFactory)
    usage = MiseADisposition.Usage.REUNION
    debut = slot(11)
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))

    @classmethod
    def _create(cls, model_class, *args, charte=True, by=None, **kwargs):
        pret = model_class(maison=kwargs["salle"].maison, **kwargs)
        rows = Association.objects.filter(pk=pret.association.pk)
        if charte and not rows.under_charter().exists():
            AdhesionFactory(association=pret.association)
        return prets.ask(pret, by=by or MembreFactory(association=pret.association).compte)


class BudgetHeuresFactory(Factory):
    """Ten hours of this year and the next, ten euros each."""

    class Meta:
        model = BudgetHeures

    association = factory.SubFactory(AssociationFactory)
    premier = factory.LazyFunction(lambda: timezone.localdate().replace(month=1, day=1))
    dernier = factory.LazyAttribute(lambda o: date(o.premier.year + 1, 12, 31))
    heures = 10
    valeur_heure = 10


class EvenementOrganiseFactory(Factory):
    class Meta:
        model = EvenementOrganise

    association = factory.SubFactory(AssociationFactory)
    evenement = factory.SubFactory(EvenementFactory, publie=True)


class CogestionFactory(Factory):
    class Meta:
        model = Cogestion

    association = factory.SubFactory(AssociationFactory)
    maison = factory.SubFactory(MaisonFactory)
    engagements_ville = "Prête la grande salle."
    engagements_association = "Ouvre la maison le jeudi soir."
