import re
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from comptes.models import AvecCode
from notifications import nuit

LEASE = timedelta(minutes=5)  # longer than any conversation with a mail server (EMAIL_TIMEOUT)
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60)]  # then every hour
KEPT = timedelta(days=92)
ORDER = ["rappel", "essayer_le", "pk"]  # what somebody waits for leaves before reminders
ERASED = "••••"
BETWEEN = re.compile(r"[-\s]+")  # the signs of a code
# Those that somebody may have to see to come first.
FIRST = ["echec", "attente", "a_appeler"]
RANK = Case(
    *[When(etat=etat, then=Value(rank)) for rank, etat in enumerate(FIRST)], default=Value(9)
)
TOO_LATE = "Trop tard : ce qu’il annonce est passé."
UNTRUE = "Sans objet : ce qu’il rappelait a changé."
SET_ASIDE = "Écarté après une restauration : il a pu partir avant."


def erase(text, secrets):
    """A text without these codes, however each is grouped, folded on two lines or cased."""
    together = BETWEEN.sub("", text).lower()
    for secret in filter(None, secrets):
        signs = BETWEEN.sub("", secret)
        if signs.lower() in together:  # most are not: a pattern of each costs a millisecond
            pattern = r"[-\s]*".join(map(re.escape, signs))
            text = re.sub(pattern, ERASED, text, flags=re.IGNORECASE)
    return text


class MessageQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(etat=Message.Etat.ATTENTE)

    def due(self, now):
        """Those to send now: nobody holds them, their time has come, and no reminder by night."""
        ready = self.waiting().filter(essayer_le__lte=now, expire_le__gt=now)
        return ready.filter(rappel=False) if nuit.is_quiet(now) else ready

    def recent_sms(self, number):
        """Those of the last hour to a number, sent or not."""
        since = timezone.now() - timedelta(hours=1)
        return self.filter(destinataire=number, cree_le__gt=since).exclude(sms="")

    def outdated(self, now):
        """Those that nobody will be told any more, and refused ones that still hold a secret."""
        untold = Q(etat__in=[Message.Etat.ATTENTE, Message.Etat.A_APPELER])
        refused = Q(etat=Message.Etat.ECHEC) & ~Q(secrets=[])
        return self.filter(untold | refused, expire_le__lte=now, essayer_le__lte=now)

    def claim(self, now):
        """
        Take the first row for as long as the lease, or None: another drain takes the next one.

        The lease is the row's next try: a dead worker's row is due again when it has run out.
        """
        with transaction.atomic():
            rows = self.select_for_update(skip_locked=True)
            message = rows.order_by(*ORDER).first()
            if message:
                message.partir_le = message.partir_le or message.leaves
                message.essayer_le, message.essais = now + LEASE, message.essais + 1
                message.save(update_fields=["partir_le", "essayer_le", "essais"])
        return message

    def old(self, now):
        return self.filter(cree_le__lt=now - KEPT)

    def to_phone(self):
        return self.filter(etat=Message.Etat.A_APPELER).order_by("cree_le", "pk")

    def undelivered(self):
        """Letters refused for good, still of use, none of a créneau of one person left since."""
        since = {"creneau": OuterRef("creneau"), "cree_le__gt": OuterRef("cree_le")}
        left = Message.objects.filter(etat=Message.Etat.ENVOYE, **since)
        refused = self.filter(etat=Message.Etat.ECHEC, canal=Message.Canal.COURRIEL)
        return refused.filter(~Exists(left), expire_le__gt=timezone.now()).order_by("cree_le", "pk")

    def about(self, creneaux):
        """Those that tell of these créneaux, given by their keys."""
        return self.filter(creneau__in=creneaux)


