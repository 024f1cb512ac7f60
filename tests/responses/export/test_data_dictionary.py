"""docs/data-dictionary.md says of every column what it holds."""

import re

from coprod_site.embedded import ROOT
from experiments.variables import ASSIGNED, FIXED, FLAGS, variables
from experiments.variables.histories import ANSWERS, PARADATA, SUBMISSIONS
from responses.export.formats import FORMATS
from responses.export.kinds import missing_codes
from responses.export.tables import NAMES
from responses.export.written import GUARDED
from responses.models import Mode, State
from tests.designs import small

DICTIONARY = (ROOT / "docs" / "data-dictionary.md").read_text()


def test_dictionary_describes_every_fixed_variable_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| \S", DICTIONARY, re.MULTILINE)
    assert rows == [
        *((variable.name, variable.type.value) for variable in (*FIXED, *FLAGS)),
        *((name, type_.value) for name, _, type_, _ in ASSIGNED),
        *(
            (variable.name, variable.type.value)
            for table in (ANSWERS, SUBMISSIONS, PARADATA)
            for variable in table
            if variable.name not in ("participant", "design_version")
        ),
    ]


def test_dictionary_names_every_table() -> None:
    section = DICTIONARY.partition("## Tables")[2].partition("\n## ")[0]
    assert set(NAMES) <= set(re.findall(r"`([a-z]+)`", section))


def test_dictionary_names_what_is_blinded() -> None:
    blinding = DICTIONARY.partition("## Blinding")[2].partition("\n## ")[0]
    own = {factor.code for factor in small().factors} | {item.code for item in small().items()}
    named = {
        variable.name
        for variable in variables(small())
        if variable.reveals_arm and variable.name not in own
    }
    told = blinding.partition("In the other tables")[0]
    assert set(re.findall(r"`([a-z_]+)`", told)) - {"first_look"} == named | {
        *("last_page", "not_reached", "not_shown", "skipped", "untouched")
    }
    assert "the factors" in blinding
    assert "manipulation checks" in blinding


def test_dictionary_names_every_guarded_character() -> None:
    guard = DICTIONARY.partition("are guarded")[2].partition("\n- ")[0]
    words = {"\t": "a tab", "\r": "a line break", "\n": "a line break", "'": "an apostrophe"}
    assert [one for one in GUARDED if words.get(one, f"`{one}`") not in guard] == []


def test_dictionary_names_every_format() -> None:
    section = DICTIONARY.partition("\n## Formats")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(FORMATS)


def test_dictionary_tells_the_codes_of_the_kinds_of_missing() -> None:
    rows = re.findall(r"^\| (-\d+) \| `(\w+)` \|", DICTIONARY, re.MULTILINE)
    codes = missing_codes([small()], variables(small())).codes
    assert [(int(code), kind) for code, kind in rows] == [(c, k) for k, c in codes.items()]


def test_fixed_values_are_those_of_the_rows() -> None:
    values = {variable.name: [value.code for value in variable.values] for variable in FIXED}
    assert (values["mode"], values["state"]) == (Mode.values, State.values)
