"""The work on a study as a map: its steps in the order in which one thinks, and how each stands."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.checks.texts import texts
from experiments.design import Design, PageKind
from experiments.desk.overview import Overview, Told
from experiments.desk.places import place
from experiments.translated import as_texts, language_name


@dataclass(frozen=True)
class Step:
    """One step: where it is done, what there is of it, and how many problems are left in it."""

    label: str
    address: str
    said: str
    problems: int = 0


# The step of each field of a design; the others are of the ways in and out.
_STEPS = {
    **{name: name for name in ("question", "factors", "randomisations", "scales", "pages", "plan")},
    **dict.fromkeys(("title", "languages", "study", "format"), "question"),
    **dict.fromkeys(("blocks", "images"), "pages"),
}


def work_map(overview: Overview, told: Sequence[Told]) -> tuple[Step, ...]:
    """The steps of building a study; `told` are its problems. No SQL statement."""
    wrong = Counter(_step_of(overview.design, each.problem.path) for each in told)
    steps = (
        ("question", _("Question and hypotheses"), place(overview, "question")[0]),
        ("factors", _("Factors and levels"), "#factors"),
        ("randomisations", _("Arms"), "#randomisations"),
        ("vignette", _("Vignette"), _vignette(overview)),
        ("scales", _("Scales"), "#scales"),
        ("pages", _("Pages and items"), "#pages"),
        ("entry", _("Ways in and out"), "#parameters"),
        ("plan", _("Plan"), "#plan"),
    )
    said = _said(overview)
    return (
        *(Step(label, to, said[name], wrong[name]) for name, label, to in steps),
        *_translations(overview),
    )


def _step_of(design: Design, path: str) -> str:
    """The step in which a problem at that path is mended."""
    first = path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]
    vignettes = {
        f"pages[{at}]" for at, page in enumerate(design.pages) if page.kind is PageKind.VIGNETTE
    }
    if path.split(".", maxsplit=1)[0] in vignettes:
        return "vignette"
    return _STEPS.get(first, "entry")


def _vignette(overview: Overview) -> str:
    at = _vignettes(overview.design)
    return place(overview, f"pages[{at[0]}].body")[0] if at else "#pages"


def _vignettes(design: Design) -> list[int]:
    return [at for at, page in enumerate(design.pages) if page.kind is PageKind.VIGNETTE]


def _said(overview: Overview) -> dict[str, str]:
    """What there is of each step, in a few words."""
    design = overview.design
    levels = sum(len(factor.levels) for factor in design.factors)
    arms = sum(len(step.arms) for step in design.randomisations)
    items = sum(len(page.items) for page in design.pages)
    asks = as_texts(design.question)
    question = next((asks[each] for each in design.languages if asks.get(each)), "")
    plan = [
        _count("participant", design.plan.sample_size),
        _count("look", len(design.plan.looks)),
        _count("contrast", len(design.plan.contrasts)),
    ]
    ways = [
        _count("parameter", len(design.parameters)),
        _count("quota", len(design.quotas)),
        _count("ending", len(design.endings)),
    ]
    return {
        "question": question or _("not written yet"),
        "factors": ", ".join([_count("factor", len(design.factors)), _count("level", levels)]),
        "randomisations": _count("arm", arms),
        "vignette": _count("vignette", len(_vignettes(design))),
        "scales": _count("scale", len(design.scales)),
        "pages": ", ".join([_count("page", len(design.pages)), _count("item", items)]),
        "entry": ", ".join(ways),
        "plan": ", ".join(plan) if overview.plan else _("not written yet"),
    }


def _translations(overview: Overview) -> Iterator[Step]:
    """Each language but the first, with how many texts it lacks and where the first of them is."""
    design = overview.design
    for language in design.languages[1:]:
        lacking = [path for path, text in texts(design) if text and language not in text]
        to = place(overview, lacking[0])[0] if lacking else "#factors"
        said = (
            ngettext("%(count)d text is missing", "%(count)d texts are missing", len(lacking))
            if lacking
            else _("every text is there")
        )
        name = _("Translation: %(language)s") % {"language": language_name(language)}
        yield Step(name, to, said % {"count": len(lacking)})


def _count(what: str, number: int) -> str:
    return _COUNTED[what](number) % {"count": number}


# Whole, so that each can be translated.
_COUNTED: Mapping[str, Callable[[int], str]] = {
    "factor": lambda n: ngettext("%(count)d factor", "%(count)d factors", n),
    "level": lambda n: ngettext("%(count)d level", "%(count)d levels", n),
    "arm": lambda n: ngettext("%(count)d arm", "%(count)d arms", n),
    "vignette": lambda n: ngettext("%(count)d vignette", "%(count)d vignettes", n),
    "scale": lambda n: ngettext("%(count)d scale", "%(count)d scales", n),
    "page": lambda n: ngettext("%(count)d page", "%(count)d pages", n),
    "item": lambda n: ngettext("%(count)d item", "%(count)d items", n),
    "parameter": lambda n: ngettext("%(count)d parameter", "%(count)d parameters", n),
    "quota": lambda n: ngettext("%(count)d quota", "%(count)d quotas", n),
    "ending": lambda n: ngettext("%(count)d ending", "%(count)d endings", n),
    "participant": lambda n: ngettext("%(count)d participant", "%(count)d participants", n),
    "look": lambda n: ngettext("%(count)d look", "%(count)d looks", n),
    "contrast": lambda n: ngettext("%(count)d contrast", "%(count)d contrasts", n),
}
