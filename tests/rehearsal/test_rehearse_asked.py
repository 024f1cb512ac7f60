"""What `rehearse` is asked for is read before anybody is sent."""

from pathlib import Path

import pytest
from django.core.management import CommandError, CommandParser

from rehearsal.management.commands.rehearse import Command


def test_what_can_not_be_rehearsed_is_told_before_anybody_comes(tmp_path: Path) -> None:
    parser = CommandParser(called_from_command_line=False)
    Command().add_arguments(parser)
    wrong = {
        "--n": ("0", "-3", "many"),
        "--seed": ("-1", "1.5"),
        "--paced": ("0", "-3", "nan", "inf", "fast"),
        "--url": ("ftp://example.org", "http://example.org:port", "https://"),
        "--report": (str(tmp_path), str(tmp_path / "nowhere" / "report.md")),
    }
    for option, texts in wrong.items():
        for text in texts:
            with pytest.raises(CommandError, match=f"argument {option}: .*is no"):
                parser.parse_args(["park", f"{option}={text}"])
    told = ["--n=9", "--seed=0", "--paced=0.5", "--url=localhost:8000"]
    asked = parser.parse_args(["park", *told, f"--report={tmp_path / 'report.md'}"])
    assert (asked.n, asked.seed, asked.paced, asked.url) == (9, 0, 0.5, "localhost:8000")
    assert asked.report == tmp_path / "report.md"
