"""PURE: what rows can't hold: codes that are none, the same code twice, references too long."""

import re
from collections.abc import Iterator, Sequence

from experiments.checks.problem import Problem, placed
from experiments.checks.reserved import why_reserved
from experiments.design import FORMAT, Contrast, Design, Item, Option
from experiments.said import said

CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
OPTION_CODE = re.compile(r"-?[0-9]{1,9}|[a-z][a-z0-9_]{0,31}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
LONGEST_LANGUAGE = 16
LONGEST_CODE = 32
# What the columns of other texts and small numbers hold.
LONGEST_NAME = 64
LONGEST_ADDRESS = 500
LARGEST_SMALL = 32_767
LONGEST_DAY = 10

# Codes of things of one kind, each with its path.
_Codes = list[tuple[str, str]]


def form_problems(design: Design) -> list[Problem]:
    """The problems that keep a design from being stored as rows."""
    return [
        *_format(design),
        *_malformed(design),
        *_languages(design),
        *_repeated(design),
        *_names(design),
        *_references(design),
        *_lengths(design),
    ]


def _format(design: Design) -> Iterator[Problem]:
    if design.format != FORMAT:
        yield Problem(
            "format",
            said(
                "The format is {format}, and this version reads format {format2}.",
                format=design.format,
                format2=FORMAT,
            ),
            said(
                "Write `format: {format}` if the file follows it, or use the version that "
                "wrote it.",
                format=FORMAT,
            ),
        )


def _codes(things: Sequence[object], path: str) -> _Codes:
    return [(f"{at}.code", str(getattr(thing, "code", ""))) for at, thing in placed(things, path)]


def _code_lists(design: Design) -> Iterator[tuple[str, _Codes]]:
    """The lists within which a code may stand only once, with what they list."""
    yield said("factors"), _codes(design.factors, "factors")
    for at, factor in placed(design.factors, "factors"):
        yield said("levels of {factor}", factor=factor.code), _codes(factor.levels, f"{at}.levels")
    yield said("randomisations"), _codes(design.randomisations, "randomisations")
    yield said("scales"), _codes(design.scales, "scales")
    for at, scale in placed(design.scales, "scales"):
        yield (
            said("subscales of {scale}", scale=scale.code),
            _codes(scale.subscales, f"{at}.subscales"),
        )
    yield said("pages"), _codes(design.pages, "pages")
    for at, page in placed(design.pages, "pages"):
        yield said("items of {page}", page=page.code), _codes(page.items, f"{at}.items")
    yield said("contrasts"), _codes(design.plan.contrasts, "plan.contrasts")
    yield said("blocks"), _codes(design.blocks, "blocks")
    yield said("images"), _codes(design.images, "images")
    yield said("parameters"), _codes(design.parameters, "parameters")
    yield said("quotas"), _codes(design.quotas, "quotas")


def _option_lists(design: Design) -> Iterator[tuple[str, tuple[Option, ...]]]:
    for at, scale in placed(design.scales, "scales"):
        yield f"{at}.options", scale.options
    for at, page in placed(design.pages, "pages"):
        for item_at, item in placed(page.items, f"{at}.items"):
            yield f"{item_at}.options", item.options


def _malformed(design: Design) -> Iterator[Problem]:
    codes = [("study", design.study)]
    codes += [entry for _, entries in _code_lists(design) for entry in entries]
    for path, code in codes:
        if not CODE.fullmatch(code):
            yield Problem(
                path,
                said("“{code}” is no code.", code=code),
                said("Begin with a lower-case letter, then letters a–z, digits or _, 32 at most."),
            )
    for at, options in _option_lists(design):
        for path, code in _codes(options, at):
            if not OPTION_CODE.fullmatch(code):
                yield Problem(
                    path,
                    said("“{code}” is no option code.", code=code),
                    said('Write a whole number in quotes, as in "1", or a lower-case word.'),
                )


def _languages(design: Design) -> Iterator[Problem]:
    for path, language in placed(design.languages, "languages"):
        if not LANGUAGE.fullmatch(language) or len(language) > LONGEST_LANGUAGE:
            yield Problem(
                path,
                said("“{language}” is no language tag.", language=language),
                said("Write one such as en or ko."),
            )
    for index, language in enumerate(design.languages):
        if language in design.languages[:index]:
            yield Problem(
                f"languages[{index}]",
                said("{language} is there twice.", language=language),
                said("Take one out."),
            )


def _repeated(design: Design) -> Iterator[Problem]:
    options = (
        (said("options at {path}", path=at), _codes(of, at)) for at, of in _option_lists(design)
    )
    for what, entries in (*_code_lists(design), *options):
        seen: set[str] = set()
        for path, code in entries:
            if code in seen:
                yield Problem(
                    path,
                    said("{code} is twice among the {what}.", code=code, what=what),
                    said("Rename one of them."),
                )
            seen.add(code)
    for at, randomisation in placed(design.randomisations, "randomisations"):
        cells = [arm.levels for arm in randomisation.arms]
        for index, cell in enumerate(cells):
            if cell in cells[:index]:
                yield Problem(
                    f"{at}.arms[{index}]",
                    said("The arm {cell} is there twice.", cell=".".join(cell)),
                    said("Take one out; a larger weight gives an arm more participants."),
                )
    outcomes = [ending.outcome for ending in design.endings]
    for index, outcome in enumerate(outcomes):
        if outcome in outcomes[:index]:
            message = said("There are two endings for {outcome}.", outcome=outcome)
            yield Problem(f"endings[{index}].outcome", message, said("Take one out."))


def _names(design: Design) -> Iterator[Problem]:
    """Factors, scales, subscales and items are named in data and plan: one list of names."""
    named = [(path, "factor", code) for path, code in _codes(design.factors, "factors")]
    named += [(path, "scale", code) for path, code in _codes(design.scales, "scales")]
    for at, scale in placed(design.scales, "scales"):
        entries = _codes(scale.subscales, f"{at}.subscales")
        named += [(path, "subscale", code) for path, code in entries]
    for at, page in placed(design.pages, "pages"):
        named += [(path, "item", code) for path, code in _codes(page.items, f"{at}.items")]
    named += [(path, "parameter", code) for path, code in _codes(design.parameters, "parameters")]
    named += [(path, "block", code) for path, code in _codes(design.blocks, "blocks")]
    first: dict[str, tuple[str, str]] = {}
    for path, kind, code in named:
        if why := why_reserved(code, kind):
            yield Problem(
                path, said("{code} is reserved: {why}.", code=code, why=why), said("Rename it.")
            )
        where, earlier = first.setdefault(code, (path, kind))
        # Within one list `_repeated` has said it already.
        if where != path and where.rpartition("[")[0] != path.rpartition("[")[0]:
            yield Problem(
                path,
                said(
                    "{code} names this {kind} and the {earlier} at {where}.",
                    code=code,
                    kind=kind,
                    earlier=earlier,
                    where=where,
                ),
                said(
                    "Rename one: factors, scales, subscales, items, parameters and blocks share "
                    "one list of names."
                ),
            )


def _references(design: Design) -> Iterator[Problem]:
    items = [
        (at, item)
        for page_at, page in placed(design.pages, "pages")
        for at, item in placed(page.items, f"{page_at}.items")
    ]
    contrasts = placed(design.plan.contrasts, "plan.contrasts")
    fields = [("plan.outcome", design.plan.outcome)]
    fields += [field for at, item in items for field in _item_references(at, item)]
    pages = placed(design.pages, "pages")
    fields += [(f"{at}.block", page.block) for at, page in pages]
    fields += [field for at, contrast in contrasts for field in _contrast_references(at, contrast)]
    for path, reference in fields:
        if len(reference) > LONGEST_CODE:
            yield Problem(
                path,
                said("“{reference}…” is no code.", reference=reference[:40]),
                said("Name it by its code."),
            )


def _item_references(at: str, item: Item) -> _Codes:
    names = ("scale", "subscale", "expected", "checks_factor")
    return [(f"{at}.{name}", getattr(item, name)) for name in names]


def _contrast_references(at: str, contrast: Contrast) -> _Codes:
    return [(f"{at}.{name}", getattr(contrast, name)) for name in ("factor", "level", "against")]


def _lengths(design: Design) -> Iterator[Problem]:
    fields = [
        *(
            (f"{at}.name", p.name, LONGEST_NAME)
            for at, p in placed(design.parameters, "parameters")
        ),
        *(
            (f"{at}.redirect", e.redirect, LONGEST_ADDRESS)
            for at, e in placed(design.endings, "endings")
        ),
        *(
            (f"{at}.media_type", i.media_type, LONGEST_CODE)
            for at, i in placed(design.images, "images")
        ),
    ]
    for page_at, page in placed(design.pages, "pages"):
        for at, item in placed(page.items, f"{page_at}.items"):
            fields += [
                (f"{at}.{name}", getattr(item, name), LONGEST_DAY)
                for name in ("earliest", "latest")
            ]
            for name in ("tries", "decimals"):
                if getattr(item, name) > LARGEST_SMALL:
                    yield Problem(
                        f"{at}.{name}",
                        said("{item} is too many.", item=getattr(item, name)),
                        said("Give fewer."),
                    )
    for path, text, longest in fields:
        if len(text) > longest:
            yield Problem(
                path,
                said(
                    "“{text}…” has more than {longest} characters.", text=text[:20], longest=longest
                ),
                said("Shorten it."),
            )
