"""Which list an allocation is drawn from, and what its seed says of every position."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from experiments import randomisation
from experiments.design import Method, Randomisation
from experiments.models import DesignVersion, Study
from experiments.randomisation import Draw, Place, list_seed, probability
from experiments.seed import seed_of

START = Place()
# Methods whose next draw can only be known once all before it are.
LOOKING_BACK = (Method.MINIMISATION, Method.TOWARD_COMPLETES)
CLUSTER = "cluster="


@dataclass(frozen=True)
class ListName:
    """Which list: the design version, the randomisation as written, the mode and the stratum.

    Where clusters are assigned, the list of the empty stratum has a row for each cluster, and the
    members of a cluster have a list of their own: `cluster=` with the cluster's keyed hash.
    """

    version: DesignVersion
    randomisation: Randomisation
    mode: str
    stratum: str

    @property
    def key(self) -> tuple[int, str, str, str]:
        """The columns that name the list in the head row and in the ledger."""
        return (self.version.pk, self.randomisation.code, self.mode, self.stratum)

    @property
    def columns(self) -> dict[str, int | str]:
        """The same by the columns' names."""
        return dict(zip(("version_id", "randomisation", "mode", "stratum"), self.key, strict=True))

    @property
    def genesis(self) -> bytes:
        """The digest that the chain starts from: SHA-256 of the design's digest and the name."""
        name = "|".join((self.version.digest, *map(str, self.key[1:])))
        return hashlib.sha256(name.encode()).digest()

    @property
    def of_clusters(self) -> bool:
        """Whether its rows are clusters rather than participants."""
        return bool(self.randomisation.cluster) and not self.stratum

    def seed(self, study_seed: bytes) -> bytes:
        """The seed of this list."""
        return list_seed(
            study_seed,
            version=self.version.number,
            randomisation=self.randomisation.code,
            mode=self.mode,
            stratum=self.stratum,
        )


def share(name: ListName, arm: int) -> str:
    """The probability that the ledger states for the arm of that index of a list, as a fraction."""
    return str(probability([arm.weight for arm in name.randomisation.arms], arm))


def draws(name: ListName, study_seed: bytes, place: Place = START) -> Iterator[Draw]:
    """The list from a place in it, the first position if none is given, without end."""
    step = name.randomisation
    weights = [arm.weight for arm in step.arms]
    seed = name.seed(study_seed)
    return randomisation.list_draws(step.method, seed, weights, step.block_sizes, place)


@lru_cache(maxsize=1024)
def seed_in_use(study_id: int) -> bytes:
    """The seed of a study; it is drawn once and never changes, so a process decrypts it once."""
    return seed_of(Study.objects.get(pk=study_id))
