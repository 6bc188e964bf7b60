"""
The table against the journal, once all is quiet: what was acknowledged is there, what was refused
is not, nothing overlaps. Read offline: these lines and these rows, nothing of the portal's rules.
"""

from collections import Counter
from datetime import date, time, timedelta

from maisons.heures import starts_at
from tests.charge.bases import overlaps
from tests.charge.historique import OK, REFUSED, UNKNOWN, WEEKS

BOOKINGS = """
    SELECT jeton::text, id, salle_id, debut, fin, annule_le IS NULL, etat
    FROM maisons_creneau JOIN maisons_reservation ON creneau_id = id
"""
DATES = """
    SELECT evenement_id, serie_id, jour_serie, salle_id, debut, fin
    FROM maisons_creneau JOIN maisons_occurrence ON creneau_id = id WHERE serie_id IS NOT NULL
"""
LEFT_OUT = "SELECT serie_id, jour FROM maisons_dateecartee"
CLOSURES = "SELECT salle_id, debut, fin FROM maisons_fermeture"


def check(lines, table):
    """What is wrong with the table, given all that was answered; nothing when all is well."""
    found = [f"{number} overlaps"] if (number := overlaps(table)) else []
    found += bookings(lines, table.execute(BOOKINGS).fetchall())
    found += series(lines, table.execute(DATES).fetchall(), table.execute(LEFT_OUT).fetchall())
    found += closures(lines, table.execute(CLOSURES).fetchall())
    return found + passed_closures(lines)


def place(line):
    """(room, start, end) as it was asked for."""
    day = date.fromisoformat(line["jour"])
    return line["room"], *[starts_at(day, time.fromisoformat(line[name])) for name in ("de", "a")]


def ended(lines, op, *ends):
    return [line for line in lines if line["op"] == op and line["end"] in ends]


def bookings(lines, rows):
    kept, found = {jeton: rest for jeton, *rest in rows}, []
    last = {line["jeton"]: line for line in lines if line["op"] in ("book", "move", "cancel")}
    unsettled = {jeton for jeton, line in last.items() if line["end"] not in (OK, REFUSED)}
    refused = {line["jeton"] for line in ended(lines, "book", REFUSED)}
    found += [f"never settled: {last[jeton]}" for jeton in unsettled]
    found += [f"refused and present: {last[jeton]}" for jeton in refused & kept.keys()]
    asked = {line["jeton"]: line for line in ended(lines, "book", OK)}
    found += [f"asked by nobody: {jeton}" for jeton in kept.keys() - asked.keys() - refused]
    found += [f"acknowledged and missing: {asked[jeton]}" for jeton in asked.keys() - kept.keys()]
    stands = asked | {line["jeton"]: line for line in ended(lines, "move", OK)}
    for jeton in stands.keys() & kept.keys():
        if place(stands[jeton]) != tuple(kept[jeton][1:4]):
            found.append(f"not where it was put: {stands[jeton]}, {kept[jeton]}")
    held = {jeton for jeton, line in asked.items() if line.get("held")}
    return found + states(lines, {jeton: kept[jeton] for jeton in asked.keys() & kept.keys()}, held)


def states(lines, kept, held):
    """Each state has somebody who asked for it, and each acknowledgement its state."""
    cancelled = {line["jeton"] for line in ended(lines, "cancel", OK)}
    confirmed = {line["jeton"] for line in ended(lines, "confirm", OK)}
    answers = ended(lines, "accepter", "invoke") + ended(lines, "refuser", "invoke")
    refusals = {key for line in answers if line["op"] == "refuser" for key in line["keys"]}
    settled = settled_last(lines)
    found = []
    for jeton, (key, *_, holds, etat) in kept.items():
        may_be = {"demandee", "confirmee"} if jeton not in held - confirmed else {"a_confirmer"}
        if key in refusals:
            may_be |= {"refusee"}
        if jeton in cancelled:
            may_be = {"annulee", "refusee"} & (may_be | {"annulee"})
        if jeton in settled.get(key, ()):
            may_be -= {"demandee"}
        if etat not in may_be or holds != (etat in ("a_confirmer", "demandee", "confirmee")):
            found.append(f"{etat}, not one of {sorted(may_be)}: {jeton}")
    return found


def settled_last(lines):
    """{key: tokens}: requests answered after the last move that might ask for them again."""
    moved = {line["jeton"]: line["at"] for line in lines if line["op"] == "move"}
    began = {}
    for line in lines:
        for key in line.get("keys", ()) if line["end"] == "invoke" else ():
            began[key] = line["at"]
    done = {}
    for line in ended(lines, "accepter", OK) + ended(lines, "refuser", OK):
        for key in line["keys"]:
            done[key] = {jeton for jeton, at in moved.items() if at < began[key]}
    return done


def series(lines, dates, left_out):
    """A series is whole or absent: each of its days is a date or left out, never both."""
    found, days = [], {}
    for event, serie, day, *rest in dates:
        days.setdefault(event, {}).setdefault(serie, []).append((day, rest))
    beside = Counter(serie for serie, _ in left_out)
    for line in ended(lines, "repeat", OK, REFUSED):
        made = days.pop(line["event"], {})
        if len(made) != (line["end"] == OK):
            found.append(f"{len(made)} series: {line}")
        for serie, booked in made.items():
            room, debut, fin = place(line)
            first = date.fromisoformat(line["jour"])
            rule = [first + timedelta(weeks=week) for week in range(WEEKS)]
            if {day for day, _ in booked} - {*rule} or len(booked) + beside[serie] != WEEKS:
                found.append(f"half a series: {line}, {booked}")
            if any(at != [room, *on(day, line)] for day, at in booked):
                found.append(f"a date elsewhere: {line}, {booked}")
    return found + [f"series asked by nobody: {event}" for event in days]


def on(day, line):
    return place(line | {"jour": day.isoformat()})[1:]


def closures(lines, rows):
    """As many as were acknowledged, and no more than were asked for."""
    there, least, most = Counter(rows), Counter(), Counter()
    for line in ended(lines, "close", OK, UNKNOWN):
        most[place(line)] += 1
        least[place(line)] += line["end"] == OK
    kinds = there | most
    return [
        f"{there[kind]} closures, from {least[kind]} to {most[kind]} asked: {kind}"
        for kind in kinds
        if not least[kind] <= there[kind] <= most[kind]
    ]


def passed_closures(lines):
    """What was asked for after a closure was acknowledged, and granted inside it."""
    asked, closed, found = {}, ended(lines, "close", OK), []
    by_place = {}
    for closure in closed:
        by_place.setdefault((closure["room"], closure["jour"]), []).append(closure)
    for line in lines:
        if line["op"] not in ("book", "move"):
            continue
        what = line["op"], line["jeton"], line["room"], line["jour"], line["de"], line["a"]
        if line["end"] == "invoke":
            asked[what] = line["at"]
        for closure in by_place.get(what[2:4], ()) if line["end"] == OK else ():
            inside = line["de"] < closure["a"] and closure["de"] < line["a"]
            if inside and asked[what] > closure["at"] and not shortened(line):
                found.append(f"granted after a closure: {line}")
    return found


def shortened(line):
    """A booking made before a closure may become shorter inside it."""
    room, jour, de, a = line.get("was", [None] * 4)
    return (room, jour) == (line["room"], line["jour"]) and de <= line["de"] and line["a"] <= a
