"""What no template may hold, ours and the admin's."""

import re

import pytest

from portail.emplacement import BASE_DIR

FOLDER = BASE_DIR / "templates"
PAGES = {str(path.relative_to(FOLDER)): path.read_text() for path in FOLDER.rglob("*.html")}
BUTTONS = re.compile(
    r"<(?:button|a (?=[^>]*class=\"[^\"]*bouton))([^>]*)>(.*?)</(?:button|a)>", re.DOTALL
)


def found(pattern):
    pattern = re.compile(pattern, re.IGNORECASE)
    return [f"{name}: {match[0]}" for name in PAGES for match in pattern.finditer(PAGES[name])]


def name_of(attributes, content):
    label = re.search(r'aria-label="([^"]*)"', attributes)
    return re.sub(r"<[^>]*>|{%.*?%}", " ", label[1] if label else content).split()


def test_every_button_has_a_verb_and_an_object():
    """X9; Django's own words of the admin are left, but « Annuler » alone."""
    buttons = [(page, name_of(*b)) for page in PAGES for b in BUTTONS.findall(PAGES[page])]
    short = [(page, name) for page, name in buttons if len(name) < 2]

    assert buttons
    assert [(p, name) for p, name in short if "admin/" not in p or name == ["Annuler"]] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\sstyle=",
        r"<style",
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>",
        r"<[^>]*\son[a-z]+=",
        r"target=.?_blank",
        r"javascript:",
    ],
)
def test_nothing_inline_and_no_new_window(pattern):
    assert found(pattern) == []


def test_partials_open_with_their_inputs():
    partials = {name: page for name, page in PAGES.items() if "/_" in f"/{name}"}

    assert partials
    assert [name for name, page in partials.items() if not page.startswith("{#")] == []
