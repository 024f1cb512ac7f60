"""The study file that tests read, write and break: that of `small()`."""

from experiments.studyfile import dump
from tests.designs import small

TEXT = dump(small())
