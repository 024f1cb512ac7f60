import pytest

from responses.questionnaire.numbers import as_typed, read_number


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("3.5", "en", "3.5"),
        ("3,5", "de", "3.5"),
        ("3.5", "ko", "3.5"),
        ("3.5", "de", "3.5"),
        ("3,5", "en", None),
        ("3,5", "ko", None),
        ("1,000", "en", "1000"),
        ("1,000", "ko", "1000"),
        ("1.000", "de", "1000"),
        ("1,000", "de", "1.000"),
        ("1.000,5", "de", "1000.5"),
        ("1,000.5", "de", None),
        ("1,00,0", "en", None),
        ("10,00", "en", None),
        ("1000", "fr", "1000"),
        ("3,5", "fr", "3.5"),
        ("-2", "en", "-2"),
        ("−2", "en", "-2"),
        ("+2", "en", "2"),
        ("+-2", "en", "-2"),
        ("--2", "en", None),
        ("-0", "en", "0"),
        ("007", "en", "7"),
        ("3.50", "en", "3.50"),
        (".5", "en", None),
        ("5.", "en", "5"),
        ("1e5", "en", None),
        ("1e99999999", "en", None),
        ("١٢", "ar", "12"),
        ("1e999", "en", None),
        ("0x1f", "en", None),
        ("nan", "en", None),
        ("inf", "en", None),
        ("1_000", "en", None),
        ("12 years", "en", None),
        ("", "en", None),
        ("9" * 28, "en", "9" * 28),
        ("9" * 29, "en", None),
        # A language that nobody described writes as English does.
        ("1,000.5", "xx-klingon", "1000.5"),
    ],
)
def test_number_is_read_as_the_language_writes_it(
    text: str, language: str, expected: str | None
) -> None:
    found = read_number(text, language)
    assert (None if found is None else f"{found:f}") == expected


@pytest.mark.parametrize(
    ("stored", "language", "typed"), [("1000.5", "en", "1000.5"), ("1000.5", "de", "1000,5")]
)
def test_stored_number_is_typed_with_the_decimal_sign(
    stored: str, language: str, typed: str
) -> None:
    assert as_typed(stored, language) == typed
