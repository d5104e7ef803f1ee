/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX 1.4 to 1.7 JSON: structure, as in the specification's bom-1.x.schema.json. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/time.h"
#include "release/identifier/licenses.h"
#include "release/sbom/sbom_internal.h"

static const struct cret_shape component_shape, service_shape;

static const struct cret_shape_value bom_formats[] = {{"CycloneDX", 0}, {NULL, 0}};

static const struct cret_shape_value component_types[] = {{"application", 0},
                                                          {"framework", 0},
                                                          {"library", 0},
                                                          {"container", 0},
                                                          {"platform", 5},
                                                          {"operating-system", 0},
                                                          {"device", 0},
                                                          {"device-driver", 5},
                                                          {"firmware", 0},
                                                          {"file", 0},
                                                          {"machine-learning-model", 5},
                                                          {"data", 5},
                                                          {"cryptographic-asset", 6},
                                                          {NULL, 0}};

static const struct cret_shape_value scopes[] = {
    {"required", 0}, {"optional", 0}, {"excluded", 0}, {NULL, 0}};

static const struct cret_shape_value hash_algorithms[] = {
    {"MD5", 0},          {"SHA-1", 0},        {"SHA-256", 0},     {"SHA-384", 0},
    {"SHA-512", 0},      {"SHA3-256", 0},     {"SHA3-384", 0},    {"SHA3-512", 0},
    {"BLAKE2b-256", 0},  {"BLAKE2b-384", 0},  {"BLAKE2b-512", 0}, {"BLAKE3", 0},
    {"Streebog-256", 7}, {"Streebog-512", 7}, {NULL, 0}};

static const struct cret_shape_value aggregates[] = {{"complete", 0},
                                                     {"incomplete", 0},
                                                     {"incomplete_first_party_only", 0},
                                                     {"incomplete_first_party_proprietary_only", 5},
                                                     {"incomplete_first_party_opensource_only", 5},
                                                     {"incomplete_third_party_only", 0},
                                                     {"incomplete_third_party_proprietary_only", 5},
                                                     {"incomplete_third_party_opensource_only", 5},
                                                     {"unknown", 0},
                                                     {"not_specified", 0},
                                                     {NULL, 0}};

static const struct cret_shape_value patch_types[] = {
    {"unofficial", 0}, {"monkey", 0}, {"backport", 0}, {"cherry-pick", 0}, {NULL, 0}};
static const struct cret_shape_value issue_types[] = {
    {"defect", 0}, {"enhancement", 0}, {"security", 0}, {NULL, 0}};
static const struct cret_shape_value encodings[] = {{"base64", 0}, {NULL, 0}};
static const struct cret_shape_value acknowledgements[] = {
    {"declared", 0}, {"concluded", 0}, {NULL, 0}};
static const struct cret_shape_value data_flows[] = {
    {"inbound", 0}, {"outbound", 0}, {"bi-directional", 0}, {"unknown", 0}, {NULL, 0}};

/* urn:uuid: and 8-4-4-4-12 lower-case hex digits. */
static bool is_serial_number(const char *text)
{
    static const char form[] = "urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof(form) - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (i >= 9 && form[i] == 'x' ? strchr("0123456789abcdef", text[i]) == NULL
                                     : text[i] != form[i]) {
            return false;
        }
    }
    return true;
}

static const struct cret_shape_field property_fields[] = {
    CRET_SHAPE_ROW(STRING, "name", .required = 6),
    CRET_SHAPE_ROW(STRING, "value"),
    CRET_SHAPE_END,
};
static const struct cret_shape property_shape = {.fields = property_fields, .closed = 6};

static const struct cret_shape_field attachment_fields[] = {
    CRET_SHAPE_ROW(STRING, "contentType"),
    CRET_SHAPE_ROW(STRING, "encoding", .values = encodings),
    CRET_SHAPE_ROW(STRING, "content", .required = 1),
    CRET_SHAPE_END,
};
static const struct cret_shape attachment_shape = {.fields = attachment_fields, .closed = 1};

