"""What is asked to repeat a thing that has a house and a room of its own."""

from django.core.exceptions import ValidationError

from maisons.admin.repetition import PatternForm, Portee
from maisons.forms.refus import tell


class OwnPlaceForm(PatternForm):
    """When a lasting thing comes back, in the house and the room that are its own."""

    def __init__(self, *args, thing, **kwargs):
        super().__init__(*args, prefix="repeter", **kwargs)
        self.thing = thing

    def clean(self):
        data = self.cleaned_data
        if not self.errors:
            room = self.thing.salle
            portee = Portee.SALLE if room else Portee.SANS_SALLE
            try:
                self.serie = self.build(maison=self.thing.maison, salle=room, portee=portee)
            except ValidationError as error:
                tell(self, error)
        return data
