/* SPDX-License-Identifier: Apache-2.0 */
/* One SBOM as a document: which format it is, its components, its structure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/sbom/foreign.h"
#include "release/sbom/sbom_set.h"
#include "release/sbom/sbom_spdx3.h"
#include "release/sbom/sbom_tag_value.h"

void cret_sbom_free(struct cret_sbom **sbom)
{
    if (sbom == NULL || *sbom == NULL) {
        return;
    }
    for (size_t i = 0; i < (*sbom)->components.count; i++) {
        free((*sbom)->components.list[i].pointer);
    }
    free((*sbom)->components.list);
    cret_spdx3_free(&(*sbom)->spdx3);
    json_decref((*sbom)->json);
    json_decref((*sbom)->lines);
    json_decref((*sbom)->documents);
    free(*sbom);
    *sbom = NULL;
}

const char *cret_sbom_format(const struct cret_sbom *sbom)
{
    return sbom->format;
}

const json_t *cret_sbom_json(const struct cret_sbom *sbom)
{
    return sbom->json;
}

size_t cret_sbom_entries(const struct cret_sbom *sbom)
{
    return sbom->components.count;
}

/* The formats that are read, as the manifest writes them. */
static const struct {
    const char *format;
    const struct cret_sbom_kind *kind;
} formats[] = {
    {"CycloneDX-1.4", &cret_sbom_cyclonedx}, {"CycloneDX-1.5", &cret_sbom_cyclonedx},
    {"CycloneDX-1.6", &cret_sbom_cyclonedx}, {"CycloneDX-1.7", &cret_sbom_cyclonedx},
    {"SPDX-2.2", &cret_sbom_spdx},           {"SPDX-2.3", &cret_sbom_spdx},
    {"SPDX-3.0.1", &cret_sbom_spdx3},
};

static bool set_format(struct cret_sbom *sbom, const char *format)
{
    for (size_t i = 0; i < CRET_LENGTH(formats); i++) {
        if (strcmp(formats[i].format, format) == 0) {
            sbom->kind = formats[i].kind;
            sbom->minor = format[strlen(format) - 1] - '0';
            snprintf(sbom->format, sizeof(sbom->format), "%s", format);
            return true;
        }
    }
    return false;
}

/* What the document says of itself. */
static bool detect_format(struct cret_sbom *sbom)
{
    char format[32] = "";
    const char *cyclonedx = cret_json_string(sbom->json, "specVersion");
    const char *spdx = cret_json_string(sbom->json, "spdxVersion");
    if (cyclonedx != NULL && spdx == NULL) {
        snprintf(format, sizeof(format), "CycloneDX-%.10s", cyclonedx);
    } else if (spdx != NULL && cyclonedx == NULL) {
        snprintf(format, sizeof(format), "%.20s", spdx);
    } else if (cret_foreign_is_spdx3(sbom->json)) {
        snprintf(format, sizeof(format), "SPDX-3.0.1");
    }
    return set_format(sbom, format);
}

/* The format is what the document says; where it says nothing that is known here, what the manifest
 * says, which then is a fault of form. */
static bool choose_format(struct cret_sbom *sbom, const char *listed)
{
    return detect_format(sbom) || (listed != NULL && set_format(sbom, listed));
}

/* The member that names the format's version, and what the manifest says of it, or NULL. */
static void check_version(const struct cret_sbom *sbom, const char *listed,
                          struct cret_shape_run *run)
{
    const bool cyclonedx = sbom->kind == &cret_sbom_cyclonedx;
    if (listed != NULL && strcmp(listed, sbom->format) != 0) {
        cret_shape_fault(run,
                         cyclonedx                       ? "specVersion"
                         : sbom->kind == &cret_sbom_spdx ? "spdxVersion"
                                                         : NULL,
                         listed, sbom->format,
                         "the SBOM is %s, and the manifest says that it is %s", sbom->format,
                         listed);
        return;
    }
    if (sbom->kind == &cret_sbom_spdx3) {
        return; /* its @context names the version, and its shape holds that */
    }
    const char *member = cyclonedx ? "specVersion" : "spdxVersion";
    const char *expected = cyclonedx ? sbom->format + strlen(sbom->kind->name) : sbom->format;
    const char *actual = cret_json_string(sbom->json, member);
    if (actual == NULL || strcmp(actual, expected) != 0) {
        cret_shape_fault(run, member, expected, actual != NULL ? actual : "absent",
                         "the SBOM has another format than the manifest says");
    }
}

