/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structure of CSAF 2.1 (its JSON schema): every object is closed, so that what belongs to 2.0
 * or is spelled in another way is a fault and not passed over. Scores are not looked into.
 */
#include <ctype.h>
#include <string.h>

#include "release/advisory/advisory_internal.h"
#include "release/sbom/sbom_shape.h"

#define NEED .required = 1
#define NAMED NEED, .accepts = cret_shape_not_empty, .words = "a text"
#define TEXT(...) CRET_SHAPE_ROW(STRING, __VA_ARGS__)
#define TEXTS(...) CRET_SHAPE_ROW(STRINGS, __VA_ARGS__)
#define OBJECT(...) CRET_SHAPE_ROW(OBJECT, __VA_ARGS__)
#define OBJECTS(...) CRET_SHAPE_ROW(OBJECTS, __VA_ARGS__)
#define ANY(...) CRET_SHAPE_ROW(ANY, __VA_ARGS__)
#define ABOUT TEXTS("group_ids"), TEXTS("product_ids")
#define CLOSED(name, list) static const struct cret_shape name = {.fields = list, .closed = 1}

static bool is_algorithm(const char *text)
{
    return isalnum((unsigned char)text[0]) != 0 &&
           text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz-")] == '\0';
}

static bool is_digest(const char *text)
{
    return strlen(text) >= 32 && text[strspn(text, "0123456789abcdef")] == '\0';
}

static bool is_purl(const char *text)
{
    const size_t size = strncmp(text, "pkg:", 4) == 0
                            ? strspn(text + 4, "abcdefghijklmnopqrstuvwxyz0123456789.-")
                            : 0;
    return size > 0 && islower((unsigned char)text[4]) != 0 && text[4 + size] == '/' &&
           text[5 + size] != '\0';
}

static const struct cret_shape_value roots[] = {
    {"https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json", 0}, {NULL, 0}};
static const struct cret_shape_value versions[] = {{"2.1", 0}, {NULL, 0}};

/* Product tree. */
static const struct cret_shape_field digest_fields[] = {
    TEXT("algorithm", NEED, .accepts = is_algorithm, .words = "the name of an algorithm"),
    TEXT("value", NEED, .accepts = is_digest, .words = "32 or more lower-case hex digits"),
    CRET_SHAPE_END};
CLOSED(digest_shape, digest_fields);
static const struct cret_shape_field hash_fields[] = {
    OBJECTS("file_hashes", NEED, .shape = &digest_shape), TEXT("filename", NAMED), CRET_SHAPE_END};
CLOSED(hash_shape, hash_fields);
static const struct cret_shape_field uri_fields[] = {TEXT("namespace", NAMED), TEXT("uri", NAMED),
                                                     CRET_SHAPE_END};
CLOSED(uri_shape, uri_fields);
static const struct cret_shape_field helper_fields[] = {
    TEXT("cpe"),
    OBJECTS("hashes", .shape = &hash_shape),
    TEXTS("model_numbers"),
    TEXTS("purls", .accepts = is_purl, .words = "package URLs of a lower-case type"),
    TEXTS("sbom_urls"),
    TEXTS("serial_numbers"),
    TEXTS("skus"),
    OBJECTS("x_generic_uris", .shape = &uri_shape),
    CRET_SHAPE_END};
CLOSED(helper_shape, helper_fields);
static const struct cret_shape_field name_fields[] = {
    TEXT("name", NAMED), TEXT("product_id", NAMED),
    OBJECT("product_identification_helper", .shape = &helper_shape), ANY("x_extensions"),
    CRET_SHAPE_END};
CLOSED(name_shape, name_fields);
static const struct cret_shape_value categories[] = {{"architecture", 0},
                                                     {"host_name", 0},
                                                     {"language", 0},
                                                     {"patch_level", 0},
                                                     {"platform", 0},
                                                     {"product_family", 0},
                                                     {"product_name", 0},
                                                     {"product_version", 0},
                                                     {"product_version_range", 0},
                                                     {"service_pack", 0},
                                                     {"specification", 0},
                                                     {"vendor", 0},
                                                     {NULL, 0}};
static const struct cret_shape branch_shape;
static const struct cret_shape_field branch_fields[] = {
    OBJECTS("branches", .shape = &branch_shape), TEXT("category", NEED, .values = categories),
    TEXT("name", NAMED), OBJECT("product", .shape = &name_shape), CRET_SHAPE_END};

