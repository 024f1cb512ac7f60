"""Who may ask for what: every address of the site by everybody, held against `table.txt`.

An address that is new has no line there, and fails until it has one; so does one whose answer is
another now. A line is what each of `asking.WHO` is answered to GET, to POST, and the address:
a status, `in` where one is led to the login. After the slow tests `.pytest_cache/permissions.txt`
and `apart_permissions.txt` have what was found; look at each line that differs before it goes into
the table.
"""

from pathlib import Path

import pytest
from pytest_django import Settings

from coprod_site.embedded import ROOT
from experiments.roles import ROLES
from tests.permissions.asking import WHO, addresses, line
from tests.permissions.same_for_all import REASONS
from tests.permissions.there import made

TABLE = Path(__file__).with_name("table.txt")
FOUND = ROOT / ".pytest_cache" / "permissions.txt"
# They read by a connection of their own, which sees only what is committed, or give back the
# request's before they send a kept file.
APART = {
    *(
        f"api/v1/studies/<slug:slug>/{each}"
        for each in ("export", "exports/<number>", "codebook", "looks", "allocation/rows")
    ),
    *(f"admin/{each}/<slug:slug>/<int:number>/" for each in ("export", "bundle")),
}
# What says that somebody is let in, by what the owner of another study is answered instead: 302
# may be the way to the list, as of a row that is not there.
LET_IN = {
    **{each: {"200", "302", "303", "400", "409", "422"} for each in ("401", "403", "404")},
    "302": {"200"},
}
# Whoever is not logged in: the first column of the table, which a fast test can try.
OUTSIDE = WHO[:1]


@pytest.fixture(autouse=True)
def _kept_apart(settings: Settings, tmp_path: Path) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"


def table() -> list[str]:
    """The lines of the table without its head."""
    return [each for each in TABLE.read_text().splitlines() if not each.startswith("#")]


def of(text: str) -> str:
    """The address of a line, which may have bars of its own."""
    return text.split(" | ", maxsplit=2)[2]


def test_every_address_of_the_site_is_in_the_table_and_no_other() -> None:
    assert sorted(map(of, table())) == sorted(each.name for each in addresses())


@pytest.mark.django_db
def test_nobody_who_is_not_logged_in_reaches_anything_else() -> None:
    assert differing([narrow(each) for each in table()], OUTSIDE) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_everybody_is_answered_as_the_table_says() -> None:
    together = [each for each in table() if of(each) not in APART]
    assert differing(together, WHO, FOUND.name) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_everybody_is_answered_so_where_committed_rows_are_read() -> None:
    apart = [each for each in table() if of(each) in APART]
    assert len(apart) == len(APART)
    assert differing(apart, WHO, f"apart_{FOUND.name}") == []


def narrow(text: str) -> str:
    """A line with the columns of OUTSIDE alone."""
    get, post, address = text.split(" | ", maxsplit=2)
    width = 4 * len(OUTSIDE) - 1
    return " | ".join([get[:width], post[:width], address])


def differing(expected: list[str], who: tuple[str, ...], found_in: str = "") -> list[str]:
    """The lines that are found and not expected, and those that are expected and not found."""
    asked, known = made(), set(map(of, expected))
    # Where all is committed the test's end undoes it.
    undone = not known <= APART
    found = [line(asked, each, who, undone=undone) for each in addresses() if each.name in known]
    if found_in:
        FOUND.with_name(found_in).write_text("\n".join(found))
    missing = [f"expected {each}" for each in expected if each not in found]
    return [f"found    {each}" for each in found if each not in expected] + missing


def names_a_row(address: str) -> bool:
    """Whether an address has a key, so that it may be about a study or a part of one."""
    return "<" in address.replace("(?P<app_label>", "").replace("(?P<url>", "")


def tells_apart(text: str) -> bool:
    """Whether some member is let in where the owner of another study is not, to GET or POST."""
    for answers in text.split(" | ", maxsplit=2)[:2]:
        cells = dict(zip(WHO, answers.split(), strict=True))
        if {cells[role] for role in ROLES} & LET_IN.get(cells["elsewhere"], set()):
            return True
    return False


def test_every_line_of_a_row_tells_its_members_from_the_owner_of_another_study() -> None:
    same = [of(each) for each in table() if names_a_row(of(each)) and not tells_apart(each)]
    assert sorted(same) == sorted(each for named in REASONS.values() for each in named)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (" in 403 404 404 403 403 404 403 404 404 |  in" + 9 * " 405", False),
        (" in 403 404 200 403 403 404 403 404 404 |  in" + 9 * " 405", True),
        (" in" + 9 * " 405" + " |  in 403 404 409 403 403 403 403 403 409", True),
        # Led to the list, as an account is that knows of no such row.
        (" in" + 9 * " 302" + " |  in" + 9 * " 302", False),
        (" in 302 302 200 302 302 302 302 302 200 |  in" + 9 * " 405", True),
        # What a superuser alone may is no member's.
        (" in 403 403 403 403 403 403 403 403 200 |  in" + 9 * " 405", False),
    ],
)
def test_line_is_empty_if_no_member_is_let_in_where_others_are_not(
    answers: str, found: bool
) -> None:
    assert tells_apart(f"{answers} | admin/a/<slug:slug>/") is found
