#!/usr/bin/env bash
# Runs the tests. Needs the .NET 10 SDK and Node 20; fetches the rest itself on Debian.
#   ./test.sh             the everyday tests (all but those of category Slow)
#   CI=true ./test.sh     everything, the code's format too; whatever is missing is a failure
# CHROME_PATH names the browser where it is not Debian's; PERSONALIZE_CORPORA a folder with official and synthetic FHIR data.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export DOTNET_TieredPGO=0 # programs that live as briefly as tests take a tenth less time when they do not count their own calls first

in_ci() { [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; }
not_run=()
faults=()
missing() { # what is not there: a failure under CI, elsewhere told at the end
  if in_ci; then faults+=("$1"); else not_run+=("$1"); fi
}

on_debian() { [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ]); }

install() {
  on_debian || return 1
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    { command -v sudo && { sudo -n true || [ -t 0 ]; }; } >/dev/null 2>&1 || return 1
    as=(sudo)
  fi
  echo "Installing: $*"
  { "${as[@]}" apt-get update -qq &&
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$work/apt.log" 2>&1 ||
    { tail -n 5 "$work/apt.log"; return 1; }
}

find_browser() {
  local candidate
  for candidate in "${CHROME_PATH:-}" /usr/bin/chromium /usr/bin/google-chrome /usr/bin/chromium-browser \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] && { echo "$candidate"; return 0; }
  done
  return 1
}

find_postgres() { command -v postgres || ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | tail -n 1 | grep .; }

for tool in dotnet node npm; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: the .NET 10 SDK and Node 20 must be installed."; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find_browser >/dev/null || install chromium fonts-dejavu-core
if CHROME_PATH=$(find_browser); then
  export CHROME_PATH
else
  unset CHROME_PATH
  missing "the browser tests: install Chromium or Chrome and set CHROME_PATH to its executable"
fi

find_postgres >/dev/null || install postgresql
find_postgres >/dev/null || missing "the tests on PostgreSQL: install its server, version 15 or later"

(cd fhir-profiles && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) ||
  missing "the comparison with the official R4 definitions: npm ci failed in fhir-profiles"

if [ -z "${PERSONALIZE_CORPORA:-}" ] && [ -d ../shared/corpora ]; then
  PERSONALIZE_CORPORA=$(cd ../shared/corpora && pwd)
fi
if [ -n "${PERSONALIZE_CORPORA:-}" ]; then export PERSONALIZE_CORPORA
else not_run+=("the tests on large sets of FHIR data: set PERSONALIZE_CORPORA to their folder"); fi

before=$(git status --porcelain 2>/dev/null)
dotnet build Personalize.Fhir.sln -c Release -v q || exit 1

if in_ci; then
  dotnet format Personalize.Fhir.sln --verify-no-changes --no-restore -v q || faults+=("the code is not formatted: run dotnet format")
fi

filter=()
in_ci || filter=(--filter 'Category!=Slow')
# One project after the other: some tests measure time.
dotnet test Personalize.Fhir.sln -c Release --no-build -m:1 -v q "${filter[@]}" \
  --logger 'console;verbosity=minimal' --logger trx --results-directory "$work/results" ||
  faults+=("tests failed")

[ "$before" = "$(git status --porcelain 2>/dev/null)" ] || faults+=("the tests left files behind: see git status")

passed=0 failed=0 skipped=0
for report in "$work"/results/*.trx; do
  [ -e "$report" ] || { faults+=("no test has run"); break; }
  counters=$(grep -m 1 -o '<Counters [^>]*>' "$report")
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count total) - $(count executed)))
done

for item in "${not_run[@]}"; do echo "not run: $item"; done
for item in "${faults[@]}"; do echo "fault: $item"; done
echo "$passed passed, $failed failed, $skipped skipped"
[ ${#faults[@]} -eq 0 ]
