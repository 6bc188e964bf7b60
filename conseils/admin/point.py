from django import forms

from comptes.admin import StaffInline
from conseils.forms import PointForm, PointFormSet
from conseils.models import Point


class PointInline(StaffInline):
    model = Point
    fk_name = "reunion"
    form = PointForm
    formset = PointFormSet
    fieldsets = [
        (None, {"fields": [("rang", "titre"), ("type", "minutes"), "rapporteur", "texte"]}),
    ]
    add_label = "Ajouter un point"
    summary = "conseils/gestion/_point.html"
    tools = "conseils/gestion/_ordre.html"
    verbose_name_plural = "points de l’ordre du jour"
    media = forms.Media(
        js=[forms.Script("gestion.js", defer=True), forms.Script("ordre.js", defer=True)]
    )

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset
