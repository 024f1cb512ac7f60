"""PURE: the ways in and out: parameters, quotas, endings."""

import re
from collections.abc import Iterator

from experiments.checks.offered import offered
from experiments.checks.order import asked_before
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Access, Design, Ending, ItemKind, Outcome, Parameter, Quota
from experiments.said import said
from experiments.vignette import slots, stray_braces

MOST_PLACES = 10_000_000
LONGEST_LEASE = 24 * 60
LONGEST_KEPT = 3650
MOST_VALUES = 10_000
LONGEST_VALUE = 64
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# No slot may say which site it leads to.
_ADDRESS = re.compile(r"https?://[^/?#\s{}]+([/?#]\S*)?")
# What the link of a study means by itself.
_OWN_PARAMETERS = frozenset({"mode", "key", "lang", "i"})
_QUOTED = (ItemKind.SINGLE, ItemKind.DROPDOWN, ItemKind.LIKERT)


def entry_problems(design: Design) -> Iterator[Problem]:
    """What keeps participants from coming in and going out as the study wants it."""
    yield from _parameters(design)
    days = design.identities_kept_days
    if days is not None and not 1 <= days <= LONGEST_KEPT:
        message = said("Who people are is erased after {days} days.", days=days)
        remedy = said(
            "Erase it 1 to {longest_kept} days after the close.", longest_kept=LONGEST_KEPT
        )
        yield Problem("identities_kept_days", message, remedy)
    for at, quota in placed(design.quotas, "quotas"):
        yield from _quota(design, at, quota)
    for at, ending in placed(design.endings, "endings"):
        yield from _ending(design, at, ending)


def _parameters(design: Design) -> Iterator[Problem]:
    names: set[str] = set()
    identifying = [each.code for each in design.parameters if each.identifies]
    for at, parameter in placed(design.parameters, "parameters"):
        name = parameter.name
        if not _NAME.fullmatch(name) or name in _OWN_PARAMETERS:
            message = said("“{name}” can't be a parameter of the study's link.", name=name)
            yield Problem(
                f"{at}.name", message, said("Use letters, digits and _, as in PROLIFIC_PID.")
            )
        if name in names:
            yield Problem(
                f"{at}.name", said("{name} is there twice.", name=name), said("Map each name once.")
            )
        names.add(name)
        if parameter.code == "code":
            message = said("In a redirect {code} is the participant's code.")
            yield Problem(f"{at}.code", message, said("Rename the parameter."))
        yield from _values(at, parameter)
    if len(identifying) > 1:
        message = said(
            "{identifying} all identify the participant.", identifying=listed(identifying)
        )
        yield Problem("parameters", message, said("Let one of them do it."))
    if design.access is Access.PANEL and not identifying:
        message = said("A panel's participants are known by a parameter, and none identifies.")
        yield Problem("access", message, said("Give one parameter `identifies: true`."))


def _values(at: str, parameter: Parameter) -> Iterator[Problem]:
    path, count = f"{at}.values", len(parameter.values)
    if parameter.identifies and count:
        message = said(
            "{parameter} says who somebody is, which is not known before.", parameter=parameter.code
        )
        yield Problem(path, message, said("Take the values out."))
    if count > MOST_VALUES:
        message = said("{parameter} has {count} values.", parameter=parameter.code, count=count)
        yield Problem(path, message, said("List {most_values} at most.", most_values=MOST_VALUES))
        return
    seen: set[str] = set()
    for place, value in placed(parameter.values, path):
        if not 1 <= len(value) <= LONGEST_VALUE:
            message = said(
                "A value of {parameter} has {value} characters.",
                parameter=parameter.code,
                value=len(value),
            )
            yield Problem(
                place, message, said("Give it 1 to {longest_value}.", longest_value=LONGEST_VALUE)
            )
        elif not _can_come(value):
            message = said("No link can bring this value of {parameter}.", parameter=parameter.code)
            remedy = said("Write it on one line, without blanks or braces around it.")
            yield Problem(place, message, remedy)
        if value in seen:
            yield Problem(place, said("This value is there twice."), said("Give each once."))
        seen.add(value)


