"""The documentation keeps up with the code: links, variables, commands, and the first study."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands
from django.test import Client

from coprod_site.embedded import ROOT
from experiments.studyfile import parse
from tests.deployment import WANTED
from tests.environment import read_by_anything, read_by_settings
from tests.responses.studies import entered, sent

TEXTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = ("experiments", "responses", "analysis", "rehearsal", "coprod_site")
LINK = re.compile(r"(?:!?\[[^\]]*\]\(|<img src=\")([^)\"\s]+)")
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| (`[^|]+`) \|", re.MULTILINE)
NAME = re.compile(r"`([A-Z_]+)`")
# Folders of one person's machine, as against those of a container.
MACHINE = re.compile(r"(?<![\w.`$}])/(?:home|Users|root|work|mnt|usr|private)/\S*")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEXTS, ids=_name)
def test_links_lead_to_files_and_headings(path: Path) -> None:
    lost = []
    for link in LINK.findall(INLINE.sub("", CODE.sub("", path.read_text()))):
        target, _, anchor = unquote(link).partition("#")
        if "://" in target:
            continue
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("path", TEXTS, ids=_name)
def test_texts_name_no_folder_of_a_machine(path: Path) -> None:
    assert MACHINE.findall(path.read_text()) == []


def test_index_leads_to_every_text() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text())}
    assert linked == {text for text in TEXTS if (ROOT / "docs") in text.parents} - {index}


def test_readme_begins_with_the_two_commands() -> None:
    first = CODE.search((ROOT / "README.md").read_text())
    assert first
    commands = [line.split()[:2] for line in first.group().splitlines()[1:-1]]
    assert commands == [["make", "run"], ["make", "test"]]
    before = (ROOT / "README.md").read_text()[: first.start()]
    assert before.count("\n") <= 2


@pytest.mark.parametrize("path", TEXTS, ids=_name)
def test_texts_name_targets_that_the_makefile_has(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(), re.MULTILINE)
    assert set(named) <= set(targets)


def test_operations_lists_every_variable_and_no_other() -> None:
    listed = _listed("Environment variables")
    assert len(listed) == len(set(listed)), "a variable is listed twice"
    assert set(listed) == read_by_anything()


def test_operations_states_the_settings_defaults() -> None:
    """A variable that must be set has no default; every other one says what it is."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|([^|]*)\|", _section("Environment variables"), re.M)
    without = {name for name, default in rows if not default.strip()}
    assert without == {name for name, must in read_by_settings().items() if must}


def test_operations_lists_every_variable_of_compose() -> None:
    names = {name for name, _, _ in WANTED.findall((ROOT / "docker-compose.yml").read_text())}
    assert set(_listed("Variables of compose")) == names


def test_operations_lists_every_command_and_no_other() -> None:
    ours = {app.name for app in apps.get_app_configs() if (ROOT / app.name).is_dir()}
    commands = {name for name, app in get_commands().items() if app in ours}
    assert {row.strip("`").split()[0] for row in ROW.findall(_section("Commands"))} == commands


def test_architecture_names_files_and_tables_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    paths = re.findall(r"`([a-z_]+(?:/[\w.]+)+/?)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(re.findall(r"`((?:experiments|responses|analysis)_[a-z]+)`", text)) <= tables


def test_architecture_names_functions_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`([a-z_]+)\.(?!py`)([A-Za-z_]+)`", text))
    assert len(named) > 15
    sources = [source for room in ROOMS for source in (ROOT / room).rglob("*.py")]
    # A package offers what its modules define.
    defined = {
        (module, name)
        for source in sources
        for module in (source.stem, source.parent.name)
        for name in re.findall(r"^(?:def |class )?(\w+)", source.read_text(), re.MULTILINE)
    }
    assert named - defined == set()


def test_contributing_names_files_that_exist() -> None:
    text = CODE.sub("", (ROOT / "CONTRIBUTING.md").read_text())
    paths = re.findall(r"`([a-z_]+(?:/[\w.]+)+/?)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_dependencies_are_each_given_a_reason() -> None:
    """Every package that pyproject.toml asks for is named in the decision on dependencies."""
    declared = (ROOT / "pyproject.toml").read_text().partition("[dependency-groups]")[0]
    names = re.findall(r'^ {4}"([a-z0-9.-]+)', declared, re.MULTILINE)
    decision = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", decision)] == []


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_quickstart_leads_from_the_file_to_data(
    client: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    (tmp_path / "park.yaml").write_text(_quickstart_file())
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^manage (\w+) ([^>\n]*)", _quickstart(), re.M)
    assert [name for name, _ in commands][-2:] == ["verify_allocation", "export_csv"]
    said = {}
    for name, arguments in commands:
        call_command(name, *arguments.split())
        said[name] = capfdbinary.readouterr().out.decode()
        if (name, "--pilot" in arguments) == ("launch_study", False):
            _take_part(client)
    (person,) = csv.DictReader(io.StringIO(said["export_csv"]))
    assert (person["help1"], person["help2"], person["state"]) == ("3", "1", "completed")
    assert person["arm"] in ("low", "high")
    assert (
        said["verify_allocation"]
        == "1 allocations in 1 lists replay; 1 are linked to participants.\n"
    )


def _take_part(client: Client) -> None:
    entered(client)
    sent(client, "about", {"near": "no"})
    client.get("/s/park/story/")
    sent(client, "story", {})
    assert sent(client, "opinion", {"help1": "3", "help2": "1"}) == "thanks"


def test_quickstart_names_what_the_desk_shows() -> None:
    section = _quickstart().partition("## The same at the desk")[2].partition("## From here")[0]
    shown = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", section, re.S)}
    lists = {str(m._meta.verbose_name_plural).capitalize() for m in apps.get_models()}
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "experiments" / "desk").glob("*.py")]
    desk = "\n".join(source.read_text() for source in sources)
    assert {words for words in shown - lists if f'"{words}"' not in desk} == set()


def test_quickstart_shows_a_file_without_problems() -> None:
    assert parse(_quickstart_file()).problems == ()


def _quickstart() -> str:
    return (ROOT / "docs" / "quickstart.md").read_text()


def _quickstart_file() -> str:
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", _quickstart(), re.M | re.S)
    return str(block)


def _section(title: str) -> str:
    """What stands below a heading of operations.md, up to the next of its level."""
    text = (ROOT / "docs" / "operations.md").read_text()
    match = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", text, re.M | re.S)
    assert match, title
    return match[2]


def _listed(title: str) -> list[str]:
    """The variables that the first columns of a section's tables name."""
    return [name for row in ROW.findall(_section(title)) for name in NAME.findall(row)]


def _anchors(file: Path) -> set[str]:
    """The anchors of a text's headings, as a forge makes them."""
    headings = HEADING.findall(CODE.sub("", file.read_text()))
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
