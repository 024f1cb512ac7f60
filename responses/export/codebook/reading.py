"""Reads the codebook of a study: of what was launched with counts, or of a draft without."""

from dataclasses import replace

import psycopg

from experiments.compiler import compile_study
from experiments.design import Design, digest
from experiments.models import Study
from responses.export.codebook.averaging import averaged
from responses.export.codebook.counting import Counted, counts
from responses.export.codebook.entries import entries, other_tables
from responses.export.codebook.entry import Codebook, Entry, Version
from responses.export.dataset import Column, Dataset, read_dataset
from responses.export.kinds import missing_codes
from responses.models import Mode

DRAFT = "draft"
_NAMED = "SELECT id, number, digest FROM experiments_designversion WHERE study_id = %s"


def read_codebook(connection: psycopg.Connection, *, study_id: int, mode: Mode) -> Codebook:
    """The codebook of what was launched, with the counts of one mode's rows.

    They are of the connection's snapshot, all arms together; while arms are secret what tells them
    has none. At most five SQL statements.
    """
    dataset = read_dataset(connection, study_id=study_id, mode=mode, unblind=False)
    named = connection.execute(_NAMED, [study_id]).fetchall()
    names = {key: Version(str(number), stored) for key, number, stored in named}
    versions = [(names[key], design) for key, design in dataset.versions]
    book = book_of_designs(versions, blind=dataset.blind)
    people, counted = _counted(connection, dataset, book.entries)
    if mode == Mode.REHEARSAL:
        # Whatever the file becomes, its title goes with it.
        book = replace(book, title={key: f"{text} (rehearsal)" for key, text in book.title.items()})
    return replace(book, mode=str(mode), people=people, entries=counted)


def draft_codebook(study: Study) -> Codebook:
    """The codebook of the study's rows as they stand, without counts.

    NotLaunchable with every problem if the rows have any.
    """
    design = compile_study(study)
    return book_of_designs([(Version(DRAFT, digest(design)), design)], blind=False)


def launched_codebook(study: Study) -> Codebook:
    """The codebook of all design versions that were launched, without counts."""
    found = study.versions.order_by("-number")
    versions = [(Version(str(each.number), each.digest), each.written) for each in found]
    return book_of_designs(versions, blind=False)


def codebook_of(study: Study) -> Codebook:
    """The codebook without counts: of what was launched, or of the draft if nothing was."""
    return launched_codebook(study) if study.versions.exists() else draft_codebook(study)


def book_of_designs(versions: list[tuple[Version, Design]], *, blind: bool) -> Codebook:
    """The codebook of these designs, newest first; without counts.

    The digests of launched ones are those that were stored: a design that was read again may have
    fields that its version did not know.
    """
    newest = versions[0][1]
    numbered = [(version.number, design) for version, design in versions]
    told = entries(numbered, blind=blind)
    kinds = missing_codes((design for _, design in versions), (each.variable for each in told))
    return Codebook(
        study=newest.study,
        title=newest.title,
        question=newest.question,
        languages=newest.languages,
        versions=tuple(version for version, _ in versions),
        entries=told,
        kinds=kinds.codes,
        blind=blind,
        others=other_tables(numbered, blind=blind),
    )


def _counted(
    connection: psycopg.Connection, dataset: Dataset, told: tuple[Entry, ...]
) -> tuple[int, tuple[Entry, ...]]:
    """How many participants there are, and the entries with the counts of those not secret."""
    columns = {column.variable.name: column for column in dataset.columns}
    typed = [_typed(entry, columns[entry.name]) for entry in told]
    open_ = [entry for entry in typed if not entry.secret]
    people, found = counts(
        connection,
        dataset,
        [Counted(columns[entry.name], entry.variable.values) for entry in open_],
    )
    counted = {
        entry.name: replace(entry, counts=averaged(entry, each))
        for entry, each in zip(open_, found, strict=True)
    }
    return people, tuple(counted.get(entry.name, entry) for entry in typed)


def _typed(entry: Entry, column: Column) -> Entry:
    """The entry with the type that holds the values of all versions."""
    return replace(entry, variable=replace(entry.variable, type=column.variable.type))
