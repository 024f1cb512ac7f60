"""Errors to a Sentry, where one is named: their kind and place, and nothing that anybody sent."""

from typing import Any

from coprod_site.logs import without_values

# A request's parts that could name somebody or hold an answer.
PRIVATE = ("cookies", "data", "env", "headers", "query_string")


def begin(dsn: str, *, release: str) -> None:
    """Has errors sent to that address; does nothing without one."""
    if not dsn:
        return
    # Most sites have none, and it takes a while to load.
    import sentry_sdk  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        traces_sample_rate=0.0,
        before_send=_without_people,
    )


def _without_people(event: Any, hint: dict[str, Any]) -> Any:
    """The event without what a request brought and without what errors quote."""
    for name in PRIVATE:
        event.get("request", {}).pop(name, None)
    for name in ("user", "extra", "breadcrumbs", "server_name"):
        event.pop(name, None)
    for error in event.get("exception", {}).get("values", []):
        error["value"] = without_values(str(error.get("value", "")).partition("\n")[0])
    if "logentry" in event:
        event["logentry"] = {"message": without_values(str(event["logentry"].get("message", "")))}
    return event
