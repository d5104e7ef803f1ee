/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a manifest about what is in the release. */
#include "release/manifest/manifest_fields.h"

const char *const cret_file_roles[] = {
    "firmware", "software",   "configuration", "release-notes", "document", "sbom", "vex",
    "advisory", "provenance", "declaration",   "checksums",     "other",    NULL};

static const char *const classification_systems[] = {"VDI2770", "IEC61355", NULL};

static const char *const revision_states[] = {"InReview", "Released", NULL};

/* VDI 2770 part 1: roles of a party. */
static const char *const party_roles[] = {"Author",       "Customer",    "Supplier",
                                          "Manufacturer", "Responsible", NULL};

static const char *const relation_types[] = {"RefersTo", "BasedOn", "Affecting", "TranslationOf",
                                             NULL};

static const char *const bindings[] = {"prescriptive", "illustrative", NULL};

static const char *const availabilities[] = {"included", "onRequest", NULL};

static const char *const topic_states[] = {"documented", "notApplicable", "notProvided", NULL};

static const char *const sbom_formats[] = {
    "CycloneDX-1.4", "CycloneDX-1.5", "CycloneDX-1.6", "CycloneDX-1.7",
    "SPDX-2.2",      "SPDX-2.3",      "SPDX-3.0.1",    NULL};

static const struct cret_field document_id_fields[] = {
    CRET_ROW_LINE("domain", CRET_REQUIRED,
                  "Domain in which the id is unique, for example the vendor's DNS name."),
    CRET_ROW_LINE("id", CRET_REQUIRED, "Id of the document in that domain."),
    CRET_ROW_BOOLEAN("primary", 0,
                     "The one id that is used first; needed where there are several."),
    CRET_ROW_END,
};

static const struct cret_field document_class_fields[] = {
    CRET_ROW_ENUM("system", CRET_REQUIRED, classification_systems, "Classification system."),
    CRET_ROW_TOKEN("id", CRET_REQUIRED,
                   "Class: VDI 2770 01-01 to 04-01, or an IEC 61355 code such as BH or BS."),
    CRET_ROW_END,
};

static const struct cret_field document_revision_fields[] = {
    CRET_ROW_LINE("version", CRET_REQUIRED, "Version of the document."),
    CRET_ROW_STRING("date", CRET_REQUIRED, CRET_FORMAT_DATE, "Date of that version."),
    CRET_ROW_TEXT("summary", 0, "What changed in that version."),
    CRET_ROW_ENUM("status", 0, revision_states, "State of that version."),
    CRET_ROW_LINE("responsible", 0, "Who answers for that version."),
    CRET_ROW_END,
};

static const struct cret_field document_party_fields[] = {
    CRET_ROW_ENUM("role", CRET_REQUIRED, party_roles, "Role of the party."),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Common name of the organization or person."),
    CRET_ROW_LINE("officialName", 0, "Official name of the organization."),
    CRET_ROW_LINE("organizationId", 0, "Identifier of the organization."),
    CRET_ROW_LINE("contact", 0, "E-mail address, telephone number or URL."),
    CRET_ROW_END,
};

static const struct cret_field document_relation_fields[] = {
    CRET_ROW_ENUM("type", CRET_REQUIRED, relation_types, "Kind of relation."),
    CRET_ROW_LINE("target", CRET_REQUIRED, "Id of the other document."),
    CRET_ROW_LINE("domain", 0, "Domain of that id; absent: that of this document's primary id."),
    CRET_ROW_LINE("version", 0, "Version of the other document."),
    CRET_ROW_END,
};

static const struct cret_field applies_release_fields[] = {
    CRET_ROW_LINE("version", 0, "One release version."),
    CRET_ROW_LINE("from", 0, "First release version of a range."),
    CRET_ROW_LINE("to", 0, "Last release version of a range."),
    CRET_ROW_END,
};

static const struct cret_field applies_hardware_fields[] = {
    CRET_ROW_LINE("model", CRET_REQUIRED, "Hardware model."),
    CRET_ROW_LINE("revisionFrom", 0, "First hardware revision."),
    CRET_ROW_LINE("revisionTo", 0, "Last hardware revision."),
    CRET_ROW_END,
};