/* The digest's length is that of its algorithm; the schema alone takes any of five lengths. */
static void check_hash(struct cret_shape_run *run, const json_t *hash)
{
    static const struct {
        const char *algorithm;
        size_t digits;
    } lengths[] = {
        {"MD5", 32},           {"SHA-1", 40},       {"SHA-256", 64},      {"SHA-384", 96},
        {"SHA-512", 128},      {"SHA3-256", 64},    {"SHA3-384", 96},     {"SHA3-512", 128},
        {"BLAKE2b-256", 64},   {"BLAKE2b-384", 96}, {"BLAKE2b-512", 128}, {"Streebog-256", 64},
        {"Streebog-512", 128},
    };
    const char *algorithm = cret_json_string(hash, "alg");
    const char *content = cret_json_string(hash, "content");
    if (algorithm == NULL || content == NULL) {
        return;
    }
    bool fits = cret_shape_hex(content, 32) || cret_shape_hex(content, 40) ||
                cret_shape_hex(content, 64) || cret_shape_hex(content, 96) ||
                cret_shape_hex(content, 128);
    for (size_t i = 0; i < CRET_LENGTH(lengths); i++) {
        if (strcmp(algorithm, lengths[i].algorithm) == 0) {
            fits = cret_shape_hex(content, lengths[i].digits);
        }
    }
    if (!fits) {
        cret_shape_fault(run, "content", "the hex digits of the algorithm's digest", content,
                         "the hash is no %s digest", algorithm);
    }
}

static const struct cret_shape_field hash_fields[] = {
    CRET_SHAPE_ROW(STRING, "alg", .required = 1, .values = hash_algorithms),
    CRET_SHAPE_ROW(STRING, "content", .required = 1),
    CRET_SHAPE_END,
};
static const struct cret_shape hash_shape = {
    .fields = hash_fields, .closed = 1, .check = check_hash};

