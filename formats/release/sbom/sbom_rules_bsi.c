/* SPDX-License-Identifier: Apache-2.0 */
/* BSI TR-03183-2 "Cyber Resilience Requirements, Part 2: SBOM", v2.1.0, chapter 5 and 8.1.14 (the
 * mapping to CycloneDX); property names of the BSI's CycloneDX property taxonomy. */
#include <string.h>

#include "base/schema/schema.h"
#include "base/text/json.h"
#include "release/identifier/licenses.h"
#include "release/sbom/sbom_rules_spdx3.h"

#define OLDEST_CYCLONEDX 6

static void cyclonedx_format(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    (void)component;
    if (run->sbom->minor < OLDEST_CYCLONEDX) {
        cret_rules_fault(run, "specVersion", cret_json_string(run->sbom->json, "specVersion"),
                         "the guideline asks for CycloneDX 1.6 or newer; nothing else was looked "
                         "at");
    }
}

static void spdx_format(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    cret_rules_fault(run, "spdxVersion", cret_json_string(run->sbom->json, "spdxVersion"),
                     "the guideline asks for SPDX 3.0.1 or newer, or CycloneDX 1.6 or newer; "
                     "nothing else was looked at");
}

static void one_release(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    if (run->sbom->components.root == NULL) {
        const size_t mark = cret_json_enter(&run->at, "metadata");
        cret_rules_fault(run, "component", NULL,
                         "the SBOM does not say which version of which product it describes");
        cret_json_leave(&run->at, mark);
    }
}

/* An e-mail address of a contact, or else a URL. *ret_actual: what is there instead. */
static bool can_be_reached(const json_t *entity, const char **ret_actual)
{
    size_t index;
    json_t *element;
    *ret_actual = cret_json_string(entity, "name");
    json_array_foreach(json_object_get(entity, "contact"), index, element)
    {
        const char *email = cret_json_string(element, "email");
        if (cret_value_email(email)) {
            return true;
        }
        *ret_actual = email != NULL ? email : *ret_actual;
    }
    json_array_foreach(json_object_get(entity, "url"), index, element)
    {
        if (cret_value_url(json_string_value(element))) {
            return true;
        }
        *ret_actual = json_string_value(element);
    }
    return false;
}

static void sbom_creator(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *actual = NULL;
    (void)component;
    if (!can_be_reached(cret_json_get(run->sbom->json, "metadata.manufacturer"), &actual)) {
        const size_t mark = cret_json_enter(&run->at, "metadata");
        cret_rules_fault(run, "manufacturer", actual,
                         "the creator of the SBOM has no e-mail address and no URL");
        cret_json_leave(&run->at, mark);
    }
}

static void sbom_uri(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    static const char nil[] = "urn:uuid:00000000-0000-0000-0000-000000000000";
    const char *serial = cret_json_string(run->sbom->json, "serialNumber");
    (void)component;
    if (serial != NULL &&
        (strlen(serial) != sizeof(nil) - 1 || strncmp(serial, nil, strlen("urn:uuid:")) != 0 ||
         strcmp(serial, nil) == 0)) {
        cret_rules_fault(run, "serialNumber", serial,
                         "the serial number is no UUID of its own, so that no URI of the SBOM can "
                         "be made from it");
    }
}

static void no_vulnerabilities(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const json_t *list = json_object_get(run->sbom->json, "vulnerabilities");
    (void)component;
    if (json_array_size(list) > 0) {
        const char *id = cret_json_string(json_array_get(list, 0), "id");
        cret_rules_fault(run, "vulnerabilities", id != NULL ? id : "vulnerabilities",
                         "an SBOM carries no vulnerabilities: they change while it does not; put "
                         "them into a VEX file");
    }
}

static void creator(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *actual = NULL;
    if (!can_be_reached(json_object_get(component->json, "manufacturer"), &actual)) {
        cret_rules_fault(run, "manufacturer", actual,
                         "the creator of component %.200s has no e-mail address and no URL",
                         cret_rules_label(component));
    }
}

/* The value of a property that must be there exactly once; NULL where it is not, the fault is
 * added. The pointer stays at the property's value. */
