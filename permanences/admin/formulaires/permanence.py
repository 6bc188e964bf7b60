from datetime import timedelta

from django import forms

from maisons.admin.champs import DurationField
from permanences.admin.formulaires.service import LENGTH, bound, languages

NOT_THE_OTHERS = "Pour les dates que vous ajouterez ; les autres gardent la leur."


class PermanenceForm(forms.ModelForm):
    """What a permanence is; its dates are planned from its page."""

    langues = languages("Langues parlées, en plus de celles du service")
    preavis = DurationField(
        timedelta(hours=1),
        label="On prend rendez-vous au plus tard, en heures avant",
        initial=timedelta(hours=2),
    )

    class Meta:
        labels = {"horizon": "Et au plus tôt, en jours avant"}
        help_texts = {
            "salle": f"Vide : dans la maison, sans salle réservée. {NOT_THE_OTHERS}",
            "mode": "Les prochaines dates le disent aussitôt. Les rendez-vous déjà pris restent.",
            "guichets": "Les prochaines dates aussi. Les rendez-vous déjà pris restent.",
            "duree": "Vide : celle du service. Les rendez-vous déjà pris gardent la leur.",
            "avis": "Le public le lit. Par exemple : bureau au 1er étage.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "salle" in self.fields and self.instance.pk:
            self.fields["salle"].queryset = self.instance.maison.salles.all()
        bound(
            self,
            guichets=(1, 20, "De 1 à 20 personnes en même temps."),
            duree=LENGTH,
            horizon=(1, 365, "De 1 à 365 jours."),
        )
