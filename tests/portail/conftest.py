from io import StringIO

import pytest
from django.core.management import call_command

from tests.portail.profils import VILLE


@pytest.fixture
def importer(tmp_path):
    """Write the files, run the command, give back its report."""

    def run(*parts, files=None, encoding="utf-8", **options):
        (tmp_path / "profil.toml").write_text(VILLE + "".join(parts))
        for name, text in (files or {}).items():
            (tmp_path / name).write_bytes(text.encode(encoding))
        out = StringIO()
        call_command("importer", str(tmp_path / "profil.toml"), stdout=out, **options)
        return out.getvalue()

    return run
