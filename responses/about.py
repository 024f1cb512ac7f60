"""The study's public page over HTTP: for anybody, and nothing is written or remembered."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.http import require_safe

from experiments.commitment import check_command
from responses.language import choose
from responses.notices import Notice, notice_response
from responses.outage import survive_outage
from responses.published import Published, published
from responses.rendering import language_context, language_names

# It changes with a launch, a pause and the close alone; a cache may lag behind by so much.
FOR_MINUTES = "public, max-age=300"


@require_safe
@survive_outage
def about(request: HttpRequest, *, slug: str) -> HttpResponse:
    """What was fixed at the launches, the seed's SHA-256, and after the close the seed."""
    found = published(slug)
    if found is None:
        return notice_response(request, Notice.NOT_FOUND)
    asked, accepted = request.GET.get("lang", ""), request.headers.get("Accept-Language", "")
    language = choose(found.design.languages, asked, accepted)
    with override(language):
        html = render_to_string("responses/about.html", _told(found, language))
    headers = {"Cache-Control": FOR_MINUTES, "Content-Language": language}
    return HttpResponse(html, headers=headers | {"Vary": "Accept-Language"})


def _told(found: Published, language: str) -> dict[str, object]:
    """What the template gets: never the design itself."""
    return {
        "study_title": found.design.title.get(language, ""),
        "question": found.design.question.get(language, "") if found.closed else "",
        "status": found.status.value,
        "closed_at": found.closed_at,
        "versions": found.versions,
        "withholds_reasons": found.withholds_reasons,
        "seed_sha256": found.seed_sha256,
        "seed": found.seed,
        "command": check_command(found.seed) if found.seed else check_command(),
        "languages": language_names(found.design),
        **language_context(language),
    }
