#!/bin/sh
# Install the named Debian packages that are missing, where that is possible; say so where it is not.
set -u
missing=""
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed:$missing (needs root and apt-get). Tests that want them skip by name."
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# $missing is a list of words on purpose.
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; }; then
  echo "apt-get could not install:$missing. Tests that want them skip by name."
fi