class Message(models.Model):
    """
    One letter of the outbox, written in the transaction that causes it, sent after it, once.

    `creneau` is the key of the créneau it tells of, without a foreign key: créneaux live above.
    The codes named in `secrets` are erased from what is kept once the message has left, has been
    said, or is of no use any more; nothing shows them before that.
    """

    class Canal(models.TextChoices):
        COURRIEL = "courriel", "e-mail"
        SMS = "sms", "SMS"
        TELEPHONE = "telephone", "téléphone"

    class Etat(models.TextChoices):
        ATTENTE = "attente", "en attente"
        ENVOYE = "envoye", "envoyé"
        ECHEC = "echec", "échec"
        A_APPELER = "a_appeler", "à appeler"
        APPELE = "appele", "dit au téléphone"
        ECARTE = "ecarte", "pas envoyé"

    cle = models.CharField("clé", max_length=200, unique=True)
    canal = models.CharField(max_length=10, choices=Canal, default=Canal.COURRIEL)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.ATTENTE)
    nom = models.CharField(max_length=100, blank=True)
    destinataire = models.CharField(max_length=254)  # an e-mail address or a phone number
    repondre_a = models.EmailField("répondre à", blank=True)
    # Of letters alone: the address that ends them (RFC 8058).
    desabonnement = models.CharField("désabonnement", max_length=300, blank=True, db_default="")
    rappel = models.BooleanField(default=False, db_default=False, editable=False)  # not by night
    # Whom it is for is for nobody but who receives them: city administrators read it masked.
    confidentiel = models.BooleanField(default=False, db_default=False, editable=False)
    creneau = models.BigIntegerField("créneau", null=True, blank=True, db_index=True)
    objet = models.CharField(max_length=200)
    texte = models.TextField()
    html = models.TextField(blank=True)
    sms = models.CharField("SMS", max_length=160, blank=True, default="", db_default="")
    pieces = models.JSONField("pièces jointes", default=list, blank=True)  # [{nom, type, texte}]
    secrets = models.JSONField(default=list, blank=True)
    identifiant = models.UUIDField(default=uuid.uuid4, editable=False)  # of the Message-ID
    cree_le = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    essayer_le = models.DateTimeField("à envoyer à partir du", default=timezone.now)
    partir_le = models.DateTimeField("devait partir le", null=True, editable=False)  # once taken
    expire_le = models.DateTimeField("inutile après le")
    essais = models.PositiveSmallIntegerField(default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    fini_le = models.DateTimeField("envoyé le", null=True, blank=True)
    dit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dit par",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                fields=["rappel", "essayer_le"],
                name="message_a_envoyer",
                condition=Q(etat="attente"),
            ),
            models.Index(
                fields=["expire_le"],
                name="message_non_dit",
                condition=Q(etat__in=["attente", "a_appeler", "echec"]),
            ),
            models.Index(
                fields=["cree_le"], name="message_a_appeler", condition=Q(etat="a_appeler")
            ),
            models.Index(fields=["destinataire"], name="message_destinataire"),
            models.Index(fields=["cree_le"], name="message_cree_le"),
            models.Index(
                fields=["partir_le"],
                name="message_remise",
                include=["fini_le", "canal", "etat", "essayer_le"],
                condition=Q(partir_le__isnull=False),
            ),
            # Of the list and the search in the admin.
            models.Index(RANK, F("cree_le").desc(), F("id").desc(), name="message_ordre"),
            GinIndex(
                OpClass(Upper("nom"), name="gin_trgm_ops"),
                OpClass(Upper("destinataire"), name="gin_trgm_ops"),
                name="message_recherche",
            ),
        ]

    def __str__(self):
        return erase(self.objet, self.secrets)

    @property
    def shown_text(self):
        """For the staff: without the codes, unless somebody has to say them."""
        if self.etat == self.Etat.A_APPELER:
            return self.texte
        return erase(self.sms if self.canal == self.Canal.SMS else self.texte, self.secrets)

    def can_resend(self):
        return self.etat == self.Etat.ECHEC and self.expire_le > timezone.now()

    @property
    def leaves(self):
        """When it should leave: a reminder not before the morning."""
        if not self.rappel:
            return self.essayer_le
        return nuit.departure(self.essayer_le, start=self.essayer_le + timedelta(days=2))

    def put_back(self, error):
        """The mail server could not be reached: this message keeps its place in the queue."""
        self.write(essayer_le=timezone.now(), erreur=error)

    def postpone(self, error):
        """This message did not pass: later, and later each time, behind the others."""
        delay = DELAYS[min(self.essais, len(DELAYS)) - 1]
        self.write(essayer_le=timezone.now() + delay, erreur=error)

    def mark_refused(self, error):
        """For good; until it expires, an administrator may send it again, secrets included."""
        self.write(etat=self.Etat.ECHEC, fini_le=timezone.now(), erreur=error)

    def mark_to_phone(self, error):
        """No SMS reaches this number: it is told by voice, codes included."""
        self.write(etat=self.Etat.A_APPELER, canal=self.Canal.TELEPHONE, erreur=error)

    def mark_sent(self):
        self.write(etat=self.Etat.ENVOYE, fini_le=timezone.now(), erreur="", **self.erased())

    def mark_outdated(self):
        error = " ".join(filter(None, [TOO_LATE, self.erreur]))
        due = {"partir_le": self.partir_le or self.leaves}
        self.write(
            etat=self.Etat.ECHEC, fini_le=timezone.now(), erreur=error, **due, **self.erased()
        )

    def set_aside(self):
        """After a restore: it may have left already, an operator leaves it at that."""
        aside = {"etat": self.Etat.ECARTE, "fini_le": timezone.now(), "erreur": SET_ASIDE}
        return self.write(**aside, **self.erased())

    def mark_dropped(self):
        """A reminder that would not tell the truth any more."""
        dropped = {"etat": self.Etat.ECARTE, "fini_le": timezone.now(), "erreur": UNTRUE}
        self.write(**dropped, **self.erased())

    def mark_called(self, by):
        told = {"etat": self.Etat.APPELE, "fini_le": timezone.now(), "dit_par": by}
        if not self.write(**told, **self.erased()):
            raise ValidationError("Ce message n’est plus à dire : la liste a changé.")

    def resend(self):
        again = {"etat": self.Etat.ATTENTE, "essayer_le": timezone.now(), "fini_le": None}
        again["partir_le"] = again["essayer_le"]
        if not (self.can_resend() and self.write(**again)):
            raise ValidationError("Ce message ne peut plus être envoyé.")

    def erased(self):
        """What is kept of the contents, without the secrets."""
        return {
            "objet": erase(self.objet, self.secrets),
            "texte": erase(self.texte, self.secrets),
            "html": erase(self.html, self.secrets),
            "sms": erase(self.sms, self.secrets),
            "desabonnement": erase(self.desabonnement, self.secrets),
            "pieces": [
                part | {"texte": erase(part["texte"], self.secrets)} for part in self.pieces
            ],
            "secrets": [],
        }

    def write(self, **fields):
        """Write the row as long as it is what we read; whether it was: a lease may have run out."""
        if "erreur" in fields:
            fields["erreur"] = str(fields["erreur"])[:300]
        read = {"pk": self.pk, "etat": self.etat, "essayer_le": self.essayer_le}
        return Message.objects.filter(**read).update(**fields)


