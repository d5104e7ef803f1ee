#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the archives of this folder once, as this version writes them. They are committed and stay:
# every later version must accept them (lesson 21). Not run by the tests; a later version of the
# format adds files of its own instead of replacing these.
#   make.sh CRETULA-SIGN
# The keys are made anew and thrown away: nobody can sign with them any more.
set -eu
sign=$1
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >ca.cnf <<CONFIG
[ca]
default_ca = root
[root]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
default_startdate = 20260101000000Z
default_enddate = 20991231235959Z
policy = any
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
[root_ext]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[middle_ext]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, codeSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONFIG
: >index.txt

# issue NAME SECTION ISSUER KEY-OPTION...: key and certificate; ISSUER - is the certificate itself.
issue() {
    name=$1 section=$2 issuer=$3
    shift 3
    openssl genpkey "$@" -out "$name.key.pem" 2>/dev/null
    openssl req -new -config ca.cnf -key "$name.key.pem" -subj "/O=Golden Works/CN=Golden $name" -out "$name.csr"
    if [ "$issuer" = - ]; then
        set -- -selfsign -keyfile "$name.key.pem"
    else
        set -- -cert "$issuer.cert.pem" -keyfile "$issuer.key.pem"
    fi
    openssl ca -batch -notext -config ca.cnf -extensions "$section" "$@" -in "$name.csr" \
        -out "$name.cert.pem" 2>/dev/null
}

curve() { echo "-algorithm EC -pkeyopt ec_paramgen_curve:$1"; }
# shellcheck disable=SC2046 # options are words
{
    issue root root_ext - $(curve P-256)
    issue middle middle_ext root $(curve P-384)
    issue p256 leaf_ext root $(curve P-256)
    issue p384 leaf_ext root $(curve P-384)
    issue p521 leaf_ext root $(curve P-521)
    issue below leaf_ext middle $(curve P-256)
}
issue rsa leaf_ext root -algorithm RSA -pkeyopt rsa_keygen_bits:3072
issue pss leaf_ext root -algorithm RSA -pkeyopt rsa_keygen_bits:3072

mkdir -p inputs/manual
head -c 3000 /dev/zero | tr '\0' 'F' >inputs/firmware.bin
head -c 1200000 /dev/zero >inputs/flash.img
printf '# Release notes\n\nFirst release.\n' >inputs/NOTES.md
printf '<html><body>Anleitung</body></html>\n' >"inputs/manual/Anleitung für Geräte (DE).html"

describe() { # OUT FILE...
    out=$1
    shift
    {
        printf 'product:\n  vendor: Golden Works\n  name: Valve Controller\nrelease:\n  version: 1.0.0\n'
        printf '  sequence: 7\n  date: 2026-11-01T12:00:00Z\nfiles:\n'
        for file in "$@"; do
            printf '  - source: "inputs/%s"\n' "$file"
        done
    } >"$out"
}
describe small.yaml firmware.bin
describe several.yaml firmware.bin flash.img NOTES.md "manual/Anleitung für Geräte (DE).html"

for name in p256 p384 p521 rsa; do
    "$sign" pack small.yaml --key "$name.key.pem" --cert "$name.cert.pem" --out "$name.cretula.tar" --quiet
done
"$sign" prepare small.yaml --out pss.cretula.tar --quiet
tar xf pss.cretula.tar MANIFEST.json
openssl cms -sign -binary -cades -nosmimecap -outform DER -md sha384 -signer pss.cert.pem -inkey pss.key.pem \
    -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest -in MANIFEST.json -out pss.p7s
"$sign" attach pss.cretula.tar pss.p7s --quiet
"$sign" pack several.yaml --key below.key.pem --cert below.cert.pem --chain middle.cert.pem \
    --out several.cretula.tar --quiet
"$sign" endorse several.cretula.tar --key p384.key.pem --cert p384.cert.pem --meaning approval --quiet
"$sign" pack several.yaml --detached --key rsa.key.pem --cert rsa.cert.pem --out detached.cretula.tar --quiet

# 1.2 MB of zeros: compressed, not to weigh on the repository.
for name in several; do
    gzip -n -9 "$name.cretula.tar"
done
cp ./*.cretula.tar ./*.cretula.tar.gz root.cert.pem "$here/"
cd "$here"
{
    printf '{\n'
    separator=
    for file in *.cretula.tar*; do
        case $file in
        *.gz) identity=$(gzip -dc "$file" | tar xOf - MANIFEST.json | sha256sum) ;;
        *) identity=$(tar xOf "$file" MANIFEST.json | sha256sum) ;;
        esac
        printf '%s  "%s": "%.64s"' "$separator" "$file" "$identity"
        separator=',
'
    done
    printf '\n}\n'
} >identities.json
