#!/bin/sh
# Signs the release that release.yaml describes. In: PRODUCT (what the file is called by), VERSION, SEQUENCE,
# KEY (file or pkcs11: URI), CERT, PASSPHRASE_FILE, ANCHOR (what customers trust), and optionally LAST (the
# archive before).
set -eu
out=$PRODUCT-$VERSION.cretula.tar

# 1. Every check on the content, without the key. Stops at a fault.
cretula-sign lint release.yaml --set "release.version=$VERSION" --set "release.sequence=$SEQUENCE"

# 2. Pack and sign. One file, or none.
cretula-sign pack release.yaml --set "release.version=$VERSION" --set "release.sequence=$SEQUENCE" \
    --key "$KEY" --cert "$CERT" --pin-file "$PASSPHRASE_FILE" ${LAST:+--previous "$LAST"} --out "$out"

# 3. What a customer will see: the same program, the anchor that he has. Anything but 0 is a "no".
cretula-verify check "$out" --anchor "$ANCHOR" --json > "$out.check.json"
sha256sum "$out" > "$out.sha256"
