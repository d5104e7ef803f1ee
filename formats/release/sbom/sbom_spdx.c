/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 2.2 and 2.3 JSON: structure as in the specification's JSON schema, and its packages. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/time.h"
#include "release/sbom/sbom_internal.h"

#define DOCUMENT_ID "SPDXRef-DOCUMENT"

static const struct cret_shape_value data_licenses[] = {{"CC0-1.0", 0}, {NULL, 0}};
static const struct cret_shape_value document_ids[] = {{DOCUMENT_ID, 0}, {NULL, 0}};

static const struct cret_shape_value checksum_algorithms[] = {
    {"SHA1", 0},        {"SHA224", 0},   {"SHA256", 0},   {"SHA384", 0},      {"SHA512", 0},
    {"SHA3-256", 0},    {"SHA3-384", 0}, {"SHA3-512", 0}, {"BLAKE2b-256", 0}, {"BLAKE2b-384", 0},
    {"BLAKE2b-512", 0}, {"BLAKE3", 0},   {"MD2", 0},      {"MD4", 0},         {"MD5", 0},
    {"MD6", 0},         {"ADLER32", 0},  {NULL, 0}};

/* The underscore forms are those of 2.2; tools write them in 2.3 too. */
static const struct cret_shape_value reference_categories[] = {{"SECURITY", 0},
                                                               {"PACKAGE-MANAGER", 0},
                                                               {"PACKAGE_MANAGER", 0},
                                                               {"PERSISTENT-ID", 0},
                                                               {"PERSISTENT_ID", 0},
                                                               {"OTHER", 0},
                                                               {NULL, 0}};

static const struct cret_shape_value relationship_types[] = {
    {"DESCRIBES", 0},
    {"DESCRIBED_BY", 0},
    {"CONTAINS", 0},
    {"CONTAINED_BY", 0},
    {"DEPENDS_ON", 0},
    {"DEPENDENCY_OF", 0},
    {"DEPENDENCY_MANIFEST_OF", 0},
    {"BUILD_DEPENDENCY_OF", 0},
    {"DEV_DEPENDENCY_OF", 0},
    {"OPTIONAL_DEPENDENCY_OF", 0},
    {"PROVIDED_DEPENDENCY_OF", 0},
    {"TEST_DEPENDENCY_OF", 0},
    {"RUNTIME_DEPENDENCY_OF", 0},
    {"EXAMPLE_OF", 0},
    {"GENERATES", 0},
    {"GENERATED_FROM", 0},
    {"ANCESTOR_OF", 0},
    {"DESCENDANT_OF", 0},
    {"VARIANT_OF", 0},
    {"DISTRIBUTION_ARTIFACT", 0},
    {"PATCH_FOR", 0},
    {"PATCH_APPLIED", 0},
    {"COPY_OF", 0},
    {"FILE_ADDED", 0},
    {"FILE_DELETED", 0},
    {"FILE_MODIFIED", 0},
    {"EXPANDED_FROM_ARCHIVE", 0},
    {"DYNAMIC_LINK", 0},
    {"STATIC_LINK", 0},
    {"DATA_FILE_OF", 0},
    {"TEST_CASE_OF", 0},
    {"BUILD_TOOL_OF", 0},
    {"DEV_TOOL_OF", 0},
    {"TEST_OF", 0},
    {"TEST_TOOL_OF", 0},
    {"DOCUMENTATION_OF", 0},
    {"OPTIONAL_COMPONENT_OF", 0},
    {"METAFILE_OF", 0},
    {"PACKAGE_OF", 0},
    {"AMENDS", 0},
    {"PREREQUISITE_FOR", 0},
    {"HAS_PREREQUISITE", 0},
    {"REQUIREMENT_DESCRIPTION_FOR", 0},
    {"SPECIFICATION_FOR", 0},
    {"OTHER", 0},
    {NULL, 0},
};

static bool is_element_id(const char *text)
{
    return strncmp(text, "SPDXRef-", 8) == 0 && text[8] != '\0' && strpbrk(text, " \t\r\n") == NULL;
}

