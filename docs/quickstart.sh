#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to one accepted and one refused release archive, in one command:
#   sh docs/quickstart.sh
# Installs what the build needs, builds, packs and signs the example release with the example keys,
# verifies it, and shows that a copy with one changed bit is refused. Exit 0 only if all of that
# happened. Writes below build/quickstart only, and may be run again.
#   sh quickstart.sh --installed [FOLDER]
# The same with the programs that are installed (packages cretula-sign and cretula-verify), in a new
# folder; default: cretula-quickstart, where it is called.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
build=$root/build/quickstart
demo=$build/demo
sign=$build/signer/cretula-sign
verify=$build/verifier/cretula-verify
installed=no
if [ "${1:-}" = --installed ]; then
    installed=yes
    demo=${2:-cretula-quickstart}
    sign=cretula-sign
    verify=cretula-verify
    shift $(($# < 2 ? $# : 2))
fi
[ $# -eq 0 ] || { echo "usage: quickstart.sh [--installed [FOLDER]]" >&2; exit 2; }
keys=$root/keys-example
good=rtu-7-4.2.0.cretula.tar
bad=tampered.cretula.tar
product="RTU-7 Remote Terminal Unit"

step() {
    printf '\n==> %s\n' "$1"
}

fail() {
    printf '\nquickstart: %s\n' "$1" >&2
    exit 1
}

# quietly LOG COMMAND...: shows the output only where the command fails.
quietly() {
    log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        cat "$log" >&2
        fail "failed: $*"
    }
}

# expect CODE PATTERN COMMAND...: runs a program, shows the call and its output, and stops unless it
# ends with that exit code and a line of its output matches.
expect() {
    code=$1
    pattern=$2
    shift 2
    printf '$ %s\n' "$*"
    status=0
    "$@" >output 2>&1 </dev/null || status=$?
    sed 's/^/    /' output
    echo "    (exit code $status)"
    [ "$status" -eq "$code" ] || fail "expected exit code $code, got $status"
    grep -q "$pattern" output || fail "expected $pattern in the output"
}

if [ "$installed" = yes ]; then
    step "1/5, 2/5 Nothing to build: the programs are installed"
    for program in "$sign" "$verify"; do
        command -v "$program" || fail "$program is not installed (the Debian package of its name)"
    done
    [ ! -e "$demo" ] || fail "$demo is there already: remove it, or name another folder"
else
    step "1/5 Install what the build needs (docs/dependencies.md), unless it is there"
    sh "$root/docs/dependencies.sh" build

    step "2/5 Build the signer and the verifier into build/quickstart"
    mkdir -p "$build"
    if command -v ccache >/dev/null 2>&1; then
        CMAKE_C_COMPILER_LAUNCHER=ccache
        export CMAKE_C_COMPILER_LAUNCHER
    fi
    quietly "$build/configure.log" cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo
    quietly "$build/build.log" cmake --build "$build"
    echo "$sign"
    echo "$verify"
    rm -rf "$demo"
fi

mkdir -p "$demo"
cd "$demo"

step "3/5 Vendor: pack docs/example-release and sign it (with a published example key, so it must be allowed)"
expect 0 "" "$sign" pack "$root/docs/example-release/release.yaml" \
    --key "$keys/release.key.pem" --cert "$keys/release.cert.pem" --allow-example-keys --out "$good"

step "4/5 Asset owner: verify every byte against the vendor's root certificate"
expect 0 "^ACCEPTED" "$verify" check "$good" --anchor "$keys/root.cert.pem" --allow-example-keys \
    --product "$product"

step "5/5 Attacker: flip one bit in the middle of a copy; the verifier must refuse it"
cp "$good" "$bad"
chmod u+w "$bad"
size=$(wc -c <"$bad")
offset=$((size / 2))
old=$(dd if="$bad" bs=1 skip="$offset" count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
# shellcheck disable=SC2059 # the format is the byte
printf "\\$(printf '%03o' $((old ^ 1)))" |
    dd of="$bad" bs=1 seek="$offset" count=1 conv=notrunc 2>/dev/null
cmp -s "$good" "$bad" && fail "the copy was not changed"
expect 1 "^REFUSED" "$verify" check "$bad" --anchor "$keys/root.cert.pem" --allow-example-keys \
    --product "$product"

cat <<DONE

Done: the release was ACCEPTED, and the copy with one changed bit was REFUSED.
Next: README.md, "Verify a download", and docs/verify-with-stock-tools.md for a second opinion.
DONE
