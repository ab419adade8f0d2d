#!/usr/bin/env bash
# Makes the certificates of the tests of TLS again: a CA, another that signed nothing, and a server named localhost. Good for a
# hundred years.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
for ca in ca other-ca; do
  openssl req -x509 "${key[@]}" -days 36500 -subj "/CN=Rowferry tests, $ca" -keyout "$work/$ca.key" -out "$ca.pem"
done
openssl req "${key[@]}" -subj /CN=localhost -keyout server.key -out "$work/server.csr"
openssl x509 -req -in "$work/server.csr" -CA ca.pem -CAkey "$work/ca.key" -set_serial 1 -days 36500 \
  -extfile <(echo subjectAltName=DNS:localhost) -out server.pem
