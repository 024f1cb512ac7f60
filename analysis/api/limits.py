"""How often a token may ask; `responses.rates` counts."""

from django.conf import settings

from responses.rates import Limit

REQUESTS = Limit("requests", lambda: settings.API_REQUESTS_PER_MINUTE, 60)
# Of what reads all of a study's data.
EXPORTS = Limit("exports", lambda: settings.API_EXPORTS_PER_HOUR, 3600)
