/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 3.0.1: the classes of the profiles for licences, security, AI and data sets; rows in the
 * order of their names. */
#include "release/sbom/sbom_spdx3_classes.h"

static const struct cret_spdx3_member ai_aipackage_members[] = {
    {"ai_autonomyType", CRET_SPDX3_WORD, 0, "no noAssertion yes"},
    {"ai_domain", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"ai_energyConsumption", CRET_SPDX3_INLINE, 0, "ai_EnergyConsumption"},
    {"ai_hyperparameter", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {"ai_informationAboutApplication", CRET_SPDX3_TEXT, 0, NULL},
    {"ai_informationAboutTraining", CRET_SPDX3_TEXT, 0, NULL},
    {"ai_limitation", CRET_SPDX3_TEXT, 0, NULL},
    {"ai_metric", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {"ai_metricDecisionThreshold", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {"ai_modelDataPreprocessing", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"ai_modelExplainability", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"ai_safetyRiskAssessment", CRET_SPDX3_WORD, 0, "high low medium serious"},
    {"ai_standardCompliance", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"ai_typeOfModel", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"ai_useSensitivePersonalInformation", CRET_SPDX3_WORD, 0, "no noAssertion yes"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member ai_energyconsumption_members[] = {
    {"ai_finetuningEnergyConsumption", CRET_SPDX3_INLINE, CRET_SPDX3_LIST,
     "ai_EnergyConsumptionDescription"},
    {"ai_inferenceEnergyConsumption", CRET_SPDX3_INLINE, CRET_SPDX3_LIST,
     "ai_EnergyConsumptionDescription"},
    {"ai_trainingEnergyConsumption", CRET_SPDX3_INLINE, CRET_SPDX3_LIST,
     "ai_EnergyConsumptionDescription"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member ai_energyconsumptiondescription_members[] = {
    {"ai_energyQuantity", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {"ai_energyUnit", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "kilowattHour megajoule other"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member dataset_datasetpackage_members[] = {
    {"dataset_anonymizationMethodUsed", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"dataset_confidentialityLevel", CRET_SPDX3_WORD, 0, "amber clear green red"},
    {"dataset_dataCollectionProcess", CRET_SPDX3_TEXT, 0, NULL},
    {"dataset_dataPreprocessing", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"dataset_datasetAvailability", CRET_SPDX3_WORD, 0,
     "clickthrough directDownload query registration scrapingScript"},
    {"dataset_datasetNoise", CRET_SPDX3_TEXT, 0, NULL},
    {"dataset_datasetSize", CRET_SPDX3_WHOLE, 0, NULL},
    {"dataset_datasetType", CRET_SPDX3_WORD, CRET_SPDX3_LIST | CRET_SPDX3_MUST,
     "audio categorical graph image noAssertion numeric other sensor structured syntactic text "
     "timeseries timestamp video"},
    {"dataset_datasetUpdateMechanism", CRET_SPDX3_TEXT, 0, NULL},
    {"dataset_hasSensitivePersonalInformation", CRET_SPDX3_WORD, 0, "no noAssertion yes"},
    {"dataset_intendedUse", CRET_SPDX3_TEXT, 0, NULL},
    {"dataset_knownBias", CRET_SPDX3_TEXT, CRET_SPDX3_LIST, NULL},
    {"dataset_sensor", CRET_SPDX3_INLINE, CRET_SPDX3_LIST, "DictionaryEntry"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_conjunctivelicenseset_members[] = {
    {"expandedlicensing_member", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST | CRET_SPDX3_MUST,
     "simplelicensing_AnyLicenseInfo"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_disjunctivelicenseset_members[] = {
    {"expandedlicensing_member", CRET_SPDX3_REFERENCE, CRET_SPDX3_LIST | CRET_SPDX3_MUST,
     "simplelicensing_AnyLicenseInfo"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_license_members[] = {
    {"expandedlicensing_isDeprecatedLicenseId", CRET_SPDX3_BOOLEAN, 0, NULL},
    {"expandedlicensing_isFsfLibre", CRET_SPDX3_BOOLEAN, 0, NULL},
    {"expandedlicensing_isOsiApproved", CRET_SPDX3_BOOLEAN, 0, NULL},
    {"expandedlicensing_licenseXml", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_obsoletedBy", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_seeAlso", CRET_SPDX3_URI, CRET_SPDX3_LIST, NULL},
    {"expandedlicensing_standardLicenseHeader", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_standardLicenseTemplate", CRET_SPDX3_TEXT, 0, NULL},
    {"simplelicensing_licenseText", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_licenseaddition_members[] = {
    {"expandedlicensing_additionText", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"expandedlicensing_isDeprecatedAdditionId", CRET_SPDX3_BOOLEAN, 0, NULL},
    {"expandedlicensing_licenseXml", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_obsoletedBy", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_seeAlso", CRET_SPDX3_URI, CRET_SPDX3_LIST, NULL},
    {"expandedlicensing_standardAdditionTemplate", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_listedlicense_members[] = {
    {"expandedlicensing_deprecatedVersion", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_listVersionAdded", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_listedlicenseexception_members[] = {
    {"expandedlicensing_deprecatedVersion", CRET_SPDX3_TEXT, 0, NULL},
    {"expandedlicensing_listVersionAdded", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_orlateroperator_members[] = {
    {"expandedlicensing_subjectLicense", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST,
     "expandedlicensing_License"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member expandedlicensing_withadditionoperator_members[] = {
    {"expandedlicensing_subjectAddition", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST,
     "expandedlicensing_LicenseAddition"},
    {"expandedlicensing_subjectExtendableLicense", CRET_SPDX3_REFERENCE, CRET_SPDX3_MUST,
     "expandedlicensing_ExtendableLicense"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member extension_cdxpropertiesextension_members[] = {
    {"extension_cdxProperty", CRET_SPDX3_INLINE, CRET_SPDX3_LIST | CRET_SPDX3_MUST,
     "extension_CdxPropertyEntry"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member extension_cdxpropertyentry_members[] = {
    {"extension_cdxPropName", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"extension_cdxPropValue", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_cvssv2vulnassessmentrelationship_members[] = {
    {"security_score", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {"security_vectorString", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_cvssv3vulnassessmentrelationship_members[] = {
    {"security_score", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {"security_severity", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "critical high low medium none"},
    {"security_vectorString", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_cvssv4vulnassessmentrelationship_members[] = {
    {"security_score", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {"security_severity", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "critical high low medium none"},
    {"security_vectorString", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_epssvulnassessmentrelationship_members[] = {
    {"security_percentile", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {"security_probability", CRET_SPDX3_NUMBER, CRET_SPDX3_MUST, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_exploitcatalogvulnassessmentrelationship_members[] =
    {
        {"security_catalogType", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "kev other"},
        {"security_exploited", CRET_SPDX3_BOOLEAN, CRET_SPDX3_MUST, NULL},
        {"security_locator", CRET_SPDX3_URI, CRET_SPDX3_MUST, NULL},
        {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_ssvcvulnassessmentrelationship_members[] = {
    {"security_decisionType", CRET_SPDX3_WORD, CRET_SPDX3_MUST, "act attend track trackStar"},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_vexaffectedvulnassessmentrelationship_members[] = {
    {"security_actionStatement", CRET_SPDX3_TEXT, CRET_SPDX3_MUST, NULL},
    {"security_actionStatementTime", CRET_SPDX3_TIME, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_vexnotaffectedvulnassessmentrelationship_members[] =
    {
        {"security_impactStatement", CRET_SPDX3_TEXT, 0, NULL},
        {"security_impactStatementTime", CRET_SPDX3_TIME, 0, NULL},
        {"security_justificationType", CRET_SPDX3_WORD, 0,
         "componentNotPresent inlineMitigationsAlreadyExist "
         "vulnerableCodeCannotBeControlledByAdversary vulnerableCodeNotInExecutePath "
         "vulnerableCodeNotPresent"},
        {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_vexvulnassessmentrelationship_members[] = {
    {"security_statusNotes", CRET_SPDX3_TEXT, 0, NULL},
    {"security_vexVersion", CRET_SPDX3_TEXT, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_vulnassessmentrelationship_members[] = {
    {"suppliedBy", CRET_SPDX3_REFERENCE, 0, "Agent"},
    {"security_assessedElement", CRET_SPDX3_REFERENCE, 0, "software_SoftwareArtifact"},
    {"security_modifiedTime", CRET_SPDX3_TIME, 0, NULL},
    {"security_publishedTime", CRET_SPDX3_TIME, 0, NULL},
    {"security_withdrawnTime", CRET_SPDX3_TIME, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

static const struct cret_spdx3_member security_vulnerability_members[] = {
    {"security_modifiedTime", CRET_SPDX3_TIME, 0, NULL},
    {"security_publishedTime", CRET_SPDX3_TIME, 0, NULL},
    {"security_withdrawnTime", CRET_SPDX3_TIME, 0, NULL},
    {NULL, CRET_SPDX3_TEXT, 0, NULL},
};

const struct cret_spdx3_class cret_spdx3_profiles[] = {
    {"ai_AIPackage", "software_Package", false, ai_aipackage_members},
    {"ai_EnergyConsumption", NULL, false, ai_energyconsumption_members},
    {"ai_EnergyConsumptionDescription", NULL, false, ai_energyconsumptiondescription_members},
    {"dataset_DatasetPackage", "software_Package", false, dataset_datasetpackage_members},
    {"expandedlicensing_ConjunctiveLicenseSet", "simplelicensing_AnyLicenseInfo", false,
     expandedlicensing_conjunctivelicenseset_members},
    {"expandedlicensing_CustomLicense", "expandedlicensing_License", false, NULL},
    {"expandedlicensing_CustomLicenseAddition", "expandedlicensing_LicenseAddition", false, NULL},
    {"expandedlicensing_DisjunctiveLicenseSet", "simplelicensing_AnyLicenseInfo", false,
     expandedlicensing_disjunctivelicenseset_members},
    {"expandedlicensing_ExtendableLicense", "simplelicensing_AnyLicenseInfo", true, NULL},
    {"expandedlicensing_IndividualLicensingInfo", "simplelicensing_AnyLicenseInfo", false, NULL},
    {"expandedlicensing_License", "expandedlicensing_ExtendableLicense", true,
     expandedlicensing_license_members},
    {"expandedlicensing_LicenseAddition", "Element", true,
     expandedlicensing_licenseaddition_members},
    {"expandedlicensing_ListedLicense", "expandedlicensing_License", false,
     expandedlicensing_listedlicense_members},
    {"expandedlicensing_ListedLicenseException", "expandedlicensing_LicenseAddition", false,
     expandedlicensing_listedlicenseexception_members},
    {"expandedlicensing_OrLaterOperator", "expandedlicensing_ExtendableLicense", false,
     expandedlicensing_orlateroperator_members},
    {"expandedlicensing_WithAdditionOperator", "simplelicensing_AnyLicenseInfo", false,
     expandedlicensing_withadditionoperator_members},
    {"extension_CdxPropertiesExtension", "extension_Extension", false,
     extension_cdxpropertiesextension_members},
    {"extension_CdxPropertyEntry", NULL, false, extension_cdxpropertyentry_members},
    {"extension_Extension", NULL, false, NULL},
    {"security_CvssV2VulnAssessmentRelationship", "security_VulnAssessmentRelationship", false,
     security_cvssv2vulnassessmentrelationship_members},
    {"security_CvssV3VulnAssessmentRelationship", "security_VulnAssessmentRelationship", false,
     security_cvssv3vulnassessmentrelationship_members},
    {"security_CvssV4VulnAssessmentRelationship", "security_VulnAssessmentRelationship", false,
     security_cvssv4vulnassessmentrelationship_members},
    {"security_EpssVulnAssessmentRelationship", "security_VulnAssessmentRelationship", false,
     security_epssvulnassessmentrelationship_members},
    {"security_ExploitCatalogVulnAssessmentRelationship", "security_VulnAssessmentRelationship",
     false, security_exploitcatalogvulnassessmentrelationship_members},
    {"security_SsvcVulnAssessmentRelationship", "security_VulnAssessmentRelationship", false,
     security_ssvcvulnassessmentrelationship_members},
    {"security_VexAffectedVulnAssessmentRelationship", "security_VexVulnAssessmentRelationship",
     false, security_vexaffectedvulnassessmentrelationship_members},
    {"security_VexFixedVulnAssessmentRelationship", "security_VexVulnAssessmentRelationship", false,
     NULL},
    {"security_VexNotAffectedVulnAssessmentRelationship", "security_VexVulnAssessmentRelationship",
     false, security_vexnotaffectedvulnassessmentrelationship_members},
    {"security_VexUnderInvestigationVulnAssessmentRelationship",
     "security_VexVulnAssessmentRelationship", false, NULL},
    {"security_VexVulnAssessmentRelationship", "security_VulnAssessmentRelationship", true,
     security_vexvulnassessmentrelationship_members},
    {"security_VulnAssessmentRelationship", "Relationship", true,
     security_vulnassessmentrelationship_members},
    {"security_Vulnerability", "Artifact", false, security_vulnerability_members},
};
const size_t cret_spdx3_profiles_count =
    sizeof(cret_spdx3_profiles) / sizeof(cret_spdx3_profiles[0]);
