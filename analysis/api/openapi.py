"""The OpenAPI 3.1 document of the API, for whoever asks: it tells no data."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from analysis.api.problems import PROBLEM_CONTENT
from analysis.api.shapes import ProblemShape
from analysis.api.site import api

# What any address may answer besides what it is asked for.
_PROBLEMS = {
    "400": "The request can't be read",
    "401": "No token, or one that opens nothing any more",
    "403": "The token's scopes or its owner's permissions don't reach this",
    "404": "There is no such thing, or none that the token reaches",
    "409": "Not as the study stands now",
    "422": "A parameter is wrong",
    "429": "Too many requests; Retry-After says in how many seconds there may be more",
    "500": "A fault of the site",
    "503": "The database is gone for the moment",
}


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The document."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return json.dumps(document(), ensure_ascii=False, indent=1).encode()


def document() -> dict[str, Any]:
    """The document as JSON holds it."""
    # Through text, so that nothing of ninja's own is changed, and keys are texts.
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    found["components"]["schemas"]["Problem"] = ProblemShape.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    found["components"]["schemas"] |= found["components"]["schemas"]["Problem"].pop("$defs", {})
    for path in found["paths"].values():
        for operation in path.values():
            for status, description in _PROBLEMS.items():
                operation["responses"][status] = {
                    "description": description,
                    "content": PROBLEM_CONTENT,
                }
    return found
