# SPDX-License-Identifier: Apache-2.0
# bash completion of cretula-verify; made by docs/man/generate.py.
_cretula_verify()
{
    local current=${COMP_WORDS[COMP_CWORD]} words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='advisories catalogue check compare-installed explain export extract journal record show tpm trace trust --help --version'
    elif [[ $current == -* ]]; then
        case "${COMP_WORDS[1]} ${COMP_WORDS[2]} " in
        'check '*) words='--anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --fast --only --payload --jobs --hash --record --archive-digest --change-id --asset --zone --stage --acquired --name --role --journal --sign-record --record-cert --record-chain --syslog --passphrase-fd --pin-fd --pin-file --tpm --tpm-verify --station --journal-auth --tcti --config --verbose --quiet --junit --sarif --json --help --version' ;;
        'extract '*) words='--to --portable-names --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --fast --payload --jobs --hash --record --archive-digest --change-id --asset --zone --stage --acquired --name --role --journal --sign-record --record-cert --record-chain --syslog --passphrase-fd --pin-fd --pin-file --tpm --tpm-verify --station --journal-auth --tcti --config --verbose --quiet --json --help --version' ;;
        'show '*) words='--anchor --trust --overlay --crl --at --allow-example-keys --payload --config --section --verbose --files --json --help --version' ;;
        'advisories '*) words='--anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --csaf --fail-on --quiet --payload --jobs --hash --config --json --help --version' ;;
        'compare-installed '*) words='--against --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --payload --jobs --hash --config --verbose --json --help --version' ;;
        'trace '*) words='--in --catalogue --anchor --trust --overlay --crl --at --allow-example-keys --payload --jobs --hash --config --verbose --json --help --version' ;;
        'catalogue add '*) words='--catalogue --anchor --trust --overlay --crl --at --allow-example-keys --payload --jobs --hash --config --verbose --json --help --version' ;;
        'catalogue list '*) words='--catalogue --verbose --json --help --version' ;;
        'catalogue check '*) words='--catalogue --verbose --json --help --version' ;;
        'catalogue rebuild '*) words='--catalogue --anchor --trust --overlay --crl --at --allow-example-keys --payload --jobs --hash --config --verbose --json --help --version' ;;
        'export inventory '*) words='--asset --format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'export checklist '*) words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'export settings '*) words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'export interfaces '*) words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'export claims '*) words='--format --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'export sha256sums '*) words='--original-names --out --anchor --trust --overlay --crl --at --allow-example-keys --product --vendor --hardware --min-sequence --also --backout --expect-identity --profile --waivers --payload --jobs --hash --config --json --help --version' ;;
        'explain '*) words='--help --version' ;;
        'trust init '*) words='--name --review-by --expires --help --version' ;;
        'trust add-signer '*) words='--vendor --product --signer --role --policy-owner --anchor --pin-key --fingerprint --threshold --added-by --obtained --keep-version --allow-example-keys --config --help --version' ;;
        'trust remove-signer '*) words='--signer --vendor --policy-owner --threshold --product --keep-version --allow-example-keys --config --help --version' ;;
        'trust set '*) words='--name --review-by --expires --severity --minimum-sequence --threshold --vendor --owners-threshold --algorithm --waivable --revocation --crl --crl-max-age --timestamp --timestamp-authority --intermediate --post-quantum --product --keep-version --allow-example-keys --config --help --version' ;;
        'trust show '*) words='--allow-example-keys --config --json --help --version' ;;
        'trust lint '*) words='--allow-example-keys --config --json --help --version' ;;
        'trust sign '*) words='--key --to --cert --passphrase-fd --pin-fd --pin-file --allow-example-keys --config --json --help --version' ;;
        'trust update '*) words='--trust --dry-run --allow-example-keys --config --json --help --version' ;;
        'journal verify '*) words='--head --tpm --station --journal-auth --tcti --config --json --help --version' ;;
        'journal note '*) words='--line --identity --stage --asset --time --change-id --text --name --role --tpm --station --journal-auth --tcti --config --json --help --version' ;;
        'journal close '*) words='--text --tpm --station --journal-auth --tcti --config --json --help --version' ;;
        'journal continue '*) words='--from --unclosed --tpm --station --journal-auth --tcti --config --json --help --version' ;;
        'record show '*) words='--verbose --files --json --help --version' ;;
        'record verify '*) words='--anchor --signature --crl --station --attestation --journal --at --allow-example-keys --accepted --config --verbose --files --json --help --version' ;;
        'record export '*) words='--vsa --verifier-id --resource-uri --key --out --anchor --signature --crl --station --attestation --journal --at --allow-example-keys --passphrase-fd --pin-fd --pin-file --config --json --help --version' ;;
        'tpm provision '*) words='--trust --trust-owner --station --journal-auth --owner-auth-file --owner-auth-fd --insecure-no-auth --anchor-index --journal-index --attestation-handle --storage-handle --tcti --allow-example-keys --config --json --help --version' ;;
        'tpm apply '*) words='--new --series --trust --allow-example-keys --station --journal-auth --tcti --config --json --help --version' ;;
        'tpm status '*) words='--trust --journal --allow-example-keys --station --journal-auth --tcti --config --json --help --version' ;;
        esac
    elif [ "$COMP_CWORD" -eq 2 ]; then
        case "${COMP_WORDS[1]}" in
        catalogue) words='add list check rebuild' ;;
        export) words='inventory checklist settings interfaces claims sha256sums' ;;
        trust) words='init add-signer remove-signer set show lint sign update' ;;
        journal) words='verify note close continue' ;;
        record) words='show verify export' ;;
        tpm) words='provision apply status' ;;
        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -o filenames -F _cretula_verify cretula-verify
