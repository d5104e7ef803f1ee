/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a release, as tables take it. */
#ifndef CRET_VERIFIER_FACTS_H
#define CRET_VERIFIER_FACTS_H

#include "verifier/catalogue/catalogue.h"
#include "verifier/run/subject.h"

/* What is known of a release, for tables: its manifest, and "file", "verification", "verified",
 * "identity", "asset", "fileCount", "fileBytes", "sbomFormats", "signers". New reference; NULL:
 * memory. */
json_t *cret_export_facts(const struct cret_subject *subject, const struct cret_session *session,
                          const char *asset);
/* The few of them that a catalogue knows of every source. New reference; NULL: memory. */
json_t *cret_export_known(const struct cret_catalogue_source *source);

#endif
