"""`manage.py api_token`: tokens made, listed and revoked in a shell."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.models import ApiToken
from tests.analysis.api.asking import ask, owner
from tests.factories import LiveStudyFactory

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def made(*more: str) -> str:
    """The text of a token of hana's for the study park."""
    return said("make", "hana", "nightly R", "--study", "park", "--scope", "export", *more).strip()


def test_token_is_made_listed_and_revoked() -> None:
    LiveStudyFactory(slug="park")
    owner()
    text = made("--scope", "looks", "--days", "30")
    token = ApiToken.objects.get()
    until = f"{token.expires_at:%Y-%m-%d}"
    head, tail = f"{token.public_id}  hana  ", "park  export,looks  nightly R\n"
    assert said("list") == f"{head}until {until}  never used  {tail}"
    assert ask(text, "park/").status_code == 200
    assert said("revoke", token.public_id) == f"{token.public_id} opens nothing any more.\n"
    assert ask(text, "park/").status_code == 401
    assert said("list").startswith(f"{head}revoked  used ")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("make", "nobody", "R", "--study", "park", "--scope", "export"), "There is no account"),
        (("make", "hana", "R", "--study", "none", "--scope", "export"), "There is no study none"),
        (("make", "hana", "R", "--study", "park", "--scope", "all"), "invalid choice"),
        (("make", "hana", "R", "--study", "park"), "required"),
        (("make", "hana", "R", "--study", "park", "--scope", "looks"), "hana lacks what looks"),
        (("revoke", "0123456789"), "There is no token 0123456789."),
    ],
)
def test_command_says_what_is_wrong(arguments: tuple[str, ...], why: str) -> None:
    LiveStudyFactory(slug="park")
    owner("export_data")
    with pytest.raises(CommandError, match=why):
        said(*arguments)
    assert not ApiToken.objects.exists()
