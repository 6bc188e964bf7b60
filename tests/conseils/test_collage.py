"""What comes from a word processor becomes clean Markdown (S3); no text brings its own HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.templatetags.pages import texte
from quartiers import collage
from tests.conseils.adresses import ALLOWED, GOOD, HOSTILE, ODD, WRAPPED
from tests.conseils.test_admin import conseil, kept, room, send
from tests.factories import PointFactory, ReunionFactory

__all__ = ["conseil", "room"]
PASTED = {
    "bullets": ("Il faut :\n•\tun banc\n•\tdeux arbres\nMerci.", 2, "ul"),
    "bullets of a symbol font": ("\uf0b7\tun banc\n\uf0b7\u00a0deux arbres", 2, "ul"),
    "levels": ("•\tun banc\no\ten bois\no\ten pierre\n•\tdeux arbres", 4, "ul"),
    "dashes": ("–\tun banc\n–\u00a0deux arbres", 2, "ul"),
    "typed dashes with a tab": ("-\tun banc\n-\tdeux arbres", 2, "ul"),
    "numbers": ("1.\tun banc\n2.\tdeux arbres", 2, "ol"),
    "numbers with brackets": ("1)\tun banc\n2)\tdeux arbres", 2, "ol"),
    "numbers with degrees": ("1° un banc\n2° deux arbres", 2, "ol"),
    "far from the margin": ("    •   un banc\n    •   deux arbres", 2, "ul"),
    "a blank line between": ("•\tun banc\r\n\r\n•\tdeux arbres", 2, "ul"),
    "letters under numbers": ("1.\tun banc\na)\ten bois\nb)\ten pierre\n2.\tdeux arbres", 4, "ol"),
}


def html(text):
    return str(texte(collage.clean(text)))


@pytest.mark.parametrize("name", PASTED)
def test_a_pasted_list_becomes_a_clean_list(name):
    text, items, kind = PASTED[name]

    page = html(text)

    assert page.count("<li>") == items
    assert page.startswith(f"<{kind}>") or f"</p>\n<{kind}>" in page
    assert not re.search("[•◦\uf0b7\t°]", page)
    assert "un banc" in page
    assert "deux arbres" in page


def test_the_line_after_a_list_is_a_paragraph_of_its_own():
    page = html(PASTED["bullets"][0])

    assert page.endswith("</ul>\n<p>Merci.</p>\n")


@pytest.mark.parametrize("first", [3, 10, 12])
def test_numbers_are_kept(first):
    page = html(f"{first})\tun banc\n{first + 1})\tdeux arbres")

    assert f'<ol start="{first}">' in page


def test_levels_follow_from_the_bullets():
    page = html(PASTED["levels"][0])

    inner = page[page.index("un banc") : page.index("deux arbres")]
    assert inner.count("<ul>") == inner.count("</ul>") == 1
    assert re.search(r"<ol>.*<ul>.*a\) en bois", html(PASTED["letters under numbers"][0]), re.S)


@pytest.mark.parametrize(
    "text",
    [
        "- un\n  - deux\n    - trois\n- quatre",
        "1. un\n   suite\n2. deux",
        "Une phrase\u00a0: **oui**.\n\nUne autre, [ici](https://ville.example/).",
        "Le 12 mars, 3 points.",
        "- 5 degrés",
        "-5 degrés",
        "o",
        "A. Martin vient.",
        "§ 3 du règlement",
        "",
    ],
)
def test_what_is_clean_already_stays_as_it_is(text):
    assert collage.clean(text) == text


PIECES = ["•", "◦", "o", "-", "–", "*", "1)", "2.", "10.", "3°", "a)", "§"]
PIECES += [" ", "  ", "    ", "\t", "\u00a0", "\n", "\n\n", "\r\n", "\v", "\u200b"]
PIECES += ["mot", "Été", "**gras**", "<b>", "<script>"]
ANY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80)


@given(ANY)
def test_cleaned_twice_is_cleaned_once(text):
    once = collage.clean(text)

    assert collage.clean(once) == once


@given(ANY)
def test_no_word_is_lost_and_none_is_added(text):
    def words(source):
        return re.findall(r"[^\W_]{2,}", collage.BREAKS.sub("\n", source))

    text = "".join(sign for sign in text if sign in "\t\n\r\v" or collage.is_shown(sign))

    assert words(collage.clean(text)) == words(text)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=8))
def test_a_list_of_any_length_keeps_its_items_in_order(items):
    pasted = "Avant\n" + "\n".join(f"•\t{item}" for item in items) + "\nAprès"

    assert re.findall(r"<li>(.*?)</li>", html(pasted)) == items


@given(ANY)
def test_no_tag_of_a_text_is_a_tag_of_the_page(text):
    tags = {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", html(text))}

    assert tags <= {"p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote"}


def test_a_long_text_costs_little():
    for text in ("\t" * 300_000, "• " * 150_000, "1)\t\n" * 60_000, " " * 500_000 + "x"):
        collage.clean(text)


@pytest.mark.django_db
def test_the_page_saves_it_clean(client, conseil, room):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    point = PointFactory(reunion=meeting, titre="Bancs")

    send(client, meeting, *kept(meeting, "Bancs", texte="Il faut :\r\n•\tun banc\r\n•\tdeux"))

    point.refresh_from_db()
    assert point.texte == "Il faut :\n\n- un banc\n- deux"


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_links_lead_to_the_web_a_mailbox_or_a_telephone(wrapped):
    """Fault 9: sixty addresses and more, in five forms."""
    led, tags = [], set()
    for address in HOSTILE + ODD:
        page = html(wrapped.format(address))
        led += re.findall(r'<a [^>]*?href="([^"]*)"', page)
        tags |= set(re.findall(r"<(\w+)", page)) | set(re.findall(r" (on\w+)=\"", page))

    assert len({*HOSTILE, *ODD}) >= 60
    schemes = {a.partition(":")[0].lower() for a in led if re.match(r"[^/?#%]*:", a)}
    assert schemes <= ALLOWED
    assert tags <= {"p", "br", "a", "em", "strong"}


@pytest.mark.parametrize("address", GOOD)
def test_good_links_stay(address):
    assert f'href="{address}"' in html(f"[lien]({address})")
