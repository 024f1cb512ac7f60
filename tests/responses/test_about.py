"""The study's public page: what was fixed, the seed's SHA-256, and after the close the seed."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.checks.form import CODE
from experiments.compiler import write_rows
from experiments.design import Design
from experiments.launch import close, launch
from experiments.models import DesignVersion, Status, Study
from responses.designs import version_of
from tests.designs import both, small
from tests.responses.studies import launched

pytestmark = pytest.mark.django_db

ADDRESS = "/s/park/about-study/"
REASON = "The money was too little."


def words(client: Client, language: str = "en") -> str:
    """The text of the page's content, white space as one space."""
    response = client.get(ADDRESS, {"lang": language})
    assert response.status_code == 200
    main = html.fromstring(response.content.decode()).get_element_by_id("main")
    return re.sub(r"\s+", " ", str(main.text_content())).strip()


def twice_launched() -> Study:
    """A live study on its second version, which has a reason."""
    study = launched()
    write_rows(design=replace(small(), title=both("The park", "그 공원")))
    return launch(study=study, reason=REASON).study


def secrets(design: Design) -> set[str]:
    """What would tell a participant what is varied: labels, texts, the question, the contrasts."""
    factors, contrasts = design.factors, design.plan.contrasts
    levels = [level for factor in factors for level in factor.levels]
    told = [text for level in levels for text in (level.label, level.text)]
    told += [factor.label for factor in factors] + [each.label for each in contrasts]
    told += [page.body for page in design.pages] + [design.question]
    codes = {level.code for level in levels} | {each.code for each in contrasts}
    codes |= {factor.code for factor in factors}
    return codes | {text for each in told for text in each.values()}


def test_live_study_tells_what_was_fixed_and_the_seeds_digest(client: Client) -> None:
    study = twice_launched()
    first, second = DesignVersion.objects.order_by("number")
    assert words(client) == (
        "About this survey The survey is open. What was fixed in advance At each launch the whole "
        "survey was fixed, with the plan for its analysis. The characters below are its SHA-256, a "
        "fingerprint that would be another one if anything in it were changed later. "
        f"Version 1, {first.launched_at:%Y-%m-%d %H:%M} UTC {first.digest} "
        f"Version 2, {second.launched_at:%Y-%m-%d %H:%M} UTC {second.digest} "
        "Why there was another version is told here once the survey is closed. "
        "What is left to chance What the study draws at random comes from one number, the seed. "
        "It was drawn by lot before anybody was asked, and is told to nobody before the survey is "
        "closed. Its SHA-256 stands here from the launch on, so that anybody can see afterwards "
        f"that it was not changed: {study.seed_sha256} The seed will be shown here. To check it "
        "then, run this command with the seed in place of SEED. It must print the SHA-256 above: "
        "python3 -c \"import hashlib; print(hashlib.sha256(bytes.fromhex('SEED')).hexdigest())\""
    )


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("status", [Status.LIVE, Status.PAUSED])
def test_page_of_a_study_that_collects_tells_nothing_that_is_varied(
    client: Client, status: Status, language: str
) -> None:
    Study.objects.filter(pk=twice_launched().pk).update(status=status)
    page = html.fromstring(client.get(ADDRESS, {"lang": language}).content.decode())
    told = str(page.text_content())
    assert {
        secret for secret in secrets(small()) if re.search(rf"\b{re.escape(secret)}\b", told)
    } <= {""}
    assert REASON not in told


def test_closed_study_tells_the_seed_and_a_command_that_checks_it(client: Client) -> None:
    study = twice_launched()
    close(study=study)
    told = words(client)
    digest, seed = re.findall(r"\b[0-9a-f]{64}\b", told)[2:4]
    assert digest == study.seed_sha256
    assert hashlib.sha256(bytes.fromhex(seed)).hexdigest() == digest
    assert f"Reason: {REASON}" in told
    assert "What it asked Does a reward help?" in told
    (code,) = re.findall(r'python3 -c "(.+?)"', told)
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert printed.stdout.decode().strip() == digest


def test_page_is_in_korean_by_link_or_browser(client: Client) -> None:
    study = launched()
    told = words(client, "ko")
    assert told.startswith("이 설문조사에 관하여 진행 중인 설문조사입니다. 미리 확정한 것 ")
    assert study.seed_sha256 in told
    page = client.get(ADDRESS, headers={"accept-language": "ko-KR,ko"}).content.decode()
    assert "<title>이 설문조사에 관하여 – 공원</title>" in re.sub(
        r">\s+|\s+<", lambda m: m[0].strip(), page
    )


def test_pilot_is_named_among_the_versions(client: Client) -> None:
    study = write_rows(design=small())
    launch(study=study, pilot=True)
    launch(study=study)
    told = words(client)
    assert ("Version 1, for a trial run," in told, "Version 2, for" in told) == (True, False)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PILOT])
def test_study_before_its_launch_has_no_page(client: Client, status: Status) -> None:
    launched(status=status)
    assert client.get(ADDRESS).status_code == client.get("/s/none/about-study/").status_code == 404


@pytest.mark.parametrize("versions", [1, 3])
def test_page_takes_one_statement_and_leaves_no_trace(
    client: Client, versions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    for number in range(2, versions + 1):
        write_rows(design=replace(small(), title=both(f"Park {number}", "공원")))
        study = launch(study=study, reason="It rained.").study
    version_of.cache_clear()
    with django_assert_num_queries(2):  # the versions; the design, once in a process
        client.get(ADDRESS)
    with django_assert_num_queries(1):
        response = client.get(ADDRESS)
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Vary"] == "Accept-Language"
    assert client.post(ADDRESS).status_code == 405


def test_no_page_of_a_study_can_have_the_address() -> None:
    assert not CODE.fullmatch("about-study")


def test_closed_study_leads_to_its_public_page_and_an_open_one_does_not(client: Client) -> None:
    study = launched()
    assert ADDRESS not in client.get("/s/park/").content.decode()
    close(study=study)
    assert f'href="{ADDRESS}"' in client.get("/s/park/").content.decode()
