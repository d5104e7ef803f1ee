/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An archive that others made, examined by a process that never has the signer's key: it is started
 * before the key is opened, and reads front, manifest and payload when it is told to. The key's
 * process then signs the bytes of MANIFEST.json, which it does not parse before the key is gone.
 */
#ifndef CRET_SIGNER_EXAMINE_H
#define CRET_SIGNER_EXAMINE_H

#include "base/digest/digest.h"
#include "base/system/process.h"
#include "signer/archive/existing.h"

/* What it starts with; borrowed until it is ended. */
struct cret_examination_job {
    struct cret_existing *existing; /* locked (cret_existing_lock), nothing of it read */
    const struct cret_existing_work *work;
    const struct cret_certificate *signer; /* who will sign it */
    bool allow_unconfined;                 /* where the machine cannot confine the process */
    bool replace;                          /* his signature that is there */
};

struct cret_examination;
/* Starts the process; it waits. Before any thread, and before any key is opened. */
CRET_MUST_CHECK enum cret_status cret_examination_start(struct cret_examination **ret_examination,
                                                        const struct cret_examination_job *job,
                                                        struct cret_err *err);
/* The same with another process (tests). */
CRET_MUST_CHECK enum cret_status
cret_examination_start_with(struct cret_examination **ret_examination,
                            const struct cret_examination_job *job, cret_process_run run,
                            struct cret_err *err);
/*
 * Has it read everything (cret_existing_read, _takes, _verify), and gives the bytes of
 * MANIFEST.json, read here, which have the identity that it found (caller: free). Its errors are
 * those of these functions; UNDECIDED where it ends otherwise, says anything else, or the archive
 * is another one by then. Ends the process in every case.
 */
CRET_MUST_CHECK enum cret_status cret_examination_finish(struct cret_examination **examination,
                                                         uint8_t **ret_manifest, size_t *ret_size,
                                                         struct cret_err *err);
/* Ends the process unasked. NULL-safe. */
void cret_examination_free(struct cret_examination **examination);

#endif
