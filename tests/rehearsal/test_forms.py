"""The form of a page, as a browser reads and sends it."""

import pytest

from rehearsal.forms import Form, WrongAnswerError, read_form

PAGE = """
<body><button form="page" name="move" value="next">Go</button>
<form id="search"><input name="q" value="no"></form>
<form method="post" id="page" action="?lang=en&amp;mode=x" data-page="about" data-wait="7">
  <input type="hidden" name="token" value="a&quot;b>c">
  <input name="website" type="text" value="" tabindex="-1">
  <label for="w1">How? <input type="radio" id="w1" name="will" value="1" required></label>
  <input type="radio" name="will" value="2" checked required data-missing>
  <input type="checkbox" name="ways" value="walk"> <input type="checkbox" name="ways" value="bus">
  <select name="town"><option value="">Choose</option><option value="s" selected>S</option></select>
  <select name="rank.a"><option value="">–</option><option value="1">1</option></select>
  <input name="years" type="text" value="20">
  <input name="slider" type="range" value="-1">
  <textarea name="comment">
two &lt;b>
lines, not <input name="no"></textarea>
  <button type="submit" name="move" value="next">Next</button>
  <button type="submit" name="move" value="back">Back</button>
</form></body>
"""


def form() -> Form:
    """The form of the page."""
    found = read_form(PAGE)
    assert found
    return found


def test_form_is_read_as_a_browser_would() -> None:
    read = form()
    assert (read.action, read.page, read.wait) == ("?lang=en&mode=x", "about", 7)
    assert read.buttons == (("move", "next"), ("move", "back"))
    assert {c.name for c in read.controls.values() if c.typed} == {
        *("token", "website", "years", "slider", "comment")
    }
    assert {c.name for c in read.controls.values() if not c.seen} == {"token", "website"}
    assert {c.name for c in read.controls.values() if c.required} == {"will"}
    assert read.controls["will"].options == ["1", "2"]
    assert read_form(PAGE, "search")
    assert read_form(PAGE, "resume") is None


def test_form_sends_what_stands_in_it_and_what_was_answered() -> None:
    untouched = {
        "token": ['a"b>c'],
        "website": [""],
        "will": ["2"],
        "town": ["s"],
        "rank.a": [""],
        "years": ["20"],
        "slider": ["-1"],
        "comment": ['two <b>\nlines, not <input name="no">'],
        "move": ["back"],
    }
    assert form().sent({}, move="back") == untouched
    answers = {"will": ["1"], "ways": ["walk", "bus"], "comment": ["more"], "town": [""]}
    assert form().sent(answers) == {**untouched, **answers, "move": ["next"]}


@pytest.mark.parametrize("answers", [{"nowhere": ["1"]}, {"will": ["3"]}, {"town": ["x"]}])
def test_form_can_not_send_what_it_does_not_offer(answers: dict[str, list[str]]) -> None:
    with pytest.raises(WrongAnswerError):
        form().sent(answers)
