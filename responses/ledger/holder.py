"""Who is to be allocated, and by what."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Holder:
    """Who is to be allocated: the participant as they were when their answers were checked."""

    participant_id: int
    reference: UUID
    revision: int


@dataclass(frozen=True)
class Basis:
    """What a draw goes by beside its list: covariates as `stratum_name` writes them, the cluster.

    The cluster is a keyed hash in hexadecimals.
    """

    covariates: str = ""
    cluster: str = ""
