"""Study rows: a study as data that the admin and the study file both edit, and what was frozen.

Rows are a working copy. Nothing that a participant meets reads them: `compiler` turns them into
a Design, a launch freezes that as a DesignVersion, and everything after reads the DesignVersion.
Texts are JSON objects from language to text.
"""

from experiments.models.instrument import Item, Option, Page, Scale, Subscale
from experiments.models.plan import Contrast, Plan
from experiments.models.study import DesignVersion, Status, Study
from experiments.models.treatment import Arm, Factor, Level, Randomisation

__all__ = [
    "Arm",
    "Contrast",
    "DesignVersion",
    "Factor",
    "Item",
    "Level",
    "Option",
    "Page",
    "Plan",
    "Randomisation",
    "Scale",
    "Status",
    "Study",
    "Subscale",
]
