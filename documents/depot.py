"""Where files received are kept: a folder that no address gives, under names that nobody chose."""

import secrets
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.utils import timezone

from documents.models import Recu

UNCLAIMED = timedelta(days=1)  # a file waits less for its row


class PrivateStorage(FileSystemStorage):
    """A view alone reads it out, for who may."""

    file_permissions_mode, directory_permissions_mode = 0o640, 0o750

    def url(self, name):
        raise ValueError("A file received has no address of its own.")


@contextmanager
def kept(received):
    """Write the files and give their name; when the block fails, nothing of them stays."""
    name = new_name(received.format)
    try:
        for suffix, content in received.files.items():
            default_storage.save(Recu.beside(name, suffix), content)
        yield name
    except BaseException:
        remove(name)
        raise


def new_name(extension):
    drawn = secrets.token_hex(16)
    return f"{drawn[:2]}/{drawn}.{extension}"


def remove(name):
    """A file and its copies."""
    path = PurePosixPath(name)
    _, files = listed(str(path.parent))
    for found in files:
        if stem(found) == path.stem:
            default_storage.delete(f"{path.parent}/{found}")


def remove_later(name):
    """Once what is being written is written for good: a lost transaction keeps the file."""
    transaction.on_commit(partial(remove, name), robust=True)


def stem(name):
    """« 3f….jpg » and « 3f…-480.jpg » are one."""
    return PurePosixPath(name).stem.partition("-")[0]


def listed(folder):
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def erase_orphans():
    """Remove what has no row a day later: a process died between the file and the row."""
    before = timezone.now() - UNCLAIMED
    old = [
        f"{folder}/{name}"
        for folder in listed("")[0]
        for name in listed(folder)[1]
        if default_storage.get_modified_time(f"{folder}/{name}") < before
    ]
    claimed = {stem(name) for model in received_models() for name in names(model)}
    for name in old:
        if stem(name) not in claimed:
            default_storage.delete(name)


def received_models():
    return [model for model in apps.get_models() if issubclass(model, Recu)]


def names(model):
    return model._base_manager.values_list("fichier", flat=True).iterator()
