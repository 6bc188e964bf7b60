"""A moment that is asked for once, or as the first date of a season."""

from maisons.admin.repetition import RuleForm, length
from maisons.models import Serie
from maisons.models.creneau import FIN_AVANT_DEBUT
from maisons.rythmes import Cadence, Rythme


class OnceOrMoreForm(RuleForm):
    """A moment (`jour`, `de`, `a`) and a `salle`; with a rhythm, the first date of a season."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RuleForm.base_fields:
            self.fields[name].required = False
        for name in ("cadence", "dernier", "regime"):
            self.fields[name].template_name = "maisons/gestion/champ_selon.html"
        self.fields["cadence"].choices = [("", "Une seule fois"), *Cadence.choices]

    def clean_rule(self, cleaned):
        if not cleaned["cadence"]:
            if cleaned["dernier"]:
                self.add_error("cadence", "Choisissez le rythme, ou effacez le dernier jour.")
        elif not cleaned["dernier"]:
            self.add_error("dernier", "Choisissez le dernier jour.")
        elif cleaned["dernier"] <= cleaned["jour"]:
            self.add_error("dernier", "Le dernier jour doit suivre le premier.")
        elif cleaned["a"] <= cleaned["de"]:
            self.add_error("a", FIN_AVANT_DEBUT)

    def serie(self):
        """The season that is asked for, from its first date; or nothing."""
        data = self.cleaned_data
        if not data["cadence"]:
            return None
        return Serie(
            maison=self.instance.maison,
            salle=data["salle"],
            regle=Rythme(Cadence(data["cadence"]), (data["jour"].weekday(),)).rule,
            premier=data["jour"],
            dernier=data["dernier"],
            heure=data["de"],
            duree=length(data["de"], data["a"]),
            regime=data["regime"] or Serie.Regime.TOUJOURS,
            jours_feries=data["jours_feries"],
        )

    def shown(self, field):
        return super().shown("jour" if field == "premier" else field)
