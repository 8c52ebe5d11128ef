"""Each name in incidents/wiring.py leads to a receiver, and no command loads one that it does not need."""

import subprocess
import sys
from inspect import Parameter, signature
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from incidents.wiring import RECEIVERS

ROOT = Path(__file__).resolve().parent.parent.parent

LOADED = """
import sys, django
django.setup()
print(*(name for name in sys.modules if name.startswith("incidents.")))
"""


@pytest.mark.parametrize("name", sorted({name for _, name in RECEIVERS}))
def test_every_name_leads_to_a_receiver(name: str) -> None:
    kinds = {parameter.kind for parameter in signature(import_string(name)).parameters.values()}
    assert Parameter.VAR_KEYWORD in kinds
    assert kinds <= {Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD}


def test_django_is_set_up_without_the_receivers() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "incidents.wiring" in loaded
    assert {name.rpartition(".")[0] for _, name in RECEIVERS} & loaded == set()