static void add_sound(const struct cret_sbom *sbom, struct cret_findings *findings)
{
    const size_t count = cret_sbom_count(sbom), others = json_object_size(sbom->documents);
    char documents[60] = "";
    if (sbom->documents != NULL) {
        snprintf(documents, sizeof(documents), ", %zu %s", others + 1,
                 cret_plural(others + 1, "document", "documents"));
    }
    cret_findings_add(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = sbom->file, .actual = sbom->format},
                      "the SBOM is well formed (%s, %zu %s%s)", sbom->format, count,
                      cret_plural(count, "component", "components"), documents);
}

/* Structure, and the list of components. A set has been held to its shape, document by document.
 * CRET_FAILED only for memory. */
static enum cret_status check_form(struct cret_sbom *sbom, const char *listed,
                                   struct cret_findings *findings)
{
    struct cret_shape_run run = {
        .findings = findings,
        .check = CRET_CHECK_SBOM_FORM,
        .file = sbom->file,
        .version = sbom->minor,
        .faults = sbom->faults,
        .lines = sbom->lines,
    };
    enum cret_status status = CRET_FAILED;
    check_version(sbom, listed, &run);
    if (sbom->documents == NULL) {
        cret_shape_object(&run, sbom->kind->shape, sbom->json);
    }
    if (sbom->kind->collect(sbom, &run) == CRET_OK && sbom->kind->check(sbom, &run) == CRET_OK &&
        !run.at.failed) {
        status = CRET_OK;
    }
    sbom->faults = run.faults;
    cret_json_cursor_clear(&run.at);
    return status;
}

static enum cret_status refuse_format(const struct cret_sbom *sbom, struct cret_findings *findings,
                                      struct cret_err *err)
{
    const char *version = cret_json_string(sbom->json, "specVersion");
    version = version != NULL ? version : cret_json_string(sbom->json, "spdxVersion");
    cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "%s is no SBOM of a kind that is read here",
                    sbom->file);
    cret_err_where(err, "%s#", sbom->file);
    cret_err_expected(
        err, "CycloneDX 1.4 to 1.7 JSON, SPDX 2.2 or 2.3 as JSON or tag-value, or SPDX 3.0.1 "
             "JSON-LD");
    cret_err_actual(err, "%s",
                    version != NULL ? version
                                    : "neither specVersion nor "
                                      "spdxVersion");
    cret_err_hint(err, "let the tool that made it write one of these formats");
    cret_foreign_say(cret_foreign_instead(sbom->json), err);
    cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
    return CRET_FAILED;
}

/* JSON, or the form of SPDX 2 that has a tag on each line. */
static enum cret_status parse(struct cret_sbom *sbom, const char *text, size_t size,
                              struct cret_findings *findings, struct cret_err *err)
{
    struct cret_shape_run run = {
        .findings = findings, .check = CRET_CHECK_SBOM_FORM, .file = sbom->file};
    if (!cret_tag_value_is(text, size)) {
        return cret_json_parse(&sbom->json, text, size, CRET_JSON_FOREIGN, CRET_CHECK_SBOM_FORM,
                               err);
    }
    const enum cret_status status =
        cret_tag_value_read(&sbom->json, &sbom->lines, text, size, &run, err);
    sbom->faults = run.faults;
    cret_json_cursor_clear(&run.at);
    return status;
}

