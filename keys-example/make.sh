#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the throw-away PKI of this folder with the openssl command: a root, and below it release,
# quality, owner and tsa; spki.txt, and the trust policies. The output is committed.
#
# Running this again makes NEW keys and replaces spki.txt, the list that is compiled into both tools
# so that they refuse these keys: configure and build again afterwards, and sign again whatever was
# signed with the old keys. The private keys have no passphrase and are public: NEVER use them.
set -eu
cd "$(dirname "$0")"
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
organization="Example Automation GmbH (DO NOT TRUST)"

cat >"$work/ca.cnf" <<CONFIG
[ca]
default_ca = root
[root]
database = $work/index.txt
new_certs_dir = $work
serial = $work/serial
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 20491231235959Z
policy = any
unique_subject = no
[any]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
[root_ext]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[code_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, codeSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONFIG
: >"$work/index.txt"

new_key() { # NAME
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key.pem"
}

issue() { # NAME SECTION SUBJECT [openssl ca options]
    name=$1 section=$2 subject=$3
    shift 3
    new_key "$name"
    openssl req -new -config "$work/ca.cnf" -key "$name.key.pem" -utf8 \
        -subj "/C=DE/O=$organization/CN=$subject" -out "$work/$name.csr"
    openssl ca -batch -notext -config "$work/ca.cnf" -rand_serial -extensions "$section" \
        -preserveDN -in "$work/$name.csr" -out "$name.cert.pem" "$@" 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
}

issue root root_ext "Example Root DO NOT TRUST" -selfsign -keyfile root.key.pem
for name in release quality owner; do
    issue "$name" code_ext "Example $name key DO NOT TRUST" -keyfile root.key.pem -cert root.cert.pem
done
issue tsa tsa_ext "Example TSA DO NOT TRUST" -keyfile root.key.pem -cert root.cert.pem
chmod 644 ./*.pem

{
    echo "# SHA-256 of the DER SubjectPublicKeyInfo of the keys in this folder: never to be trusted."
    echo "# columns: hash, project, file; written by make.sh, compiled into both tools."
    for name in root release quality owner tsa; do
        hash=$(openssl x509 -in "$name.cert.pem" -noout -pubkey |
            openssl pkey -pubin -outform DER | sha256sum | cut -c1-64)
        echo "$hash  cretula  keys-example/$name.cert.pem"
    done
} >spki.txt

pem() { # FILE: the text as one JSON string
    printf '"%s"' "$(awk '{ printf "%s\\n", $0 }' "$1")"
}

fingerprint() { # FILE
    openssl x509 -in "$1" -outform DER | sha256sum | cut -c1-64
}

signer() { # INDENT NAME TYPE FILE
    cat <<JSON
$1{
$1  "name": "$2",
$1  "anchor": {
$1    "type": "$3",
$1    "pem": $(pem "$4")
$1  },
$1  "added": {
$1    "by": "keys-example/make.sh",
$1    "at": "2026-01-01T00:00:00Z",
$1    "how": "made in the same folder, which is why nobody may trust it",
$1    "fingerprint": "$(fingerprint "$4")"
$1  }
$1}
JSON
}

head_of_policy() { # NAME
    cat <<JSON
{
  "cretula": "trust/1",
  "name": "$1",
  "version": 1,
  "issued": "2026-01-01T00:00:00Z",
  "reviewBy": "2049-06-30T00:00:00Z",
  "expires": "2049-12-31T23:59:59Z",
  "scopes": [
    {
      "vendor": "Example Automation GmbH",
      "products": [
        "*"
      ],
JSON
}

{
    head_of_policy "Example plant DO NOT TRUST"
    cat <<JSON
      "signers": [
$(signer "        " "Example Automation release" ca root.cert.pem),
$(signer "        " "Example plant owner" certificate owner.cert.pem)
      ],
      "roles": [
        {
          "role": "release",
          "signers": ["Example Automation release"],
          "threshold": 1
        },
        {
          "role": "owner",
          "signers": ["Example plant owner"],
          "threshold": 0
        }
      ]
    }
  ]
}
JSON
} >trust.json

{
    head_of_policy "Example plant with four eyes DO NOT TRUST"
    cat <<JSON
      "signers": [
$(signer "        " "Example Automation release" certificate release.cert.pem),
$(signer "        " "Example Automation quality" certificate quality.cert.pem),
$(signer "        " "Example plant owner" certificate owner.cert.pem)
      ],
      "roles": [
        {
          "role": "release",
          "signers": ["Example Automation release"],
          "threshold": 1
        },
        {
          "role": "quality",
          "signers": ["Example Automation quality"],
          "threshold": 1
        },
        {
          "role": "owner",
          "signers": ["Example plant owner"],
          "threshold": 0
        }
      ]
    }
  ]
}
JSON
} >trust-four-eyes.json
chmod 644 spki.txt trust.json trust-four-eyes.json
