"""What the convocation and agenda of a meeting say, as plain values: what their PDF is made of."""

import re
import unicodedata
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from markdown_it.tree import SyntaxTreeNode

from conseils import facile
from conseils.models.point import total
from maisons import export_ics, heures, partage
from quartiers.texte import SCHEMES, markdown

MARKS = {
    "strong": "fort",
    "em": "appuye",
    "blockquote": "citation",
    "heading": "intertitre",
    "paragraph": "paragraphe",
}
WORDS = {"text", "code_inline", "code_block", "fence"}
BREAKS = {"softbreak", "hardbreak"}
DEEPEST = 12  # one in the other; typst nests some sixty
LONGEST = 2_000  # signs of an address; typst refuses more than 8 000
# What its fonts do not draw, both standards refuse; each sign is told as a square.
UNDRAWN = re.compile(
    "[^\n\x20-\x7e\xa0-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff"
    "\u1e00-\u1eff\u2010-\u2027\u202f-\u203f\u20ac\u2116\u2122\u2190-\u23ff\u2500-\u25ff]"
)
SQUARE = "\u25a1"
# What changes the sign before, or is joined to it: one emoji is one square, and "™\ufe0f" none.
JOINED = re.compile(
    "\u200d[^\n\x20-\x7e]|[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]"
    "|(?<=[\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]"
)
REPLACED = (
    f"Un carré {SQUARE} tient la place d’un signe que ce fichier ne sait pas dessiner. La page de "
    "la réunion le montre."
)


def content(reunion, points, documents, ville, corrections=()):
    """Of a meeting and its items in order; the year is told, since it is read for years."""
    conseil, day = reunion.conseil, heures.dated(reunion.debut)
    told = drawn(
        {
            "titre": f"{conseil}, réunion du {day} : convocation et ordre du jour",
            "description": "Ordre du jour : " + " · ".join(point.titre for point in points),
            "auteur": str(conseil),
            "nom": f"{conseil}, réunion n°\u00a0{reunion.numero}",
            "quand": when(reunion),
            "ville": str(ville),
            "adresse": settings.SITE_URL + reunion.get_absolute_url(),
            "avis": notices(reunion, corrections),
            "facile": facile.lines(reunion.resume_facile),
            "accueil": "La réunion est ouverte à toutes et à tous, sans inscription.",
            "faits": [{"nom": name, "de": told} for name, told in facts(reunion, ville)],
            "longueur": length(points),
            "points": [item(rank, point) for rank, point in enumerate(points, 1)],
            "documents": [file(document) for document in documents],
            "fin": list(ending(reunion, ville)),
        }
    )
    told["fin"] += [words(REPLACED)] * (SQUARE in str(told))
    return told


def notices(reunion, corrections):
    """What comes before all the rest."""
    told = [] if reunion.publie_le else ["Brouillon : cet ordre du jour n’est pas public."]
    if reunion.called_off:
        told.append(
            f"Cette réunion est {reunion.called_off.lower()}. {reunion.explication}".strip()
        )
    return told + [f"Modifié le {heures.dated(each.quand)} : {each.motif}" for each in corrections]


def when(reunion):
    told = heures.dated_span(reunion.debut, reunion.fin)
    return told[0].upper() + told[1:]


def facts(reunion, ville):
    """(name, pieces): when, where, how to come."""
    yield "Quand", words(when(reunion))
    if reunion.on_site:
        yield "Où", words(partage.location(reunion, ville))
        if reunion.plain_pied:
            yield "Accès", words("De plain-pied")
        if reunion.maison and reunion.maison.acces:
            yield "Pour venir", words(reunion.maison.acces.strip())
    if reunion.online and reunion.lien_visio:
        yield "En ligne", link(reunion.lien_visio, words(reunion.lien_visio))


def length(points):
    """« 7 points, environ 2 heures »; without the hours when one of them is not known."""
    number = f"{len(points)} point{'s' * (len(points) > 1)}"
    together = total(points)
    return f"{number}, environ {heures.length(together)}" if together else number


def item(rank, point):
    return {
        "rang": rank,
        "titre": point.titre,
        "faits": point.facts,
        "texte": pieces(point.texte),
        "documents": [file(document) for document in point.documents],
    }


def file(document):
    """« Plan, PDF, 3 pages, 310 Ko, accessible », a link with its address."""
    address = settings.SITE_URL + document.get_absolute_url()
    return told_on_paper(link(address, words(f"{document}, {document.facts}")))


def ending(reunion, ville):
    """Sentences, each in pieces: since when it is public, where it stays right, whom to ask."""
    address = settings.SITE_URL + reunion.get_absolute_url()
    if reunion.publie_le:
        late = ", après le délai du conseil" if reunion.late else ""
        yield words(f"Ordre du jour publié le {heures.dated(reunion.publie_le)}{late}.")
        yield [*words("La page de la réunion reste à jour : "), *link(address, words(address))]
    if phone := export_ics.telephone(reunion, ville):
        yield words(f"Une question ? {reunion.maison or f'Ville de {ville}'}, {phone}")


def pieces(source):
    """Markdown as [{nature, de}]: what the page of the meeting shows of it, no more."""
    return walk(SyntaxTreeNode(markdown.parse(source)).children)


def walk(nodes, depth=0):
    return [piece for node in nodes for piece in told(node, depth + 1)]


def told(node, depth):
    if node.type in WORDS:
        return words(node.content.rstrip("\n"))
    if node.type in BREAKS:
        return [{"nature": "ligne", "de": []}]
    if node.type == "image":  # its text alone would tell of a picture that is not there
        return []
    if node.type in ("bullet_list", "ordered_list") and depth <= DEEPEST:
        return [items(node, depth)]
    inner = walk(node.children or [], depth)
    if node.type == "link":
        return told_on_paper(link(node.attrs["href"], inner))
    if node.type in MARKS and not node.hidden and depth <= DEEPEST:
        return [{"nature": MARKS[node.type], "de": inner}]
    return inner


def items(node, depth):
    rows = [walk(row.children, depth) for row in node.children]
    if node.type == "bullet_list":
        return {"nature": "liste", "de": rows}
    return {"nature": "numeros", "depuis": node.attrs.get("start", 1), "de": rows}


def link(address, inner):
    """To the web, mail and telephone; what leads elsewhere is told without its address."""
    with suppress(ValueError):
        whole = urljoin(settings.SITE_URL, address)
        if urlsplit(whole).scheme in SCHEMES and len(whole) <= LONGEST:
            return [{"nature": "lien", "vers": whole, "de": inner}]
    return inner


def told_on_paper(found):
    """With its address, when the link does not show it."""
    [first, *_] = found or [{}]
    address = first.get("vers", "")
    if address.startswith("http") and first["de"] != words(address):
        return [*found, *words(f" ({address})")]
    return found


def words(text):
    return [{"nature": "mots", "de": text}]


def drawn(value):
    """The same values, in signs that the fonts draw."""
    if isinstance(value, dict):
        return {name: drawn(part) for name, part in value.items()}
    if isinstance(value, list):
        return [drawn(part) for part in value]
    if isinstance(value, str):
        return UNDRAWN.sub(SQUARE, JOINED.sub("", unicodedata.normalize("NFC", value)))
    return value
