/* SPDX-License-Identifier: Apache-2.0 */
/* One deviation of a signature from the profile, or one variant that the profile leaves free. */
#ifndef CRET_TESTS_DEVIATION_H
#define CRET_TESTS_DEVIATION_H

#include "pki.h"

/* Tables of the cms tests: what is done to a sound forge of f's leaf, and its name. */
struct deviation {
    const char *name;
    void (*apply)(struct forge *forge, const struct pki_chain *f);
};
#define DEVIATION(function)                                                                        \
    {                                                                                              \
#function, function                                                                        \
    }

extern const char deviation_content[];

/* Each is refused for its form or its algorithm. */
void expect_refused(const struct deviation *rows, size_t count);
void expect_accepted(const struct deviation *rows, size_t count);
/* Writes and judges it, over deviation_content. */
enum cret_status judge_forge(struct forge *forge, struct cret_err *err);

/* Replaces signingCertificateV2 by one that lists these; digest NULL: the default. */
void list_certificates(struct forge *forge, const struct pki_entity *const *list, size_t count,
                       const struct cret_digest_algorithm *digest);
/* What signs with this one's key, and this digest. */
const struct cret_signature_algorithm *algorithm_of(const struct pki_entity *entity,
                                                    const char *digest);

#endif
