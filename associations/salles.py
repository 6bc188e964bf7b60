"""Which rooms of a house are free at the hours of an activity."""

from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from maisons import calendrier
from maisons.models import Creneau, DateEcartee, Salle
from quartiers.models import Ville

OFFERED = 3
SANS_JOUR = "Il ne reste aucun jour : changez le rythme ou les vacances."
SANS_CALENDRIER = "Le calendrier scolaire de cette saison n’est pas publié : choisissez « toute "
SANS_CALENDRIER += "l’année », ou une fin de saison plus proche."


def free_counts(maison, spans):
    """[(room, at how many of these spans it is free)], the best first; three statements."""
    rooms = list(Salle.objects.filter(maison=maison, partagee=False).order_by("nom", "pk"))
    prefetch_related_objects(rooms, "parties")
    if not spans:
        return [(room, 0) for room in rooms]
    used = Creneau.objects.holding().in_house(maison)
    used = used.occupying(min(debut for debut, _ in spans), max(fin for _, fin in spans))
    used = list(used.exclude(emprise=[]).values_list("debut", "libere_a", "emprise"))
    counts = dict.fromkeys(rooms, 0)
    for debut, fin in spans:
        held = {key for at, until, keys in used if at < fin and until > debut for key in keys}
        for room in rooms:
            counts[room] += held.isdisjoint({room.pk, *(part.pk for part in room.parties.all())})
    return sorted(counts.items(), key=lambda pair: -pair[1])


def spans_of(serie):
    """The spans that a rule asks for, once the calendar has left out its own."""
    days = [day for day, told in by_calendar(serie) if not told]
    return [span for day in days if (span := serie.span(day))]


def by_calendar(serie):
    """[(day, (cause, sentence) for which the calendar leaves it out, or None)]."""
    ville = Ville.current()
    rule = serie.regime, serie.jours_feries
    return [(day, calendrier.left_out(day, *rule, ville)) for day in serie.days()]


def check(serie):
    """Raise ValidationError when no day is left, or its room is taken on all of them."""
    spans = spans_of(serie)
    if not spans:
        causes = {told[0] for _, told in by_calendar(serie) if told}
        unknown = causes == {DateEcartee.Cause.CALENDRIER}
        raise ValidationError({"regime": SANS_CALENDRIER if unknown else SANS_JOUR})
    counts = free_counts(serie.maison, spans) if serie.salle else []
    if dict(counts).get(serie.salle, 1):
        return
    told = [f"{room} ({in_words(free, len(spans))})" for room, free in counts[:OFFERED] if free]
    instead = f" Libres : {', '.join(told)}." if told else ""
    sentence = f"Cette salle est prise tous ces jours-là à cette heure.{instead}"
    raise ValidationError({"salle": sentence})


def in_words(free, asked):
    return "tous ces jours" if free == asked else f"{free} jour{'s' * (free > 1)} sur {asked}"


def instead(serie):
    """« Petite salle (tous ces jours) »: rooms for the days to come that its own was taken."""
    taken = Q(cause=DateEcartee.Cause.SALLE, jour__gte=timezone.localdate())
    days = serie.ecartees.filter(taken).values_list("jour", flat=True)
    spans = [span for day in days if (span := serie.span(day))]
    if not spans:
        return []
    counts = free_counts(serie.maison, spans)
    return [f"{room} ({in_words(free, len(spans))})" for room, free in counts[:OFFERED] if free]
