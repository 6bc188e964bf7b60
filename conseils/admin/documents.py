from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from conseils import pieces
from conseils.forms import PieceForm
from conseils.models import Piece
from documents import lecture
from documents.televersement import receives_files

ADVICE = "{} Ajoutez un résumé : le document se lira aussi sans le fichier."
FORM = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class DocumentPages:
    """For the admin of meetings: the documents of one, added, changed and removed in a draft."""

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
        settled = reunion.publie_le or reunion.annule_le
        if settled or not request.user.has_perm(f"conseils.{verb}_piece"):
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
            pieces.keep(piece, form.cleaned_data["fichier"], by=request.user)
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
        context["settled"] = bool(reunion.publie_le or reunion.annule_le)
        return render(request, f"conseils/gestion/{page}.html", context)

    @FORM
    def document_remove(self, request, pk):
        piece = self.piece_or_404(request, pk)
        self.check_open(request, piece.reunion, "delete")
        if request.method != "POST":
            return self.show(request, "retirer", piece.reunion, None, piece=piece)
        try:
            pieces.remove(piece, by=request.user)
        except Piece.DoesNotExist as error:  # another person was faster
            raise Http404 from error
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, piece.reunion, f"document « {piece} » retiré")
            messages.success(request, f"Le document « {piece} » est retiré.")
        return redirect("admin:conseils_reunion_documents", piece.reunion_id)

    @method_decorator(require_safe)
    def document_file(self, request, pk):
        """The file of a draft too, for who prepares it; it has another address once public."""
        return lecture.answer(request, self.piece_or_404(request, pk), public=False)
