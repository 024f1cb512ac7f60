"""The site: settings, addresses, Celery, and the servers that `make run` brings with it."""

import os

# Before numpy comes: a look's matrices are small, and threads that share them wait for each other.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ.get("OPENBLAS_NUM_THREADS") or "1"
