# SPDX-License-Identifier: Apache-2.0
# bash completion of cretula-sign; made by docs/man/generate.py.
_cretula_sign()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} words= files=
    COMPREPLY=()
    case "$verb" in
    export|sbom) verb="$verb ${COMP_WORDS[2]}" ;;
    esac
    # --name=value is three words here.
    if [ "$current" = = ]; then
        current=
    elif [ "$before" = = ]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='adopt attach endorse export init keygen lint pack prepare sbom sign-profile timestamp trust-order waive help version --help --version'
    elif [ "$COMP_CWORD" -eq 2 ] && [ "$verb" = help ]; then
        words='adopt attach endorse export init keygen lint pack prepare sbom sign-profile timestamp trust-order waive'
    elif [[ $current == -* ]]; then
        case "$verb" in
        'init') words='--from --allow-unconfined --help --no-color --version' ;;
        'keygen') words='--out --algorithm --key --cert-out --csr --force --subject --days --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --quiet --json --help --no-color --version' ;;
        'lint') words='--set --strict-names --profile --html --format --allow-unconfined --jobs --hash --quiet --sarif --json --help --no-color --version' ;;
        'pack') words='--set --strict-names --out --no-signing-time --previous --detached --force --key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'prepare') words='--set --strict-names --out --uadipkg --manufacturer-uri --previous --detached --force --payload --tbs --cert --replace --chain --meaning --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'attach') words='--raw --cert --chain --meaning --replace --payload --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'endorse') words='--key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --meaning --replace --payload --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'adopt') words='--vendor --product --release --sequence --hardware --source --medium --acquired --name --role --note --published-sha256 --published-at --foreign-signature --foreign-key --foreign-trust --foreign-result --out --no-signing-time --force --set --strict-names --key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'sign-profile') words='--key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --quiet --json --help --no-color --version' ;;
        'timestamp') words='--request --response --signer --cert --payload --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'trust-order') words='--key --out --index --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --quiet --json --help --no-color --version' ;;
        'waive') words='--check --archive --identity --asset --reason --approver --control --from --until --out --key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --allow-unconfined --quiet --json --help --no-color --version' ;;
        'export uadipkg') words='--out --manufacturer-uri --timestamp-request --key --cert --chain --passphrase-fd --passphrase-file --pin-fd --pin-file --allow-example-keys --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        'sbom check') words='--profile --format --allow-unconfined --quiet --sarif --json --help --no-color --version' ;;
        'sbom complete') words='--out --vex --sbom --set --strict-names --allow-unconfined --jobs --hash --quiet --json --help --no-color --version' ;;
        esac
    elif [[ $before == --* ]]; then
        case "$verb $before" in
        'init --from'|'waive --from') files='*.json' ;;
        'keygen --out'|'keygen --key'|'keygen --cert-out'|'keygen --csr'|'keygen --subject'|'keygen --days'|'keygen --passphrase-fd'|'keygen --passphrase-file'|'keygen --pin-fd'|'keygen --pin-file'|'lint --set'|'lint --html'|'lint --jobs'|'lint --sarif'|'pack --set'|'pack --out'|'pack --key'|'pack --passphrase-fd'|'pack --passphrase-file'|'pack --pin-fd'|'pack --pin-file'|'pack --jobs'|'prepare --set'|'prepare --out'|'prepare --uadipkg'|'prepare --manufacturer-uri'|'prepare --tbs'|'prepare --jobs'|'attach --raw'|'attach --jobs'|'endorse --key'|'endorse --passphrase-fd'|'endorse --passphrase-file'|'endorse --pin-fd'|'endorse --pin-file'|'endorse --jobs'|'adopt --vendor'|'adopt --product'|'adopt --release'|'adopt --sequence'|'adopt --hardware'|'adopt --source'|'adopt --medium'|'adopt --acquired'|'adopt --name'|'adopt --role'|'adopt --note'|'adopt --published-sha256'|'adopt --published-at'|'adopt --foreign-signature'|'adopt --foreign-key'|'adopt --foreign-trust'|'adopt --foreign-result'|'adopt --out'|'adopt --set'|'adopt --key'|'adopt --passphrase-fd'|'adopt --passphrase-file'|'adopt --pin-fd'|'adopt --pin-file'|'adopt --jobs'|'sign-profile --key'|'sign-profile --passphrase-fd'|'sign-profile --passphrase-file'|'sign-profile --pin-fd'|'sign-profile --pin-file'|'timestamp --signer'|'timestamp --jobs'|'trust-order --key'|'trust-order --out'|'trust-order --index'|'trust-order --passphrase-fd'|'trust-order --passphrase-file'|'trust-order --pin-fd'|'trust-order --pin-file'|'waive --archive'|'waive --identity'|'waive --asset'|'waive --reason'|'waive --approver'|'waive --control'|'waive --until'|'waive --out'|'waive --key'|'waive --passphrase-fd'|'waive --passphrase-file'|'waive --pin-fd'|'waive --pin-file'|'export uadipkg --out'|'export uadipkg --manufacturer-uri'|'export uadipkg --key'|'export uadipkg --passphrase-fd'|'export uadipkg --passphrase-file'|'export uadipkg --pin-fd'|'export uadipkg --pin-file'|'export uadipkg --jobs'|'sbom check --sarif'|'sbom complete --out'|'sbom complete --vex'|'sbom complete --sbom'|'sbom complete --set'|'sbom complete --jobs') files='*' ;;
        'keygen --algorithm') words='ecdsa-p256 ecdsa-p384 rsa-3072 rsa-4096 ed25519 ml-dsa-65 ml-dsa-87' ;;
        'lint --profile') words='iec62443-component cra-annex2' files='*.json' ;;
        'lint --format'|'sbom check --format') words='text json sarif' ;;
        'lint --hash'|'pack --hash'|'prepare --hash'|'attach --hash'|'endorse --hash'|'adopt --hash'|'timestamp --hash'|'export uadipkg --hash'|'sbom complete --hash') words='auto openssl' ;;
        'pack --previous'|'prepare --previous') files='*.tar' ;;
        'pack --cert'|'pack --chain'|'prepare --cert'|'prepare --chain'|'attach --cert'|'attach --chain'|'endorse --cert'|'endorse --chain'|'adopt --cert'|'adopt --chain'|'sign-profile --cert'|'sign-profile --chain'|'timestamp --cert'|'waive --cert'|'waive --chain'|'export uadipkg --cert'|'export uadipkg --chain') files='*.pem' ;;
        'prepare --payload'|'attach --payload'|'endorse --payload'|'timestamp --payload') files='/' ;;
        'prepare --meaning'|'attach --meaning'|'endorse --meaning') words='origin approval receipt' ;;
        'timestamp --request'|'export uadipkg --timestamp-request') files='*.tsq' ;;
        'timestamp --response') files='*.tsr' ;;
        'waive --check') words='archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum signature.lasting trust.example-key trust.threshold trust.scope foreign.form foreign.value foreign.coverage foreign.strength foreign.timestamp foreign.pin package.zip package.manifest package.metadata package.release provenance.form provenance.subject provenance.coverage provenance.signature policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates lifecycle.updates release.separate document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.cisa sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog evidence.order run.confinement evidence.journal evidence.record evidence.result journal.chain journal.records record.form record.signature record.page seal.form seal.data seal.time trust.rotation' ;;
        'sbom check --profile') words='cisa-2026 bsi ntia-2021' ;;
        *) ;;
        esac
    elif [ "$COMP_CWORD" -eq 2 ] && [[ $verb == *' '* ]]; then
        case "${COMP_WORDS[1]}" in
        export) words='uadipkg' ;;
        sbom) words='check complete' ;;
        esac
    fi
    if [ -z "$words$files" ]; then
        case "$verb" in
        'init'|'keygen'|'adopt') files='*' ;;
        'lint'|'pack'|'prepare') files='*.yaml' ;;
        'attach'|'endorse'|'timestamp'|'export uadipkg') files='*.tar' ;;
        'sign-profile'|'trust-order'|'waive'|'sbom check'|'sbom complete') files='*.json' ;;
        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        [ -n "$files" ] || return
    fi
    if [ "$files" = / ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    elif [ -n "$files" ]; then
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -X "!$files" -- "$current"; compgen -d -- "$current")
    fi
    if [ "${#COMPREPLY[@]}" -eq 0 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -o filenames -F _cretula_sign cretula-sign
