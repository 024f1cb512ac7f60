"""Somebody at a study's door who is nobody yet: what their link brings, and what they are shown."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse

from experiments.design import Access, Design, Outcome
from experiments.ordering import participant_seed
from responses import links, tokens
from responses.designs import version_of
from responses.door import Door, Invited
from responses.endings import ending_response, redirect_address
from responses.language import choose
from responses.links import Link, read_link
from responses.notices import Notice, notice_response
from responses.questionnaire import Facts, Sent, first_page, foreseen
from responses.rendering import View, Visit, page_response

# What stands for the choice where the first page asks for no consent.
SCREENED = "screening"


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door who is nobody yet."""

    request: HttpRequest
    slug: str
    mode: str
    door: Door
    version_id: int
    given: dict[str, str]

    @property
    def design(self) -> Design:
        """What they would be asked."""
        return version_of(self.version_id).design

    @cached_property
    def link(self) -> Link:
        """What their link brings."""
        link = read_link(self.design, self.given, self.mode)
        # Where nobody needs an invitation, one that there is not says nothing.
        idle = self.design.access is not Access.INVITATION
        unknown = self.door.invitation is Invited.UNKNOWN
        return replace(link, invitation="") if idle and unknown else link

    @cached_property
    def language(self) -> str:
        """Asked for in the link, else their browser's, else the study's first."""
        header = self.request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        return choose(self.design.languages, self.given.get("lang", ""), header)

    def facts(self, nonce: str) -> Facts:
        """What orders the first page: the reference that they will have."""
        seed = participant_seed(tokens.reference_from(nonce, self.slug, SCREENED))
        return Facts(parameters=self.link.parameters, seed=seed)

    def page(
        self, nonce: str, typed: Sent, *, language: str = "", status: int = 200, **wrong: Any
    ) -> HttpResponse:
        """The first page with what was typed, and what is wrong with it."""
        page, language = first_page(self.design), language or self.language
        facts = foreseen(self.design, page, typed, self.facts(nonce), language=language)
        visit = Visit(
            facts=facts,
            nonce=nonce,
            link_parameters=links.carried(self.design, self.given),
            typed=typed,
            **wrong,
        )
        view = View(self.version_id, page.code, language, arriving=True)
        return page_response(self.request, view, visit, status=status)

    def notice(self, notice: Notice, *, resumes: bool = False) -> HttpResponse:
        """A notice in their language; one that `resumes` asks for the resume code."""
        slug = self.slug if resumes else ""
        return notice_response(self.request, notice, language=self.language, slug=slug)

    def away(self, outcome: Outcome, code: str = "") -> HttpResponse:
        """The ending of somebody who goes as they came, with the way back to the panel."""
        known = self.link.known_to(self.design)
        address = redirect_address(self.design, outcome, code, known)
        return ending_response(
            self.request,
            self.design,
            outcome,
            language=self.language,
            code=code,
            redirect=address,
        )
