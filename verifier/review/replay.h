/* SPDX-License-Identifier: Apache-2.0 */
/* record replay: the run of a record once more, and what differs. */
#ifndef CRET_VERIFIER_REPLAY_H
#define CRET_VERIFIER_REPLAY_H

#include "base/page/page.h"
#include "base/schema/file_format.h"
#include "evidence/record/record_read.h"
#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

extern const struct cret_file_format cret_replay_format;

struct cret_replay {
    const struct cret_record_copy *record;
    const struct cret_session *session;
    const struct cret_outcome *outcome; /* not UNDECIDED */
    const char *record_path, *archive;  /* as given */
    json_t *differences;                /* owned: [{"what", "then", "now"}] */
};

/* Fills differences: verdict, identity, what the release is, policy, version of the program, files,
 * signers, checks. class UNDECIDED: memory. */
CRET_MUST_CHECK enum cret_status cret_replay_compare(struct cret_replay *replay,
                                                     struct cret_err *err);
/* Whether nothing differs but what names the run itself (policy, program). */
bool cret_replay_agrees(const struct cret_replay *replay);
/* New reference; NULL: memory. */
json_t *cret_replay_json(const struct cret_replay *replay, int code);
void cret_replay_page(struct cret_page *page, const struct cret_replay *replay, int code);

#endif
