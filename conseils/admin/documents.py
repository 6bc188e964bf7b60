from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from conseils import pieces
from conseils.forms import MotifForm, PieceForm
from conseils.models import Piece, Reunion
from documents import lecture
from documents.televersement import receives_files

ADVICE = "{} Ajoutez un résumé : le document se lira aussi sans le fichier."
FORM = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


def is_settled(reunion):
    """Whether its documents do not change any more: cancelled, or public and over."""
    return bool(reunion.annule_le or (reunion.publie_le and reunion.fin <= timezone.now()))


def motif_of(form):
    return form.cleaned_data.get("motif", "") if form else ""


class DocumentPages:
    """
    For the admin of meetings: the documents of one, added, changed, removed.

    In a draft without a word; of a public meeting with a sentence, as a correction.
    """

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "conseils_piece"
        pages = [
            path("<int:pk>/documents/", guard(self.documents), name="conseils_reunion_documents"),
            path("documents/<int:pk>/", guard(self.document), name=f"{name}_change"),
            path("documents/<int:pk>/retirer/", guard(self.document_remove), name=f"{name}_remove"),
            path("documents/<int:pk>/fichier/", guard(self.document_file), name=f"{name}_file"),
        ]
        return pages + super().get_urls()

    def delete_model(self, request, obj):
        pieces.remove_all(obj)
        super().delete_model(request, obj)

    def piece_or_404(self, request, pk):
        rows = Piece.objects.managed_by(request.user).select_related("reunion__conseil", "point")
        return get_object_or_404(rows, pk=pk)

    def check_open(self, request, reunion, verb):
        """Raise unless documents may still be changed there, by who asks."""
        if is_settled(reunion) or not request.user.has_perm(f"conseils.{verb}_piece"):
            raise PermissionDenied

    @receives_files
    @FORM
    def documents(self, request, pk):
        """What there is, how it reads, and one more."""
        reunion = self.get_or_404(request, pk)
        if request.method == "POST":
            self.check_open(request, reunion, "add")
        form = PieceForm(
            request.POST or None, request.FILES or None, instance=Piece(reunion=reunion)
        )
        if self.write(request, form):
            return redirect("admin:conseils_reunion_documents", pk)
        documents = reunion.pieces.select_related("point")
        return self.show(request, "documents", reunion, form, documents=documents)

    @receives_files
    @FORM
    def document(self, request, pk):
        piece = self.piece_or_404(request, pk)
        self.check_open(request, piece.reunion, "change")
        form = PieceForm(request.POST or None, request.FILES or None, instance=piece)
        if self.write(request, form):
            return redirect("admin:conseils_reunion_documents", piece.reunion_id)
        return self.show(request, "document", piece.reunion, form, piece=piece)

    def write(self, request, form):
        """Whether the document of a form is kept; its page says why not."""
        if not form.is_valid():
            return False
        piece = form.instance
        try:
            pieces.keep(piece, form.cleaned_data["fichier"], request.user, motif_of(form))
        except ValidationError as error:
            form.refuse(error)
            return False
        self.log_change(request, piece.reunion, f"document « {piece} »")
        messages.success(request, f"Le document « {piece} » est enregistré.")
        if piece.advice:
            messages.warning(request, ADVICE.format(piece.advice))
        return True

    def show(self, request, page, reunion, form, **context):
        back = reverse("admin:conseils_reunion_change", args=[reunion.pk])
        context |= self.admin_site.each_context(request)
        context |= {"reunion": reunion, "form": form, "back": back, "opts": self.opts}
        context["settled"] = is_settled(reunion)
        return render(request, f"conseils/gestion/{page}.html", context)

    def meeting_of_removed(self, request, pk):
        """Of a document that is there no more: a button was pressed twice. None when it is."""
        last = Piece.history.filter(id=pk).order_by("history_id").last()
        mine = Reunion.objects.managed_by(request.user)
        if last and last.history_type == "-" and mine.filter(pk=last.reunion_id).exists():
            return last.reunion_id
        return None

    @FORM
    def document_remove(self, request, pk):
        if removed := self.meeting_of_removed(request, pk):
            messages.info(request, "Ce document est déjà retiré.")
            return redirect("admin:conseils_reunion_documents", removed)
        piece = self.piece_or_404(request, pk)
        self.check_open(request, piece.reunion, "delete")
        sent = request.POST if request.method == "POST" else None
        form = MotifForm(sent) if piece.reunion.publie_le else None
        if sent is None or (form and not form.is_valid()):
            return self.show(request, "retirer", piece.reunion, form, piece=piece)
        titre, reunion = str(piece), piece.reunion
        try:
            pieces.remove(piece, request.user, motif_of(form))
        except Piece.DoesNotExist as error:  # another person was faster
            raise Http404 from error
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, reunion, f"document « {titre} » retiré")
            messages.success(request, f"Le document « {titre} » est retiré.")
        return redirect("admin:conseils_reunion_documents", reunion.pk)

    @method_decorator(require_safe)
    def document_file(self, request, pk):
        """The file of a draft too, for who prepares it; it has another address once public."""
        return lecture.answer(request, self.piece_or_404(request, pk), public=False)
