/* SPDX-License-Identifier: Apache-2.0 */
/* CISA and partners, 2026 Minimum Elements for a Software Bill of Materials, document version 2.1:
 * its data fields as rules, and what of its practices a document can show. */
#include "release/sbom/sbom_rules_cisa.h"

#include <string.h>
#include <strings.h>

#include "base/text/json.h"

static void cyclonedx_author(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const char *old = cret_json_string(run->sbom->json, "metadata.manufacture.name");
    if (run->sbom->minor >= 6 || !cret_value_says(old)) {
        cret_rules_cyclonedx_author(run, component);
    }
}

/* The signature of a release covers each of its files. */
static void signature(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const json_t *own = run->sbom->kind == &cret_sbom_cyclonedx
                            ? json_object_get(run->sbom->json, "signature")
                            : NULL;
    (void)component;
    if (!run->sbom->released && cret_json_string(own, "value") == NULL &&
        json_array_size(json_object_get(own, "signers")) == 0 &&
        json_array_size(json_object_get(own, "chain")) == 0) {
        cret_rules_unseen(run, "the document bears no signature; in a release that of the release "
                               "covers it");
    }
}

static void cyclonedx_context(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    static const char *const phases[] = {"design",     "pre-build", "build",       "post-build",
                                         "operations", "discovery", "decommission"};
    (void)component;
    CRET_JSON_EACH (one, cret_json_get(run->sbom->json, "metadata.lifecycles")) {
        const char *phase = cret_json_string(one, "phase");
        for (size_t i = 0; phase != NULL && i < sizeof(phases) / sizeof(phases[0]); i++) {
            if (strcmp(phase, phases[i]) == 0) {
                return;
            }
        }
        if (cret_value_says(cret_json_string(one, "name"))) {
            return;
        }
    }
    const size_t mark = cret_json_enter(&run->at, "metadata");
    cret_rules_fault(run, "lifecycles", NULL,
                     run->sbom->minor < 5
                         ? "the SBOM does not say when in the lifecycle it was made (CycloneDX 1.5 "
                           "or newer can)"
                         : "the SBOM does not say when in the lifecycle it was made");
    cret_json_leave(&run->at, mark);
}

/* Whether a text has a word that is not part of another, in whichever case. */
static bool has_word(const char *text, const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const size_t size = strlen(word);
    for (const char *at = text; at != NULL && at[0] != '\0'; at++) {
        if (strncasecmp(at, word, size) == 0 && (at == text || strchr(letters, at[-1]) == NULL) &&
            (at[size] == '\0' || strchr(letters, at[size]) == NULL)) {
            return true;
        }
    }
    return false;
}

static void spdx_context(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    static const char *const words[] = {"build",  "pre-build", "post-build", "design",
                                        "source", "analyzed",  "deployed",   "runtime"};
    const char *comment = cret_json_string(run->sbom->json, "creationInfo.comment");
    const char *other = cret_json_string(run->sbom->json, "comment");
    (void)component;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (has_word(comment, words[i]) || has_word(other, words[i])) {
            return;
        }
    }
    const size_t mark = cret_json_enter(&run->at, "creationInfo");
    cret_rules_fault(run, "comment", comment,
                     "the SBOM does not say when in the lifecycle it was made");
    cret_json_leave(&run->at, mark);
}

static void spdx3_context(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const struct cret_spdx3_element *sbom = cret_rules_spdx3_sbom(run->sbom->spdx3);
    if (sbom != NULL && json_array_size(json_object_get(sbom->json, "software_sbomType")) == 0) {
        cret_rules_at_place(run, sbom->place);
        cret_rules_fault(run, "software_sbomType", NULL,
                         "the SBOM does not say when in the lifecycle it was made");
        cret_rules_back(run, component);
    }
}

/* Tools of a document: how many have a name, and one that has no version. */
struct tools {
    size_t named;
    bool unknown;        /* a version is said to be unknown */
    const char *without; /* the name of one without a version, or NULL */
};

static void add_tool(struct tools *tools, const char *name, bool versioned, bool unknown)
{
    if (cret_value_says(name)) {
        tools->named++;
        tools->unknown |= unknown;
        tools->without = versioned || unknown ? tools->without : name;
    }
}

static void add_tools(struct tools *tools, const json_t *list)
{
    CRET_JSON_EACH (one, list) {
        const char *version = cret_json_string(one, "version");
        add_tool(tools, cret_json_string(one, "name"), cret_value_says(version),
                 cret_value_unknown(version));
    }
}

