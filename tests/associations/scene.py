"""Three associations of one house, each text of theirs a word of its own, and who might read it."""

import re
from collections import namedtuple
from datetime import timedelta
from itertools import count

from django.apps import apps
from django.db import models

from associations import activites, attestations, courriers, images
from associations.models import (
    Activite,
    Agenda,
    Association,
    ImageActivite,
    Inscription,
    Presence,
)
from comptes.models import Compte
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    AssociationFactory,
    BudgetHeuresFactory,
    CharteFactory,
    CogestionFactory,
    CompteFactory,
    ConseilFactory,
    EvenementOrganiseFactory,
    InscriptionFactory,
    InvitationMembreFactory,
    MaisonFactory,
    MembreFactory,
    MiseADispositionFactory,
    SeanceFactory,
    SerieFactory,
    found,
)
from tests.portail.canaris import squeezed

ALL = apps.get_app_config("associations").get_models()
MODELS = [model for model in ALL if not model.__name__.startswith("Historical")]
WORD = re.compile(r"zq[a-t]{3}qz|6123\d{5}")
# Whose a row is where its own keys do not say it; a charter is the city's.
PATHS = {
    "association": "pk",
    "dossier": "inscriptions__activite__association",
    "agenda": "compte__dossiers__inscriptions__activite__association",
    "charte": None,
}
# Texts that nobody writes there: a session is in its house, a certificate is no picture.
UNWRITTEN = {"seance": ["adresse_libre", "lien_visio"], "attestation": ["alternative"]}
UNWRITTEN |= {"miseadisposition": ["adresse_libre", "tarif", "resume", "mention"]}
COMPUTED = ["titre", "resume", "mention", "nom_fichier"]
PUBLIC = ["association", "activite", "seance", "imageactivite", "cogestion"]

# Whose it is, which « model.field », whether the public reads it.
Told = namedtuple("Told", "owner kind pk field open")


def path_to(model):
    """From a model to its association by foreign keys; None when there is no way."""
    if model._meta.model_name in PATHS:
        return PATHS[model._meta.model_name]
    keys = [field for field in model._meta.concrete_fields if field.is_relation]
    for field in sorted(keys, key=lambda field: field.related_model is not Association):
        if field.related_model in MODELS and (further := path_to(field.related_model)):
            return field.name if further == "pk" else f"{field.name}__{further}"
    return None


def texts(model):
    """The fields of a row that somebody writes in words."""
    for field in model._meta.concrete_fields:
        text = isinstance(field, models.CharField | models.TextField) and not field.choices
        free = not isinstance(field, models.SlugField) and field.name not in ("rna", "siret")
        written = field.editable or field.name in COMPUTED
        if (
            text
            and free
            and written
            and field.name not in UNWRITTEN.get(model._meta.model_name, [])
        ):
            yield field


