"""PURE: rules on time: pages far below the median, faster than reading, faster than fingers."""

from responses.quality.record import Record
from responses.quality.words import words_to_read

FAR_BELOW = 1 / 3
# Below that many people a page has no median; `refreshing` looks at it.
LEAST_PEOPLE = 10
MEAN_WORDS_PER_MINUTE = 238
FASTEST_WORDS_PER_MINUTE = 2.5 * MEAN_WORDS_PER_MINUTE
LEAST_WORDS = 30
LEAST_SECONDS_PER_ITEM = 0.3
# Between two clocks, and for the way of a page through the network.
SLACK_SECONDS = 5.0


def fast_pages(record: Record) -> int | None:
    """How many pages took less than a third of the median time of those who sent them.

    Pages that read otherwise in other arms are not judged: where an arm has less to read than the
    median the flag would tell it.

    The ratio to the median is the relative speed of Leiner (2019, Survey Research Methods 13(3),
    229-248); cut-offs of 30 to 50 per cent of the median are those that Greszki, Meyer & Schoen
    (2015, Public Opinion Quarterly 79(2), 471-503) compare.
    """
    medians = {page: record.medians[page] for page in record.judged.alike & set(record.medians)}
    found = [
        timed.seconds < FAR_BELOW * medians[timed.page.code]
        for timed in record.timed()
        if timed.page.code in medians
    ]
    return sum(found) if found else None


def fast_reading(record: Record) -> int | None:
    """How many pages were sent faster than their text can be read.

    The limit is 595 words a minute, 2.5 times the mean of silent reading of English non-fiction in
    Brysbaert (2019, Journal of Memory and Language 109, 104047). Pages of less than 30 words are
    not judged.
    """
    found = []
    for timed in record.timed():
        page = timed.page
        words = words_to_read(record.judged.design, page, record.answered(page), record.language)
        if words >= LEAST_WORDS:
            found.append(timed.seconds < 60 * words / FASTEST_WORDS_PER_MINUTE)
    return sum(found) if found else None


def impossible_time(record: Record) -> int | None:
    """How many pages took a time that no hand needs, or that the server's clock contradicts.

    Over all times that a page was sent: less than 0.3 s for each answer, which no finger manages,
    or a change that the browser claims to have seen more than 5 s after the page had gone. Our own
    bounds; published ones for careless answers are higher: 2 s an item in Huang et al. (2012,
    Journal of Business and Psychology 27(1), 99-114).
    """
    found = []
    for timed in record.timed():
        # Who goes back and on at once, or tries a check again, has answered before.
        too_fast = timed.seconds < LEAST_SECONDS_PER_ITEM * len(record.answered(timed.page))
        last = max(_last_change(sent.facts) for sent in timed.sent)
        found.append(too_fast or last > timed.seconds + SLACK_SECONDS)
    return sum(found) if found else None


def tab_hidden(record: Record) -> int | None:
    """The share of their time, in per cent, for which the page was in a tab that nobody saw."""
    told = [sent for timed in record.timed() for sent in timed.sent if sent.by_script]
    seconds = sum(sent.seconds for sent in told)
    if not seconds:
        return None
    hidden: float = sum(sent.facts.get("hidden_ms", 0) for sent in told) / 1000
    return min(100, round(100 * hidden / seconds))


def _last_change(facts: object) -> float:
    """When the browser saw the last change, in seconds since the page was shown."""
    items = facts.get("items", {}) if isinstance(facts, dict) else {}
    return max((item.get("last", 0) for item in items.values()), default=0) / 1000
