from django import forms

from associations.images import PAS_UNE_IMAGE
from associations.models import ImageActivite
from documents import formats
from documents.forms import ReceptionField, RecuForm
from documents.models import IMAGE_TOLD


class PictureField(ReceptionField):
    """Nothing but a picture: what else a file may be elsewhere is not told here."""

    def clean(self, data, initial=None):
        try:
            received = super().clean(data, initial)
        except forms.ValidationError as error:
            others = error.messages[0].startswith(formats.NOT_RECEIVED)
            raise forms.ValidationError(PAS_UNE_IMAGE) if others else error from None
        if received and received.format != formats.IMAGE:
            raise forms.ValidationError(PAS_UNE_IMAGE)
        return received


class ImageForm(RecuForm):
    """A picture, what it shows to who cannot see it, and who made it."""

    fichier = PictureField(
        label="Image",
        help_text="JPG, PNG ou WebP. La date et le lieu cachés dans une photo sont effacés.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ["fichier", "alternative", "credit"]

    class Meta:
        model = ImageActivite
        fields = ["alternative", "credit"]
        labels = {"alternative": "Ce que montre l’image", "credit": "Qui a fait l’image"}
        help_texts = {
            "alternative": "Lu à qui ne la voit pas. Par exemple : deux enfants sèment des radis.",
            "credit": "Par exemple : photo de Léa Martin.",
        }
        error_messages = {
            "alternative": {"required": IMAGE_TOLD},
            "credit": {"required": "Dites qui a fait cette image."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["alternative"].required = True
        if self.instance.pk:
            self.fields["fichier"].label = "Remplacer l’image"
