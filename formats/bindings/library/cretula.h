/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcretula: verifying a release from within another program. The calling process never reads a
 * byte of the archive: each verification is a run of cretula-verify, whose confined process does.
 * So the library has no global state, forks nothing of its caller, and may be used by many threads
 * at once. docs/library.md is its guide; each function has a page of its own (man 3).
 */
#ifndef CRETULA_H
#define CRETULA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What came of a verification. Only the two values of an acceptance accept. */
enum cretula_verdict {
    CRETULA_UNDECIDED = 0,  /* it could not be found out: cretula_result_sentence() says why */
    CRETULA_REFUSED = 1,    /* there is evidence against the file */
    CRETULA_NOT_JUDGED = 2, /* an option, a policy or a list is wrong: nothing was judged */
    CRETULA_ACCEPTED = 3,
    CRETULA_ACCEPTED_WITH_WAIVERS = 4 /* signed waivers cover what would refuse it */
};

/* What cretula_verifier_set() sets: the options of `cretula-verify check` with the same names. The
 * value of an option that says FLAG is "". Those that say "repeated" add up. Files are opened when
 * a verification begins, relative names from the working folder of that moment. */
enum cretula_option {
    CRETULA_OPTION_ANCHOR = 1,           /* file or bytes; repeated: certificate in PEM */
    CRETULA_OPTION_TRUST = 2,            /* file or bytes: trust policy (trust.json) */
    CRETULA_OPTION_OVERLAY = 3,          /* file or bytes: what a site asks for besides */
    CRETULA_OPTION_CRL = 4,              /* file or bytes; repeated: revocation list */
    CRETULA_OPTION_AT = 5,               /* time (RFC 3339, UTC) instead of now */
    CRETULA_OPTION_VENDOR = 6,           /* text: refuse a release of another vendor */
    CRETULA_OPTION_PRODUCT = 7,          /* text: refuse a release of another product */
    CRETULA_OPTION_HARDWARE = 8,         /* MODEL:REV: refuse one that does not list it */
    CRETULA_OPTION_MIN_SEQUENCE = 9,     /* number: refuse a release with a lower sequence */
    CRETULA_OPTION_EXPECT_IDENTITY = 10, /* 64 hex digits: refuse any other release */
    CRETULA_OPTION_PROFILE = 11,         /* file or bytes: what documents must answer */
    CRETULA_OPTION_WAIVERS = 12,         /* file; repeated: signatures lie beside it */
    CRETULA_OPTION_PAYLOAD = 13,         /* folder with the files of a detached release */
    CRETULA_OPTION_SEAL = 14,            /* file: a seal over the signatures */
    CRETULA_OPTION_AUTHORITY = 15,       /* file or bytes; repeated: who is believed about it */
    CRETULA_OPTION_JOURNAL = 16,         /* folder: what was accepted before, and one more line */
    CRETULA_OPTION_RECORD = 17,          /* folder that gets RECORD.json */
    CRETULA_OPTION_ASSET = 18,           /* text: the asset that the release is for */
    CRETULA_OPTION_CHANGE_ID = 19,       /* text: the change that this is for */
    CRETULA_OPTION_BACKOUT = 20,         /* FLAG: the return to an older release is planned */
    CRETULA_OPTION_ALLOW_EXAMPLE_KEYS = 21, /* FLAG: published test keys count; for trials only */
    CRETULA_OPTION_ALLOW_UNCONFINED = 22,   /* FLAG: also where the system cannot confine */
    CRETULA_OPTION_JOBS = 23,               /* number of threads of the process that reads */
    CRETULA_OPTION_CONFIG = 24,             /* file: site configuration */
    CRETULA_OPTION_PROGRAM = 25 /* absolute path of cretula-verify; default: the installed one */
};

/* A text that an accepted or refused release says of itself, of which a trusted signature was
 * verified. */
enum cretula_fact {
    CRETULA_FACT_IDENTITY = 1, /* SHA-256 of MANIFEST.json: 64 lower-case hex digits */
    CRETULA_FACT_VENDOR = 2,
    CRETULA_FACT_PRODUCT = 3,
    CRETULA_FACT_VERSION = 4,
    CRETULA_FACT_DATE = 5,  /* of the release, RFC 3339 */
    CRETULA_FACT_ORIGIN = 6 /* "vendor", or "adopted" where an owner signed it */
};

typedef struct cretula_verifier cretula_verifier; /* whom to trust, and what is expected */
typedef struct cretula_result cretula_result;     /* of one verification */
typedef struct cretula_finding cretula_finding;   /* one answer of a check */
typedef struct cretula_file cretula_file;         /* one file of the release */
typedef struct cretula_signer cretula_signer;     /* one signature that was counted */

