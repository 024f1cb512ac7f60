"""PURE: what every plot of a look has: fonts, colours, and the way into SVG or PDF.

The same numbers give the same bytes. Texts of an SVG stay texts, so that the reader's fonts draw
them (Korean too). A PDF holds its font, which knows no Korean: see `drawable`.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from threading import Lock

import matplotlib
from matplotlib import get_data_path
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        # A study's text with two dollar signs is no formula, and one that is none stops a plot.
        "text.parse_math": False,
        # Ids in the SVG come from a hash with this salt instead of a random one.
        "svg.hashsalt": "coprod",
        "font.family": "sans-serif",
        "font.size": 10,
    }
)
# Matplotlib keeps global state; requests come in threads.
DRAWING = Lock()

INK, SOFT, BAND, MARK = "#1f2937", "#6b7280", "#e5e7eb", "#b45309"
# Told apart by dashes and markers too, not by colour alone.
COLOURS = ("#1f2937", "#1d4ed8", "#b45309", "#047857", "#7c3aed", "#be123c")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P")
FONT = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@contextmanager
def drawing(width: float, height: float) -> Iterator[Figure]:
    """A figure of that size in inches, with the lock that Matplotlib needs."""
    with DRAWING:
        yield Figure(figsize=(width, height), layout="constrained")


def drawable(text: str) -> bool:
    """Whether the font of a PDF has all of the text's characters."""
    known = FT2Font(str(FONT)).get_charmap()
    return all(ord(character) in known for character in text)


def named(kind: str, label: str, code: str) -> str:
    """What to write for a thing: its label, or its code where a PDF can't draw the label."""
    return label if kind == "svg" or drawable(label) else code


def written(figure: Figure, kind: str, title: str, description: str, mark: str = "") -> bytes:
    """The figure as the bytes of an SVG that assistive software can read, or of a PDF.

    A `mark` stands across all of it, and before its title.
    """
    out = io.BytesIO()
    if mark:
        title = f"{mark}: {title}"
        _marked(figure, mark)
    with warnings.catch_warnings():
        # The reader's font has the glyphs that Matplotlib's own lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        if kind == "pdf":
            FigureCanvasPdf(figure)
            nothing = dict.fromkeys(("CreationDate", "Creator", "Producer"))
            figure.savefig(out, format="pdf", metadata={**nothing, "Title": title})
            return out.getvalue()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _described(out.getvalue().decode(), title, description).encode()


def _marked(figure: Figure, mark: str) -> None:
    """Writes it across the figure, about every three inches of its height."""
    rows = max(1, round(figure.get_figheight() / 3))
    for row in range(rows):
        text = figure.text(0.5, (row + 0.5) / rows, mark, ha="center", va="center", rotation=25)
        text.set(fontsize=54, weight="bold", color=MARK, alpha=0.16, zorder=100)


def _described(svg: str, title: str, description: str) -> str:
    """The SVG with its title and description, which assistive software reads."""
    told = f'<title id="title">{escape(title)}</title><desc id="desc">{escape(description)}</desc>'
    opening = re.search(r"<svg\b[^>]*>", svg)
    if opening is None:
        raise ValueError("Matplotlib wrote no SVG.")
    role = opening.group().removesuffix(">") + ' role="img" aria-labelledby="title desc">'
    return svg[: opening.start()] + role + told + svg[opening.end() :]
