"""PURE: rules on traces: the same device before, the hidden field, pasted texts."""

from experiments.design import ItemKind
from responses.quality.record import Record

_WRITTEN = frozenset({ItemKind.SHORT_TEXT, ItemKind.TEXT})


def duplicate(record: Record) -> int | None:
    """How many participants came before on the same day with the same address and browser.

    By a keyed hash that can't be compared from one day to the next. The same panel id and the
    same cookie never make a second participant, so they need no flag.
    """
    return record.earlier


def honeypot(record: Record) -> int | None:
    """1 if something was written into the field that people neither see nor reach by keyboard."""
    if not record.sent:
        return None
    return int(any(sent.facts.get("honeypot") for sent in record.sent))


def pasted(record: Record) -> int | None:
    """How many text items something was pasted into."""
    written = {item.code for item in record.design.items() if item.kind in _WRITTEN}
    told = [sent for sent in record.sent if sent.by_script and _asks(record, sent.page, written)]
    if not told:
        return None
    return len(
        {
            code
            for sent in told
            for code, item in sent.facts.get("items", {}).items()
            if code in written and item.get("pastes")
        }
    )


def _asks(record: Record, page: str, items: set[str]) -> bool:
    return not items.isdisjoint(item.code for item in record.design.page(page).items)
