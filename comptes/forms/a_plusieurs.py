"""A page that several people change: nobody undoes without seeing it what another has written."""

from hashlib import sha256

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.formats import localize

ENTRETEMPS = (
    "Quelqu’un d’autre a changé cette réponse pendant ce temps : « {} ». La vôtre est gardée ici : "
    "enregistrez à nouveau pour la préférer."
)
SHOWN = 200  # signs


class SharedForm(forms.ModelForm):
    """
    An answer that one left as it was shown gives way to what another wrote since.

    One that both changed is refused once, with the other's words. `version` has a mark of each
    answer as the page showed it. Saved in a transaction.
    """

    version = forms.Field(required=False, widget=forms.HiddenInput)  # told of by no error

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            known = model_to_dict(self.instance, self.fields)
            self.initial["version"] = seal({name: mark(value) for name, value in known.items()})
        else:
            del self.fields["version"]

    def clean(self):
        data = super().clean()
        if self.instance.pk:
            self.heed_others(data)
        return data

    def heed_others(self, data):
        rows = type(self.instance)._base_manager.select_for_update(of=("self",), no_key=True)
        now = rows.get(pk=self.instance.pk)
        seen = dict(pair.split("=", 1) for pair in str(data["version"]).split() if "=" in pair)
        for name, value in model_to_dict(now, self.fields).items():
            theirs = mark(value)
            if seen.get(name, theirs) == theirs:
                continue
            mine = mark(data[name]) if name in data else None
            if mine == seen[name]:
                data[name] = getattr(now, name)
            elif mine != theirs:
                self.add_error(name, ENTRETEMPS.format(self.told(now, name)))
                seen[name] = theirs  # told once
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = seal(seen)

    def told(self, row, name):
        choice = getattr(row, f"get_{name}_display", None)
        value = choice() if choice else getattr(row, name)
        if isinstance(value, list):
            labels = dict(self.fields[name].choices)
            value = ", ".join(str(labels.get(one, one)) for one in value)
        words = {True: "oui", False: "non"}.get(value) if isinstance(value, bool) else value
        return str(localize("rien" if words in (None, "") else words))[:SHOWN]


def mark(value):
    """The same few signs for an answer and for what is stored of it."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, list):
        value = sorted(map(str, value))
    text = "" if value is None else str(value).replace("\r\n", "\n")
    return sha256(text.encode(errors="replace")).hexdigest()[:12]


def seal(marks):
    return " ".join(f"{name}={signs}" for name, signs in marks.items())
