# SPDX-License-Identifier: Apache-2.0
# fish completion of cretula-verify; made by docs/man/generate.py.
# Whether the verb on the line, of one word or two, is one of these.
function __cretula_verify_at
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv; or contains -- "$words[2] $words[3]" $argv
end
function __cretula_verify_bare
    set -l words (commandline -opc)
    test (count $words) -eq 1
end
function __cretula_verify_group
    set -l words (commandline -opc)
    test (count $words) -eq 2 -a "$words[2]" = "$argv[1]"
end
complete -c cretula-verify -n __cretula_verify_bare -f
complete -c cretula-verify -n __cretula_verify_bare -l help -l version
complete -c cretula-verify -n __cretula_verify_bare -f -a check -d 'Verify archives against trusted keys: ACCEPTED or REFUSED'
complete -c cretula-verify -n __cretula_verify_bare -f -a extract -d 'Verify an archive and unpack it into a new folder, all or nothing'
complete -c cretula-verify -n __cretula_verify_bare -f -a show -d 'Show what an archive says of itself'
complete -c cretula-verify -n __cretula_verify_bare -f -a diff -d 'Compare two releases: what changes, who says so, what to do before and after'
complete -c cretula-verify -n __cretula_verify_bare -f -a advisories -d 'Match advisories and VEX files with releases: affected, fixed, or not'
complete -c cretula-verify -n __cretula_verify_bare -f -a compare-installed -d 'Hold a folder against a release: same, changed, missing, extra'
complete -c cretula-verify -n __cretula_verify_bare -f -a trace -d 'Say which release, document or component a file is'
complete -c cretula-verify -n __cretula_verify_bare -f -a catalogue -d 'Keep an index of archives, records and journals'
complete -c cretula-verify -n '__cretula_verify_group catalogue' -f -a add -d 'Put archives, records and journals into a catalogue'
complete -c cretula-verify -n '__cretula_verify_group catalogue' -f -a list -d 'List what a catalogue holds'
complete -c cretula-verify -n '__cretula_verify_group catalogue' -f -a check -d 'Check a catalogue, and whether its sources are still there'
complete -c cretula-verify -n '__cretula_verify_group catalogue' -f -a rebuild -d 'Read everything in a catalogue again, under the trust of today'
complete -c cretula-verify -n __cretula_verify_bare -f -a review -d 'Say what would be refused today of what was accepted once'
complete -c cretula-verify -n __cretula_verify_bare -f -a export -d 'Write what releases say in the form of another system'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a inventory -d 'Export rows of an asset list'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a checklist -d 'Export a checklist for commissioning, FAT and SAT'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a settings -d 'Export settings that matter for security'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a interfaces -d 'Export interfaces and external services (an interface control document)'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a claims -d 'Export the vendor\'s claims about standards, with their limits'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a annex2 -d 'Export what a release answers of Annex II of Regulation (EU) 2024/2847'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a sha256sums -d 'Export the digests of all files as sha256sum -c takes them'
complete -c cretula-verify -n '__cretula_verify_group export' -f -a vdi2770 -d 'Export the documents as document containers of VDI 2770 part 1'
complete -c cretula-verify -n __cretula_verify_bare -f -a explain -d 'Say what a check means, why it may fail, and whom to ask'
complete -c cretula-verify -n __cretula_verify_bare -f -a self-test -d 'Say what this machine gives to a verification, and what it lacks'
complete -c cretula-verify -n __cretula_verify_bare -f -a trust -d 'Write, read, sign and update trust policies (trust.json)'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a init -d 'Begin a trust policy without signers'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a add-signer -d 'Add a signer to a role of a scope'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a remove-signer -d 'Remove a signer, or an owner of the policy'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a add-foreign -d 'Pin whose files in other formats count for a vendor'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a remove-foreign -d 'Remove a pin of files in other formats'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a set -d 'Change other fields of a trust policy'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a show -d 'Show a trust policy: who may sign what'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a lint -d 'Check a trust policy'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a sign -d 'Sign a version of a trust policy as one of its owners'
complete -c cretula-verify -n '__cretula_verify_group trust' -f -a update -d 'Take the newest version of the trust policy from a folder'
complete -c cretula-verify -n __cretula_verify_bare -f -a site -d 'Begin and examine the configuration of this machine'
complete -c cretula-verify -n '__cretula_verify_group site' -f -a init -d 'Begin a site configuration'
complete -c cretula-verify -n '__cretula_verify_group site' -f -a lint -d 'Read a site configuration, and open what it names'
complete -c cretula-verify -n __cretula_verify_bare -f -a journal -d 'Keep, show and check the journal'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a show -d 'List runs and notes: line, time, verdict, product, asset, stage, change'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a verify -d 'Find lines that were edited, deleted, moved or added'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a note -d 'Add what happened later to a release'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a seal -d 'Have a journal and its records dated by a timestamp authority'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a close -d 'End a journal: nothing can be added afterwards'
complete -c cretula-verify -n '__cretula_verify_group journal' -f -a continue -d 'Begin a journal that goes on from another one'
complete -c cretula-verify -n __cretula_verify_bare -f -a record -d 'Show, verify and export records'
complete -c cretula-verify -n '__cretula_verify_group record' -f -a show -d 'Show a record'
complete -c cretula-verify -n '__cretula_verify_group record' -f -a verify -d 'Verify a record without the archive'
complete -c cretula-verify -n '__cretula_verify_group record' -f -a export -d 'Write a verified record in the form of another system'
complete -c cretula-verify -n '__cretula_verify_group record' -f -a replay -d 'Do the run of a record once more, and say what differs'
complete -c cretula-verify -n __cretula_verify_bare -f -a archive -d 'Seal archives'
complete -c cretula-verify -n '__cretula_verify_group archive' -f -a seal -d 'Have the signatures of archives dated by a timestamp authority'
complete -c cretula-verify -n __cretula_verify_bare -f -a seal -d 'Show, verify and renew seals (evidence records, RFC 4998)'
complete -c cretula-verify -n '__cretula_verify_group seal' -f -a show -d 'Show the timestamps of a seal, unverified'
complete -c cretula-verify -n '__cretula_verify_group seal' -f -a verify -d 'Verify seals: since when files existed, and until when that is proved'
complete -c cretula-verify -n '__cretula_verify_group seal' -f -a renew -d 'Renew seals before their timestamp or digest ages'
complete -c cretula-verify -n __cretula_verify_bare -f -a tpm -d 'Use the TPM of this station'
complete -c cretula-verify -n '__cretula_verify_group tpm' -f -a provision -d 'Make this station\'s objects in the TPM, once'
complete -c cretula-verify -n '__cretula_verify_group tpm' -f -a apply -d 'Take a new trust policy, by the trust owner\'s order'
complete -c cretula-verify -n '__cretula_verify_group tpm' -f -a status -d 'Show what the TPM holds, and whether it is what it should be'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust add-signer" "trust add-foreign" "record show" "record verify" "record export" "record replay"' -l anchor -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust update" "record replay" "tpm provision" "tpm apply" "tpm status"' -l trust -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l overlay -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust set" "record show" "record verify" "record export" "record replay"' -l crl -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record show" "record verify" "record export" "record replay"' -l at -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "trust show" "trust lint" "trust sign" "trust update" "journal verify" "journal seal" "record show" "record verify" "record export" "record replay" "archive seal" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l allow-example-keys
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "journal verify" "journal seal" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew"' -l allow-unconfined
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "journal show" "record replay"' -l product -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "record replay"' -l vendor -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l hardware -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l min-sequence -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l also -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l backout
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l expect-identity -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l profile -r -F -a 'iec62443-component'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l waivers -r -F
complete -c cretula-verify -n '__cretula_verify_at "check"' -l foreign-signature -r -F
complete -c cretula-verify -n '__cretula_verify_at "check"' -l foreign-key -r -F
complete -c cretula-verify -n '__cretula_verify_at "check"' -l foreign-signer -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "record show" "record verify" "record export"' -l seal -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "archive seal"' -l seals -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal verify" "journal seal" "record show" "record verify" "record export" "archive seal" "seal verify" "seal renew"' -l authority -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l fast
complete -c cretula-verify -n '__cretula_verify_at "check"' -l only -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l payload -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l jobs -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record replay"' -l hash -x -a 'auto openssl'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l record -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l report -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l archive-digest
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal note"' -l change-id -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l planned-at -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l baseline-item -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "export inventory" "journal show" "journal note"' -l asset -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l further-asset -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l zone -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal note"' -l stage -x -a 'received in-test authorized deployed'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l acquired -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "trust init" "trust set" "journal note"' -l name -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal note"' -l role -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "record show" "record verify" "record export" "tpm status"' -l journal -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l sign-record -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l record-cert -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l record-chain -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l syslog
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "trust sign" "record export"' -l passphrase-fd -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "trust sign" "record export"' -l passphrase-file -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "trust sign" "record export"' -l pin-fd -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "trust sign" "record export"' -l pin-file -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal show" "journal verify" "journal note" "journal close" "journal continue"' -l tpm
complete -c cretula-verify -n '__cretula_verify_at "check" "extract"' -l tpm-verify
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal show" "journal verify" "journal note" "journal close" "journal continue" "record show" "record verify" "record export" "tpm provision" "tpm apply" "tpm status"' -l station -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal show" "journal verify" "journal note" "journal close" "journal continue" "tpm provision" "tpm apply" "tpm status"' -l journal-auth -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "journal show" "journal verify" "journal note" "journal close" "journal continue" "tpm provision" "tpm apply" "tpm status"' -l tcti -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "trust show" "trust lint" "trust sign" "trust update" "site lint" "journal show" "journal verify" "journal note" "journal seal" "journal close" "journal continue" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l config -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "compare-installed" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "trust show" "journal show" "record show" "record verify"' -l verbose
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "advisories"' -l quiet
complete -c cretula-verify -n '__cretula_verify_at "check"' -l junit -r -F
complete -c cretula-verify -n '__cretula_verify_at "check"' -l sarif -r -F
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "self-test" "trust show" "trust lint" "trust sign" "trust update" "journal show" "journal verify" "journal note" "journal seal" "journal close" "journal continue" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l json
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "explain" "self-test" "trust init" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "trust show" "trust lint" "trust sign" "trust update" "site init" "site lint" "journal show" "journal verify" "journal note" "journal seal" "journal close" "journal continue" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l help
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "explain" "self-test" "trust init" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "trust show" "trust lint" "trust sign" "trust update" "site init" "site lint" "journal show" "journal verify" "journal note" "journal seal" "journal close" "journal continue" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l no-color
complete -c cretula-verify -n '__cretula_verify_at "check" "extract" "show" "diff" "advisories" "compare-installed" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "explain" "self-test" "trust init" "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set" "trust show" "trust lint" "trust sign" "trust update" "site init" "site lint" "journal show" "journal verify" "journal note" "journal seal" "journal close" "journal continue" "record show" "record verify" "record export" "record replay" "archive seal" "seal show" "seal verify" "seal renew" "tpm provision" "tpm apply" "tpm status"' -l version
complete -c cretula-verify -n '__cretula_verify_at "extract" "export vdi2770" "trust sign"' -l to -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "extract"' -l portable-names
complete -c cretula-verify -n '__cretula_verify_at "extract"' -l to-fd -r -F
complete -c cretula-verify -n '__cretula_verify_at "show"' -l section -x -a 'changes prerequisites restart settings deprecated tests risks issues compatibility release rollback product hardware lifecycle advisories interfaces services qualification claims responsibilities assumptions threats gaps contacts manufacturer purpose environment functions properties misuse declaration technical updates integrator adoption documents sbom provenance topics files'
complete -c cretula-verify -n '__cretula_verify_at "show" "record show" "record verify"' -l files
complete -c cretula-verify -n '__cretula_verify_at "diff" "record show"' -l html -r -F
complete -c cretula-verify -n '__cretula_verify_at "diff"' -l any-product
complete -c cretula-verify -n '__cretula_verify_at "advisories" "review"' -l csaf -r -F
complete -c cretula-verify -n '__cretula_verify_at "advisories" "review"' -l fail-on -x -a 'affected possible'
complete -c cretula-verify -n '__cretula_verify_at "advisories" "trace" "catalogue add" "catalogue list" "catalogue check" "catalogue rebuild" "review" "export inventory"' -l catalogue -r -F
complete -c cretula-verify -n '__cretula_verify_at "compare-installed"' -l against -r -F
complete -c cretula-verify -n '__cretula_verify_at "trace"' -l in -r -F
complete -c cretula-verify -n '__cretula_verify_at "review"' -l archives -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2"' -l format -x -a 'csv json html'
complete -c cretula-verify -n '__cretula_verify_at "export inventory" "export checklist" "export settings" "export interfaces" "export claims" "export annex2" "export sha256sums" "export vdi2770" "record export"' -l out -r -F
complete -c cretula-verify -n '__cretula_verify_at "export sha256sums"' -l original-names
complete -c cretula-verify -n '__cretula_verify_at "export vdi2770"' -l document -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust init" "trust set"' -l review-by -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust init" "trust set"' -l expires -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust remove-signer" "trust set"' -l signer -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer"' -l role -x -a 'release quality owner waiver provenance'
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust remove-signer"' -l policy-owner
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust add-foreign" "trust set"' -l pin-key
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust add-foreign" "trust set"' -l fingerprint -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust remove-signer"' -l threshold -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust add-foreign"' -l added-by -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust add-foreign"' -l obtained -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-signer" "trust remove-signer" "trust add-foreign" "trust remove-foreign" "trust set"' -l keep-version
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign" "trust remove-foreign"' -l pin -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l kind -x -a 'authenticode cms minisign signify openpgp rauc swupdate mcuboot'
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l subject -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l issuer -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l exactly
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l own
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign" "trust sign" "record export"' -l key -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l weak-digests
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l legacy
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign"' -l not-after -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust add-foreign" "trust update"' -l dry-run
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l severity -x -a 'archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum signature.lasting trust.example-key trust.threshold trust.scope foreign.form foreign.value foreign.coverage foreign.strength foreign.timestamp foreign.pin package.zip package.manifest package.metadata package.release provenance.form provenance.subject provenance.coverage provenance.signature policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates lifecycle.updates release.separate document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.cisa sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog evidence.order run.confinement evidence.journal evidence.record evidence.result journal.chain journal.records record.form record.signature record.page seal.form seal.data seal.time trust.rotation'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l minimum-sequence -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l threshold -x -a 'release quality owner waiver provenance'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l owners-threshold -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l algorithm -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l waivable -x -a 'archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum signature.lasting trust.example-key trust.threshold trust.scope foreign.form foreign.value foreign.coverage foreign.strength foreign.timestamp foreign.pin package.zip package.manifest package.metadata package.release provenance.form provenance.subject provenance.coverage provenance.signature policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates lifecycle.updates release.separate document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.cisa sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog evidence.order run.confinement evidence.journal evidence.record evidence.result journal.chain journal.records record.form record.signature record.page seal.form seal.data seal.time trust.rotation'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l revocation -x -a 'require if-present off'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l crl-max-age -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l timestamp -x -a 'require prefer off'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l timestamp-authority -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l intermediate -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l post-quantum -x -a 'require prefer off'
complete -c cretula-verify -n '__cretula_verify_at "trust set"' -l post-quantum-anchor -r -F
complete -c cretula-verify -n '__cretula_verify_at "trust sign"' -l cert -r -F
complete -c cretula-verify -n '__cretula_verify_at "site init"' -l field -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal show"' -l since -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal verify"' -l head -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal note"' -l line -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal note"' -l identity -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal note"' -l time -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal note" "journal close"' -l text -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal seal" "archive seal" "seal renew"' -l request -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal seal" "archive seal" "seal renew"' -l response -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal seal"' -l lines -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal continue"' -l from -r -F
complete -c cretula-verify -n '__cretula_verify_at "journal continue"' -l unclosed
complete -c cretula-verify -n '__cretula_verify_at "record show" "record verify" "record export"' -l signature -r -F
complete -c cretula-verify -n '__cretula_verify_at "record show" "record verify" "record export"' -l attestation -r -F
complete -c cretula-verify -n '__cretula_verify_at "record verify"' -l accepted
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l vsa
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l verifier-id -r -F
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l resource-uri -r -F
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l nerc-cip-010
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l machinery
complete -c cretula-verify -n '__cretula_verify_at "record export"' -l asic
complete -c cretula-verify -n '__cretula_verify_at "seal verify" "seal renew"' -l data -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "seal renew"' -l digest -x -a 'sha256 sha384 sha512'
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l trust-owner -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l owner-auth-file -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l owner-auth-fd -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l insecure-no-auth
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l anchor-index -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l journal-index -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l attestation-handle -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm provision"' -l storage-handle -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm apply"' -l new -r -F
complete -c cretula-verify -n '__cretula_verify_at "tpm apply"' -l series -x -a '(__fish_complete_directories)'
complete -c cretula-verify -n '__cretula_verify_at "explain"' -f -a 'archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation signature.timestamp signature.post-quantum signature.lasting trust.example-key trust.threshold trust.scope foreign.form foreign.value foreign.coverage foreign.strength foreign.timestamp foreign.pin package.zip package.manifest package.metadata package.release provenance.form provenance.subject provenance.coverage provenance.signature policy.review release.identity release.product release.hardware release.sequence release.backout release.upgrade release.adoption file.intended release.values lifecycle.support lifecycle.dates lifecycle.updates release.separate document.applies document.review document.identity document.also topics.answered claims.hygiene sbom.form sbom.binding sbom.nested sbom.unread sbom.cisa sbom.ntia sbom.bsi vex.match advisory.digest advisory.match waiver.form waiver.signature waiver.applies waiver.period waiver.allowed tpm.anchor tpm.journal tpm.signature tpm.attestation evidence.syslog evidence.order run.confinement evidence.journal evidence.record evidence.result journal.chain journal.records record.form record.signature record.page seal.form seal.data seal.time trust.rotation'
