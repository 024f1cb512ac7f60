"""PURE: the history that minimisation looks back on: who with which covariates got which arm."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Profile = Mapping[str, str]  # covariate code to the participant's level; "" is no answer


@dataclass(frozen=True)
class Tally:
    """How many of each arm were allocated with each level of each covariate.

    `counts` has for (covariate, level) one number per arm; what was never seen may be left out.
    """

    arms: int
    counts: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, arms: int, allocations: Iterable[tuple[Profile, int]]) -> "Tally":
        """The tally of these allocations, each a profile and the index of its arm."""
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * arms)
        for profile, arm in allocations:
            for place in profile.items():
                counts[place][arm] += 1
        return cls(arms, {place: tuple(numbers) for place, numbers in counts.items()})

    @classmethod
    def from_json(cls, arms: int, counts: Mapping[str, list[int]]) -> "Tally":
        """The tally that `as_json` wrote."""
        places = {tuple(place.split("=", 1)): tuple(each) for place, each in counts.items()}
        return cls(arms, places)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, list[int]]:
        """The counts by ``covariate=level``, as a database keeps them."""
        return {"=".join(place): list(each) for place, each in self.counts.items()}

    def at(self, covariate: str, level: str) -> tuple[int, ...]:
        """How many of each arm have that level."""
        return self.counts.get((covariate, level), (0,) * self.arms)

    def with_(self, profile: Profile, arm: int) -> "Tally":
        """The tally with one more allocation."""
        more = {
            (code, level): tuple(n + (k == arm) for k, n in enumerate(self.at(code, level)))
            for code, level in profile.items()
        }
        return Tally(self.arms, {**self.counts, **more})
