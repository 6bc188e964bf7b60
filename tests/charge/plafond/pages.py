"""The pages of the ceiling; nothing of the portal."""

import json
import random
from datetime import UTC, date, datetime, timedelta

from django.db import IntegrityError, connection, models, transaction
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

LOREM = "".join(random.Random(2).choices("abcdefghij klmnop <p>", k=30 * 1024))
FROM = datetime(2027, 5, 17, 12, tzinfo=UTC)
LOCATIONS = "SELECT id, name, slug FROM location ORDER BY id"
CATEGORIES = "SELECT id, name FROM category ORDER BY id"
EVENTS = """
    SELECT e.id, e.title, e.slug, e.summary, e.start, e.finish AS "end", e.seats, e."full",
        l.name AS location_name, l.slug AS location_slug
    FROM event e JOIN location l ON l.id = e.location_id
    WHERE e.start >= %s ORDER BY e.start, e.id LIMIT 50
"""
BUSY = """
    SELECT room_id, lower(slot), upper(slot) FROM booking
    WHERE room_id = ANY(%s) AND slot && tstzrange(%s, %s) ORDER BY room_id, lower(slot)
"""
BOOK = """
    INSERT INTO booking (room_id, slot, who) VALUES (%s, tstzrange(%s, %s), 'bench') RETURNING id
"""
stored = {}


class Table(models.Model):
    class Meta:
        abstract = True
        app_label = "ceiling"
        managed = False


class Location(Table):
    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=100)

    class Meta(Table.Meta):
        db_table = "location"

    def __str__(self):
        return self.name


class Category(Table):
    name = models.CharField(max_length=100)

    class Meta(Table.Meta):
        db_table = "category"

    def __str__(self):
        return self.name


class Event(Table):
    location = models.ForeignKey(Location, models.CASCADE)
    category = models.ForeignKey(Category, models.CASCADE)
    title = models.CharField(max_length=200)
    slug = models.CharField(max_length=200)
    summary = models.TextField()
    start = models.DateTimeField()
    end = models.DateTimeField(db_column="finish")
    seats = models.IntegerField()
    full = models.BooleanField()

    class Meta(Table.Meta):
        db_table = "event"

    def __str__(self):
        return self.title

    @property
    def location_name(self):
        return self.location.name

    @property
    def location_slug(self):
        return self.location.slug


def empty(request):
    """The server, Django and its usual middlewares; a constant body of 30 KB."""
    return HttpResponse(LOREM)


def read(cursor, query, *params):
    cursor.execute(query, params)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def since(request):
    return datetime.fromisoformat(request.GET["from"]) if "from" in request.GET else FROM


def agenda_sql(request):
    """Three indexed queries by plain cursor, 50 rows through the template engine."""
    with connection.cursor() as cursor:
        context = {
            "locations": read(cursor, LOCATIONS),
            "categories": read(cursor, CATEGORIES),
            "events": read(cursor, EVENTS, since(request)),
        }
    return HttpResponse(render_to_string("page.html", context, request))


def agenda_orm(request):
    """The same page through the ORM."""
    events = Event.objects.select_related("location").filter(start__gte=since(request))
    context = {
        "locations": Location.objects.order_by("id"),
        "categories": Category.objects.order_by("id"),
        "events": events.order_by("start", "id")[:50],
    }
    return HttpResponse(render_to_string("page.html", context, request))


def agenda_cached(request):
    """One indexed query for the version, then the stored body, or a 304."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT v FROM version WHERE name = 'agenda'")
        version = cursor.fetchone()[0]
    tag = f'"{version}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    if version not in stored:
        stored.clear()
        stored[version] = agenda_sql(request).content
    return HttpResponse(stored[version], headers={"ETag": tag})


def day(request, location):
    """One day of the rooms of one location, JSON, two queries."""
    asked = date.fromisoformat(request.GET.get("d", "2027-05-17"))
    start = datetime(asked.year, asked.month, asked.day, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM room WHERE location_id = %s ORDER BY id", [location])
        rooms = {pk: {"id": pk, "name": name, "busy": []} for pk, name in cursor.fetchall()}
        cursor.execute(BUSY, [list(rooms), start, start + timedelta(days=1)])
        for room, begun, ended in cursor.fetchall():
            rooms[room]["busy"].append([begun.isoformat(), ended.isoformat()])
    return JsonResponse({"rooms": list(rooms.values())})


@csrf_exempt
def book(request):
    """One transaction; the exclusion constraint refuses an overlap."""
    asked = json.loads(request.body)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM room WHERE id = %s", [asked["room"]])
            if not cursor.fetchone():
                return JsonResponse({"error": "room"}, status=404)
            cursor.execute(BOOK, [asked["room"], asked["start"], asked["end"]])
            (pk,) = cursor.fetchone()
    except IntegrityError:
        return JsonResponse({"error": "taken"}, status=409)
    return JsonResponse({"id": pk}, status=201)


urlpatterns = [
    path("empty", empty),
    path("agenda-sql", agenda_sql),
    path("agenda-orm", agenda_orm),
    path("agenda-cached", agenda_cached),
    path("day/<int:location>", day),
    path("book", book),
]
