"""What each quality flag rests on, in a few words; docs/quality-flags.md has the rules."""

from django.utils.translation import gettext_lazy as _

GROUNDS = {
    "fast_pages": _("times of pages that read the same in every arm, beside their medians"),
    "fast_reading": _("times of pages, beside the words that they have"),
    "long_string": _("answers to scales"),
    "no_variance": _("answers to scales with reversed items"),
    "reverse_conflict": _("answers to scales with reversed items"),
    "failed_attention": _("answers to attention checks"),
    "failed_mock": _("answers to checks of the mock vignette"),
    "failed_comprehension": _("answers to comprehension checks"),
    "duplicate": _("arrivals of the same day with the same address and browser, as hashes"),
    "honeypot": _("a field that people don’t see"),
    "impossible_time": _("times of pages, beside the changes that the browser told"),
    "pasted": _("what the browser told of pasting into texts"),
    "tab_hidden": _("what the browser told of the tab’s being seen"),
}
