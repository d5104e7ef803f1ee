/* SPDX-License-Identifier: Apache-2.0 */
/* The tags of SPDX 2, one row each. */
#include "release/sbom/sbom_tag_value_internal.h"

#include <string.h>

#include "base/text/text.h"

/* What packages, files and snippets have alike; of files the tags of the licence have no prefix. */
#define LICENSED(scope, prefix, license)                                                           \
    {license "LicenseConcluded", scope, "licenseConcluded", CRET_TAG_TEXT, NULL},                  \
        {license "LicenseComments", scope, "licenseComments", CRET_TAG_TEXT, NULL},                \
        {prefix "CopyrightText", scope, "copyrightText", CRET_TAG_TEXT, NULL},                     \
        {prefix "Comment", scope, "comment", CRET_TAG_TEXT, NULL},                                 \
    {                                                                                              \
        prefix "AttributionText", scope, "attributionTexts", CRET_TAG_TEXTS, NULL                  \
    }

static const struct cret_tag tags[] = {
    {"SPDXVersion", CRET_TAG_OF_DOCUMENT, "spdxVersion", CRET_TAG_TEXT, NULL},
    {"DataLicense", CRET_TAG_OF_DOCUMENT, "dataLicense", CRET_TAG_TEXT, NULL},
    {"SPDXID", CRET_TAG_OF_ELEMENT, "SPDXID", CRET_TAG_TEXT, NULL},
    {"DocumentName", CRET_TAG_OF_DOCUMENT, "name", CRET_TAG_TEXT, NULL},
    {"DocumentNamespace", CRET_TAG_OF_DOCUMENT, "documentNamespace", CRET_TAG_TEXT, NULL},
    {"DocumentComment", CRET_TAG_OF_DOCUMENT, "comment", CRET_TAG_TEXT, NULL},
    {"ExternalDocumentRef", CRET_TAG_OF_DOCUMENT, "externalDocumentRefs", CRET_TAG_FOREIGN, NULL},
    {"LicenseListVersion", CRET_TAG_OF_CREATION, "licenseListVersion", CRET_TAG_TEXT, NULL},
    {"Creator", CRET_TAG_OF_CREATION, "creators", CRET_TAG_TEXTS, NULL},
    {"Created", CRET_TAG_OF_CREATION, "created", CRET_TAG_TEXT, NULL},
    {"CreatorComment", CRET_TAG_OF_CREATION, "comment", CRET_TAG_TEXT, NULL},
    {"PackageName", CRET_TAG_OF_PACKAGE, "name", CRET_TAG_TEXT, "packages"},
    {"PackageVersion", CRET_TAG_OF_PACKAGE, "versionInfo", CRET_TAG_TEXT, NULL},
    LICENSED(CRET_TAG_OF_PACKAGE, "Package", "Package"),
    {"PackageFileName", CRET_TAG_OF_PACKAGE, "packageFileName", CRET_TAG_TEXT, NULL},
    {"PackageSupplier", CRET_TAG_OF_PACKAGE, "supplier", CRET_TAG_TEXT, NULL},
    {"PackageOriginator", CRET_TAG_OF_PACKAGE, "originator", CRET_TAG_TEXT, NULL},
    {"PackageDownloadLocation", CRET_TAG_OF_PACKAGE, "downloadLocation", CRET_TAG_TEXT, NULL},
    {"FilesAnalyzed", CRET_TAG_OF_PACKAGE, "filesAnalyzed", CRET_TAG_FLAG, NULL},
    {"PackageVerificationCode", CRET_TAG_OF_PACKAGE, "packageVerificationCode", CRET_TAG_CODE,
     NULL},
    {"PackageChecksum", CRET_TAG_OF_PACKAGE, "checksums", CRET_TAG_CHECKSUM, NULL},
    {"PackageHomePage", CRET_TAG_OF_PACKAGE, "homepage", CRET_TAG_TEXT, NULL},
    {"PackageSourceInfo", CRET_TAG_OF_PACKAGE, "sourceInfo", CRET_TAG_TEXT, NULL},
    {"PackageLicenseInfoFromFiles", CRET_TAG_OF_PACKAGE, "licenseInfoFromFiles", CRET_TAG_TEXTS,
     NULL},
    {"PackageLicenseDeclared", CRET_TAG_OF_PACKAGE, "licenseDeclared", CRET_TAG_TEXT, NULL},
    {"PackageSummary", CRET_TAG_OF_PACKAGE, "summary", CRET_TAG_TEXT, NULL},
    {"PackageDescription", CRET_TAG_OF_PACKAGE, "description", CRET_TAG_TEXT, NULL},
    {"PrimaryPackagePurpose", CRET_TAG_OF_PACKAGE, "primaryPackagePurpose", CRET_TAG_TEXT, NULL},
    {"ReleaseDate", CRET_TAG_OF_PACKAGE, "releaseDate", CRET_TAG_TEXT, NULL},
    {"BuiltDate", CRET_TAG_OF_PACKAGE, "builtDate", CRET_TAG_TEXT, NULL},
    {"ValidUntilDate", CRET_TAG_OF_PACKAGE, "validUntilDate", CRET_TAG_TEXT, NULL},
    {"ExternalRef", CRET_TAG_OF_PACKAGE, "externalRefs", CRET_TAG_REFER, NULL},
    {"ExternalRefComment", CRET_TAG_OF_REFERENCE, "comment", CRET_TAG_TEXT, NULL},
    {"FileName", CRET_TAG_OF_FILE_ENTRY, "fileName", CRET_TAG_TEXT, "files"},
    LICENSED(CRET_TAG_OF_FILE_ENTRY, "File", ""),
    {"FileType", CRET_TAG_OF_FILE_ENTRY, "fileTypes", CRET_TAG_TEXTS, NULL},
    {"FileChecksum", CRET_TAG_OF_FILE_ENTRY, "checksums", CRET_TAG_CHECKSUM, NULL},
    {"LicenseInfoInFile", CRET_TAG_OF_FILE_ENTRY, "licenseInfoInFiles", CRET_TAG_TEXTS, NULL},
    {"FileNotice", CRET_TAG_OF_FILE_ENTRY, "noticeText", CRET_TAG_TEXT, NULL},
    {"FileContributor", CRET_TAG_OF_FILE_ENTRY, "fileContributors", CRET_TAG_TEXTS, NULL},
    {"FileDependency", CRET_TAG_OF_FILE_ENTRY, "fileDependencies", CRET_TAG_TEXTS, NULL},
    {"ArtifactOfProjectName", CRET_TAG_OF_FILE_ENTRY, NULL, CRET_TAG_PASSED, NULL},
    {"ArtifactOfProjectHomePage", CRET_TAG_OF_FILE_ENTRY, NULL, CRET_TAG_PASSED, NULL},
    {"ArtifactOfProjectURI", CRET_TAG_OF_FILE_ENTRY, NULL, CRET_TAG_PASSED, NULL},
    {"SnippetSPDXID", CRET_TAG_OF_SNIPPET, "SPDXID", CRET_TAG_TEXT, "snippets"},
    LICENSED(CRET_TAG_OF_SNIPPET, "Snippet", "Snippet"),
    {"SnippetFromFileSPDXID", CRET_TAG_OF_SNIPPET, "snippetFromFile", CRET_TAG_TEXT, NULL},
    {"SnippetByteRange", CRET_TAG_OF_SNIPPET, NULL, CRET_TAG_PASSED, NULL},
    {"SnippetLineRange", CRET_TAG_OF_SNIPPET, NULL, CRET_TAG_PASSED, NULL},
    {"LicenseInfoInSnippet", CRET_TAG_OF_SNIPPET, "licenseInfoInSnippets", CRET_TAG_TEXTS, NULL},
    {"SnippetName", CRET_TAG_OF_SNIPPET, "name", CRET_TAG_TEXT, NULL},
    {"LicenseID", CRET_TAG_OF_LICENSE, "licenseId", CRET_TAG_TEXT, "hasExtractedLicensingInfos"},
    {"ExtractedText", CRET_TAG_OF_LICENSE, "extractedText", CRET_TAG_TEXT, NULL},
    {"LicenseName", CRET_TAG_OF_LICENSE, "name", CRET_TAG_TEXT, NULL},
    {"LicenseCrossReference", CRET_TAG_OF_LICENSE, "seeAlsos", CRET_TAG_TEXTS, NULL},
    {"LicenseComment", CRET_TAG_OF_LICENSE, "comment", CRET_TAG_TEXT, NULL},
    {"Relationship", CRET_TAG_OF_DOCUMENT, "relationships", CRET_TAG_RELATE, NULL},
    {"RelationshipComment", CRET_TAG_OF_RELATION, "comment", CRET_TAG_TEXT, NULL},
    {"Annotator", CRET_TAG_OF_ANNOTATION, "annotator", CRET_TAG_TEXT, "annotations"},
    {"AnnotationDate", CRET_TAG_OF_ANNOTATION, "annotationDate", CRET_TAG_TEXT, NULL},
    {"AnnotationType", CRET_TAG_OF_ANNOTATION, "annotationType", CRET_TAG_TEXT, NULL},
    {"AnnotationComment", CRET_TAG_OF_ANNOTATION, "comment", CRET_TAG_TEXT, NULL},
    {"SPDXREF", CRET_TAG_OF_ANNOTATION, NULL, CRET_TAG_PASSED, NULL},
    {"Reviewer", CRET_TAG_OF_REVIEW, "reviewer", CRET_TAG_TEXT, "revieweds"},
    {"ReviewDate", CRET_TAG_OF_REVIEW, "reviewDate", CRET_TAG_TEXT, NULL},
    {"ReviewComment", CRET_TAG_OF_REVIEW, "comment", CRET_TAG_TEXT, NULL},
};

const struct cret_tag *cret_tag_find(const char *name)
{
    for (size_t i = 0; i < CRET_LENGTH(tags); i++) {
        if (strcmp(tags[i].name, name) == 0) {
            return &tags[i];
        }
    }
    return NULL;
}
