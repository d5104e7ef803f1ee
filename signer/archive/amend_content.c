/* SPDX-License-Identifier: Apache-2.0 */
/* What the reading process knows of an archive or package. */
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "trust/cms/cades.h"

const struct cret_gate_result *cret_amend_gate(const struct cret_amend *amend)
{
    return amend->package ? &amend->seen.inspection->gate : &amend->existing->gate;
}

const struct cret_manifest *cret_amend_manifest(const struct cret_amend *amend)
{
    return amend->package ? amend->seen.inspection->manifest : amend->existing->manifest;
}

struct cret_bytes cret_amend_content(const struct cret_amend *amend)
{
    const struct cret_front *front = amend->existing->front;
    return amend->package ? (struct cret_bytes){(const uint8_t *)amend->seen.draft.list,
                                                amend->seen.draft.list_size}
                          : (struct cret_bytes){front->manifest, front->manifest_size};
}

enum cret_meaning cret_amend_meaning(const struct cret_amend *amend)
{
    return amend->package && !cret_options_given(amend->options, "meaning")
               ? cret_package_meaning(amend->seen.package->pair_count)
               : cret_option_meaning(amend->options);
}

enum cret_status cret_amend_parse(const struct cret_amend *amend, struct cret_addition *addition,
                                  struct cret_err *err)
{
    return amend->package
               ? cret_cades_parse(&addition->cms, addition->der, addition->size, false, err)
               : cret_cms_parse(&addition->cms, addition->der, addition->size, err);
}

enum cret_status cret_amend_takes(const struct cret_amend *amend,
                                  const struct cret_certificate *signer, struct cret_err *err)
{
    return amend->package ? cret_package_takes(&amend->seen, signer, err)
                          : cret_existing_takes(amend->existing, signer,
                                                cret_options_given(amend->options, "replace"), err);
}
