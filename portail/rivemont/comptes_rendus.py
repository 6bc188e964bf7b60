"""What was said at the meetings of Rivemont's councils, and who was there."""

from datetime import timedelta

from simple_history.utils import bulk_create_with_history

from conseils.models import CompteRendu, Point, Presence

WEEK = timedelta(days=7)
SAID = {
    Point.Type.APPROBATION: ["Le compte rendu est approuvé sans changement."],
    Point.Type.AVIS: [
        "Le conseil donne un avis **favorable**.",
        "Le conseil donne un avis favorable, avec une demande : revoir le calendrier des travaux.",
        "Les avis sont partagés. Le conseil demande une visite sur place avant de se prononcer.",
    ],
    Point.Type.INFORMATION: [
        "Le sujet est présenté, puis la salle pose trois questions.",
        "Le conseil remercie les services et demande un point dans six mois.",
    ],
    Point.Type.QUESTION: [
        "Deux questions sur les trottoirs : la ville répondra par écrit.",
        "Une habitante demande des bancs près de l’arrêt de bus : la demande est notée.",
    ],
}
AWAY = [Presence.Etat.EXCUSE, Presence.Etat.ABSENT, Presence.Etat.REPRESENTE]


def add_minutes(conseil, now):
    """Of each meeting that was held and has none; approved at the next one, if it was held."""
    held = list(conseil.reunions.public().holding().past(now).order_by("debut"))
    known = {row.reunion_id: row for row in CompteRendu.objects.filter(reunion__in=held)}
    members = list(conseil.conseillers.all())
    presences, minutes = [], []
    for rank, meeting in enumerate(held):
        following = held[rank + 1] if rank + 1 < len(held) else None
        if meeting.pk not in known:
            presences += attendance(meeting, members)
            minutes.append(told(meeting, following, conseil.quorum, now))
        elif following and not known[meeting.pk].approved:
            known[meeting.pk].mark_approved(following)
    # First: who was there no longer changes once the minutes are approved.
    Presence.objects.bulk_create(presences)
    bulk_create_with_history(minutes, CompteRendu)


def attendance(meeting, members):
    for rank, member in enumerate(members):
        turn = (meeting.numero * 3 + rank * 5) % 11
        etat = AWAY[turn] if turn < len(AWAY) else Presence.Etat.PRESENT
        by = members[rank - 1].nom if etat == Presence.Etat.REPRESENTE else ""
        yield Presence(reunion=meeting, conseiller=member, etat=etat, represente_par=by)


def told(meeting, following, quorum, now):
    lines = []
    for rank, point in enumerate(meeting.points.all(), 1):
        sentences = SAID[point.type]
        said = sentences[(meeting.numero + rank) % len(sentences)]
        lines.append(f"### {rank}. {point.titre}\n\n{said}")
    row = CompteRendu(reunion=meeting, texte="\n\n".join(lines), quorum=quorum)
    row.publie_le, row.etat = min(now, meeting.fin + WEEK), CompteRendu.Etat.PROPOSE
    if following:
        row.etat, row.approuve_le, row.approuve_a = "approuve", following.fin, following
    return row
