# SPDX-License-Identifier: Apache-2.0
# fish completion of cretula-sign; made by docs/man/generate.py.
# Whether the verb on the line, of one word or two, is one of these.
function __cretula_sign_at
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv; or contains -- "$words[2] $words[3]" $argv
end
function __cretula_sign_bare
    set -l words (commandline -opc)
    test (count $words) -eq 1
end
function __cretula_sign_group
    set -l words (commandline -opc)
    test (count $words) -eq 2 -a "$words[2]" = "$argv[1]"
end
complete -c cretula-sign -n __cretula_sign_bare -f
complete -c cretula-sign -n __cretula_sign_bare -l help -l version
complete -c cretula-sign -n __cretula_sign_bare -f -a init -d 'Print a commented release description to start from'
complete -c cretula-sign -n __cretula_sign_bare -f -a keygen -d 'Make a signing key and its certificate, or certify a key that exists'
complete -c cretula-sign -n __cretula_sign_bare -f -a lint -d 'Check a release description and its files, without keys'
complete -c cretula-sign -n __cretula_sign_bare -f -a pack -d 'Pack and sign a release: one archive, or nothing'
complete -c cretula-sign -n __cretula_sign_bare -f -a prepare -d 'Make what is to be signed, without a key'
complete -c cretula-sign -n __cretula_sign_bare -f -a attach -d 'Put signatures made elsewhere into an archive'
complete -c cretula-sign -n __cretula_sign_bare -f -a endorse -d 'Add one more signature to an archive'
complete -c cretula-sign -n __cretula_sign_bare -f -a adopt -d 'Sign files as their owner that came from the vendor unsigned'
complete -c cretula-sign -n __cretula_sign_bare -f -a sign-profile -d 'Sign a profile as the owner of a site'
complete -c cretula-sign -n __cretula_sign_bare -f -a timestamp -d 'Get a signature a timestamp, so that it outlives its certificate'
complete -c cretula-sign -n __cretula_sign_bare -f -a trust-order -d 'Sign the order that lets stations take a trust policy into their TPM'
complete -c cretula-sign -n __cretula_sign_bare -f -a waive -d 'Sign a waiver: accept a release although a check fails'
complete -c cretula-sign -n __cretula_sign_bare -f -a export -d 'Write releases in formats of others'
complete -c cretula-sign -n '__cretula_sign_group export' -f -a uadipkg -d 'Write a release as an OPC UA software package (.uadipkg)'
complete -c cretula-sign -n __cretula_sign_bare -f -a sbom -d 'Check and complete software bills of materials'
complete -c cretula-sign -n '__cretula_sign_group sbom' -f -a check -d 'Check any SBOM: structure, and the rules of a profile'
complete -c cretula-sign -n '__cretula_sign_group sbom' -f -a complete -d 'Fill in what the release knows of its SBOM: root component, identity, hashes'
complete -c cretula-sign -n '__cretula_sign_at "init" "waive"' -l from -r -F
complete -c cretula-sign -n '__cretula_sign_at "init" "lint" "pack" "prepare" "attach" "endorse" "adopt" "timestamp" "waive" "export uadipkg" "sbom check" "sbom complete"' -l allow-unconfined
complete -c cretula-sign -n '__cretula_sign_at "init" "keygen" "lint" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg" "sbom check" "sbom complete"' -l help
complete -c cretula-sign -n '__cretula_sign_at "init" "keygen" "lint" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg" "sbom check" "sbom complete"' -l no-color
complete -c cretula-sign -n '__cretula_sign_at "init" "keygen" "lint" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg" "sbom check" "sbom complete"' -l version
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "prepare" "adopt" "trust-order" "waive" "export uadipkg" "sbom complete"' -l out -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen"' -l algorithm -x -a 'ecdsa-p256 ecdsa-p384 rsa-3072 rsa-4096 ed25519 ml-dsa-65 ml-dsa-87'
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "endorse" "adopt" "sign-profile" "trust-order" "waive" "export uadipkg"' -l key -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen"' -l cert-out -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen"' -l csr -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "prepare" "adopt"' -l force
complete -c cretula-sign -n '__cretula_sign_at "keygen"' -l subject -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen"' -l days -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "endorse" "adopt" "sign-profile" "trust-order" "waive" "export uadipkg"' -l passphrase-fd -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "endorse" "adopt" "sign-profile" "trust-order" "waive" "export uadipkg"' -l passphrase-file -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "endorse" "adopt" "sign-profile" "trust-order" "waive" "export uadipkg"' -l pin-fd -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "endorse" "adopt" "sign-profile" "trust-order" "waive" "export uadipkg"' -l pin-file -r -F
complete -c cretula-sign -n '__cretula_sign_at "keygen" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg"' -l allow-example-keys
complete -c cretula-sign -n '__cretula_sign_at "keygen" "lint" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg" "sbom check" "sbom complete"' -l quiet
complete -c cretula-sign -n '__cretula_sign_at "keygen" "lint" "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "trust-order" "waive" "export uadipkg" "sbom check" "sbom complete"' -l json
complete -c cretula-sign -n '__cretula_sign_at "lint" "pack" "prepare" "adopt" "sbom complete"' -l set -r -F
complete -c cretula-sign -n '__cretula_sign_at "lint" "pack" "prepare" "adopt" "sbom complete"' -l strict-names
complete -c cretula-sign -n '__cretula_sign_at "lint"' -l profile -r -F -a 'iec62443-component cra-annex2'
complete -c cretula-sign -n '__cretula_sign_at "lint"' -l html -r -F
complete -c cretula-sign -n '__cretula_sign_at "lint" "sbom check"' -l format -x -a 'text json sarif'
complete -c cretula-sign -n '__cretula_sign_at "lint" "pack" "prepare" "attach" "endorse" "adopt" "timestamp" "export uadipkg" "sbom complete"' -l jobs -r -F
complete -c cretula-sign -n '__cretula_sign_at "lint" "pack" "prepare" "attach" "endorse" "adopt" "timestamp" "export uadipkg" "sbom complete"' -l hash -x -a 'auto openssl'
complete -c cretula-sign -n '__cretula_sign_at "lint" "sbom check"' -l sarif -r -F
complete -c cretula-sign -n '__cretula_sign_at "pack" "adopt"' -l no-signing-time
complete -c cretula-sign -n '__cretula_sign_at "pack" "prepare"' -l previous -r -F
complete -c cretula-sign -n '__cretula_sign_at "pack" "prepare"' -l detached
complete -c cretula-sign -n '__cretula_sign_at "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "timestamp" "waive" "export uadipkg"' -l cert -r -F
complete -c cretula-sign -n '__cretula_sign_at "pack" "prepare" "attach" "endorse" "adopt" "sign-profile" "waive" "export uadipkg"' -l chain -r -F
complete -c cretula-sign -n '__cretula_sign_at "prepare"' -l uadipkg -r -F
complete -c cretula-sign -n '__cretula_sign_at "prepare" "export uadipkg"' -l manufacturer-uri -r -F
complete -c cretula-sign -n '__cretula_sign_at "prepare" "attach" "endorse" "timestamp"' -l payload -x -a '(__fish_complete_directories)'
complete -c cretula-sign -n '__cretula_sign_at "prepare"' -l tbs -r -F
complete -c cretula-sign -n '__cretula_sign_at "prepare" "attach" "endorse"' -l replace
complete -c cretula-sign -n '__cretula_sign_at "prepare" "attach" "endorse"' -l meaning -x -a 'origin approval receipt'
complete -c cretula-sign -n '__cretula_sign_at "attach"' -l raw -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l vendor -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l product -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l release -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l sequence -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l hardware -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l source -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l medium -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l acquired -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l name -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l role -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l note -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l published-sha256 -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l published-at -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l foreign-signature -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l foreign-key -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l foreign-trust -r -F
complete -c cretula-sign -n '__cretula_sign_at "adopt"' -l foreign-result -r -F
complete -c cretula-sign -n '__cretula_sign_at "timestamp"' -l request -r -F
complete -c cretula-sign -n '__cretula_sign_at "timestamp"' -l response -r -F
complete -c cretula-sign -n '__cretula_sign_at "timestamp"' -l signer -r -F
complete -c cretula-sign -n '__cretula_sign_at "trust-order"' -l index -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l check -x -a 'archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum signature.lasting trust.example-key trust.threshold trust.scope foreign.form foreign.value foreign.coverage foreign.strength foreign.timestamp foreign.pin package.zip package.manifest package.metadata package.release provenance.form provenance.subject provenance.coverage provenance.signature policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates lifecycle.updates release.separate document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.cisa sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog evidence.order run.confinement evidence.journal evidence.record evidence.result journal.chain journal.records record.form record.signature record.page seal.form seal.data seal.time trust.rotation'
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l archive -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l identity -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l asset -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l reason -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l approver -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l control -r -F
complete -c cretula-sign -n '__cretula_sign_at "waive"' -l until -r -F
complete -c cretula-sign -n '__cretula_sign_at "export uadipkg"' -l timestamp-request -r -F
complete -c cretula-sign -n '__cretula_sign_at "sbom check"' -l profile -x -a 'cisa-2026 bsi ntia-2021'
complete -c cretula-sign -n '__cretula_sign_at "sbom complete"' -l vex -r -F
complete -c cretula-sign -n '__cretula_sign_at "sbom complete"' -l sbom -r -F
