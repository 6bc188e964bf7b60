from django import forms

from documents import reception
from documents.formats import TYPES

AGAIN = "Choisissez de nouveau le fichier : le navigateur ne l’a pas gardé."
NO_FILE = {
    "required": "Choisissez un fichier.",
    "missing": "Choisissez un fichier.",
    "invalid": "Choisissez un fichier.",
    "empty": reception.EMPTY,
}
KINDS = ["image/png", "image/webp", *(f".{extension}" for extension in TYPES), ".jpeg"]


class ReceptionField(forms.FileField):
    """A file that is looked into at once: its value is what may be kept of it."""

    def __init__(self, **kwargs):
        widget = forms.FileInput(attrs={"accept": ",".join(KINDS)})
        super().__init__(**{"widget": widget, "error_messages": NO_FILE} | kwargs)

    def clean(self, data, initial=None):
        sent = super().clean(data)
        return reception.receive(sent) if sent else None


class RecuForm(forms.ModelForm):
    """For a child of `Recu`; its file may be left as it is when there is one."""

    fichier = ReceptionField(
        label="Fichier", help_text="PDF, image, Word, Excel, PowerPoint ou OpenDocument."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "resume" in self.fields:
            self.fields["resume"].widget.attrs["rows"] = 4
        if self.instance.pk:
            self.fields["fichier"].required = False
            self.fields["fichier"].label = "Remplacer le fichier"

    def clean(self):
        """Before the row is checked: whether it is an image decides what else is asked."""
        if received := self.cleaned_data.get("fichier"):
            self.instance.describe(received)
        return self.cleaned_data

    def _post_clean(self):
        super()._post_clean()
        if self.errors and self.cleaned_data.get("fichier"):
            self.add_error("fichier", AGAIN)

    def refuse(self, error):
        """What was refused after the check, when the row was written."""
        self.add_error(None, error.messages)
        if self.cleaned_data.get("fichier"):
            self.add_error("fichier", AGAIN)
