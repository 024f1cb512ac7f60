"""PURE: what is wrong with the shares of a truth: no shares, too much together, of nothing."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from experiments.checks import Problem
from experiments.checks.problem import listed
from experiments.design import ONE_CHOICE, Design, Item, ItemKind, Missing, Role
from experiments.said import said
from rehearsal.measures import trait_of
from rehearsal.truth import Truth

# What is rounded to three places need not add up to 1 exactly.
NEAR_ONE = 0.01
# Of what could have been meant, so many are named.
MOST_NAMED = 12
WEIGHED = frozenset({ItemKind.RANKING, ItemKind.ALLOCATION})
CHECKS = frozenset({Role.ATTENTION_CHECK, Role.MOCK_VIGNETTE_CHECK, Role.COMPREHENSION_CHECK})


def is_share(path: str, value: float) -> Iterator[Problem]:
    """A problem if the number is no share."""
    if not 0 <= value <= 1:
        message = said("{path} is {value}, and no share.", path=path, value=value)
        yield Problem(path, message, said("Write a number from 0 to 1."))


def whole_problems(path: str, shares: Mapping[str, float], *, whole: bool) -> Iterator[Problem]:
    """What is wrong with shares that may be 1 together, or with `whole` must be."""
    wrong = [
        problem for code, share in shares.items() for problem in is_share(f"{path}.{code}", share)
    ]
    yield from wrong
    together = round(sum(shares.values()), 6)
    if wrong or abs(together - 1) <= NEAR_ONE or (together < 1 and not whole):
        return
    message = said("The shares of {path} are {together} together.", path=path, together=together)
    remedy = said("Let them add up to 1.") if whole else said("Let them add up to 1 at most.")
    yield Problem(path, message, remedy)


def one_of(code: str, codes: Sequence[str]) -> str:
    """What to write instead of a code that is none of these."""
    near = get_close_matches(code, codes, n=1)
    if near:
        return said("Did you mean {near}?", near=near[0])
    more = ["…"] if len(codes) > MOST_NAMED else []
    return said("Name one of: {own}.", own=listed([*codes[:MOST_NAMED], *more]))


def share_problems(design: Design, truth: Truth) -> Iterator[Problem]:
    """What is wrong with the shares of items' options and of parameters' values."""
    items = {item.code: item for item in design.items()}
    values = {each.code: each.values for each in design.parameters if each.values}
    for code, shares in truth.shares.items():
        path = f"shares.{code}"
        if code in items:
            yield from _of_item(design, truth, items[code], path, shares)
        elif code in values:
            yield from _options(path, shares, values[code])
            yield from whole_problems(path, shares, whole=set(values[code]) <= set(shares))
        else:
            message = said("No item is called {code}, nor a parameter with values.", code=code)
            yield Problem(path, message, one_of(code, [*items, *values]))


def _of_item(
    design: Design, truth: Truth, item: Item, path: str, shares: Mapping[str, float]
) -> Iterator[Problem]:
    options = {option.code: option for option in design.options(item)}
    if trait_of(truth, item):
        message = said("{item} has a trait, so its answers follow from that.", item=item.code)
        yield Problem(path, message, said("Take the shares out, or the trait."))
    elif item.role in CHECKS or item.role is Role.MANIPULATION_CHECK:
        name = "manipulation" if item.role is Role.MANIPULATION_CHECK else "attention"
        message = said("{item} is a check, and who passes it is told elsewhere.", item=item.code)
        yield Problem(path, message, said("Take the shares out; change {name}.", name=name))
    elif item.kind not in (*ONE_CHOICE, ItemKind.MULTIPLE, *WEIGHED):
        message = said("{item} has no options that shares could be of.", item=item.code)
        yield Problem(path, message, said("Give it a trait if it is a number, or take it out."))
    else:
        values = [code for code, option in options.items() if option.missing is Missing.NONE]
        alone = item.kind in ONE_CHOICE
        yield from _options(path, shares, list(options) if alone else values)
        if alone:
            yield from whole_problems(path, shares, whole=set(values) <= set(shares))
            return
        for code, share in shares.items():
            yield from is_share(f"{path}.{code}", share)
        if item.kind in WEIGHED and not sum(shares.values()) > 0:
            message = said("No option of {item} has a share.", item=item.code)
            yield Problem(path, message, said("Give one of them more than 0."))


def _options(path: str, shares: Mapping[str, float], known: Sequence[str]) -> Iterator[Problem]:
    for code in shares:
        if code not in known:
            message = said("{path} has no option {code}.", path=path, code=code)
            yield Problem(f"{path}.{code}", message, one_of(code, known))
