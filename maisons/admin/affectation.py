from django import forms
from django.contrib import admin

from comptes.admin import ScopedAdmin, ScopedFilter
from comptes.models import Compte
from maisons.models import Affectation


class AffectationForm(forms.ModelForm):
    """A person is named by their address: nobody browses the accounts of the city."""

    courriel = forms.EmailField(
        label="Adresse e-mail de la personne", help_text="Celle de son compte sur ce portail."
    )

    def clean_courriel(self):
        address = self.cleaned_data["courriel"].lower()
        person = Compte.objects.filter(courriel=address, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                "Aucun compte n’a cette adresse : la personne doit d’abord créer le sien."
            )
        self.instance.compte = person
        return address


@admin.register(Affectation)
class AffectationAdmin(ScopedAdmin):
    add_label = "Nouvelle affectation"
    list_display = ["personne", "role", "maison", "debut", "fin"]
    list_filter = [("maison", ScopedFilter), "role"]
    list_select_related = ["compte", "maison"]
    ordering = ["maison__nom", "-debut"]

    # Names are words, not links: accounts are for city administrators.
    @admin.display(description="personne", ordering="compte__nom")
    def personne(self, affectation):
        return f"{affectation.compte} ({affectation.compte.courriel})"

    @admin.display(description="donnée par")
    def auteur(self, affectation):
        return str(affectation.invite_par or "–")

    def get_fields(self, request, obj=None):
        person = ["personne", "auteur"] if obj else ["courriel"]
        return [*person, "maison", "role", "debut", "fin"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = forms.ModelForm if obj else AffectationForm
        return super().get_form(request, obj, change, **({"form": form} | kwargs))

    def get_readonly_fields(self, request, obj=None):
        return ["personne", "auteur"] if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            obj.invite_par = request.user
        super().save_model(request, obj, form, change)