static void check_branch(struct cret_shape_run *run, const json_t *branch)
{
    if ((json_object_get(branch, "branches") != NULL) ==
        (json_object_get(branch, "product") != NULL)) {
        cret_shape_fault(run, NULL, "either branches or a product", NULL,
                         "a branch ends in a product, or has branches");
    }
}

static const struct cret_shape branch_shape = {
    .fields = branch_fields, .closed = 1, .check = check_branch};
static const struct cret_shape_value relations[] = {
    {"default_component_of", 0}, {"external_component_of", 0}, {"installed_on", 0},
    {"installed_with", 0},       {"optional_component_of", 0}, {NULL, 0}};
static const struct cret_shape_field hop_fields[] = {TEXT("category", NEED, .values = relations),
                                                     TEXT("next_product_reference", NAMED),
                                                     CRET_SHAPE_END};
CLOSED(hop_shape, hop_fields);
static const struct cret_shape_field path_fields[] = {
    TEXT("beginning_product_reference", NAMED),
    OBJECT("full_product_name", NEED, .shape = &name_shape),
    OBJECTS("subpaths", NEED, .shape = &hop_shape), CRET_SHAPE_END};

static void check_path(struct cret_shape_run *run, const json_t *path)
{
    if (json_array_size(json_object_get(path, "subpaths")) == 0) {
        cret_shape_fault(run, "subpaths", "one at least", NULL, "a product path leads nowhere");
    }
}

static const struct cret_shape path_shape = {
    .fields = path_fields, .closed = 1, .check = check_path};
static const struct cret_shape_field group_fields[] = {
    TEXT("group_id", NAMED), TEXTS("product_ids", NEED), TEXT("summary"), CRET_SHAPE_END};
CLOSED(group_shape, group_fields);
static const struct cret_shape_field tree_fields[] = {
    OBJECTS("branches", .shape = &branch_shape),
    OBJECTS("full_product_names", .shape = &name_shape),
    OBJECTS("product_groups", .shape = &group_shape),
    OBJECTS("product_paths", .shape = &path_shape), CRET_SHAPE_END};
CLOSED(tree_shape, tree_fields);

/* Notes, references, acknowledgments. */
static const struct cret_shape_value note_categories[] = {
    {"description", 0},      {"details", 0}, {"faq", 0},     {"general", 0},
    {"legal_disclaimer", 0}, {"other", 0},   {"summary", 0}, {NULL, 0}};
static const struct cret_shape_field note_fields[] = {
    TEXT("audience"),
    TEXT("category", NEED, .values = note_categories),
    ABOUT,
    TEXT("text", NAMED),
    TEXT("title"),
    CRET_SHAPE_END};
CLOSED(note_shape, note_fields);
static const struct cret_shape_value reference_categories[] = {
    {"external", 0}, {"self", 0}, {NULL, 0}};
static const struct cret_shape_field reference_fields[] = {
    TEXT("category", .values = reference_categories), TEXT("summary", NAMED), TEXT("url", NAMED),
    CRET_SHAPE_END};
CLOSED(reference_shape, reference_fields);
static const struct cret_shape_field thanks_fields[] = {
    TEXTS("names"), TEXT("organization"), TEXT("summary"), TEXTS("urls"), CRET_SHAPE_END};
CLOSED(thanks_shape, thanks_fields);

/* Vulnerabilities. */
static const struct cret_shape_field status_fields[] = {
    TEXTS("first_affected"), TEXTS("first_fixed"),         TEXTS("fixed"),
    TEXTS("known_affected"), TEXTS("known_not_affected"),  TEXTS("last_affected"),
    TEXTS("recommended"),    TEXTS("under_investigation"), TEXTS("unknown"),
    CRET_SHAPE_END};
CLOSED(status_shape, status_fields);
static const struct cret_shape_value labels[] = {
    {"component_not_present", 0},
    {"inline_mitigations_already_exist", 0},
    {"vulnerable_code_cannot_be_controlled_by_adversary", 0},
    {"vulnerable_code_not_in_execute_path", 0},
    {"vulnerable_code_not_present", 0},
    {NULL, 0}};
static const struct cret_shape_field flag_fields[] = {
    TEXT("date"), ABOUT, TEXT("label", NEED, .values = labels), CRET_SHAPE_END};
