"""Whatever is asked by the API's own document gets an answer that the document knows."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck
from hypothesis import strategies as st
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from experiments.launch import close
from responses.models import Participant
from tests.analysis.api.asking import ask, token
from tests.analysis.looking import hand_made_look
from tests.responses.export.rows import into_ledger

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EXAMPLES = 60
# That most formats hold one table and some need all is in no schema.
NOT_HERE: dict[str, list[schemathesis.CheckFunction]] = {
    "export_data": [positive_data_acceptance],
    # A Range beyond the file's end is refused, and one that can't be read is none (RFC 9110).
    "get_export_file": [positive_data_acceptance, negative_data_rejection],
}
DOCUMENT = "/api/v1/openapi.json"
OPERATIONS = (
    *("list_studies", "get_study", "export_data", "get_export_file", "get_export_statement"),
    "get_codebook",
    *("list_looks", "get_look", "get_allocation", "list_ledger_lists", "list_ledger_rows"),
    *("list_invitations", "get_panel_status"),
)


def test_every_operation_is_tried() -> None:
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, WSGIHandler())
    found = [
        each.ok().definition.raw["operationId"]
        for each in schema.get_all_operations()
        if isinstance(each, Ok)
    ]
    assert sorted(found) == sorted(OPERATIONS)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("name", OPERATIONS)
def test_answers_are_those_of_the_document(
    name: str, closed: bool, tmp_path: Path, settings: Settings
) -> None:
    settings.EXPORT_ROOT = tmp_path
    settings.API_REQUESTS_PER_MINUTE = settings.API_EXPORTS_PER_HOUR = 1_000_000
    study = hand_made_look().study
    into_ledger(*Participant.objects.all())
    if closed:
        close(study=study)
    text = token(study)
    # The file of an export is kept, and a look of number 1 is spent.
    kept = ask(text, "park/export")["Content-Location"].rpartition("/")[2]
    there = {"slug": study.slug, "number": int(kept) if name.startswith("get_export") else 1}
    headers = {"Authorization": f"Bearer {text}"}
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, WSGIHandler())
    operation = schema.find_operation_by_id(name)
    tried(operation, headers, there)


def tried(
    operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str], there: dict[str, Any]
) -> None:
    """Asks what the document allows and what it does not, mostly of what is there."""
    unfit = NOT_HERE.get(operation.definition.raw["operationId"], [])
    largest = {
        each["name"]: each["schema"].get("maximum", 0)
        for each in operation.definition.raw["parameters"]
    }
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    cases = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))

    @hypothesis.settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck])
    @hypothesis.given(case=cases, lost=st.integers(0, 3))
    def asks(case: schemathesis.Case[Any], lost: int) -> None:
        for name, value in there.items() if lost else ():
            # What is no number, or one that there can't be, stays wrong.
            found = case.path_parameters.get(name)
            possible = name == "slug" or _is_possible(str(found), largest.get(name, 0))
            if found is not None and possible:
                case.path_parameters[name] = value
        unknown = [value for name, value in (case.query or {}).items() if name not in largest]
        # A parameter too many without a value is not sent at all: then nothing is wrong.
        unsent = bool(unknown) and not any(map(_is_sent, unknown))
        left_out = [*unfit, negative_data_rejection] if unsent else unfit
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    asks()


def _is_sent(value: Any) -> bool:
    values = value if isinstance(value, list | dict | tuple) else [value]
    return any(each is not None for each in values)


def _is_possible(number: str, largest: int) -> bool:
    return number.isdecimal() and 0 < int(number) <= largest
