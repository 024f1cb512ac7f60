"""R reads the text formats as they are meant."""

import subprocess
from pathlib import Path

import pytest

from tests.r import rscript
from tests.responses.export.hostile import HOSTILE
from tests.responses.export.test_text_formats import hostile, unguarded, written

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

READ = """
file <- commandArgs(TRUE)[1]
data <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8",
                 check.names = FALSE)
bytes <- function(text) paste(as.character(charToRaw(text)), collapse = "")
cat(names(data)[1], nrow(data), sapply(data$comment, bytes), sep = "\\n")
"""


def test_r_reads_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "read.R").write_text(READ)
    (tmp_path / "park.csv").write_bytes(written(hostile(), "csv"))
    command = [rscript(), str(tmp_path / "read.R"), str(tmp_path / "park.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, count, *texts = done.stdout.splitlines()
    assert (first, int(count)) == ("participant", len(HOSTILE))
    # R takes every line break within a field for a bare LF.
    read = [unguarded(bytes.fromhex(text).decode()) for text in texts]
    assert read == [text.replace("\r\n", "\n") for text in HOSTILE]
