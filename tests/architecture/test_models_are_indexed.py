"""Every model stands in the index incidents/models.py: one that nobody imports would silently get no table."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.db import models

import incidents
import incidents.models

ROOT = Path(incidents.__file__).parent


def modules_with_models() -> list[ModuleType]:
    """Import every module of the rooms that could define a model: models.py, and what is inside models/."""
    names = [found.name for found in pkgutil.walk_packages(incidents.__path__, "incidents.")]
    return [importlib.import_module(name) for name in names if ".models" in name and name != "incidents.models"]


def unindexed(modules: list[ModuleType], index: ModuleType) -> set[str]:
    """Return the models that the modules define and the index does not name."""
    defined = {
        model.__name__
        for module in modules
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, models.Model) and not model._meta.abstract and model.__module__ == module.__name__
    }
    return defined - {name for name in vars(index) if not name.startswith("_")}


def files_that_define_models() -> set[Path]:
    """Find classes with `models.Model` among their bases anywhere in the rooms, by text and not by import."""
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and "models.Model" in [ast.unparse(base) for base in node.bases]:
                found.add(path)
    return found - set(ROOT.glob("migrations/*.py"))


def test_every_model_is_in_the_index() -> None:
    assert unindexed(modules_with_models(), incidents.models) == set()


def test_models_are_defined_only_where_this_test_looks() -> None:
    looked_at = {Path(str(module.__file__)) for module in modules_with_models()}
    assert files_that_define_models() - looked_at == set()


def test_a_model_outside_the_index_is_noticed() -> None:
    stray = ModuleType("incidents.attic.models")
    known = apps.all_models["incidents"]
    try:
        stray.Stray = type(  # type: ignore[attr-defined]
            "Stray",
            (models.Model,),
            {"__module__": stray.__name__, "Meta": type("Meta", (), {"app_label": "incidents"})},
        )
        assert unindexed([stray], incidents.models) == {"Stray"}
    finally:
        known.pop("stray", None)
        apps.clear_cache()


def test_the_index_only_re_exports() -> None:
    for name in ("models.py", "tasks.py", "admin.py"):
        tree = ast.parse((ROOT / name).read_text())
        allowed = (ast.ImportFrom, ast.Import, ast.Assign, ast.AnnAssign, ast.Expr)
        assert [type(node).__name__ for node in tree.body if not isinstance(node, allowed)] == [], name
