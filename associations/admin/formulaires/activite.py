"""An activity as a volunteer writes it: one page in four parts, a draft at any time."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from associations import activites, inscriptions, salles
from associations.models import Question
from comptes.forms.a_plusieurs import SharedForm
from maisons import heures
from maisons.admin.repetition import length
from maisons.forms.refus import tell
from maisons.models import Creneau, Public, Serie
from maisons.rythmes import Cadence, Rythme
from quartiers import collage
from quartiers.texte import MARKDOWN_HELP

HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
RHYTHM = ["jours", "de", "a", "cadence", "regime"]
PLANNED = "Les séances déjà prévues restent où elles sont : changez-les plus bas."
FINIE = "Cette saison est déjà finie : choisissez une fin à venir."
PREVUE = "Une séance est prévue le {} : choisissez une fin plus tardive, ou annulez-la d’abord."
WHOLE = {"age_min": (0, 120, "Écrivez un âge de 0 à 120 ans.")}
WHOLE |= {"age_max": WHOLE["age_min"], "places": (1, 1000, "Écrivez un nombre de 1 à 1 000.")}
WHOLE["minimum"] = WHOLE["places"]
LOCKED = ["inscription", "places"]
INSCRIT = (
    "Quelqu’un s’est inscrit pendant ce temps : la façon de s’inscrire ne change plus, les places "
    "se changent par leur bouton. Enregistrez à nouveau pour garder le reste."
)
LOCKS = "Ne change plus après la première inscription."
# Asked in a form of the activity, told of its series.
ASKED_AS = {"heure": "de", "duree": "a", "regle": "jours"}


def ticked(label, choices, **kwargs):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class ActiviteForm(SharedForm):
    """What an activity is; while it has no session, its rhythm too, which makes them."""

    public = ticked("Pour qui", Public)
    questions = ticked("Questions posées à l’inscription", Question, help_text=LOCKS)
    jours = forms.TypedMultipleChoiceField(
        label="Quels jours",
        choices=list(enumerate(heures.WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez un jour et deux heures : les séances sont créées à l’enregistrement.",
    )
    de = forms.TimeField(label="De", widget=HOUR, required=False)
    a = forms.TimeField(label="À", widget=HOUR, required=False)
    cadence = forms.ChoiceField(
        label="Rythme", choices=Cadence, required=False, initial=Cadence.SEMAINE
    )
    regime = forms.ChoiceField(
        label="Et les vacances scolaires ?",
        choices=Serie.Regime,
        required=False,
        initial=Serie.Regime.HORS_VACANCES,
    )

    class Meta:
        labels = {"association": "Association", "gratuit": "C’est gratuit"}
        widgets = {"description": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "description": MARKDOWN_HELP,
            "age_min": "Les années de naissance se comptent au début de la saison.",
            "inscription": LOCKS,
            "places": "Vous pourrez en ajouter. Après la première inscription, par un bouton.",
            "minimum": "Le public le lit. Vide : l’activité ouvre dans tous les cas.",
            "salle": "Vide : dans la maison, sans salle réservée.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.serie = None
        if self.instance.pk and self.instance.seances.exists():
            for name in RHYTHM:
                del self.fields[name]
            self.fields["maison"].help_text = self.fields["salle"].help_text = PLANNED
        for name in WHOLE.keys() & self.fields.keys():
            least, most, told = WHOLE[name]
            field = self.fields[name]
            field.validators = [MinValueValidator(least, told), MaxValueValidator(most, told)]
            field.widget.attrs |= {"min": least, "max": most, "class": "court"}

    def clean_description(self):
        return collage.clean(self.cleaned_data["description"])

    def clean(self):
        """Under its lock from here on: nobody registers between the check and the writing."""
        if self.instance.pk:
            inscriptions.lock(self.instance.pk)
        data = super().clean()
        published = self.instance.publie_le
        if published and not (data.get("gratuit") or data.get("tarif", "").strip()):
            self.add_error("tarif", "Dites le prix, ou que c’est gratuit.")
        if any(self.came_too_late(name) for name in LOCKED):
            self.add_error(None, INSCRIT)
        if data.get("dernier") and "dernier" in self.changed_data:
            self.check_end(data["dernier"])
        return data

    def came_too_late(self, name):
        """Whether it was changed on a page opened before the first registration locked it."""
        typed = self.data.get(self.add_prefix(name))
        if name in self.fields or not typed:
            return False
        return typed != str(getattr(self.instance, name))

    def check_end(self, last_day):
        """A season that is over asks for nothing; one that goes on keeps its sessions."""
        last = self.instance.pk and activites.coming(self.instance).last()
        if last_day < timezone.localdate():
            self.add_error("dernier", FINIE)
        elif last and heures.local(last.debut).date() > last_day:
            self.add_error("dernier", PREVUE.format(heures.day(last.debut)))

    def _post_clean(self):
        super()._post_clean()
        data = self.cleaned_data
        if self.errors or not any(data.get(name) for name in ("jours", "de", "a")):
            return
        missing = [name for name in ("jours", "de", "a") if not data.get(name)]
        for name in missing:
            self.add_error(name, "Il manque un jour." if name == "jours" else "Il manque l’heure.")
        if not missing:
            try:
                self.serie = self.rhythm(data)
                salles.check(self.serie)
            except ValidationError as error:
                tell(self, error, ASKED_AS)

    def rhythm(self, data):
        """The rule of its sessions, from today on at the earliest; raises ValidationError."""
        asked, room = self.instance, self.instance.salle
        cadence = Cadence(data.get("cadence") or Cadence.SEMAINE)
        serie = Serie(
            maison=asked.maison,
            salle=room,
            portee=Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE,
            regle=Rythme(cadence, tuple(sorted(data["jours"]))).rule,
            premier=max(asked.premier, timezone.localdate()),
            dernier=asked.dernier,
            heure=data["de"],
            duree=length(data["de"], data["a"]),
            regime=data.get("regime") or Serie.Regime.HORS_VACANCES,
        )
        serie.full_clean()
        return serie
