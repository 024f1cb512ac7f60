"""PURE: the names of lists and strata, and the seed that a name gives a list."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote


def list_seed(
    study_seed: bytes, *, version: int, randomisation: str, mode: str, stratum: str
) -> bytes:
    """The seed of one list: HMAC-SHA256 of its name under the study's seed, 32 bytes."""
    name = "|".join((str(version), randomisation, mode, stratum))
    return hmac.digest(study_seed, name.encode(), "sha256")


def stratum_name(strata: Sequence[str], answers: Mapping[str, str | None]) -> str:
    """The name of the stratum that answers fall in, as in ``gender=female&age_group=2``.

    An answer that is not there leaves its value empty. Values are percent-encoded, so that what a
    link brings, such as ``a&b=c``, names no other stratum; the codes of options stay as they are.
    """
    return "&".join(f"{code}={quote(answers.get(code) or '', safe='')}" for code in strata)


def stratum_said(name: str) -> str:
    """A stratum's name as somebody reads it, as in ``panel=b & c``; never more than one line."""
    said = unquote(name)
    return said if said.isprintable() else name
