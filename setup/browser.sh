#!/bin/sh
# Sees to it that the browser tests find a Chromium: an installed one, else Playwright's, else
# the system's package manager's. Where there is none the browser tests fail and say so.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then
    exit 0
  fi
done
if [ -n "${COPROD_BROWSER:-}" ]; then
  exit 0
fi
echo "Looking for a browser for the tests (once) ..." >&2
if .venv/bin/python -c '
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(not pathlib.Path(p.chromium.executable_path).exists())' 2>/dev/null; then
  exit 0
fi
if timeout 300 .venv/bin/python -m playwright install chromium >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq >/dev/null 2>&1 &&
    apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "No browser was found, so the browser tests will fail: install Chromium (on Debian:" \
  "apt-get install chromium) or name one with COPROD_BROWSER." >&2
