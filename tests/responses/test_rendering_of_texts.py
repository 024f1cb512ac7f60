"""The texts of a page: Markdown and slots, and nothing that was typed becomes either."""

from dataclasses import replace

import pytest
from lxml import html

from responses.rendering import View, Visit, render_design_page
from tests.changed import changed
from tests.designs import both, small
from tests.responses.every_kind import FACTS, kinds_design
from tests.responses.rendered import kinds

EVIL = '<b>&"**x**](http://e.org) `'


def test_typed_text_becomes_neither_html_nor_markdown() -> None:
    text = "Hi **{comment}** [go {comment}](https://e.org/?q={comment}) ![{comment}](image:dot)"
    design = changed(
        kinds_design(),
        {
            "pages[2].title": both("Dear {comment}", "{comment} 님"),
            "pages[2].body": both(text, text),
            "pages[2].items[0].text": both("You, {comment}?", "{comment}?"),
            "pages[2].items[2].options[0].label": both("Not {comment}", "{comment}"),
        },
    )
    tree = kinds(Visit(facts=replace(FACTS, answers={"comment": EVIL})), design)
    (body,) = tree.xpath("//main//div[@class='body ']")
    assert tree.xpath("string(//h1)") == f"Dear {EVIL}"
    assert tree.xpath("string(//title)").startswith(f"Dear {EVIL}")
    assert body.xpath("string(.//strong)") == EVIL
    assert body.xpath("string(.//a)") == f"go {EVIL}"
    assert body.xpath(".//a/@href") == [
        "https://e.org/?q=%3Cb%3E%26%22%2A%2Ax%2A%2A%5D%28http%3A%2F%2Fe.org%29%20%60"
    ]
    assert body.xpath(".//img/@alt") == [EVIL]
    assert [each.tag for each in body.iter()] == ["div", "p", "strong", "a", "img"]
    assert tree.xpath("string(//*[@id='label_agree1'])").strip() == f"You, {EVIL}?"
    assert f"Not {EVIL}" in tree.xpath("string(//*[@id='item_one'])")


def test_slot_is_emphasised_like_the_word_that_fills_it() -> None:
    body = both("**{comment}**s", "**{comment}**을")
    design = changed(kinds_design(), {"pages[2].body": body})
    facts = replace(FACTS, answers={"comment": "공원"})
    tree = kinds(Visit(facts=facts), design, "ko")
    assert tree.xpath("string(//main//strong)") == "공원"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("![A dot](image:dot)", '<p><img src="/s/park/image/{name}/" alt="A dot" loading="lazy"'),
        ("![A dot](image:none)", "<p>A dot</p>"),
        ("![A dot](https://e.org/x.png)", "<p>A dot</p>"),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>"),
        ("[go](image:dot)", "<p><a>go</a></p>"),
        ("[go]({comment})", "<p>[go]("),
        ("[go](https://e.org)", '<p><a href="https://e.org">go</a></p>'),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    ],
)
def test_text_leads_only_where_it_may(text: str, wanted: str) -> None:
    from responses.markdown import image_name

    design = changed(kinds_design(), {"pages[2].body": both(text, text)})
    page = render_design_page(design, View(0, "kinds", "en"), Visit(facts=FACTS))
    assert wanted.format(name=image_name(design.images[0])) in page


def test_level_is_markdown_in_a_body_and_text_elsewhere() -> None:
    design = changed(
        small(),
        {
            "factors[0].levels[1].text": both("You get *money*.", "돈."),
            "pages[2].title": both("About {reward}", "{reward}"),
        },
    )
    view = View(0, "story", "en", (("reward", "money"), ("voice", "high")))
    tree = html.fromstring(render_design_page(design, view, Visit(facts=FACTS)))
    assert tree.xpath("string(//h1)") == "About You get *money*."
    assert tree.xpath("string(//main//em)") == "money"
