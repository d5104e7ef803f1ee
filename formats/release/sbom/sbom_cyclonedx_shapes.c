/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX 1.4 to 1.7 JSON: structure, as in the specification's bom-1.x.schema.json. */
#include <string.h>

#include "base/text/json.h"
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
    {.name = "name", .kind = CRET_SHAPE_STRING, .required = 6},
    {.name = "value", .kind = CRET_SHAPE_STRING},
    {.name = NULL},
};
static const struct cret_shape property_shape = {.fields = property_fields, .closed = 6};

static const struct cret_shape_field attachment_fields[] = {
    {.name = "contentType", .kind = CRET_SHAPE_STRING},
    {.name = "encoding", .kind = CRET_SHAPE_STRING, .values = encodings},
    {.name = "content", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = NULL},
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
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
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
    {.name = "alg", .kind = CRET_SHAPE_STRING, .required = 1, .values = hash_algorithms},
    {.name = "content", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = NULL},
};
static const struct cret_shape hash_shape = {
    .fields = hash_fields, .closed = 1, .check = check_hash};

static const struct cret_shape_field external_reference_fields[] = {
    {.name = "url", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "comment", .kind = CRET_SHAPE_STRING},
    {.name = "type",
     .kind = CRET_SHAPE_STRING,
     .required = 1,
     .accepts = cret_shape_not_empty,
     .words = "a type of reference"},
    {.name = "hashes", .kind = CRET_SHAPE_OBJECTS, .shape = &hash_shape},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .since = 7, .shape = &property_shape},
    {.name = NULL},
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
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "id",
     .kind = CRET_SHAPE_STRING,
     .accepts = cret_license_known,
     .words = "an id of the SPDX licence list " CRET_LICENSES_VERSION},
    {.name = "name", .kind = CRET_SHAPE_STRING},
    {.name = "acknowledgement", .kind = CRET_SHAPE_STRING, .since = 6, .values = acknowledgements},
    {.name = "text", .kind = CRET_SHAPE_OBJECT, .shape = &attachment_shape},
    {.name = "url", .kind = CRET_SHAPE_STRING},
    {.name = "licensing", .kind = CRET_SHAPE_OBJECT, .since = 5},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .since = 5, .shape = &property_shape},
    {.name = NULL},
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
    {.name = "license", .kind = CRET_SHAPE_OBJECT, .shape = &license_shape},
    {.name = "expression", .kind = CRET_SHAPE_STRING},
    {.name = "acknowledgement", .kind = CRET_SHAPE_STRING, .since = 6, .values = acknowledgements},
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "expressionDetails", .kind = CRET_SHAPE_OBJECTS, .since = 7},
    {.name = "licensing", .kind = CRET_SHAPE_OBJECT, .since = 7},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .since = 7, .shape = &property_shape},
    {.name = NULL},
};
static const struct cret_shape license_choice_shape = {
    .fields = license_choice_fields, .closed = 1, .check = check_license_choice};

/* In 1.5 and 1.6 a list of licenses is either licences only, or one expression. */
static void check_license_list(struct cret_shape_run *run, const json_t *holder)
{
    const json_t *licenses = json_object_get(holder, "licenses");
    size_t index, expressions = 0;
    json_t *choice;
    json_array_foreach(licenses, index, choice)
    {
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
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "name", .kind = CRET_SHAPE_STRING},
    {.name = "email", .kind = CRET_SHAPE_STRING},
    {.name = "phone", .kind = CRET_SHAPE_STRING},
    {.name = NULL},
};
static const struct cret_shape contact_shape = {.fields = contact_fields, .closed = 1};

static const struct cret_shape_field entity_fields[] = {
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "name", .kind = CRET_SHAPE_STRING},
    {.name = "address", .kind = CRET_SHAPE_OBJECT, .since = 6},
    {.name = "url", .kind = CRET_SHAPE_STRINGS},
    {.name = "contact", .kind = CRET_SHAPE_OBJECTS, .shape = &contact_shape},
    {.name = NULL},
};
static const struct cret_shape entity_shape = {.fields = entity_fields, .closed = 1};

static const struct cret_shape_field swid_fields[] = {
    {.name = "tagId", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "name", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "version", .kind = CRET_SHAPE_STRING},
    {.name = "tagVersion", .kind = CRET_SHAPE_INTEGER},
    {.name = "patch", .kind = CRET_SHAPE_BOOLEAN},
    {.name = "text", .kind = CRET_SHAPE_OBJECT, .shape = &attachment_shape},
    {.name = "url", .kind = CRET_SHAPE_STRING},
    {.name = NULL},
};
static const struct cret_shape swid_shape = {.fields = swid_fields, .closed = 1};

