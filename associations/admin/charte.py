from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from associations.models import Charte
from comptes.admin import ScopedAdmin
from quartiers import collage
from quartiers.texte import MARKDOWN_HELP


class CharteForm(forms.ModelForm):
    class Meta:
        widgets = {"texte": forms.Textarea(attrs={"rows": 24})}
        help_texts = {"texte": f"{MARKDOWN_HELP} « ### » devant une ligne en fait un titre."}

    def clean_texte(self):
        return collage.clean(self.cleaned_data["texte"])


@admin.register(Charte)
class CharteAdmin(ScopedAdmin):
    """For city administrators: no role has its verbs. Looked at, then published, then frozen."""

    add_label = "Nouvelle version de la charte"
    fields = ["texte"]
    form = CharteForm
    list_display = ["__str__", "publie_le"]

    def get_changeform_initial_data(self, request):
        """A new version begins with the words of the one in use."""
        current = Charte.objects.public().first()
        return {"texte": current.texte if current else ""}

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.publie_le)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.publie_le)

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/apercu/", guard(self.preview), name="associations_charte_preview"),
            path("<int:pk>/publier/", guard(self.publish), name="associations_charte_publish"),
            *super().get_urls(),
        ]

    def found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_or_404(request, pk)

    @method_decorator(require_safe)
    def preview(self, request, pk):
        """As the public will read it; the button that publishes is here, after the words."""
        context = self.admin_site.each_context(request)
        context |= {"charte": self.found(request, pk), "opts": self.opts}
        return render(request, "associations/gestion/charte.html", context)

    @method_decorator(require_POST)
    def publish(self, request, pk):
        charte = self.found(request, pk)
        try:
            charte.publish(by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, charte, "publiée")
            messages.success(request, f"« {charte} » est publiée.")
        return redirect("admin:associations_charte_change", pk)
