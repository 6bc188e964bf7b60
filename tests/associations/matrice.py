"""Three associations of one house, each text of theirs a word of its own, and who might read it."""

import re
from collections import namedtuple
from datetime import timedelta
from itertools import count

from django.apps import apps
from django.db import models
from django.utils import timezone

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
    AffectationFactory,
    AssociationFactory,
    BudgetHeuresFactory,
    CharteFactory,
    CogestionFactory,
    CompteFactory,
    ConseilFactory,
    EvenementOrganiseFactory,
    InscriptionFactory,
    IntervenantFactory,
    InvitationMembreFactory,
    MaisonFactory,
    MembreFactory,
    MiseADispositionFactory,
    PermanenceFactory,
    SeanceFactory,
    SecretariatFactory,
    SerieFactory,
    found,
)
from tests.portail import canaris
from tests.portail.canaris import GUESSED, said, squeezed
from tests.portail.test_acces import ABOUT, NOWHERE

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
OF_RESPONSABLE = ["membreassociation", "invitationmembre", "adhesion", "attestation"]
ACTS = ["quitter", "accepter", "attestation"]
OUTSIDERS = ["visiteur", "habitant", "personne", "membre fini", "accueil d’ailleurs"]
OUTSIDERS += ["direction", "intervenant", "secretaire"]
MEMBERS = ["responsable", "animateur", "une au travail"]

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


NOTHING = {"pk": [NOWHERE.pk], "object_id": [NOWHERE.pk], "app_label": ["associations"]}
NOTHING |= dict.fromkeys(["slug", "maison_slug", "salle_slug"], [NOWHERE.slug])
NOTHING |= {"name": [f"{act}-{NOWHERE.pk}" for act in ACTS]}
PAGES = dict.fromkeys(["associations:dossier", "associations:dossier_act"], "dossier")
PAGES["associations:image"] = "imageactivite"
NEAR = ("admin:associations_", "associations:")


def addresses(scene, owner="", closed=False):
    """
    (name of the route, address) of what is of an association, or of nothing when none is named.

    `closed`: of its public pages, only those of what is not public.
    """

    fixed = GUESSED | (around(scene, owner, closed) if owner else NOTHING)

    def values(name):
        if owner and name in PAGES:
            keys = [row.pk for row in scene.ends(owner, PAGES[name])]
            return fixed | {"pk": keys}
        if not (owner and name.startswith("admin:associations_")):
            return fixed
        kind = ABOUT.get(name) or name.removeprefix("admin:associations_").split("_")[0]
        keys = [row.pk for row in scene.ends(owner, kind) or scene.ends("ville", kind)]
        return dict.fromkeys(["pk", "object_id"], keys) if keys else {}

    return canaris.addresses(values)


def around(scene, owner, closed):
    """Of the pages of everybody and of other staff: what leads to an association."""
    rows = {
        kind: [row for row in scene.ends(owner, kind) if not (closed and scene.is_open(kind, row))]
        for kind in scene.rows[owner]
    }
    kinds = ["seance", "serie", "message"]
    pages = [*rows["association"], *rows["activite"]]
    lines = [f"{act}-{row.pk}" for act in ACTS for row in rows["inscription"]]
    return {
        **dict.fromkeys(["pk", "object_id"], {row.pk for kind in kinds for row in rows[kind]}),
        "slug": [row.slug for row in pages] + [scene.house.slug] * (not closed),
        "maison_slug": [scene.house.slug],
        "salle_slug": [row.salle.slug for row in rows["activite"]],
        "nom": [row.nom_fichier for row in rows["imageactivite"]],
        "name": [*lines, "calendrier"],
        "app_label": ["associations"],
    }


def person(role, scene):
    """Who asks."""
    yesterday = timezone.localdate() - timedelta(days=1)
    ours, house = scene.of["a"], scene.house
    match role:
        case "visiteur":
            return None
        case "personne":
            return scene.account
        case "membre fini":
            return MembreFactory(association=ours, debut=yesterday, fin=yesterday).compte
        case "accueil d’ailleurs":
            return AffectationFactory().compte
        case "direction":
            return AffectationFactory(maison=house, role="direction").compte
        case "intervenant":
            return IntervenantFactory(permanence=PermanenceFactory(maison=house)).compte
        case "secretaire":
            return SecretariatFactory(conseil=scene.conseil).compte
        case "responsable" | "animateur":
            return MembreFactory(association=ours, role=role).compte
        case "une au travail":
            compte = MembreFactory(association=ours).compte
            return MembreFactory(association=scene.of["c"], compte=compte).compte
        case "ville":
            return CompteFactory(is_superuser=True)
    return CompteFactory()


def sign_in(client, role, scene):
    if compte := person(role, scene):
        client.force_login(compte)
    if role == "une au travail":
        client.post("/gestion/association-au-travail/", {"association": scene.of["a"].pk})