static const struct cret_shape_field diff_fields[] = {
    {.name = "text", .kind = CRET_SHAPE_OBJECT, .shape = &attachment_shape},
    {.name = "url", .kind = CRET_SHAPE_STRING},
    {.name = NULL},
};
static const struct cret_shape diff_shape = {.fields = diff_fields, .closed = 1};

static const struct cret_shape_field issue_fields[] = {
    {.name = "type", .kind = CRET_SHAPE_STRING, .required = 1, .values = issue_types},
    {.name = "id", .kind = CRET_SHAPE_STRING},
    {.name = "name", .kind = CRET_SHAPE_STRING},
    {.name = "description", .kind = CRET_SHAPE_STRING},
    {.name = "source", .kind = CRET_SHAPE_OBJECT},
    {.name = "references", .kind = CRET_SHAPE_STRINGS},
    {.name = NULL},
};
static const struct cret_shape issue_shape = {.fields = issue_fields, .closed = 1};

static const struct cret_shape_field patch_fields[] = {
    {.name = "type", .kind = CRET_SHAPE_STRING, .required = 1, .values = patch_types},
    {.name = "diff", .kind = CRET_SHAPE_OBJECT, .shape = &diff_shape},
    {.name = "resolves", .kind = CRET_SHAPE_OBJECTS, .shape = &issue_shape},
    {.name = NULL},
};
static const struct cret_shape patch_shape = {.fields = patch_fields, .closed = 1};

static const struct cret_shape_field pedigree_fields[] = {
    {.name = "ancestors", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "descendants", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "variants", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "commits", .kind = CRET_SHAPE_OBJECTS},
    {.name = "patches", .kind = CRET_SHAPE_OBJECTS, .shape = &patch_shape},
    {.name = "notes", .kind = CRET_SHAPE_STRING},
    {.name = NULL},
};
static const struct cret_shape pedigree_shape = {.fields = pedigree_fields, .closed = 1};

static const struct cret_shape_field evidence_fields[] = {
    {.name = "licenses", .kind = CRET_SHAPE_OBJECTS, .shape = &license_choice_shape},
    {.name = NULL},
};
static const struct cret_shape evidence_shape = {.fields = evidence_fields,
                                                 .check = check_license_list};

static const struct cret_shape_field component_fields[] = {
    {.name = "type", .kind = CRET_SHAPE_STRING, .required = 1, .values = component_types},
    {.name = "mime-type", .kind = CRET_SHAPE_STRING},
    {.name = "bom-ref",
     .kind = CRET_SHAPE_STRING,
     .accepts = cret_shape_not_empty,
     .words = "a reference that is not empty"},
    {.name = "supplier", .kind = CRET_SHAPE_OBJECT, .shape = &entity_shape},
    {.name = "manufacturer", .kind = CRET_SHAPE_OBJECT, .since = 6, .shape = &entity_shape},
    {.name = "authors", .kind = CRET_SHAPE_OBJECTS, .since = 6, .shape = &contact_shape},
    {.name = "author", .kind = CRET_SHAPE_STRING},
    {.name = "publisher", .kind = CRET_SHAPE_STRING},
    {.name = "group", .kind = CRET_SHAPE_STRING},
    {.name = "name", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "version", .kind = CRET_SHAPE_STRING},
    {.name = "versionRange", .kind = CRET_SHAPE_STRING, .since = 7},
    {.name = "isExternal", .kind = CRET_SHAPE_BOOLEAN, .since = 7},
    {.name = "description", .kind = CRET_SHAPE_STRING},
    {.name = "scope", .kind = CRET_SHAPE_STRING, .values = scopes},
    {.name = "hashes", .kind = CRET_SHAPE_OBJECTS, .shape = &hash_shape},
    {.name = "licenses", .kind = CRET_SHAPE_OBJECTS, .shape = &license_choice_shape},
    {.name = "copyright", .kind = CRET_SHAPE_STRING},
    {.name = "patentAssertions", .kind = CRET_SHAPE_ANY, .since = 7},
    {.name = "cpe", .kind = CRET_SHAPE_STRING},
    {.name = "purl", .kind = CRET_SHAPE_STRING},
    {.name = "omniborId", .kind = CRET_SHAPE_STRINGS, .since = 6},
    {.name = "swhid", .kind = CRET_SHAPE_STRINGS, .since = 6},
    {.name = "swid", .kind = CRET_SHAPE_OBJECT, .shape = &swid_shape},
    {.name = "modified", .kind = CRET_SHAPE_BOOLEAN},
    {.name = "pedigree", .kind = CRET_SHAPE_OBJECT, .shape = &pedigree_shape},
    {.name = "externalReferences", .kind = CRET_SHAPE_OBJECTS, .shape = &external_reference_shape},
    {.name = "components", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "evidence", .kind = CRET_SHAPE_OBJECT, .shape = &evidence_shape},
    {.name = "releaseNotes", .kind = CRET_SHAPE_OBJECT},
    {.name = "modelCard", .kind = CRET_SHAPE_OBJECT, .since = 5},
    {.name = "data", .kind = CRET_SHAPE_OBJECTS, .since = 5},
    {.name = "cryptoProperties", .kind = CRET_SHAPE_OBJECT, .since = 6},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .shape = &property_shape},
    {.name = "tags", .kind = CRET_SHAPE_STRINGS, .since = 6},
    {.name = "signature", .kind = CRET_SHAPE_OBJECT},
    {.name = NULL},
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
    {.name = "flow", .kind = CRET_SHAPE_STRING, .required = 1, .values = data_flows},
    {.name = "classification", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = NULL},
};
static const struct cret_shape service_data_shape = {.fields = service_data_fields};

