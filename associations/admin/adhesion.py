from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from associations import attestations
from associations.admin.accueil import SHOWN, section
from associations.admin.choix import OfAssociation
from associations.forms.attestation import AttestationForm
from associations.models import Adhesion, Attestation, Charte
from associations.rappels import DELAYS
from comptes.admin import ScopedAdmin
from documents import lecture
from documents.televersement import receives_files
from maisons import heures


class SituationFilter(admin.SimpleListFilter):
    title, parameter_name = "situation", "situation"

    def lookups(self, request, model_admin):
        return [("valable", "valables"), ("assurance", "sans assurance"), ("finie", "finies")]

    def queryset(self, request, rows):
        valid, insured = rows.in_force(), rows.in_force().insured().values("pk")
        kept = {
            "valable": valid.filter(pk__in=insured),
            "assurance": valid.exclude(pk__in=insured),
            "finie": rows.filter(jusqu_au__lt=timezone.localdate()),
        }
        return kept.get(self.value(), rows)


@admin.register(Adhesion)
class AdhesionAdmin(OfAssociation, ScopedAdmin):
    """The city writes them; those who answer for the association read and send certificates."""

    add_label = "Enregistrer une adhésion"
    fieldsets = [
        (None, {"fields": ["association", "charte", "signataire", "qualite"]}),
        ("Jusqu’à quand", {"fields": ["signe_le", "jusqu_au", "assurance_jusqu_au"]}),
        ("Engagement", {"fields": ["engagement_le"]}),
    ]
    member_fieldsets = [
        (None, {"fields": ["version", "signataire", "qualite"]}),
        *fieldsets[1:],
    ]
    list_display = ["association", "adhesion", "assurance", "situation"]
    list_filter = [SituationFilter]
    list_select_related = ["association", "charte"]
    search_fields = ["association__nom"]

    @admin.display(description="adhésion", ordering="jusqu_au")
    def adhesion(self, adhesion):
        return f"adhésion jusqu’au {heures.dated(adhesion.jusqu_au)}"

    @admin.display(description="assurance", ordering="assurance_jusqu_au")
    def assurance(self, adhesion):
        until = adhesion.assurance_jusqu_au
        return f"assurance jusqu’au {heures.dated(until)}" if until else "assurance inconnue"

    @admin.display(description="charte")
    def version(self, adhesion):
        address = reverse("associations:charte_version", args=[adhesion.charte.version])
        return format_html('<a href="{}">{}</a>', address, adhesion.charte)

    @admin.display(description="situation")
    def situation(self, adhesion):
        kind = "" if adhesion.fault == "" else "alerte"
        return format_html('<b class="puce {}">{}</b>', kind, adhesion.fault or "valable")

    def scope(self, db_field, request):
        if db_field.name == "charte":
            return {"queryset": Charte.objects.public()}
        return super().scope(db_field, request)

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if request.user.is_superuser else self.member_fieldsets

    def get_readonly_fields(self, request, obj=None):
        if not request.user.is_superuser:
            return ["version"]
        return ["association"] if obj else []

    def get_changeform_initial_data(self, request):
        """The version in use, that an association signs most often."""
        known = {"charte": Charte.objects.public().first()}
        return known | super().get_changeform_initial_data(request)

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_attestation"
        return [
            path("<int:pk>/attestations/", guard(self.certificates), name=f"{name}_list"),
            path("attestations/<int:pk>/fichier/", guard(self.certificate), name=f"{name}_file"),
            path("attestations/<int:pk>/verifier/", guard(self.confirm), name=f"{name}_confirm"),
            *super().get_urls(),
        ]

    def to_do(self, request):
        """What ends soon; for the city, the certificates that it has not checked yet too."""
        ending = self.get_queryset(request).ending(max(DELAYS)).order_by("jusqu_au", "pk")
        found = [("Adhésions et assurances à renouveler", "echeances", ending)]
        if self.has_change_permission(request):
            sent = Attestation.objects.filter(verifie_le=None).order_by("depose_le", "pk")
            sent = sent.select_related("adhesion__association")
            found.append(("Attestations à vérifier", "attestations", sent))
        found = [section(*told, rows[:SHOWN], rows.count()) for *told, rows in found]
        return [each for each in found if each["total"]]

    @receives_files
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def certificates(self, request, pk):
        """Those sent for an adhesion, and one more."""
        adhesion = self.get_or_404(request, pk)
        may_add = request.user.has_perm("associations.add_attestation")
        if request.method == "POST" and not may_add:
            raise PermissionDenied
        new = attestations.prepare(adhesion)
        form = AttestationForm(request.POST or None, request.FILES or None, instance=new)
        if request.method == "POST" and form.is_valid():
            attestations.keep(new, form.cleaned_data["fichier"], by=request.user)
            self.log_change(request, adhesion, "attestation déposée")
            messages.success(request, "L’attestation est déposée. La ville la vérifie.")
            return redirect("admin:associations_attestation_list", pk)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        context |= {"adhesion": adhesion, "rows": adhesion.attestations.all(), "may_add": may_add}
        context["may_confirm"] = self.has_change_permission(request, adhesion)
        return render(request, "associations/gestion/attestations.html", context)

    def certificate_or_404(self, request, pk):
        rows = Attestation.objects.managed_by(request.user)
        return get_object_or_404(rows.select_related("adhesion__association"), pk=pk)

    @method_decorator(require_safe)
    def certificate(self, request, pk):
        """The file, for the association and the city alone."""
        return lecture.answer(request, self.certificate_or_404(request, pk), public=False)

    @method_decorator(require_POST)
    def confirm(self, request, pk):
        found = self.certificate_or_404(request, pk)
        if not self.has_change_permission(request, found.adhesion):
            raise PermissionDenied
        try:
            attestations.confirm(found, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, found.adhesion, "attestation vérifiée")
            messages.success(request, "L’attestation est vérifiée : l’assurance est notée.")
        return redirect("admin:associations_attestation_list", found.adhesion_id)
