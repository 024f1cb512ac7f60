"""What respondents of the benchmarks send as a page's scripts do, and that the site keeps it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from benchmarks.chromium import ScriptedVisitor
from benchmarks.floor.tables import CSRF_PLACE, as_floor
from benchmarks.hub import Hub
from benchmarks.load import run_load
from benchmarks.respondent import walk_through
from benchmarks.scripts import OFF, ON, Answering, Scripts, draft, moments, paradata
from benchmarks.visitor import Visitor
from rehearsal.browser import Received
from rehearsal.forms import Fields, Form, WrongAnswerError, read_form
from responses.models import Draft, Paradata, Submission
from tests.responses.studies import launched

PAGE = """
<form id="page" data-page="about" data-draft="/s/park/about/draft/" data-draft-number="7"
      data-paradata="on">
  <input type="hidden" name="csrfmiddlewaretoken" value="abc">
  <input type="hidden" name="asked" value="">
  <input type="hidden" name="paradata" value="">
  <input name="website" type="text" value="" tabindex="-1">
  <input type="radio" name="mood" value="1"><input type="radio" name="mood" value="2">
  <select name="region"><option value=""></option><option value="north">North</option></select>
  <textarea name="comment"></textarea>
  <button type="submit" name="move" value="next">Next</button>
