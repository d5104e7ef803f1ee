/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys for the targets that stand behind a signature: they change an object and sign what came of
 * it, so that verification is never switched off and the fuzzer still comes past it. The keys are
 * those of keys-example, whose certificates are always the same bytes.
 */
#ifndef CRET_FUZZ_SIGNING_H
#define CRET_FUZZ_SIGNING_H

#include "../unit/trust/pki.h"
#include "../unit/trust/token.h"
#include "fuzz.h"

enum fuzz_who { FUZZ_ROOT, FUZZ_RELEASE, FUZZ_QUALITY, FUZZ_OWNER, FUZZ_TSA, FUZZ_WHO_COUNT };
/* Never NULL; made once. */
const struct pki_entity *fuzz_entity(enum fuzz_who who);
/* The sound policy: root for release, quality and the rest as `roles`; made once for each text. */
struct cret_policy *fuzz_policy(const char *roles, const char *more);

/* SEQUENCE { tbs, algorithm, signature } signed by this key: a certificate or a list. */
void fuzz_sign_tbs(struct cret_buffer *ret_der, const struct cret_buffer *tbs,
                   const struct pki_entity *issuer);
/* A sound CMS signature with these changes of its parts: place 0 to 7 an attribute, 8 one more
 * attribute, 9 an unsigned attribute. Signed after that. */
uint8_t *fuzz_sign_cms(const struct pki_entity *who, const char *content, size_t size,
                       enum cret_meaning meaning, struct fuzz_part changes, size_t *ret_size);
/* Whether a second reader, OpenSSL's, writes these bytes when it is asked for what it read. */
bool fuzz_same_cms(const uint8_t *der, size_t size);
bool fuzz_same_certificate(const uint8_t *der, size_t size);

#endif
