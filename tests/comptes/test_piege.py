"""The field that nobody sees: it costs people nothing, and stops what fills in every field."""

import pytest
from django import forms
from django.template import Context, Template

from comptes.forms import PiegeField


class Demande(forms.Form):
    nom = forms.CharField()
    site = PiegeField()


def page(form):
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


@pytest.mark.parametrize("typed", [{}, {"site": ""}, {"site": "  "}])
def test_left_empty_or_out_it_says_nothing(typed):
    assert Demande({"nom": "Zoé"} | typed).is_valid()


def test_filled_in_it_refuses_shows_itself_and_says_why():
    form = Demande({"nom": "Zoé", "site": "https://spam.example"})

    assert not form.is_valid()
    assert "Videz-le" in form.errors["site"][0]
    assert 'class="piege"' not in page(form)
    assert 'href="#id_site"' in page(form)
    assert 'value="Zoé"' in page(form)


def test_nobody_comes_across_it():
    field = page(Demande()).split('<div class="piege">')[1].split("</div>")[0]

    assert "Laissez ce champ vide" in field
    assert 'tabindex="-1"' in field
    assert 'autocomplete="off"' in field