</form>
"""
ANSWERS = {"mood": ["2"], "region": ["north"], "comment": ["Fine."]}
PEOPLE = Scripts(True, drafts_of=lambda number, page: 32.0)


def form_of(html: str) -> Form:
    """The form of a page."""
    form = read_form(html)
    assert form
    return form


@dataclass
class Noting:
    """A browser that takes no time and notes what it is asked for."""

    kept: list[tuple[str, Fields]] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)

    def keep(self, path: str, fields: Fields) -> None:
        """Notes a draft."""
        self.kept.append((path, fields))

    def pause(self, seconds: float) -> None:
        """Notes a pause."""
        self.paused.append(seconds)


def test_paradata_are_those_of_the_page_s_script() -> None:
    (text,) = paradata(form_of(PAGE), {"mood": 1.5, "region": 4.0}, 1795740405.451)["paradata"]
    assert text == (
        '{"w":1280,"h":800,"touch":false,"began":1795740405451,"hidden_ms":0,"hidden_count":0,'
        '"items":{"mood":{"changes":1,"pastes":0,"last":1500,"first":1500},'
        '"region":{"changes":1,"pastes":0,"last":4000,"first":4000}}}'
    )


def test_study_that_wants_no_paradata_is_sent_none() -> None:
    assert paradata(form_of(PAGE.replace('"on"', '"off"')), {"mood": 1.5}, 0.0) == {}


def test_questions_take_as_long_and_the_button_comes_last() -> None:
    # Three questions and a fifth of one.
    assert moments(3, 32.0) == [10.0, 20.0, 30.0, 32.0]
    assert moments(0, 5.0) == [5.0]


def test_draft_has_what_stands_in_the_form_and_nothing_of_the_page() -> None:
    assert draft(form_of(PAGE), {"mood": ["2"]}, 8) == {
        "csrfmiddlewaretoken": ["abc"],
        "mood": ["2"],
        "region": [""],
        "comment": [""],
        "draft_number": ["8"],
    }


def test_draft_follows_each_answer_that_people_pause_after() -> None:
    browser = Noting()
    Answering(browser, 0, None, PEOPLE).answer(form_of(PAGE), ANSWERS)
    assert [path for path, _ in browser.kept] == 3 * ["/s/park/about/draft/"]
    assert [
        (fields.get("mood"), fields["region"], fields["comment"], fields["draft_number"])
        for _, fields in browser.kept
    ] == [
        (["2"], [""], [""], ["8"]),
        (["2"], ["north"], [""], ["9"]),
        (["2"], ["north"], ["Fine."], ["14"]),
    ]
    # Nobody waits.
    assert max(browser.paused) <= 0.0


def test_who_hurries_to_the_button_sends_no_last_draft() -> None:
    browser = Noting()
    Answering(browser, 0, lambda number, page: 8.0, ON).answer(form_of(PAGE), ANSWERS)
    # A second after the answers at 2.5 and 5 s; at 7.5 s half a second is left.
    assert len(browser.kept) == 2
    # Until 3.5, 6 and 8 s after the page came, less what went by meanwhile.
    assert all(each <= at for each, at in zip(browser.paused, (3.5, 6.0, 8.0), strict=True))


def test_who_does_not_think_makes_no_pause_and_tells_of_each_answer() -> None:
    browser = Noting()
    sent = Answering(browser, 0).answer(form_of(PAGE), {**ANSWERS, "comment": [""]})
    assert browser.kept == []
    items = json.loads(sent["paradata"][0])["items"]
    assert list(items) == ["mood", "region"]
    times = [each["last"] for each in items.values()]
    assert all(0 < one < other for one, other in pairwise(times))


def test_browser_without_scripts_sends_the_form_alone() -> None:
    browser = Noting()
    answering = Answering(browser, 0, lambda number, page: 8.0, OFF)
    assert answering.answer(form_of(PAGE), ANSWERS) == ANSWERS
    assert (browser.kept, browser.paused) == ([], [8.0])


def test_floor_has_the_same_bytes_and_is_sent_no_draft() -> None:
    page = as_floor(PAGE)
    assert len(page) == len(PAGE) - len("abc") + len(CSRF_PLACE)
    browser = Noting()
    sent = Answering(browser, 0, None, PEOPLE).answer(form_of(page), ANSWERS)
    assert browser.kept == []
    assert "paradata" in sent


def test_paradata_of_respondents_are_stored_with_each_page(live_site: str) -> None:
    launched()
    load = run_load(live_site, "/s/park/", journeys=2, in_flight=1, seed="test")
    assert (load.completed, load.errors, load.drafts) == (2, {}, ())
    told = {(each.participant_id, each.page): each.facts for each in Paradata.objects.all()}
    answers = {
        (each.participant_id, each.page): {code for code, given in each.answers.items() if given}
        for each in Submission.objects.all()
    }
    assert {key: set(facts["items"]) for key, facts in told.items()} == answers
    assert {(facts["device"], facts["w"], facts["touch"]) for facts in told.values()} == {
        ("desktop", 1280, False)
    }
    assert len(told) == 8


def test_without_scripts_only_the_device_is_known(live_site: str) -> None:
    launched()
    load = run_load(live_site, "/s/park/", journeys=1, in_flight=1, seed="test", scripts=OFF)
    assert (load.completed, load.errors) == (1, {})
    facts = [each.facts for each in Paradata.objects.all()]
    assert facts == 4 * [{"device": "unknown", "items": {}}]


def test_drafts_of_respondents_are_kept_until_their_page_is_sent(live_site: str) -> None:
    launched()
    load = run_load(live_site, "/s/park/", journeys=2, in_flight=1, seed="test", scripts=PEOPLE)
    told = Paradata.objects.exclude(page="welcome")
    # One for each answer, for these people take long; none is a request that somebody waits for.
    assert len(load.drafts) == sum(len(each.facts["items"]) for each in told) > 8
    assert (len(load.posts), load.submissions, load.errors) == (8, 8, {})
    assert Draft.objects.count() == 0


def test_draft_stays_of_who_leaves_a_page(live_site: str) -> None:
    launched()
    hub, sent = Hub(), dict[str, list[str]]()

    def leaves() -> None:
        browser = ScriptedVisitor(hub, live_site)
        answering = Answering(browser, 0, None, PEOPLE)

        def answer(form: Form, fields: Fields) -> Fields:
            told = answering.answer(form, fields)
            if form.page == "about":
                sent.update({name: list(values) for name, values in fields.items()})
                raise WrongAnswerError("leaves")
            return told

        try:
            walk_through(browser, "/s/park/", Random(1), answer)
        except WrongAnswerError:
            browser.close()

    hub.begin_at(0.0, leaves)
    hub.run()
    kept = Draft.objects.get()
    assert (kept.page, kept.fields, kept.number) == ("about", sent, len(sent))


def test_page_that_is_refused_is_sent_once_more_by_the_browser(live_site: str) -> None:
    launched()
    hub, statuses = Hub(), list[int]()

    class Counting(Visitor):
        """Notes what is answered."""

        def _exchange(
            self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
        ) -> Received:
            received = super()._exchange(method, path, body, headers)
            statuses.append(received.status)
            return received

    class Browser(ScriptedVisitor, Counting):
        """A browser with scripts."""

    def forgets() -> None:
        browser = Browser(hub, live_site)
        form = form_of(browser.get("/s/park/"))
        assert browser.ask("POST", "/s/park/", form.sent({})).status == 422
        browser.close()

    hub.begin_at(0.0, forgets)
    hub.run()
    assert statuses == [200, 422, 422]