static const struct cret_field applies_fields[] = {
    CRET_ROW_OBJECTS("releases", 0, applies_release_fields,
                     "Release versions that the document describes.", .minimum = 1),
    CRET_ROW_OBJECTS("hardware", 0, applies_hardware_fields,
                     "Hardware that the document describes.", .minimum = 1),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_document_fields[] = {
    CRET_ROW_OBJECTS("ids", CRET_REQUIRED, document_id_fields,
                     "Ids of the document; other fields name a document by any of them.",
                     .minimum = 1),
    CRET_ROW_OBJECTS("classes", 0, document_class_fields, "Classes of the document."),
    CRET_ROW_MAP("title", CRET_REQUIRED, CRET_FORMAT_LANGUAGE, NULL, "Title in each language.",
                 .minimum = 1),
    CRET_ROW_MAP("subtitle", 0, CRET_FORMAT_LANGUAGE, NULL, "Subtitle in each language."),
    CRET_ROW_MAP("summary", 0, CRET_FORMAT_LANGUAGE, NULL, "Summary in each language."),
    CRET_ROW_MAP("keywords", 0, CRET_FORMAT_LANGUAGE, NULL,
                 "Keywords in each language, separated by commas."),
    CRET_ROW_LINE("version", CRET_REQUIRED, "Version of the document."),
    CRET_ROW_OBJECTS("revisions", 0, document_revision_fields,
                     "Revision history; it lists the document's own version too."),
    CRET_ROW_STRINGS("languages", 0, CRET_FORMAT_LANGUAGE, "Languages of the content."),
    CRET_ROW_INTEGER("pages", 0, 1, 1000000, "Number of pages."),
    CRET_ROW_OBJECTS("parties", 0, document_party_fields,
                     "Who wrote the document and who answers for it."),
    CRET_ROW_OBJECTS("relations", 0, document_relation_fields, "Relations to other documents."),
    CRET_ROW_OBJECT("appliesTo", 0, applies_fields,
                    "Releases and hardware that the document describes; absent: this release."),
    CRET_ROW_STRINGS("topics", 0, CRET_FORMAT_TOKEN, "Ids of the topics that it covers."),
    CRET_ROW_ENUM("binding", 0, bindings,
                  "Whether its instructions are prescriptive or illustrative."),
    CRET_ROW_ENUM("availability", CRET_DEFAULTED, availabilities,
                  "Included with a file, or handed over on request; default: included where there "
                  "is a file."),
    CRET_ROW_LINE("file", 0,
                  "The file of the release that is the document, by path or by its original name."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of a document that is handed over on request."),
    CRET_ROW_STRINGS("mapsTo", 0, CRET_FORMAT_LINE,
                     "The document's place in the owner's or another document system."),
    CRET_ROW_STRING("reviewBy", 0, CRET_FORMAT_DATE, "When the document is due for review."),
    CRET_ROW_LINE("supersededBy", 0, "Id of the document that replaces it."),
    CRET_ROW_END,
};

const struct cret_field cret_document_list_fields[] = {
    CRET_ROW_OBJECTS("ids", CRET_REQUIRED, document_id_fields, "Ids of the document.",
                     .minimum = 1),
    CRET_ROW_MAP("title", 0, CRET_FORMAT_LANGUAGE, NULL, "Title in each language."),
    CRET_ROW_LINE("version", CRET_REQUIRED, "Version of the document."),
    CRET_ROW_STRINGS("languages", 0, CRET_FORMAT_LANGUAGE, "Languages of the content."),
    CRET_ROW_ENUM("availability", CRET_REQUIRED, availabilities,
                  "Included with a file, or handed over on request."),
    CRET_ROW_STRINGS("topics", 0, CRET_FORMAT_TOKEN, "Ids of the topics that it covers."),
    CRET_ROW_LINE("file", 0, "Its path in the archive, where it is included."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the document."),
    CRET_ROW_BOOLEAN("proved", 0,
                     "Handed over later, and the very document that the release names (--also)."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_topic_fields[] = {
    CRET_ROW_ENUM("status", CRET_REQUIRED, topic_states, "How the topic is answered."),
    CRET_ROW_STRINGS("documents", 0, CRET_FORMAT_LINE,
                     "Ids of the documents that answer it; needed where documented."),
    CRET_ROW_TEXT("reason", 0, "Why it is not answered; needed unless documented."),
    CRET_ROW_END,
};

static const struct cret_field sbom_bind_fields[] = {
    CRET_ROW_LINE("component", CRET_REQUIRED,
                  "Component of the SBOM: its bom-ref, SPDXID or spdxId, purl, or name."),
    CRET_ROW_LINE("file", CRET_REQUIRED, "The file of the release that it is."),
    CRET_ROW_LINE("member", 0,
                  "Path inside that file, where it is an archive and the component a file in it; "
                  "!/ leads into an archive inside the archive."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_sbom_fields[] = {
    CRET_ROW_LINE("file", CRET_REQUIRED, "The file of the release that is the SBOM."),
    CRET_ROW_ENUM("format", CRET_REQUIRED, sbom_formats, "Format and version of the SBOM."),
    CRET_ROW_OBJECTS("binds", 0, sbom_bind_fields,
                     "Which component of the SBOM is which file of the release."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_provenance_fields[] = {
    CRET_ROW_LINE("file", CRET_REQUIRED, "The file of the release that is the attestation."),
    CRET_ROW_STRING("predicateType", CRET_REQUIRED, CRET_FORMAT_URI,
                    "Predicate type of the in-toto statement."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_file_fields[] = {
    CRET_ROW_LINE("source", CRET_REQUIRED | CRET_DESCRIPTION_ONLY,
                  "Input: a file, a folder, or an archive, relative to the description."),
    CRET_ROW_BOOLEAN("expand", CRET_DESCRIPTION_ONLY,
                     "Whether an archive's members are packed instead of the archive itself."),
    CRET_ROW_STRING("path", CRET_DEFAULTED, CRET_FORMAT_PATH,
                    "Path in the archive; of a folder or an expanded archive: where it goes."),
    CRET_ROW_LINE("originalName", CRET_GENERATED,
                  "Name before it was mapped to the path, where they differ."),
    CRET_ROW_ENUM("role", CRET_DEFAULTED, cret_file_roles, "What the file is."),
    CRET_ROW_STRING("mediaType", 0, CRET_FORMAT_MEDIA_TYPE, "Media type of the file."),
    CRET_ROW_INTEGER("size", CRET_GENERATED_REQUIRED, 0, (int64_t)CRET_LIMIT_FILE_BYTES,
                     "Size in bytes."),
    CRET_ROW_SHA256("sha256", CRET_GENERATED_REQUIRED, "SHA-256 of the content."),
    CRET_ROW_SHA256(
        "fsverity", CRET_GENERATED,
        "fs-verity file digest (SHA-256, 4096-byte blocks, no salt) of every file above 1 MiB."),
    CRET_ROW_STRINGS("hardware", 0, CRET_FORMAT_LINE,
                     "Models of hardware[] that the file is for; absent: all."),
    CRET_ROW_BOOLEAN("safetyRelevant", 0,
                     "Whether a function for health and safety needs the file."),
    CRET_ROW_LINE("safetyFunction", 0, "That function, by its name or id."),
    CRET_ROW_END,
};
