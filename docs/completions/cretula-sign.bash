# SPDX-License-Identifier: Apache-2.0
# bash completion of cretula-sign; made by docs/man/generate.py.
_cretula_sign()
{
    local current=${COMP_WORDS[COMP_CWORD]} words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='adopt attach endorse init keygen lint pack prepare sbom sign-profile timestamp trust-order waive --help --version'
    elif [[ $current == -* ]]; then
        case "${COMP_WORDS[1]} ${COMP_WORDS[2]} " in
        'init '*) words='--from --help --version' ;;
        'keygen '*) words='--out --algorithm --subject --days --passphrase-fd --quiet --json --help --version' ;;
        'lint '*) words='--set --strict-names --profile --format --jobs --hash --quiet --sarif --json --help --version' ;;
        'pack '*) words='--set --strict-names --out --no-signing-time --previous --detached --force --key --cert --chain --passphrase-fd --pin-fd --pin-file --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'prepare '*) words='--set --strict-names --out --previous --detached --force --payload --tbs --cert --replace --chain --meaning --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'attach '*) words='--raw --cert --chain --meaning --replace --payload --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'endorse '*) words='--key --cert --chain --passphrase-fd --pin-fd --pin-file --meaning --replace --payload --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'adopt '*) words='--vendor --product --release --sequence --hardware --source --medium --acquired --name --role --note --published-sha256 --published-at --foreign-signature --foreign-result --out --no-signing-time --force --set --strict-names --key --cert --chain --passphrase-fd --pin-fd --pin-file --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'sign-profile '*) words='--key --cert --chain --passphrase-fd --pin-fd --pin-file --allow-example-keys --quiet --json --help --version' ;;
        'timestamp '*) words='--request --response --signer --cert --payload --allow-example-keys --jobs --hash --quiet --json --help --version' ;;
        'trust-order '*) words='--key --out --index --passphrase-fd --pin-fd --pin-file --allow-example-keys --quiet --json --help --version' ;;
        'waive '*) words='--check --archive --identity --asset --reason --approver --control --from --until --out --key --cert --chain --passphrase-fd --pin-fd --pin-file --allow-example-keys --quiet --json --help --version' ;;
        'sbom check '*) words='--profile --format --quiet --sarif --json --help --version' ;;
        'sbom complete '*) words='--out --sbom --set --strict-names --jobs --hash --quiet --json --help --version' ;;
        esac
    elif [ "$COMP_CWORD" -eq 2 ]; then
        case "${COMP_WORDS[1]}" in
        sbom) words='check complete' ;;
        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -o filenames -F _cretula_sign cretula-sign
