"""What Parquet keeps in memory: a row group of so many values, and nothing that was freed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from coprod_site.embedded import ROOT
from tests.responses.export.test_binary_formats import file_of, writing

# Has Arrow take 60 MB, in pieces of one size after the other, and give them back; prints how many
# kilobytes of its own the process has before, with them and after each.
TAKING = """
import ctypes
import responses.export.parquet
import pyarrow

def kilobytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))

for size in (1_000, 17_000, 200_000, 3_000_000):
    before = kilobytes()
    pieces = [pyarrow.allocate_buffer(size) for _ in range(60_000_000 // size)]
    for piece in pieces:
        ctypes.memset(piece.address, 1, piece.size)
    held = kilobytes()
    del piece, pieces
    print(before, held, kilobytes())
"""
# Of the lists of pieces and the allocator's books; by itself it would keep all of the 60 MB.
MOST_KEPT = 15_000


def test_what_arrow_freed_goes_back_at_once() -> None:
    plain = {name: value for name, value in os.environ.items() if "MIMALLOC" not in name}
    told = subprocess.run(
        [sys.executable, "-c", TAKING],
        cwd=ROOT,
        env=plain,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    steps = [[int(each) for each in line.split()] for line in told.stdout.splitlines()]
    (before, held, _), *_ = steps
    assert held - before > 50_000
    assert [after - before < MOST_KEPT for _, _, after in steps] == [True] * 4


@pytest.mark.django_db(transaction=True)
def test_row_groups_of_many_columns_have_fewer_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = writing([f"text {number}" for number in range(10)])
    columns = parquet.read_metadata(file_of(study, "parquet", tmp_path)).num_columns
    monkeypatch.setattr("responses.export.parquet.VALUES", 4 * columns + 1)
    read = parquet.ParquetFile(file_of(study, "parquet", tmp_path))
    sizes = [read.metadata.row_group(group).num_rows for group in range(read.num_row_groups)]
    assert sizes == [4, 4, 2]
    assert read.read()["comment"].to_pylist() == [f"text {number}" for number in range(10)]
