/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 3.0.1: the classes that SBOMs are made of; rows in the order of their names. */
#include "release/sbom/sbom_spdx3_classes.h"

static const struct cret_spdx3_member annotation_members[] = {
    {"annotationType", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "other review"},
    {"contentType", CRET_SPDX3_MEDIA, 0, NULL},
    {"statement", CRET_SPDX3_TEXT, 0, NULL},
    {"subject", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST, "Element"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member artifact_members[] = {
    {"builtTime", CRET_SPDX3_TIME, 0, NULL},
    {"originatedBy", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST, "Agent"},
    {"releaseTime", CRET_SPDX3_TIME, 0, NULL},
    {"standardName", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"suppliedBy", CRET_SPDX3_REFERENCE, 0, "Agent"},
    {"supportLevel", CRET_SPDX3_WORD, CRET_SPDX3_LIST,
     "deployed development endOfSupport limitedSupport noAssertion noSupport support"},
    {"validUntilTime", CRET_SPDX3_TIME, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member bundle_members[] = {
    {"context", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member creationinfo_members[] = {
    {"comment", CRET_SPDX3_TEXT, 0, NULL},
    {"created", CRET_SPDX3_TIME, CRET_SPDX3_MUST, NULL},
    {"createdBy", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST | CRET_SPDX3_MUST, "Agent"},
    {"createdUsing", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST, "Tool"},
    {"specVersion", CRET_SPDX3_VERSION, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member dictionaryentry_members[] = {
    {"key", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"value", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member element_members[] = {
    {"comment", CRET_SPDX3_TEXT, 0, NULL},
    {"creationInfo", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST, "CreationInfo"},
    {"description", CRET_SPDX3_TEXT, 0, NULL},
    {"extension", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "extension_Extension"},
    {"externalIdentifier", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "ExternalIdentifier"},
    {"externalRef", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "ExternalRef"},
    {"name", CRET_SPDX3_TEXT, 0, NULL},
    {"summary", CRET_SPDX3_TEXT, 0, NULL},
    {"verifiedUsing", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "IntegrityMethod"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member elementcollection_members[] = {
    {"element", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST, "Element"},
    {"profileConformance", CRET_SPDX3_WORD, CRET_SPDX3_LIST,
     "ai build core dataset expandedLicensing extension lite security simpleLicensing software"},
    {"rootElement", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST, "Element"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member externalidentifier_members[] = {
    {"comment", CRET_SPDX3_TEXT, 0, NULL},
    {"externalIdentifierType", CRET_SPDX3_WORD, CRET_SPDX3_MUST,
     "cpe22 cpe23 cve email gitoid other packageUrl securityOther swhid swid urlScheme"},
    {"identifier", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"identifierLocator", CRET_SPDX3_URI, CRET_SPDX3_LIST, NULL},
    {"issuingAuthority", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member externalmap_members[] = {
    {"definingArtifact", CRET_SPDX3_REFERENCE, 0, "Artifact"},
    {"externalSpdxId", CRET_SPDX3_URI, CRET_SPDX3_MUST, NULL},
    {"locationHint", CRET_SPDX3_URI, 0, NULL},
    {"verifiedUsing", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "IntegrityMethod"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member externalref_members[] = {
    {"comment", CRET_SPDX3_TEXT, 0, NULL},
    {"contentType", CRET_SPDX3_MEDIA, 0, NULL},
    {"externalRefType", CRET_SPDX3_WORD, 0,
     "altDownloadLocation altWebPage binaryArtifact bower buildMeta buildSystem "
     "certificationReport chat componentAnalysisReport cwe documentation dynamicAnalysisReport "
     "eolNotice exportControlAssessment funding issueTracker license mailingList mavenCentral "
     "metrics npm nuget other privacyAssessment productMetadata purchaseOrder "
     "qualityAssessmentReport releaseHistory releaseNotes riskAssessment runtimeAnalysisReport "
     "secureSoftwareAttestation securityAdversaryModel securityAdvisory securityFix securityOther "
     "securityPenTestReport securityPolicy securityThreatModel socialMedia sourceArtifact "
     "staticAnalysisReport support vcs vulnerabilityDisclosureReport "
     "vulnerabilityExploitabilityAssessment"},
    {"locator", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member hash_members[] = {
    {"algorithm", CRET_SPDX3_WORD, CRET_SPDX3_MUST,
     "adler32 blake2b256 blake2b384 blake2b512 blake3 crystalsDilithium crystalsKyber falcon md2 "
     "md4 md5 md6 other sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512"},
    {"hashValue", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member integritymethod_members[] = {
    {"comment", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member lifecyclescopedrelationship_members[] = {
    {"scope", CRET_SPDX3_WORD, 0, "build design development other runtime test"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member namespacemap_members[] = {
    {"namespace", CRET_SPDX3_URI, CRET_SPDX3_MUST, NULL},
    {"prefix", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member packageverificationcode_members[] = {
    {"algorithm", CRET_SPDX3_WORD, CRET_SPDX3_MUST,
     "adler32 blake2b256 blake2b384 blake2b512 blake3 crystalsDilithium crystalsKyber falcon md2 "
     "md4 md5 md6 other sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512"},
    {"hashValue", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"packageVerificationCodeExcludedFile", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member positiveintegerrange_members[] = {
    {"beginIntegerRange", CRET_SPDX3_POSITIVE, CRET_SPDX3_MUST, NULL},
    {"endIntegerRange", CRET_SPDX3_POSITIVE, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member relationship_members[] = {
    {"completeness", CRET_SPDX3_WORD, 0, "complete incomplete noAssertion"},
    {"endTime", CRET_SPDX3_TIME, 0, NULL},
    {"from", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST, "Element"},
    {"relationshipType", CRET_SPDX3_WORD, CRET_SPDX3_MUST,
     "affects amendedBy ancestorOf availableFrom configures contains coordinatedBy copiedTo "
     "delegatedTo dependsOn descendantOf describes doesNotAffect expandsTo exploitCreatedBy "
     "fixedBy fixedIn foundBy generates hasAddedFile hasAssessmentFor hasAssociatedVulnerability "
     "hasConcludedLicense hasDataFile hasDeclaredLicense hasDeletedFile hasDependencyManifest "
     "hasDistributionArtifact hasDocumentation hasDynamicLink hasEvidence hasExample hasHost "
     "hasInput hasMetadata hasOptionalComponent hasOptionalDependency hasOutput hasPrerequisite "
     "hasProvidedDependency hasRequirement hasSpecification hasStaticLink hasTest hasTestCase "
     "hasVariant invokedBy modifiedBy other packagedBy patchedBy publishedBy reportedBy "
     "republishedBy serializedInArtifact testedOn trainedOn underInvestigationFor usesTool"},
    {"startTime", CRET_SPDX3_TIME, 0, NULL},
    {"to", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST | CRET_SPDX3_MUST, "Element"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member spdxdocument_members[] = {
    {"dataLicense", CRET_SPDX3_REFERENCE, 0, "simplelicensing_AnyLicenseInfo"},
    {"import", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "ExternalMap"},
    {"namespaceMap", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "NamespaceMap"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member build_build_members[] = {
    {"build_buildEndTime", CRET_SPDX3_TIME, 0, NULL},
    {"build_buildId", CRET_SPDX3_TEXT, 0, NULL},
    {"build_buildStartTime", CRET_SPDX3_TIME, 0, NULL},
    {"build_buildType", CRET_SPDX3_URI, CRET_SPDX3_MUST, NULL},
    {"build_configSourceDigest", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "Hash"},
    {"build_configSourceEntrypoint", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"build_configSourceUri", CRET_SPDX3_URI, CRET_SPDX3_LIST, NULL},
    {"build_environment", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {"build_parameter", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member simplelicensing_licenseexpression_members[] = {
    {"simplelicensing_customIdToUri", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {"simplelicensing_licenseExpression", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"simplelicensing_licenseListVersion", CRET_SPDX3_VERSION, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member simplelicensing_simplelicensingtext_members[] = {
    {"simplelicensing_licenseText", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_contentidentifier_members[] = {
    {"software_contentIdentifierType", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "gitoid swhid"},
    {"software_contentIdentifierValue", CRET_SPDX3_URI, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_file_members[] = {
    {"contentType", CRET_SPDX3_MEDIA, 0, NULL},
    {"software_fileKind", CRET_SPDX3_WORD, 0, "directory file"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_package_members[] = {
    {"software_downloadLocation", CRET_SPDX3_URI, 0, NULL},
    {"software_homePage", CRET_SPDX3_URI, 0, NULL},
    {"software_packageUrl", CRET_SPDX3_URI, 0, NULL},
    {"software_packageVersion", CRET_SPDX3_TEXT, 0, NULL},
    {"software_sourceInfo", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_sbom_members[] = {
    {"software_sbomType", CRET_SPDX3_WORD, CRET_SPDX3_LIST,
     "analyzed build deployed design runtime source"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_snippet_members[] = {
    {"software_byteRange", CRET_SPDX3_INLINE, 0, "PositiveIntegerRange"},
    {"software_lineRange", CRET_SPDX3_INLINE, 0, "PositiveIntegerRange"},
    {"software_snippetFromFile", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST, "software_File"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member software_softwareartifact_members[] = {
    {"software_additionalPurpose", CRET_SPDX3_WORD, CRET_SPDX3_LIST,
     "application archive bom configuration container data device deviceDriver diskImage "
     "documentation evidence executable file filesystemImage firmware framework install library "
     "manifest model module operatingSystem other patch platform requirement source specification "
     "test"},
    {"software_attributionText", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"software_contentIdentifier", CRET_SPDX3_INLINE, CRET_SPDX3_LIST,
     "software_ContentIdentifier"},
    {"software_copyrightText", CRET_SPDX3_TEXT, 0, NULL},
    {"software_primaryPurpose", CRET_SPDX3_WORD, 0,
     "application archive bom configuration container data device deviceDriver diskImage "
     "documentation evidence executable file filesystemImage firmware framework install library "
     "manifest model module operatingSystem other patch platform requirement source specification "
     "test"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

const struct cret_spdx3_class cret_spdx3_core[] = {
    {"Agent", "Element", false, NULL},
    {"Annotation", "Element", false, annotation_members},
    {"Artifact", "Element", true, artifact_members},
    {"Bom", "Bundle", false, NULL},
    {"Bundle", "ElementCollection", false, bundle_members},
    {"CreationInfo", NULL, false, creationinfo_members},
    {"DictionaryEntry", NULL, false, dictionaryentry_members},
    {"Element", NULL, true, element_members},
    {"ElementCollection", "Element", true, elementcollection_members},
    {"ExternalIdentifier", NULL, false, externalidentifier_members},
    {"ExternalMap", NULL, false, externalmap_members},
    {"ExternalRef", NULL, false, externalref_members},
    {"Hash", "IntegrityMethod", false, hash_members},
    {"IndividualElement", "Element", false, NULL},
    {"IntegrityMethod", NULL, true, integritymethod_members},
    {"LifecycleScopedRelationship", "Relationship", false, lifecyclescopedrelationship_members},
    {"NamespaceMap", NULL, false, namespacemap_members},
    {"Organization", "Agent", false, NULL},
    {"PackageVerificationCode", "IntegrityMethod", false, packageverificationcode_members},
    {"Person", "Agent", false, NULL},
    {"PositiveIntegerRange", NULL, false, positiveintegerrange_members},
    {"Relationship", "Element", false, relationship_members},
    {"SoftwareAgent", "Agent", false, NULL},
    {"SpdxDocument", "ElementCollection", false, spdxdocument_members},
    {"Tool", "Element", false, NULL},
    {"build_Build", "Element", false, build_build_members},
    {"simplelicensing_AnyLicenseInfo", "Element", true, NULL},
    {"simplelicensing_LicenseExpression", "simplelicensing_AnyLicenseInfo", false,
     simplelicensing_licenseexpression_members},
    {"simplelicensing_SimpleLicensingText", "Element", false,
     simplelicensing_simplelicensingtext_members},
    {"software_ContentIdentifier", "IntegrityMethod", false, software_contentidentifier_members},
    {"software_File", "software_SoftwareArtifact", false, software_file_members},
    {"software_Package", "software_SoftwareArtifact", false, software_package_members},
    {"software_Sbom", "Bom", false, software_sbom_members},
    {"software_Snippet", "software_SoftwareArtifact", false, software_snippet_members},
    {"software_SoftwareArtifact", "Artifact", true, software_softwareartifact_members},
};
const size_t cret_spdx3_core_count = sizeof(cret_spdx3_core) / sizeof(cret_spdx3_core[0]);
