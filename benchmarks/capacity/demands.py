"""The demands that the docs reckon with. PURE."""

from benchmarks.capacity.model import DAY, WEEK, Demand

# People come in the evening, and all at once when a panel invites them.
PEAK = 4
DEMANDS = (
    Demand("a panel of 5,000 in ten minutes", 5_000, 600, 1),
    Demand("100,000 in a week", 100_000, WEEK, PEAK),
    Demand("1,000,000 in a week", 1_000_000, WEEK, PEAK),
    Demand("1,000,000 in a day", 1_000_000, DAY, PEAK),
    Demand("100,000,000 in twelve weeks", 100_000_000, 12 * WEEK, PEAK),
    Demand("100,000,000 in a week", 100_000_000, WEEK, PEAK),
    Demand("100,000,000 in a day", 100_000_000, DAY, PEAK),
)
# Cores of machines that carry web and Postgres together.
MACHINES = (2, 4, 8, 16)
# The study that ships draws from six lists; a third of the people on one is more than comes about.
SHARE = 1 / 3
