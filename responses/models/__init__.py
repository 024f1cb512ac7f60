"""Who saw and said what: participants, what they sent, and the ledger of who was given which arm.

Participant pages read and write these rows by one hand-written statement each (arrival,
submission, allocation); the models hold the schema, the constraints and what the desk lists.
"""

from responses.models.admission import (
    Invitation,
    PanelIdentity,
    QuotaCell,
    QuotaPlace,
    Reminding,
)
from responses.models.correcting import Correction
from responses.models.ledger import Allocation, AllocationHead
from responses.models.marking import ExclusionMark, Marking, MarkReason
from responses.models.participant import Draft, Mode, Paradata, Participant, State, Submission
from responses.models.paying import PayList, Payment
from responses.models.readings import IdentityReading
from responses.models.records import (
    Erasure,
    ExportRecord,
    ExportStatement,
    FlagsBasis,
    WithdrawnCode,
)
from responses.models.tallies import Heartbeat, Tally, TallyChange

__all__ = [
    "Allocation",
    "AllocationHead",
    "Correction",
    "Draft",
    "Erasure",
    "ExclusionMark",
    "ExportRecord",
    "ExportStatement",
    "FlagsBasis",
    "Heartbeat",
    "IdentityReading",
    "Invitation",
    "MarkReason",
    "Marking",
    "Mode",
    "PanelIdentity",
    "Paradata",
    "Participant",
    "PayList",
    "Payment",
    "QuotaCell",
    "QuotaPlace",
    "Reminding",
    "State",
    "Submission",
    "Tally",
    "TallyChange",
    "WithdrawnCode",
]
