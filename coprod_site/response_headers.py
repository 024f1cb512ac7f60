"""The headers that every answer of the site carries, whatever made it: one table.

The content security policy stands in the settings, and HSTS with them, since HTTPS decides it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What no page of ours asks a device for, of what browsers know, for they complain of the rest.
# Copying to the clipboard stays allowed: codes are copied.
REFUSED_FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "local-fonts", "magnetometer"),
    *("microphone", "midi", "otp-credentials", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES),
    "X-Frame-Options": "DENY",
}
Respond = Callable[[HttpRequest], HttpResponse]


def headers_always(get_response: Respond) -> Respond:
    """Middleware, the outermost: adds what an answer has not said itself; errors have it too."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    return respond
