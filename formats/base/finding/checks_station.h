/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: the TPM, and what a station holds: log, journals, records, its trust
 * policy. */

CRET_CHECK(
    TPM_ANCHOR, "tpm.anchor", TPM, .title = "The trust policy is the one that the TPM holds",
    .meaning = "The TPM of this station holds version and SHA-256 of trust.json, and only the "
               "trust owner's order replaces them. The file must be that very one.",
    .causes = "The file was edited, exchanged, or restored from a backup; an order was applied "
              "but the new file not put in its place; or this is another TPM than station.json "
              "describes.",
    .ask = "Ask the trust owner for trust.json of the version that the TPM names, and for its "
           "order. Where nobody changed anything on purpose, treat the station as tampered with.")

CRET_CHECK(
    TPM_JOURNAL, "tpm.journal", TPM, .title = "The journal ends where the TPM says",
    .meaning = "The TPM extends its journal head with every line. The head recomputed from "
               "journal.jsonl must be the same, or lines are missing or changed.",
    .causes = "Lines were removed, edited or added by hand; the folder was deleted or restored "
              "from a backup; or another journal folder was named.",
    .ask = "Run `cretula-verify journal verify` with --tpm. Compare with the copies of records "
           "that change control keeps, and treat the station as tampered with until the "
           "difference is explained.")

CRET_CHECK(TPM_SIGNATURE, "tpm.signature", TPM,
           .title = "The TPM agrees with OpenSSL about the signatures",
           .meaning = "With --tpm-verify the TPM verifies each signature once more, where it takes "
                      "that kind of key. A difference means that one of the two is wrong.",
           .causes = "A manipulated or defective OpenSSL on this machine; or a fault of the TPM.",
           .ask =
               "Verify the archive on another machine. Report the difference with the archive and "
               "the TPM's response code.")

CRET_CHECK(
    TPM_ATTESTATION, "tpm.attestation", TPM,
    .title = "The record was attested by this station's TPM",
    .meaning = "The TPM's attestation key signed the journal head together with the digest of "
               "the record. It must fit record, journal line and station.json.",
    .causes = "The attestation belongs to another record or another station; record, line or "
              "attestation were changed; or station.json is not that of the station.",
    .ask = "Compare station.json with the copy that change control keeps. Ask the station for "
           "the record and attestation again.")

CRET_CHECK(
    EVIDENCE_SYSLOG, "evidence.syslog", STATION(WARN), .set_by = CRET_SET_BY_POLICY,
    .title = "The system log takes the line that was asked for",
    .meaning = "With --syslog each verdict is sent to the log service of this machine, which "
               "never answers. Before the run ends it is tried whether one listens at all.",
    .causes = "No log service runs, as in many containers; it was stopped; or /dev/log is not "
              "there, or not for this user.",
    .ask = "Ask whoever runs this machine to start a log service (systemd-journald, rsyslog), "
           "or to make its /dev/log visible in the container. Record and journal do not depend "
           "on it.")

CRET_CHECK(
    EVIDENCE_ORDER, "evidence.order", STATION(WARN), .set_by = CRET_SET_BY_POLICY,
    .title = "The release was verified before the change",
    .meaning = "With --planned-at the run is told for when the change is planned. Who installs "
               "first and verifies later knows too late; and rules for critical systems ask for "
               "evidence of that order. The time of the run is that of this machine's clock.",
    .causes = "The verification is late, the time was mistyped, or the clock of this machine is "
              "wrong.",
    .ask = "Compare the time with the change request. Where the change was made already, say so in "
           "it; this record then shows what was installed, not that it was verified before.")

CRET_CHECK(
    RUN_CONFINEMENT, "run.confinement", STATION(WARN), .set_by = CRET_SET_BY_POLICY,
    .title = "The process that read the archive was confined",
    .meaning = "What reads an archive gives up, before its first byte, files, network and most "
               "system calls, so that a fault in a reader is not the machine's. A run that could "
               "not do so was told to go on (--allow-unconfined), and its verdict is only as good "
               "as that process. A run that is confined lists nothing here.",
    .causes = "The kernel is older than 5.13, was started without Landlock, or a container "
              "forbids it; or the program runs under an emulator.",
    .ask = "Ask whoever runs this machine: `cretula-verify self-test` says what it lacks. Verify "
           "again where it is there, before anybody relies on the result.")

CRET_CHECK(
    EVIDENCE_JOURNAL, "evidence.journal", OWED,
    .title = "The journal was read, and took the line of this run",
    .meaning = "With --journal the run is compared with what the journal knows, and leaves a "
               "line in it. An acceptance without its line is none: the run ends undecided. A "
               "run that leaves its line lists nothing here.",
    .causes = "The folder cannot be written, or its disk is full; another run holds the "
              "journal; a line or a record in it is not as it was left; or the TPM did not "
              "answer.",
    .ask = "Ask whoever runs this station to mend what the reason names, and verify the "
           "archive again. `cretula-verify journal verify` says whether the journal is sound.")

CRET_CHECK(
    EVIDENCE_RECORD, "evidence.record", OWED,
    .title = "The record of this run was written, and signed where asked",
    .meaning = "With --record, --journal or --sign-record the run leaves a record, which is "
               "read back before the verdict is told. An acceptance that cannot be proved is "
               "none: the run ends undecided. A run that leaves its record lists nothing here.",
    .causes = "The folder cannot be written, or its disk is full; memory ended; or the key or "
              "its token did not sign.",
    .ask = "Ask whoever runs this station to mend what the reason names, and verify the "
           "archive again.")

