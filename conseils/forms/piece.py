from django import forms

from conseils.models import Piece
from documents.forms import RecuForm


class MotifForm(forms.Form):
    """Why what is public changes; empty of a question for a draft."""

    motif = forms.CharField(
        label="Ce qui change, en une phrase",
        max_length=200,
        help_text="Le public la lit, avec la date : « Le budget est ajouté. »",
        error_messages={"required": "Dites en une phrase ce qui change."},
    )

    def refuse(self, error):
        self.add_error(None, error.messages)


class PieceForm(RecuForm):
    """A document of one meeting: for the whole of it, or for an item of its agenda."""

    field_order = ["motif", "fichier", "titre", "point", "alternative", "resume"]

    class Meta:
        model = Piece
        fields = ["titre", "point", "alternative", "resume"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.reunion.publie_le:
            self.fields["motif"] = MotifForm.base_fields["motif"]
            self.order_fields(self.field_order)
        point = self.fields["point"]
        point.queryset, point.empty_label = self.instance.reunion.points.all(), "Toute la réunion"
