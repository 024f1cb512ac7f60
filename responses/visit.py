"""What one request adds to a page: who asks, what they typed, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from responses.questionnaire import Facts, Fault, Sent


@dataclass(frozen=True)
class Visit:
    """What one request adds to a page that is the same for everybody.

    `typed` are fields as they were sent, drafted or answered before; `asked` the soft items that
    were asked for once; `tries_left` counts by comprehension check; `seconds_left` goes with the
    page fault that it was sent too soon. `wait` are the seconds until the page may be sent, `left`
    those until its time is up. `unsaved`: what they sent of an earlier page was not taken.
    `carried` is what comes back with the page, see `responses.carried`.
    """

    facts: Facts = field(default_factory=Facts)
    resume_code: str = ""
    completion_code: str = ""
    nonce: str = ""
    link_parameters: str = ""
    typed: Sent = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    tries_left: Mapping[str, int] = field(default_factory=dict)
    page_fault: Fault | None = None
    seconds_left: int = 0
    wait: int = 0
    left: int = 0
    redirect: str = ""
    draft_number: int = 0
    carried: str = ""
    unsaved: bool = False

    @property
    def plain(self) -> bool:
        """Whether the page is shown as it was kept: nothing typed in it and nothing wrong."""
        return not (self.typed or self.faults or self.page_fault)
