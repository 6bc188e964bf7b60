"""The house's gates that ruff and import-linter do not know."""

import tomllib

import pytest

from portail.emplacement import BASE_DIR

GATES = {"models": 400, "views": 250, "admin": 200}
TEMPLATE_GATE = 120
BANNED = {"core", "helpers", "mixins", "services", "signals", "utils"}

PYPROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
PACKAGES = [*PYPROJECT["tool"]["importlinter"]["root_packages"], "tests"]
MODULES = [path for package in PACKAGES for path in sorted((BASE_DIR / package).rglob("*.py"))]
TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.*"))


def names(path):
    return {*path.relative_to(BASE_DIR).parent.parts, path.stem}


def too_long(paths, gate):
    counts = {str(path.relative_to(BASE_DIR)): path.read_text().count("\n") for path in paths}
    return {path: count for path, count in counts.items() if count > gate}


@pytest.mark.parametrize(("kind", "gate"), GATES.items())
def test_no_module_passes_its_gate(kind, gate):
    modules = [path for path in MODULES if kind in names(path)]

    assert modules
    assert too_long(modules, gate) == {}


def test_no_template_passes_its_gate():
    assert TEMPLATES
    assert too_long(TEMPLATES, TEMPLATE_GATE) == {}


def test_no_module_is_named_after_nothing():
    assert [str(path) for path in MODULES if names(path) & BANNED] == []