/* One document, without a PASS. */
static enum cret_status read_document(struct cret_sbom **ret_sbom, const char *text, size_t size,
                                      const char *file, const char *format,
                                      struct cret_findings *findings, struct cret_err *err)
{
    struct cret_err fault = {0};
    enum cret_status status = CRET_FAILED;
    struct cret_sbom *sbom = calloc(1, sizeof(*sbom));
    if (sbom == NULL) {
        return cret_err_memory(err);
    }
    sbom->file = file;
    if (parse(sbom, text, size, findings, &fault) != CRET_OK) {
        cret_err_context(&fault, "%s", file);
        if (fault.class == CRET_ERR_REFUSED) {
            cret_foreign_say(cret_foreign_bytes(text, size), &fault);
            cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
        }
    } else if (cret_foreign_instead(sbom->json) != NULL || !choose_format(sbom, format)) {
        refuse_format(sbom, findings, &fault);
    } else if (check_form(sbom, format, findings) != CRET_OK) {
        cret_err_memory(&fault);
    } else {
        status = CRET_OK;
        *ret_sbom = sbom;
        sbom = NULL;
    }
    if (status != CRET_OK && err != NULL) {
        *err = fault;
    }
    cret_sbom_free(&sbom);
    return status;
}

/* Every document of a set for itself; all that cannot be read are told. */
static enum cret_status read_members(struct cret_set *set, size_t *ret_faults,
                                     struct cret_findings *findings, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < set->count; i++) {
        struct cret_set_document *document = &set->list[i];
        struct cret_err fault = {0};
        if (document->index) {
            continue;
        }
        if (read_document(&document->sbom, document->text, document->size, document->place, NULL,
                          findings, &fault) != CRET_OK) {
            status = CRET_FAILED;
        } else if (document->sbom->kind != &cret_sbom_spdx &&
                   document->sbom->kind != &cret_sbom_spdx3) {
            cret_err_refuse(&fault, CRET_CHECK_SBOM_FORM, "%s is no SPDX document",
                            document->place);
            cret_err_hint(&fault,
                          "a set is of SPDX alone: list an SBOM of another format by itself");
            cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
            status = CRET_FAILED;
        } else {
            *ret_faults += document->sbom->faults;
        }
        if (fault.class != CRET_ERR_NONE) {
            *err = fault;
        }
        if (fault.class == CRET_ERR_UNDECIDED) {
            return CRET_FAILED;
        }
    }
    return status;
}

/* Documents of one kind, held to each other, as one. */
static enum cret_status join_members(struct cret_set *set, struct cret_sbom *merged,
                                     size_t *ret_faults, struct cret_findings *findings,
                                     struct cret_err *err)
{
    size_t third = 0, main = 0;
    for (size_t i = 0; i < set->count; i++) {
        third += set->list[i].sbom != NULL && set->list[i].sbom->kind == &cret_sbom_spdx3 ? 1u : 0u;
    }
    if (third > 0 && third < set->count) {
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "%s is of SPDX 3 and of something else",
                        set->file);
        cret_err_expected(err, "documents of one version of SPDX, and of SPDX 3 nothing beside");
        cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        return CRET_FAILED;
    }
    if (third > 0) {
        return cret_set_join_spdx3(set, merged, findings, ret_faults, err);
    }
    if (cret_set_tie(set, &main, findings, ret_faults, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_set_merge(set, main, merged) == CRET_OK ? CRET_OK : cret_err_memory(err);
}

/* A tar of documents, as one. */
static enum cret_status read_set(struct cret_sbom **ret_sbom, const char *text, size_t size,
                                 const char *file, const char *format,
                                 struct cret_findings *findings, struct cret_err *err)
{
    struct cret_set set;
    size_t faults = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_set_open(&set, text, size, file, err) != CRET_OK) {
        cret_err_context(err, "%s", file);
        if (err->class == CRET_ERR_REFUSED) {
            cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        }
        return CRET_FAILED;
    }
    struct cret_sbom *sbom = calloc(1, sizeof(*sbom));
    if (sbom == NULL) {
        cret_err_memory(err);
    } else if (read_members(&set, &faults, findings, err) == CRET_OK &&
               join_members(&set, sbom, &faults, findings, err) == CRET_OK) {
        sbom->file = file;
        sbom->faults = faults;
        if (check_form(sbom, format, findings) == CRET_OK) {
            *ret_sbom = sbom;
            sbom = NULL;
            status = CRET_OK;
        } else {
            cret_err_memory(err);
        }
    }
    cret_sbom_free(&sbom);
    for (size_t i = 0; i < set.count; i++) {
        cret_sbom_free(&set.list[i].sbom);
    }
    cret_set_close(&set);
    return status;
}

