from django import forms
from django.contrib import admin

from associations.admin.choix import OfAssociation
from associations.models import Cogestion
from comptes.admin import ScopedAdmin, ScopedFilter


class CogestionForm(forms.ModelForm):
    class Meta:
        shorter = forms.Textarea(attrs={"rows": 4})
        widgets = {"engagements_ville": shorter, "engagements_association": shorter}


@admin.register(Cogestion)
class CogestionAdmin(OfAssociation, ScopedAdmin):
    """For city administrators: no role has its verbs."""

    add_label = "Confier une maison"
    fieldsets = [
        (None, {"fields": ["maison", "association", "depuis", "jusqu_au"]}),
        (
            "Ce que chacun s’engage à faire",
            {"fields": ["engagements_ville", "engagements_association", "revue_le"]},
        ),
    ]
    form = CogestionForm
    list_display = ["maison", "association", "depuis", "jusqu_au", "revue_le"]
    list_display_links = ["maison", "association"]
    list_filter = [("maison", ScopedFilter)]
    list_select_related = ["maison", "association"]
    search_fields = ["maison__nom", "association__nom"]
