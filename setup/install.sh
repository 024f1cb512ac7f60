#!/bin/sh
# Installs the packages of the lock file $1, hash-checked, into .venv unless they are there.
# $2 is a lock file that $1 contains.
set -eu

if [ -x .venv/bin/python ] && cmp -s "$1" ".venv/$1"; then
  exit 0
fi

if [ ! -x .venv/bin/python ]; then
  python=
  for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "No Python 3.11 or newer was found: install one, or name it: make PYTHON=/path/to/python3" >&2
    exit 1
  fi
  echo "Making the virtual environment .venv with $("$python" --version) ..." >&2
  rm -rf .venv
  "$python" -m venv .venv || {
    echo "Python's venv module is incomplete: install it (on Debian: apt-get install python3-venv)." >&2
    exit 1
  }
fi

echo "Installing the packages of $1 (once) ..." >&2
# The lock names every package, so there is nothing to resolve; what is used compiles itself.
.venv/bin/python -m pip install --disable-pip-version-check --no-input --no-deps --no-compile \
  --root-user-action ignore --require-hashes --only-binary :all: -r "$1" >.venv/install.log 2>&1 || {
  tail -n 5 .venv/install.log >&2
  echo "The packages of $1 could not be installed: is the network up? See .venv/install.log" >&2
  exit 1
}
for lock in "$@"; do
  cp "$lock" ".venv/$lock"
done
