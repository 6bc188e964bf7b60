"""Those who are registered for an activity, from its page: one more, a table, a message, places."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from associations import annonces, exports, guichet, inscriptions, prevenir
from associations.admin.formulaires.inscrire import AnnonceForm, InscrireForm, PlacesForm
from associations.models import Activite
from maisons import tableur
from maisons.forms.refus import tell

asked = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
read = method_decorator(require_safe)


def token(data):
    """The key of a form, so that what is sent twice is written once; None when it is none."""
    try:
        return UUID(data.get("jeton", ""))
    except ValueError:
        return None


class InscritPages:
    """For the admin class of activities; the verbs are those on registrations."""

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_activite"
        return [
            path("<int:pk>/inscrire/", guard(self.register), name=f"{name}_register"),
            path("<int:pk>/inscrits.csv", guard(self.as_csv), name=f"{name}_csv"),
            path("<int:pk>/inscrits.xlsx", guard(self.as_xlsx), name=f"{name}_xlsx"),
            path("<int:pk>/message/", guard(self.announce), name=f"{name}_announce"),
            path("<int:pk>/places/", guard(self.places), name=f"{name}_places"),
            *super().get_urls(),
        ]

    def register_for(self, request, pk, verb):
        """The activity, if somebody has a verb on its registrations."""
        activite = self.get_or_404(request, pk)
        rows = Activite.objects.filter(pk=activite.pk)
        if not (
            request.user.has_perm(f"associations.{verb}_inscription")
            and rows.managed_by(request.user, verb).exists()
        ):
            raise PermissionDenied
        return activite

    @asked
    def register(self, request, pk):
        activite = self.register_for(request, pk, "add")
        form = InscrireForm(
            request.POST or None, activite=activite, initial={"jeton": str(uuid4())}
        )
        if before := guichet.taken_by(request.user, token(request.POST)):
            return redirect("admin:associations_inscription_done", before.inscriptions.get().pk)
        if form.is_valid() and (row := self.registered(request, form)):
            return redirect("admin:associations_inscription_done", row.pk)
        return self.page(
            request,
            "inscrire",
            activite,
            "Inscrire quelqu’un",
            form=form,
            left=inscriptions.in_words(activite) if activite.by_season else "",
        )

    def registered(self, request, form):
        """The registration that a form asks for, or None once it says why not."""
        dossier, row = form.build()
        try:
            guichet.register_for(dossier, [row], by=request.user)
        except ValidationError as error:
            tell(form, error)
            return None
        return row

    @read
    def as_csv(self, request, pk):
        activite = self.register_for(request, pk, "view")
        content = tableur.as_csv(*exports.table(activite))
        return self.file(activite, content, tableur.CSV, "csv")

    @read
    def as_xlsx(self, request, pk):
        activite = self.register_for(request, pk, "view")
        content = tableur.as_xlsx("Inscrits", *exports.table(activite))
        return self.file(activite, content, tableur.XLSX, "xlsx")

    def file(self, activite, content, kind, extension):
        response = HttpResponse(content, content_type=kind)
        name = f"inscrits-{activite.slug}.{extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    @asked
    def announce(self, request, pk):
        """To how many, and how, is said before; the same form sent twice is one message."""
        activite = self.register_for(request, pk, "change")
        form = AnnonceForm(request.POST or None, initial={"jeton": str(uuid4())})
        if form.is_valid():
            data = form.cleaned_data
            count = annonces.announce(
                activite, data["objet"], data["texte"], data["jeton"], data["attente"]
            )
            self.log_change(request, activite, f"message « {data['objet']} » : {count}")
            written = f"Message écrit à {count} personne{'s' * (count > 1)}."
            messages.success(request, written)
            return self.back(activite)
        told = prevenir.in_words(annonces.readers(activite))
        waiting = activite.inscriptions.waiting().count()
        title = "Écrire aux personnes inscrites"
        return self.page(request, "message", activite, title, form=form, told=told, waiting=waiting)

    @asked
    def places(self, request, pk):
        """More places go to who waits, in order; fewer are refused under those that are held."""
        activite = self.register_for(request, pk, "change")
        form = PlacesForm(request.POST or None, initial={"places": activite.places})
        if form.is_valid():
            try:
                inscriptions.change_places(activite, form.cleaned_data["places"], by=request.user)
            except ValidationError as error:
                tell(form, error)
            else:
                count = form.cleaned_data["places"]
                self.log_change(request, activite, f"places : {count}")
                messages.success(request, f"L’activité a {count} place{'s' * (count > 1)}.")
                return self.back(activite)
        waiting = activite.inscriptions.waiting().with_person()
        told = prevenir.in_words([row.dossier for row in waiting])
        return self.page(
            request, "places", activite, "Changer le nombre de places", form=form, told=told
        )