def is_for(role, scene, path, told):
    """Whether who asks may read a word there."""
    inside = path.startswith("/gestion/")
    if role == "ville":
        return inside or told.open
    if inside and role in MEMBERS:
        mine = (
            told.owner == "a"
            or (told.kind, told.field) == ("association", "nom")
            and (path == "/gestion/association-au-travail/" and told.owner == "c")
        )
        return mine and (role != "animateur" or told.kind not in OF_RESPONSABLE)
    if role == "personne" and told.pk in scene.own.get(told.kind, []):
        return True
    return told.open and not inside


def asked_for_more(scene):
    """Lists, feeds and searches, with what could make them tell more."""
    once = {told._replace(pk=0): (word, told) for word, told in scene.told.items()}
    for word, told in once.values():
        part = word[:-1]  # a page says again what was searched for
        kinds = [told.kind] if told.kind in LISTS else []
        yield from [f"/gestion/associations/{kind}/?q={part}" for kind in kinds]
        yield from [f"{page}?q={part}" for page in ("/recherche/", "/associations/", "/activites/")]
        yield f"/agenda/?q={part}"
    for owner in "bc":
        rows = scene.rows[owner]
        for kind, filters in LISTS.items():
            for name, of in filters.items():
                yield f"/gestion/associations/{kind}/?{name}={rows[of][0].pk}"
        yield f"/gestion/associations/activite/add/?saison={rows['activite'][0].pk}"
        for kind in ("activite", "invitationmembre"):
            yield f"/gestion/associations/{kind}/add/?association={rows['association'][0].pk}"
        yield f"/agenda.ics?maison={scene.house.slug}"
        yield f"/agenda.atom?maison={scene.house.slug}"
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if field.is_relation:
                asked = f"app_label=associations&model_name={model._meta.model_name}"
                yield f"/gestion/autocomplete/?{asked}&field_name={field.name}&term=zq"


LISTS = {
    "association": {},
    "activite": {"association": "association"},
    "inscription": {"activite__id__exact": "activite"},
    "adhesion": {},
    "membreassociation": {},
    "invitationmembre": {},
    "cogestion": {"maison__id__exact": "association"},
    "charte": {},
    **{kind: {} for kind in ("miseadisposition", "budgetheures", "evenementorganise")},
}


def visits(client, role, scene, paths):
    """{address: what it tells that is not for who asks}; and all that they were told."""
    client.raise_request_exception = False  # the page of an error is looked into like the others
    wrong, known = {}, set()
    for path in paths:
        told = scene.read_in(said(client.get(path)).replace(path, ""))
        known |= set(told.values())
        if foreign := [one for one in told.values() if not is_for(role, scene, path, one)]:
            wrong[path] = foreign
    return wrong, known


def keys_of_others(scene):
    """What a form might be told by hand: {name: the key of a row of another}."""
    rows = scene.rows["b"]
    keys = {kind: found[0].pk for kind, found in rows.items() if found}
    keys |= {"precedente": keys["activite"], "venue": f"present:{keys['inscription']}"}
    return {name: str(key) for name, key in keys.items()}


def theirs(scene):
    """All rows of « b » and « c », and those of « a » that lead to one of them."""
    others, kept = [scene.of["b"].pk, scene.of["c"].pk], {}
    for model in filter(path_to, MODELS):
        path = f"{path_to(model)}__in"
        kept[model] = list(
            model.objects.filter(**{path: others}).order_by("pk").distinct().values()
        )
        for field in model._meta.concrete_fields:
            if field.related_model in MODELS and (further := path_to(field.related_model)):
                crossed = {path: [scene.of["a"].pk], f"{field.name}__{further}__in": others}
                kept[model, field.name] = list(model.objects.filter(**crossed).values("pk"))
    return kept


def of_one_pass(scene, told):
    """Whether all the people that a text tells are of one pass of registrations."""
    owners = {one.owner for one in told}
    lines = {row.pk: row.dossier_id for owner in "abc" for row in scene.rows[owner]["inscription"]}
    passes = {row.compte_id: row.pk for owner in "abc" for row in scene.rows[owner]["dossier"]}
    whose = {"dossier": lambda pk: pk, "inscription": lines.get, "compte": passes.get}
    people = {whose[one.kind](one.pk) for one in told if one.kind in whose}
    return len(owners) <= 1 and len(people) <= 1


def roads(model, depth=2):
    """Keys that lead from a row to a text of what is around: « activite__association__nom »."""
    for field in model._meta.get_fields():
        related = field.related_model
        if field.is_relation and related in MODELS and depth and not field.name.endswith("+"):
            yield from (f"{field.name}__{further}" for further in roads(related, depth - 1))
    yield from (f"{field.name}__startswith" for field in texts(model))
