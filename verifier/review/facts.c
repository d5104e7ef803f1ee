/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a release, as tables take it. */
#include "verifier/review/facts.h"

#include <stdlib.h>

#include "base/text/json.h"
#include "base/text/json_build.h"

/* Names of the signers that counted. */
static json_t *signers(const json_t *signatures)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (signature, signatures) {
        const char *name = cret_json_string(signature, "signer");
        if (cret_json_boolean(signature, "counted", false) && name != NULL) {
            cret_build_add(&list, json_string(name));
        }
    }
    return cret_build_end(&list);
}

/* Formats of the SBOMs in one text; JSON null where there is none. */
static json_t *sbom_formats(const json_t *sboms)
{
    struct cret_buffer text = {0};
    CRET_JSON_EACH_AT (index, sbom, sboms) {
        cret_buffer_printf(&text, "%s%s", index > 0 ? ", " : "", cret_json_string(sbom, "format"));
    }
    json_t *value = text.failed ? NULL : text.size == 0 ? json_null() : json_string(text.data);
    cret_buffer_free(&text);
    return value;
}

json_t *cret_export_facts(const struct cret_subject *subject, const struct cret_session *session,
                          const char *asset)
{
    const struct cret_outcome *outcome = subject->outcome;
    /* jansson asks for a pointer that it could write through, and does not. */
    struct cret_build facts =
        cret_build_on(json_copy((json_t *)(uintptr_t)(const void *)subject->manifest));
    char *standing = cret_subject_standing(subject, session);
    cret_build_text(&facts, "file", subject->name);
    cret_build_put(&facts, "verification", standing != NULL ? json_string(standing) : NULL);
    cret_build_boolean(&facts, "verified", subject->verified);
    cret_build_sha256(&facts, "identity", outcome->identity);
    cret_build_text(&facts, "asset", asset);
    cret_build_share(&facts, "fileCount", json_object_get(outcome->document, "fileCount"));
    cret_build_share(&facts, "fileBytes", json_object_get(outcome->document, "fileBytes"));
    cret_build_put(&facts, "sbomFormats", sbom_formats(json_object_get(subject->manifest, "sbom")));
    cret_build_put(&facts, "signers", signers(json_object_get(outcome->document, "signatures")));
    free(standing);
    return cret_build_end(&facts);
}

json_t *cret_export_known(const struct cret_catalogue_source *source)
{
    struct cret_build facts = cret_build_object(), product = cret_build_object(),
                      release = cret_build_object();
    cret_build_text(&product, "vendor", source->vendor);
    cret_build_text(&product, "name", source->product);
    cret_build_text(&release, "version", source->version);
    if (source->sequence.given) {
        cret_build_integer(&release, "sequence", source->sequence.value);
    }
    cret_build_put(&facts, "product", cret_build_end(&product));
    cret_build_put(&facts, "release", cret_build_end(&release));
    cret_build_sha256(&facts, "identity", source->has_identity ? source->identity : NULL);
    return cret_build_end(&facts);
}