static const char *one_property(struct cret_rules_run *run,
                                const struct cret_sbom_component *component, const char *name)
{
    const char *value = NULL;
    size_t found = 0, place = 0, index;
    json_t *property;
    json_array_foreach(json_object_get(component->json, "properties"), index, property)
    {
        const char *own = cret_json_string(property, "name");
        if (own != NULL && strcmp(own, name) == 0 && found++ == 0) {
            value = cret_json_string(property, "value");
            place = index;
        }
    }
    if (found != 1) {
        cret_rules_fault(run, "properties", found == 0 ? NULL : value,
                         found == 0 ? "component %.200s has no property %s"
                                    : "component %.200s has the property %s more than once",
                         cret_rules_label(component), name);
        return NULL;
    }
    cret_json_enter(&run->at, "properties");
    cret_json_enter_index(&run->at, place);
    cret_json_enter(&run->at, "value");
    return value != NULL ? value : "";
}

static void filename(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const size_t mark = cret_json_mark(&run->at);
    const char *value = one_property(run, component, "bsi:component:filename");
    if (value != NULL && (!cret_value_says(value) || strpbrk(value, "/\\") != NULL)) {
        cret_rules_fault(run, NULL, value, "this is not the name of a file, without its folder");
    }
    cret_json_leave(&run->at, mark);
}

static void choice(struct cret_rules_run *run, const struct cret_sbom_component *component,
                   const char *name, const char *first, const char *second)
{
    const size_t mark = cret_json_mark(&run->at);
    const char *value = one_property(run, component, name);
    if (value != NULL && strcmp(value, first) != 0 && strcmp(value, second) != 0) {
        cret_rules_fault(run, NULL, value, "%s is either \"%s\" or \"%s\"", name, first, second);
    }
    cret_json_leave(&run->at, mark);
}

static void executable(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:executable", "executable", "non-executable");
}

static void archive(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:archive", "archive", "no archive");
}

static void structured(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:structured", "structured", "unstructured");
}

static void completeness(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *reference = cret_json_string(component->json, "bom-ref");
    if (reference != NULL && json_object_get(run->stated, reference) == NULL) {
        cret_rules_fault(run, NULL, NULL,
                         "no composition says whether the dependencies of component %.200s are "
                         "complete",
                         cret_rules_label(component));
    }
}

/* Whether an entry of licenses[] names a licence as the guideline wants (6.1): by SPDX id or
 * expression, else by LicenseRef-. *ret_actual: what is there. */
static bool names_license(const json_t *entry, const char **ret_actual)
{
    const char *expression = cret_json_string(entry, "expression");
    const char *id = cret_json_string(entry, "license.id");
    const char *name = cret_json_string(entry, "license.name");
    *ret_actual = expression != NULL ? expression : id != NULL ? id : name;
    if (expression != NULL) {
        return cret_license_expression(expression);
    }
    return id != NULL ? cret_license_known(id)
                      : name != NULL && strncmp(name, "LicenseRef-", 11) == 0 &&
                            cret_license_expression(name);
}

/* Looks at the licences of one acknowledgement; returns how many there are. */
static size_t check_licenses(struct cret_rules_run *run,
                             const struct cret_sbom_component *component, const char *wanted)
{
    size_t count = 0, index;
    json_t *entry;
    const size_t list_mark = cret_json_enter(&run->at, "licenses");
    json_array_foreach(json_object_get(component->json, "licenses"), index, entry)
    {
        const char *own = cret_json_string(entry, "acknowledgement");
        const char *inner = cret_json_string(entry, "license.acknowledgement");
        const char *acknowledgement = inner != NULL ? inner : own;
        const char *actual = NULL;
        if (acknowledgement == NULL || strcmp(acknowledgement, wanted) != 0) {
            continue;
        }
        count++;
        if (!names_license(entry, &actual)) {
            const size_t mark = cret_json_enter_index(&run->at, index);
            cret_rules_fault(run, NULL, actual, "this names no licence by an SPDX identifier");
            cret_json_leave(&run->at, mark);
        }
    }
    cret_json_leave(&run->at, list_mark);
    return count;
}