/* Called before the bytes of a file; files come one after the other. Non-zero: stop. */
typedef int (*cretula_begin)(void *context, const cretula_file *file);
/* The next bytes of that file, ascending from its first. Non-zero: stop. */
typedef int (*cretula_write)(void *context, const cretula_file *file, const void *data,
                             size_t size);

/* Version of the library, for example "0.1.0". */
const char *cretula_version(void);

/* Makes a verifier that trusts nobody yet. Returns NULL where there is no memory. Free it with
 * cretula_verifier_free(). */
cretula_verifier *cretula_verifier_new(void);

/* Frees a verifier. Takes NULL. No verification may be using it. */
void cretula_verifier_free(cretula_verifier *verifier);

/*
 * Sets an option of all verifications that begin later. value: a text or the name of a file,
 * copied; "" for a flag. Returns 0, and -1 where there is no such option, it is given twice without
 * adding up, or there is no memory. A verifier that refused an option judges nothing any more: each
 * verification says CRETULA_NOT_JUDGED, so that an expectation which was not set is never left out
 * in silence. Not while another thread uses the verifier.
 */
int cretula_verifier_set(cretula_verifier *verifier, enum cretula_option option, const char *value);

/*
 * Sets an option that names a file by the bytes that would stand in it. They are copied into
 * memory of the system that has no name (memfd_create), where the verifying program reads them.
 * Returns 0, and -1 as cretula_verifier_set() does, also for options that take no file.
 */
int cretula_verifier_set_bytes(cretula_verifier *verifier, enum cretula_option option,
                               const void *data, size_t size);

/* Says why the first option was refused, as a sentence; NULL where all were taken. It lives as long
 * as the verifier. */
const char *cretula_verifier_error(const cretula_verifier *verifier);

/*
 * Verifies the archive at a path. Reads every byte of it and hands out none. Returns a result in
 * any case, whose verdict begins with CRETULA_UNDECIDED, and NULL only where there is no memory.
 * Free it with cretula_result_free(). Threads may share the verifier.
 */
cretula_result *cretula_verify_file(const cretula_verifier *verifier, const char *path);

/*
 * Verifies the archive that a descriptor gives, to its end. descriptor: a pipe or a socket, or a
 * file whose offset is 0; borrowed. Returns as cretula_verify_file() does.
 */
cretula_result *cretula_verify_descriptor(const cretula_verifier *verifier, int descriptor);

/*
 * Verifies the archive at a path, and puts its files into a new folder. folder: must not exist; it
 * appears whole where the verdict is an acceptance, and not at all otherwise. Returns as
 * cretula_verify_file() does.
 */
cretula_result *cretula_extract_file(const cretula_verifier *verifier, const char *path,
                                     const char *folder);

/* Verifies the archive that a descriptor gives, and puts its files into a new folder. As
 * cretula_extract_file() and cretula_verify_descriptor(). */
cretula_result *cretula_extract_descriptor(const cretula_verifier *verifier, int descriptor,
                                           const char *folder);

/*
 * Verifies the archive at a path, and hands its files to the caller as they are read. Nothing comes
 * before the signature of MANIFEST.json was verified under the policy; whether a file is the one of
 * the manifest is known only at its end, and whether the release is accepted only at the end of
 * all. So write to a place that is not in use yet (the other slot), and switch to it only where
 * cretula_result_accepted() of what this returns is 1. begin, write: called in the calling thread;
 * either may be NULL. Where one returns another value than 0 the run is ended, and the verdict is
 * CRETULA_UNDECIDED. Returns as cretula_verify_file() does.
 */
cretula_result *cretula_deliver_file(const cretula_verifier *verifier, const char *path,
                                     cretula_begin begin, cretula_write write, void *context);

/* Verifies the archive that a descriptor gives, and hands its files to the caller as they are read.
 * As cretula_deliver_file() and cretula_verify_descriptor(). */
cretula_result *cretula_deliver_descriptor(const cretula_verifier *verifier, int descriptor,
                                           cretula_begin begin, cretula_write write, void *context);

/* Frees a result, and every text that it gave. Takes NULL. */
void cretula_result_free(cretula_result *result);

/* Says what came of a verification. result: NULL is CRETULA_UNDECIDED. */
enum cretula_verdict cretula_result_verdict(const cretula_result *result);

/* Says whether the release was accepted: 1, or 0 for anything else, NULL included. */
int cretula_result_accepted(const cretula_result *result);

