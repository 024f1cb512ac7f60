"""PURE: the quality rules by name and number: what exports and the desk call their flags.

The rules themselves are in responses/quality/; docs/quality-flags.md explains each.
"""

from dataclasses import dataclass

from experiments.design import Text


@dataclass(frozen=True)
class Rule:
    """One rule; its flag is a whole number: 0 for nothing found, empty if it can't be computed.

    The desk counts a participant as flagged from `least` on.
    """

    number: int
    name: str
    label: Text
    least: int = 1


def _rule(number: int, name: str, english: str, korean: str, least: int = 1) -> Rule:
    return Rule(number, name, {"en": english, "ko": korean}, least)


RULES: tuple[Rule, ...] = (
    _rule(1, "fast_pages", "Pages far below the median time", "중앙값보다 훨씬 빠른 페이지 수"),
    _rule(2, "fast_reading", "Pages faster than one can read", "읽을 수 없을 만큼 빠른 페이지 수"),
    _rule(3, "long_string", "Scales answered in one line", "한 값으로만 답한 척도 수"),
    _rule(4, "no_variance", "Reversed scales, no variance", "역문항에도 변화가 거의 없는 척도 수"),
    _rule(5, "reverse_conflict", "Scales that contradict themselves", "역문항과 모순된 척도 수"),
    _rule(6, "failed_attention", "Attention checks failed", "틀린 주의 점검 수"),
    _rule(7, "failed_mock", "Mock vignette checks failed", "틀린 연습 비네트 점검 수"),
    _rule(8, "failed_comprehension", "Comprehension checks failed", "끝내 틀린 이해 점검 수"),
    _rule(9, "duplicate", "Earlier arrivals of the same device", "같은 기기의 이전 참여 수"),
    _rule(10, "honeypot", "Wrote into the hidden field", "숨은 입력란에 입력함"),
    _rule(11, "impossible_time", "Pages in an impossible time", "불가능한 시간에 보낸 페이지 수"),
    _rule(12, "pasted", "Texts that were pasted", "붙여넣은 글 수"),
    _rule(13, "tab_hidden", "Per cent of the time in another tab", "다른 탭에 있던 시간(%)", 20),
)
PREFIX = "flag_"