static bool is_creator(const char *text)
{
    return strncmp(text, "Tool: ", 6) == 0 || strncmp(text, "Organization: ", 14) == 0 ||
           strncmp(text, "Person: ", 8) == 0;
}

static void check_checksum(struct cret_shape_run *run, const json_t *checksum)
{
    static const struct {
        const char *algorithm;
        size_t digits;
    } lengths[] = {
        {"SHA1", 40},        {"SHA224", 56},      {"SHA256", 64},       {"SHA384", 96},
        {"SHA512", 128},     {"SHA3-256", 64},    {"SHA3-384", 96},     {"SHA3-512", 128},
        {"BLAKE2b-256", 64}, {"BLAKE2b-384", 96}, {"BLAKE2b-512", 128}, {"MD2", 32},
        {"MD4", 32},         {"MD5", 32},         {"ADLER32", 8},
    };
    const char *algorithm = cret_json_string(checksum, "algorithm");
    const char *value = cret_json_string(checksum, "checksumValue");
    for (size_t i = 0; algorithm != NULL && value != NULL && i < CRET_LENGTH(lengths); i++) {
        if (strcmp(algorithm, lengths[i].algorithm) == 0 &&
            !cret_shape_hex(value, lengths[i].digits)) {
            cret_shape_fault(run, "checksumValue", "the hex digits of the algorithm's digest",
                             value, "the checksum is no %s digest", algorithm);
        }
    }
}

static const struct cret_shape_field checksum_fields[] = {
    CRET_SHAPE_ROW(STRING, "algorithm", .required = 1, .values = checksum_algorithms),
    CRET_SHAPE_ROW(STRING, "checksumValue", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "hex digits"),
    CRET_SHAPE_END,
};
static const struct cret_shape checksum_shape = {
    .fields = checksum_fields, .closed = 1, .check = check_checksum};

static const struct cret_shape_field external_ref_fields[] = {
    CRET_SHAPE_ROW(STRING, "referenceCategory", .required = 1, .values = reference_categories),
    CRET_SHAPE_ROW(STRING, "referenceType", .required = 1),
    CRET_SHAPE_ROW(STRING, "referenceLocator", .required = 1),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_END,
};
static const struct cret_shape external_ref_shape = {.fields = external_ref_fields, .warns = true};

static const struct cret_shape_field package_fields[] = {
    CRET_SHAPE_ROW(STRING, "SPDXID", .required = 1, .accepts = is_element_id,
                   .words = "SPDXRef- and an identifier"),
    CRET_SHAPE_ROW(STRING, "name", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "a name"),
    CRET_SHAPE_ROW(STRING, "downloadLocation", .required = 1),
    CRET_SHAPE_ROW(STRING, "versionInfo"),
    CRET_SHAPE_ROW(STRING, "packageFileName"),
    CRET_SHAPE_ROW(STRING, "supplier"),
    CRET_SHAPE_ROW(STRING, "originator"),
    CRET_SHAPE_ROW(BOOLEAN, "filesAnalyzed"),
    CRET_SHAPE_ROW(OBJECTS, "checksums", .shape = &checksum_shape),
    CRET_SHAPE_ROW(STRING, "licenseConcluded"),
    CRET_SHAPE_ROW(STRING, "licenseDeclared"),
    CRET_SHAPE_ROW(STRING, "copyrightText"),
    CRET_SHAPE_ROW(OBJECTS, "externalRefs", .shape = &external_ref_shape),
    CRET_SHAPE_ROW(STRINGS, "hasFiles"),
    CRET_SHAPE_ROW(STRINGS, "attributionTexts"),
    CRET_SHAPE_ROW(STRING, "primaryPackagePurpose", .since = 3),
    CRET_SHAPE_ROW(OBJECTS, "annotations"),
    CRET_SHAPE_ROW(STRING, "builtDate", .since = 3),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_ROW(STRING, "description"),
    CRET_SHAPE_ROW(STRING, "homepage"),
    CRET_SHAPE_ROW(STRING, "licenseComments"),
    CRET_SHAPE_ROW(STRINGS, "licenseInfoFromFiles"),
    CRET_SHAPE_ROW(OBJECT, "packageVerificationCode"),
    CRET_SHAPE_ROW(STRING, "releaseDate", .since = 3),
    CRET_SHAPE_ROW(STRING, "sourceInfo"),
    CRET_SHAPE_ROW(STRING, "summary"),
    CRET_SHAPE_ROW(STRING, "validUntilDate", .since = 3),
    CRET_SHAPE_END,
};
static const struct cret_shape package_shape = {.fields = package_fields, .warns = true};

