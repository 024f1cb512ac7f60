"""Quality flags: what makes an answer doubtful, counted by rule, and never a reason by itself.

`rules` holds the rules, which are PURE; `refreshing` applies them to the rows of a study.
docs/quality-flags.md explains each rule.

No rule counts what only some arms were shown, ever: `judged` leaves it out.
"""

from responses.quality.judged import Judged, judged
from responses.quality.record import Record, Sent
from responses.quality.refreshing import refresh_flags
from responses.quality.rules import flags_of

__all__ = ["Judged", "Record", "Sent", "flags_of", "judged", "refresh_flags"]
