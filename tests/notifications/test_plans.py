"""The outbox keeps three months of letters: what is asked often reads an index, never the table."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.db import connection
from django.utils import timezone

from notifications.admin import MessageAdmin
from notifications.models import ORDER, Message

pytestmark = pytest.mark.django_db
# One address has 90 % of them, all but the latest have left.
FILL = """
    INSERT INTO notifications_message
        (cle, canal, etat, nom, destinataire, repondre_a, creneau, objet, texte, html, pieces,
         secrets, identifiant, cree_le, essayer_le, partir_le, fini_le, expire_le, essais, erreur)
    SELECT n, 'courriel', CASE WHEN n > 20 THEN 'envoye' ELSE 'attente' END, 'Camille ' || n,
        CASE WHEN n % 10 > 0 THEN 'grand' ELSE 'petit' || n END || '@ville.example', '', n / 2,
        'Objet', repeat('Texte ', 40), '', '[]', '[]', gen_random_uuid(),
        now() - n * interval '1 minute', now() - n * interval '1 minute',
        CASE WHEN n > 10 THEN now() - n * interval '1 minute' END,
        CASE WHEN n > 20 THEN now() - n * interval '1 minute' END, now() + interval '1 day',
        1, '' FROM generate_series(1, 20000) n
"""
NOW = timezone.now()
ASKED = {
    "drain": lambda: Message.objects.due(NOW).order_by(*ORDER)[:1],
    "outdated": lambda: Message.objects.outdated(NOW),
    "to phone": lambda: Message.objects.to_phone(),
    "about some": lambda: Message.objects.about(range(1, 30)),
    "old": lambda: Message.objects.old(NOW + timedelta(days=80)),
    "list": lambda: Message.objects.order_by(*MessageAdmin.ordering)[:50],
    "search": lambda: searched("petit990@ville.example"),
    "search by name": lambda: searched("Camille 1977"),
}


def searched(typed):
    rows = Message.objects.order_by(*MessageAdmin.ordering)
    return MessageAdmin(Message, site).get_search_results(None, rows, typed)[0][:50]


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_of_the_outbox_reads_an_index(what):
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("ANALYZE notifications_message")

    plan = ASKED[what]().explain()

    assert "Seq Scan" not in plan
