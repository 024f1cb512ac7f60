"""The docs say honestly which made-up people the quality flags catch, and which they do not."""

import re

import pytest

from coprod_site.embedded import ROOT
from tests.rehearsal.flagged import table


@pytest.mark.slow
def test_docs_say_whom_the_quality_flags_catch() -> None:
    text = (ROOT / "docs" / "rehearsal.md").read_text()
    section = text.partition("## What the quality flags catch")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `\w+` \|.*$", section, re.M) == table()
