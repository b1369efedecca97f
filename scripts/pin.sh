#!/usr/bin/env bash
# Renews the pins in requirements/*.txt from requirements/*.in: newest permitted versions, with hashes, without registry addresses.
# Usage: make pins          (then read the difference, run make test, commit)
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || { echo "pin.sh: $uv is missing. Run 'make setup' first." >&2; exit 2; }
compile() { "$uv" pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header "$@"; }
links=()
[ -z "${PIP_FIND_LINKS:-}" ] || links=(--find-links "$PIP_FIND_LINKS")
compile --python-version 3.11 requirements/bootstrap.in -o requirements/bootstrap.txt
for name in service dev; do
    compile --python-version 3.11 "${links[@]}" --no-emit-package torch "requirements/$name.in" -o "requirements/$name.txt"
done
compile --python-version 3.10 requirements/rasa.in -o requirements/rasa.txt
echo "requirements/*.txt renewed"