/* A version as a part of a tool's name: behind the first part one that begins with a digit. */
static void add_named(struct tools *tools, const char *name, bool known)
{
    static const char apart[] = " -_/@(:";
    bool versioned = known, unknown = false;
    const char *at = name != NULL ? name + strcspn(name, apart) : "";
    while (at[0] != '\0') {
        at += strspn(at, apart);
        const char *digit = at + (at[0] == 'v' || at[0] == 'V' ? 1 : 0);
        versioned |= digit[0] >= '0' && digit[0] <= '9';
        unknown |= cret_value_unknown(at);
        at += strcspn(at, apart);
    }
    add_tool(tools, name, versioned, unknown);
}

static bool has_versioned_purl(const json_t *tool)
{
    size_t at = 0;
    const char *purl = cret_sbom_spdx3.purl(tool, &at);
    return purl != NULL && strchr(purl, '@') != NULL;
}

static struct tools find_tools(const struct cret_rules_run *run)
{
    const struct cret_sbom *sbom = run->sbom;
    struct tools tools = {0};
    if (sbom->kind == &cret_sbom_cyclonedx) {
        const json_t *list = cret_json_get(sbom->json, "metadata.tools");
        add_tools(&tools, list);
        add_tools(&tools, json_object_get(list, "components"));
        add_tools(&tools, json_object_get(list, "services"));
        return tools;
    }
    if (sbom->spdx3 != NULL) {
        CRET_JSON_EACH (one, json_object_get(sbom->spdx3->creation, "createdUsing")) {
            const struct cret_spdx3_element *tool =
                cret_spdx3_find(sbom->spdx3, json_string_value(one));
            if (tool != NULL) {
                add_named(&tools, cret_json_string(tool->json, "name"),
                          has_versioned_purl(tool->json));
            }
        }
        return tools;
    }
    CRET_JSON_EACH (one, cret_json_get(sbom->json, "creationInfo.creators")) {
        const char *text = json_string_value(one);
        if (text != NULL && strncmp(text, "Tool: ", 6) == 0) {
            add_named(&tools, text + 6, false);
        }
    }
    return tools;
}

/* A fault where the document names its tools. */
static void tool_fault(struct cret_rules_run *run, const char *actual, const char *reason)
{
    const bool cyclonedx = run->sbom->kind == &cret_sbom_cyclonedx;
    if (run->sbom->spdx3 != NULL) {
        cret_rules_at_creation(run);
        cret_rules_fault(run, "createdUsing", actual, "%s", reason);
        cret_rules_back(run, NULL);
        return;
    }
    const size_t mark = cret_json_enter(&run->at, cyclonedx ? "metadata" : "creationInfo");
    cret_rules_fault(run, cyclonedx ? "tools" : "creators", actual, "%s", reason);
    cret_json_leave(&run->at, mark);
}

static void tool_name(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const struct tools tools = find_tools(run);
    (void)component;
    if (tools.named == 0) {
        tool_fault(run, NULL, "no tool is named with which the SBOM was made");
    }
}

static void tool_version(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const struct tools tools = find_tools(run);
    const bool declared = tools.unknown || cret_cisa_declares(run, component, "SBOM Tool Version");
    if (tools.without != NULL && !cret_cisa_declares(run, component, "SBOM Tool Version")) {
        tool_fault(run, tools.without, "a tool is named without its version");
    } else if (declared) {
        cret_rules_declare(run);
    }
}

static void cyclonedx_number(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    static const char nil[] = "urn:uuid:00000000-0000-0000-0000-000000000000";
    const char *serial = cret_json_string(run->sbom->json, "serialNumber");
    (void)component;
    if (json_object_get(run->sbom->json, "version") == NULL &&
        (serial == NULL || strcmp(serial, nil) == 0)) {
        cret_rules_fault(run, "version", serial,
                         "neither a version nor a serial number tells this SBOM from another");
    }
}

/* Fields that are neither given nor declared, of the rules that allow a declaration. */
static void silence(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    static const char *const rules[] = {"CISA-10", "CISA-12", "CISA-14", "CISA-15", "CISA-17"};
    size_t silent = 0;
    (void)component;
    for (size_t i = 0; i < run->faults->count; i++) {
        const struct cret_sbom_fault *fault = &run->faults->list[i];
        for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
            silent += fault->actual == NULL && strcmp(fault->rule->id, rules[k]) == 0 ? 1u : 0u;
        }
    }
    if (silent > 0) {
        cret_rules_fault(run, NULL, NULL,
                         "%zu fields of components are neither given nor said to be unknown or "
                         "withheld",
                         silent);
    }
}

