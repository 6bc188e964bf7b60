"""When a meeting is: asked for as any date of a house."""

from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of

__all__ = ["HOUR", "NO_HOUR", "asked", "span_of"]
