/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verified record in the form of another system. A form is a file, export_*.c, and one row here:
 * its options, the first of which asks for it, and how it is made. Keys are not linked here:
 * whoever runs the export signs for it.
 */
#ifndef CRET_EVIDENCE_EXPORT_H
#define CRET_EVIDENCE_EXPORT_H

#include "base/command/options.h"
#include "evidence/record/record_read.h"

struct cret_export_signature {
    uint8_t *value; /* owned by whoever asked for it */
    size_t size;
    uint8_t key_digest[CRET_SHA256_BYTES]; /* of the key's SubjectPublicKeyInfo */
};

/* What a form is made of. */
struct cret_export_job {
    const struct cret_record_copy *record; /* verified by the caller */
    const uint8_t *signature;              /* over it, verified with --anchor; NULL: none was */
    size_t signature_size;
    const struct cret_options *options; /* the form's own are among them */
    bool allow_example_keys;
    /* Signs `message` with the key that --key names; for forms that say `signs`. */
    enum cret_status (*sign)(void *context, const char *message, size_t size,
                             struct cret_export_signature *ret_signature, struct cret_err *err);
    void *context;
};

struct cret_export {
    struct cret_option_group options; /* the first one asks for this form */
    bool signs;                       /* needs --key */
    /* What the options alone can say is wrong, before a file is read: class USAGE. NULL: nothing.
     */
    enum cret_status (*check)(const struct cret_options *options, struct cret_err *err);
    /* The bytes to write; caller frees. class USAGE for a record that has no such form. */
    enum cret_status (*make)(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err);
};

/* In the order of the help. */
#define CRET_RECORD_EXPORTS(EXPORT) EXPORT(vsa) EXPORT(nerc_cip_010) EXPORT(machinery) EXPORT(asic)

#define CRET_EXPORT_DECLARE(name) extern const struct cret_export cret_export_##name;
#define CRET_EXPORT_ROW(name) &cret_export_##name,
#define CRET_EXPORT_GROUP(name) &cret_export_##name.options,
CRET_RECORD_EXPORTS(CRET_EXPORT_DECLARE)

extern const struct cret_export *const cret_record_exports[]; /* NULL-terminated */

/* The one form that the options ask for. class USAGE: none, several, no --key where it signs, or
 * what its `check` says. */
CRET_MUST_CHECK enum cret_status cret_export_choose(const struct cret_export **ret_export,
                                                    const struct cret_options *options,
                                                    struct cret_err *err);

#endif