static const struct cret_shape_field file_fields[] = {
    CRET_SHAPE_ROW(STRING, "SPDXID", .required = 1, .accepts = is_element_id,
                   .words = "SPDXRef- and an identifier"),
    CRET_SHAPE_ROW(STRING, "fileName", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "a file name"),
    CRET_SHAPE_ROW(OBJECTS, "checksums", .required = 1, .shape = &checksum_shape),
    CRET_SHAPE_ROW(STRINGS, "fileTypes"),
    CRET_SHAPE_ROW(STRING, "licenseConcluded"),
    CRET_SHAPE_ROW(STRINGS, "licenseInfoInFiles"),
    CRET_SHAPE_ROW(STRING, "copyrightText"),
    CRET_SHAPE_ROW(OBJECTS, "annotations"),
    CRET_SHAPE_ROW(OBJECTS, "artifactOfs"),
    CRET_SHAPE_ROW(STRINGS, "attributionTexts"),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_ROW(STRINGS, "fileContributors"),
    CRET_SHAPE_ROW(STRINGS, "fileDependencies"),
    CRET_SHAPE_ROW(STRING, "licenseComments"),
    CRET_SHAPE_ROW(STRING, "noticeText"),
    CRET_SHAPE_END,
};
static const struct cret_shape file_shape = {.fields = file_fields, .warns = true};

static const struct cret_shape_field relationship_fields[] = {
    CRET_SHAPE_ROW(STRING, "spdxElementId", .required = 1),
    CRET_SHAPE_ROW(STRING, "relatedSpdxElement", .required = 1),
    CRET_SHAPE_ROW(STRING, "relationshipType", .required = 1, .values = relationship_types),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_END,
};
static const struct cret_shape relationship_shape = {.fields = relationship_fields, .warns = true};

static void check_creation_info(struct cret_shape_run *run, const json_t *info)
{
    const json_t *creators = json_object_get(info, "creators");
    if (json_is_array(creators) && json_array_size(creators) == 0) {
        cret_shape_fault(run, "creators", "at least one creator", "none", "creators is empty");
    }
}

static const struct cret_shape_field creation_info_fields[] = {
    CRET_SHAPE_ROW(STRING, "created", .required = 1, .accepts = cret_time_is_date_time,
                   .words = "a date and time in UTC, RFC 3339"),
    CRET_SHAPE_ROW(STRINGS, "creators", .required = 1, .accepts = is_creator,
                   .words = "Person: ..., Organization: ..., or Tool: ..."),
    CRET_SHAPE_ROW(STRING, "licenseListVersion"),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_END,
};
static const struct cret_shape creation_info_shape = {
    .fields = creation_info_fields, .closed = 1, .check = check_creation_info};

