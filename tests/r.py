"""R, which reads what researchers get and redoes it; no part of Coprod, but tests need it."""

import shutil
import subprocess
from functools import cache

MISSING = (
    "The tests need R with its packages estimatr and haven: "
    "apt-get install r-base-core r-cran-estimatr r-cran-haven, as .ci/run does."
)
HAS_PACKAGES = """
wanted <- c("estimatr", "haven")
quit(status = !all(sapply(wanted, requireNamespace, quietly = TRUE)))
"""


@cache
def rscript() -> str:
    """The program; what needs it fails where it or one of the packages is not there."""
    program = shutil.which("Rscript")
    assert program, MISSING
    asked = subprocess.run([program, "-e", HAS_PACKAGES], capture_output=True, check=False)
    assert asked.returncode == 0, MISSING
    return program
