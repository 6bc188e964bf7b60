"""What leads to an association, who asks for it and what they may read there."""

from datetime import timedelta

from django.utils import timezone

from tests.associations.scene import MODELS, path_to, texts
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    IntervenantFactory,
    MembreFactory,
    PermanenceFactory,
    SecretariatFactory,
)
from tests.portail import canaris
from tests.portail.canaris import GUESSED, said
from tests.portail.test_acces import ABOUT, NOWHERE

OUTSIDERS = ["visiteur", "habitant", "personne", "membre fini", "accueil d’ailleurs"]
OUTSIDERS += ["direction", "intervenant", "secretaire"]
MEMBERS = ["responsable", "animateur", "une au travail"]
OF_RESPONSABLE = ["membreassociation", "invitationmembre", "adhesion", "attestation"]
ACTS = ["quitter", "accepter", "attestation"]
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
