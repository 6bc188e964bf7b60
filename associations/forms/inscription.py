"""What somebody says to register: for themselves or for children, each once, in one pass."""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from phonenumber_field.formfields import PhoneNumberField

from associations.models import Dossier, Inscription, Question
from comptes.forms import PiegeField
from comptes.forms.questions import QUESTIONS
from maisons.forms.sans_compte import ADDRESS, ADDRESS_ERRORS, PHONE
from notifications.adresses import likely

ROWS, MOST_ROWS = 3, 8
MOI, ENFANTS = "moi", "enfants"
OF_CHILDREN = {Question.REPART_SEUL, Question.TRAJET}
ONCE = Question.BENEVOLE  # of whoever asks
PERSONNE = "Écrivez le prénom d’un enfant."
CHILD_TOO = "Vous avez aussi écrit un enfant. Choisissez qui s’inscrit, ou effacez le prénom."
ANNEE = "Écrivez l’année de naissance en quatre chiffres, par exemple 2018."


class Block(NamedTuple):
    """The questions of one person: whoever asks, a child known, a child to write."""

    key: str
    legend: str
    names: list


class InscriptionForm(forms.Form):
    """With an account nothing of the adult is typed, but the number that a child needs, once."""

    is_search = True  # so that no label says « facultatif »: a child’s row is needed, or is not

    pour = forms.ChoiceField(
        label="Qui s’inscrit ?",
        choices=[(MOI, "Moi"), (ENFANTS, "Un ou plusieurs enfants")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites qui s’inscrit.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )
    lignes = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)
    jeton = forms.UUIDField(widget=forms.HiddenInput)
    attente = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    telephone = PhoneNumberField(
        label="Téléphone",
        required=False,
        help_text="Nécessaire pour un enfant.",
        error_messages={"invalid": PHONE},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args, offer, compte=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer, self.compte = offer, compte
        self.blocks = []
        self.limit_to_offer()
        lines = str(self["lignes"].value() or "")[:3]
        self.rows_shown = min(max(int(lines), 1), MOST_ROWS) if lines.isdecimal() else ROWS
        self.add_people()
        self.add_choices()

    def limit_to_offer(self):
        """Who may come by the ages of the activity; a question that has one answer is not asked."""
        choices = self.fields["pour"].choices
        allowed = self.offer.who
        self.fields["pour"].choices = [one for one in choices if one[0] in allowed]
        if len(allowed) == 1:
            self.fields["pour"].widget = forms.HiddenInput()
            self.initial.setdefault("pour", allowed[0])

    def add_people(self):
        if MOI in self.offer.who:
            self.blocks.append(Block(MOI, "Si vous venez", self.add_questions(MOI, OF_CHILDREN)))
        if ENFANTS not in self.offer.who:
            return
        for child in self.offer.known:
            key = f"connu_{child.pk}"
            label = f"Inscrire {child.prenom}, naissance en {child.naissance}"
            self.fields[key] = forms.BooleanField(label=label, required=False)
            names = [key, *self.add_questions(key)]
            self.blocks.append(Block(key, child.prenom, names))
        for rank in range(1, self.rows_shown + 1):
            names = [*self.add_child(str(rank)), *self.add_questions(str(rank))]
            self.blocks.append(Block(str(rank), f"Enfant {rank}", names))

    def add_child(self, key):
        self.fields[f"prenom_{key}"] = forms.CharField(
            label="Prénom",
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields[f"naissance_{key}"] = forms.IntegerField(
            label="Année de naissance",
            required=False,
            min_value=1900,
            max_value=2200,
            error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], ANNEE),
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "court"}
            ),
        )
        return [f"prenom_{key}", f"naissance_{key}"]

    def add_questions(self, key, but=()):
        """Yes or no, never ticked before; each activity keeps those that it asks."""
        asked = [one for one in Question if one in self.offer.questions]
        asked = [one for one in asked if one not in but and one != ONCE]
        for question in asked:
            field = forms.BooleanField(label=question.label, required=False)
            self.fields[f"{question.value}_{key}"] = field
        return [f"{question.value}_{key}" for question in asked]

    def add_choices(self):
        if self.offer.dates:
            self.fields["seances"] = forms.MultipleChoiceField(
                label="À quelles dates ?",
                choices=[(str(date.pk), words) for date, words in self.offer.dates],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": "Choisissez au moins une date.",
                    "invalid_choice": "Choisissez une date de la liste.",
                },
            )
        if self.offer.others:
            self.fields["autres"] = forms.MultipleChoiceField(
                label="Inscrire aussi à",
                choices=[(str(one.pk), words) for one, words in self.offer.others],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=format_html("D’autres activités de {}.", self.offer.activite.association),
                error_messages={"invalid_choice": "Choisissez une activité de la liste."},
            )
        if ONCE in self.offer.questions:
            self.fields[ONCE.value] = forms.BooleanField(label=ONCE.label, required=False)

    def fields_of(self, names):
        return [self[name] for name in names]

    @property
    def groups(self):
        """[(its title, the fields of one person)], for the page."""
        return [(one.legend, self.fields_of(one.names)) for one in self.blocks if one.names]

    @property
    def choices(self):
        return self.fields_of([name for name in ("seances", "autres") if name in self.fields])

    @property
    def adult(self):
        """Who asks, and what is asked of them once."""
        names = ["nom", "telephone", "courriel", ONCE.value, "site_web"]
        return self.fields_of([name for name in names if name in self.fields])

    def clean(self):
        cleaned = super().clean()
        if not self.errors.get("pour"):
            self.people = self.read_people()
            self.check_contact()
            self.check_ages()
            self.check_who()
        return cleaned

    def check_who(self):
        """Whoever writes a child and ticks « Moi » has perhaps not read it so."""
        names = [f"prenom_{rank}" for rank in range(1, self.rows_shown + 1)]
        names += [f"connu_{child.pk}" for child in self.offer.known]
        if self.cleaned_data["pour"] == MOI and any(self.cleaned_data.get(one) for one in names):
            self.add_error("pour", CHILD_TOO)

    def read_people(self):
        """[(key of the block, first name, year)] of those to register; errors beside the fields."""
        if self.cleaned_data["pour"] == MOI:
            return [(MOI, "", None)]
        known = {f"connu_{child.pk}": child for child in self.offer.known}
        found = [
            (key, child.prenom, child.naissance)
            for key, child in known.items()
            if self.cleaned_data.get(key)
        ]
        for rank in range(1, self.rows_shown + 1):
            prenom = self.cleaned_data.get(f"prenom_{rank}", "")
            year, faulty = self.cleaned_data.get(f"naissance_{rank}"), f"naissance_{rank}"
            if prenom and year is None and faulty not in self.errors:
                self.add_error(faulty, ANNEE)
            if year is not None and not prenom:
                self.add_error(f"prenom_{rank}", PERSONNE)
            if prenom and year is not None:
                found.append((str(rank), prenom, year))
        people = {name for block in self.blocks for name in block.names}
        if not found and not people & self.errors.keys():
            self.add_error(None if known else "prenom_1", PERSONNE)
        return found

    def check_contact(self):
        child = self.cleaned_data["pour"] == ENFANTS
        if child and not (self.cleaned_data.get("telephone") or "telephone" in self.errors):
            self.add_error("telephone", "Pour un enfant, donnez un numéro de téléphone.")

    def check_ages(self):
        """Beside the year of the child whom an activity does not take (parcours E7)."""
        for row in self.rows() if not self.errors else []:
            try:
                row.check_age()
            except ValidationError as error:
                name = f"naissance_{row.block}"
                self.add_error(name if name in self.fields else None, error.messages)

    def rows(self):
        """The unsaved registrations: each person, at each activity or date that was chosen."""
        wanted = self.offer.wanted(self.cleaned_data)
        return [
            self.row(person, activite, seance)
            for activite, seance in wanted
            for person in self.people
        ]

    def row(self, person, activite, seance):
        key, prenom, naissance = person
        row = Inscription(activite=activite, seance=seance, prenom=prenom, naissance=naissance)
        names = {one: ONCE if one == ONCE else f"{one}_{key}" for one in activite.questions}
        row.reponses = [one for one, name in names.items() if self.cleaned_data.get(name)]
        row.block = key
        return row

    def dossier(self):
        """The unsaved pass."""
        kept = {"jeton": self.cleaned_data["jeton"], "telephone": self.cleaned_data["telephone"]}
        return Dossier(**kept, **self.person())

    def person(self):
        return {"compte": self.compte}

    @property
    def suggestion(self):
        return ""


