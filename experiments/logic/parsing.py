"""PURE: the text of a condition to its tree, by recursive descent.

either     = both { "or" both }
both       = negation { "and" negation }
negation   = "not" negation | "(" either ")" | "answered" "(" name ")" | comparison
comparison = operand ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
           | operand [ "not" ] "in" ( name | "[" constant { "," constant } "]" )
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from experiments.logic.tree import (
    And,
    Answered,
    Compare,
    Condition,
    Constant,
    Constants,
    In,
    Name,
    Not,
    Operator,
    Or,
)
from experiments.said import said

LONGEST = 1000
DEEPEST = 50

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>==|!=|<=|>=|[<>()\[\],])
    )""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"and", "or", "not", "in", "answered"})


class ConditionError(ValueError):
    """A text that is no condition: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message, self.remedy = message, remedy


def parse(text: str) -> Condition:
    """The tree of a condition; ConditionError if the text is none."""
    if len(text) > LONGEST:
        message = said("The condition has {text} characters.", text=len(text))
        raise ConditionError(message, said("Say it in {longest}.", longest=LONGEST))
    return _Parser(_tokens(text)).whole()


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The condition with these codes under their new names; what is no condition stays as it is.

    Texts in quotes are no codes, and keep their words.
    """

    def rename(token: re.Match[str]) -> str:
        word = token["word"] or ""
        return token[0].removesuffix(word) + names[word] if word in names else token[0]

    return _TOKEN.sub(rename, text)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "")


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unknown(text[at:].lstrip())
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind]))
        at = match.end()
    return [*found, _END]


def _unknown(rest: str) -> ConditionError:
    if rest[0] in "\"'":
        return ConditionError(
            said("The quote at {rest} is not closed.", rest=rest[:20]), said("Close it.")
        )
    if rest.startswith("="):
        return ConditionError(said("A single = compares nothing."), said("Write ==."))
    if rest[0] in "&|":
        return ConditionError(said("{rest} is not known.", rest=rest[:2]), said("Write and, or."))
    return ConditionError(
        said("“{rest}” can't stand in a condition.", rest=rest[:10]),
        said('Write one such as age >= 18 and region in ["seoul", "busan"].'),
    )


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def whole(self) -> Condition:
        condition = self._either()
        if self._now is not _END:
            raise ConditionError(
                said("After {before} comes {said}.", before=self._before, said=self._said),
                said("Join conditions by and, or."),
            )
        return condition

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    @property
    def _said(self) -> str:
        return f"“{self._now.text}”" if self._now is not _END else "nothing"

    @property
    def _before(self) -> str:
        return f"“{self.tokens[self.at - 1].text}”" if self.at else "the start"

    def _take(self, *texts: str) -> str:
        """The token if it is one of those words or signs, else an empty text."""
        token = self._now
        if token.kind in ("word", "sign") and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise ConditionError(
                said("After {before} comes {said}.", before=self._before, said=self._said),
                said("Write {text} there.", text=text),
            )

    def _either(self) -> Condition:
        condition = self._both()
        while self._take("or"):
            condition = Or(condition, self._both())
        return condition

    def _both(self) -> Condition:
        condition = self._negation()
        while self._take("and"):
            condition = And(condition, self._negation())
        return condition

    def _negation(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError(
                said("The condition is nested too deeply."), said("Say it more simply.")
            )
        condition = self._unit()
        self.depth -= 1
        return condition

    def _unit(self) -> Condition:
        if self._take("not"):
            return Not(self._negation())
        if self._take("("):
            condition = self._either()
            self._need(")")
            return condition
        if self._take("answered"):
            self._need("(")
            name = self._name()
            self._need(")")
            return Answered(name)
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._operand()
        if operator := self._take(*_OPERATORS):
            return Compare(cast(Operator, operator), left, self._operand())
        if self._take("not"):
            self._need("in")
            return Not(In(left, self._collection()))
        if self._take("in"):
            return In(left, self._collection())
        if isinstance(left, Constant):
            remedy = said("Name an item, a factor or a parameter that it is held against.")
            raise ConditionError(said("“{text}” is compared with nothing.", text=left.text), remedy)
        remedy = said("Write {left} == …, or answered({left}).", left=left.code)
        raise ConditionError(said("{left} is compared with nothing.", left=left.code), remedy)

    def _operand(self) -> Name | Constant:
        token = self._now
        if token.kind in ("text", "number"):
            self.at += 1
            return Constant(_plain(token))
        return self._name()

    def _name(self) -> Name:
        token = self._now
        if token.kind != "word" or token.text in _WORDS:
            raise ConditionError(
                said("After {before} comes {said}.", before=self._before, said=self._said),
                said("Name an item, a factor or a parameter, or write a code in quotes."),
            )
        self.at += 1
        return Name(token.text)

    def _collection(self) -> Name | Constants:
        if self._now.kind in ("text", "number"):
            remedy = said("Write a list, as in [{text}].", text=self._now.text)
            raise ConditionError(said("{said} is no list.", said=self._said), remedy)
        if not self._take("["):
            return self._name()
        texts = [self._constant()]
        while self._take(","):
            texts.append(self._constant())
        self._need("]")
        return Constants(tuple(texts))

    def _constant(self) -> str:
        token = self._now
        if token.kind not in ("text", "number"):
            remedy = said('A list holds codes in quotes and numbers, as in ["a", "b"].')
            raise ConditionError(said("{said} can't stand in a list.", said=self._said), remedy)
        self.at += 1
        return _plain(token)


def _plain(token: _Token) -> str:
    return token.text[1:-1] if token.kind == "text" else token.text
