from datetime import timedelta

from django.db import models

from conseils.models.reunion import Reunion

KEPT = timedelta(days=1)  # after the meeting


class VenueQuerySet(models.QuerySet):
    def outdated(self, now):
        return self.filter(reunion__fin__lt=now - KEPT)


class Venue(models.Model):
    """Somebody said that they would come: a browser's own number for this meeting, and nothing."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="venues")
    empreinte = models.BinaryField(max_length=32, editable=False)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = "venue"
        constraints = [
            models.UniqueConstraint(name="venue_unique", fields=["reunion", "empreinte"])
        ]

    def __str__(self):
        return f"venue à {self.reunion}"
