"""Files without a row: gone a day later, and not before; those that have one stay."""

import os
import time
from datetime import timedelta

import pytest

from documents import depot
from documents.tasks import erase_orphans
from tests.factories import PieceFactory, found

pytestmark = pytest.mark.django_db


def files(settings):
    return {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}


def age(paths, **span):
    moment = time.time() - timedelta(**span).total_seconds()
    for path in paths:
        os.utime(path, (moment, moment))


def image():
    kept = found(nom_fichier="a.jpg", format="jpg", largeur=900, hauteur=600)
    kept.files["-480"] = found(b"small").files[""]
    return kept


def test_what_has_no_row_after_a_day_is_removed(settings):
    PieceFactory(received=image(), alternative="La place.")
    PieceFactory()
    claimed = files(settings)
    with depot.kept(image()):
        pass
    orphans = files(settings) - claimed
    age(claimed | orphans, days=2)
    with depot.kept(found()):
        waiting = files(settings) - claimed - orphans

    erase_orphans()

    assert (len(claimed), len(orphans), len(waiting)) == (3, 2, 1)
    assert files(settings) == claimed | waiting


def test_an_empty_store_has_nothing_to_remove(settings):
    settings.MEDIA_ROOT.rmdir()

    erase_orphans()


def test_a_block_that_fails_keeps_nothing(settings):
    written = []

    def fail():
        with depot.kept(image()):
            written.extend(files(settings))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert len(written) == 2
    assert files(settings) == set()


def test_names_are_drawn_and_the_files_are_private(settings):
    with depot.kept(found()) as name, depot.kept(found()) as other:
        [mode] = {path.stat().st_mode & 0o777 for path in files(settings)}

    assert name != other
    assert "avis" not in name
    assert mode == 0o640
    with pytest.raises(ValueError, match="no address"):
        depot.default_storage.url(name)
