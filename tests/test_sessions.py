"""Nothing in the rooms asks Postgres for what is a session's: a pooler gives sessions to everybody.

`tests/pooled.py` looks into the sessions after what people do; this reads what nobody has tried.
"""

import re

from coprod_site.embedded import ROOT

ROOMS = ("analysis", "experiments", "rehearsal", "responses")
# What goes past a pooler, as docs/operations.md says: migrations, dumps and restores.
PAST_A_POOLER = ("/migrations/", "/backup/", "experiments/updating.py")
OF_A_SESSION = re.compile(
    r"""pg_(try_)?advisory_(lock|unlock)|WITH\ HOLD|withhold=|\bUNLISTEN\b|["'(]\s*(LISTEN|NOTIFY)\s
    |CREATE\ (LOCAL\ |GLOBAL\ )?TEMP|["'(]\s*(PREPARE|DISCARD|RESET|LOAD)\s
    |["'(]\s*SET\ (?!LOCAL|TRANSACTION)(SESSION\ )?\w+\ (=|TO)
    |set_config\([^)]*,\s*false\)|\.iterator\(""",
    re.VERBOSE,
)
TRIED = {
    "SELECT pg_try_advisory_lock(1)": True,
    "SELECT pg_try_advisory_xact_lock(1)": False,
    '"SET work_mem = 1"': True,
    '"SET LOCAL work_mem = 1"': False,
    '"SET TRANSACTION READ ONLY"': False,
    "\"SELECT set_config('application_name', %s, false)\"": True,
    "\"SELECT set_config('application_name', %s, true)\"": False,
    'execute("LISTEN looks")': True,
    "UPDATE x SET name = 1": False,
    "for row in rows.iterator(1000):": True,
}


def test_rooms_ask_for_nothing_that_is_a_sessions() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    read = {path.relative_to(ROOT).as_posix(): path.read_text() for path in files}
    found = {
        name: [match.group() for match in OF_A_SESSION.finditer(text)]
        for name, text in read.items()
        if not any(part in f"/{name}" for part in PAST_A_POOLER)
    }
    assert {name: each for name, each in found.items() if each} == {}
    assert {text: bool(OF_A_SESSION.search(text)) for text in TRIED} == TRIED
