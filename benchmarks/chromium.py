"""What Chromium sends with each request, and where it goes when a script has sent a page."""

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.hub import Hub
from benchmarks.visitor import NOTHING, Visitor
from rehearsal.browser import Received

LED, REFUSED = 302, 422
# As Chromium 156 says them; tests/browser/test_benchmark_respondents.py holds these against it.
ALWAYS = {
    "Connection": "keep-alive",
    "sec-ch-ua": '"Not:A-Brand";v="8", "Chromium";v="156"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36",
    "Sec-Fetch-Site": "same-origin",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en",
}
OF_A_PAGE = {
    "Upgrade-Insecure-Requests": "1",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
OF_A_SCRIPT = {
    "Accept": "*/*",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
}
BY_SCRIPT = {"X-Sent-By": "script"}


class ScriptedVisitor(Visitor):
    """A visitor whose pages are sent by their script (static/responses/keep.js).

    Where the site leads the script on, the browser goes, as by a redirect. A page that is refused
    the browser sends once more itself, to show what was answered.
    """

    def __init__(self, hub: Hub, site: str, due: float | None = None) -> None:
        super().__init__(hub, site, due)
        self._at: dict[str, str] = {}

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Received:
        if body is None:
            came_from, self._at = self._at, {"Referer": f"{self._site}{path}"}
            page = {**ALWAYS, **headers, **came_from, **OF_A_PAGE}
            return super()._exchange(method, path, None, page)
        sent = {**ALWAYS, "Origin": self._site, **headers}
        by_script = {} if path.endswith("/draft/") else BY_SCRIPT
        received = super()._exchange(method, path, body, {**sent, **OF_A_SCRIPT, **by_script})
        if received.status == REFUSED:
            return super()._exchange(method, path, body, {**sent, **OF_A_PAGE})
        led = received.status == NOTHING and received.location
        return replace(received, status=LED) if led else received