static void distribution_license(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    if (check_licenses(run, component, "concluded") == 0) {
        cret_rules_fault(run, "licenses", NULL,
                         "component %.200s has no licence with acknowledgement \"concluded\"",
                         cret_rules_label(component));
    }
}

static void original_license(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    check_licenses(run, component, "declared");
}

static void effective_license(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    /* The guideline spells it one way, the BSI's property taxonomy the other. */
    static const char *const names[] = {"bsi:component:effectiveLicence",
                                        "bsi:component:effectiveLicense"};
    size_t found = 0, index;
    json_t *property;
    const size_t list_mark = cret_json_enter(&run->at, "properties");
    json_array_foreach(json_object_get(component->json, "properties"), index, property)
    {
        const char *name = cret_json_string(property, "name");
        const char *value = cret_json_string(property, "value");
        if (name == NULL || (strcmp(name, names[0]) != 0 && strcmp(name, names[1]) != 0)) {
            continue;
        }
        const size_t mark = cret_json_enter_index(&run->at, index);
        if (found++ > 0) {
            cret_rules_fault(run, "value", value, "the effective licence is given twice");
        } else if (value == NULL || !cret_license_expression(value)) {
            cret_rules_fault(run, "value", value, "this is no SPDX licence expression");
        }
        cret_json_leave(&run->at, mark);
    }
    cret_json_leave(&run->at, list_mark);
}

static bool is_type(const json_t *reference, const char *type)
{
    const char *own = cret_json_string(reference, "type");
    return own != NULL && strcmp(own, type) == 0;
}

static void deployable_hash(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *actual = NULL;
    size_t index, place;
    json_t *reference, *hash;
    json_array_foreach(json_object_get(component->json, "externalReferences"), index, reference)
    {
        if (!is_type(reference, "distribution")) {
            continue;
        }
        json_array_foreach(json_object_get(reference, "hashes"), place, hash)
        {
            const char *algorithm = cret_json_string(hash, "alg");
            const char *content = cret_json_string(hash, "content");
            if (algorithm != NULL && content != NULL && strcmp(algorithm, "SHA-512") == 0 &&
                cret_shape_hex(content, 128)) {
                return;
            }
            actual = algorithm;
        }
    }
    cret_rules_fault(run, "externalReferences", actual,
                     "component %.200s has no SHA-512 in a reference of type \"distribution\"",
                     cret_rules_label(component));
}

/* Every reference of a type leads somewhere. */
static void check_urls(struct cret_rules_run *run, const struct cret_sbom_component *component,
                       const char *type, bool (*accepts)(const char *text), const char *words)
{
    size_t index;
    json_t *reference;
    const size_t list_mark = cret_json_enter(&run->at, "externalReferences");
    json_array_foreach(json_object_get(component->json, "externalReferences"), index, reference)
    {
        const char *url = cret_json_string(reference, "url");
        if (is_type(reference, type) && (url == NULL || !accepts(url))) {
            const size_t mark = cret_json_enter_index(&run->at, index);
            cret_rules_fault(run, "url", url, "%s", words);
            cret_json_leave(&run->at, mark);
        }
    }
    cret_json_leave(&run->at, list_mark);
}

static bool is_uri(const char *text)
{
    return cret_format_accepts(CRET_FORMAT_URI, text);
}

static bool is_secure_url(const char *text)
{
    return strncmp(text, "https://", 8) == 0 && cret_value_url(text);
}

static void source_uri(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    check_urls(run, component, "source-distribution", is_uri,
               "the place of the source code is no URI");
}

static void deployable_uri(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    check_urls(run, component, "distribution", is_uri,
               "the place of the deployable form is no URI");
}

static void security_txt(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    check_urls(run, component, "rfc-9116", is_secure_url,
               "the place of security.txt is no https URL (RFC 9116)");
}

static void identifiers(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    cret_rules_identifiers(run, component);
}