static const struct cret_shape_field document_fields[] = {
    CRET_SHAPE_ROW(STRING, "$schema"),
    CRET_SHAPE_ROW(STRING, "spdxVersion", .required = 1),
    CRET_SHAPE_ROW(STRING, "SPDXID", .required = 1, .values = document_ids),
    CRET_SHAPE_ROW(STRING, "dataLicense", .required = 1, .values = data_licenses),
    CRET_SHAPE_ROW(STRING, "name", .required = 1),
    CRET_SHAPE_ROW(STRING, "documentNamespace", .required = 1, .accepts = cret_shape_not_empty,
                   .words = "a URI"),
    CRET_SHAPE_ROW(OBJECT, "creationInfo", .required = 1, .shape = &creation_info_shape),
    CRET_SHAPE_ROW(STRINGS, "documentDescribes"),
    CRET_SHAPE_ROW(OBJECTS, "packages", .shape = &package_shape),
    CRET_SHAPE_ROW(OBJECTS, "files", .shape = &file_shape),
    CRET_SHAPE_ROW(OBJECTS, "snippets"),
    CRET_SHAPE_ROW(OBJECTS, "relationships", .shape = &relationship_shape),
    CRET_SHAPE_ROW(OBJECTS, "externalDocumentRefs"),
    CRET_SHAPE_ROW(OBJECTS, "hasExtractedLicensingInfos"),
    CRET_SHAPE_ROW(OBJECTS, "annotations"),
    CRET_SHAPE_ROW(OBJECTS, "revieweds"),
    CRET_SHAPE_ROW(STRING, "comment"),
    CRET_SHAPE_END,
};
static const struct cret_shape document_shape = {.fields = document_fields, .warns = true};

/* The index-th reference of one of two types. */
static const char *locator(const json_t *package, const char *type, const char *other, size_t *at)
{
    const json_t *references = json_object_get(package, "externalRefs");
    while (*at < json_array_size(references)) {
        const json_t *reference = json_array_get(references, (*at)++);
        const char *own = cret_json_string(reference, "referenceType");
        const char *text = cret_json_string(reference, "referenceLocator");
        if (own != NULL && text != NULL && (strcmp(own, type) == 0 || strcmp(own, other) == 0)) {
            return text;
        }
    }
    return NULL;
}

static const char *purl(const json_t *package, size_t *at)
{
    return locator(package, "purl", "purl", at);
}

static const char *cpe(const json_t *package, size_t *at)
{
    return locator(package, "cpe23Type", "cpe22Type", at);
}

static enum cret_status collect_one(struct cret_shape_run *run, const json_t *element,
                                    void *components)
{
    return json_is_object(element) ? cret_sbom_add(components, element, run) : CRET_OK;
}

static bool is_pair(const json_t *relationship, const char *type, const char *from, const char *to)
{
    const char *own = cret_json_string(relationship, "relationshipType");
    const char *document = cret_json_string(relationship, from);
    return own != NULL && document != NULL && cret_json_string(relationship, to) != NULL &&
           strcmp(own, type) == 0 && strcmp(document, DOCUMENT_ID) == 0;
}

/* The ids of what the document describes, in any of the three ways to say so. NULL: memory. */
static json_t *described(const json_t *sbom)
{
    struct cret_build ids = cret_build_object();
    CRET_JSON_EACH (element, json_object_get(sbom, "documentDescribes")) {
        if (json_is_string(element)) {
            cret_build_boolean(&ids, json_string_value(element), true);
        }
    }
    CRET_JSON_EACH (element, json_object_get(sbom, "relationships")) {
        if (is_pair(element, "DESCRIBES", "spdxElementId", "relatedSpdxElement")) {
            cret_build_boolean(&ids, cret_json_string(element, "relatedSpdxElement"), true);
        } else if (is_pair(element, "DESCRIBED_BY", "relatedSpdxElement", "spdxElementId")) {
            cret_build_boolean(&ids, cret_json_string(element, "spdxElementId"), true);
        }
    }
    return cret_build_end(&ids);
}