class Scene:
    """« a » and « b » work in one house with « c », that the directory hides; drafts are last."""

    def __init__(self):
        self.told, self.numbers = {}, count()
        self.house = MaisonFactory()
        self.conseil = ConseilFactory(quartier=self.house.quartier)
        self.of = {owner: self.association() for owner in "abc"}
        Association.objects.filter(pk=self.of["c"].pk).update(visible=False)
        self.charte = CharteFactory(brouillon=True)
        self.rows = {owner: self.found(owner) for owner in "abc"}
        self.rows["ville"] = {model._meta.model_name: [] for model in MODELS}
        self.rows["ville"] |= {"charte": [self.charte], "serie": [], "seances": [], "message": []}
        for owner in self.rows:
            self.fill(owner)
            self.tell_again(owner)
        mine = next(row for row in self.rows["a"]["dossier"] if row.compte_id)
        self.account, lines = mine.compte, mine.inscriptions.values_list("pk", flat=True)
        self.own = {"dossier": [mine.pk], "compte": [mine.compte_id], "inscription": [*lines]}

    def association(self):
        association = AssociationFactory()
        where = {"association": association, "maison": self.house, "gratuit": False, "tarif": "x"}
        activite = ActiviteFactory(publie=True, places=4, questions=["photo"], **where)
        serie = SerieFactory.build(maison=self.house, salle=None, portee="sans_salle")
        serie.dernier = serie.premier + timedelta(days=21)
        activites.plan(activite, serie)
        self.registered(activite)
        self.under_charter(association)
        self.lent(association)
        draft = ActiviteFactory(**where)
        SeanceFactory(activite=draft)
        for row in (activite, draft):
            self.picture(row)
        return association

    def lent(self, association):
        """Rooms elsewhere, where none of those who ask here works; its hours, an event."""
        MiseADispositionFactory(association=association)
        BudgetHeuresFactory(association=association)
        EvenementOrganiseFactory(association=association)

    def registered(self, activite):
        """A child, somebody by e-mail, an account with an agenda, one who waits and is called."""
        child = InscriptionFactory(activite=activite, prenom="x", naissance=2018)
        compte = CompteFactory()
        InscriptionFactory(activite=activite, compte=compte)
        agenda = Agenda(compte=compte)
        agenda.give_code()
        agenda.save()
        InscriptionFactory(activite=activite, courriel=f"x{activite.pk}@rivemont.example")
        for _ in range(2):
            InscriptionFactory(activite=activite)
        seance = activite.seances.earliest("pk")
        Presence.objects.create(inscription=child, seance=seance, present=True)

    def under_charter(self, association):
        adhesion = association.adhesions.get()
        sent = attestations.prepare(adhesion)
        sent.jusqu_au = adhesion.jusqu_au
        attestations.keep(sent, found(), by=None)
        MembreFactory(association=association)
        InvitationMembreFactory(association=association)
        CogestionFactory(association=association, maison=self.house)

    def picture(self, activite):
        image = ImageActivite(activite=activite, alternative="x", credit="x")
        facts = {"nom_fichier": "x.jpg", "format": "jpg", "largeur": 9, "hauteur": 9}
        images.keep(image, found(b"\xff\xd8 essai", **facts))

    def found(self, owner):
        """{kind: its first and last rows} of an association, and what its pages are about."""
        mine = self.of[owner].pk
        rows = {"charte": []}
        for model in MODELS:
            if path := path_to(model):
                of_it = model.objects.filter(**{path: mine}).order_by("pk").distinct()
                rows[model._meta.model_name] = list(of_it)
        serie = rows["activite"][0].seances.exclude(serie=None).first().serie
        return rows | {"seances": [serie], "serie": [serie], "message": self.calls(rows)}

    @staticmethod
    def calls(rows):
        keys = [f"dossier:{row.pk}:" for row in rows["dossier"]]
        said = Message.objects.to_phone().order_by("pk")
        return [one for one in said if one.cle.startswith(tuple(keys))]

    def is_open(self, kind, row):
        """Whether the public reads it."""
        if kind == "association":
            return Association.objects.public().filter(pk=row.pk).exists()
        if kind == "cogestion":
            return self.is_open("association", row.association)
        if kind == "seance":  # the agenda tells it, whatever becomes of the association
            return row.publie_le is not None
        activite = row if kind == "activite" else getattr(row, "activite", None)
        return kind in PUBLIC and Activite.objects.public().filter(pk=activite.pk).exists()

    def fill(self, owner):
        """Each text with its own word, whatever the forms say; in what the history keeps too."""
        for model in MODELS:
            kind = model._meta.model_name
            for row in self.ends(owner, kind) if kind == "seance" else self.rows[owner][kind]:
                self.write(owner, row, self.is_open(kind, row))
        for compte in {row.compte for row in self.rows[owner]["dossier"] if row.compte_id}:
            self.write(owner, compte, False)

    def write(self, owner, row, open_to_all):
        model = type(row)
        kind = model._meta.model_name
        fields = ["nom", "courriel"] if model is Compte else [f.name for f in texts(model)]
        for field in map(model._meta.get_field, fields):
            if kind in ("dossier", "inscription") and not getattr(row, field.name):
                continue  # one way to be reached
            word, text = self.word(field)
            self.told[word] = Told(owner, kind, row.pk, field.name, open_to_all)
            model._base_manager.filter(pk=row.pk).update(**{field.name: text})
            history = getattr(model, "history", None)
            if history and field.name not in model.history.model._history_excluded_fields:
                model.history.filter(**{model._meta.pk.attname: row.pk}).update(
                    **{field.name: text}
                )

    def word(self, field):
        """(what is looked for, what is written)."""
        n = next(self.numbers)
        if field.get_internal_type() == "CharField" and field.name == "telephone":
            return f"6123{n:05}", f"+336123{n:05}"
        word = f"zq{chr(97 + n // 400)}{chr(97 + n // 20 % 20)}{chr(97 + n % 20)}qz"
        if isinstance(field, models.EmailField):
            return word, f"{word}@rivemont.example"
        return word, f"https://{word}.example/" if isinstance(field, models.URLField) else word

    def tell_again(self, owner):
        for row in self.rows[owner]["inscription"]:
            courriers.tell(Inscription.objects.get(pk=row.pk), "rappel")

    def ends(self, owner, kind):
        rows = self.rows[owner].get(kind, [])
        return rows[:1] + rows[1:][-1:]

    def read_in(self, text):
        """{word: of what} that a text tells."""
        return {word: self.told[word] for word in WORD.findall(squeezed(text)) if word in self.told}
