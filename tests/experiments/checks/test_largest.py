"""The largest design that the checks let through works: it is answered and exported."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.checks import problems
from experiments.checks.pages import MOST_ITEMS, MOST_VARIABLES
from experiments.design import Design, Item
from experiments.variables import count_variables
from tests.changed import changed
from tests.designs import small
from tests.responses.export.reading import export, rows
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent


def _largest() -> Design:
    comment = small().pages[3].items[3]

    def comments(count: int, name: str) -> tuple[Item, ...]:
        return tuple(replace(comment, code=f"{name}{number}") for number in range(count))

    full = MOST_ITEMS - len(small().pages[3].items)
    design = changed(small(), {"pages[3].items": lambda items: (*items, *comments(full, "c"))})
    left = MOST_VARIABLES - count_variables(design)
    return changed(design, {"pages[1].items": lambda items: (*items, *comments(left, "a"))})


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_largest_design_is_answered_and_exported(client: Client) -> None:
    design = _largest()
    assert problems(design) == []
    assert (count_variables(design), len(design.pages[3].items)) == (1500, 900)
    study = launched(design)
    entered(client)
    sent(client, "about", {**ABOUT, **{f"a{n}": "" for n in range(500)}, "a7": "seven"})
    client.get("/s/park/story/")
    sent(client, "story", {})
    last = f"c{len(design.pages[3].items) - 5}"
    every = {item.code: "" for item in design.pages[3].items}
    assert sent(client, "opinion", {**every, **OPINION, last: "the last"}) == "thanks"
    (row,) = rows(export(study))
    assert (len(row), row["a7"], row[last]) == (1500, "seven", "the last")
