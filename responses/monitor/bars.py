"""PURE: counts as the bars of a picture that is stretched to the room that it has."""

from collections.abc import Sequence
from dataclasses import dataclass

STEP, GAP, HEIGHT = 10, 2, 100


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the picture."""

    x: int
    y: int
    height: int
    width: int = STEP - GAP


@dataclass(frozen=True)
class Strip:
    """The bars of counts over the same spans; `most` is the highest count, `total` their sum."""

    bars: tuple[Bar, ...]
    width: int
    most: int
    total: int
    height: int = HEIGHT

    @property
    def path(self) -> str:
        """The bars as one path of SVG."""
        return "".join(
            f"M{bar.x} {bar.y}h{bar.width}v{bar.height}h-{bar.width}z" for bar in self.bars
        )


def strip(counts: Sequence[int]) -> Strip:
    """A bar for each count that is not 0, the highest as high as the picture."""
    most = max(counts, default=0)
    bars = tuple(
        Bar(STEP * place, HEIGHT - height, height)
        for place, count in enumerate(counts)
        if count
        # One among thousands is seen too.
        for height in [max(3, round(HEIGHT * count / most))]
    )
    return Strip(bars, STEP * len(counts), most, sum(counts))