CLOSED(flag_shape, flag_fields);
static const struct cret_shape_field cwe_fields[] = {TEXT("id", NAMED), TEXT("name", NAMED),
                                                     TEXT("version", NAMED), CRET_SHAPE_END};
CLOSED(cwe_shape, cwe_fields);
static const struct cret_shape_field exploited_fields[] = {
    TEXT("date", NAMED), TEXT("exploitation_date", NAMED), ABOUT, CRET_SHAPE_END};
CLOSED(exploited_shape, exploited_fields);
static const struct cret_shape_field id_fields[] = {ABOUT, TEXT("system_name", NAMED),
                                                    TEXT("text", NAMED), CRET_SHAPE_END};
CLOSED(id_shape, id_fields);
static const struct cret_shape_value parties[] = {
    {"coordinator", 0}, {"discoverer", 0}, {"other", 0}, {"user", 0}, {"vendor", 0}, {NULL, 0}};
static const struct cret_shape_value involved[] = {
    {"completed", 0},   {"contact_attempted", 0}, {"disputed", 0},
    {"in_progress", 0}, {"not_contacted", 0},     {"open", 0},
    {NULL, 0}};
static const struct cret_shape_field involvement_fields[] = {
    TEXT("contact"),
    TEXT("date"),
    ABOUT,
    TEXT("party", NEED, .values = parties),
    TEXT("status", NEED, .values = involved),
    TEXT("summary"),
    CRET_SHAPE_END};
CLOSED(involvement_shape, involvement_fields);
static const struct cret_shape_field content_fields[] = {ANY("cvss_v2"),
                                                         ANY("cvss_v3"),
                                                         ANY("cvss_v4"),
                                                         ANY("epss"),
                                                         TEXT("qualitative_severity_rating"),
                                                         ANY("ssvc_v2"),
                                                         ANY("x_extensions"),
                                                         CRET_SHAPE_END};
CLOSED(content_shape, content_fields);
static const struct cret_shape_field metric_fields[] = {
    OBJECT("content", NEED, .shape = &content_shape), TEXTS("products", NEED), TEXT("source"),
    CRET_SHAPE_END};
CLOSED(metric_shape, metric_fields);
static const struct cret_shape_value remedies[] = {
    {"fix_planned", 0},    {"mitigation", 0}, {"no_fix_planned", 0}, {"none_available", 0},
    {"optional_patch", 0}, {"vendor_fix", 0}, {"workaround", 0},     {NULL, 0}};
static const struct cret_shape_field restart_fields[] = {TEXT("category", NAMED), TEXT("details"),
                                                         CRET_SHAPE_END};
CLOSED(restart_shape, restart_fields);
static const struct cret_shape_field remediation_fields[] = {
    TEXT("category", NEED, .values = remedies),
    TEXT("date"),
    TEXT("details", NAMED),
    TEXTS("entitlements"),
    ABOUT,
    OBJECT("restart_required", .shape = &restart_shape),
    TEXT("url"),
    CRET_SHAPE_END};
CLOSED(remediation_shape, remediation_fields);
static const struct cret_shape_value threats[] = {
    {"exploit_status", 0}, {"impact", 0}, {"target_set", 0}, {NULL, 0}};
static const struct cret_shape_field threat_fields[] = {TEXT("category", NEED, .values = threats),
                                                        TEXT("date"), TEXT("details", NAMED), ABOUT,
                                                        CRET_SHAPE_END};
CLOSED(threat_shape, threat_fields);
static const struct cret_shape_field vulnerability_fields[] = {
    OBJECTS("acknowledgments", .shape = &thanks_shape),
    TEXT("cve"),
    OBJECTS("cwes", .shape = &cwe_shape),
    TEXT("disclosure_date"),
    TEXT("discovery_date"),
    OBJECTS("first_known_exploitation_dates", .shape = &exploited_shape),
    OBJECTS("flags", .shape = &flag_shape),
    OBJECTS("ids", .shape = &id_shape),
    OBJECTS("involvements", .shape = &involvement_shape),
    OBJECTS("metrics", .shape = &metric_shape),
    OBJECTS("notes", .shape = &note_shape),
    OBJECT("product_status", .shape = &status_shape),
    OBJECTS("references", .shape = &reference_shape),
    OBJECTS("remediations", .shape = &remediation_shape),
    OBJECTS("threats", .shape = &threat_shape),
    TEXT("title"),
    ANY("x_extensions"),
    CRET_SHAPE_END};
CLOSED(vulnerability_shape, vulnerability_fields);