def _can_come(value: str) -> bool:
    """Whether it is read from a link as it is; in braces it is a slot that was not filled in."""
    braced = value.startswith("{") and value.endswith("}")
    return value.isprintable() and value == value.strip() and not braced


def _quota(design: Design, at: str, quota: Quota) -> Iterator[Problem]:
    if not quota.limits:
        yield Problem(
            f"{at}.limits",
            said("{quota} limits nothing.", quota=quota.code),
            said("Give places to a cell."),
        )
    if not 1 <= quota.lease_minutes <= LONGEST_LEASE:
        message = said(
            "A place is held for {lease_minutes} minutes.", lease_minutes=quota.lease_minutes
        )
        yield Problem(
            f"{at}.lease_minutes",
            message,
            said("Hold it for 1 to {longest_lease}.", longest_lease=LONGEST_LEASE),
        )
    if len(set(quota.items)) < len(quota.items):
        yield Problem(f"{at}.items", said("An item is there twice."), said("Name each once."))
    found = list(_crossed(design, at, quota))
    yield from found or _limits(design, at, quota)


def _crossed(design: Design, at: str, quota: Quota) -> Iterator[Problem]:
    items = {item.code: item for item in design.items()}
    for path, code in placed(quota.items, f"{at}.items"):
        item = items.get(code)
        if item is None or item.kind not in _QUOTED:
            message = said("{code} is no item with one chosen answer.", code=code)
            yield Problem(path, message, said("Name items of kind single, dropdown or likert."))
        elif not asked_before(design, (item,)):
            message = said(
                "{code} is asked after the treatment, which may decide who is turned away.",
                code=code,
            )
            yield Problem(path, message, said("Ask it before the first vignette."))


def _limits(design: Design, at: str, quota: Quota) -> Iterator[Problem]:
    known = [[option.code for option in offered(design, design.item(i))] for i in quota.items]
    seen: set[tuple[str, ...]] = set()
    for path, limit in placed(quota.limits, f"{at}.limits"):
        fits = len(limit.cell) == len(known)
        if not fits or any(code not in of for code, of in zip(limit.cell, known, strict=True)):
            message = said(
                "“{cell}” is no cell of {quota}.", cell=", ".join(limit.cell), quota=quota.code
            )
            remedy = said(
                "Give one option for each of {items}, in that order.", items=listed(quota.items)
            )
            if not quota.items:
                remedy = said("Without items there is one cell: write `cell: []`.")
            yield Problem(f"{path}.cell", message, remedy)
        elif limit.cell in seen:
            yield Problem(
                f"{path}.cell", said("This cell is there twice."), said("Give its places once.")
            )
        seen.add(limit.cell)
        if not 0 <= limit.places <= MOST_PLACES:
            message = said("There can't be {places} places.", places=limit.places)
            yield Problem(
                f"{path}.places",
                message,
                said("Give 0 to {most_places}, or no limit.", most_places=MOST_PLACES),
            )


def _ending(design: Design, at: str, ending: Ending) -> Iterator[Problem]:
    if bool(ending.title) != bool(ending.body):
        message = said(
            "The ending of {outcome} has a title or a body, but not both.", outcome=ending.outcome
        )
        yield Problem(at, message, said("Write both, or neither for Coprod's own words."))
    if ending.outcome is Outcome.COMPLETED and ending.title:
        message = said("What is said to who completed stands on the end page.")
        yield Problem(at, message, said("Write it there, and only the redirect here."))
    address = ending.redirect
    if not address:
        return
    if not _ADDRESS.fullmatch(address) or stray_braces(address):
        message = said("The redirect is no address.")
        remedy = said("Write one such as https://panel.example/done?code={code}.")
        yield Problem(f"{at}.redirect", message, remedy)
    known = ["code", *(parameter.code for parameter in design.parameters)]
    for slot in sorted(slots(address).difference(known)):
        message = said("Nothing fills the slot {{{slot}}} of the redirect.", slot=slot)
        yield Problem(f"{at}.redirect", message, said("Use {known}.", known=listed(known)))
