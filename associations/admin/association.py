from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from associations import au_travail, programme
from associations.models import Association
from comptes.admin import ScopedAdmin
from comptes.forms.a_plusieurs import SharedForm
from maisons.models import Theme
from quartiers import collage
from quartiers.texte import MARKDOWN_HELP

COMING = "Des séances sont à venir : annulez-les d’abord sur la page de leur activité."
ALL = 0  # instead of the key of one
# What a member does not write; where it is as words: the page of a quartier is for the city.
CITY = ["nom", "sigle", "ou", "rna", "siret"]


class AssociationForm(SharedForm):
    themes = forms.MultipleChoiceField(
        label="Thèmes", choices=Theme, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        widgets = {"presentation": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"presentation": MARKDOWN_HELP}

    def clean_presentation(self):
        return collage.clean(self.cleaned_data["presentation"])

    def clean_visible(self):
        """The agenda would lead to pages that are closed."""
        visible = self.cleaned_data["visible"]
        theirs = programme.upcoming().filter(activite__association=self.instance.pk)
        if not visible and theirs.exists():
            raise ValidationError(COMING)
        return visible


class AtWorkForm(forms.Form):
    association = forms.TypedChoiceField(
        label="Vous agissez pour",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une association de la liste."},
    )

    def __init__(self, data, user):
        super().__init__(data, initial={"association": getattr(user, "at_work", ALL)})
        self.mine = list(au_travail.mine(user).by_name().values_list("pk", "nom"))
        self.fields["association"].choices = [(ALL, "Toutes mes associations"), *self.mine]


@admin.register(Association)
class AssociationAdmin(ScopedAdmin):
    """The city writes its name and its numbers, those who answer for it what the public reads."""

    form = AssociationForm
    list_display = ["nom", "quartier", "telephone", "visible"]
    list_filter = ["quartier", "visible"]
    list_select_related = ["quartier"]
    search_fields = ["nom", "sigle", "rna", "siret"]
    fieldsets = [
        ("", {"fields": ["nom", "sigle", "slug", "objet", "presentation", "themes", "visible"]}),
        ("Où et comment", {"fields": ["quartier", "sous_quartier", "adresse", "telephone"]}),
        ("Sur internet", {"fields": ["courriel", "site", "benevoles"]}),
        ("Numéros", {"fields": ["rna", "siret"]}),
    ]

    member_fieldsets = [
        ("", {"fields": ["objet", "presentation", "themes", "benevoles"]}),
        ("La joindre", {"fields": ["adresse", "telephone", "courriel", "site"]}),
        ("Écrit par la ville", {"fields": CITY}),
    ]

    @admin.display(description="quartier")
    def ou(self, association):
        return str(association.quartier or "–")

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if request.user.is_superuser else self.member_fieldsets

    def get_queryset(self, request):
        return super().get_queryset(request).by_name()

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else CITY

    def get_prepopulated_fields(self, request, obj=None):
        return {"slug": ["nom"]} if request.user.is_superuser else {}

    def site_urls(self):
        guard = self.admin_site.admin_view
        return [path("association-au-travail/", guard(self.at_work), name="au_travail")]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def at_work(self, request):
        """Which of their associations somebody works for."""
        form = AtWorkForm(request.POST or None, request.user)
        if not form.mine:
            raise Http404
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["association"]
            au_travail.choose(request, chosen)
            told = dict(form.mine).get(chosen, "toutes vos associations")
            messages.success(request, f"Vous agissez pour : {told}.")
            return redirect("admin:index")
        context = self.admin_site.each_context(request) | {"form": form, "opts": self.opts}
        return render(request, "associations/gestion/au_travail.html", context)