CRET_CHECK(
    EVIDENCE_RESULT, "evidence.result", OWED, .title = "The result was put in its place, and told",
    .meaning = "What extract wrote gets its name only after an acceptance, and the verdict "
               "counts only once it could be printed. A run that got that far lists nothing "
               "here.",
    .causes = "The folder of --to cannot be written, or appeared meanwhile; a disk is full; or "
              "whoever read the output went away.",
    .ask = "Ask whoever runs this station to mend what the reason names, and run it again.")

CRET_CHECK(
    JOURNAL_CHAIN, "journal.chain", STATION(FAIL),
    .title = "No journal line was edited, deleted, moved or added",
    .meaning =
        "Each line of the journal holds number and SHA-256 of the line before it. A line that "
        "was changed, taken out, moved or put in breaks that chain. Each line is also made "
        "anew from its record, and the last one compared with the head that its writer left.",
    .causes = "Somebody edited the file; a copy or a synchronisation mixed two states of it; "
              "the disk is failing; or a run was interrupted at its last line.",
    .ask = "Compare with the last copy of the journal and with the records that change control "
           "keeps. Where nobody can explain the difference, treat the station as tampered "
           "with, and begin a new journal that names the old one.")

CRET_CHECK(
    JOURNAL_RECORDS, "journal.records", STATION(FAIL),
    .title = "Every record is what its journal line says",
    .meaning = "The line of a run holds the SHA-256 of its record, and of the certificate of "
               "whoever signs it. The record must be in the folder records/, unchanged, with "
               "its signature and the TPM's attestation; nothing else may lie there. Only then "
               "the record is one of an acceptance.",
    .causes = "A record was edited, deleted, or put there by hand; or the last lines of the "
              "journal were cut off, so that their records have none.",
    .ask = "Fetch the record from whoever got a copy of it (change control), and compare its "
           "SHA-256 with the line. A record without a line proves nothing.")

CRET_CHECK(RECORD_FORM, "record.form", STATION(FAIL),
           .title = "The record is one, and does not contradict itself",
           .meaning =
               "A record is strict JSON of the form in docs/spec/record.md; its verdict must "
               "follow from the results of the checks that it lists.",
           .causes = "The file is no record, was made by another version, or was edited.",
           .ask = "Ask whoever ran the verification for the record again, with its signature.")

CRET_CHECK(RECORD_SIGNATURE, "record.signature", STATION(FAIL),
           .title = "The record was signed by a trusted key",
           .meaning = "A signed record has a CMS signature beside it (RECORD.json.p7s). It must be "
                      "valid for these bytes, and its signer must lead to a trusted anchor.",
           .causes = "The record or its signature was changed; the signature belongs to another "
                     "record; or the key is not among the anchors that you named.",
           .ask = "Ask whoever ran the verification which key signs records, and for both files.")

CRET_CHECK(RECORD_PAGE, "record.page", STATION(FAIL),
           .title = "The report shows the record that it carries",
           .meaning = "A report (check --report) carries the record that it was made of. The page "
                      "is made again of that record, and must be the same, byte by byte.",
           .causes = "The page was edited, or saved again by a browser or a mail program, which "
                     "changes it; or it is no report.",
           .ask = "Ask whoever ran the verification for the report again, as a file, or for the "
                  "record with its signature.")

CRET_CHECK(SEAL_FORM, "seal.form", OPERATOR, .title = "The seal is an evidence record of one form",
           .meaning = "A seal (.ers) is an EvidenceRecord of RFC 4998 in DER, with the digests "
                      "SHA-256, SHA-384 or SHA-512, and timestamps that are sound in themselves.",
           .causes = "The file is no seal, was damaged, or was made by a tool with another form.",
           .ask = "Fetch the seal again from whoever keeps the seals; see docs/spec/seals.md for "
                  "what is read.")

CRET_CHECK(SEAL_DATA, "seal.data", OPERATOR, .title = "The seal is over these very files",
           .meaning =
               "The digest of each file that a seal protects stands in its hash tree, and the tree "
               "ends in what the timestamp dates; each renewal covers all that was before it.",
           .causes = "A file was changed after it was sealed; the seal is of something else; or a "
                     "renewal left something out.",
           .ask = "Compare the files with another copy. A seal over other bytes proves nothing of "
                  "these.")

CRET_CHECK(
    SEAL_TIME, "seal.time", OPERATOR, .title = "Each timestamp of the seal was renewed in time",
    .meaning = "A timestamp proves something as long as the certificate of its authority "
               "and its algorithms last. The next one must have been made before their "
               "end, and the last one must hold today. Each is by an authority that you "
               "trust.",
    .causes = "The seal was renewed too late, or not at all; its authority is not among "
              "those that you named; or the clock is wrong.",
    .ask = "Name the authority of that time in timestampAuthorities of the trust policy. What "
           "was renewed too late cannot be mended: look for another copy of the seal.")

CRET_CHECK(TRUST_ROTATION, "trust.rotation", STATION(FAIL),
           .title = "Each version of the trust policy follows the one before",
           .meaning =
               "A station takes a new trust policy only along an unbroken line: every version "
               "from the installed one on, of the same name, each signed by enough owners of "
               "the version before and of its own, and nothing else in the folder.",
           .causes = "A version or a signature is missing; the folder is older than what is "
                     "installed, or belongs to another policy; a file was changed or added; or "
                     "somebody tries to bring a policy in that its owners did not sign.",
           .ask = "Compare the installed version (cretula-verify trust show) with what those who "
                  "maintain the policy sent, and fetch the whole folder from them again. Where the "
                  "histories differ, tell the owners before anything is installed.")
