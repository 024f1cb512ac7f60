"""PURE: the names of lists and strata, and the seed that a name gives a list."""

import hmac
from collections.abc import Mapping, Sequence


def list_seed(
    study_seed: bytes, *, version: int, randomisation: str, mode: str, stratum: str
) -> bytes:
    """The seed of one list: HMAC-SHA256 of its name under the study's seed, 32 bytes."""
    name = "|".join((str(version), randomisation, mode, stratum))
    return hmac.digest(study_seed, name.encode(), "sha256")


def stratum_name(strata: Sequence[str], answers: Mapping[str, str | None]) -> str:
    """The name of the stratum that answers fall in, as in ``gender=female&age_group=2``.

    An answer that is not there leaves its value empty.
    """
    return "&".join(f"{code}={answers.get(code) or ''}" for code in strata)
