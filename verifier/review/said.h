/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of this room say in the same words: the release that they speak of, and whether it
 * was verified. */
#ifndef CRET_VERIFIER_SAID_H
#define CRET_VERIFIER_SAID_H

#include "base/page/page.h"
#include "base/schema/schema.h"
#include "base/text/json_build.h"
#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

extern const struct cret_field cret_said_release_fields[]; /* vendor, product, version, sequence */
extern const char *const cret_said_verdicts[];             /* NULL-terminated */

/* The release of an outcome's document; NULL where nothing was read. New reference. */
json_t *cret_said_release(const json_t *document);
/* "Vendor Product 1.2 (sequence 3)". Caller frees; NULL: memory. */
char *cret_said_release_words(const json_t *document);

/* How far an answer about a release can be relied on. */
extern const struct cret_field cret_said_trust_fields[];
/* Member "trust": whether it was verified, under which policy, and what narrows that; outcome NULL:
 * of the run as a whole. New reference; NULL: memory. */
json_t *cret_said_trust(const struct cret_session *session, const struct cret_outcome *outcome);
/* The same as brackets in a page's verdict line. */
void cret_said_qualify(struct cret_page *page, const struct cret_session *session,
                       const struct cret_outcome *outcome);

/* That an archive was not accepted: class, check and reason are those of its first failure. Returns
 * CRET_FAILED always. */
enum cret_status cret_said_refusal(const struct cret_outcome *outcome, const char *archive,
                                   struct cret_err *err);

/* What was named and gave nothing ({"path", "why", "hint"}): which, why, and what helps. */
void cret_said_failed(struct cret_page *page, enum cret_tone tone, const char *label,
                      const json_t *one);

#endif
