/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structure of what is read of advisories, as tables. A document whose members are of another
 * type than the standard says is refused as a whole: half of it would say something else.
 */
#include <stdlib.h>

#include "base/text/json.h"
#include "release/advisory/advisory_spdx3.h"

#define NEED .required = 1
#define TEXT(key, ...)                                                                             \
    {                                                                                              \
        .name = (key), .kind = CRET_SHAPE_STRING, __VA_ARGS__                                      \
    }
#define TEXTS(key, ...)                                                                            \
    {                                                                                              \
        .name = (key), .kind = CRET_SHAPE_STRINGS, __VA_ARGS__                                     \
    }
#define OBJECT(key, table, ...)                                                                    \
    {                                                                                              \
        .name = (key), .kind = CRET_SHAPE_OBJECT, .shape = &(table), __VA_ARGS__                   \
    }
#define OBJECTS(key, table, ...)                                                                   \
    {                                                                                              \
        .name = (key), .kind = CRET_SHAPE_OBJECTS, .shape = &(table), __VA_ARGS__                  \
    }
#define NAMED NEED, .accepts = cret_shape_not_empty, .words = "a text"

/* CSAF 2.0, 3.1.3.3: helper to identify the product. */
static const struct cret_shape_field digest_fields[] = {TEXT("algorithm", NAMED),
                                                        TEXT("value", NAMED), CRET_SHAPE_END};
static const struct cret_shape digest_shape = {.fields = digest_fields};
static const struct cret_shape_field hash_fields[] = {
    TEXT("filename", NEED), OBJECTS("file_hashes", digest_shape, NEED), CRET_SHAPE_END};
static const struct cret_shape hash_shape = {.fields = hash_fields};
static const struct cret_shape_field uri_fields[] = {TEXT("namespace"), TEXT("uri", NAMED),
                                                     CRET_SHAPE_END};
static const struct cret_shape uri_shape = {.fields = uri_fields};
static const struct cret_shape_field helper_fields[] = {TEXT("cpe"),
                                                        OBJECTS("hashes", hash_shape),
                                                        TEXTS("model_numbers"),
                                                        TEXT("purl"),
                                                        TEXTS("serial_numbers"),
                                                        TEXTS("skus"),
                                                        OBJECTS("x_generic_uris", uri_shape),
                                                        CRET_SHAPE_END};
static const struct cret_shape helper_shape = {.fields = helper_fields};

/* 3.1.2, 3.1.3, 3.2.2: branches, full product names, relationships, groups. */
static const struct cret_shape_field name_fields[] = {
    TEXT("name", NAMED), TEXT("product_id", NAMED),
    OBJECT("product_identification_helper", helper_shape), CRET_SHAPE_END};
static const struct cret_shape name_shape = {.fields = name_fields};
static const struct cret_shape branch_shape;
static const struct cret_shape_field branch_fields[] = {
    OBJECTS("branches", branch_shape), TEXT("category", NAMED), TEXT("name", NAMED),
    OBJECT("product", name_shape), CRET_SHAPE_END};
static const struct cret_shape branch_shape = {.fields = branch_fields};
static const struct cret_shape_value relations[] = {
    {"default_component_of", 0}, {"external_component_of", 0}, {"installed_on", 0},
    {"installed_with", 0},       {"optional_component_of", 0}, {NULL, 0}};
static const struct cret_shape_field relationship_fields[] = {
    TEXT("category", NEED, .values = relations), OBJECT("full_product_name", name_shape, NEED),
    TEXT("product_reference", NAMED), TEXT("relates_to_product_reference", NAMED), CRET_SHAPE_END};
static const struct cret_shape relationship_shape = {.fields = relationship_fields};
static const struct cret_shape_field group_fields[] = {TEXT("group_id", NAMED),
                                                       TEXTS("product_ids", NEED), CRET_SHAPE_END};
static const struct cret_shape group_shape = {.fields = group_fields};
static const struct cret_shape_field tree_fields[] = {
    OBJECTS("branches", branch_shape), OBJECTS("full_product_names", name_shape),
    OBJECTS("product_groups", group_shape), OBJECTS("relationships", relationship_shape),
    CRET_SHAPE_END};
static const struct cret_shape tree_shape = {.fields = tree_fields};

/* 3.2.3: vulnerabilities. A status that CSAF 2.0 does not have is not passed over. */
static const struct cret_shape_field status_fields[] = {
    TEXTS("first_affected"), TEXTS("first_fixed"),         TEXTS("fixed"),
    TEXTS("known_affected"), TEXTS("known_not_affected"),  TEXTS("last_affected"),
    TEXTS("recommended"),    TEXTS("under_investigation"), CRET_SHAPE_END};
static const struct cret_shape status_shape = {.fields = status_fields, .closed = 1};
/* 3.2.3.5: a reason that is not one of these is none. */
static const struct cret_shape_value labels[] = {
    {"component_not_present", 0},
    {"inline_mitigations_already_exist", 0},
    {"vulnerable_code_cannot_be_controlled_by_adversary", 0},
    {"vulnerable_code_not_in_execute_path", 0},
    {"vulnerable_code_not_present", 0},
    {NULL, 0}};
