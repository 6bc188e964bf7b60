from django import forms

from associations.models import ImageActivite
from documents.forms import ReceptionField, RecuForm


class ImageForm(RecuForm):
    """A picture, what it shows to who cannot see it, and who made it."""

    fichier = ReceptionField(
        label="Image",
        help_text="JPG, PNG ou WebP. La date et le lieu cachés dans une photo sont effacés.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ["fichier", "alternative", "credit"]

    class Meta:
        model = ImageActivite
        fields = ["alternative", "credit"]
        help_texts = {"alternative": "Ce que montre l’image, pour qui ne la voit pas."}
        error_messages = {"credit": {"required": "Dites qui a fait cette image."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["fichier"].label = "Remplacer l’image"
