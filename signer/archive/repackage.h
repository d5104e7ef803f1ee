/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A package with one signature that is new, made by three, as an archive is (refront.h): a process
 * that reads it tells which bytes stay and which are new; the program, which parses none of that,
 * writes the file; another process judges what was written, before it gets the name.
 */
#ifndef CRET_SIGNER_REPACKAGE_H
#define CRET_SIGNER_REPACKAGE_H

#include "base/system/apart.h"
#include "package/zip_edit.h"
#include "signer/archive/existing.h"

struct cret_output;

/* In the reading process: the edit as "edit" of told->json (an object), and as files, which take
 * its bytes over. */
CRET_MUST_CHECK enum cret_status
cret_repackage_tell(struct cret_apart_told *told, struct cret_zip_edit *edit, struct cret_err *err);

/* What is to become of which file. */
struct cret_repackage {
    int from;                       /* the package; or the output itself, which nobody signed */
    bool adds;                      /* a signature with its list; else a timestamp to one */
    const uint8_t *list;            /* where a key signed here: SHA-256 of what it signed, */
    const struct cret_bytes *value; /* and the signature; else NULL */
    const struct cret_existing_work *work;
    bool allow_unconfined;
};
/*
 * Writes what was told into the output, and has it judged by a process of its own: every digest of
 * every list, the new signature under its own certificate, as the verifier does; all others, and
 * all files, as they were. class UNDECIDED: what was told has not that form, or something else came
 * of it. The caller commits.
 */
CRET_MUST_CHECK enum cret_status cret_repackage(struct cret_output *output,
                                                const struct cret_apart_told *told,
                                                const struct cret_repackage *job,
                                                struct cret_err *err);

#endif
