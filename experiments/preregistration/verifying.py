"""PURE: what was committed to, and how anybody holds the study to it afterwards."""

from experiments.commitment import Commitment, check_command
from experiments.design import Design
from experiments.preregistration.words import code, points

_REPLAY = (
    "With the seed every assignment is drawn again and held against the ledger and its chain of "
    "digests: `verify_allocation` says in one line what holds, or which row first does not."
)


def verifying(design: Design, commitment: Commitment | None) -> list[str]:
    """The commitments, if the design is launched, and the checks."""
    address = code(f"/s/{design.study}/about-study/")
    if commitment is None:
        return [
            "At the launch the SHA-256 of the frozen design and of the seed are published on the "
            f"study’s public page, {address}; the seed itself when the study is closed.",
            _REPLAY,
        ]
    return [
        points(
            (
                f"SHA-256 of the design’s canonical JSON: {code(commitment.digest)}",
                f"SHA-256 of the seed’s 32 bytes: {code(commitment.seed_sha256)}",
            )
        ),
        f"Both stand on the study’s public page, {address}, with those of every later version. "
        "When the study is closed the seed is revealed there. In place of SEED it makes this "
        "command print the SHA-256 above:",
        f"```sh\n{check_command()}\n```",
        _REPLAY,
        "Every later version, every look at the data and every export that showed arms before the "
        "close is listed in the study’s report.",
    ]