static const struct cret_shape_field external_reference_fields[] = {
    CRET_SHAPE_ROW(STRING, "url", .required = 1),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_ROW(STRING, "type", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "a type of reference"),
    CRET_SHAPE_ROW(OBJECTS, "hashes", .shape = &hash_shape),
    CRET_SHAPE_ROW(OBJECTS, "properties", .since = 7, .shape = &property_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape external_reference_shape = {.fields = external_reference_fields,
                                                           .closed = 1};

/* An id or a name, not both. */
static void check_license(struct cret_shape_run *run, const json_t *license)
{
    const bool id = json_object_get(license, "id") != NULL;
    const bool name = json_object_get(license, "name") != NULL;
    if (id == name) {
        cret_shape_fault(run, NULL, "id or name", id ? "both" : "neither",
                         "a licence has either an id or a name");
    }
}

static const struct cret_shape_field license_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref", .since = 5),
    CRET_SHAPE_ROW(STRING, "id", .accepts = cret_license_known,
                   .words = "an id of the SPDX licence list " CRET_LICENSES_VERSION),
    CRET_SHAPE_ROW(STRING, "name"),
    CRET_SHAPE_ROW(STRING, "acknowledgement", .since = 6, .values = acknowledgements),
    CRET_SHAPE_ROW(OBJECT, "text", .shape = &attachment_shape),
    CRET_SHAPE_ROW(STRING, "url"),
    CRET_SHAPE_ROW(OBJECT, "licensing", .since = 5),
    CRET_SHAPE_ROW(OBJECTS, "properties", .since = 5, .shape = &property_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape license_shape = {
    .fields = license_fields, .closed = 1, .check = check_license};

/* A licence or an expression, not both. */
static void check_license_choice(struct cret_shape_run *run, const json_t *choice)
{
    const bool license = json_object_get(choice, "license") != NULL;
    const bool expression = json_object_get(choice, "expression") != NULL;
    if (license == expression) {
        cret_shape_fault(run, NULL, "license or expression", license ? "both" : "neither",
                         "an entry of licenses is either a licence or an expression");
    }
}

static const struct cret_shape_field license_choice_fields[] = {
    CRET_SHAPE_ROW(OBJECT, "license", .shape = &license_shape),
    CRET_SHAPE_ROW(STRING, "expression"),
    CRET_SHAPE_ROW(STRING, "acknowledgement", .since = 6, .values = acknowledgements),
    CRET_SHAPE_ROW(STRING, "bom-ref", .since = 5),
    CRET_SHAPE_ROW(OBJECTS, "expressionDetails", .since = 7),
    CRET_SHAPE_ROW(OBJECT, "licensing", .since = 7),
    CRET_SHAPE_ROW(OBJECTS, "properties", .since = 7, .shape = &property_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape license_choice_shape = {
    .fields = license_choice_fields, .closed = 1, .check = check_license_choice};

/* In 1.5 and 1.6 a list of licenses is either licences only, or one expression. */
static void check_license_list(struct cret_shape_run *run, const json_t *holder)
{
    const json_t *licenses = json_object_get(holder, "licenses");
    size_t expressions = 0;
    CRET_JSON_EACH (choice, licenses) {
        expressions += json_object_get(choice, "expression") != NULL ? 1 : 0;
    }
    if ((run->version == 5 || run->version == 6) && expressions > 0 &&
        json_array_size(licenses) > 1) {
        cret_shape_fault(run, "licenses", "licences only, or exactly one expression",
                         "an expression beside other entries",
                         "this version of the format allows one expression alone");
    }
}

static const struct cret_shape_field contact_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref", .since = 5),
    CRET_SHAPE_ROW(STRING, "name"),
    CRET_SHAPE_ROW(STRING, "email"),
    CRET_SHAPE_ROW(STRING, "phone"),
    CRET_SHAPE_END,
};
static const struct cret_shape contact_shape = {.fields = contact_fields, .closed = 1};

static const struct cret_shape_field entity_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref", .since = 5),
    CRET_SHAPE_ROW(STRING, "name"),
    CRET_SHAPE_ROW(OBJECT, "address", .since = 6),
    CRET_SHAPE_ROW(STRINGS, "url"),
    CRET_SHAPE_ROW(OBJECTS, "contact", .shape = &contact_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape entity_shape = {.fields = entity_fields, .closed = 1};

static const struct cret_shape_field swid_fields[] = {
    CRET_SHAPE_ROW(STRING, "tagId", .required = 1),
    CRET_SHAPE_ROW(STRING, "name", .required = 1),
    CRET_SHAPE_ROW(STRING, "version"),
    CRET_SHAPE_ROW(INTEGER, "tagVersion"),
    CRET_SHAPE_ROW(BOOLEAN, "patch"),
    CRET_SHAPE_ROW(OBJECT, "text", .shape = &attachment_shape),
    CRET_SHAPE_ROW(STRING, "url"),
    CRET_SHAPE_END,
};
static const struct cret_shape swid_shape = {.fields = swid_fields, .closed = 1};

static const struct cret_shape_field diff_fields[] = {
    CRET_SHAPE_ROW(OBJECT, "text", .shape = &attachment_shape),
    CRET_SHAPE_ROW(STRING, "url"),
    CRET_SHAPE_END,
};
static const struct cret_shape diff_shape = {.fields = diff_fields, .closed = 1};

static const struct cret_shape_field issue_fields[] = {
    CRET_SHAPE_ROW(STRING, "type", .required = 1, .values = issue_types),
    CRET_SHAPE_ROW(STRING, "id"),
    CRET_SHAPE_ROW(STRING, "name"),
    CRET_SHAPE_ROW(STRING, "description"),
    CRET_SHAPE_ROW(OBJECT, "source"),
    CRET_SHAPE_ROW(STRINGS, "references"),
    CRET_SHAPE_END,
};
static const struct cret_shape issue_shape = {.fields = issue_fields, .closed = 1};

static const struct cret_shape_field patch_fields[] = {
    CRET_SHAPE_ROW(STRING, "type", .required = 1, .values = patch_types),
    CRET_SHAPE_ROW(OBJECT, "diff", .shape = &diff_shape),
    CRET_SHAPE_ROW(OBJECTS, "resolves", .shape = &issue_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape patch_shape = {.fields = patch_fields, .closed = 1};

static const struct cret_shape_field pedigree_fields[] = {
    CRET_SHAPE_ROW(OBJECTS, "ancestors", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECTS, "descendants", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECTS, "variants", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECTS, "commits"),
    CRET_SHAPE_ROW(OBJECTS, "patches", .shape = &patch_shape),
    CRET_SHAPE_ROW(STRING, "notes"),
    CRET_SHAPE_END,
};
static const struct cret_shape pedigree_shape = {.fields = pedigree_fields, .closed = 1};

static const struct cret_shape_field evidence_fields[] = {
    CRET_SHAPE_ROW(OBJECTS, "licenses", .shape = &license_choice_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape evidence_shape = {.fields = evidence_fields,
                                                 .check = check_license_list};

static const struct cret_shape_field component_fields[] = {
    CRET_SHAPE_ROW(STRING, "type", .required = 1, .values = component_types),
    CRET_SHAPE_ROW(STRING, "mime-type"),
    CRET_SHAPE_ROW(STRING, "bom-ref", .accepts = cret_shape_not_empty,
                   .words = "a reference that is not empty"),
    CRET_SHAPE_ROW(OBJECT, "supplier", .shape = &entity_shape),
    CRET_SHAPE_ROW(OBJECT, "manufacturer", .since = 6, .shape = &entity_shape),
    CRET_SHAPE_ROW(OBJECTS, "authors", .since = 6, .shape = &contact_shape),
    CRET_SHAPE_ROW(STRING, "author"),
    CRET_SHAPE_ROW(STRING, "publisher"),
    CRET_SHAPE_ROW(STRING, "group"),
    CRET_SHAPE_ROW(STRING, "name", .required = 1),
    CRET_SHAPE_ROW(STRING, "version"),
    CRET_SHAPE_ROW(STRING, "versionRange", .since = 7),
    CRET_SHAPE_ROW(BOOLEAN, "isExternal", .since = 7),
    CRET_SHAPE_ROW(STRING, "description"),
    CRET_SHAPE_ROW(STRING, "scope", .values = scopes),
    CRET_SHAPE_ROW(OBJECTS, "hashes", .shape = &hash_shape),
    CRET_SHAPE_ROW(OBJECTS, "licenses", .shape = &license_choice_shape),
    CRET_SHAPE_ROW(STRING, "copyright"),
    CRET_SHAPE_ROW(ANY, "patentAssertions", .since = 7),
    CRET_SHAPE_ROW(STRING, "cpe"),
    CRET_SHAPE_ROW(STRING, "purl"),
    CRET_SHAPE_ROW(STRINGS, "omniborId", .since = 6),
    CRET_SHAPE_ROW(STRINGS, "swhid", .since = 6),
    CRET_SHAPE_ROW(OBJECT, "swid", .shape = &swid_shape),
    CRET_SHAPE_ROW(BOOLEAN, "modified"),
    CRET_SHAPE_ROW(OBJECT, "pedigree", .shape = &pedigree_shape),
    CRET_SHAPE_ROW(OBJECTS, "externalReferences", .shape = &external_reference_shape),
    CRET_SHAPE_ROW(OBJECTS, "components", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECT, "evidence", .shape = &evidence_shape),
    CRET_SHAPE_ROW(OBJECT, "releaseNotes"),
    CRET_SHAPE_ROW(OBJECT, "modelCard", .since = 5),
    CRET_SHAPE_ROW(OBJECTS, "data", .since = 5),
    CRET_SHAPE_ROW(OBJECT, "cryptoProperties", .since = 6),
    CRET_SHAPE_ROW(OBJECTS, "properties", .shape = &property_shape),
    CRET_SHAPE_ROW(STRINGS, "tags", .since = 6),
    CRET_SHAPE_ROW(OBJECT, "signature"),
    CRET_SHAPE_END,
};

/* A version or a range of versions, and a range only of what is not part of the product. */
static void check_component(struct cret_shape_run *run, const json_t *component)
{
    check_license_list(run, component);
    if (json_object_get(component, "versionRange") == NULL) {
        return;
    }
    if (json_object_get(component, "version") != NULL) {
        cret_shape_fault(run, "versionRange", "version, or versionRange", "both",
                         "a component has either a version or a range of versions");
    }
    if (!json_is_true(json_object_get(component, "isExternal"))) {
        cret_shape_fault(run, "versionRange", "isExternal: true beside it", "not external",
                         "a component that is part of the product has a version, not a range");
    }
}

static const struct cret_shape component_shape = {
    .fields = component_fields, .closed = 1, .check = check_component};

static const struct cret_shape_field service_data_fields[] = {
    CRET_SHAPE_ROW(STRING, "flow", .required = 1, .values = data_flows),
    CRET_SHAPE_ROW(STRING, "classification", .required = 1),
    CRET_SHAPE_END,
};
static const struct cret_shape service_data_shape = {.fields = service_data_fields};

static const struct cret_shape_field service_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref"),
    CRET_SHAPE_ROW(OBJECT, "provider", .shape = &entity_shape),
    CRET_SHAPE_ROW(STRING, "group"),
    CRET_SHAPE_ROW(STRING, "name", .required = 1),
    CRET_SHAPE_ROW(STRING, "version"),
    CRET_SHAPE_ROW(STRING, "description"),
    CRET_SHAPE_ROW(STRINGS, "endpoints"),
    CRET_SHAPE_ROW(BOOLEAN, "authenticated"),
    CRET_SHAPE_ROW(BOOLEAN, "x-trust-boundary"),
    CRET_SHAPE_ROW(STRING, "trustZone", .since = 5),
    CRET_SHAPE_ROW(OBJECTS, "data", .shape = &service_data_shape),
    CRET_SHAPE_ROW(OBJECTS, "licenses", .shape = &license_choice_shape),
    CRET_SHAPE_ROW(ANY, "patentAssertions", .since = 7),
    CRET_SHAPE_ROW(OBJECTS, "externalReferences", .shape = &external_reference_shape),
    CRET_SHAPE_ROW(OBJECTS, "services", .shape = &service_shape),
    CRET_SHAPE_ROW(OBJECT, "releaseNotes"),
    CRET_SHAPE_ROW(OBJECTS, "properties", .shape = &property_shape),
    CRET_SHAPE_ROW(STRINGS, "tags", .since = 6),
    CRET_SHAPE_ROW(OBJECT, "signature"),
    CRET_SHAPE_END,
};
static const struct cret_shape service_shape = {
    .fields = service_fields, .closed = 1, .check = check_license_list};

static const struct cret_shape_field tool_fields[] = {
    CRET_SHAPE_ROW(STRING, "vendor"),
    CRET_SHAPE_ROW(STRING, "name"),
    CRET_SHAPE_ROW(STRING, "version"),
    CRET_SHAPE_ROW(OBJECTS, "hashes", .shape = &hash_shape),
    CRET_SHAPE_ROW(OBJECTS, "externalReferences", .shape = &external_reference_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape tool_shape = {.fields = tool_fields, .closed = 1};

static const struct cret_shape_field tools_fields[] = {
    CRET_SHAPE_ROW(OBJECTS, "components", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECTS, "services", .shape = &service_shape),
    CRET_SHAPE_END,
};
static const struct cret_shape tools_shape = {.fields = tools_fields, .closed = 1};

/* tools is an array of tools, or since 1.5 an object of components and services. */
static void check_metadata(struct cret_shape_run *run, const json_t *metadata)
{
    const json_t *tools = json_object_get(metadata, "tools");
    const size_t mark = cret_json_enter(&run->at, "tools");
    if (json_is_array(tools)) {
        cret_shape_objects(run, &tool_shape, tools);
    } else if (json_is_object(tools) && run->version >= 5) {
        cret_shape_object(run, &tools_shape, tools);
    } else if (tools != NULL) {
        cret_shape_fault(run, NULL, "an array of tools", NULL, "tools is of the wrong type");
    }
    cret_json_leave(&run->at, mark);
    check_license_list(run, metadata);
}

static const struct cret_shape_field metadata_fields[] = {
    CRET_SHAPE_ROW(STRING, "timestamp", .accepts = cret_time_is_date_time,
                   .words = "a date and time, RFC 3339"),
    CRET_SHAPE_ROW(OBJECTS, "lifecycles", .since = 5),
    CRET_SHAPE_ROW(ANY, "tools"),
    CRET_SHAPE_ROW(OBJECT, "manufacturer", .since = 6, .shape = &entity_shape),
    CRET_SHAPE_ROW(OBJECTS, "authors", .shape = &contact_shape),
    CRET_SHAPE_ROW(OBJECT, "component", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECT, "manufacture", .shape = &entity_shape),
    CRET_SHAPE_ROW(OBJECT, "supplier", .shape = &entity_shape),
    CRET_SHAPE_ROW(OBJECTS, "licenses", .shape = &license_choice_shape),
    CRET_SHAPE_ROW(OBJECTS, "properties", .shape = &property_shape),
    CRET_SHAPE_ROW(OBJECT, "distributionConstraints", .since = 7),
    CRET_SHAPE_END,
};
static const struct cret_shape metadata_shape = {
    .fields = metadata_fields, .closed = 1, .check = check_metadata};

static const struct cret_shape_field dependency_fields[] = {
    CRET_SHAPE_ROW(STRING, "ref", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "a reference that is not empty"),
    CRET_SHAPE_ROW(STRINGS, "dependsOn", .accepts = cret_shape_not_empty,
                   .words = "references that are not empty"),
    CRET_SHAPE_ROW(STRINGS, "provides", .since = 6, .accepts = cret_shape_not_empty,
                   .words = "references that are not empty"),
    CRET_SHAPE_END,
};
static const struct cret_shape dependency_shape = {.fields = dependency_fields, .closed = 1};

static const struct cret_shape_field composition_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref", .since = 5),
    CRET_SHAPE_ROW(STRING, "aggregate", .required = 1, .values = aggregates),
    CRET_SHAPE_ROW(STRINGS, "assemblies"),
    CRET_SHAPE_ROW(STRINGS, "dependencies"),
    CRET_SHAPE_ROW(STRINGS, "vulnerabilities", .since = 5),
    CRET_SHAPE_ROW(OBJECT, "signature"),
    CRET_SHAPE_END,
};
static const struct cret_shape composition_shape = {.fields = composition_fields, .closed = 1};

static const struct cret_shape_field citation_fields[] = {
    CRET_SHAPE_ROW(STRING, "bom-ref"),
    CRET_SHAPE_ROW(STRINGS, "pointers"),
    CRET_SHAPE_ROW(STRINGS, "expressions"),
    CRET_SHAPE_ROW(STRING, "timestamp", .required = 7, .accepts = cret_time_is_date_time,
                   .words = "a date and time, RFC 3339"),
    CRET_SHAPE_ROW(STRING, "attributedTo"),
    CRET_SHAPE_ROW(STRING, "process"),
    CRET_SHAPE_ROW(STRING, "note"),
    CRET_SHAPE_ROW(OBJECT, "signature"),
    CRET_SHAPE_END,
};

/* What it is about, in one of two ways, and who or what said it. */
static void check_citation(struct cret_shape_run *run, const json_t *citation)
{
    const json_t *pointers = json_object_get(citation, "pointers");
    const json_t *expressions = json_object_get(citation, "expressions");
    if ((pointers != NULL) == (expressions != NULL)) {
        cret_shape_fault(run, NULL, "pointers or expressions",
                         pointers != NULL ? "both" : "neither",
                         "a citation has either pointers or expressions");
    } else if (json_array_size(pointers != NULL ? pointers : expressions) == 0) {
        cret_shape_fault(run, pointers != NULL ? "pointers" : "expressions", "at least one", "none",
                         "a citation is about something");
    }
    if (json_object_get(citation, "attributedTo") == NULL &&
        json_object_get(citation, "process") == NULL) {
        cret_shape_fault(run, NULL, "attributedTo or process", "neither",
                         "a citation says who or what it comes from");
    }
}
static const struct cret_shape citation_shape = {
    .fields = citation_fields, .closed = 7, .check = check_citation};

/* version counts from 1; it was required when 1.4 came out, and has the default 1 since. */
static void check_bom(struct cret_shape_run *run, const json_t *bom)
{
    const json_t *version = json_object_get(bom, "version");
    if (version == NULL && run->version == 4) {
        cret_shape_warn(
            run, "version", "1 in a first revision", "absent",
            "the BOM has no version: it counts as 1, and other readers of 1.4 refuse it");
    } else if (run->version >= 5 && json_is_number(version) && json_number_value(version) < 1) {
        cret_shape_fault(run, "version", "1 or more", NULL, "the version of the BOM is below 1");
    }
}

static const struct cret_shape_field bom_fields[] = {
    CRET_SHAPE_ROW(STRING, "$schema"),
    CRET_SHAPE_ROW(STRING, "bomFormat", .required = 1, .values = bom_formats),
    CRET_SHAPE_ROW(STRING, "specVersion", .required = 1),
    CRET_SHAPE_ROW(STRING, "serialNumber", .accepts = is_serial_number,
                   .words = "urn:uuid: and a UUID in lower case"),
    CRET_SHAPE_ROW(INTEGER, "version"),
    CRET_SHAPE_ROW(OBJECT, "metadata", .shape = &metadata_shape),
    CRET_SHAPE_ROW(OBJECTS, "components", .shape = &component_shape),
    CRET_SHAPE_ROW(OBJECTS, "services", .shape = &service_shape),
    CRET_SHAPE_ROW(OBJECTS, "externalReferences", .shape = &external_reference_shape),
    CRET_SHAPE_ROW(OBJECTS, "dependencies", .shape = &dependency_shape),
    CRET_SHAPE_ROW(OBJECTS, "compositions", .shape = &composition_shape),
    CRET_SHAPE_ROW(OBJECTS, "vulnerabilities"),
    CRET_SHAPE_ROW(OBJECTS, "annotations", .since = 5),
    CRET_SHAPE_ROW(OBJECTS, "formulation", .since = 5),
    CRET_SHAPE_ROW(OBJECT, "declarations", .since = 6),
    CRET_SHAPE_ROW(OBJECT, "definitions", .since = 6),
    CRET_SHAPE_ROW(OBJECTS, "citations", .since = 7, .shape = &citation_shape),
    CRET_SHAPE_ROW(OBJECTS, "properties", .since = 5, .shape = &property_shape),
    CRET_SHAPE_ROW(OBJECT, "signature"),
    CRET_SHAPE_END,
};
const struct cret_shape cret_cyclonedx_shape = {
    .fields = bom_fields, .closed = 1, .check = check_bom};