static const struct cret_shape_field service_fields[] = {
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING},
    {.name = "provider", .kind = CRET_SHAPE_OBJECT, .shape = &entity_shape},
    {.name = "group", .kind = CRET_SHAPE_STRING},
    {.name = "name", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "version", .kind = CRET_SHAPE_STRING},
    {.name = "description", .kind = CRET_SHAPE_STRING},
    {.name = "endpoints", .kind = CRET_SHAPE_STRINGS},
    {.name = "authenticated", .kind = CRET_SHAPE_BOOLEAN},
    {.name = "x-trust-boundary", .kind = CRET_SHAPE_BOOLEAN},
    {.name = "trustZone", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "data", .kind = CRET_SHAPE_OBJECTS, .shape = &service_data_shape},
    {.name = "licenses", .kind = CRET_SHAPE_OBJECTS, .shape = &license_choice_shape},
    {.name = "patentAssertions", .kind = CRET_SHAPE_ANY, .since = 7},
    {.name = "externalReferences", .kind = CRET_SHAPE_OBJECTS, .shape = &external_reference_shape},
    {.name = "services", .kind = CRET_SHAPE_OBJECTS, .shape = &service_shape},
    {.name = "releaseNotes", .kind = CRET_SHAPE_OBJECT},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .shape = &property_shape},
    {.name = "tags", .kind = CRET_SHAPE_STRINGS, .since = 6},
    {.name = "signature", .kind = CRET_SHAPE_OBJECT},
    {.name = NULL},
};
static const struct cret_shape service_shape = {
    .fields = service_fields, .closed = 1, .check = check_license_list};

static const struct cret_shape_field tool_fields[] = {
    {.name = "vendor", .kind = CRET_SHAPE_STRING},
    {.name = "name", .kind = CRET_SHAPE_STRING},
    {.name = "version", .kind = CRET_SHAPE_STRING},
    {.name = "hashes", .kind = CRET_SHAPE_OBJECTS, .shape = &hash_shape},
    {.name = "externalReferences", .kind = CRET_SHAPE_OBJECTS, .shape = &external_reference_shape},
    {.name = NULL},
};
static const struct cret_shape tool_shape = {.fields = tool_fields, .closed = 1};

static const struct cret_shape_field tools_fields[] = {
    {.name = "components", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "services", .kind = CRET_SHAPE_OBJECTS, .shape = &service_shape},
    {.name = NULL},
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
    {.name = "timestamp",
     .kind = CRET_SHAPE_STRING,
     .accepts = cret_shape_date_time,
     .words = "a date and time, RFC 3339"},
    {.name = "lifecycles", .kind = CRET_SHAPE_OBJECTS, .since = 5},
    {.name = "tools", .kind = CRET_SHAPE_ANY},
    {.name = "manufacturer", .kind = CRET_SHAPE_OBJECT, .since = 6, .shape = &entity_shape},
    {.name = "authors", .kind = CRET_SHAPE_OBJECTS, .shape = &contact_shape},
    {.name = "component", .kind = CRET_SHAPE_OBJECT, .shape = &component_shape},
    {.name = "manufacture", .kind = CRET_SHAPE_OBJECT, .shape = &entity_shape},
    {.name = "supplier", .kind = CRET_SHAPE_OBJECT, .shape = &entity_shape},
    {.name = "licenses", .kind = CRET_SHAPE_OBJECTS, .shape = &license_choice_shape},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .shape = &property_shape},
    {.name = "distributionConstraints", .kind = CRET_SHAPE_OBJECT, .since = 7},
    {.name = NULL},
};
static const struct cret_shape metadata_shape = {
    .fields = metadata_fields, .closed = 1, .check = check_metadata};

