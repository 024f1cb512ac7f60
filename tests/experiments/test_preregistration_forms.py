"""The forms of registries, filled in from a design: as text, at the desk, and to download."""

from datetime import UTC, datetime

import pytest
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.commitment import Commitment
from experiments.compiler import write_rows
from experiments.design import Family, digest
from experiments.launch import launch
from experiments.models import Page, Study
from experiments.preregistration.forms import AS_PREDICTED, FORMS, OSF, as_markdown, filled
from experiments.preregistration.plain_text import plain_text
from experiments.registering import register
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory, PilotStudyFactory

COMMITMENT = Commitment(1, "1a" * 32, datetime(2026, 11, 25, 12, 20, tzinfo=UTC), "2b" * 32)


def test_form_of_as_predicted_answers_every_question() -> None:
    answers = {each.field: each.text for each in filled(AS_PREDICTED, small(), COMMITMENT)}
    assert list(answers) == [
        "1. Data collection",
        "2. Hypothesis",
        "3. Dependent variable",
        "4. Conditions",
        "5. Analyses",
        "6. Outliers and exclusions",
        "7. Sample size",
        "8. Other",
        "9. Name",
    ]
    assert answers["1. Data collection"].startswith(
        "The design was frozen at its launch on 2026-11-25 12:20 UTC, before anybody answered"
    )
    assert answers["2. Hypothesis"].splitlines()[:5] == [
        "Does a reward help?",
        "",
        "Primary contrasts of Willingness (will):",
        "",
        "- Money (money_vs_none): reward money against none, averaged equally over the levels of "
        "voice.",
    ]
    assert answers["3. Dependent variable"].startswith("Scale Willingness (will): the primary")
    assert "motive" not in answers["3. Dependent variable"]
    assert "Arms (4, the share of each 1/4): none.low" in answers["4. Conditions"]
    assert "Who failed an attention check: attention" in answers["6. Outliers and exclusions"]
    assert answers["7. Sample size"].startswith("40 participants who completed")
    assert COMMITMENT.digest in answers["8. Other"]
    assert answers["9. Name"] == "A park"


@pytest.mark.parametrize("design", [small(), deck_design()], ids=["small", "deck"])
def test_every_field_of_both_forms_says_something_without_marks(design: object) -> None:
    for form in FORMS.values():
        for answer in filled(form, design, language="ko"):  # type: ignore[arg-type]
            assert answer.text.strip(), answer.field
            assert "`" not in answer.text
            assert not any(line.startswith("#") for line in answer.text.splitlines())


def test_what_a_design_cant_know_is_marked() -> None:
    left = [each.field for each in filled(OSF, small()) if each.unfinished]
    assert left == [
        "Authors",
        "Hypotheses",
        "Blinding",
        "Data collection procedures",
        "Sample size rationale",
    ]
    asks_nothing = changed(small(), {"question": {}})
    assert next(
        each for each in filled(OSF, asks_nothing) if each.field == "Description"
    ).unfinished


def test_exploratory_contrasts_are_no_hypotheses() -> None:
    design = changed(small(), {"plan.contrasts[1].family": Family.EXPLORATORY})
    told = {each.field: each.text for each in filled(OSF, design)}
    assert "reward_by_voice" not in told["Hypotheses"]
    assert "reward_by_voice" in told["Exploratory analysis"]


def test_whole_form_has_its_headings_in_order() -> None:
    text = as_markdown(OSF, filled(OSF, small(), COMMITMENT), "Of a study.")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Study information",
        "## Design plan",
        "## Sampling plan",
        "## Variables",
        "## Analysis plan",
        "## Other",
    ]
    head = "# OSF Preregistration\n\nOf a study.\n\n## Study information\n\n### Title\n\nA park\n"
    assert text.startswith(head)
    assert "\n#### Scale Willingness (`will`): the primary outcome\n" in text


def test_plain_text_keeps_what_is_said() -> None:
    marked = """### `main`

> A {reward}
>
> end

| arm | weight |
|---|---|
| `a` | 2 |

```sh
python3 -c `x`
```
- `a` and 2 > 1"""
    assert (
        plain_text(marked)
        == """main

    A {reward}

    end

arm, weight
a, 2

    python3 -c `x`
- a and 2 > 1"""
    )


def page_of(study: Study) -> str:
    return f"/admin/experiments/study/{study.pk}/preregistration/"


@pytest.mark.django_db
def test_page_has_a_box_for_every_field_and_files_of_the_frozen_version(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = LiveStudyFactory(slug="park")
    version = study.live_version
    assert version is not None
    client = desk("view_study")
    page = client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    assert f'href="{page_of(study)}"' in page
    assert 'href="/s/park/about-study/"' in page
    # The session, the account, its rights twice, the study, its versions.
    with django_assert_num_queries(6):
        response = client.get(page_of(study), {"form": "aspredicted"})
    assert f"Version 1, frozen on {version.launched_at:%Y-%m-%d %H:%M} UTC" in text_of(response)
    boxes = html.fromstring(response.content.decode()).xpath("//textarea/text()")
    commitment = Commitment(1, version.digest, version.launched_at, study.seed_sha256)
    answers = filled(AS_PREDICTED, small(), commitment)
    assert [box.removeprefix("\n") for box in boxes] == [each.text for each in answers]

    whole = client.get(f"{page_of(study)}preregistration.md")
    assert whole.content.decode() == register(Study.objects.get()).text
    assert whole["Content-Type"] == "text/markdown; charset=utf-8"
    name = whole["Content-Disposition"]
    assert name == 'attachment; filename="park_preregistration_v1.md"'
    plain = client.get(f"{page_of(study)}osf.txt")
    assert plain["Content-Type"] == "text/plain; charset=utf-8"
    assert plain["Content-Disposition"] == 'attachment; filename="park_osf_v1.txt"'
    assert "`" not in plain.content.decode()

    for absent in ("osf.docx", "egap.md"):
        assert client.get(f"{page_of(study)}{absent}").status_code == 404
    for strange in ({"language": "de"}, {"version": "9"}):
        assert client.get(page_of(study), strange).status_code == 302
    assert desk("view_factor").get(page_of(study)).status_code == 403


@pytest.mark.django_db
def test_page_tells_any_version_that_was_launched() -> None:
    study, client = LiveStudyFactory(slug="park"), desk("view_study")
    write_rows(design=changed(small(), {"title": both("A better park", "더 나은 공원")}))
    launch(study=study, reason="A typing error.")
    assert "A better park" in client.get(page_of(study)).content.decode()
    first = client.get(page_of(study), {"version": "1"}).content.decode()
    assert "A better park" not in first
    assert 'filename="park_osf_v1.md"' in str(
        client.get(f"{page_of(study)}osf.md", {"version": "1"}).headers
    )


@pytest.mark.django_db
def test_draft_is_marked_with_its_digest_or_says_what_is_in_the_way() -> None:
    study, client = PilotStudyFactory(slug="park"), desk()
    page = text_of(client.get(page_of(study)))
    assert "Draft: the study is not launched" in page
    assert digest(small()) in page
    file = client.get(f"{page_of(study)}osf.md")
    assert file["Content-Disposition"] == 'attachment; filename="park_osf_draft.md"'
    assert f"its design has the digest `{digest(small())}` now." in file.content.decode()
    page = client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    assert "/s/park/about-study/" not in page
    Page.objects.filter(code="thanks").delete()
    assert "mend the problems first" in text_of(client.get(page_of(study), follow=True))
