"""The addresses of pages: made from a name, once, and kept."""

from itertools import count

from django.utils.text import slugify

SPELT = str.maketrans({"’": "-", "'": "-", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})


def free_slug(row, words, **among):
    """Words as a page's address, numbered when another row (of `among`) has it already."""
    longest = row._meta.get_field("slug").max_length - 5
    base = slugify(words.translate(SPELT))[:longest].strip("-") or "page"
    others = type(row)._default_manager.filter(slug__startswith=base, **among)
    taken = set(others.exclude(pk=row.pk).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in count(2) if (slug := f"{base}-{number}") not in taken)
