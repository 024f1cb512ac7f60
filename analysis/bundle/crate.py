"""PURE: a bundle's ro-crate-metadata.json, by RO-Crate 1.2. https://w3id.org/ro/crate/1.2"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from analysis.bundle.licence import Licence
from analysis.bundle.verify import MANIFEST

NAME = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
LICENCE_FILE = "LICENSE.txt"
_CODE = (".py", ".R")
_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".R": "text/plain",
    ".sha256": "text/plain",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}
# What files are, by their names; the first that fits.
DESCRIBED: tuple[tuple[str, str], ...] = (
    ("README.md", "What is in this bundle, how to check it and how to run it again"),
    (LICENCE_FILE, "Under which licence this bundle may be used"),
    (MANIFEST, "The SHA-256 of every file, for sha256sum --check"),
    ("verify.py", "Checks this bundle; needs Python alone"),
    ("reconciliation.json", "How many entered, were assigned and are in each table"),
    ("data/analysis/participants.*", "One row for each participant"),
    ("data/analysis/answers.*", "One row for each answer"),
    ("data/analysis/vignettes.*", "One row for each vignette that somebody was given"),
    ("data/raw/submissions.*", "One row for each page that was sent, as it was sent"),
    ("data/raw/paradata.*", "One row for each page, with its times and the device"),
    ("codebook/*", "What each variable is, with its counts"),
    ("design/versions.json", "The versions of the design with the digests of their launch"),
    ("design/version-*.json", "A version of the design, byte for byte as it was launched"),
    ("design/version-*.yaml", "The same version as a study file"),
    ("ledger/verify_ledger.py", "Draws every allocation again; needs Python alone"),
    ("ledger/study.json", "The seed, and the SHA-256 that it was committed to by at launch"),
    ("ledger/ledger.csv", "Every allocation, in a chain of digests"),
    ("ledger/heads.csv", "Where each allocation list ended"),
    ("ledger/design-*.json", "A version of the design, as verify_ledger.py reads it"),
    ("looks/*/look.json", "Everything that a look found"),
    ("looks/*/report.html", "The report of a look"),
    ("looks/*/numbers.csv", "The numbers of a look that its scripts compute anew"),
    ("looks/*/look.py", "Computes the look's numbers anew, in Python"),
    ("looks/*/look.R", "Computes the look's numbers anew, in R"),
    ("looks/*/figures/*", "A plot of a look"),
    ("looks/requirements.txt", "The versions of the Python packages that the scripts need"),
    ("looks/packages.R", "Installs the R packages that the scripts need, in their versions"),
    ("preregistration/deviations.md", "What departs from the plan"),
    ("preregistration/*", "What a launch announced, as registries ask for it"),
    ("flow/*", "How many came how far, by arm, as CONSORT asks"),
)


@dataclass(frozen=True)
class File:
    """A file of the bundle: its name with slashes, its bytes and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Facts:
    """What the metadata say of the bundle as a whole; `published` is a day, ISO 8601."""

    name: str
    description: str
    published: str
    languages: tuple[str, ...]
    licence: Licence


def metadata(facts: Facts, files: Sequence[File]) -> bytes:
    """The file, UTF-8: it describes all of the files, itself and the manifest left out."""
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": SPECIFICATION},
        },
        _root(facts, [*(file.name for file in files), MANIFEST]),
        *(_file(file) for file in files),
        # Its size and digest would depend on this file's.
        _described({"@id": MANIFEST, "@type": "File"}),
        *_licence(facts.licence),
    ]
    # The context of RO-Crate has schema.org's terms of its day; this one is younger.
    context = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
    told = {"@context": context, "@graph": graph}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _root(facts: Facts, names: Sequence[str]) -> Mapping[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.name,
        "description": facts.description,
        "datePublished": facts.published,
        "inLanguage": list(facts.languages),
        "license": {"@id": facts.licence.url or LICENCE_FILE},
        "hasPart": [{"@id": name} for name in names],
    }


def _file(file: File) -> Mapping[str, Any]:
    kind = ["File", "SoftwareSourceCode"] if file.name.endswith(_CODE) else "File"
    thing = {"@id": file.name, "@type": kind}
    return _described(thing) | {"contentSize": str(file.size), "sha256": file.sha256}


def _described(thing: Mapping[str, Any]) -> dict[str, Any]:
    path = PurePosixPath(thing["@id"])
    return {
        **thing,
        "name": str(path),
        "description": describe(str(path)),
        "encodingFormat": _TYPES[path.suffix],
    }


def describe(name: str) -> str:
    """What a file of a bundle is; KeyError for one that nobody described."""
    for pattern, said in DESCRIBED:
        if fnmatchcase(name, pattern):
            return said
    raise KeyError(name)


def _licence(licence: Licence) -> Iterator[Mapping[str, Any]]:
    if licence.url:
        yield {
            "@id": licence.url,
            "@type": "CreativeWork",
            "name": licence.name,
            "description": licence.said,
        }
