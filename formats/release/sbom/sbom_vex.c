/* SPDX-License-Identifier: Apache-2.0 */
/* Taking vulnerabilities out of an SBOM; those of CycloneDX. */
#include "release/sbom/sbom_vex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/sbom/sbom_vex_internal.h"

size_t cret_sbom_vex_count(const struct cret_sbom *sbom)
{
    size_t count = json_array_size(json_object_get(sbom->json, "vulnerabilities"));
    if (sbom->spdx3 != NULL) {
        free(cret_vex_spdx3_find(sbom, &count));
    }
    return count;
}

/* "urn:cdx:SERIAL/VERSION#bom-ref"; new. NULL: memory. */
static char *link_to(const char *serial, json_int_t version, const char *reference)
{
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "urn:cdx:%s/%lld#", serial + strlen("urn:uuid:"), (long long)version);
    for (; *reference != '\0'; reference++) {
        const unsigned char byte = (unsigned char)*reference;
        if (isalnum(byte) != 0 || strchr("-._~!$&'()*+,;=:@/?", byte) != NULL) {
            cret_buffer_printf(&text, "%c", byte);
        } else {
            cret_buffer_printf(&text, "%%%02X", byte);
        }
    }
    char *copy = text.failed ? NULL : strdup(text.data);
    cret_buffer_free(&text);
    return copy;
}

/* The references of one vulnerability lead into the SBOM, unless they are links already. */
static bool link_affects(const json_t *bom, const json_t *vulnerability)
{
    const char *serial = cret_json_string(bom, "serialNumber");
    const json_int_t version = cret_json_integer(bom, "version", 1);
    bool failed = false;
    CRET_JSON_EACH (affected, json_object_get(vulnerability, "affects")) {
        const char *reference = cret_json_string(affected, "ref");
        if (reference != NULL && strncmp(reference, "urn:cdx:", 8) != 0) {
            char *link = link_to(serial, version, reference);
            failed |= link == NULL || json_object_set_new(affected, "ref", json_string(link)) != 0;
            free(link);
        }
    }
    return failed;
}

/* The product, as far as it is needed to know it again. */
static json_t *product_of(const json_t *bom)
{
    static const char *const members[] = {"type", "bom-ref",      "name",     "version", "purl",
                                          "cpe",  "manufacturer", "supplier", "hashes"};
    const json_t *root = cret_json_get(bom, "metadata.component");
    struct cret_build product = cret_build_object();
    for (size_t i = 0; i < CRET_LENGTH(members); i++) {
        json_t *value = json_object_get(root, members[i]);
        if (value != NULL) {
            cret_build_put(&product, members[i], json_incref(value));
        }
    }
    return cret_build_end(&product);
}

/* What compositions say of vulnerabilities goes with them. */
static bool clean_compositions(json_t *bom)
{
    json_t *compositions = json_object_get(bom, "compositions");
    bool failed = false;
    for (size_t i = json_array_size(compositions); i > 0; i--) {
        json_t *one = json_array_get(compositions, i - 1);
        if (json_object_get(one, "vulnerabilities") == NULL) {
            continue;
        }
        failed |= json_object_del(one, "vulnerabilities") != 0;
        if (json_object_get(one, "assemblies") == NULL &&
            json_object_get(one, "dependencies") == NULL) {
            failed |= json_array_remove(compositions, i - 1) != 0;
        }
    }
    return failed;
}

static json_t *take_cyclonedx(struct cret_completion *completion)
{
    json_t *bom = completion->sbom->json;
    json_t *vulnerabilities = json_deep_copy(json_object_get(bom, "vulnerabilities"));
    CRET_JSON_EACH (one, vulnerabilities) {
        completion->failed |= link_affects(bom, one);
    }
    json_t *vex =
        json_pack("{s:s, s:O, s:s, s:i, s:{s:s, s:o}, s:o}", "bomFormat", "CycloneDX",
                  "specVersion", json_object_get(bom, "specVersion"), "serialNumber",
                  completion->space, "version", 1, "metadata", "timestamp", completion->facts->date,
                  "component", product_of(bom), "vulnerabilities", vulnerabilities);
    completion->failed |=
        vex == NULL || json_object_del(bom, "vulnerabilities") != 0 || clean_compositions(bom);
    return vex;
}

enum cret_status cret_sbom_vex_take(json_t **ret_vex, struct cret_sbom *sbom,
                                    const struct cret_sbom_facts *facts, json_t *changes,
                                    struct cret_err *err)
{
    struct cret_completion completion = {.sbom = sbom, .facts = facts, .changes = changes};
    const size_t count = cret_sbom_vex_count(sbom);
    const char *serial = cret_json_string(sbom->json, "serialNumber");
    if (count == 0) {
        *ret_vex = NULL;
        return CRET_OK;
    }
    if (sbom->faults > 0 ||
        (sbom->spdx3 == NULL && (serial == NULL || strncmp(serial, "urn:uuid:", 9) != 0))) {
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM,
                        "the vulnerabilities of %s cannot be taken out of it", sbom->file);
        return cret_err_expected(err, "a document that is well formed, with a serial number "
                                      "urn:uuid:");
    }
    if (cret_completion_uuid(&completion, "VEX", completion.space, err) != CRET_OK) {
        return CRET_FAILED;
    }
    json_t *vex =
        sbom->spdx3 != NULL ? cret_vex_spdx3_take(&completion) : take_cyclonedx(&completion);
    cret_completion_note(
        &completion, "%zu %s taken out, into the VEX file", count,
        sbom->spdx3 != NULL
            ? cret_plural(count, "statement on vulnerabilities", "statements on vulnerabilities")
            : cret_plural(count, "vulnerability", "vulnerabilities"));
    cret_completion_unsign(&completion);
    if (completion.failed || vex == NULL) {
        json_decref(vex);
        return cret_err_memory(err);
    }
    *ret_vex = vex;
    return CRET_OK;
}
