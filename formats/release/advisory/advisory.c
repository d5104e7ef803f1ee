/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a document of any format, and letting go of it. */
#include "release/advisory/advisory.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/coverage.h"
#include "release/sbom/sbom_internal.h"

void cret_advisory_free(struct cret_advisory **advisory)
{
    if (advisory == NULL || *advisory == NULL) {
        return;
    }
    cret_advisory_free_named(*advisory);
    cret_name_free(&(*advisory)->publisher);
    json_decref((*advisory)->products);
    json_decref((*advisory)->root);
    json_decref((*advisory)->vulnerabilities);
    json_decref((*advisory)->groups);
    json_decref((*advisory)->member_of);
    json_decref((*advisory)->document);
    free((*advisory)->kind);
    free(*advisory);
    *advisory = NULL;
}

const char *cret_advisory_id(const struct cret_advisory *advisory)
{
    return advisory->id;
}

const char *cret_advisory_title(const struct cret_advisory *advisory)
{
    return advisory->title != NULL ? advisory->title : advisory->id;
}

const char *cret_advisory_kind(const struct cret_advisory *advisory)
{
    return advisory->kind;
}

static enum cret_status read_document(struct cret_advisory *advisory, struct cret_err *err)
{
    const char *format = cret_json_string(advisory->document, "bomFormat");
    advisory->products = json_object();
    advisory->vulnerabilities = json_array();
    advisory->groups = json_object();
    advisory->member_of = json_object();
    if (advisory->products == NULL || advisory->vulnerabilities == NULL ||
        advisory->groups == NULL || advisory->member_of == NULL) {
        return cret_err_memory(err);
    }
    if (cret_advisory_is_openvex(advisory->document)) {
        return cret_advisory_read_openvex(advisory, err);
    }
    if (cret_foreign_is_spdx3_vex(advisory->document)) {
        return cret_advisory_read_spdx3(advisory, err);
    }
    advisory->csaf = format == NULL;
    if (format != NULL && strcmp(format, "CycloneDX") == 0) {
        return cret_advisory_read_cyclonedx(advisory, err);
    }
    if (cret_json_string(advisory->document, "document.csaf_version") == NULL) {
        cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                        "no CSAF or OpenVEX document, no CycloneDX BOM, and no SPDX 3.0.1 document "
                        "with vulnerabilities");
        cret_foreign_say(cret_foreign_json(advisory->document), err);
        return cret_err_expected(err,
                                 "CSAF 2.0 or 2.1, OpenVEX 0.2.0, or CycloneDX or SPDX 3.0.1 with "
                                 "vulnerabilities, as JSON");
    }
    return cret_advisory_read_csaf(advisory, err);
}

static int add_piece(const char *text, size_t size, void *hash)
{
    cret_sha256_update(hash, text, size);
    return 0;
}

/* The digest of what a document says, however it is written. */
static enum cret_status read_digest(struct cret_advisory *advisory, struct cret_err *err)
{
    struct cret_sha256 *hash = NULL;
    enum cret_status status = cret_sha256_new(&hash, err);
    if (status == CRET_OK &&
        json_dump_callback(advisory->document, add_piece, hash,
                           JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0) {
        status = cret_err_memory(err);
    }
    if (status == CRET_OK) {
        status = cret_sha256_final(hash, advisory->digest, err);
    }
    cret_sha256_free(&hash);
    return status;
}

enum cret_status cret_advisory_read(struct cret_advisory **ret_advisory, const char *text,
                                    size_t size, const char *file, struct cret_err *err)
{
    struct cret_advisory *advisory = calloc(1, sizeof(*advisory));
    if (advisory == NULL) {
        return cret_err_memory(err);
    }
    if (cret_json_parse(&advisory->document, text, size, CRET_JSON_FOREIGN,
                        CRET_CHECK_ADVISORY_MATCH, err) != CRET_OK) {
        if (err->class == CRET_ERR_REFUSED) {
            cret_foreign_say(cret_foreign_bytes(text, size), err);
        }
        cret_advisory_free(&advisory);
        return cret_err_context(err, "%s", file);
    }
    if (read_digest(advisory, err) != CRET_OK || read_document(advisory, err) != CRET_OK) {
        cret_advisory_free(&advisory);
        return cret_err_context(err, "%s", file);
    }
    if (cret_advisory_take_apart(advisory) != 0) {
        cret_advisory_free(&advisory);
        return cret_err_memory(err);
    }
    if (advisory->csaf && cret_advisory_mandatory(advisory, err) != CRET_OK) {
        cret_advisory_free(&advisory);
        return cret_err_context(err, "%s", file);
    }
    *ret_advisory = advisory;
    return CRET_OK;
}

const struct cret_foreign *cret_advisory_foreign(const char *text, size_t size)
{
    json_t *json = NULL;
    if (cret_json_parse(&json, text, size, CRET_JSON_FOREIGN, CRET_CHECK_ADVISORY_MATCH, NULL) !=
        CRET_OK) {
        return NULL;
    }
    const bool advisory =
        cret_advisory_is_openvex(json) || cret_foreign_is_spdx3_vex(json) ||
        json_object_get(json, "vulnerabilities") != NULL ||
        json_object_get(json, "product_tree") != NULL ||
        json_object_get(json_object_get(json, "document"), "csaf_version") != NULL;
    const struct cret_foreign *foreign = advisory ? NULL : cret_foreign_json(json);
    json_decref(json);
    return foreign;
}

const char *cret_advisory_taken_back(const struct cret_advisory *advisory)
{
    return advisory->taken_back;
}

const char *cret_advisory_state(const struct cret_advisory *advisory)
{
    return advisory->state;
}

/* Model numbers of the product, models and SKUs of its hardware. */
static json_t *models(const json_t *manifest)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (element, cret_json_get(manifest, "product.modelNumbers")) {
        cret_build_add(&list, json_incref(element));
    }
    CRET_JSON_EACH (element, json_object_get(manifest, "hardware")) {
        const char *const names[] = {cret_json_string(element, "model"),
                                     cret_json_string(element, "sku")};
        for (size_t i = 0; i < CRET_LENGTH(names); i++) {
            if (names[i] != NULL) {
                cret_build_add(&list, json_string(names[i]));
            }
        }
    }
    return cret_build_end(&list);
}

