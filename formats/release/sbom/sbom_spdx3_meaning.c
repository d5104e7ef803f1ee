/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of SPDX 3.0.1 that its model says in words and no schema holds. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_spdx3.h"
#include "release/sbom/values.h"

#define LICENSE_INFO "simplelicensing_AnyLicenseInfo"

static const char *type_of(const json_t *relationship)
{
    const char *type = cret_json_string(relationship, "relationshipType");
    return type != NULL ? type : "";
}

static void check_hash(struct cret_shape_run *run, const json_t *hash)
{
    static const struct {
        const char *algorithm;
        size_t digits;
    } lengths[] = {
        {"adler32", 8},   {"blake2b256", 64}, {"blake2b384", 96}, {"blake2b512", 128},
        {"md2", 32},      {"md4", 32},        {"md5", 32},        {"sha1", 40},
        {"sha224", 56},   {"sha256", 64},     {"sha384", 96},     {"sha512", 128},
        {"sha3_224", 56}, {"sha3_256", 64},   {"sha3_384", 96},   {"sha3_512", 128},
    };
    const char *algorithm = cret_json_string(hash, "algorithm");
    const char *value = cret_json_string(hash, "hashValue");
    for (size_t i = 0;
         algorithm != NULL && value != NULL && i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        if (strcmp(algorithm, lengths[i].algorithm) == 0 &&
            !cret_shape_hex(value, lengths[i].digits)) {
            cret_shape_fault(run, "hashValue", "the hex digits of the algorithm's digest", value,
                             "the value is no %s digest", algorithm);
        }
    }
}

static void check_name(struct cret_shape_run *run, const json_t *object)
{
    if (json_object_get(object, "name") == NULL) {
        cret_shape_fault(run, "name", "a name", "absent", "a package or file has no name");
    }
}

static void check_creation(struct cret_shape_run *run, const json_t *info)
{
    const char *version = cret_json_string(info, "specVersion");
    if (version != NULL && strncmp(version, "3.0.", 4) != 0) {
        cret_shape_fault(run, "specVersion", "3.0.1", version,
                         "the object was made for another version of the format");
    }
}

/* What a collection is about, and holds, is no document; and one that holds says what it is about.
 */
static void check_collection(const struct cret_spdx3 *spdx3, struct cret_shape_run *run,
                             const json_t *collection)
{
    static const char *const lists[] = {"rootElement", "element"};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const size_t list_mark = cret_json_enter(&run->at, lists[i]);
        CRET_JSON_EACH_AT (index, reference, json_object_get(collection, lists[i])) {
            if (cret_spdx3_id_is(spdx3, json_string_value(reference), "SpdxDocument")) {
                const size_t mark = cret_json_enter_index(&run->at, index);
                cret_shape_fault(run, NULL, "anything but a document", json_string_value(reference),
                                 "a collection holds a document");
                cret_json_leave(&run->at, mark);
            }
        }
        cret_json_leave(&run->at, list_mark);
    }
    if (json_array_size(json_object_get(collection, "element")) > 0 &&
        json_array_size(json_object_get(collection, "rootElement")) == 0) {
        cret_shape_fault(run, "rootElement", "what the collection is about", "absent",
                         "a collection holds elements and does not say what it is about");
    }
}

/* An assessment has the type of relationship of its class, and is of a vulnerability. */
static const struct {
    const char *class, *type;
} assessments[] = {
    {"security_VexAffectedVulnAssessmentRelationship", "affects"},
    {"security_VexFixedVulnAssessmentRelationship", "fixedIn"},
    {"security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect"},
    {"security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor"},
    {"security_VulnAssessmentRelationship", "hasAssessmentFor"},
};

static void check_assessment(const struct cret_spdx3 *spdx3, struct cret_shape_run *run,
                             const struct cret_spdx3_class *class, const json_t *relationship)
{
    const char *from = cret_json_string(relationship, "from");
    size_t row = 0;
    if (!cret_spdx3_is(class, "security_VulnAssessmentRelationship")) {
        return;
    }
    while (!cret_spdx3_is(class, assessments[row].class)) {
        row++;
    }
    if (strcmp(type_of(relationship), assessments[row].type) != 0) {
        cret_shape_fault(run, "relationshipType", assessments[row].type, type_of(relationship),
                         "an assessment of this class has another type");
    }
    if (from != NULL && json_object_get(spdx3->imports, from) == NULL &&
        !cret_spdx3_id_is(spdx3, from, "security_Vulnerability")) {
        cret_shape_fault(run, "from", "security_Vulnerability", from,
                         "an assessment is not of a vulnerability");
    }
    if (cret_spdx3_is(class, "security_VexNotAffectedVulnAssessmentRelationship") &&
        json_object_get(relationship, "security_justificationType") == NULL &&
        !cret_value_says(cret_json_string(relationship, "security_impactStatement"))) {
        cret_shape_fault(run, "security_justificationType", "a justification or impact statement",
                         "absent", "\"not affected\" is said without a reason");
    }
}

static bool is_license(const struct cret_spdx3 *spdx3, const char *id)
{
    const char *individual = cret_spdx3_individual(id);
    if (individual != NULL) {
        return strncmp(individual, "expandedlicensing_", 18) == 0;
    }
    return cret_spdx3_find(spdx3, id) == NULL || cret_spdx3_id_is(spdx3, id, LICENSE_INFO);
}

static void check_relationship(const struct cret_spdx3 *spdx3, struct cret_shape_run *run,
                               const json_t *relationship)
{
    const json_t *targets = json_object_get(relationship, "to");
    const bool licenses = strcmp(type_of(relationship), "hasDeclaredLicense") == 0 ||
                          strcmp(type_of(relationship), "hasConcludedLicense") == 0;
    const size_t list_mark = cret_json_enter(&run->at, "to");
    CRET_JSON_EACH_AT (index, target, targets) {
        const char *id = json_string_value(target);
        const char *individual = cret_spdx3_individual(id);
        const size_t mark = cret_json_enter_index(&run->at, index);
        if (individual != NULL && strcmp(individual, "NoneElement") == 0 &&
            json_array_size(targets) > 1) {
            cret_shape_fault(run, NULL, "NoneElement alone", id,
                             "the relationship leads to nothing and to something");
        }
        if (licenses && id != NULL && !is_license(spdx3, id)) {
            cret_shape_fault(run, NULL, "a licence", id,
                             "the relationship says a licence and leads to none");
        }
        cret_json_leave(&run->at, mark);
    }
    cret_json_leave(&run->at, list_mark);
}

void cret_spdx3_check_meaning(const struct cret_spdx3 *spdx3, struct cret_shape_run *run,
                              const struct cret_spdx3_class *class, const json_t *object)
{
    if (cret_spdx3_is(class, "Relationship")) {
        check_relationship(spdx3, run, object);
        check_assessment(spdx3, run, class, object);
    } else if (cret_spdx3_is(class, "Hash")) {
        check_hash(run, object);
    } else if (cret_spdx3_is(class, "software_Package") || cret_spdx3_is(class, "software_File")) {
        check_name(run, object);
    } else if (cret_spdx3_is(class, "ElementCollection")) {
        check_collection(spdx3, run, object);
    } else if (cret_spdx3_is(class, "CreationInfo")) {
        check_creation(run, object);
    }
}
