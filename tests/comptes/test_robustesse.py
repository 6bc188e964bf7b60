"""How soon a password is guessed: words, years, rows of a keyboard; no sign is asked for."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from comptes.robustesse import TOO_EASY
from tests.factories import CompteFactory

GUESSED = [
    *["onze signes", "douze signes", "Marseille13!", "Soleil2024", "P@ssw0rd2024!", "123456789012"],
    *["azertyuiop123456", "aaaaaaaaaaaaaaaaaaaa", "motdepasse motdepasse motdepasse"],
    *["Jean-Michel-1975", "98765432109876543210", "abcabcabcabcabc", "😀" * 12, "é" * 5_000],
    *["passwordpassword123", "2024!", "", " ", "lkjhgfdsq"],
]
HARD = [
    *["trois mots sans rapport", "cheval agrafe pile", "TROIS MOTS SANS RAPPORT"],
    *["été hiver neige lune", "kT9#mQ2!x", "xK7qzP2vhW", "8391047265830194"],
    *["troismotssansrapport", "смех окно кровать", "’’ «nuage» — tiroir — loutre"],
]


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_soon_guessed_is_refused_in_a_sentence(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert TOO_EASY in refused.value.messages


@pytest.mark.parametrize("password", HARD)
def test_words_or_signs_drawn_at_random_are_enough(password):
    validate_password(password)


@pytest.mark.django_db
def test_the_name_of_its_person_is_not_enough():
    person = CompteFactory(nom="Théodora Vandenbrouck-Lacassagne")

    with pytest.raises(ValidationError):
        validate_password("Theodora Vandenbrouck-Lacassagne", person)