static json_t *files(const struct cret_manifest *manifest)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < manifest->file_count; i++) {
        struct cret_build one = cret_build_object();
        cret_build_string(&one, "path", manifest->entries[i].path);
        cret_build_sha256(&one, "sha256", manifest->entries[i].sha256);
        cret_build_string(&one, "role", manifest->files[i].role);
        cret_build_add(&list, cret_build_end(&one));
    }
    return cret_build_end(&list);
}

/* number: its place among the SBOMs, which its components bear where it is not the first. */
static int add_sbom(json_t *sboms, json_t *components, const struct cret_sbom *sbom, size_t number)
{
    const json_t *document = cret_sbom_json(sbom);
    const char *serial = cret_json_string(document, "serialNumber");
    json_t *own = cret_sbom_identities(sbom);
    int failed = own == NULL;
    CRET_JSON_EACH (component, own) {
        failed |= number > 0 &&
                  json_object_set_new(component, "sbom", json_integer((json_int_t)number)) != 0;
    }
    failed |= failed || json_array_extend(components, own) != 0;
    json_decref(own);
    return failed ||
           json_array_append_new(
               sboms,
               json_pack("{s:s*, s:s, s:I}", "serial", serial, "format", cret_sbom_format(sbom),
                         "version", (json_int_t)cret_json_integer(document, "version", 1))) != 0;
}

static void add_sboms(struct cret_build *subjects, const struct cret_sboms *sboms)
{
    struct cret_build list = cret_build_list(), components = cret_build_list();
    for (size_t i = 0; i < sboms->count && !list.failed && !components.failed; i++) {
        if (sboms->list[i] != NULL) {
            list.failed = add_sbom(list.json, components.json, sboms->list[i],
                                   json_array_size(list.json)) != 0;
        }
    }
    cret_build_put(subjects, "sboms", cret_build_end(&list));
    cret_build_put(subjects, "components", cret_build_end(&components));
}

json_t *cret_subjects(const struct cret_manifest *manifest, const struct cret_sboms *sboms,
                      bool with_files)
{
    struct cret_build subjects = cret_build_object();
    cret_build_string(&subjects, "vendor", manifest->vendor);
    cret_build_string(&subjects, "name", manifest->product);
    cret_build_string(&subjects, "version", manifest->version);
    cret_build_string(&subjects, "purl", cret_json_string(manifest->json, "product.purl"));
    cret_build_string(&subjects, "cpe", cret_json_string(manifest->json, "product.cpe"));
    cret_build_put(&subjects, "models", models(manifest->json));
    cret_build_put(&subjects, "gaps", cret_coverage_gaps(manifest, sboms));
    if (with_files) {
        cret_build_put(&subjects, "files", files(manifest));
    }
    if (sboms != NULL && cret_sboms_read(sboms) > 0) {
        add_sboms(&subjects, sboms);
    }
    return cret_build_end(&subjects);
}
