"""PURE: why a secret of the environment must not keep a site: too short, guessable, or known.

It knows by sight what people forget to replace. What it lets pass need not be good: a secret is
good if a machine drew it.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

LEAST = 32
LONGER = {"COPROD_SECRET_KEY": 50}
# A random text in hexadecimals of that length has fewer once in a million times.
FEWEST_CHARACTERS = 8
# What stands in examples, in this project's own checks and tests, and in what others publish.
KNOWN_WORDS = (
    *("change", "example", "insecure", "secret", "password", "passw0rd", "replace", "default"),
    *("placeholder", "yourkey", "dummy", "sample", "checks", "tests-only", "coprod"),
    *("qwerty", "letmein", "abcdefgh", "01234567", "12345678"),
)
# Passwords of servers that are set in examples.
KNOWN_PASSWORDS = frozenset(
    {"postgres", "password", "secret", "coprod", "admin", "root", "test", "example", "changeme"}
    | {"valkey", "redis", "default", "123456", "12345678", "none", "mysecretpassword"}
)
REMEDY = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"


def too_short(secrets: Mapping[str, str]) -> list[str]:
    """A line for each secret that is shorter than it must be anywhere."""
    return [
        f"{name} has {len(text)} characters and needs {least}; {REMEDY}"
        for name, text in secrets.items()
        if len(text) < (least := LONGER.get(name, LEAST))
    ]


def guessable(secrets: Mapping[str, str], addresses: Mapping[str, str]) -> list[str]:
    """A line for each secret, and each server's password, that somebody could guess or look up."""
    told = [f"{name} {why}; {REMEDY}" for name, text in secrets.items() if (why := why_weak(text))]
    for text in dict.fromkeys(secrets.values()):
        same = [name for name, other in secrets.items() if other == text]
        told += [f"{' and '.join(same)} are the same; {REMEDY}"] if len(same) > 1 else []
    told += [
        f"the password in {name} is one that everybody knows; set another on the server and there"
        for name, address in addresses.items()
        if (urlsplit(address).password or "").lower() in KNOWN_PASSWORDS
    ]
    return told


def why_weak(text: str) -> str:
    """What is wrong with a secret of enough characters; empty if nothing shows."""
    if len(set(text)) < FEWEST_CHARACTERS:
        return "has too few different characters"
    # A text that is found in its double before its end repeats a shorter one.
    if text in (text + text)[1:-1]:
        return "repeats itself"
    known = next((word for word in KNOWN_WORDS if word in text.lower()), "")
    return f"has “{known}” in it, as examples have" if known else ""
