/* SPDX-License-Identifier: Apache-2.0 */
/* The structure of OpenVEX 0.2.0: its JSON schema, and what its text asks for beside that. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/time.h"
#include "release/advisory/advisory_internal.h"
#include "release/sbom/sbom_shape.h"
#include "release/sbom/values.h"

#define NEED .required = 1
#define NAMED NEED, .accepts = cret_shape_not_empty, .words = "a text"
#define TIME .accepts = cret_time_is_date_time, .words = CRET_TIME_WORDS
#define TEXT(...) CRET_SHAPE_ROW(STRING, __VA_ARGS__)
#define TEXTS(...) CRET_SHAPE_ROW(STRINGS, __VA_ARGS__)
#define OBJECT(...) CRET_SHAPE_ROW(OBJECT, __VA_ARGS__)
#define OBJECTS(...) CRET_SHAPE_ROW(OBJECTS, __VA_ARGS__)
#define INTEGER(...) CRET_SHAPE_ROW(INTEGER, __VA_ARGS__)

static bool is_hex(const char *text)
{
    return *text != '\0' && cret_shape_hex(text, strlen(text)) && strlen(text) >= 32;
}

static bool is_hex64(const char *text)
{
    return cret_shape_hex(text, 64);
}

#define HEX .accepts = is_hex, .words = "a digest in hex"
#define HEX64 .accepts = is_hex64, .words = "64 hex digits"
static const struct cret_shape_field hash_fields[] = {TEXT("md5", HEX),
                                                      TEXT("sha1", HEX),
                                                      TEXT("sha-256", HEX64),
                                                      TEXT("sha-384", HEX),
                                                      TEXT("sha-512", HEX),
                                                      TEXT("sha3-224", HEX),
                                                      TEXT("sha3-256", HEX64),
                                                      TEXT("sha3-384", HEX),
                                                      TEXT("sha3-512", HEX),
                                                      TEXT("blake2s-256", HEX),
                                                      TEXT("blake2b-256", HEX64),
                                                      TEXT("blake2b-512", HEX),
                                                      CRET_SHAPE_END};
static const struct cret_shape hash_shape = {.fields = hash_fields, .closed = 1};
static const struct cret_shape_field identifier_fields[] = {
    TEXT("purl", .accepts = cret_shape_not_empty, .words = "a text"),
    TEXT("cpe22", .accepts = cret_shape_not_empty, .words = "a text"),
    TEXT("cpe23", .accepts = cret_shape_not_empty, .words = "a text"), CRET_SHAPE_END};
static const struct cret_shape identifier_shape = {.fields = identifier_fields, .closed = 1};

/* A hash alone is no name of a product. */
static void check_component(struct cret_shape_run *run, const json_t *component)
{
    if (json_object_get(component, "@id") == NULL &&
        json_object_size(json_object_get(component, "identifiers")) == 0) {
        cret_shape_fault(run, NULL, "@id, or one of identifiers", NULL,
                         "a product has no identifier");
    }
}

#define COMPONENT                                                                                  \
    TEXT("@id", .accepts = cret_shape_not_empty, .words = "a text"),                               \
        OBJECT("hashes", .shape = &hash_shape), OBJECT("identifiers", .shape = &identifier_shape)
static const struct cret_shape_field part_fields[] = {COMPONENT, CRET_SHAPE_END};
static const struct cret_shape part_shape = {
    .fields = part_fields, .closed = 1, .check = check_component};
static const struct cret_shape_field product_fields[] = {
    COMPONENT, OBJECTS("subcomponents", .shape = &part_shape), CRET_SHAPE_END};
static const struct cret_shape product_shape = {
    .fields = product_fields, .closed = 1, .check = check_component};
static const struct cret_shape_field vulnerability_fields[] = {
    TEXT("@id"), TEXTS("aliases"), TEXT("description"), TEXT("name", NAMED), CRET_SHAPE_END};
static const struct cret_shape vulnerability_shape = {.fields = vulnerability_fields, .closed = 1};
static const struct cret_shape_value statuses[] = {
    {"affected", 0}, {"fixed", 0}, {"not_affected", 0}, {"under_investigation", 0}, {NULL, 0}};
static const struct cret_shape_value justifications[] = {
    {"component_not_present", 0},
    {"inline_mitigations_already_exist", 0},
    {"vulnerable_code_cannot_be_controlled_by_adversary", 0},
    {"vulnerable_code_not_in_execute_path", 0},
    {"vulnerable_code_not_present", 0},
    {NULL, 0}};
static const struct cret_shape_field statement_fields[] = {
    TEXT("@id"),
    TEXT("action_statement"),
    TEXT("action_statement_timestamp", TIME),
    TEXT("impact_statement"),
    TEXT("justification", .values = justifications),
    TEXT("last_updated", TIME),
    OBJECTS("products", NEED, .shape = &product_shape),
    TEXT("status", NEED, .values = statuses),
    TEXT("status_notes"),
    TEXT("supplier"),
    TEXT("timestamp", TIME),
    INTEGER("version"),
    OBJECT("vulnerability", NEED, .shape = &vulnerability_shape),
    CRET_SHAPE_END};

/* What the status needs, and that somebody is meant. */
static void check_statement(struct cret_shape_run *run, const json_t *statement)
{
    const char *status = cret_json_string(statement, "status");
    const json_t *products = json_object_get(statement, "products");
    if (json_is_array(products) && json_array_size(products) == 0) {
        cret_shape_fault(run, "products", "one at least", NULL, "a statement is about nobody");
    }
    if (status == NULL) {
        return;
    }
    if (strcmp(status, "affected") == 0 && json_object_get(statement, "action_statement") == NULL) {
        cret_shape_fault(run, NULL, "action_statement", NULL,
                         "\"affected\" does not say what to do");
    }
    if (strcmp(status, "not_affected") == 0 &&
        json_object_get(statement, "justification") == NULL &&
        !cret_value_says(cret_json_string(statement, "impact_statement"))) {
        cret_shape_fault(run, NULL, "justification or impact_statement", NULL,
                         "\"not_affected\" gives no reason");
    }
}

static const struct cret_shape statement_shape = {
    .fields = statement_fields, .closed = 1, .check = check_statement};
static const struct cret_shape_value contexts[] = {{"https://openvex.dev/ns/v0.2.0", 0}, {NULL, 0}};
static const struct cret_shape_field root_fields[] = {
    TEXT("@context", NEED, .values = contexts),
    TEXT("@id", NAMED),
    TEXT("author", NAMED),
    TEXT("last_updated", TIME),
    TEXT("role"),
    OBJECTS("statements", NEED, .shape = &statement_shape),
    TEXT("timestamp", NEED, TIME),
    TEXT("tooling"),
    INTEGER("version", NEED),
    CRET_SHAPE_END};

static void check_root(struct cret_shape_run *run, const json_t *document)
{
    const json_t *version = json_object_get(document, "version");
    const json_t *statements = json_object_get(document, "statements");
    if (json_is_integer(version) && json_integer_value(version) < 1) {
        cret_shape_fault(run, "version", "1 or more", NULL, "a document has no such version");
    }
    if (json_is_array(statements) && json_array_size(statements) == 0) {
        cret_shape_fault(run, "statements", "one at least", NULL, "the document says nothing");
    }
}

const struct cret_shape cret_openvex_shape = {
    .fields = root_fields, .closed = 1, .check = check_root};