static enum cret_status collect(struct cret_sbom *document, struct cret_shape_run *run)
{
    struct cret_sbom_components *components = &document->components;
    const json_t *sbom = document->json;
    if (cret_shape_each(run, sbom, "packages", collect_one, components) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t packages = components->count;
    components->packages = packages;
    if (cret_shape_each(run, sbom, "files", collect_one, components) != CRET_OK) {
        return CRET_FAILED;
    }
    json_t *ids = described(sbom);
    if (ids == NULL) {
        return CRET_FAILED;
    }
    if (json_object_size(ids) == 1) {
        const char *id = json_object_iter_key(json_object_iter(ids));
        for (size_t i = 0; i < packages; i++) {
            const char *own = cret_json_string(components->list[i].json, "SPDXID");
            if (own != NULL && strcmp(own, id) == 0) {
                components->root = components->list[i].json;
            }
        }
    } else if (json_object_size(ids) == 0 && document->own_packages == 1) {
        components->root = components->list[0].json; /* Yocto's image describes nothing */
    }
    json_decref(ids);
    return CRET_OK;
}

/* What relationships can lead to. */
struct known {
    json_t *ids;
    bool whole; /* a set: other documents are there too, or nowhere */
};

/* An id of this document, of an external one, or none on purpose. */
static void check_reference(struct cret_shape_run *run, const struct known *known, const char *id,
                            const char *name)
{
    if (id == NULL || json_object_get(known->ids, id) != NULL ||
        (!known->whole && strncmp(id, "DocumentRef-", 12) == 0) || strcmp(id, "NONE") == 0 ||
        strcmp(id, "NOASSERTION") == 0) {
        return;
    }
    cret_shape_fault(run, name, "the SPDXID of something in this document", id,
                     "the reference names what the document does not have");
}

static enum cret_status gather_ids(const struct cret_sbom *document, json_t *known,
                                   struct cret_shape_run *run)
{
    const struct cret_sbom_components *components = &document->components;
    const json_t *sbom = document->json;
    const char *prefix;
    size_t index;
    json_t *snippet;
    int failed = json_object_set_new(known, DOCUMENT_ID, json_true());
    json_object_foreach(document->documents, prefix, snippet)
    {
        char *id = cret_text_printf("%s:%s", prefix, DOCUMENT_ID);
        failed |= id == NULL || json_object_set_new(known, id, json_true()) != 0;
        free(id);
    }
    json_array_foreach(json_object_get(sbom, "snippets"), index, snippet)
    {
        const char *id = cret_json_string(snippet, "SPDXID");
        failed |= id != NULL && json_object_set_new(known, id, json_true()) != 0;
    }
    for (size_t i = 0; i < components->count; i++) {
        const char *id = cret_json_string(components->list[i].json, "SPDXID");
        if (id == NULL) {
            continue;
        }
        if (json_object_get(known, id) != NULL) {
            const size_t mark = cret_json_enter_pointer(&run->at, components->list[i].pointer);
            cret_shape_fault(run, "SPDXID", "an id that no other element has", id,
                             "two elements have the same SPDXID");
            cret_json_leave(&run->at, mark);
        }
        failed |= json_object_set_new(known, id, json_true()) != 0;
    }
    return failed ? CRET_FAILED : CRET_OK;
}

static enum cret_status check_relationship(struct cret_shape_run *run, const json_t *relationship,
                                           void *known)
{
    check_reference(run, known, cret_json_string(relationship, "spdxElementId"), "spdxElementId");
    check_reference(run, known, cret_json_string(relationship, "relatedSpdxElement"),
                    "relatedSpdxElement");
    return CRET_OK;
}

static enum cret_status check_described(struct cret_shape_run *run, const json_t *id, void *known)
{
    check_reference(run, known, json_string_value(id), NULL);
    return CRET_OK;
}

static enum cret_status check(const struct cret_sbom *document, struct cret_shape_run *run)
{
    const json_t *sbom = document->json;
    struct known known = {json_object(), document->documents != NULL};
    enum cret_status status = CRET_FAILED;
    if (known.ids != NULL && gather_ids(document, known.ids, run) == CRET_OK &&
        cret_shape_each(run, sbom, "relationships", check_relationship, &known) == CRET_OK) {
        status = cret_shape_each(run, sbom, "documentDescribes", check_described, &known);
    }
    json_decref(known.ids);
    return status;
}

const struct cret_sbom_kind cret_sbom_spdx = {
    .name = "SPDX-",
    .shape = &document_shape,
    .reference = "SPDXID",
    .label = "name",
    .version = "versionInfo",
    .hashes = "checksums",
    .algorithm = "algorithm",
    .value = "checksumValue",
    .sha256 = "SHA256",
    .sha512 = "SHA512",
    .root_words = "the one package that documentDescribes or DESCRIBES names",
    .purl = purl,
    .cpe = cpe,
    .collect = collect,
    .check = check,
};
