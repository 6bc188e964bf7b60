"""The directory of the associations: words, theme, quartier, those that look for help."""

from django import forms

from associations.liste import FilterForm, Liste
from associations.models import Association


class AnnuaireForm(FilterForm):
    benevoles = forms.BooleanField(label="Cherche des bénévoles", required=False)


class Annuaire(Liste):
    FORM = AnnuaireForm
    NOUN, NAME = "association", "nom"
    BOXES = {"benevoles": "bénévoles recherchés"}

    @property
    def everything(self):
        return Association.objects.public()

    def there(self):
        rows = self.everything.order_by().values_list("themes", "quartier__slug").distinct()
        themes = {theme for themes, _ in rows for theme in themes}
        return {"theme": themes, "quartier": {slug for _, slug in rows}}

    def kept(self, rows):
        if theme := self.chosen.get("theme"):
            rows = rows.filter(themes__contains=[theme])
        if slug := self.chosen.get("quartier"):
            rows = rows.filter(quartier__slug=slug)
        return rows.exclude(benevoles="") if self.chosen.get("benevoles") else rows

    def shown(self, rows):
        columns = ["nom", "slug", "sigle", "objet", "benevoles", "quartier__nom"]
        return rows.select_related("quartier").only(*columns)
