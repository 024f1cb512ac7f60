"""An app that is a release's migrations and nothing else: what two deployments bring at once."""