class SansCompteInscriptionForm(InscriptionForm):
    nom = forms.CharField(
        label=QUESTIONS["nom"]["label"],
        max_length=100,
        help_text="Comme vous aimez qu’on vous appelle. L’association le voit, le public jamais.",
        error_messages={"required": QUESTIONS["nom"]["required"]},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    courriel = forms.EmailField(
        label=ADDRESS["label"],
        required=False,
        help_text="Pour recevoir votre confirmation. Sans e-mail, laissez vide.",
        error_messages=ADDRESS_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    site_web = PiegeField()

    def clean_courriel(self):
        return self.cleaned_data["courriel"].lower()

    def check_contact(self):
        super().check_contact()
        given = self.cleaned_data.get("telephone") or self.cleaned_data.get("courriel")
        if not (given or {"telephone", "courriel"} & self.errors.keys()):
            self.add_error("telephone", "Donnez un numéro de téléphone, ou une adresse e-mail.")

    def person(self):
        return {name: self.cleaned_data[name] for name in ("nom", "courriel")}

    @property
    def suggestion(self):
        """The address that was probably meant, or nothing: it blocks nobody (parcours B11)."""
        return likely(self.cleaned_data.get("courriel", ""))


def form_for(user):
    return InscriptionForm if user.is_authenticated else SansCompteInscriptionForm
