"""One code opens one thing, however it was copied."""

import math
from secrets import randbits
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptes import codes
from maisons.models import Reservation
from tests.charge.cartes import FEW_SIGNS, cards, guess
from tests.factories import ReservationFactory

SPACES = [" ", "  ", "\t", "\n", "\xa0", "\u202f", "\u2009", "\u3000", "\u200b"]
SIGNS = ["-", "‐", "‑", "–", "—", "_", ".", " - ", "\u00ad", "·"]
SENTENCES = [
    "{}",
    "Votre code : {}. Gardez-le.",
    "VOTRE CODE EST {} MERCI DE LE GARDER",
    "FETE {} CAFE DANS DEUX BARS",
    "«\xa0{}\xa0»",
    "https://ville.example/code/{}/",
    "Bonjour,\n\nLe {} à 14 h, salle Vert d’Eau.\n",
    "**{}**",
    "code\u200b{}\u200bmerci",  # what nobody sees separates too
    "Code :{}Vous pouvez annuler",  # a field of one line takes the ends of lines away
]


def wide(text):
    """Full-width signs, as some keyboards write."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


texts = st.text(max_size=80)
made = st.uuids().map(codes.make_code)
glue = st.sampled_from(["", *SPACES, *SIGNS])
cases = st.sampled_from([str, str.lower, str.title, wide])


def test_a_code_holds_59_bits():
    assert math.log2(len(set(codes.ALPHABET)) ** codes.LENGTH) > 59


@given(st.uuids())
def test_a_code_is_shown_in_three_groups_of_signs_that_nobody_confuses(seed):
    groups = codes.grouped(codes.make_code(seed)).split("-")

    assert [len(group) for group in groups] == [4, 4, 4]
    assert not set("".join(groups)) & set("0O1IL")


@given(made, glue, cases, st.sampled_from(SENTENCES[:-1]))
def test_a_code_is_found_in_any_case_with_any_separator_in_any_sentence(code, sign, case, around):
    groups = [code[:4], code[4:8], code[8:]]

    typed = around.format(case(sign.join(groups)))

    assert code in codes.candidates(typed)


@given(made, st.sampled_from(["-", "–", " - "]))
def test_words_glued_to_a_printed_code_do_not_hide_it(code, sign):
    typed = SENTENCES[-1].format(sign.join([code[:4], code[4:8], code[8:]]))

    assert code in codes.candidates(typed)


@given(made, st.integers(1, 12), st.sampled_from(SPACES + SIGNS), cases)
def test_a_code_spelled_in_pieces_of_any_length_is_found(code, length, sign, case):
    pieces = [code[start : start + length] for start in range(0, 12, length)]

    assert code in codes.candidates(f"le voici {case(sign.join(pieces))}")


@given(texts)
def test_any_text_gives_few_candidates_of_twelve_signs(text):
    found = codes.candidates(text)

    assert len(found) <= codes.MOST_CANDIDATES
    assert all(len(code) == 12 and set(code) <= set(codes.ALPHABET) for code in found)


def test_a_long_paste_tries_no_more_than_fifty_codes():
    pasted = " ".join(codes.make_code(uuid4()) for _ in range(300))

    assert len(codes.candidates(pasted)) == 50


@given(made, st.integers(0, 11), st.sampled_from("01OIL"))
def test_a_sign_outside_the_alphabet_makes_no_candidate(code, rank, sign):
    assert codes.candidates(code[:rank] + sign + code[rank + 1 :]) == []


@given(st.uuids(), st.uuids())
def test_two_seeds_make_two_codes(one, other):
    assert (codes.make_code(one) == codes.make_code(other)) is (one == other)


def test_what_is_stored_opens_nothing():
    row = Reservation()
    row.give_code()

    assert codes.make_code(row.graine) not in f"{row.graine} {row.empreinte.hex()}".upper()
    assert codes.candidates(str(row.graine)) != [codes.make_code(row.graine)]


@pytest.mark.django_db
def test_a_new_code_ends_the_old_one():
    booked = ReservationFactory()
    old = booked.code
    booked.give_code()
    booked.save()

    assert codes.find(old) is None
    assert codes.find(booked.code)[1] == booked


@pytest.mark.django_db
@pytest.mark.parametrize("glued", [" ", " et ", "\n"])
def test_of_two_live_codes_the_first_written_opens(glued):
    one, other = ReservationFactory.create_batch(2)

    assert codes.find(f"{one.code}{glued}{other.code}")[1] == one
    assert codes.find(f"{other.code}{glued}{one.code}")[1] == other


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("live", [True, False])
def test_finding_costs_one_query_a_kind(django_assert_num_queries, count, live):
    booked = ReservationFactory.create_batch(count)
    typed = " ".join(row.code for row in booked) if live else codes.make_code(uuid4())

    with django_assert_num_queries(len(codes.registry())):
        assert bool(codes.find(typed)) is live


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("alphabet", "opened"), [(codes.ALPHABET, False), (FEW_SIGNS, True)], ids=["codes", "control"]
)
def test_random_codes_open_nothing_unless_they_are_too_few(alphabet, opened):
    """`make bench` tries a million against fifty thousand."""
    seed = randbits(32)
    print(f"seed {seed}")

    with cards():
        hits = guess(2_000, 20_000, seed, alphabet)

    assert bool(hits) is opened
