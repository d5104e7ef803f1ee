#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the archives and trust policies of this folder, with OpenSSL 3.5 or newer. They are committed,
# so that machines with OpenSSL 3.0 can read what they cannot make. Not run by the tests.
#   make.sh CRETULA-SIGN
# The keys are made anew and thrown away: nobody can sign with them any more.
set -eu
sign=$1
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >ca.cnf <<CONFIG
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
[root_ext]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, codeSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONFIG

# issue NAME SECTION ISSUER KEY-OPTION...: key and certificate; ISSUER - is the certificate itself.
issue() {
    name=$1 section=$2 issuer=$3
    shift 3
    openssl genpkey "$@" -out "$name.key.pem"
    set --
    [ "$issuer" = - ] || set -- -CA "$issuer.cert.pem" -CAkey "$issuer.key.pem"
    openssl req -x509 -new -config ca.cnf -extensions "$section" -key "$name.key.pem" "$@" \
        -subj "/O=Vector Works/CN=Vector $name" -not_before 20260101000000Z \
        -not_after 20991231235959Z -out "$name.cert.pem"
}

p256="-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
# shellcheck disable=SC2086 # options are words
{
    issue root root_ext - $p256
    issue classical leaf_ext root $p256
    issue second leaf_ext root $p256
}
issue pq-root root_ext - -algorithm ML-DSA-87
issue post-quantum leaf_ext pq-root -algorithm ML-DSA-65
issue ml-dsa-87 leaf_ext - -algorithm ML-DSA-87
issue slh-dsa leaf_ext - -algorithm SLH-DSA-SHA2-128s
issue ed25519 leaf_ext - -algorithm ED25519
# A post-quantum key whose certificate a classical authority issued: no post-quantum path.
issue mixed leaf_ext root -algorithm ML-DSA-65

printf 'firmware of a valve\n' >firmware.bin
cat >release.yaml <<END
product:
  vendor: Vector Works
  name: Valve
release:
  version: 1.0.0
  sequence: 7
  date: 2026-11-01T12:00:00Z
files:
  - source: firmware.bin
END

pack() { # OUT KEY
    "$sign" pack release.yaml --key "$2.key.pem" --cert "$2.cert.pem" --out "$1.cretula.tar" --quiet
}
endorse() { # ARCHIVE KEY [option...]
    archive=$1 key=$2
    shift 2
    "$sign" endorse "$archive.cretula.tar" --key "$key.key.pem" --cert "$key.cert.pem" "$@" --quiet
}
pack hybrid classical
endorse hybrid post-quantum
pack mixed classical
endorse mixed mixed
pack receipt classical
endorse receipt post-quantum --meaning receipt
for name in ml-dsa-87 slh-dsa ed25519; do
    pack $name $name
done
# Another release by the same two keys.
printf 'other firmware\n' >firmware.bin
pack other classical
endorse other post-quantum

pem() { # FILE: the text as one JSON string
    printf '"%s"' "$(awk '{ printf "%s\\n", $0 }' "$1")"
}
cat >trust.json <<END
{
  "cretula": "trust/1",
  "name": "Vectors",
  "version": 1,
  "issued": "2026-01-01T00:00:00Z",
  "postQuantum": "require",
  "scopes": [
    {
      "vendor": "Vector Works",
      "products": ["*"],
      "signers": [
        {
          "name": "Release",
          "anchor": {"type": "ca", "pem": $(pem root.cert.pem)},
          "postQuantum": {"type": "ca", "pem": $(pem pq-root.cert.pem)}
        }
      ],
      "roles": [{"role": "release", "signers": ["Release"], "threshold": 1}]
    }
  ]
}
END
rm -f "$here"/*.pem "$here"/*.cretula.tar
cp ./*.cretula.tar ./*.cert.pem trust.json "$here/"
