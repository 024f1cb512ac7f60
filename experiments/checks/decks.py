"""PURE: decks: several vignettes for each participant, and the pages that are shown for each."""

from collections.abc import Iterator

from experiments.cells import possible_cells
from experiments.checks.form import LONGEST_CODE
from experiments.checks.judged import judged_problems
from experiments.checks.pages import MOST_VARIABLES
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Design, DrawOrder, Method, Page, PageKind, Randomisation
from experiments.expansion import expanded, numbered, repeated_items
from experiments.logic import ConditionError, names, parse
from experiments.piping import piped
from experiments.said import said
from experiments.variables import count_variables
from experiments.vignette import slots

MOST_DRAWS = 50
_EXCLUSIONS = "plan.post_treatment_exclusions"
_ONCE = (PageKind.SCREENING, PageKind.CONSENT, PageKind.END)


def deck_problems(design: Design) -> Iterator[Problem]:
    """What keeps a deck from being dealt, or its pages from being shown once for each draw."""
    decks = {step.code: step for step in design.randomisations if step.method is Method.DECK}
    for at, step in placed(design.randomisations, "randomisations"):
        if step.code in decks:
            yield from _deck(design, at, step)
            yield from _codes(design, at, step)
            yield from _shown(design, at, step)
        else:
            yield from _no_deck(at, step)
    for index, page in enumerate(design.pages):
        if page.repeats:
            yield from _page(page, f"pages[{index}]", decks)
    if decks and _can_be_dealt(design, decks):
        yield from _size(design)


def _can_be_dealt(design: Design, decks: dict[str, Randomisation]) -> bool:
    known = {factor.code for factor in design.factors}
    return all(known.issuperset(d.factors) and 2 <= d.draws <= MOST_DRAWS for d in decks.values())


def _size(design: Design) -> Iterator[Problem]:
    """What is too much once it is asked for every draw; what is so before has its own problem."""
    count = count_variables(expanded(design))
    if count > MOST_VARIABLES >= count_variables(design):
        message = said("With every draw the data set would have {count} variables.", count=count)
        yield Problem(
            "pages",
            message,
            said(
                "Deal or ask less: {most_variables} variables at most.",
                most_variables=MOST_VARIABLES,
            ),
        )