static const struct cret_shape_field dependency_fields[] = {
    {.name = "ref",
     .kind = CRET_SHAPE_STRING,
     .required = 1,
     .accepts = cret_shape_not_empty,
     .words = "a reference that is not empty"},
    {.name = "dependsOn",
     .kind = CRET_SHAPE_STRINGS,
     .accepts = cret_shape_not_empty,
     .words = "references that are not empty"},
    {.name = "provides",
     .kind = CRET_SHAPE_STRINGS,
     .since = 6,
     .accepts = cret_shape_not_empty,
     .words = "references that are not empty"},
    {.name = NULL},
};
static const struct cret_shape dependency_shape = {.fields = dependency_fields, .closed = 1};

static const struct cret_shape_field composition_fields[] = {
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING, .since = 5},
    {.name = "aggregate", .kind = CRET_SHAPE_STRING, .required = 1, .values = aggregates},
    {.name = "assemblies", .kind = CRET_SHAPE_STRINGS},
    {.name = "dependencies", .kind = CRET_SHAPE_STRINGS},
    {.name = "vulnerabilities", .kind = CRET_SHAPE_STRINGS, .since = 5},
    {.name = "signature", .kind = CRET_SHAPE_OBJECT},
    {.name = NULL},
};
static const struct cret_shape composition_shape = {.fields = composition_fields, .closed = 1};

static const struct cret_shape_field citation_fields[] = {
    {.name = "bom-ref", .kind = CRET_SHAPE_STRING},
    {.name = "pointers", .kind = CRET_SHAPE_STRINGS},
    {.name = "expressions", .kind = CRET_SHAPE_STRINGS},
    {.name = "timestamp",
     .kind = CRET_SHAPE_STRING,
     .required = 7,
     .accepts = cret_shape_date_time,
     .words = "a date and time, RFC 3339"},
    {.name = "attributedTo", .kind = CRET_SHAPE_STRING},
    {.name = "process", .kind = CRET_SHAPE_STRING},
    {.name = "note", .kind = CRET_SHAPE_STRING},
    {.name = "signature", .kind = CRET_SHAPE_OBJECT},
    {.name = NULL},
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
    {.name = "$schema", .kind = CRET_SHAPE_STRING},
    {.name = "bomFormat", .kind = CRET_SHAPE_STRING, .required = 1, .values = bom_formats},
    {.name = "specVersion", .kind = CRET_SHAPE_STRING, .required = 1},
    {.name = "serialNumber",
     .kind = CRET_SHAPE_STRING,
     .accepts = is_serial_number,
     .words = "urn:uuid: and a UUID in lower case"},
    {.name = "version", .kind = CRET_SHAPE_INTEGER},
    {.name = "metadata", .kind = CRET_SHAPE_OBJECT, .shape = &metadata_shape},
    {.name = "components", .kind = CRET_SHAPE_OBJECTS, .shape = &component_shape},
    {.name = "services", .kind = CRET_SHAPE_OBJECTS, .shape = &service_shape},
    {.name = "externalReferences", .kind = CRET_SHAPE_OBJECTS, .shape = &external_reference_shape},
    {.name = "dependencies", .kind = CRET_SHAPE_OBJECTS, .shape = &dependency_shape},
    {.name = "compositions", .kind = CRET_SHAPE_OBJECTS, .shape = &composition_shape},
    {.name = "vulnerabilities", .kind = CRET_SHAPE_OBJECTS},
    {.name = "annotations", .kind = CRET_SHAPE_OBJECTS, .since = 5},
    {.name = "formulation", .kind = CRET_SHAPE_OBJECTS, .since = 5},
    {.name = "declarations", .kind = CRET_SHAPE_OBJECT, .since = 6},
    {.name = "definitions", .kind = CRET_SHAPE_OBJECT, .since = 6},
    {.name = "citations", .kind = CRET_SHAPE_OBJECTS, .since = 7, .shape = &citation_shape},
    {.name = "properties", .kind = CRET_SHAPE_OBJECTS, .since = 5, .shape = &property_shape},
    {.name = "signature", .kind = CRET_SHAPE_OBJECT},
    {.name = NULL},
};
const struct cret_shape cret_cyclonedx_shape = {
    .fields = bom_fields, .closed = 1, .check = check_bom};
