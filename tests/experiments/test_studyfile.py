"""Study files: read, and written, the same each time."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.cells import every_cell
from experiments.studyfile import dump, parse
from tests.changed import changed
from tests.designs import small
from tests.experiments.studyfiles import TEXT

SHIPPED = Path(__file__).parents[2] / "studies" / "coproduction.yaml"

# What YAML writers trip over, beside any character that can be stored.
NASTY = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "trailing ",
            " leading",
            "two\n\nparagraphs\n",
            "\nfirst line empty",
            "ends twice\n\n",
            "line \nwith trailing space",
            "  indented\nless",
            "tab\there\n\tand there",
            "carriage\r\nreturn\r",
            "a: b # c",
            "- a",
            "{reward}",
            "[a]",
            "'quoted' \"twice\"",
            "back\\slash",
            "%TAG ! x",
            "--- a\n...\nb",
            "!tag &anchor *alias",
            "123",
            "1e3",
            "0x1F",
            "1_000",
            "12:30",
            "2024-01-01",
            "null",
            "~",
            "yes",
            "Off",
            "=",
            "<<",
            "공원의 밤길: 안전합니까?",
            "👩‍👩‍👧 family",
            "\u2028line separator\u2029",
            "\u0085next line",
            "\ufeffmark",
            "\u00a0hard space\u00a0",
            "\u200bzero width",
            "\u202eright to left",
            "\x07bell\x1b[0m",
            "x" * 500,
            "word " * 200,
            "긴 문장 " * 200,
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
)


def test_parse_gives_back_what_was_dumped() -> None:
    parsed = parse(TEXT)

    assert (parsed.design, parsed.problems) == (small(), ())


def test_dump_of_what_was_parsed_gives_the_same_bytes() -> None:
    design = parse(TEXT).design
    assert design is not None

    assert dump(design).encode() == TEXT.encode()


# Tests share the cores, so a slow example says nothing.
@settings(deadline=None, max_examples=40)
@given(english=NASTY, korean=NASTY, source=NASTY)
def test_dump_keeps_any_text(english: str, korean: str, source: str) -> None:
    design = changed(
        small(),
        {
            "title": {"en": english, "ko": korean},
            "pages[1].items[0].text": {"en": korean, "ko": english},
            "scales[0].source": source,
            "factors[0].levels[0].text.en": english,
        },
    )
    text = dump(design)
    parsed = parse(text)

    # Texts that say nothing or have slots are problems, but no reason to lose them.
    assert parsed.design == design
    assert dump(parsed.design).encode() == text.encode()


def test_dump_orders_languages_as_the_study_does() -> None:
    turned = {"title": {"ko": "공원", "en": "A park"}}

    assert dump(changed(small(), turned)) == TEXT


def test_dump_leaves_out_defaults_and_arms_that_are_every_cell() -> None:
    head = TEXT[: TEXT.index("scales:")]

    assert head.endswith(
        "randomisations:\n"
        "  - code: main\n"
        "    factors: [reward, voice]\n"
        "    block_sizes: [4, 8]\n"
        "    strata: [gender]\n"
    )


def test_dump_writes_arms_that_are_not_every_cell() -> None:
    weighted = changed(small(), {"randomisations[0].arms[0].weight": 2})

    assert "    arms:\n      - levels: [none, low]\n        weight: 2\n" in dump(weighted)
    assert parse(dump(weighted)).design == weighted


def test_dump_keeps_a_draft_without_arms() -> None:
    draft = changed(small(), {"randomisations[0].arms": ()})

    assert parse(dump(draft)).design == draft


def test_dump_writes_long_texts_as_blocks_and_numbers_in_quotes() -> None:
    text = dump(changed(small(), {"pages[0].body.en": "One.\n\n- two\n- three"}))

    assert "      en: |-\n        One.\n\n        - two\n        - three\n" in text
    assert '      - code: "1"\n' in text


def test_parse_reads_the_shipped_study_without_problems() -> None:
    parsed = parse(SHIPPED.read_bytes())

    assert parsed.problems == ()
    assert parsed.design is not None
    assert parse(dump(parsed.design)).design == parsed.design


def test_parse_fills_left_out_arms() -> None:
    design = parse(TEXT).design
    assert design is not None

    assert design.randomisations[0].arms == every_cell(design.factors, ("reward", "voice"))


def test_parse_reads_numbers_for_fractions_and_windows_line_ends() -> None:
    text = TEXT.replace("looks: [0.5, 1.0]", "looks: [0.5, 1]").replace("\n", "\r\n")

    assert parse("\ufeff".encode() + text.encode()).design == small()
