/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: why a waiver that was given is not honoured. */

CRET_CHECK(
    WAIVER_FORM, "waiver.form", WAIVER(WARN),
    .title = "A waiver file is strict JSON with known fields",
    .meaning =
        "A waiver file (--waivers) is read only after its signatures were verified. It must be "
        "strict JSON of the purpose waivers/1, with the fields of docs/spec/waivers.md and no "
        "others. One that is not is not honoured, and what it would have waived stays a FAIL.",
    .causes = "The file was written by hand or by another version of the program; or another "
              "signed file was given as a waiver.",
    .ask = "Send whoever signed the waiver the place and the reason named here, and ask for a "
           "new one, made with cretula-sign waive.")

CRET_CHECK(
    WAIVER_SIGNATURE, "waiver.signature", WAIVER(WARN),
    .title = "A waiver is signed by the role waiver",
    .meaning = "A waiver counts only with signatures beside it, over exactly its bytes, by as "
               "many signers of the role waiver as the trust policy asks for, in the scope of "
               "the product. No other role can waive, and no other scope.",
    .causes = "The signature files (FILE.<16 hex digits>.p7s) were not copied along; a byte of "
              "the file was changed, even a line break; the signer has another role, or was "
              "removed by a site overlay; or the waiver is for another vendor's product.",
    .ask = "Copy the file again together with its signatures. If it fails again, ask whoever "
           "may waive at your site to sign it, and compare with `cretula-verify trust show`.")

CRET_CHECK(
    WAIVER_APPLIES, "waiver.applies", WAIVER(WARN),
    .title = "A waiver is for this release and this asset",
    .meaning = "A waiver is a decision about one release, named by its identity (SHA-256 of "
               "MANIFEST.json), and where it says so about one asset, which --asset must name. "
               "It says nothing about any other.",
    .causes = "A newer release came since; the vendor made the release again; --asset was not "
              "given, or is spelled in another way; or several files are checked at once, and "
              "the waiver is for one of them.",
    .ask = "Compare the identities named here. Where the decision shall hold for this release "
           "too, whoever may waive has to sign a new waiver for it.")

CRET_CHECK(
    WAIVER_PERIOD, "waiver.period", WAIVER(WARN), .title = "A waiver has begun and has not ended",
    .meaning =
        "A waiver holds from the time when it was issued until its end, both judged at the "
        "time of the run (--at, where that is given). Afterwards the finding is a FAIL again.",
    .causes = "The time that was granted is over; or the clock of one of the machines is wrong.",
    .ask = "Ask whether the fault was put right in a newer release. If not, the decision needs "
           "a review and a new waiver.")

CRET_CHECK(
    WAIVER_ALLOWED, "waiver.allowed", WAIVER(WARN),
    .title = "The trust policy lets the check be waived",
    .meaning = "Only checks that the trust policy lists in `waivable` can be waived. Core checks, "
               "what the operator asked for in this run, and what a TPM says never can.",
    .causes = "The policy does not list the check; a site overlay removed it from the list; or "
              "the waiver is for a check that nobody may waive.",
    .ask = "Ask those who maintain the trust policy whether this check should be waivable; or "
           "get a release that passes.")
