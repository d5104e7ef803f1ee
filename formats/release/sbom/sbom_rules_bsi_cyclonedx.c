/* SPDX-License-Identifier: Apache-2.0 */
/* BSI TR-03183-2 v2.1.0, chapter 8.1.14: its mapping to CycloneDX; property names of the BSI's
 * CycloneDX property taxonomy. */
#include <string.h>

#include "base/schema/schema.h"
#include "base/text/json.h"
#include "release/identifier/licenses.h"
#include "release/sbom/sbom_rules_bsi.h"

#define OLDEST_CYCLONEDX 6

void cret_rules_cyclonedx_bsi_01(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    (void)component;
    if (run->sbom->minor < OLDEST_CYCLONEDX) {
        cret_rules_fault(run, "specVersion", cret_json_string(run->sbom->json, "specVersion"),
                         "the guideline asks for CycloneDX 1.6 or newer; nothing else was looked "
                         "at");
    }
}

void cret_rules_cyclonedx_bsi_02(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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
    *ret_actual = cret_json_string(entity, "name");
    CRET_JSON_EACH (element, json_object_get(entity, "contact")) {
        const char *email = cret_json_string(element, "email");
        if (cret_value_email(email)) {
            return true;
        }
        *ret_actual = email != NULL ? email : *ret_actual;
    }
    CRET_JSON_EACH (element, json_object_get(entity, "url")) {
        if (cret_value_url(json_string_value(element))) {
            return true;
        }
        *ret_actual = json_string_value(element);
    }
    return false;
}

void cret_rules_cyclonedx_bsi_03(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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

void cret_rules_cyclonedx_bsi_05(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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

void cret_rules_cyclonedx_bsi_06(struct cret_rules_run *run,
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

void cret_rules_cyclonedx_bsi_08(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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
    size_t found = 0, place = 0;
    CRET_JSON_EACH_AT (index, property, json_object_get(component->json, "properties")) {
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

void cret_rules_cyclonedx_bsi_11(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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

void cret_rules_cyclonedx_bsi_12(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:executable", "executable", "non-executable");
}

void cret_rules_cyclonedx_bsi_13(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:archive", "archive", "no archive");
}

void cret_rules_cyclonedx_bsi_14(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    choice(run, component, "bsi:component:structured", "structured", "unstructured");
}

void cret_rules_cyclonedx_bsi_16(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
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
    size_t count = 0;
    const size_t list_mark = cret_json_enter(&run->at, "licenses");
    CRET_JSON_EACH_AT (index, entry, json_object_get(component->json, "licenses")) {
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

void cret_rules_cyclonedx_bsi_17(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    if (check_licenses(run, component, "concluded") == 0) {
        cret_rules_fault(run, "licenses", NULL,
                         "component %.200s has no licence with acknowledgement \"concluded\"",
                         cret_rules_label(component));
    }
}

void cret_rules_cyclonedx_bsi_22(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    check_licenses(run, component, "declared");
}

void cret_rules_cyclonedx_bsi_23(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    /* The guideline spells it one way, the BSI's property taxonomy the other. */
    static const char *const names[] = {"bsi:component:effectiveLicence",
                                        "bsi:component:effectiveLicense"};
    size_t found = 0;
    const size_t list_mark = cret_json_enter(&run->at, "properties");
    CRET_JSON_EACH_AT (index, property, json_object_get(component->json, "properties")) {
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

void cret_rules_cyclonedx_bsi_18(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    const char *actual = NULL;
    CRET_JSON_EACH (reference, json_object_get(component->json, "externalReferences")) {
        if (!is_type(reference, "distribution")) {
            continue;
        }
        CRET_JSON_EACH (hash, json_object_get(reference, "hashes")) {
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
    const size_t list_mark = cret_json_enter(&run->at, "externalReferences");
    CRET_JSON_EACH_AT (index, reference, json_object_get(component->json, "externalReferences")) {
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

void cret_rules_cyclonedx_bsi_19(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    check_urls(run, component, "source-distribution", is_uri,
               "the place of the source code is no URI");
}

void cret_rules_cyclonedx_bsi_20(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    check_urls(run, component, "distribution", is_uri,
               "the place of the deployable form is no URI");
}

void cret_rules_cyclonedx_bsi_24(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    check_urls(run, component, "rfc-9116", is_secure_url,
               "the place of security.txt is no https URL (RFC 9116)");
}
