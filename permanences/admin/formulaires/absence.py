from django import forms
from django.db.models import TextChoices
from django.utils import timezone

from maisons.forms import NO_DAY, DayField
from maisons.models import Salle
from permanences.absences import LONGEST


class Sort(TextChoices):
    REMPLACER = "remplacer", "Quelqu’un d’autre reçoit à sa place"
    DEPLACER = "deplacer", "On reçoit dans une autre salle"
    ANNULER = "annuler", "Personne ne reçoit : annuler les dates"


class AbsenceForm(forms.Form):
    """From which day to which, and what becomes of the dates between."""

    du = DayField(label="Du", error_messages=NO_DAY)
    au = DayField(label="Au", error_messages=NO_DAY, help_text="Ce jour compris.")
    sort = forms.ChoiceField(
        label="Que deviennent les dates ?",
        choices=Sort,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que deviennent les dates."},
    )
    remplacant = forms.CharField(
        label="Remplacement par",
        max_length=100,
        required=False,
        help_text="Le public lit ce nom. Les rendez-vous restent.",
    )
    salle = forms.ModelChoiceField(
        Salle.objects.none(), label="Autre salle", required=False, empty_label="Choisir"
    )

    groups = {"": [["du", "au"], ["sort"], ["remplacant", "salle"]]}

    def __init__(self, *args, permanence, **kwargs):
        super().__init__(*args, **kwargs)
        self.permanence = permanence
        self.fields["salle"].queryset = permanence.maison.salles.all()
        for name in ("remplacant", "salle"):
            self.fields[name].template_name = "maisons/gestion/champ_selon.html"

    def clean(self):
        data = self.cleaned_data
        first, last = data.get("du"), data.get("au")
        if last and last < timezone.localdate():
            self.add_error("au", "Ces jours sont passés.")
        elif first and last and last < first:
            self.add_error("au", "Le dernier jour doit suivre le premier.")
        elif first and last and last - first > LONGEST:
            self.add_error("au", "Six mois au plus à la fois.")
        if data.get("sort") == Sort.REMPLACER and not data.get("remplacant"):
            self.add_error("remplacant", "Écrivez le nom de la personne qui remplace.")
        if data.get("sort") == Sort.DEPLACER and not (data.get("salle") or "salle" in self.errors):
            self.add_error("salle", "Choisissez une salle.")
        return data
