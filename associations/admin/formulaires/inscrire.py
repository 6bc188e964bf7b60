from django import forms

from associations import activites
from associations.models import Dossier, Inscription, Question
from associations.models.inscription import ADULT
from maisons import heures
from maisons.contact import ContactField

UNREAD = ("required", "invalid", "min_value", "max_value")
NO_YEAR = dict.fromkeys(UNREAD, "Écrivez l’année de naissance en quatre chiffres.")
NO_NUMBER = dict.fromkeys(UNREAD, "Écrivez un nombre de 1 à 1 000.")
NO_CONTACT = {"required": "Écrivez un téléphone ou une adresse e-mail."}
OFF = {"autocomplete": "off"}


class InscrireForm(forms.Form):
    """Two to four fields are typed: who asks, how they are reached, a child if it is for one."""

    nom = forms.CharField(
        label="Prénom et nom de la personne qui demande",
        max_length=100,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": "Écrivez le nom de la personne."},
    )
    contact = ContactField(
        label="Téléphone ou e-mail",
        max_length=254,
        error_messages=NO_CONTACT,
        widget=forms.TextInput(attrs=OFF),
    )
    prenom = forms.CharField(
        label="Prénom de l’enfant",
        max_length=60,
        required=False,
        help_text="Vide : la personne vient elle-même.",
        widget=forms.TextInput(attrs=OFF),
    )
    naissance = forms.IntegerField(
        label="Année de naissance de l’enfant",
        required=False,
        min_value=1900,
        max_value=2200,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "required"),
            "Écrivez l’année de naissance en quatre chiffres.",
        ),
        widget=forms.NumberInput(attrs=OFF | {"class": "court"}),
    )
    seance = forms.ModelChoiceField(
        None,
        label="Quelle séance",
        empty_label="Choisir",
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Choisissez une séance de la liste.",
        },
    )
    reponses = forms.MultipleChoiceField(
        label="Cochez ce que la personne accepte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, activite, **kwargs):
        super().__init__(*args, **kwargs)
        self.activite = activite
        asked = [choice for choice in Question.choices if choice[0] in activite.questions]
        self.fields["reponses"].choices = asked
        if not asked:
            del self.fields["reponses"]
        if activite.by_season:
            del self.fields["seance"]
        else:
            self.fields["seance"].queryset = activites.coming(activite)
            self.fields["seance"].label_from_instance = lambda one: heures.span(one.debut, one.fin)
        if activite.age_max is not None and activite.age_max < ADULT:
            for name in ("prenom", "naissance"):
                self.fields[name].required = True
                self.fields[name].help_text = ""
            self.fields["prenom"].error_messages["required"] = "Écrivez le prénom de l’enfant."

    def build(self):
        """(pass, registration), neither saved."""
        data = self.cleaned_data
        dossier = Dossier(nom=data["nom"], jeton=data["jeton"], **data["contact"])
        row = Inscription(
            activite=self.activite,
            seance=data.get("seance"),
            prenom=data["prenom"],
            naissance=data["naissance"],
            reponses=data.get("reponses", []),
        )
        return dossier, row


class PlacesForm(forms.Form):
    places = forms.IntegerField(
        label="Nombre de places",
        min_value=1,
        max_value=1000,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Écrivez un nombre de 1 à 1 000."
        ),
        widget=forms.NumberInput(attrs={"class": "court"}),
    )


class AnnonceForm(forms.Form):
    """What is written to everybody who is registered."""

    objet = forms.CharField(
        label="Objet",
        max_length=100,
        help_text="Par exemple : apportez un tapis jeudi.",
        error_messages={"required": "Dites en quelques mots de quoi il s’agit."},
    )
    texte = forms.CharField(
        label="Message",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez le message."},
    )
    attente = forms.BooleanField(label="Écrire aussi à la liste d’attente", required=False)
    jeton = forms.UUIDField(widget=forms.HiddenInput)
