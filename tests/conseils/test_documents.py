"""The documents of a meeting: prepared by its secretary, read by all once it is public."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from conseils import pieces, seances
from conseils.models import Piece, PieceAncienne, Reunion, Secretariat
from documents import depot
from maisons import planning
from maisons.models import Creneau
from tests.documents import fichiers
from tests.factories import (
    PieceFactory,
    PointFactory,
    ReunionFactory,
    SecretariatFactory,
    VilleFactory,
    found,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


@pytest.fixture
def meeting(client):
    """A draft of the secretary who is signed in, with an item."""
    mandate = SecretariatFactory()
    client.force_login(mandate.compte)
    return PointFactory(reunion__conseil=mandate.conseil).reunion


def url(page, *args):
    return reverse(f"admin:conseils_{page}", args=args)


def stored(settings):
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def send(client, meeting, content, name="avis.pdf", **answers):
    page = {"titre": "Bilan", "point": "", "alternative": "", "resume": ""} | answers
    file = {"fichier": fichiers.sent(content, name)} if content is not None else {}
    return client.post(url("reunion_documents", meeting.pk), page | file)


def told(response):
    return " ".join(text for texts in response.context["form"].errors.values() for text in texts)


def read(response):
    return b"".join(response.streaming_content)


def test_a_document_is_added_and_what_not_everybody_can_read_is_said_at_once(
    client, meeting, settings
):
    """S4: not refused, told in words, with where to add a summary."""
    point = meeting.points.get()

    response = send(client, meeting, fichiers.pdf(), "Bilan 2026.pdf", point=point.pk)

    piece = Piece.objects.get()
    page = client.get(response.url).content.decode()
    assert (piece.nom_fichier, piece.point, piece.rang) == ("bilan-2026.pdf", point, 1)
    assert piece.history.get().history_user == Secretariat.objects.get().compte
    assert "n’est pas balisé" in page
    assert "Ajouter un résumé" in page
    assert len(stored(settings)) == 1


def test_a_document_is_refused_with_a_sentence_and_nothing_is_kept(client, meeting, settings):
    response = send(client, meeting, b"<svg/>", titre="Plan", resume="Le plan du parc.")

    page = response.content.decode()
    assert "SVG" in told(response)
    assert 'value="Plan"' in page
    assert "Le plan du parc." in page
    assert stored(settings) == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"titre": ""}, "obligatoire"),
        ({"titre": "x" * 151}, "150"),
        ({"point": "987654"}, "choix"),
    ],
)
def test_a_sound_file_beside_a_bad_answer_is_to_be_chosen_again(
    client, meeting, settings, answers, sentence
):
    response = send(client, meeting, fichiers.pdf(), **answers)

    assert sentence in told(response)
    assert "Choisissez de nouveau le fichier" in told(response)
    assert stored(settings) == []


def test_a_button_pressed_twice_adds_one_document(client, meeting, settings):
    send(client, meeting, fichiers.pdf())

    again = send(client, meeting, fichiers.pdf(), "copie.pdf")
    send(client, meeting, fichiers.pdf(), point=meeting.points.get().pk)
    send(client, meeting, fichiers.pdf(), titre="Bilan, deuxième partie")

    assert "« Bilan » est déjà là" in told(again)
    assert Piece.objects.count() == len(stored(settings)) == 3


def test_an_image_says_what_it_shows(client, meeting, settings):
    refused = send(client, meeting, fichiers.image(), "photo.jpg")
    kept_then = stored(settings)
    send(client, meeting, fichiers.image(), "photo.jpg", alternative="La place, vue du canal.")

    piece = Piece.objects.get()
    assert "pour qui ne la voit pas" in told(refused)
    assert kept_then == []
    assert (piece.format, piece.largeur, piece.hauteur) == ("jpg", 900, 600)
    assert len(stored(settings)) == 2  # itself and 480 pixels


def test_a_file_is_replaced_and_the_one_before_is_gone(
    client, meeting, settings, django_capture_on_commit_callbacks
):
    piece = PieceFactory(reunion=meeting)
    [before] = stored(settings)
    answers = {"titre": "Neuf", "fichier": fichiers.sent(fichiers.tagged_pdf(), "neuf.pdf")}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("piece_change", piece.pk), answers)

    piece.refresh_from_db()
    [after] = stored(settings)
    assert (piece.titre, piece.nom_fichier) == ("Neuf", "neuf.pdf")
    assert before != after


def test_words_change_without_the_file(client, meeting, settings):
    piece = PieceFactory(reunion=meeting)
    before = stored(settings)

    client.post(url("piece_change", piece.pk), {"titre": "Bilan", "resume": "Tout va bien."})

    piece.refresh_from_db()
    assert (piece.titre, piece.resume) == ("Bilan", "Tout va bien.")
    assert stored(settings) == before


def test_what_another_person_replaced_meanwhile_is_not_put_back(meeting, settings):
    piece = PieceFactory(reunion=meeting)
    seen_before = Piece.objects.get()
    pieces.keep(piece, found(b"%PDF-1.7 neuf", nom_fichier="neuf.pdf"), by=None)

    seen_before.titre = "Bilan"
    pieces.keep(seen_before, None, by=None)

    kept = Piece.objects.get()
    assert (kept.titre, kept.nom_fichier) == ("Bilan", "neuf.pdf")
    assert kept.fichier.read() == b"%PDF-1.7 neuf"
    kept.fichier.close()


@pytest.mark.parametrize("gone", ["the document", "the draft"])
def test_a_file_goes_with_its_row(
    client, meeting, settings, django_capture_on_commit_callbacks, gone
):
    piece = PieceFactory(reunion=meeting)
    pages = {
        "the document": (url("piece_remove", piece.pk), {}),
        "the draft": (url("reunion_delete", meeting.pk), {"post": "yes"}),
    }
    path, body = pages[gone]

    asked = client.get(path).status_code
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, body)

    assert asked == 200
    assert not Piece.objects.exists()
    assert stored(settings) == []


def test_removing_twice_removes_once_and_says_so(client, meeting):
    """A button pressed twice meets no error page; whose meeting it is not, nothing at all."""
    mine, foreign = PieceFactory(reunion=meeting), PieceFactory()
    path, elsewhere = url("piece_remove", mine.pk), url("piece_remove", foreign.pk)
    pieces.remove(foreign, by=None)
    client.post(path)

    again = client.post(path, follow=True)

    assert "Ce document est déjà retiré." in again.content.decode()
    assert again.redirect_chain[-1][0] == url("reunion_documents", meeting.pk)
    assert client.post(elsewhere).status_code == 404


def test_a_document_stays_with_the_meeting_when_its_item_goes(meeting):
    point = meeting.points.get()
    piece = PieceFactory(reunion=meeting, point=point)

    point.delete()

    piece.refresh_from_db()
    assert piece.point is None


@pytest.mark.django_db(transaction=True)
def test_a_lost_transaction_leaves_no_file_and_loses_none(settings):
    piece = PieceFactory()
    before = stored(settings)

    def remove_and_fail():
        with transaction.atomic():
            pieces.remove(piece, by=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        remove_and_fail()
    with pytest.raises(ValidationError):
        PieceFactory(reunion=piece.reunion, titre="")

    assert stored(settings) == before


@pytest.mark.parametrize("settled", ["over", "cancelled"])
def test_the_documents_of_what_is_settled_do_not_change(client, meeting, settings, settled):
    if settled == "over":
        meeting = ReunionFactory(conseil=meeting.conseil, debut=timezone.now() - timedelta(days=9))
        PointFactory(reunion=meeting)
    piece = PieceFactory(reunion=meeting)
    if settled == "over":
        seances.publish(meeting)
    else:
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    before = Piece.objects.values().get()

    answers = [send(client, meeting, fichiers.pdf(), motif="Trop tard.").status_code]
    answers += [client.post(url("piece_change", piece.pk), {"titre": "Autre"}).status_code]
    answers += [client.post(url("piece_remove", piece.pk), {"motif": "Non."}).status_code]
    page = client.get(url("reunion_documents", meeting.pk)).content.decode()

    assert answers == [403, 403, 403]
    assert "ne changent plus" in page
    assert 'type="file"' not in page
    assert Piece.objects.values().get() == before


@pytest.mark.parametrize("act", ["add", "replace", "reword", "remove"])
def test_what_is_public_changes_by_a_correction_that_says_why(
    client, meeting, settings, django_capture_on_commit_callbacks, act
):
    piece = PieceFactory(reunion=meeting, titre="Budget")
    seances.publish(meeting)
    file = {"fichier": fichiers.sent(fichiers.tagged_pdf(), "neuf.pdf")}
    acts = {
        "add": (url("reunion_documents", meeting.pk), {"titre": "Plan"} | file),
        "replace": (url("piece_change", piece.pk), {"titre": "Budget"} | file),
        "reword": (url("piece_change", piece.pk), {"titre": "Budget corrigé"}),
        "remove": (url("piece_remove", piece.pk), {}),
    }
    path, answers = acts[act]
    before = stored(settings), list(Piece.objects.values())

    mute = client.post(path, answers)
    unchanged = before == (stored(settings), list(Piece.objects.values()))
    if "fichier" in answers:
        answers["fichier"].seek(0)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, answers | {"motif": "Le budget a changé."})

    assert "Dites en une phrase ce qui change." in told(mute)
    assert unchanged
    correction = meeting.rectificatifs.get()
    assert correction.motif == "Le budget a changé."
    assert correction.avant["documents"] != correction.apres["documents"]
    assert Piece.objects.count() == {"add": 2, "remove": 0}.get(act, 1)
    old = PieceAncienne.objects.count()
    assert (len(stored(settings)), old) == (Piece.objects.count() + old, int(act == "replace"))


def test_a_correction_that_changes_nothing_is_told_and_keeps_no_file(client, meeting, settings):
    send(client, meeting, fichiers.pdf(), titre="Budget")
    seances.publish(meeting)
    piece, before = Piece.objects.get(), stored(settings)
    answers = {"titre": "Budget", "motif": "Rien.", "fichier": fichiers.sent(fichiers.pdf())}

    response = client.post(url("piece_change", piece.pk), answers)

    assert "Rien n’a changé" in told(response)
    assert stored(settings) == before
    assert not meeting.rectificatifs.exists()


def test_what_comes_after_the_publication_is_refused_under_the_lock(meeting, settings):
    piece = PieceFactory(reunion=meeting)
    before = stored(settings)
    seances.publish(Reunion.objects.get())  # while the page was open

    for late in (piece, Piece(reunion=piece.reunion, titre="Tard")):
        with pytest.raises(ValidationError, match="publié"):
            pieces.keep(late, found(), by=None)
    with pytest.raises(ValidationError, match="publié"):
        pieces.remove(piece, by=None)

    assert stored(settings) == before


@pytest.mark.django_db(transaction=True)
def test_a_document_waits_for_a_publication_that_is_being_written(settings):
    meeting = PointFactory().reunion
    late = Piece(reunion=meeting, titre="Tard")

    def add():
        try:
            pieces.keep(late, found(), by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            seances.publish(Reunion.objects.get())
            adding = pool.submit(add)
            waits = not wait([adding], timeout=0.5).done
        with pytest.raises(ValidationError, match="publié"):
            adding.result()

    assert waits
    assert stored(settings) == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_documents_of_a_meeting_cost_constant_queries(
    client, meeting, django_assert_num_queries, count
):
    for _ in range(count):
        PieceFactory(reunion=meeting, point=meeting.points.get())
    PieceFactory()

    # Who is signed in and what they may do; city; meeting, council; documents; items.
    with django_assert_num_queries(11):
        page = client.get(url("reunion_documents", meeting.pk))

    assert len(page.context["documents"]) == count


@pytest.mark.parametrize(
    "page", ["reunion_documents", "piece_change", "piece_remove", "piece_file"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_council_has_no_documents_for_a_secretary(client, meeting, page, method):
    foreign = PieceFactory()
    pk = foreign.reunion_id if page == "reunion_documents" else foreign.pk

    response = getattr(client, method)(url(page, pk))

    assert response.status_code == (405 if (page, method) == ("piece_file", "post") else 404)
    assert Piece.objects.count() == 1


def public_address(piece):
    meeting = piece.reunion
    return f"{meeting.get_absolute_url()}documents/{piece.pk}/{piece.nom_fichier}"


@pytest.mark.parametrize("state", ["draft", "cancelled draft"])
def test_no_address_gives_the_file_of_a_draft(client, meeting, state):
    """Fault 3: not to a visitor, not to whoever guesses; to the secretary in the admin alone."""
    piece = PieceFactory(reunion=meeting)
    if state == "cancelled draft":
        planning.cancel(meeting, Creneau.Motif.ORGANISATION, by=None)
    mine = client.get(url("piece_file", piece.pk))
    own_page = client.get(public_address(piece)).status_code

    client.logout()
    answers = [client.get(public_address(piece)).status_code]
    answers += [client.get(f"/{piece.fichier.name}").status_code]
    answers += [client.get(f"/media/{piece.fichier.name}").status_code]
    staff = client.get(url("piece_file", piece.pk))

    assert read(mine) == b"%PDF-1.7 essai"
    assert "no-store" in mine["Cache-Control"]
    assert own_page == 404
    assert answers == [404, 404, 404]
    assert (staff.status_code, staff.url.split("?")[0]) == (302, "/gestion/login/")


def test_a_right_that_ended_opens_no_file(client, meeting):
    """Fault 3, in an open session, at the very next request."""
    piece = PieceFactory(reunion=meeting)
    path = url("piece_file", piece.pk)
    opened = client.get(path)
    read(opened)
    yesterday = timezone.localdate() - timedelta(days=1)
    Secretariat.objects.update(debut=yesterday, fin=yesterday)

    assert opened.status_code == 200
    assert client.get(path).status_code == 404


def test_a_public_document_is_given_as_what_it_is(client):
    piece = PieceFactory(reunion__publie=True, publie=True)
    address = piece.get_absolute_url()

    response = client.get(address)

    assert read(response) == b"%PDF-1.7 essai"
    assert address == public_address(piece)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="avis.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies


def test_what_no_browser_shows_is_saved(client):
    sheet = found(b"PK", nom_fichier="budget.ods", format="ods", accessibilite="inconnu", langue="")
    piece = PieceFactory(reunion__publie=True, publie=True, received=sheet)

    response = client.get(piece.get_absolute_url())

    assert read(response) == b"PK"
    assert response["Content-Disposition"] == 'attachment; filename="budget.ods"'
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_document_is_asked_for_again_only_when_it_changed(client):
    piece = PieceFactory(reunion__publie=True, publie=True)
    address = piece.get_absolute_url()
    head = client.head(address)

    again = client.get(address, headers={"if-none-match": head["ETag"]})

    assert (head.status_code, head["Content-Length"], head.content) == (200, "14", b"")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", head["ETag"])


def test_an_image_is_given_in_the_width_that_is_asked_for(client):
    files = {"": b"large", "-480": b"small"}
    image = found(nom_fichier="place.jpg", format="jpg", langue="", largeur=900, hauteur=600)
    image.files = {suffix: found(content).files[""] for suffix, content in files.items()}
    words = {"alternative": "La place.", "received": image}
    piece = PieceFactory(reunion__publie=True, publie=True, **words)
    address = piece.get_absolute_url()

    asked = ["", "?largeur=480", "?largeur=900", "?largeur=9999", "?largeur=../"]

    assert [read(client.get(address + query)) for query in asked] == [
        *[b"large", b"small", b"large", b"large", b"large"]
    ]
    assert piece.srcset == f"{address}?largeur=480 480w, {address}?largeur=900 900w"


@pytest.mark.parametrize("wrong", ["numero", "slug", "nom", "pk"])
def test_a_document_has_one_address(client, wrong):
    piece, other = [PieceFactory(reunion__publie=True, publie=True) for _ in range(2)]
    meeting = piece.reunion
    args = {"slug": meeting.conseil.slug, "numero": meeting.numero}
    args |= {"pk": piece.pk, "nom": piece.nom_fichier}
    wrongs = {"numero": 99, "slug": other.reunion.conseil.slug, "nom": "autre.pdf", "pk": other.pk}

    path = reverse("conseils:document", kwargs=args | {wrong: wrongs[wrong]})

    assert client.get(path).status_code == 404


def test_a_file_that_is_lost_is_not_there(client, settings):
    piece = PieceFactory(reunion__publie=True, publie=True)
    depot.remove(piece.fichier.name)

    assert client.get(piece.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_meeting_lists_documents_under_their_items(
    client, django_assert_num_queries, count
):
    """C1, C2: what it is, its format, size and whether it can be read aloud; one statement."""
    meeting = ReunionFactory(publie=True)
    point = meeting.points.get()
    for rank in range(count):
        PieceFactory(reunion=meeting, point=point, titre=f"Plan {rank}", publie=True)
    PieceFactory(reunion=meeting, titre="Budget", resume="Dix bancs.", publie=True)
    PieceFactory()

    address = meeting.get_absolute_url()

    with django_assert_num_queries(6):  # meeting, city, items, documents, corrections, comers
        page = client.get(address).content.decode().replace("\xa0", " ")

    assert page.index("Plan 0 (PDF, 14 octets, accessible)") < page.index('id="documents"')
    assert page.index('id="documents"') < page.index("Budget (PDF") < page.index("Dix bancs.")
    assert 'hreflang="fr"' in page


def test_the_preview_of_a_draft_leads_to_its_documents(client, meeting):
    piece = PieceFactory(reunion=meeting, titre="Budget")

    page = client.get(url("reunion_preview", meeting.pk)).content.decode()

    assert f'href="{url("piece_file", piece.pk)}"' in page


def test_the_database_refuses_an_item_of_another_meeting():
    piece, other = PieceFactory(), PointFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Piece.objects.update(point=other)
    piece.point = other
    with pytest.raises(ValidationError):
        piece.full_clean()


@pytest.mark.parametrize(
    "change",
    [
        {"titre": ""},
        {"format": "jpg", "largeur": 9, "hauteur": 9},
        {"format": "jpg", "alternative": "La place."},
        {"largeur": 9},
        {"taille": 0},
        {"empreinte": "x"},
        {"rang": 0},
    ],
)
def test_the_database_keeps_what_a_document_is(change):
    PieceFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        Piece.objects.update(**change)


def test_a_document_is_public_with_its_meeting_alone():
    draft = PieceFactory()
    public = PieceFactory(reunion__publie=True, publie=True)
    cancelled = PieceFactory(reunion__publie=True, publie=True)
    planning.cancel(cancelled.reunion, Creneau.Motif.ORGANISATION, by=None)

    assert set(Piece.objects.public()) == {public, cancelled}
    assert draft.get_absolute_url().startswith("/gestion/")
