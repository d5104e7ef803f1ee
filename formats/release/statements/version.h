/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions and revisions of one vendor's own product, as its manifest numbers them. Order is said
 * only where it is sure; advisories, which speak of versions of others, are stricter still
 * (advisory_versions.c).
 */
#ifndef CRET_RELEASE_VERSION_H
#define CRET_RELEASE_VERSION_H

#include <jansson.h>
#include <stdbool.h>

/* Zero is the answer that nobody may rely on. */
enum cret_order { CRET_ORDER_UNSURE = 0, CRET_ORDER_LOWER, CRET_ORDER_SAME, CRET_ORDER_HIGHER };

/*
 * left against right. Sure are: numbers at the same place (1.9 and 1.10, C2 and C10), single
 * letters of one case at the same place (B and C), a further number (1.2 and 1.2.1; 1.2 and 1.2.0
 * are the same), a pre-release against its final release and against a later stage
 * (2.0-alpha, 2.0-beta, 2.0-rc1, 2.0), a service pack or patch after the release that it mends (4.2
 * and 4.2-SP1). A "v" before a digit does not count. All else, 1.1.1 and 1.1.1k or 12 and R12, is
 * UNSURE.
 */
enum cret_order cret_version_order(const char *left, const char *right);

enum cret_within { CRET_WITHIN_UNSURE = 0, CRET_WITHIN_INSIDE, CRET_WITHIN_OUTSIDE };

/* from <= version <= to; a bound that is NULL does not bound. */
enum cret_within cret_version_within(const char *version, const char *from, const char *to);

/*
 * Does an entry of hardware[] or appliesTo.hardware[] surely cover this hardware ("MODEL" or
 * "MODEL:REVISION"; a model may hold a colon itself)? Without a revision only an entry without
 * bounds covers it surely.
 */
bool cret_hardware_covers(const json_t *entry, const char *hardware);

#endif
