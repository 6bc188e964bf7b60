"""What differs between two versions of a meeting, in words."""

import pytest

from conseils.versions import Version, differences


def version(*items, **fields):
    kept = {"debut": "2026-03-03T17:30:00+00:00", "fin": "2026-03-03T19:30:00+00:00"}
    kept |= {"mode": "sur_place", "lieu": "Grande salle", "lien": "", "facile": ""}
    kept |= {"documents": []}
    rows = [
        {"rang": 1, "rapporteur": "", "minutes": None, "type": "avis", "texte": ""} | item
        for item in items
    ]
    return Version(kept | fields | {"points": rows})


def told(before, after):
    return [
        (change.title.replace("\u00a0", " "), change.parts) for change in differences(before, after)
    ]


A, B, C = ({"numero": n, "titre": titre} for n, titre in enumerate(["Bancs", "Fête", "Halle"], 1))


def test_nothing_differs_from_itself():
    assert told(version(A, B), version(A, B)) == []


def test_date_and_place_are_told_as_a_whole():
    after = version(A, debut="2026-03-10T17:30:00+00:00", fin="2026-03-10T19:30:00+00:00")

    [(title, [(_, words)])] = told(version(A), after)

    assert title == "Quand"
    assert [fate for fate, _ in words] == ["retire", "ajoute"]
    assert "mardi 3 mars" in words[0][1]
    assert "mardi 10 mars" in words[1][1]


@pytest.mark.parametrize(
    ("before", "after", "titles"),
    [
        ((A, B), (A, B, C), ["Point ajouté, en position 3"]),
        ((A, B, C), (A, C), ["Point retiré"]),
        ((A, B, C), (C, A, B), ["Point déplacé, de la position 3 à la position 1"]),
        ((A, C), (B, A, C), ["Point ajouté, en position 1"]),
        ((A,), (B,), ["Point ajouté, en position 1", "Point retiré"]),
    ],
)
def test_items_come_go_and_move_without_those_that_follow(before, after, titles):
    assert [title for title, _ in told(version(*before), version(*after))] == titles


def test_the_words_of_an_item_are_compared_one_by_one():
    before = version(A | {"texte": "Deux bancs au soleil.", "minutes": 20})
    after = version(A | {"texte": "Deux bancs à l’ombre.", "minutes": 30})

    [(title, parts)] = told(before, after)

    assert title == "Point changé : Bancs"
    assert [label for label, _ in parts] == ["Durée", "Texte"]
    words = dict(parts)["Texte"]
    assert words[0] == ("", "Deux bancs ")
    assert ("ajoute", "à l’ombre.") in words
    for fate, whole in (
        ("retire", "Deux bancs au soleil."),
        ("ajoute", "Deux bancs à l’ombre."),
    ):
        assert "".join(told for f, told in words if f in ("", fate)) == whole


def test_two_long_texts_are_not_compared_word_by_word():
    before, after = (version(A | {"texte": f"{word} " * 9_000}) for word in ("ici", "là"))

    [(_, [(_, words)])] = told(before, after)

    assert [fate for fate, _ in words] == ["retire", "ajoute"]