static const struct cret_shape_field flag_fields[] = {TEXT("label", NEED, .values = labels),
                                                      TEXTS("group_ids"), TEXTS("product_ids"),
                                                      CRET_SHAPE_END};
static const struct cret_shape flag_shape = {.fields = flag_fields};
static const struct cret_shape_field restart_fields[] = {TEXT("category", NAMED), CRET_SHAPE_END};
static const struct cret_shape restart_shape = {.fields = restart_fields};
static const struct cret_shape_field note_fields[] = {TEXT("category", NAMED),
                                                      TEXT("details", NAMED),
                                                      TEXTS("group_ids"),
                                                      TEXTS("product_ids"),
                                                      OBJECT("restart_required", restart_shape),
                                                      TEXT("url"),
                                                      CRET_SHAPE_END};
static const struct cret_shape note_shape = {.fields = note_fields};
static const struct cret_shape_field id_fields[] = {TEXT("system_name", NAMED), TEXT("text", NAMED),
                                                    CRET_SHAPE_END};
static const struct cret_shape id_shape = {.fields = id_fields};
static const struct cret_shape_field score_fields[] = {TEXTS("products", NEED), CRET_SHAPE_END};
static const struct cret_shape score_shape = {.fields = score_fields};
static const struct cret_shape_field vulnerability_fields[] = {
    TEXT("cve"),
    OBJECTS("flags", flag_shape),
    OBJECTS("ids", id_shape),
    OBJECT("product_status", status_shape),
    OBJECTS("remediations", note_shape),
    OBJECTS("scores", score_shape),
    OBJECTS("threats", note_shape),
    TEXT("title"),
    CRET_SHAPE_END};
static const struct cret_shape vulnerability_shape = {.fields = vulnerability_fields};
static const struct cret_shape_value tracking_states[] = {
    {"draft", 0}, {"final", 0}, {"interim", 0}, {NULL, 0}};
static const struct cret_shape_field tracking_fields[] = {
    TEXT("current_release_date"), TEXT("id", NAMED), TEXT("status", .values = tracking_states),
    TEXT("version"), CRET_SHAPE_END};
static const struct cret_shape tracking_shape = {.fields = tracking_fields};
static const struct cret_shape_field publisher_fields[] = {TEXT("category"), TEXT("name", NAMED),
                                                           TEXT("namespace"), CRET_SHAPE_END};
static const struct cret_shape publisher_shape = {.fields = publisher_fields};
static const struct cret_shape_field document_fields[] = {
    OBJECT("publisher", publisher_shape), OBJECT("tracking", tracking_shape), CRET_SHAPE_END};
static const struct cret_shape document_shape = {.fields = document_fields};
static const struct cret_shape_field csaf_fields[] = {
    OBJECT("document", document_shape), OBJECT("product_tree", tree_shape),
    OBJECTS("vulnerabilities", vulnerability_shape), CRET_SHAPE_END};
static const struct cret_shape csaf_shape = {.fields = csaf_fields};

/* CycloneDX: what a BOM says of vulnerabilities. */
static const struct cret_shape_value version_states[] = {
    {"affected", 0}, {"unaffected", 0}, {"unknown", 0}, {NULL, 0}};
static const struct cret_shape_field version_fields[] = {
    TEXT("range"), TEXT("status", .values = version_states), TEXT("version"), CRET_SHAPE_END};
static const struct cret_shape version_shape = {.fields = version_fields};
static const struct cret_shape_field affects_fields[] = {
    TEXT("ref", NAMED), OBJECTS("versions", version_shape), CRET_SHAPE_END};
static const struct cret_shape affects_shape = {.fields = affects_fields};
static const struct cret_shape_value states[] = {
    {"exploitable", 0}, {"false_positive", 0},         {"in_triage", 0}, {"not_affected", 0},
    {"resolved", 0},    {"resolved_with_pedigree", 0}, {NULL, 0}};
static const struct cret_shape_value justifications[] = {
    {"code_not_present", 0},       {"code_not_reachable", 0},
    {"protected_at_perimeter", 0}, {"protected_at_runtime", 0},
    {"protected_by_compiler", 0},  {"protected_by_mitigating_control", 0},
    {"requires_configuration", 0}, {"requires_dependency", 0},
    {"requires_environment", 0},   {NULL, 0}};
static const struct cret_shape_field analysis_fields[] = {
    TEXT("detail"), TEXT("justification", .values = justifications),
    TEXT("state", .values = states), CRET_SHAPE_END};
static const struct cret_shape analysis_shape = {.fields = analysis_fields};
static const struct cret_shape_field vex_fields[] = {OBJECTS("affects", affects_shape),
                                                     OBJECT("analysis", analysis_shape),
                                                     TEXT("id"),
                                                     TEXT("recommendation"),
                                                     TEXT("workaround"),
                                                     CRET_SHAPE_END};
