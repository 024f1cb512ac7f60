"""PURE: the Markdown that this package writes, as a text without marks."""

import re

_HEADING = re.compile(r"#{1,6} +")
_ROW = re.compile(r"\|(.*)\|")
_RULE = re.compile(r"\|[-| ]+\|")
_CODE = re.compile(r"`([^`\n]+)`")


def plain_text(markdown: str) -> str:
    """The text as it is pasted into a form: no marks of headings, codes, quotations or tables.

    Lists keep their dashes. What a study quotes of its own pages keeps its own Markdown, as
    participants' texts are written.
    """
    told, fenced = [], False
    for line in markdown.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            told.append(f"    {line}")
        elif not _RULE.fullmatch(line):
            told.append(_line(line))
    return "\n".join(told)


def _line(line: str) -> str:
    if line.startswith(">"):
        return f"    {line[1:].strip()}".rstrip()
    if row := _ROW.fullmatch(line):
        line = ", ".join(cell.strip() for cell in row[1].split("|"))
    return _CODE.sub(r"\1", _HEADING.sub("", line, count=1) if line.startswith("#") else line)
