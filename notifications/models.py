import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

LEASE = timedelta(minutes=5)  # longer than any SMTP conversation (EMAIL_TIMEOUT)


class MessageQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(etat=Message.Etat.ATTENTE)

    def due(self, now):
        """Those to send now: nobody holds them, their time has come and is not over."""
        free = Q(pris_jusqu_a=None) | Q(pris_jusqu_a__lte=now)
        return self.waiting().filter(free, essayer_le__lte=now, expire_le__gt=now)

    def to_phone(self):
        return self.filter(etat=Message.Etat.A_APPELER)


class Message(models.Model):
    """
    One letter of the outbox, written in the transaction that causes it, sent after it, once.

    `creneau` is the key of the créneau it tells of, without a foreign key: créneaux live above.
    Codes and links named in `secrets` are erased from what is kept once the message has left.
    """

    class Canal(models.TextChoices):
        COURRIEL = "courriel", "e-mail"
        TELEPHONE = "telephone", "téléphone"

    class Etat(models.TextChoices):
        ATTENTE = "attente", "en attente"
        ENVOYE = "envoye", "envoyé"
        ECHEC = "echec", "échec"
        A_APPELER = "a_appeler", "à appeler"
        APPELE = "appele", "dit au téléphone"

    cle = models.CharField("clé", max_length=200, unique=True)
    canal = models.CharField(max_length=10, choices=Canal, default=Canal.COURRIEL)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.ATTENTE)
    nom = models.CharField(max_length=100, blank=True)
    destinataire = models.CharField(max_length=254)  # an e-mail address or a phone number
    repondre_a = models.EmailField("répondre à", blank=True)
    creneau = models.BigIntegerField("créneau", null=True, blank=True, db_index=True)
    objet = models.CharField(max_length=200)
    texte = models.TextField()
    html = models.TextField(blank=True)
    pieces = models.JSONField("pièces jointes", default=list, blank=True)  # [{nom, type, texte}]
    secrets = models.JSONField(default=list, blank=True)
    identifiant = models.UUIDField(default=uuid.uuid4, editable=False)  # of the Message-ID
    cree_le = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    essayer_le = models.DateTimeField("à envoyer à partir du", default=timezone.now)
    expire_le = models.DateTimeField("inutile après le")
    pris_jusqu_a = models.DateTimeField(null=True, blank=True, editable=False)
    essais = models.PositiveSmallIntegerField(default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    fini_le = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                fields=["essayer_le"], name="message_a_envoyer", condition=Q(etat="attente")
            ),
            models.Index(
                fields=["cree_le"], name="message_a_appeler", condition=Q(etat="a_appeler")
            ),
            models.Index(fields=["destinataire"], name="message_destinataire"),
        ]

    def __str__(self):
        return self.objet
