"""Factories of study rows: `StudyFactory()` makes the whole small study, the others one row.

factory-boy's classes don't tell a type checker what calling them makes; the names below do.
"""

# factory-boy says that it is typed and types little.
# mypy: disable-error-code="attr-defined,no-untyped-call,type-arg,misc"

from collections.abc import Callable
from typing import Any, cast

import factory
from factory.django import DjangoModelFactory

from experiments import models
from experiments.launch import launch
from experiments.rowwriting import write_rows
from tests.designs import both, small


class _Study(DjangoModelFactory):
    class Meta:
        model = models.Study

    slug = factory.Sequence(lambda number: f"study_{number}")
    rewards = 2

    @classmethod
    def _create(cls, model_class: type[models.Study], *args: Any, **values: Any) -> models.Study:
        return write_rows(design=small(study=values["slug"], rewards=values["rewards"]))


class _PilotStudy(_Study):
    @classmethod
    def _create(cls, model_class: type[models.Study], *args: Any, **values: Any) -> models.Study:
        return launch(study=super()._create(model_class, *args, **values), pilot=True).study


class _LiveStudy(_Study):
    @classmethod
    def _create(cls, model_class: type[models.Study], *args: Any, **values: Any) -> models.Study:
        return launch(study=super()._create(model_class, *args, **values)).study


class _EmptyStudy(DjangoModelFactory):
    class Meta:
        model = models.Study

    slug = factory.Sequence(lambda number: f"empty_{number}")
    title = factory.LazyFunction(lambda: both("Empty", "빈 연구"))
    languages = factory.LazyFunction(lambda: ["en", "ko"])


class _Factor(DjangoModelFactory):
    class Meta:
        model = models.Factor

    study = factory.SubFactory(_EmptyStudy)
    code = factory.Sequence(lambda number: f"factor_{number}")
    label = factory.LazyFunction(lambda: both("Factor", "요인"))


class _Level(DjangoModelFactory):
    class Meta:
        model = models.Level

    factor = factory.SubFactory(_Factor)
    code = factory.Sequence(lambda number: f"level_{number}")
    label = factory.LazyFunction(lambda: both("Level", "수준"))
    text = factory.Sequence(lambda number: both(f"Text {number}.", f"글 {number}."))


class _Page(DjangoModelFactory):
    class Meta:
        model = models.Page

    study = factory.SubFactory(_EmptyStudy)
    code = factory.Sequence(lambda number: f"page_{number}")
    title = factory.LazyFunction(lambda: both("Page", "쪽"))


class _Item(DjangoModelFactory):
    class Meta:
        model = models.Item

    page = factory.SubFactory(_Page)
    code = factory.Sequence(lambda number: f"item_{number}")
    kind = "text"
    text = factory.LazyFunction(lambda: both("Why?", "왜?"))


# The small study with all its rows, as in `StudyFactory(slug="park", rewards=3)`: a draft, in its
# pilot, launched.
StudyFactory = cast("Callable[..., models.Study]", _Study)
PilotStudyFactory = cast("Callable[..., models.Study]", _PilotStudy)
LiveStudyFactory = cast("Callable[..., models.Study]", _LiveStudy)
# A draft without any rows below it, and single rows below such a draft.
EmptyStudyFactory = cast("Callable[..., models.Study]", _EmptyStudy)
FactorFactory = cast("Callable[..., models.Factor]", _Factor)
LevelFactory = cast("Callable[..., models.Level]", _Level)
PageFactory = cast("Callable[..., models.Page]", _Page)
ItemFactory = cast("Callable[..., models.Item]", _Item)
