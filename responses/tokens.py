"""The secrets that participants hold: the resume code, which is the cookie too, and the entry link.

A resume code has 60 random bits in Crockford's base 32 (no I, L, O, U), shown as XXXX-XXXX-XXXX.
The database keeps only its keyed hash.
"""

import hmac
import secrets
from functools import lru_cache
from ipaddress import IPv6Address
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core import signing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
# The header in which a rehearsal shows the signature of its link.
REHEARSES = "X-Rehearses"
LINK_SALT = "responses.entry-link"


def new_nonce() -> str:
    """What a consent form carries, so that sending it twice enters one participant."""
    return secrets.token_urlsafe(16)


def token_from(nonce: str, study: str, consent: str) -> str:
    """The resume code of whoever enters with this nonce: 12 characters.

    It differs by the choice, so that one who declined can go back and agree.
    """
    digest = _keyed(b"entry", f"{study}|{consent}|{nonce}".encode())
    return _base32(int.from_bytes(digest, "big"), LENGTH)


def token_hash(token: str) -> bytes:
    """The keyed hash that the database keeps of a resume code: 32 bytes."""
    return _keyed(b"token", token.encode())


def reference_from(nonce: str, study: str, choice: str) -> UUID:
    """The reference of whoever enters with this nonce: what they see first is ordered by it."""
    text = f"{study}|{choice}|{nonce}".encode()
    return UUID(bytes=_keyed(b"reference", text)[:16], version=4)


def identity_hash(study_id: int, value: str) -> bytes:
    """The keyed hash by which a panel's id is known: 32 bytes."""
    return _keyed(b"identity", f"{study_id}|{value}".encode())


def cluster_hash(study_id: int, parameter: str, value: str) -> bytes:
    """The keyed hash by which the ledger knows a cluster, whose name may name people: 32 bytes."""
    text = f"{study_id}|{parameter}|{value}".encode()
    return _keyed(b"cluster", text)


def new_invitation() -> str:
    """The token of a personal link: 80 random bits, 16 characters."""
    return _base32(secrets.randbits(80), 16)


def invitation_hash(token: str) -> bytes:
    """The keyed hash that the database keeps of a personal link's token: 32 bytes."""
    return _keyed(b"invitation", token.strip().upper().encode())


def fingerprint(day: str, address: str, agent: str) -> bytes:
    """The keyed hash of a day, an address and a browser: 32 bytes, another one tomorrow."""
    key = _keyed(b"fingerprint", day.encode())
    return hmac.digest(key, f"{address}|{agent}".encode(errors="replace"), "sha256")


def network_hash(day: int, network: str) -> bytes:
    """The keyed hash by which requests of a network are counted: 16 bytes, others tomorrow."""
    text = f"{day}|{network}".encode(errors="replace")
    return _keyed(b"network", text)[:16]


def pseudonym(address: str) -> str:
    """The keyed hash by which logins at the desk know an address: written as one of fd00::/8."""
    digest = _keyed(b"login", address.encode(errors="replace"))
    return str(IPv6Address(b"\xfd" + digest[:15]))


def new_completion_code() -> str:
    """A completion code of 50 random bits: 10 characters."""
    return _base32(secrets.randbits(50), 10)


def farewell_code(token: str, study: str, *, exposed: bool) -> str:
    """The code that the holder of a resume code is told who withdraws without one: 10 characters.

    It differs by whether they saw the vignette. The same each time, so that who lost the answer can
    be told it again, by nothing but the hash that stays of any such code.
    """
    digest = _keyed(b"farewell", f"{study}|{token}|{exposed}".encode())
    return _base32(int.from_bytes(digest, "big"), 10)


def code_hash(study_id: int, code: str) -> bytes:
    """The keyed hash that stays of the code of somebody who withdrew: 32 bytes."""
    return _keyed(b"code", f"{study_id}|{code}".encode())


def shown(token: str) -> str:
    """The resume code as it is shown and written down: XXXX-XXXX-XXXX."""
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def read(text: str) -> str:
    """The resume code in what somebody typed: case, spaces, hyphens, O and I or L forgiven."""
    kept = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(character for character in kept if character in ALPHABET)[: LENGTH + 1]


def holder_hash(reference: UUID, key: str) -> bytes:
    """The keyed hash that ties a ledger row to the participant who holds its key: 32 bytes."""
    return _keyed(b"holder", f"{reference}|{key}".encode())


def sign_link(study: str, mode: str) -> str:
    """The signature that lets a link enter participants of another mode than live."""
    return signing.Signer(salt=LINK_SALT).signature(f"{study}|{mode}")


def link_is_signed(study: str, mode: str, signature: str) -> bool:
    """Whether the signature is this study's and mode's; compared in constant time."""
    return hmac.compare_digest(sign_link(study, mode).encode(), signature.encode())


def _keyed(purpose: bytes, data: bytes) -> bytes:
    """The data's HMAC under the key of that purpose: 32 bytes."""
    # Each request asks for some: one that has taken its key in costs a quarter of a new one.
    made = _begun(settings.DATA_KEY, purpose).copy()
    made.update(data)
    return made.finalize()


@lru_cache(maxsize=16)
def _begun(data_key: str, purpose: bytes) -> HMAC:
    key = hmac.digest(data_key.encode(), b"coprod." + purpose, "sha256")
    return HMAC(key, SHA256())


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(length))