/* Names the verdict as reports do: "ACCEPTED", "REFUSED", "NOT JUDGED". Never NULL. */
const char *cretula_result_verdict_name(const cretula_result *result);

/* Says why, in a sentence for people: what refused, what could not be done, or what was accepted.
 * It has no control characters. Never NULL. */
const char *cretula_result_sentence(const cretula_result *result);

/* Says what can be done about it; NULL where nothing is known. */
const char *cretula_result_hint(const cretula_result *result);

/* Names the check that decided, for example "file.digests" (docs/spec/checks.md); NULL where none
 * did. */
const char *cretula_result_check(const cretula_result *result);

/* Gives a fact about the release; NULL where it is not known. Whatever was not signed by somebody
 * trusted is not known. */
const char *cretula_result_fact(const cretula_result *result, enum cretula_fact fact);

/* Gives the sequence number of the release, which grows from release to release. Returns 0, and -1
 * where it is not known; then *ret_sequence is not touched. */
int cretula_result_sequence(const cretula_result *result, uint64_t *ret_sequence);

/* Gives the whole result as JSON: the record of docs/spec/record.md, or an error. NULL where
 * cretula-verify said nothing that could be read. ret_size: gets the number of bytes without the
 * zero at the end; or NULL. */
const char *cretula_result_json(const cretula_result *result, size_t *ret_size);

/* Counts the answers of all checks. */
size_t cretula_result_finding_count(const cretula_result *result);

/* Gives one of the answers. index: from 0. NULL where there is none; it lives as long as the
 * result. */
const cretula_finding *cretula_result_finding(const cretula_result *result, size_t index);

/* Names the check of a finding, for example "trust.threshold". */
const char *cretula_finding_check(const cretula_finding *finding);

/* Says what the check gave: "PASS", "FAIL", "WARN", "NOT_CHECKED", "WAIVED". */
const char *cretula_finding_result(const cretula_finding *finding);

/* Says what was found, in a sentence. */
const char *cretula_finding_sentence(const cretula_finding *finding);

/* Says where it was found; NULL where that is nowhere in particular. */
const char *cretula_finding_where(const cretula_finding *finding);

/* Says what can be done about a finding; NULL where nothing is known. */
const char *cretula_finding_hint(const cretula_finding *finding);

/* Counts the files that the manifest lists. 0 where the manifest was not verified. */
size_t cretula_result_file_count(const cretula_result *result);

/* Gives one of the files, in the order of their paths. index: from 0. NULL where there is none; it
 * lives as long as the result. */
const cretula_file *cretula_result_file(const cretula_result *result, size_t index);

/* Gives the path of a file in the archive: relative, with slashes, portable, without "..". */
const char *cretula_file_path(const cretula_file *file);

/* Gives the name that a file had before the archive's rules changed it; NULL where they did not.
 * It may hold what another system does not take. */
const char *cretula_file_original(const cretula_file *file);

/* Says what a file is for, for example "firmware". */
const char *cretula_file_role(const cretula_file *file);

/* Gives the size of a file in bytes. */
uint64_t cretula_file_size(const cretula_file *file);

/* Gives the SHA-256 of a file, as the manifest has it: 64 lower-case hex digits. While files are
 * delivered it is empty for those of a package that has no manifest of ours; the result has it. */
const char *cretula_file_sha256(const cretula_file *file);

/* Says whether all bytes of a file were read and have that SHA-256: 1 or 0. While files are
 * delivered it is 0. */
int cretula_file_verified(const cretula_file *file);

/* Counts the signatures that counted. */
size_t cretula_result_signer_count(const cretula_result *result);

/* Gives one of the signatures that counted. index: from 0. NULL where there is none; it lives as
 * long as the result. */
const cretula_signer *cretula_result_signer(const cretula_result *result, size_t index);

/* Names the signer as the trust policy does. */
const char *cretula_signer_name(const cretula_signer *signer);

/* Gives the role in which the signer was counted, for example "release". */
const char *cretula_signer_role(const cretula_signer *signer);

/* Gives the subject of the certificate that signed. */
const char *cretula_signer_subject(const cretula_signer *signer);

/* Gives the SHA-256 of the key that signed (of its SubjectPublicKeyInfo): 64 lower-case hex digits.
 */
const char *cretula_signer_key(const cretula_signer *signer);

/* Gives the time as of which the signature was judged, RFC 3339. */
const char *cretula_signer_time(const cretula_signer *signer);

#ifdef __cplusplus
}
#endif

#endif