class RepereQuerySet(models.QuerySet):
    def held(self):
        """The mark, when nothing leaves; else None."""
        return self.filter(retenu_le__isnull=False).first()

    def resume(self, held, by):
        """Let messages leave again, under a new mark; raises ValidationError when they do."""
        new = {"jeton": uuid.uuid4(), "rang": 0, "a_prendre": True, "retenu_le": None}
        new |= {"repris_le": timezone.now(), "repris_par": by}
        rows = self.filter(retenu_le=held.retenu_le) if held else self.none()
        if not rows.update(**new):
            raise ValidationError("Les messages partent déjà.")


class Repere(models.Model):
    """
    The database's half of the mark that tells a restored one from the one that sent; one row.

    The other half is a file (retenue.py); `fichier` is what it said when sending was held. While
    `a_prendre`, the first file that still says so takes this mark: at the very first start, and
    once an operator has let messages leave again.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    jeton = models.UUIDField(default=uuid.uuid4, editable=False)
    rang = models.BigIntegerField(default=0)
    avance_le = models.DateTimeField("avancé le", null=True)
    a_prendre = models.BooleanField("à prendre", default=True)
    fichier = models.JSONField(null=True)
    retenu_le = models.DateTimeField(null=True)
    repris_le = models.DateTimeField(null=True)
    repris_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = RepereQuerySet.as_manager()

    class Meta:
        verbose_name = "repère"
        constraints = [models.CheckConstraint(name="repere_seul", condition=Q(id=1))]

    def __str__(self):
        return f"rang {self.rang}"

    @property
    def mark(self):
        at = self.avance_le.isoformat() if self.avance_le else ""
        return {"jeton": str(self.jeton), "rang": self.rang, "le": at}

    def fits(self, mark):
        """Whether this mark of a file is ours, and knows of nothing that we do not."""
        if self.retenu_le:
            return False
        if self.a_prendre:  # a file at 0 was about to be ours; nothing has left under it
            return mark == self.fichier or (mark or {}).get("rang") == 0
        # The file is written last: one behind, somebody died in between.
        ours = mark and mark.get("jeton") == str(self.jeton)
        return ours and self.rang - mark["rang"] in (0, 1)

    def advance(self):
        self.rang, self.avance_le, self.a_prendre = self.rang + 1, timezone.now(), False
        self.save()

    def hold(self, mark):
        if not self.retenu_le:
            self.retenu_le, self.fichier, self.a_prendre = timezone.now(), mark, False
            self.save()

    @property
    def restored(self):
        """Whether the database is from before the file, rather than one that it never met."""
        return bool(self.fichier) and self.fichier.get("jeton") == str(self.jeton)

    @property
    def sent_until(self):
        """Until when messages may have left unknown to this database."""
        known = parse_datetime((self.fichier or {}).get("le") or "") if self.restored else None
        return known or self.retenu_le


class AbonnementQuerySet(models.QuerySet):
    def in_force(self):
        """The confirmed ones; not those of a closed account."""
        return self.filter(confirme_le__isnull=False).exclude(compte__is_active=False)


class Abonnement(AvecCode):
    """
    A person who follows something, by an account or by e-mail; `sujet` is « evenement:12 ».

    A key and no foreign key: what is followed lives above (suivi.py). It counts once confirmed.
    """

    sujet = models.CharField(max_length=60)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="abonnements"
    )
    courriel = models.EmailField(blank=True)
    jeton = models.UUIDField(default=uuid.uuid4, unique=True)  # of the page that waits
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    confirme_le = models.DateTimeField("confirmé le", null=True)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        constraints = [
            models.CheckConstraint(
                name="abonnement_une_personne", condition=Q(compte=None) ^ Q(courriel="")
            ),
            models.UniqueConstraint(name="abonnement_compte", fields=["sujet", "compte"]),
            models.UniqueConstraint(
                name="abonnement_courriel", fields=["sujet", "courriel"], condition=~Q(courriel="")
            ),
        ]

    def __str__(self):
        return self.sujet
