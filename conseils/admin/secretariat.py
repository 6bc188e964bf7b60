from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from comptes.admin import ScopedAdmin, ScopedFilter
from comptes.models import Compte
from conseils.models import Secretariat


class SecretariatForm(forms.ModelForm):
    """By the address of an account; city administrators alone see this page."""

    courriel = forms.EmailField(label="Adresse e-mail du compte")

    class Meta:
        model = Secretariat
        fields = ["conseil", "debut", "fin"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["courriel"] = self.instance.compte.courriel

    def clean_courriel(self):
        courriel = self.cleaned_data["courriel"].lower()
        found = Compte.objects.filter(courriel=courriel, is_active=True).first()
        if found is None:
            raise ValidationError("Aucun compte ouvert n’a cette adresse.")
        self.instance.compte = found
        return courriel


@admin.register(Secretariat)
class SecretariatAdmin(ScopedAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Nouveau secrétariat"
    form = SecretariatForm
    fields = ["conseil", "courriel", "debut", "fin"]
    list_display = ["compte", "conseil", "debut", "fin"]
    list_filter = [("conseil", ScopedFilter)]
    list_select_related = ["compte", "conseil"]
    ordering = ["conseil__nom", "-debut"]

    def save_model(self, request, obj, form, change):
        obj.invite_par = obj.invite_par or request.user
        super().save_model(request, obj, form, change)
