/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a package of a solution. */
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "engine/inspect_internal.h"
#include "release/statements/document.h"

static json_t *tell_signer(const struct cret_gate_signature *signature)
{
    const struct cret_signature_judgement *judgement = &signature->judgement;
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "subject",
                    signature->cms != NULL
                        ? cret_certificate_subject(cret_cms_signer(signature->cms))
                        : signature->name);
    if (judgement->counted) {
        cret_build_text(&object, "signer", judgement->signer);
        cret_build_text(&object, "role", judgement->role);
    }
    return cret_build_end(&object);
}

void cret_inspect_solution_tell(struct cret_inspect_run *run,
                                const struct cret_inspection *inspection, const char *folder)
{
    const struct cret_manifest *manifest = inspection->manifest;
    struct cret_build all = run->inspection->packages != NULL
                                ? cret_build_on(run->inspection->packages)
                                : cret_build_list();
    struct cret_build object = cret_build_object(), signers = cret_build_list();
    cret_build_text(&object, "folder", folder);
    cret_build_text(&object, "vendor", manifest->vendor);
    cret_build_text(&object, "product", manifest->product);
    cret_build_text(&object, "version", manifest->version);
    cret_build_integer(&object, "sequence", manifest->sequence);
    cret_build_sha256(&object, "identity", inspection->identity_open ? NULL : manifest->identity);
    for (size_t i = 0; i < inspection->gate.signature_count; i++) {
        cret_build_add(&signers, tell_signer(&inspection->gate.signatures[i]));
    }
    cret_build_put(&object, "signers", cret_build_end(&signers));
    if (json_object_get(manifest->json, "documents") != NULL) {
        cret_build_put(&object, "documents", cret_document_list(manifest));
    }
    cret_build_add(&all, cret_build_end(&object));
    run->inspection->packages = cret_build_end(&all);
    if (run->inspection->packages == NULL) {
        cret_findings_break(run->inspection->findings);
    }
}
