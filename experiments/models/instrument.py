"""What is asked: scales, pages, items, options."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from experiments.design import ItemKind, Measure, Missing, Order, PageKind, Role
from experiments.models.codes import choices, code_validator, option_code_validator
from experiments.models.study import Study


class Scale(models.Model):
    """Items that share options and are scored together."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="scales")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    label = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    item_order = models.CharField(max_length=8, choices=choices(Order), default=Order.FIXED.value)
    option_order = models.CharField(max_length=8, choices=choices(Order), default=Order.FIXED.value)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_scale_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Subscale(models.Model):
    """A named part of a scale."""

    scale = models.ForeignKey(Scale, models.CASCADE, related_name="subscales")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    label = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "code"], name="one_subscale_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Page(models.Model):
    """One screen; `body` is Markdown."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="pages")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    kind = models.CharField(
        max_length=16, choices=choices(PageKind), default=PageKind.QUESTIONS.value
    )
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict, blank=True)
    block = models.CharField(max_length=32, blank=True)
    shown_if = models.TextField(blank=True)
    screen_out_if = models.TextField(blank=True)
    back = models.BooleanField(default=False)
    min_seconds = models.PositiveIntegerField(default=0)
    max_seconds = models.PositiveIntegerField(default=0)
    repeats = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_page_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Block(models.Model):
    """Neighbouring pages that each participant sees in an order of their own."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    order = models.CharField(max_length=8, choices=choices(Order), default=Order.RANDOM.value)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_block_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Image(models.Model):
    """A picture that texts can show; `data` is its file in base64."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="images")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    media_type = models.CharField(max_length=32)
    data = models.TextField()

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_image_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Item(models.Model):
    """One question on a page."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="items")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    kind = models.CharField(max_length=32, choices=choices(ItemKind), default=ItemKind.SINGLE.value)
    text = models.JSONField(default=dict)
    scale = models.CharField(max_length=32, blank=True)
    subscale = models.CharField(max_length=32, blank=True)
    reverse = models.BooleanField(default=False)
    required = models.BooleanField(default=True)
    measure = models.CharField(
        max_length=16, choices=choices(Measure), default=Measure.NOMINAL.value
    )
    role = models.CharField(
        max_length=32, choices=choices(Role), default=Role.NONE.value, blank=True
    )
    expected = models.CharField(max_length=32, blank=True)
    checks_factor = models.CharField(max_length=32, blank=True)
    max_length = models.PositiveIntegerField(default=2000)
    source = models.TextField(blank=True)
    soft = models.BooleanField(default=False)
    shown_if = models.TextField(blank=True)
    option_order = models.CharField(max_length=8, choices=choices(Order), default=Order.FIXED.value)
    tries = models.PositiveSmallIntegerField(default=0)
    left = models.JSONField(default=dict, blank=True)
    right = models.JSONField(default=dict, blank=True)
    unit = models.JSONField(default=dict, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    step = models.FloatField(null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    earliest = models.CharField(max_length=10, blank=True)
    latest = models.CharField(max_length=10, blank=True)
    total = models.PositiveIntegerField(default=100)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "code"], name="one_item_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Option(models.Model):
    """One answer that can be chosen, of a scale or of an item."""

    scale = models.ForeignKey(Scale, models.CASCADE, null=True, related_name="options")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="options")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[option_code_validator])
    label = models.JSONField(default=dict)
    missing = models.CharField(
        max_length=32, choices=choices(Missing), default=Missing.NONE.value, blank=True
    )
    exclusive = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scale__isnull=True, item__isnull=False)
                | Q(scale__isnull=False, item__isnull=True),
                name="option_of_a_scale_or_an_item",
            ),
            models.UniqueConstraint(
                F("scale"), F("item"), F("code"), name="one_option_per_code", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.code
