# SPDX-License-Identifier: Apache-2.0
# bash completion of cretula-verify; made by docs/man/generate.py.
_cretula_verify()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} words= files=
    COMPREPLY=()
    case "$verb" in
    export|trust|journal|record|tpm) verb="$verb ${COMP_WORDS[2]}" ;;
    esac
    # --name=value is three words here.
    if [ "$current" = = ]; then
        current=
    elif [ "$before" = = ]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='advisories check explain export extract journal record show tpm trust help version --help --version'
    elif [ "$COMP_CWORD" -eq 2 ] && [ "$verb" = help ]; then
        words='advisories check explain export extract journal record show tpm trust'
    elif [[ $current == -* ]]; then
        case "$verb" in
        'check') words='--anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --fast --only --payload --jobs --hash --record --archive-digest --change-id --asset --zone --stage --acquired --name --role --journal --sign-record --record-cert --record-chain --syslog --passphrase-fd --pin-fd --pin-file --tpm --tpm-verify --station --journal-auth --tcti --config --verbose --quiet --junit --sarif --json --help --no-color --version' ;;
        'extract') words='--to --portable-names --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --fast --payload --jobs --hash --record --archive-digest --change-id --asset --zone --stage --acquired --name --role --journal --sign-record --record-cert --record-chain --syslog --passphrase-fd --pin-fd --pin-file --tpm --tpm-verify --station --journal-auth --tcti --config --verbose --quiet --json --help --no-color --version' ;;
        'show') words='--anchor --trust --overlay --crl --at --allow-example-keys --payload --config --section --verbose --files --json --help --no-color --version' ;;
        'advisories') words='--anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --csaf --fail-on --quiet --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export inventory') words='--asset --format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export checklist') words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export settings') words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export interfaces') words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export claims') words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'export sha256sums') words='--original-names --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --no-color --version' ;;
        'explain') words='--help --no-color --version' ;;
        'trust init') words='--name --review-by --expires --help --no-color --version' ;;
        'trust add-signer') words='--vendor --product --signer --role --policy-owner --anchor --pin-key --fingerprint --threshold --added-by --obtained --keep-version --allow-example-keys --config --help --no-color --version' ;;
        'trust remove-signer') words='--signer --vendor --policy-owner --threshold --product --keep-version --allow-example-keys --config --help --no-color --version' ;;
        'trust set') words='--name --review-by --expires --severity --minimum-sequence --threshold --vendor --owners-threshold --algorithm --waivable --revocation --crl --crl-max-age --timestamp --timestamp-authority --intermediate --post-quantum --product --keep-version --allow-example-keys --config --help --no-color --version' ;;
        'trust show') words='--allow-example-keys --config --json --help --no-color --version' ;;
        'trust lint') words='--allow-example-keys --config --json --help --no-color --version' ;;
        'trust sign') words='--key --to --cert --passphrase-fd --pin-fd --pin-file --allow-example-keys --config --json --help --no-color --version' ;;
        'trust update') words='--trust --dry-run --allow-example-keys --config --json --help --no-color --version' ;;
        'journal show') words='--asset --product --since --verbose --tpm --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'journal verify') words='--head --tpm --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'journal note') words='--line --identity --stage --asset --time --change-id --text --name --role --tpm --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'journal close') words='--text --tpm --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'journal continue') words='--from --unclosed --tpm --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'record show') words='--verbose --files --json --help --no-color --version' ;;
        'record verify') words='--anchor --signature --crl --station --attestation --journal --at --allow-example-keys --accepted --config --verbose --files --json --help --no-color --version' ;;
        'record export') words='--vsa --verifier-id --resource-uri --key --out --anchor --signature --crl --station --attestation --journal --at --allow-example-keys --passphrase-fd --pin-fd --pin-file --config --json --help --no-color --version' ;;
        'tpm provision') words='--trust --trust-owner --station --journal-auth --owner-auth-file --owner-auth-fd --insecure-no-auth --anchor-index --journal-index --attestation-handle --storage-handle --tcti --allow-example-keys --config --json --help --no-color --version' ;;
        'tpm apply') words='--new --series --trust --allow-example-keys --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        'tpm status') words='--trust --journal --allow-example-keys --station --journal-auth --tcti --config --json --help --no-color --version' ;;
        esac
    elif [[ $before == --* ]]; then
        case "$verb $before" in
        'check --anchor'|'check --record-cert'|'check --record-chain'|'extract --anchor'|'extract --record-cert'|'extract --record-chain'|'show --anchor'|'advisories --anchor'|'export inventory --anchor'|'export checklist --anchor'|'export settings --anchor'|'export interfaces --anchor'|'export claims --anchor'|'export sha256sums --anchor'|'trust add-signer --anchor'|'trust sign --cert'|'record verify --anchor'|'record export --anchor'|'tpm provision --trust-owner') files='*.pem' ;;
        'check --trust'|'check --overlay'|'check --profile'|'check --waivers'|'check --station'|'check --config'|'extract --trust'|'extract --overlay'|'extract --profile'|'extract --waivers'|'extract --station'|'extract --config'|'show --trust'|'show --overlay'|'show --config'|'advisories --trust'|'advisories --overlay'|'advisories --profile'|'advisories --config'|'export inventory --trust'|'export inventory --overlay'|'export inventory --profile'|'export inventory --waivers'|'export inventory --config'|'export checklist --trust'|'export checklist --overlay'|'export checklist --profile'|'export checklist --waivers'|'export checklist --config'|'export settings --trust'|'export settings --overlay'|'export settings --profile'|'export settings --waivers'|'export settings --config'|'export interfaces --trust'|'export interfaces --overlay'|'export interfaces --profile'|'export interfaces --waivers'|'export interfaces --config'|'export claims --trust'|'export claims --overlay'|'export claims --profile'|'export claims --waivers'|'export claims --config'|'export sha256sums --trust'|'export sha256sums --overlay'|'export sha256sums --profile'|'export sha256sums --waivers'|'export sha256sums --config'|'trust add-signer --config'|'trust remove-signer --config'|'trust set --config'|'trust show --config'|'trust lint --config'|'trust sign --config'|'trust update --trust'|'trust update --config'|'journal show --station'|'journal show --config'|'journal verify --station'|'journal verify --config'|'journal note --station'|'journal note --config'|'journal close --station'|'journal close --config'|'journal continue --from'|'journal continue --station'|'journal continue --config'|'record verify --station'|'record verify --config'|'record export --station'|'record export --config'|'tpm provision --trust'|'tpm provision --station'|'tpm provision --config'|'tpm apply --trust'|'tpm apply --station'|'tpm apply --config'|'tpm status --trust'|'tpm status --station'|'tpm status --config') files='*.json' ;;
        'check --crl'|'check --at'|'check --product'|'check --vendor'|'check --hardware'|'check --min-sequence'|'check --also'|'check --expect-identity'|'check --only'|'check --jobs'|'check --change-id'|'check --asset'|'check --zone'|'check --acquired'|'check --name'|'check --role'|'check --sign-record'|'check --passphrase-fd'|'check --pin-fd'|'check --pin-file'|'check --journal-auth'|'check --tcti'|'check --junit'|'check --sarif'|'extract --crl'|'extract --at'|'extract --product'|'extract --vendor'|'extract --hardware'|'extract --min-sequence'|'extract --also'|'extract --expect-identity'|'extract --jobs'|'extract --change-id'|'extract --asset'|'extract --zone'|'extract --acquired'|'extract --name'|'extract --role'|'extract --sign-record'|'extract --passphrase-fd'|'extract --pin-fd'|'extract --pin-file'|'extract --journal-auth'|'extract --tcti'|'show --crl'|'show --at'|'show --section'|'advisories --crl'|'advisories --at'|'advisories --product'|'advisories --vendor'|'advisories --hardware'|'advisories --min-sequence'|'advisories --also'|'advisories --expect-identity'|'advisories --csaf'|'advisories --jobs'|'export inventory --asset'|'export inventory --out'|'export inventory --crl'|'export inventory --at'|'export inventory --product'|'export inventory --vendor'|'export inventory --hardware'|'export inventory --min-sequence'|'export inventory --also'|'export inventory --expect-identity'|'export inventory --jobs'|'export checklist --out'|'export checklist --crl'|'export checklist --at'|'export checklist --product'|'export checklist --vendor'|'export checklist --hardware'|'export checklist --min-sequence'|'export checklist --also'|'export checklist --expect-identity'|'export checklist --jobs'|'export settings --out'|'export settings --crl'|'export settings --at'|'export settings --product'|'export settings --vendor'|'export settings --hardware'|'export settings --min-sequence'|'export settings --also'|'export settings --expect-identity'|'export settings --jobs'|'export interfaces --out'|'export interfaces --crl'|'export interfaces --at'|'export interfaces --product'|'export interfaces --vendor'|'export interfaces --hardware'|'export interfaces --min-sequence'|'export interfaces --also'|'export interfaces --expect-identity'|'export interfaces --jobs'|'export claims --out'|'export claims --crl'|'export claims --at'|'export claims --product'|'export claims --vendor'|'export claims --hardware'|'export claims --min-sequence'|'export claims --also'|'export claims --expect-identity'|'export claims --jobs'|'export sha256sums --out'|'export sha256sums --crl'|'export sha256sums --at'|'export sha256sums --product'|'export sha256sums --vendor'|'export sha256sums --hardware'|'export sha256sums --min-sequence'|'export sha256sums --also'|'export sha256sums --expect-identity'|'export sha256sums --jobs'|'trust init --name'|'trust init --review-by'|'trust init --expires'|'trust add-signer --vendor'|'trust add-signer --product'|'trust add-signer --signer'|'trust add-signer --fingerprint'|'trust add-signer --threshold'|'trust add-signer --added-by'|'trust add-signer --obtained'|'trust remove-signer --signer'|'trust remove-signer --vendor'|'trust remove-signer --threshold'|'trust remove-signer --product'|'trust set --name'|'trust set --review-by'|'trust set --expires'|'trust set --minimum-sequence'|'trust set --vendor'|'trust set --owners-threshold'|'trust set --algorithm'|'trust set --crl'|'trust set --crl-max-age'|'trust set --timestamp-authority'|'trust set --intermediate'|'trust set --product'|'trust sign --key'|'trust sign --passphrase-fd'|'trust sign --pin-fd'|'trust sign --pin-file'|'journal show --asset'|'journal show --product'|'journal show --since'|'journal show --journal-auth'|'journal show --tcti'|'journal verify --head'|'journal verify --journal-auth'|'journal verify --tcti'|'journal note --line'|'journal note --identity'|'journal note --asset'|'journal note --time'|'journal note --change-id'|'journal note --text'|'journal note --name'|'journal note --role'|'journal note --journal-auth'|'journal note --tcti'|'journal close --text'|'journal close --journal-auth'|'journal close --tcti'|'journal continue --journal-auth'|'journal continue --tcti'|'record verify --signature'|'record verify --crl'|'record verify --attestation'|'record verify --at'|'record export --verifier-id'|'record export --resource-uri'|'record export --key'|'record export --out'|'record export --signature'|'record export --crl'|'record export --attestation'|'record export --at'|'record export --passphrase-fd'|'record export --pin-fd'|'record export --pin-file'|'tpm provision --journal-auth'|'tpm provision --owner-auth-file'|'tpm provision --owner-auth-fd'|'tpm provision --anchor-index'|'tpm provision --journal-index'|'tpm provision --attestation-handle'|'tpm provision --storage-handle'|'tpm provision --tcti'|'tpm apply --new'|'tpm apply --journal-auth'|'tpm apply --tcti'|'tpm status --journal-auth'|'tpm status --tcti') files='*' ;;
        'check --payload'|'check --record'|'check --journal'|'extract --to'|'extract --payload'|'extract --record'|'extract --journal'|'show --payload'|'advisories --payload'|'export inventory --payload'|'export checklist --payload'|'export settings --payload'|'export interfaces --payload'|'export claims --payload'|'export sha256sums --payload'|'trust sign --to'|'record verify --journal'|'record export --journal'|'tpm apply --series'|'tpm status --journal') files='/' ;;
        'check --hash'|'extract --hash'|'advisories --hash'|'export inventory --hash'|'export checklist --hash'|'export settings --hash'|'export interfaces --hash'|'export claims --hash'|'export sha256sums --hash') words='auto openssl' ;;
        'check --stage'|'extract --stage'|'journal note --stage') words='received in-test authorized deployed' ;;
        'advisories --fail-on') words='affected possible' ;;
        'export inventory --format'|'export checklist --format'|'export settings --format'|'export interfaces --format'|'export claims --format') words='csv json html' ;;
        'trust add-signer --role'|'trust set --threshold') words='release quality owner waiver' ;;
        'trust set --severity'|'trust set --waivable') words='archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum trust.example-key trust.threshold trust.scope policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog journal.chain journal.records record.form record.signature trust.rotation' ;;
        'trust set --revocation') words='require if-present off' ;;
        'trust set --timestamp'|'trust set --post-quantum') words='require prefer off' ;;
        *) ;;
        esac
    elif [ "$COMP_CWORD" -eq 2 ] && [[ $verb == *' '* ]]; then
        case "${COMP_WORDS[1]}" in
        export) words='inventory checklist settings interfaces claims sha256sums' ;;
        trust) words='init add-signer remove-signer set show lint sign update' ;;
        journal) words='show verify note close continue' ;;
        record) words='show verify export' ;;
        tpm) words='provision apply status' ;;
        esac
    fi
    if [ -z "$words$files" ]; then
        case "$verb" in
        'check'|'extract'|'show'|'advisories'|'export inventory'|'export checklist'|'export settings'|'export interfaces'|'export claims'|'export sha256sums') files='*.tar' ;;
        'explain') words='archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum trust.example-key trust.threshold trust.scope policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog journal.chain journal.records record.form record.signature trust.rotation' ;;
        'trust init'|'trust add-signer'|'trust remove-signer'|'trust set'|'trust show'|'trust lint'|'trust sign'|'trust update'|'record show'|'record verify'|'record export'|'tpm provision'|'tpm apply'|'tpm status') files='*.json' ;;
        'journal show'|'journal verify'|'journal note'|'journal close'|'journal continue') files='/' ;;
        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    if [ "$files" = / ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    elif [ -n "$files" ]; then
        mapfile -t COMPREPLY < <(compgen -f -X "!$files" -- "$current"; compgen -d -- "$current")
    fi
    if [ "${#COMPREPLY[@]}" -eq 0 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -o filenames -F _cretula_verify cretula-verify
