"""What docs/importer.md shows is what happens."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from maisons.models import Maison
from portail.importation.profil import COLUMNS, OTHERS

PAGE = (settings.BASE_DIR / "docs" / "importer.md").read_text()
FILE = re.compile(r"^`(\S+)` :\n\n```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)
REPORT = re.search(r"Le compte rendu :\n\n```text\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.mark.django_db
def test_the_example_gives_its_report(tmp_path):
    for name, content in FILE.findall(PAGE):
        (tmp_path / name).write_text(content)

    out = StringIO()
    call_command("importer", str(tmp_path / "saint-exemple.toml"), stdout=out)

    assert out.getvalue() == REPORT
    assert list(Maison.objects.values_list("nom", "adresse")) == [
        ("Maison pour tous Léo-Lagrange", "5 rue Haute"),
        ("Maison pour tous Voltaire", "1, square Jean-Monnet"),
    ]


def test_every_field_is_documented():
    names = {name for kind in COLUMNS for name in (*COLUMNS[kind][1], *OTHERS[kind])}

    assert {name for name in names if f"`{name}`" not in PAGE} == set()
