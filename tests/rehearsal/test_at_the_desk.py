"""A rehearsal is ordered, watched and cancelled at the desk, and run once."""

import time

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.locks import rehearsal_lock
from analysis.models import RehearsalEnd, RehearsalRun
from experiments.launch import close
from rehearsal.ordering import Asked, HowFar, cancel_rehearsal, how_far, order_rehearsal, tell
from rehearsal.running import run_ordered
from responses.models import Mode, Participant
from tests.analysis.studies import complete, launched
from tests.desk import desk, form_of, member, text_of

PAGE = "/admin/rehearsal/park/"


@pytest.mark.django_db
def test_rehearsal_is_ordered_watched_and_cancelled(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = launched()
    editor = member(study, "editor")
    # Session, account, memberships, study, what the menu asks; what there is of it (4), whether one
    # goes on, was the last or is there, the version's design, and those that were ordered.
    with django_assert_num_queries(14):
        page = editor.get(PAGE)
    sent = {name: values[0] for name, values in form_of(page, "rehearse").items()}
    assert (set(sent) - {"csrfmiddlewaretoken"}, sent["n"]) == ({"n", "truth"}, "40")
    assert "traits:" in sent["truth"]
    wrong = editor.post(PAGE, sent | {"truth": "traits:\n  nobody: {mean: 3, sd: 1}\n"})
    assert (wrong.status_code, "Line 2: " in text_of(wrong)) == (422, True)
    assert not RehearsalRun.objects.exists()
    assert editor.post(PAGE, sent | {"n": "6", "seed": "7"}).status_code == 302
    run = RehearsalRun.objects.get()
    assert (run.n, run.seed, run.minutes, run.ordered_by) == (6, 7, None, "editor")
    assert (run.site, run.truth) == ("http://testserver", sent["truth"].replace("\r\n", "\n"))
    again = editor.post(PAGE, sent)
    assert (again.status_code, "goes on" in text_of(again)) == (409, True)
    assert "The rehearsal goes on" in text_of(editor.post(f"{PAGE}delete/", {"sure": "yes"}))
    of_run = f"{PAGE}{run.pk}/"
    with rehearsal_lock(run.pk) as held:
        assert held
        tell(held, run, HowFar(2, 6, 1))
        with django_assert_num_queries(7):
            shown = text_of(editor.get(of_run))
        assert "2 of 6 people are through, 1 of them went wrong." in shown
        assert how_far(run) == HowFar(2, 6, 1)
    assert "Cancelled by editor" in text_of(editor.post(f"{of_run}cancel/", follow=True))
    assert editor.get(f"{of_run}report.md").status_code == 404
    # Who is in goes on to their end, while its process holds the lock.
    with rehearsal_lock(run.pk) as held:
        assert held
        late = (editor.post(PAGE, sent), editor.post(f"{PAGE}delete/", {"sure": "yes"}))
        assert ["are on their way" in text_of(each) for each in late] == [True, True]
        assert not RehearsalRun.objects.exclude(pk=run.pk).exists()
    # What was cancelled before it began is not begun.
    assert run_ordered(run.pk) is None
    assert not Participant.objects.exists()


@pytest.mark.django_db
def test_rehearsal_can_not_be_ordered_where_nobody_can_enter_or_one_is_there() -> None:
    study = launched()
    complete(study, 1, mode=Mode.REHEARSAL)
    editor = member(study, "editor")
    assert "It was rehearsed already" in text_of(editor.get(PAGE))
    assert editor.post(PAGE, {"n": "3", "truth": "traits: {}"}).status_code == 409
    close(study=study)
    assert "The study is closed" in text_of(editor.get(PAGE))


@pytest.mark.slow
def test_ordered_rehearsal_is_run_beside_the_worker_and_its_report_shown(
    live_site: str, celery_worker_process: object
) -> None:
    study = launched()
    asked = Asked(n=12, truth=_truth(study), language="en", seed=3)
    run = order_rehearsal(study=study, asked=asked, site=live_site, actor="kim")
    end = _end_of(run)
    assert (end.kind, end.problem, end.holds) == ("done", "", True)
    assert Participant.objects.filter(study=study, mode=Mode.REHEARSAL).count() > 0
    page = desk().get(f"{PAGE}{run.pk}/")
    assert end.verdict in text_of(page)
    assert "What was planted, and what was found" in text_of(page)
    # Who finds people there does not add to them.
    again = RehearsalRun.objects.create(
        study=study, n=1, truth=run.truth, seed=1, site=live_site, language="en", ordered_by="kim"
    )
    assert "Somebody was in the rehearsal before it began" in _end_of(again).problem
    assert cancel_rehearsal(run=again, actor="kim").kind == "failed"


def _truth(study: object) -> str:
    from experiments.models import Study
    from rehearsal.default_truth import default_truth
    from rehearsal.rehearsing import entered_version
    from rehearsal.truth_file import dump_truth

    assert isinstance(study, Study)
    return dump_truth(default_truth(entered_version(study).written))


def _end_of(run: RehearsalRun) -> RehearsalEnd:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        if end := RehearsalEnd.objects.filter(run=run).first():
            return end
        time.sleep(0.5)
    raise AssertionError("It did not end.")
