"""What the ceiling stores: the same rows at each run, over the twelve months of 2027."""

import random
from datetime import UTC, datetime, timedelta

import psycopg

LOCATIONS, ROOMS = 20, 5
EVENTS, BOOKINGS = 10_000, 100_000
YEAR, MINUTES = datetime(2027, 1, 1, tzinfo=UTC), 365 * 24 * 60
WORDS = "atelier couture jeux famille soutien cuisine conseil débat jardin lecture musique danse"
WORDS = f"{WORDS} numérique droits".split()
SCHEMA = """
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE TABLE version (name text PRIMARY KEY, v bigint NOT NULL);
    INSERT INTO version VALUES ('agenda', 1);
    CREATE TABLE location (id bigserial PRIMARY KEY, name text NOT NULL, slug text NOT NULL);
    CREATE TABLE category (id bigserial PRIMARY KEY, name text NOT NULL);
    CREATE TABLE room (id bigserial PRIMARY KEY, location_id bigint NOT NULL REFERENCES location,
        name text NOT NULL);
    CREATE INDEX ON room (location_id);
    CREATE TABLE event (id bigserial PRIMARY KEY, location_id bigint NOT NULL REFERENCES location,
        category_id bigint NOT NULL REFERENCES category, title text NOT NULL, slug text NOT NULL,
        summary text NOT NULL, start timestamptz NOT NULL, finish timestamptz NOT NULL,
        seats int NOT NULL, "full" boolean NOT NULL);
    CREATE TABLE booking (id bigserial PRIMARY KEY, room_id bigint NOT NULL REFERENCES room,
        slot tstzrange NOT NULL, who text NOT NULL);
"""
CONSTRAINTS = """
    CREATE INDEX ON event (start, id);
    ALTER TABLE booking ADD CONSTRAINT booking_no_overlap
        EXCLUDE USING gist (room_id WITH =, slot WITH &&);
"""
COPY_EVENTS = """
    COPY event (location_id, category_id, title, slug, summary, start, finish, seats, "full")
    FROM STDIN
"""
COPY_BOOKINGS = "COPY booking (room_id, slot, who) FROM STDIN"


def load(url, events=EVENTS, bookings=BOOKINGS):
    """Fill an empty database."""
    with psycopg.connect(url, autocommit=True) as line, line.cursor() as cursor:
        cursor.execute(SCHEMA)
        load_places(cursor)
        chance = random.Random(1)
        with cursor.copy(COPY_EVENTS) as rows:
            for _ in range(events):
                rows.write_row(event(chance))
        with cursor.copy(COPY_BOOKINGS) as rows:
            for row in bookings_of(bookings // (LOCATIONS * ROOMS)):
                rows.write_row(row)
        cursor.execute(CONSTRAINTS)
        cursor.execute("VACUUM ANALYZE")


def load_places(cursor):
    numbers = range(1, LOCATIONS + 1)
    places = [(f"Maison de quartier n° {number}", f"maison-{number}") for number in numbers]
    cursor.executemany("INSERT INTO location (name, slug) VALUES (%s, %s)", places)
    categories = [(word.title(),) for word in WORDS[:8]]
    cursor.executemany("INSERT INTO category (name) VALUES (%s)", categories)
    rooms = [(number, f"Salle {room}") for number in numbers for room in range(1, ROOMS + 1)]
    cursor.executemany("INSERT INTO room (location_id, name) VALUES (%s, %s)", rooms)


def event(chance):
    start = YEAR + timedelta(minutes=15 * chance.randrange(MINUTES // 15))
    title = " ".join(chance.choice(WORDS) for _ in range(4)).capitalize()
    return (
        chance.randrange(1, LOCATIONS + 1),
        chance.randrange(1, 9),
        title,
        title.replace(" ", "-").lower(),
        " ".join(chance.choice(WORDS) for _ in range(40)),
        start,
        start + timedelta(hours=2),
        chance.randrange(1, 40),
        chance.random() < 0.1,
    )


def bookings_of(each):
    """So many for each room, one after the other: none overlap."""
    step = MINUTES / max(each, 1)  # minutes between two starts in one room
    length = timedelta(minutes=min(60, int(step) - 1))
    for room in range(1, LOCATIONS * ROOMS + 1):
        for rank in range(each):
            start = YEAR + timedelta(minutes=int(rank * step))
            yield room, f"[{start.isoformat()},{(start + length).isoformat()})", "asso"
