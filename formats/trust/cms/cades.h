/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures in formats of others: CAdES baseline B and T (ETSI EN 319 122-1), as far as it is
 * read. */
#ifndef CRET_TRUST_CADES_H
#define CRET_TRUST_CADES_H

#include "trust/cms/cms.h"

/*
 * As cret_cms_parse_under(), but that certificates may lie in the signature that
 * signingCertificateV2 does not name, as CAdES allows: each must have issued the one before it, up
 * to a root, which may be among them. Nothing but a certification path is made of them; the
 * signer's own is named always.
 */
CRET_MUST_CHECK enum cret_status cret_cades_parse(struct cret_cms **ret_cms, const uint8_t *der,
                                                  size_t size, bool allow_rsa_2048,
                                                  struct cret_err *err);

#endif