def _deck(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    if not 2 <= step.draws <= MOST_DRAWS:
        message = said("The deck deals {draws} vignettes.", draws=step.draws)
        yield Problem(
            f"{at}.draws",
            message,
            said("Give 2 to {most_draws}, or another method.", most_draws=MOST_DRAWS),
        )
    elif step.arms and step.draws > len(step.arms):
        message = said(
            "It deals {draws} vignettes and has {arms}: none comes twice.",
            draws=step.draws,
            arms=len(step.arms),
        )
        yield Problem(f"{at}.draws", message, said("Deal fewer, or give it more arms."))
    for path, arm in placed(step.arms, f"{at}.arms"):
        if arm.weight > 1:
            message = said(
                "The arm {arm} has the weight {weight}, and a deck holds it once.",
                arm=arm.code,
                weight=arm.weight,
            )
            yield Problem(f"{path}.weight", message, said("Leave the weights of a deck out."))
    yield from _deck_size(design, at, step)


def _deck_size(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    if step.deck_size and len(step.arms) != step.deck_size:
        most = len(possible_cells(design.factors, step))
        message = said(
            "The deck has {arms} arms and not {deck_size}.",
            arms=len(step.arms),
            deck_size=step.deck_size,
        )
        if not step.arms:
            message = said(
                "No deck of {deck_size} cells tells the factors' effects apart.",
                deck_size=step.deck_size,
            )
        remedy = said(
            "Give as many as there are effects, and {most} at most, and leave the arms out.",
            most=most,
        )
        yield Problem(f"{at}.deck_size", message, remedy)
    elif step.deck_size and not _tells(design, step):
        message = said("The arms of {step} do not tell the factors' effects apart.", step=step.code)
        yield Problem(f"{at}.arms", message, said("Leave the arms out: the best ones are found."))


def _tells(design: Design, step: Randomisation) -> bool:
    """Whether the deck's arms tell its effects apart; what is no cell is told elsewhere."""
    # numpy takes long to load, and only who makes such a deck needs it.
    from experiments.randomisation.efficiency import DeckError, d_efficiency  # noqa: PLC0415

    known = {factor.code: [level.code for level in factor.levels] for factor in design.factors}
    levels = [known.get(code, []) for code in step.factors]
    try:
        cells = [
            tuple(codes.index(code) for codes, code in zip(levels, arm.levels, strict=True))
            for arm in step.arms
        ]
        sizes = [len(codes) for codes in levels]
        return d_efficiency(cells, sizes, interactions=step.deck_interactions) > 0
    except DeckError:
        return False
    except ValueError:
        return True


def _no_deck(at: str, step: Randomisation) -> Iterator[Problem]:
    dealt = step.draws != 1 or step.draw_order is not DrawOrder.RANDOM
    if dealt or step.deck_size or step.deck_interactions:
        message = said("The method {method} deals no vignettes.", method=step.method)
        yield Problem(
            f"{at}.draws", message, said("Take out what is for decks, or use the method deck.")
        )


def _codes(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    """Codes with the number of the draw behind them, which something else may have."""
    items = repeated_items(design, step.code)
    again = [step.code, *step.factors, *(item.code for item in items)]
    again += [page.code for page in design.pages if page.repeats == step.code]
    for scale in design.scales:
        if scale.code in {item.scale for item in items}:
            again += [scale.code, *(part.code for part in scale.subscales)]
    taken = _every_code(design)
    for code in sorted(set(again)):
        last = numbered(code, step.draws)
        if len(last) > LONGEST_CODE:
            message = said("{last} has {last2} characters.", last=last, last2=len(last))
            yield Problem(
                f"{at}.draws",
                message,
                said("Shorten {code}, which is asked repeatedly.", code=code),
            )
        for draw in range(1, min(step.draws, MOST_DRAWS) + 1):
            if numbered(code, draw) in taken:
                message = said(
                    "{code} is a code already, and {code2} gets it at a draw.",
                    code=numbered(code, draw),
                    code2=code,
                )
                yield Problem(f"{at}.draws", message, said("Rename one of them."))


def _every_code(design: Design) -> frozenset[str]:
    """Every code that something repeated could clash with."""
    found = {part.code for scale in design.scales for part in scale.subscales}
    found |= {each.code for each in design.factors} | {each.code for each in design.randomisations}
    found |= {each.code for each in design.pages} | {each.code for each in design.items()}
    found |= {each.code for each in design.scales} | {each.code for each in design.parameters}
    return frozenset(found | {block.code for block in design.blocks})


def _shown(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    """Whether its pages are neighbours, show its vignettes, and keep what they ask to them."""
    places = [i for i, page in enumerate(design.pages) if page.repeats == step.code]
    if not any(_shows(design.pages[i], step) for i in places):
        message = said("No vignette is shown for each draw of {step}.", step=step.code)
        remedy = said(
            "Put `repeats: {step}` to the vignette with its slots, and to its questions.",
            step=step.code,
        )
        yield Problem(f"{at}.draws", message, remedy)
        return
    if places[-1] - places[0] >= len(places):
        message = said("The pages that repeat {step} are not neighbours.", step=step.code)
        yield Problem(f"pages[{places[-1]}].repeats", message, said("Put them next to each other."))
    yield from _told_elsewhere(design, step, places)
    yield from _scales(design, step)


def _told_elsewhere(design: Design, step: Randomisation, places: list[int]) -> Iterator[Problem]:
    """Slots and conditions that name what is there once for each draw, where no draw is."""
    items = [item.code for item in repeated_items(design, step.code)]
    own = frozenset([*step.factors, *items])
    remedy = said("Let it repeat {step} too, or name something else.", step=step.code)
    for index, page in enumerate(design.pages):
        if index not in places and (told := sorted(_named(page) & own)):
            message = said(
                "{page} names {told}, of which there is one for each draw.",
                page=page.code,
                told=listed(told),
            )
            yield Problem(f"pages[{index}]", message, remedy)
    for at, other in placed(design.randomisations, "randomisations"):
        if told := sorted(_names(other.assign_if) & own):
            message = said(
                "{other} names {told}, of which there is one for each draw.",
                other=other.code,
                told=listed(told),
            )
            yield Problem(f"{at}.assign_if", message, said("Name something else."))
    for path, code in placed(design.plan.post_treatment_exclusions, _EXCLUSIONS):
        if code in items:
            message = said(
                "{code} is asked for each draw, and excludes whole participants.", code=code
            )
            yield Problem(path, message, said("Take it out."))
    yield from judged_problems(design, step)


def _named(page: Page) -> frozenset[str]:
    conditions = [page.shown_if, page.screen_out_if, *(item.shown_if for item in page.items)]
    return piped(page).union(*map(_names, conditions))


def _names(text: str) -> frozenset[str]:
    """What a condition names; one that can't be read has a problem of its own."""
    try:
        return names(parse(text)) if text else frozenset()
    except ConditionError:
        return frozenset()


def _scales(design: Design, step: Randomisation) -> Iterator[Problem]:
    inside = {item.scale for item in repeated_items(design, step.code)} - {""}
    for at, page in placed(design.pages, "pages"):
        if page.repeats != step.code:
            for path, item in placed(page.items, f"{at}.items"):
                if item.scale in inside:
                    message = said(
                        "{item} is asked once, and others of {scale} repeatedly.",
                        item=item.code,
                        scale=item.scale,
                    )
                    yield Problem(f"{path}.scale", message, said("Give it a scale of its own."))


def _shows(page: Page, step: Randomisation) -> bool:
    shown = {slot for words in page.body.values() for slot in slots(words)}
    return page.kind is PageKind.VIGNETTE and not shown.isdisjoint(step.factors)


def _page(page: Page, at: str, decks: dict[str, Randomisation]) -> Iterator[Problem]:
    if page.repeats not in decks:
        message = said("There is no deck {repeats}.", repeats=page.repeats)
        known = (
            said("Name one of: {decks}.", decks=listed(list(decks)))
            if decks
            else said("Give a step the method deck.")
        )
        yield Problem(f"{at}.repeats", message, known)
    if page.kind in _ONCE:
        message = said("A page of kind {kind} is shown once.", kind=page.kind)
        yield Problem(f"{at}.repeats", message, said("Take it out."))
    if page.block:
        message = said("{page} is in a block, whose pages change places.", page=page.code)
        yield Problem(f"{at}.repeats", message, said("Take it out of the block."))