static void cyclonedx_coverage(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *root = cret_json_string(run->sbom->components.root, "bom-ref");
    const char *aggregate =
        root != NULL ? json_string_value(json_object_get(run->stated, root)) : NULL;
    (void)component;
    if (aggregate == NULL) {
        cret_rules_fault(run, "compositions", NULL,
                         "nothing says whether the product has more components than are listed");
    } else if (strcmp(aggregate, "complete") != 0) {
        cret_rules_declare(run);
    }
}

static void spdx_coverage(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    cret_rules_unseen(run, "an SPDX 2 document cannot say whether it lists all components");
}

static void spdx3_coverage(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const struct cret_spdx3 *spdx3 = run->sbom->spdx3;
    const char *root = cret_json_string(run->sbom->components.root, "spdxId");
    const struct cret_spdx3_element *relation;
    size_t at = 0, stated = 0;
    bool open = false, silent = false;
    while ((relation = cret_spdx3_relation(spdx3, root, NULL, &at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        const char *word = cret_json_string(relation->json, "completeness");
        if (type != NULL && cret_spdx3_is_dependency(type) &&
            strcmp(type, "hasDistributionArtifact") != 0) {
            stated += word != NULL ? 1u : 0u;
            silent |= word == NULL;
            open |= word != NULL && strcmp(word, "complete") != 0;
        }
    }
    if (stated == 0 || silent) {
        cret_rules_back(run, cret_sbom_root(run->sbom));
        cret_rules_fault(run, NULL, NULL,
                         "no completeness says whether the product has more components than are "
                         "listed");
        cret_rules_back(run, component);
    } else if (open) {
        cret_rules_declare(run);
    }
}

#define OF(number, title, passes)                                                                  \
    {                                                                                              \
        "CISA-" number, "2026, " title, title, passes                                              \
    }
static const struct cret_rule_row rows[] = {
    {OF("01", "SBOM Author",
        "CycloneDX: metadata.authors with a name or e-mail, or metadata.manufacturer.name; SPDX 2: "
        "a creator \"Person: NAME\" or \"Organization: NAME\"; SPDX 3: createdBy a person or "
        "organization with a name"),
     CRET_RULE_DOCUMENT, false, cyclonedx_author, cret_rules_spdx_author, cret_rules_spdx3_author,
     0, NULL},
    {OF("02", "SBOM Author Signature",
        "the signature of the release; of a bare CycloneDX document its own signature; else it is "
        "not checked"),
     CRET_RULE_DOCUMENT, false, signature, signature, signature, 0,
     "each format: a bare document without a signature is NOT_CHECKED"},
    {OF("03", "SBOM Data Format Name", "a document that is read here"), CRET_RULE_DOCUMENT, false,
     NULL, NULL, NULL, 0, "each format: a document of another format is a fault of `sbom.form`"},
    {OF("04", "SBOM Data Format Version", "a version that is read here"), CRET_RULE_DOCUMENT, false,
     NULL, NULL, NULL, 0, "each format: a document of another version is a fault of `sbom.form`"},
    {OF("05", "SBOM Generation Context",
        "CycloneDX: a phase or name in metadata.lifecycles; SPDX 2: the word build, design, "
        "source, "
        "analyzed, deployed or runtime in creationInfo.comment; SPDX 3: software_sbomType"),
     CRET_RULE_DOCUMENT, false, cyclonedx_context, spdx_context, spdx3_context, 0, NULL},
    {OF("06", "SBOM Timestamp",
        "CycloneDX: metadata.timestamp; SPDX: created of the document's creationInfo; RFC 3339, "
        "not "
        "before 2000"),
     CRET_RULE_DOCUMENT, false, cret_rules_cyclonedx_timestamp, cret_rules_spdx_timestamp,
     cret_rules_spdx3_timestamp, 0, NULL},
    {OF("07", "SBOM Tool Name",
        "CycloneDX: a name in metadata.tools; SPDX 2: a creator \"Tool: NAME-VERSION\"; SPDX 3: "
        "createdUsing a Tool with a name"),
     CRET_RULE_DOCUMENT, false, tool_name, tool_name, tool_name, 0, NULL},
    {OF("08", "SBOM Tool Version",
        "CycloneDX: version of each tool; SPDX: a version as part of each tool's name, in SPDX 3 "
        "also in its package URL; or said to be unknown"),
     CRET_RULE_DOCUMENT, false, tool_version, tool_version, tool_version, CRET_IN_EACH, NULL},
    {OF("09", "SBOM Version",
        "CycloneDX: version or serialNumber; SPDX always has its namespace or id"),
     CRET_RULE_DOCUMENT, false, cyclonedx_number, NULL, NULL, 0,
     "SPDX: a document without namespace or id is a fault of `sbom.form`"},
    {OF("10", "Component Producer",
        "CycloneDX: manufacturer, authors, author, publisher or supplier; SPDX 2: originator or "
        "supplier; SPDX 3: originatedBy or suppliedBy; with a name, or said to be unknown"),
     CRET_RULE_COMPONENT, false, cret_cisa_producer, cret_cisa_producer, cret_cisa_producer,
     CRET_IN_EACH, NULL},
    {OF("11", "Component Dependency Relationship",
        "CycloneDX: an entry in dependencies, or a composition; SPDX: a relationship DEPENDS_ON, "
        "CONTAINS or the like; said to be unknown: unknown or incomplete, NOASSERTION"),
     CRET_RULE_COMPONENT, false, cret_cisa_depends, cret_cisa_depends, cret_cisa_depends,
     CRET_IN_EACH, NULL},
    {OF("12", "Component Hash Value",
        "CycloneDX: hashes; SPDX 2: checksums; SPDX 3: verifiedUsing, also of the file that "
        "hasDistributionArtifact names"),
     CRET_RULE_PHYSICAL, false, cret_cisa_hash, cret_cisa_hash, cret_cisa_hash, CRET_IN_CYCLONEDX,
     NULL},
    {OF("13", "Component Hash Algorithm", "one hash of the SHA-2 or SHA-3 family, if there is any"),
     CRET_RULE_PHYSICAL, false, cret_cisa_algorithm, cret_cisa_algorithm, cret_cisa_algorithm, 0,
     NULL},
    {OF("14", "Component Identifiers",
        "a well-formed purl, CPE, SWID tag, gitoid or SWHID, or a property "
        "cdx:cisa:component-identifier; said to be unknown by property"),
     CRET_RULE_COMPONENT, false, cret_cisa_identifier, cret_cisa_identifier, cret_cisa_identifier,
     CRET_IN_CYCLONEDX, NULL},
    {OF("15", "Component License",
        "CycloneDX: licenses; SPDX 2: licenseDeclared or licenseConcluded; SPDX 3: "
        "hasDeclaredLicense or hasConcludedLicense; NONE is an answer; said to be unknown: "
        "NOASSERTION"),
     CRET_RULE_COMPONENT, false, cret_cisa_license, cret_cisa_license, cret_cisa_license,
     CRET_IN_EACH, NULL},
    {OF("16", "Component Name", "a name that is no placeholder"), CRET_RULE_COMPONENT, false,
     cret_rules_cyclonedx_name, cret_rules_cyclonedx_name, cret_rules_cyclonedx_name, 0, NULL},
    {OF("17", "Component Version",
        "CycloneDX: version, or versionRange; SPDX 2: versionInfo; SPDX 3: "
        "software_packageVersion; "
        "or said to be unknown"),
     CRET_RULE_COMPONENT, false, cret_cisa_version, cret_cisa_version, cret_cisa_version,
     CRET_IN_EACH, NULL},
    {OF("18", "Explicitly Identifying Unknown Information",
        "no field of CISA-10, 12, 14, 15 and 17 that is neither given nor said to be unknown or "
        "withheld"),
     CRET_RULE_DOCUMENT, false, silence, silence, silence, 0, NULL},
    {OF("19", "Coverage",
        "CycloneDX: a composition of the root with aggregate complete; SPDX 3: completeness "
        "complete "
        "of its relationships; or said to be incomplete or unknown; SPDX 2 is not checked"),
     CRET_RULE_DOCUMENT, false, cyclonedx_coverage, spdx_coverage, spdx3_coverage,
     CRET_IN_CYCLONEDX | CRET_IN_SPDX3, "SPDX 2: it has no word for it, which is NOT_CHECKED"},
};

const struct cret_rules cret_rules_cisa = {rows, sizeof(rows) / sizeof(rows[0])};
