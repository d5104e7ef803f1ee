/* SPDX-License-Identifier: Apache-2.0 */
/* Attestations of a release: what they say of its files, and who signed them. */
#ifndef CRET_ENGINE_PROVENANCE_H
#define CRET_ENGINE_PROVENANCE_H

#include "engine/content.h"

/* Chooses the files of the attestations that the manifest lists. */
CRET_MUST_CHECK enum cret_status cret_provenance_choose(const struct cret_content *content,
                                                        struct cret_kept *kept,
                                                        struct cret_err *err);

/*
 * provenance.form, .subject, .coverage; and, where the content has a policy, .signature: a FAIL
 * where policy or profile make that check a fail, else NOT_CHECKED where nobody is trusted for what
 * was signed. *ret_facts: a list of {"file", "predicateType", "builder", "buildType", "subjects",
 * "matched", "proved", "signers", "level", "whyNot"}, or NULL where the release lists none; new
 * reference. CRET_FAILED only where the tool could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_provenance_check(const struct cret_content *content,
                                                       struct cret_findings *found,
                                                       json_t **ret_facts, struct cret_err *err);

#endif
