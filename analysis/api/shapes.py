"""The shapes of what the API answers, as its OpenAPI document tells them."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from analysis.models import ApiToken
from experiments.models import Status
from responses.codes import Pay
from responses.models import Mode, State

Texts = dict[str, str]


class Wrong(Schema):
    """One thing that is wrong with a request."""

    where: str
    message: str


class ProblemShape(Schema):
    """Problem JSON (RFC 9457); `remedy` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str
    errors: list[Wrong] | None = None


class StudyShape(Schema):
    """A study that the token reaches; times are UTC, texts by language."""

    id: int
    slug: str
    title: Texts
    status: Status
    languages: list[str]
    launched_at: datetime | None
    closed_at: datetime | None


class Studies(Schema):
    """A page of studies."""

    items: list[StudyShape]
    next: int | None


class VersionShape(Schema):
    """A launched design; `reason` is the one that was given for it."""

    number: int
    digest: str
    pilot: bool
    reason: str
    launched_at: datetime


class StudyWhole(StudyShape):
    """A study with its launches and the token's scopes; `seed` is null until it closes."""

    question: Texts
    seed_sha256: str
    seed: str | None
    live_version: int | None
    pilot_version: int | None
    versions: list[VersionShape]
    scopes: list[ApiToken.Scope]


class LookShape(Schema):
    """A spent look; `url` has what it found."""

    id: int
    mode: Mode
    number: int
    final: bool
    n: int
    spent_at: datetime
    cut_digest: str
    plan_digest: str
    url: str


class Looks(Schema):
    """A page of looks, in the order in which they were spent."""

    items: list[LookShape]
    next: int | None


class Given(Schema):
    """What one randomisation of a version has given out: the rows of all of its lists."""

    version: int
    randomisation: str
    lists: int
    rows: int
    given_again: int


class GivenByArm(Schema):
    """How many rows of a randomisation gave an arm."""

    version: int
    randomisation: str
    arm: str
    rows: int


class Allocations(Schema):
    """How far the allocation of a mode is; `arms` and `seed` are null while they are secret."""

    study: str
    mode: Mode
    blinded: bool
    seed_sha256: str
    seed: str | None
    randomisations: list[Given]
    arms: list[GivenByArm] | None


class ListHead(Schema):
    """Where a list of the ledger stands; `digest` (hex) is that of its last row."""

    id: int
    version: int
    randomisation: str
    stratum: str
    rows: int
    given_again: int
    digest: str


class ListHeads(Schema):
    """A page of lists."""

    items: list[ListHead]
    next: int | None


class LedgerRow(Schema):
    """A row of the ledger, as the ledger's export has it; hashes in hex."""

    id: int
    version: int
    randomisation: str
    stratum: str
    position: int
    draw: int
    block: int
    arm: str
    probability: str
    releases: int | None
    covariates: str
    key: str
    holder: str
    allocated_at: datetime
    digest: str


class LedgerRows(Schema):
    """A page of rows, in the order in which they were written."""

    items: list[LedgerRow]
    next: int | None


class FlowShape(Schema):
    """How everybody who entered by one version went on: `entered` is the sum of the others."""

    version: int
    entered: int
    consented: int
    refused: int
    screened_out: int
    quota_full: int
    left_before_consent: int


class AssignedShape(Schema):
    """Rows of one randomisation's ledger: `assigned` is the sum of the others."""

    version: int
    randomisation: str
    assigned: int
    exported: int
    withdrawn: int
    given_again: int


class Statement(Schema):
    """What an export states of itself: who entered, who was assigned, and how many rows it has."""

    study: str
    mode: Mode
    stated_at: datetime
    flows: list[FlowShape]
    assigned: list[AssignedShape]
    rows: dict[str, int]


class InvitationShape(Schema):
    """A personal link: for whom it was made and whether somebody entered by it."""

    id: int
    label: str
    used: bool


class Invitations(Schema):
    """A page of invitations, in the order in which they were made."""

    items: list[InvitationShape]
    next: int | None


class PanelStatus(Schema):
    """What a panel may know of somebody whom it sent: never an answer, never an arm."""

    panel_id: str
    mode: Mode
    state: State | None = Field(description="null if nobody of that id entered")
    pay: Pay
    why: str
    completion_code: str = Field(description="the code that they were shown; may be empty")
