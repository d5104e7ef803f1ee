/* SPDX-License-Identifier: Apache-2.0 */
/* A small release, packed and signed in memory: sound, or with one thing changed on the way. */
#ifndef CRET_TESTS_PACKED_H
#define CRET_TESTS_PACKED_H

#include "../trust/pki.h"
#include "container/payload_write.h"
#include "engine/inspect.h"

enum { PACKED_FILES = 8, PACKED_SIGNATURES = 4 };

struct packed {
    json_t *description; /* PLC of ACME, 4.2.0, sequence 42; may be changed before packed_seal */
    int64_t seconds;     /* of every header; the release's date unless it is changed */
    size_t count;
    struct cret_entry entries[PACKED_FILES]; /* sorted; SHA256SUMS among them once sealed */
    struct cret_manifest_file files[PACKED_FILES];
    struct cret_input inputs[PACKED_FILES];
    char *checksums, *manifest;
    size_t manifest_size;
    size_t signature_count;
    struct cret_signature signatures[PACKED_SIGNATURES];
    int fd; /* the archive, once written; -1 before */
    uint64_t size;
};

/* Without files. */
void packed_begin(struct packed *packed);
/* path, role, text: borrowed. */
void packed_file(struct packed *packed, const char *path, const char *role, const char *text);
/* Makes SHA256SUMS and the manifest; nothing can be added after it. */
void packed_seal(struct packed *packed);
void packed_sign(struct packed *packed, const struct pki_entity *who, enum cret_meaning meaning);
/* A signature over any text, under the name of its key. */
void packed_sign_text(struct packed *packed, const struct pki_entity *who,
                      enum cret_meaning meaning, const char *text);
/* Writes the archive into an unnamed file; detached: only its front. */
void packed_write(struct packed *packed, bool detached);
/* Changes one byte of the archive. */
void packed_flip(const struct packed *packed, uint64_t offset);
void packed_end(struct packed *packed);
/* firmware.bin, notes.txt, signed by one as origin, written. */
void packed_sound(struct packed *packed, const struct pki_entity *who);

/* A policy for ACME's PLC in which `who` is the pinned signer of role release, and his key of no
 * other; more: JSON of further fields, or NULL. */
struct cret_policy *packed_policy(const struct pki_entity *who, const char *more);
/* The same with roles: JSON list whose signers are R (release), and "O" and "W" for the others. */
struct cret_policy *packed_policy_of(const struct pki_entity *who, const struct pki_entity *owner,
                                     const struct pki_entity *waiver, const char *roles,
                                     const char *more);
/* What verifies the whole of it at PKI_NOW. */
struct cret_inspect_request packed_request(const struct cret_policy *policy);
struct cret_inspection *packed_inspect(const struct packed *packed,
                                       const struct cret_inspect_request *request);

/* The first finding of that check with that result, or NULL. */
const struct cret_finding *packed_found(const struct cret_findings *findings,
                                        enum cret_check_id check, enum cret_result result);

#endif
