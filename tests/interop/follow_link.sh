#!/bin/sh
# Prints all pages of a listing, one a line, following Link to the end:
# https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers
# Usage: GH_TOKEN=… follow_link.sh URL
set -eu
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
url=$1
while [ -n "$url" ]; do
  curl --silent --show-error --fail --noproxy '*' --dump-header "$headers" --header "Authorization: Bearer $GH_TOKEN" "$url"
  echo
  url=$(grep -i '^link:' "$headers" | sed -n 's/.*<\([^>]*\)>; *rel="next".*/\1/p')
done
