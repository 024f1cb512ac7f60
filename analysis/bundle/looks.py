"""The looks of a bundle: what each found, its report and plots, and the scripts that redo it."""

from collections.abc import Sequence
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import override

from analysis.figure_tables import figure_tables
from analysis.figure_views import KINDS, figures_of, plotted
from analysis.models import Look
from analysis.redo import look_json, numbers_csv, python_script, r_script, seen
from analysis.redo_facts import NoScriptError
from analysis.report import report
from analysis.wording import Wording

# The frame of a report is English, as a bundle's README is.
LANGUAGE = "en"
# What the scripts need beside what a look says of itself, as our tests run them.
STATSMODELS = "0.15.0"
ESTIMATR = "1.0.0"


def write_look(look: Look, folder: Path) -> None:
    """Writes the folder of a look, with its scripts where there are some."""
    figures = folder / "figures"
    figures.mkdir(parents=True)
    (folder / "look.json").write_bytes(look_json(look))
    try:
        scripts = {
            "look.py": python_script(look).encode(),
            "look.R": r_script(look).encode(),
            "numbers.csv": numbers_csv(look),
        }
    except NoScriptError:
        scripts = {}
    for name, content in scripts.items():
        (folder / name).write_bytes(content)
    with override(LANGUAGE):
        for name, _said in figures_of(seen(look), Wording(look.version.written, LANGUAGE)):
            for kind in KINDS:
                (figures / f"{name}.{kind}").write_bytes(plotted(look, name, kind))
        (folder / "report.html").write_bytes(report_file(look))


def report_file(look: Look) -> bytes:
    """The report as an HTML file that shows the plots beside it."""
    results, words = seen(look), Wording(look.version.written, LANGUAGE)
    tables = figure_tables(look, results, words)
    figures = [(name, said, tables.get(name)) for name, said in figures_of(results, words)]
    context = {"look": look, "report": report(look, LANGUAGE), "figures": figures}
    return render_to_string("analysis/bundle/report.html", context).encode()


def write_packages(looks: Sequence[Look], folder: Path) -> None:
    """Writes which packages the scripts need, in the versions of the last look."""
    libraries = looks[-1].libraries
    pinned = {name: libraries[name] for name in ("numpy", "scipy")} | {"statsmodels": STATSMODELS}
    lines = "".join(f"{name}=={version}\n" for name, version in pinned.items())
    (folder / "requirements.txt").write_text(lines, "utf-8", newline="\n")
    text = f'install.packages("remotes")\nremotes::install_version("estimatr", "{ESTIMATR}")\n'
    (folder / "packages.R").write_text(text, "utf-8", newline="\n")
