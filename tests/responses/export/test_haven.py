"""R's haven reads Stata's and SPSS' files."""

import subprocess
from pathlib import Path

import pytest

from tests.r import rscript
from tests.responses.export.hostile import HOSTILE
from tests.responses.export.test_binary_formats import FIT, answered, file_of, writing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

READ = """
arguments <- commandArgs(TRUE)
read <- if (arguments[2] == "dta") haven::read_dta else
  function(file) haven::read_sav(file, user_na = TRUE)
data <- read(arguments[1])
labels <- function(column) {
  found <- attr(column, "labels")
  tags <- if (is.double(found)) haven::na_tag(found) else NA
  paste0(ifelse(is.na(tags), as.character(found), tags), "=", names(found), collapse = "; ")
}
bytes <- function(text) paste(as.character(charToRaw(enc2utf8(text))), collapse = "")
cat(attr(data$gender, "label"), "\\n", labels(data$gender), "\\n", sep = "")
cat(sum(is.na(data$motive1)), nrow(data), "\\n")
cat(sapply(data$comment, bytes), sep = "\\n")
"""
GENDERS = {"dta": "1=Woman; 2=Man; a=Rather not say", "sav": "1=Woman; 2=Man; 3=Rather not say"}


def by_haven(path: Path, name: str) -> list[str]:
    """What the script says of a file, line by line."""
    script = path.with_suffix(".R")
    script.write_text(READ)
    command = [rscript(), str(script), str(path), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["dta", "sav"])
def test_haven_reads_labels_and_kinds_of_missing(name: str, tmp_path: Path) -> None:
    label, genders, missing, *_ = by_haven(file_of(answered(), name, tmp_path), name)
    assert (label, genders) == ("Your gender?", GENDERS[name])
    assert missing.split() == ["2", "2"]


@pytest.mark.parametrize("name", ["dta", "sav"])
def test_haven_reads_texts_as_they_were_written(name: str, tmp_path: Path) -> None:
    texts = HOSTILE if name == "dta" else FIT
    _, _, _, *read = by_haven(file_of(writing(texts), name, tmp_path), name)
    assert [bytes.fromhex(text).decode() for text in read] == texts
