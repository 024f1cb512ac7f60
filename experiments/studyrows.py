"""Study rows to Design, as they are: a draft may have problems."""

from typing import Any

from experiments import design, models
from experiments.design import (
    Access,
    Design,
    Distance,
    DrawOrder,
    Exclusion,
    ItemKind,
    Measure,
    Method,
    Missing,
    Order,
    Outcome,
    PageKind,
    Role,
    Spending,
    Text,
    Withdrawal,
)
from experiments.models import Study

# Of a study whose plan was not begun: no row says it.
NO_PLAN = design.Plan(outcome="", sample_size=0, contrasts=())


def read_rows(study: Study) -> Design:
    """The design that a study's rows make, as they are: it may have problems.

    A study without a plan gets one without outcome and sample size, which `checks` refuses.
    """
    return Design(
        study=study.slug,
        title=_text(study.title),
        question=_text(study.question),
        languages=_codes(study.languages),
        factors=tuple(map(_factor, study.factors.prefetch_related("levels"))),
        randomisations=tuple(map(_randomisation, study.randomisations.prefetch_related("arms"))),
        scales=tuple(map(_scale, study.scales.prefetch_related("options", "subscales"))),
        pages=tuple(map(_page, study.pages.prefetch_related("items__options"))),
        plan=_plan(study),
        blocks=tuple(design.Block(r.code, Order(r.order)) for r in study.blocks.all()),
        images=tuple(design.Image(r.code, r.media_type, r.data) for r in study.images.all()),
        access=Access(study.access),
        parameters=tuple(map(_parameter, study.parameters.all())),
        quotas=tuple(map(_quota, study.quotas.prefetch_related("limits"))),
        endings=tuple(map(_ending, study.endings.all())),
        debriefing=_text(study.debriefing),
        withdrawal=Withdrawal(study.withdrawal),
        paradata=study.paradata,
        fingerprint=study.fingerprint,
        release_free_text=study.release_free_text,
        identities_kept_days=study.identities_kept_days,
    )


def _text(value: Any) -> Text:
    """A text as a form may have left it: what is no text is missing."""
    texts = value.items() if isinstance(value, dict) else ()
    return {language: text for language, text in texts if isinstance(text, str)}


def _codes(value: Any) -> tuple[str, ...]:
    return tuple(str(code) for code in value) if isinstance(value, list) else ()


def _factor(row: models.Factor) -> design.Factor:
    levels = (design.Level(r.code, _text(r.label), _text(r.text)) for r in row.levels.all())
    return design.Factor(row.code, _text(row.label), tuple(levels))


def _randomisation(row: models.Randomisation) -> design.Randomisation:
    return design.Randomisation(
        code=row.code,
        factors=_codes(row.factors),
        arms=tuple(design.Arm(_codes(arm.levels), arm.weight) for arm in row.arms.all()),
        method=Method(row.method),
        block_sizes=tuple(int(size) for size in row.block_sizes),
        strata=_codes(row.strata),
        covariates=_codes(row.covariates),
        covariate_weights=tuple(int(weight) for weight in row.covariate_weights),
        distance=Distance(row.distance),
        coin=row.coin,
        cluster=row.cluster,
        assign_if=row.assign_if,
        impossible=_codes(row.impossible),
        draws=row.draws,
        draw_order=DrawOrder(row.draw_order),
        deck_size=row.deck_size,
        deck_interactions=row.deck_interactions,
        reuse_after_minutes=row.reuse_after_minutes,
    )


def _option(row: models.Option) -> design.Option:
    return design.Option(row.code, _text(row.label), Missing(row.missing), row.exclusive)


def _scale(row: models.Scale) -> design.Scale:
    return design.Scale(
        code=row.code,
        label=_text(row.label),
        options=tuple(map(_option, row.options.all())),
        subscales=tuple(design.Subscale(r.code, _text(r.label)) for r in row.subscales.all()),
        source=row.source,
        item_order=Order(row.item_order),
        option_order=Order(row.option_order),
    )


def _item(row: models.Item) -> design.Item:
    return design.Item(
        code=row.code,
        kind=ItemKind(row.kind),
        text=_text(row.text),
        options=tuple(map(_option, row.options.all())),
        scale=row.scale,
        subscale=row.subscale,
        reverse=row.reverse,
        required=row.required,
        measure=Measure(row.measure),
        role=Role(row.role),
        expected=row.expected,
        checks_factor=row.checks_factor,
        max_length=row.max_length,
        source=row.source,
        soft=row.soft,
        shown_if=row.shown_if,
        option_order=Order(row.option_order),
        tries=row.tries,
        left=_text(row.left),
        right=_text(row.right),
        unit=_text(row.unit),
        minimum=row.minimum,
        maximum=row.maximum,
        step=row.step,
        decimals=row.decimals,
        earliest=row.earliest,
        latest=row.latest,
        total=row.total,
    )


def _page(row: models.Page) -> design.Page:
    return design.Page(
        code=row.code,
        kind=PageKind(row.kind),
        title=_text(row.title),
        body=_text(row.body),
        items=tuple(map(_item, row.items.all())),
        block=row.block,
        shown_if=row.shown_if,
        screen_out_if=row.screen_out_if,
        back=row.back,
        min_seconds=row.min_seconds,
        max_seconds=row.max_seconds,
        repeats=row.repeats,
    )


def _parameter(row: models.Parameter) -> design.Parameter:
    values = _codes(row.values)
    return design.Parameter(row.code, row.name, row.identifies, row.required, values)


def _quota(row: models.Quota) -> design.Quota:
    limits = (design.Limit(_codes(limit.cell), limit.places) for limit in row.limits.all())
    return design.Quota(row.code, _codes(row.items), tuple(limits), row.lease_minutes)


def _ending(row: models.Ending) -> design.Ending:
    return design.Ending(Outcome(row.outcome), _text(row.title), _text(row.body), row.redirect)


def _contrast(row: models.Contrast) -> design.Contrast:
    return design.Contrast(
        row.code,
        _text(row.label),
        row.factor,
        row.level,
        row.against,
        _codes(row.interaction),
        design.Family(row.family),
    )


def _plan(study: Study) -> design.Plan:
    row = models.Plan.objects.filter(study=study).prefetch_related("contrasts").first()
    if row is None:
        return NO_PLAN
    return design.Plan(
        outcome=row.outcome,
        sample_size=row.sample_size,
        contrasts=tuple(map(_contrast, row.contrasts.all())),
        looks=tuple(float(look) for look in row.looks),
        alpha=row.alpha,
        spending=Spending(row.spending),
        smallest_effect=row.smallest_effect,
        covariates=_codes(row.covariates),
        associations=_codes(row.associations),
        exclusions=tuple(Exclusion(rule) for rule in row.exclusions),
        post_treatment_exclusions=_codes(row.post_treatment_exclusions),
        spending_parameter=row.spending_parameter,
        monitoring=design.Monitoring(row.monitoring),
        estimator=design.Estimator(row.estimator),
        standard_errors=design.StandardErrors(row.standard_errors),
        multiplicity=design.Multiplicity(row.multiplicity),
        outcome_sd=row.outcome_sd,
        equivalence=design.Equivalence(row.equivalence),
        equivalence_alpha=row.equivalence_alpha,
        equivalence_multiplicity=design.Multiplicity(row.equivalence_multiplicity),
        futility=row.futility,
        harm_level=row.harm_level,
        harm_direction=design.Direction(row.harm_direction),
        stopping=design.Stopping(row.stopping),
        replan_at=row.replan_at,
        most_participants=row.most_participants,
    )
