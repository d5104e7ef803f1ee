/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: attestations of how the files were built. */

CRET_CHECK(
    PROVENANCE_FORM, "provenance.form", RELEASE(FAIL),
    .title = "Attestations of the build can be read",
    .meaning = "An attestation that the manifest lists is an in-toto statement in a DSSE envelope, "
               "of the predicate type that the manifest names; SLSA provenance v1 says which "
               "builder made the files, and how the build was described.",
    .causes = "The file is another one than the build service wrote, was edited, holds several "
              "attestations, or is larger than what is read.",
    .ask = "Ask the vendor for a release with the attestation as the build service wrote it.",
    .owner = "ask the vendor for the attestation as its build service wrote it",
    .signer = "pack the attestation as the build service wrote it, with its own predicate type")

CRET_CHECK(
    PROVENANCE_SUBJECT, "provenance.subject", RELEASE(FAIL),
    .title = "Attestations of the build are about these files",
    .meaning = "An attestation names what was built by name and digest. Its subjects must be files "
               "of this release, byte by byte; one of another build says nothing of them.",
    .causes = "The attestation of another build or another version was packed; or a file was "
              "changed, or signed once more, after the build.",
    .ask = "Send the vendor the digests named here, and ask which build the files are from.",
    .owner = "ask the vendor which build the files are from",
    .signer = "pack the attestation of the build that made these files")

CRET_CHECK(
    PROVENANCE_COVERAGE, "provenance.coverage", RELEASE(WARN),
    .title = "Every firmware and software file has a provenance",
    .meaning =
        "Where a release carries provenance, a file of the role firmware or software that "
        "no attestation names may be from anywhere. To whoever verifies, only attestations "
        "count that are signed as the trust policy asks. Where the policy makes this check a "
        "fail, it refuses, as does a release without any provenance.",
    .causes = "The files are from several builds, and not all attestations were packed; or a file "
              "was added by hand.",
    .ask = "Ask the vendor where the file comes from, and for its provenance.",
    .owner = "ask the vendor where the file comes from",
    .signer = "add the attestation of its build to provenance")

CRET_CHECK(
    PROVENANCE_SIGNATURE, "provenance.signature", RELEASE(WARN),
    .title = "The provenance was signed by a builder that is trusted",
    .meaning = "The trust policy can name who signs provenance (role provenance), and which "
               "builders they may speak for. An attestation that is unsigned, or signed by a key "
               "that the policy does not name, is carried, and proves nothing: it is not checked. "
               "Where the policy makes this check a fail, it refuses, as does a release without "
               "any provenance.",
    .causes = "The build service signs with another key than the policy names, or does not sign; "
              "the attestation was changed after it was signed; or it speaks for another builder.",
    .ask = "Ask the vendor, on a way other than the download, for the key of its build service, "
           "and add it with cretula-verify trust add-signer and the role provenance.",
    .owner = "ask the vendor for the key of its build service, and name it for the role provenance")
