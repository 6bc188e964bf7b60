"""What may be done to the sessions of an activity, and what it would do, before it is done."""

from associations import activites
from associations.admin.formulaires import ChangeForm, SerieForm
from associations.admin.formulaires.serie import plan
from maisons.admin.actes import Act, Preview
from maisons.admin.repetition import ExtendForm, FromDayForm

REPEAT = Act(
    SerieForm, plan, Preview.of_plan, "Ajouter des séances régulières", "Créer", "Séances créées"
)
ACTS = {
    "modifier": Act(
        ChangeForm,
        activites.change_from,
        Preview.of_change,
        "Changer l’heure ou la salle",
        "Changer",
        "Séances changées",
    ),
    "annuler": Act(
        FromDayForm,
        activites.cancel_from,
        Preview.of_cancellation,
        "Annuler des séances",
        "Annuler",
        "Séances annulées",
        danger=True,
    ),
    "prolonger": Act(
        ExtendForm,
        activites.extend,
        Preview.of_plan,
        "Prolonger la saison",
        "Ajouter",
        "Saison prolongée",
    ),
}
