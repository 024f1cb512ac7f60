"""Study rows: a study as data that the admin and the study file both edit, and what was frozen.

Rows are a working copy. Nothing that a participant meets reads them: `compiler` turns them into
a Design, a launch freezes that as a DesignVersion, and everything after reads the DesignVersion.
Texts are JSON objects from language to text.
"""

from experiments.models.entry import Ending, Limit, Parameter, Quota
from experiments.models.history import Edit, Way
from experiments.models.instrument import Block, Image, Item, Option, Page, Scale, Subscale
from experiments.models.membership import Membership
from experiments.models.moves import StudyMove
from experiments.models.plan import Contrast, Plan
from experiments.models.study import DesignVersion, Status, Study
from experiments.models.treatment import Arm, Factor, Level, Randomisation

__all__ = [
    "Arm",
    "Block",
    "Contrast",
    "DesignVersion",
    "Edit",
    "Ending",
    "Factor",
    "Image",
    "Item",
    "Level",
    "Limit",
    "Membership",
    "Option",
    "Page",
    "Parameter",
    "Plan",
    "Quota",
    "Randomisation",
    "Scale",
    "Status",
    "Study",
    "StudyMove",
    "Subscale",
    "Way",
]