/* Document. */
static const struct cret_shape_field severity_fields[] = {TEXT("namespace"), TEXT("text", NAMED),
                                                          CRET_SHAPE_END};
CLOSED(severity_shape, severity_fields);
static const struct cret_shape_value colours[] = {{"AMBER", 0}, {"AMBER+STRICT", 0}, {"CLEAR", 0},
                                                  {"GREEN", 0}, {"RED", 0},          {NULL, 0}};
static const struct cret_shape_field tlp_fields[] = {TEXT("label", NEED, .values = colours),
                                                     TEXT("url"), CRET_SHAPE_END};
CLOSED(tlp_shape, tlp_fields);
static const struct cret_shape_field sharing_fields[] = {TEXT("id", NAMED), TEXT("name"),
                                                         CRET_SHAPE_END};
CLOSED(sharing_shape, sharing_fields);
static const struct cret_shape_field distribution_fields[] = {
    OBJECT("sharing_group", .shape = &sharing_shape), TEXT("text"),
    OBJECT("tlp", NEED, .shape = &tlp_shape), CRET_SHAPE_END};
CLOSED(distribution_shape, distribution_fields);
static const struct cret_shape_value publishers[] = {
    {"coordinator", 0}, {"discoverer", 0}, {"multiplier", 0}, {"other", 0},
    {"translator", 0},  {"user", 0},       {"vendor", 0},     {NULL, 0}};
static const struct cret_shape_field publisher_fields[] = {
    TEXT("category", NEED, .values = publishers),
    TEXT("contact_details"),
    TEXT("issuing_authority"),
    TEXT("name", NAMED),
    TEXT("namespace", NAMED),
    CRET_SHAPE_END};
CLOSED(publisher_shape, publisher_fields);
static const struct cret_shape_field revision_fields[] = {
    TEXT("date", NAMED), TEXT("legacy_version"), TEXT("number", NAMED), TEXT("summary", NAMED),
    CRET_SHAPE_END};
CLOSED(revision_shape, revision_fields);
static const struct cret_shape_field engine_fields[] = {TEXT("name", NAMED), TEXT("version"),
                                                        CRET_SHAPE_END};
CLOSED(engine_shape, engine_fields);
static const struct cret_shape_field generator_fields[] = {
    TEXT("date"), OBJECT("engine", NEED, .shape = &engine_shape), CRET_SHAPE_END};
CLOSED(generator_shape, generator_fields);
static const struct cret_shape_value states[] = {
    {"draft", 0}, {"final", 0}, {"interim", 0}, {NULL, 0}};
static const struct cret_shape_field tracking_fields[] = {
    TEXTS("aliases"),
    TEXT("current_release_date", NAMED),
    OBJECT("generator", .shape = &generator_shape),
    TEXT("id", NAMED),
    TEXT("initial_release_date", NAMED),
    OBJECTS("revision_history", NEED, .shape = &revision_shape),
    TEXT("status", NEED, .values = states),
    TEXT("version", NAMED),
    CRET_SHAPE_END};
CLOSED(tracking_shape, tracking_fields);
static const struct cret_shape_field document_fields[] = {
    OBJECTS("acknowledgments", .shape = &thanks_shape),
    OBJECT("aggregate_severity", .shape = &severity_shape),
    TEXT("category", NAMED),
    TEXT("csaf_version", NEED, .values = versions),
    OBJECT("distribution", NEED, .shape = &distribution_shape),
    TEXT("lang"),
    TEXT("license_expression"),
    OBJECTS("notes", .shape = &note_shape),
    OBJECT("publisher", NEED, .shape = &publisher_shape),
    OBJECTS("references", .shape = &reference_shape),
    TEXT("source_lang"),
    TEXT("title", NAMED),
    OBJECT("tracking", NEED, .shape = &tracking_shape),
    ANY("x_extensions"),
    CRET_SHAPE_END};
CLOSED(document_shape, document_fields);
static const struct cret_shape_field root_fields[] = {
    TEXT("$schema", NEED, .values = roots),
    OBJECT("document", NEED, .shape = &document_shape),
    OBJECT("product_tree", .shape = &tree_shape),
    OBJECTS("vulnerabilities", .shape = &vulnerability_shape),
    ANY("x_extensions"),
    CRET_SHAPE_END};
const struct cret_shape cret_csaf21_shape = {.fields = root_fields, .closed = 1};
