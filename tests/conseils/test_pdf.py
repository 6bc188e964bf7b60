"""The agenda as a PDF: read back, the same bytes, and nothing runs of what people wrote."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pypdf
import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from conseils import convocation, seances
from conseils.models import Conseil, Point, Reunion
from conseils.pdf import OrdreDuJour
from documents import formats
from maisons import planning
from maisons.models import Creneau, Maison
from quartiers.models import Ville
from tests.conseils import adresses
from tests.factories import (
    PieceFactory,
    PointFactory,
    ReunionFactory,
    SecretariatFactory,
    VilleFactory,
)

TEXT = "Deux **scénarios** :\n\n- une place *arborée* ;\n- une place [partagée](https://a.example)."
HOSTILE = [
    '#read("/etc/passwd")',
    '#image("http://127.0.0.1:9/a.png")',
    "![a](http://127.0.0.1:9/b.png)",
    '#import "@preview/cetz:0.3.0"',
    '"), read("/etc/passwd") + ("',
    '\\u{23}read("/etc/passwd")',
    "*gras* _x_ $x^2$ `raw` <etiquette> @ref // commentaire /* suite",
]


def pdf_of(meeting):
    return f"{meeting.get_absolute_url()}ordre-du-jour.pdf"


def read(client, path):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(response.content))


def text_of(file):
    pages = " ".join(page.extract_text() for page in file.pages)
    return " ".join(pages.replace("\u00a0", " ").split())


def tags(node, found=None):
    """The names of the structure tree, in reading order."""
    found = [] if found is None else found
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            tags(kid, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node["/S"][1:])
        if "/K" in node:
            tags(node["/K"], found)
    return found


def unsaved(titre="Bancs", texte=""):
    """A public meeting that is in no database."""
    now = timezone.now().replace(microsecond=0)
    house = Maison(nom="Maison", slug="maison", adresse="1 rue A")
    reunion = Reunion(conseil=Conseil(nom=f"Conseil {titre}"[:90], slug="c"), numero=3)
    reunion.debut, reunion.fin, reunion.publie_le = now, now + timedelta(hours=2), now
    reunion.maison, reunion.portee = house, Creneau.Portee.SANS_SALLE
    point = Point(numero=1, rang=1, titre=titre, rapporteur=titre[:120], texte=texte)
    point.documents = []
    return OrdreDuJour(reunion, [point], [], Ville(nom="Rivemont"))


@pytest.fixture
def meeting(db):
    VilleFactory(nom="Rivemont")
    held = ReunionFactory(publie=True, maison__acces="Tram : ligne B")
    held.points.update(titre="Place du Marché", texte=TEXT, minutes=40)
    return held


def test_it_is_tagged_titled_in_french_and_has_bookmarks(client, meeting):
    file = read(client, pdf_of(meeting))

    root = file.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata.title.startswith(f"{meeting.conseil}, réunion du ")
    first, second, items = file.outline
    assert [first.title, second.title] == ["Convocation", "Ordre du jour"]
    assert [entry.title for entry in items] == ["1. Place du Marché"]


def test_it_says_that_it_is_accessible_and_archival_at_once(client, meeting):
    told = read(client, pdf_of(meeting)).trailer["/Root"]["/Metadata"].get_object().get_data()

    found = dict(re.findall(rb"<(pdf\w+id:\w+)>(\w+)</", told))
    assert found[b"pdfuaid:part"] == b"1"
    assert (found[b"pdfaid:part"], found[b"pdfaid:conformance"]) == (b"2", b"A")


def test_what_staff_wrote_is_real_headings_lists_and_links(client, meeting):
    file = read(client, pdf_of(meeting))

    names = tags(file.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert [names.count(name) for name in ("H1", "H2")] == [2, 1]
    item = names[names.index("H2") :]
    assert [item.count(name) for name in ("L", "LI", "Strong", "Em")] == [1, 2, 1, 1]
    links = [a.get_object()["/A"]["/URI"] for p in file.pages for a in p.get("/Annots", [])]
    assert "https://a.example" in links
    assert "partagée (https://a.example)" in text_of(file)


def test_it_tells_when_where_how_to_come_and_since_when(client, meeting):
    told = text_of(read(client, pdf_of(meeting)))

    local = timezone.localtime(meeting.debut)
    for part in (f"{local.day}", str(local.year), str(meeting.maison), "Tram : ligne B"):
        assert part in told
    assert "1 point, environ 40 minutes" in told
    assert "Ordre du jour publié le" in told
    assert meeting.get_absolute_url() in told.replace(" ", "")


def test_documents_are_told_under_their_item_with_their_address(client, db):
    VilleFactory()
    meeting = ReunionFactory()
    point = PointFactory(reunion=meeting)
    files = [
        PieceFactory(reunion=meeting, point=of, titre=t)
        for of, t in [(point, "Plan"), (None, "Budget")]
    ]
    seances.publish(meeting)

    file = read(client, pdf_of(meeting))

    links = [a.get_object()["/A"]["/URI"] for p in file.pages for a in p.get("/Annots", [])]
    meeting.refresh_from_db()
    for piece in files:
        piece.reunion = meeting
        assert any(link.endswith(piece.get_absolute_url()) for link in links)
        assert f"{piece.titre}, {piece.facts}".replace("\u00a0", " ") in text_of(file)


def test_a_cancelled_meeting_says_so_and_one_online_gives_its_link(client, meeting):
    planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    link = "https://visio.example/rives"
    online = ReunionFactory(mode="en_ligne", lien_visio=link, publie=True)

    assert "Cette réunion est annulée." in text_of(read(client, pdf_of(meeting)))
    assert link in text_of(read(client, pdf_of(online)))


def test_the_same_content_makes_the_same_bytes(client, meeting):
    first = client.get(pdf_of(meeting))
    cache.clear()  # it is made again
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        later = client.get(pdf_of(meeting))
    cache.clear()
    again = client.get(pdf_of(meeting))

    assert first.content == later.content == again.content
    assert first["ETag"] == later["ETag"] == again["ETag"]


def test_it_is_asked_again_only_when_it_has_changed(client, meeting):
    tag = client.get(pdf_of(meeting))["ETag"]
    same = client.get(pdf_of(meeting), headers={"if-none-match": tag})
    Maison.objects.update(acces="Bus 7")
    other = client.get(pdf_of(meeting), headers={"if-none-match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other["ETag"] != tag


def test_it_is_kept_by_its_content(client, meeting):
    made = client.get(pdf_of(meeting)).content
    document = client.get(meeting.get_absolute_url()).context["pdf"]

    assert cache.get(document.key) == made


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_constant_queries(client, meeting, django_assert_num_queries, count):
    PointFactory.create_batch(count, reunion=meeting)
    PointFactory()
    address = pdf_of(meeting)
    cache.clear()

    with django_assert_num_queries(5):  # meeting, items, documents, corrections, city
        client.get(address)


def test_the_page_of_the_meeting_leads_to_it_with_its_weight(client, meeting):
    page = client.get(meeting.get_absolute_url()).content.decode()

    weight = formats.weight(len(client.get(pdf_of(meeting)).content))
    assert f'href="{pdf_of(meeting)}"' in page
    assert f"Ordre du jour en PDF accessible, {weight}" in page


def test_a_draft_is_for_its_secretary_alone(client, db):
    VilleFactory()
    mandate = SecretariatFactory()
    draft, foreign = ReunionFactory(conseil=mandate.conseil), ReunionFactory()
    own, other = [reverse("admin:conseils_reunion_pdf", args=[m.pk]) for m in (draft, foreign)]
    statuses = [client.get(path).status_code for path in (pdf_of(draft), own)]
    client.force_login(mandate.compte)

    answer = client.get(own)

    assert statuses == [404, 302]
    assert client.get(pdf_of(draft)).status_code == client.get(other).status_code == 404
    assert "Brouillon" in text_of(read(client, own))
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "public" not in answer["Cache-Control"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_people_wrote_is_read_as_source(hostile):
    file = pypdf.PdfReader(io.BytesIO(unsaved(hostile, hostile).make()))

    shown = text_of(file)
    assert "root:" not in shown
    assert hostile.split('"')[0] in shown
    assert len(file.pages) == 1
    assert not file.pages[0].images


@settings(max_examples=60, deadline=None)
@given(titre=st.text(min_size=1, max_size=80), texte=st.text(max_size=300))
def test_whatever_is_written_makes_a_document(titre, texte):
    made = unsaved(titre.replace("\x00", ""), texte.replace("\x00", "")).make()

    assert made.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "texte",
    [
        *["[a](http://[)", "[a]()", f"[a](https://a.example/{'b' * 9000})", "- \n- \n", "1.\n"],
        *["> " * 60 + "a", "- " * 60 + "a", "999999999. a", "# a\n## b\n###### c", "***"],
        *["> - " * 40 + "a", "*a **b " * 60, "- a\n" * 3_000, "[" * 3_000],
        *["```\nx\n```", "[a](tel:+33465710000) <mailto:a@b.example>", "👩‍👩‍👧 العربية 中文 ✓"],
    ],
)
def test_odd_markdown_makes_a_document(texte):
    assert unsaved("Bancs", texte).make().startswith(b"%PDF")


def test_every_sign_that_is_kept_is_drawn():
    signs = [chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code < 0xE000]
    known = " ".join(sign for sign in signs if not convocation.UNDRAWN.match(sign))

    assert len(known) > 2_000
    assert unsaved("Signes", known.replace("<", "").replace("[", "")).make()


@pytest.mark.parametrize("wrapped", adresses.WRAPPED)
def test_a_link_leads_to_the_web_mail_or_telephone(wrapped):
    """Fault 9, in the file as on the page."""
    told = [convocation.pieces(wrapped.format(a)) for a in adresses.HOSTILE + adresses.ODD]

    assert {urlsplit(address).scheme for address in led(told)} <= adresses.ALLOWED


def test_a_sign_that_is_not_drawn_is_told_once_each_and_said_at_the_end():
    texte = "Une 👩🏽‍🚒, deux 👩‍👩‍👧, la France 🇫🇷, une marque ™️."

    odd, plain = (
        text_of(pypdf.PdfReader(io.BytesIO(made.make())))
        for made in (unsaved("Pompiers", texte), unsaved("Pompiers", "Une marque ™."))
    )

    assert "Une □, deux □, la France □, une marque ™." in odd
    assert convocation.REPLACED in odd
    assert "□" not in plain


def led(told):
    """The addresses of links, however deep."""
    if isinstance(told, list):
        return [address for part in told for address in led(part)]
    if isinstance(told, dict):
        return [told[name] for name in ("vers",) if name in told] + led(told["de"])
    return []


@pytest.mark.parametrize("address", adresses.GOOD)
def test_a_good_link_stays(address):
    assert led(convocation.pieces(f"[lien]({address})")) == [address]


def test_eight_at_once_make_the_same_document():
    document = unsaved("Bancs", TEXT)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: document.make(), range(40)))

    assert len(set(made)) == 1


def test_it_is_public_from_the_publication_on(client, db):
    VilleFactory()
    meeting = ReunionFactory()
    PointFactory(reunion=meeting, titre="Bancs et ombre")

    before = client.get(pdf_of(meeting)).status_code
    seances.publish(meeting)

    assert before == 404
    assert "Bancs et ombre" in text_of(read(client, pdf_of(meeting)))