enum cret_status cret_sbom_read(struct cret_sbom **ret_sbom, const char *text, size_t size,
                                const char *file, const char *format,
                                struct cret_findings *findings, struct cret_err *err)
{
    struct cret_err fault = {0};
    const bool set = cret_set_is(text, size);
    const enum cret_status status =
        set ? read_set(ret_sbom, text, size, file, format, findings, &fault)
            : read_document(ret_sbom, text, size, file, format, findings, &fault);
    if (status == CRET_OK && (*ret_sbom)->faults == 0) {
        add_sound(*ret_sbom, findings);
    } else if (status != CRET_OK && err != NULL) {
        *err = fault;
    }
    return status;
}

/* SHA-256 and SHA-512 by name, all others under "digests". */
static void add_hashes(struct cret_build *object, const struct cret_sbom_kind *kind,
                       const json_t *component)
{
    struct cret_build others = cret_build_list();
    CRET_JSON_EACH (hash, json_object_get(component, kind->hashes)) {
        const char *algorithm = cret_json_string(hash, kind->algorithm);
        const char *value = cret_json_string(hash, kind->value);
        if (algorithm == NULL || value == NULL) {
            continue;
        }
        if (strcmp(algorithm, kind->sha256) == 0) {
            cret_build_string(object, "sha256", value);
        } else if (strcmp(algorithm, kind->sha512) == 0) {
            cret_build_string(object, "sha512", value);
        } else {
            cret_build_add(&others,
                           json_pack("{s:s, s:s}", "algorithm", algorithm, "value", value));
        }
    }
    json_t *list = cret_build_end(&others);
    if (list == NULL || json_array_size(list) > 0) {
        cret_build_put(object, "digests", list);
    } else {
        json_decref(list);
    }
}

static json_t *identity(const struct cret_sbom *sbom, const json_t *component)
{
    const struct cret_sbom_kind *kind = sbom->kind;
    struct cret_build object = cret_build_object();
    const char *label = cret_json_string(component, kind->label);
    label = label != NULL ? label : cret_json_string(component, "fileName");
    cret_build_string(&object, "ref",
                      json_string_value(json_object_get(component, kind->reference)));
    cret_build_string(&object, "name", label);
    cret_build_string(&object, "version", cret_json_string(component, kind->version));
    const char *purl = NULL, *cpe = NULL;
    size_t at = 0;
    while ((purl = kind->purl(component, &at)) != NULL) {
        cret_build_append(&object, "purl", purl);
    }
    at = 0;
    while ((cpe = kind->cpe(component, &at)) != NULL) {
        cret_build_append(&object, "cpe", cpe);
    }
    add_hashes(&object, kind, component);
    cret_build_flag(&object, "root", component == sbom->components.root);
    return cret_build_end(&object);
}

json_t *cret_sbom_identities(const struct cret_sbom *sbom)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < sbom->components.count; i++) {
        json_t *one = identity(sbom, sbom->components.list[i].json);
        if (i >= sbom->components.packages && one != NULL) {
            list.failed |= json_object_set_new(one, "file", json_true()) != 0;
        }
        cret_build_add(&list, one);
    }
    return cret_build_end(&list);
}
