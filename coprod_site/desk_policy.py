"""The content security policy of the desk: the participants' one, with what unfold needs added.

docs/decisions/0004-admin-csp.md names each relaxation and its reason.
"""

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from responses.at_the_desk import at_the_desk

RELAXED = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}


class SitePolicy(CSPMiddleware):
    """Sends the strict policy, and the relaxed one with pages of the desk."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The parts of the policy; a view of the desk that set a policy of its own keeps it."""
        parts = super().get_policy_parts(request, response, report_only)
        if at_the_desk(request) and parts.config is None:
            parts.update = {**(parts.update or {}), **RELAXED}
        return parts