static const struct cret_rule_row rows[] = {
    {{"BSI-01", "4 Format", "format of the SBOM", "CycloneDX 1.6 or newer (SPDX 3.0.1 or newer)"},
     CRET_RULE_DOCUMENT,
     true,
     cyclonedx_format,
     spdx_format,
     cret_rules_spdx3_bsi_01},
    {{"BSI-02", "3.1, 5.1", "one SBOM for one version of a product",
      "metadata.component; "
      "SPDX 3: one package in rootElement"},
     CRET_RULE_DOCUMENT,
     false,
     one_release,
     NULL,
     cret_rules_spdx3_bsi_02},
    {{"BSI-03", "5.2.1 Creator of the SBOM", "creator of the SBOM",
      "metadata.manufacturer with contact[].email, or else url[]; "
      "SPDX 3: createdBy a person or organization with an externalIdentifier email, or else "
      "urlScheme"},
     CRET_RULE_DOCUMENT,
     false,
     sbom_creator,
     NULL,
     cret_rules_spdx3_bsi_03},
    {{"BSI-04", "5.2.1 Timestamp", "time of the SBOM",
      "metadata.timestamp, RFC 3339, not before 2000; "
      "SPDX 3: created of the document's creationInfo"},
     CRET_RULE_DOCUMENT,
     false,
     cret_rules_cyclonedx_timestamp,
     NULL,
     cret_rules_spdx3_timestamp},
    {{"BSI-05", "5.2.3 SBOM-URI", "URI of the SBOM, if there is one",
      "a serialNumber urn:uuid: that is not all zeros; "
      "SPDX 3: the spdxId of the software_Sbom begins with https or urn"},
     CRET_RULE_DOCUMENT,
     false,
     sbom_uri,
     NULL,
     cret_rules_spdx3_bsi_05},
    {{"BSI-06", "3.1 (no vulnerability information)", "no vulnerabilities in the SBOM",
      "no vulnerabilities; a VEX file instead; "
      "SPDX 3: no element security_..., no hasAssociatedVulnerability"},
     CRET_RULE_DOCUMENT,
     false,
     no_vulnerabilities,
     NULL,
     cret_rules_spdx3_bsi_06},
    {{"BSI-07", "5.2.2 Dependencies", "no dependency on what is not there",
      "every ref and dependsOn is the bom-ref of a component or service, or a BOM-Link"},
     CRET_RULE_DOCUMENT,
     false,
     cret_rules_dangling,
     NULL,
     NULL},
    {{"BSI-08", "5.2.2 Component creator", "creator of each component",
      "manufacturer with contact[].email, or else url[]; "
      "SPDX 3: originatedBy, with an externalIdentifier email, urlScheme or other"},
     CRET_RULE_COMPONENT,
     false,
     creator,
     NULL,
     cret_rules_spdx3_bsi_08},
    {{"BSI-09", "5.2.2 Component name", "name of each component", "a name that is no placeholder"},
     CRET_RULE_COMPONENT,
     false,
     cret_rules_cyclonedx_name,
     NULL,
     cret_rules_cyclonedx_name},
    {{"BSI-10", "5.2.2 Component version", "version of each component",
      "a version that is no placeholder; "
      "SPDX 3: software_packageVersion"},
     CRET_RULE_COMPONENT,
     false,
     cret_rules_cyclonedx_version,
     NULL,
     cret_rules_spdx3_version},
    {{"BSI-11", "5.2.2 Filename of the component", "file name of each component",
      "one property bsi:component:filename, a name without folder; "
      "SPDX 3: name of the software_File that hasDistributionArtifact names"},
     CRET_RULE_FILE,
     false,
     filename,
     NULL,
     cret_rules_spdx3_bsi_11},
    {{"BSI-12", "5.2.2 Executable property", "whether each component is executable",
      "one property bsi:component:executable: executable, or non-executable"},
     CRET_RULE_FILE,
     false,
     executable,
     NULL,
     NULL},
    {{"BSI-13", "5.2.2 Archive property", "whether each component is an archive",
      "one property bsi:component:archive: archive, or no archive"},
     CRET_RULE_FILE,
     false,
     archive,
     NULL,
     NULL},
    {{"BSI-14", "5.2.2 Structured property", "whether each component is structured",
      "one property bsi:component:structured: structured, or unstructured; "
      "SPDX 3: one of container and firmware in software_additionalPurpose of the file"},
     CRET_RULE_FILE,
     false,
     structured,
     NULL,
     cret_rules_spdx3_bsi_14},
    {{"BSI-15", "5.2.2 Dependencies on other components", "dependencies of each component",
      "an entry in dependencies, of leaves too; "
      "SPDX 3: contains or dependsOn, of leaves to NoneElement"},
     CRET_RULE_INCLUDED,
     false,
     cret_rules_cyclonedx_depends,
     NULL,
     cret_rules_spdx3_bsi_15},
    {{"BSI-16", "5.2.2 Dependencies, completeness", "completeness of the dependencies",
      "a composition with an aggregate other than not_specified that lists the bom-ref in "
      "dependencies or assemblies; "
      "SPDX 3: completeness of each contains and dependsOn"},
     CRET_RULE_INCLUDED,
     false,
     completeness,
     NULL,
     cret_rules_spdx3_bsi_16},
    {{"BSI-17", "5.2.2 Distribution licences", "distribution licence of each component",
      "licenses with acknowledgement concluded: an id, an expression, or a name LicenseRef-...; "
      "SPDX 3: hasConcludedLicense"},
     CRET_RULE_INCLUDED,
     false,
     distribution_license,
     NULL,
     cret_rules_spdx3_bsi_17},
    {{"BSI-18", "5.2.2 Hash value of the deployable component", "SHA-512 of each component",
      "externalReferences of type distribution, with url and a SHA-512 in hashes; "
      "SPDX 3: a sha512 in verifiedUsing of the file"},
     CRET_RULE_FILE,
     false,
     deployable_hash,
     NULL,
     cret_rules_spdx3_bsi_18},
    {{"BSI-19", "5.2.4 Source code URI", "URI of the source code, if there is one",
      "externalReferences of type source-distribution, with a URI; "
      "SPDX 3: sourceArtifact of what generates it"},
     CRET_RULE_COMPONENT,
     false,
     source_uri,
     NULL,
     cret_rules_spdx3_bsi_19},
    {{"BSI-20", "5.2.4 URI of the deployable form", "URI of the deployable form",
      "externalReferences of type distribution, with a URI; "
      "SPDX 3: binaryArtifact of the file"},
     CRET_RULE_COMPONENT,
     false,
     deployable_uri,
     NULL,
     cret_rules_spdx3_bsi_20},
    {{"BSI-21", "5.2.4 Other unique identifiers", "identifiers, if there are any",
      "well-formed purl, cpe, swid.tagId, omniborId, swhid; "
      "SPDX 3: externalIdentifier and software_packageUrl"},
     CRET_RULE_COMPONENT,
     false,
     identifiers,
     NULL,
     identifiers},
    {{"BSI-22", "5.2.4 Original licences", "declared licence, if there is one",
      "licenses with acknowledgement declared: an id, an expression, or a name LicenseRef-...; "
      "SPDX 3: hasDeclaredLicense"},
     CRET_RULE_COMPONENT,
     false,
     original_license,
     NULL,
     cret_rules_spdx3_bsi_22},
    {{"BSI-23", "5.2.5 Effective licence", "effective licence, if there is one",
      "one property bsi:component:effectiveLicence (or effectiveLicense), an SPDX expression; "
      "SPDX 3: other with the comment hasEffectiveLicense"},
     CRET_RULE_COMPONENT,
     false,
     effective_license,
     NULL,
     cret_rules_spdx3_bsi_23},
    {{"BSI-24", "5.2.5 URL of the security.txt", "security.txt, if there is one",
      "externalReferences of type rfc-9116, with an https URL; "
      "SPDX 3: externalRef securityOther"},
     CRET_RULE_COMPONENT,
     false,
     security_txt,
     NULL,
     cret_rules_spdx3_bsi_24},
};

const struct cret_rules cret_rules_bsi = {rows, CRET_LENGTH(rows)};