static const struct cret_shape vex_shape = {.fields = vex_fields};
static const struct cret_shape_field vex_bom_fields[] = {
    OBJECTS("vulnerabilities", vex_shape, NEED), CRET_SHAPE_END};
static const struct cret_shape vex_bom_shape = {.fields = vex_bom_fields};

/* The first finding that is a fault, as the error. */
static enum cret_status first_fault(const struct cret_findings *findings, const char *kind,
                                    struct cret_err *err)
{
    size_t at = 0;
    while (at < cret_findings_count(findings) &&
           cret_findings_at(findings, at)->result == CRET_RESULT_WARN) {
        at++;
    }
    if (at == cret_findings_count(findings)) {
        return CRET_OK;
    }
    const struct cret_finding *fault = cret_findings_at(findings, at);
    cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH, "no valid %s: %s", kind, fault->reason);
    if (fault->where != NULL) {
        cret_err_where(err, "%s", fault->where);
    }
    if (fault->expected != NULL) {
        cret_err_expected(err, "%s", fault->expected);
    }
    if (fault->actual != NULL) {
        cret_err_actual(err, "%s", fault->actual);
    }
    return CRET_FAILED;
}

static enum cret_status finish(struct cret_shape_run *run, const char *kind, struct cret_err *err)
{
    enum cret_status status =
        run->at.failed ? cret_err_memory(err) : cret_findings_whole(run->findings, err);
    if (status == CRET_OK) {
        status = first_fault(run->findings, kind, err);
    }
    cret_json_cursor_clear(&run->at);
    cret_findings_free(&run->findings);
    return status;
}

/* A document of one table. */
static enum cret_status hold(const json_t *document, const struct cret_shape *shape,
                             const char *kind, struct cret_err *err)
{
    struct cret_shape_run run = {.findings = cret_findings_new(),
                                 .check = CRET_CHECK_ADVISORY_MATCH,
                                 .file = "",
                                 .version = 1};
    if (run.findings == NULL) {
        return cret_err_memory(err);
    }
    cret_shape_object(&run, shape, document);
    return finish(&run, kind, err);
}

enum cret_status cret_advisory_shape_csaf(const json_t *document, int minor, struct cret_err *err)
{
    return minor > 0 ? hold(document, &cret_csaf21_shape, "CSAF 2.1 document", err)
                     : hold(document, &csaf_shape, "CSAF 2.0 document", err);
}

enum cret_status cret_advisory_shape_openvex(const json_t *document, struct cret_err *err)
{
    return hold(document, &cret_openvex_shape, "OpenVEX document", err);
}

enum cret_status cret_advisory_shape_spdx3(struct cret_sbom **ret_sbom, json_t *document,
                                           void (*more)(const struct cret_spdx3 *spdx3,
                                                        struct cret_shape_run *run),
                                           struct cret_err *err)
{
    struct cret_shape_run run = {.findings = cret_findings_new(),
                                 .check = CRET_CHECK_ADVISORY_MATCH,
                                 .file = "",
                                 .version = 1};
    struct cret_sbom *sbom = calloc(1, sizeof(*sbom));
    if (run.findings == NULL || sbom == NULL) {
        cret_findings_free(&run.findings);
        free(sbom);
        return cret_err_memory(err);
    }
    sbom->json = json_incref(document);
    sbom->kind = &cret_sbom_spdx3;
    sbom->file = "";
    cret_shape_object(&run, sbom->kind->shape, document);
    run.at.failed = sbom->kind->collect(sbom, &run) != CRET_OK ||
                    sbom->kind->check(sbom, &run) != CRET_OK || run.at.failed;
    if (!run.at.failed) {
        more(sbom->spdx3, &run);
    }
    const enum cret_status status = finish(&run, "SPDX 3 document", err);
    if (status == CRET_OK) {
        *ret_sbom = sbom;
        sbom = NULL;
    }
    cret_sbom_free(&sbom);
    return status;
}

enum cret_status cret_advisory_shape_cyclonedx(const json_t *document, struct cret_err *err)
{
    const char *version = cret_json_string(document, "specVersion");
    if (version == NULL || version[0] != '1' || version[1] != '.' || version[2] < '4' ||
        version[2] > '7' || version[3] != '\0') {
        cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH, "no valid CycloneDX VEX file");
        cret_err_where(err, "#/specVersion");
        cret_err_expected(err, "1.4, 1.5, 1.6 or 1.7");
        return cret_err_actual(err, "%s", version != NULL ? version : "absent");
    }
    struct cret_shape_run run = {.findings = cret_findings_new(),
                                 .check = CRET_CHECK_ADVISORY_MATCH,
                                 .file = "",
                                 .version = version[2] - '0'};
    if (run.findings == NULL) {
        return cret_err_memory(err);
    }
    cret_shape_object(&run, &vex_bom_shape, document);
    cret_shape_object(&run, &cret_cyclonedx_shape, document);
    return finish(&run, "CycloneDX VEX file", err);
}
