from conseils.forms.piece import MotifForm, PieceForm
from conseils.forms.point import PointForm, PointFormSet
from conseils.forms.reunion import CHANGED, ReunionForm

__all__ = ["CHANGED", "MotifForm", "PieceForm", "PointForm", "PointFormSet", "ReunionForm"]
