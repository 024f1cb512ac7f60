"""The work on a study as a map on its page: what there is of each step, and what is left in it."""

import pytest

from experiments.compiler import write_rows
from experiments.desk.overview import read_overview, told_problems
from experiments.desk.work_map import Step, work_map
from tests.changed import changed, without
from tests.designs import small
from tests.desk import desk, text_of

pytestmark = pytest.mark.django_db


def test_map_says_what_there_is_and_what_is_left() -> None:
    draft = changed(
        small(),
        {
            "factors[1].levels[0].label": without("ko"),
            "pages[2].title": without("ko"),
            "plan.alpha": 2.0,
        },
    )
    study = write_rows(design=draft)
    overview = read_overview(study)
    voice, story = study.factors.get(code="voice"), study.pages.get(code="story")
    home = f"/admin/experiments/study/{study.pk}/change/"
    lacking = f"/admin/experiments/factor/{voice.pk}/change/#id_levels-0-label"
    assert work_map(overview, told_problems(overview)) == (
        Step("Question and hypotheses", f"{home}#id_question", "Does a reward help?"),
        Step("Factors and levels", "#factors", "2 factors, 4 levels", 1),
        Step("Arms", "#randomisations", "4 arms"),
        Step("Vignette", f"/admin/experiments/page/{story.pk}/change/#id_body", "1 vignette", 1),
        Step("Scales", "#scales", "2 scales"),
        Step("Pages and items", "#pages", "5 pages, 9 items"),
        Step("Ways in and out", "#parameters", "0 parameters, 0 quotas, 0 endings"),
        Step("Plan", "#plan", "40 participants, 2 looks, 2 contrasts", 1),
        Step("Translation: Korean", lacking, "2 texts are missing"),
    )
    page = desk().get(home)
    assert "Translation: Korean 2 texts are missing" in text_of(page)
    assert f'href="{lacking}"' in page.content.decode()
