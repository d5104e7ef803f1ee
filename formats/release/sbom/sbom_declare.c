/* SPDX-License-Identifier: Apache-2.0 */
/* What an SBOM leaves open, said to be unknown: nothing is made up, and nothing stays silent. */
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/sbom/sbom_complete_spdx3.h"
#include "release/sbom/sbom_rules.h"

#define UNKNOWN "cdx:cisa:unknown-information"

/* One run over the faults of a profile. */
struct declaring {
    struct cret_completion completion;
    json_t *places;       /* pointer to number of the component */
    json_t *dependencies; /* references whose dependencies are not known, as members */
    bool coverage;        /* nor whether the product has more components */
    size_t done;          /* of the rule */
};

typedef void declare(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault);

static json_t *member_list(struct declaring *run, json_t *object, const char *member)
{
    json_t *list = json_object_get(object, member);
    if (list == NULL) {
        list = json_array();
        run->completion.failed |= json_object_set_new(object, member, list) != 0;
    }
    return run->completion.failed ? NULL : list;
}

static json_t *member_object(struct declaring *run, json_t *object, const char *member)
{
    json_t *inner = json_object_get(object, member);
    if (inner == NULL) {
        inner = json_object();
        run->completion.failed |= json_object_set_new(object, member, inner) != 0;
    }
    return run->completion.failed ? NULL : inner;
}

static void append(struct declaring *run, json_t *list, json_t *value)
{
    run->completion.failed |= list == NULL || json_array_append_new(list, value) != 0;
    run->done++;
}

/* The property that says that a field is unknown, of a component or of metadata. */
static void by_property(struct declaring *run, json_t *component,
                        const struct cret_sbom_fault *fault)
{
    json_t *holder =
        component != NULL ? component : member_object(run, run->completion.sbom->json, "metadata");
    if (fault->actual == NULL || component == NULL) {
        append(run, holder != NULL ? member_list(run, holder, "properties") : NULL,
               json_pack("{s:s, s:s}", "name", UNKNOWN, "value", fault->rule->title));
    }
}

/* SPDX has a word for it. */
static void by_word(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    static const char *const members[][2] = {
        {"CISA-10", "originator"}, {"CISA-15", "licenseDeclared"}, {"CISA-17", "versionInfo"}};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (component != NULL && fault->actual == NULL &&
            strcmp(members[i][0], fault->rule->id) == 0) {
            run->completion.failed |=
                json_object_set_new(component, members[i][1], json_string("NOASSERTION")) != 0;
            run->done++;
        }
    }
}

/* Nobody said what a component depends on. */
static void dependencies_of(struct declaring *run, json_t *component,
                            const struct cret_sbom_fault *fault)
{
    const struct cret_sbom *sbom = run->completion.sbom;
    const char *reference = cret_json_string(component, sbom->kind->reference);
    (void)fault;
    if (reference == NULL) {
        return;
    }
    if (sbom->kind == &cret_sbom_spdx) {
        append(run, member_list(run, sbom->json, "relationships"),
               json_pack("{s:s, s:s, s:s}", "spdxElementId", reference, "relationshipType",
                         "DEPENDS_ON", "relatedSpdxElement", "NOASSERTION"));
        return;
    }
    run->done++;
    run->completion.failed |= json_object_set_new(run->dependencies, reference, json_true()) != 0;
}

/* An entry in the graph for it; that it is empty is no statement beside the composition that says
 * unknown. */
static void empty_entry(struct declaring *run, json_t *component,
                        const struct cret_sbom_fault *fault)
{
    const char *reference = cret_json_string(component, "bom-ref");
    /* Of the product not even that: who reads the graph alone would take it for a whole. */
    if (reference != NULL && component != run->completion.sbom->components.root) {
        append(run, member_list(run, run->completion.sbom->json, "dependencies"),
               json_pack("{s:s}", "ref", reference));
        dependencies_of(run, component, fault);
        run->done--;
    }
}

static void coverage(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    (void)component, (void)fault;
    run->coverage = true;
    run->done++;
}

/* Name and contact of the manufacturer: an e-mail address, or a URL. */
static void set_entity(struct declaring *run, json_t *holder, const char *member)
{
    const char *contact = run->completion.facts->contact;
    const char *vendor = run->completion.facts->vendor;
    json_t *entity = member_object(run, holder, member);
    const char *name = cret_json_string(entity, "name");
    if (entity == NULL || (name != NULL && strcmp(name, vendor) != 0)) {
        return; /* of somebody else nothing is known here */
    }
    json_t *before = json_deep_copy(entity);
    run->completion.failed |= json_object_set_new(entity, "name", json_string(vendor)) != 0;
    if (contact != NULL && strchr(contact, '@') != NULL && strchr(contact, ':') == NULL) {
        run->completion.failed |=
            json_object_set_new(entity, "contact", json_pack("[{s:s}]", "email", contact)) != 0;
    } else if (contact != NULL && strncmp(contact, "https://", 8) == 0) {
        run->completion.failed |=
            json_object_set_new(entity, "url", json_pack("[s]", contact)) != 0;
    }
    run->done += json_equal(before, entity) ? 0u : 1u;
    json_decref(before);
}

static void author(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    json_t *sbom = run->completion.sbom->json;
    (void)component, (void)fault;
    if (run->completion.sbom->kind == &cret_sbom_spdx) {
        char text[1100];
        snprintf(text, sizeof(text), "Organization: %s", run->completion.facts->vendor);
        json_t *info = member_object(run, sbom, "creationInfo");
        append(run, info != NULL ? member_list(run, info, "creators") : NULL, json_string(text));
        return;
    }
    json_t *metadata = member_object(run, sbom, "metadata");
    if (metadata != NULL && run->completion.sbom->minor >= 6) {
        set_entity(run, metadata, "manufacturer");
    } else if (metadata != NULL) {
        append(run, member_list(run, metadata, "authors"),
               json_pack("{s:s}", "name", run->completion.facts->vendor));
    }
}

/* Only of the product its creator is known. */
static void creator(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    (void)fault;
    if (component == run->completion.sbom->components.root) {
        set_entity(run, component, "manufacturer");
    }
}

/* Completed after the build: that much is certain, whatever the tool before did. */
static void context(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    json_t *sbom = run->completion.sbom->json;
    (void)component, (void)fault;
    if (run->completion.sbom->kind == &cret_sbom_spdx) {
        static const char said[] = "Completed post-build, from the files of the release.";
        char text[4096];
        json_t *info = member_object(run, sbom, "creationInfo");
        const char *before = cret_json_string(info, "comment");
        if (info != NULL && (before == NULL || strlen(before) + sizeof(said) < sizeof(text))) {
            snprintf(text, sizeof(text), "%s%s%s", before != NULL ? before : "",
                     before != NULL ? " " : "", said);
            run->completion.failed |= json_object_set_new(info, "comment", json_string(text)) != 0;
            run->done++;
        }
    } else if (run->completion.sbom->minor >= 5) {
        json_t *metadata = member_object(run, sbom, "metadata");
        append(run, metadata != NULL ? member_list(run, metadata, "lifecycles") : NULL,
               json_pack("{s:s}", "phase", "post-build"));
    }
}

/* Where no tool is named, at least this one was used. */
static void tool(struct declaring *run, json_t *component, const struct cret_sbom_fault *fault)
{
    json_t *sbom = run->completion.sbom->json;
    const char *version = run->completion.facts->tool_version;
    (void)component, (void)fault;
    if (run->completion.sbom->kind == &cret_sbom_spdx) {
        char text[100];
        snprintf(text, sizeof(text), "Tool: cretula-sign-%.60s", version);
        json_t *info = member_object(run, sbom, "creationInfo");
        append(run, info != NULL ? member_list(run, info, "creators") : NULL, json_string(text));
        return;
    }
    json_t *metadata = member_object(run, sbom, "metadata");
    if (metadata == NULL) {
        return;
    }
    if (run->completion.sbom->minor < 5 || json_is_array(json_object_get(metadata, "tools"))) {
        append(run, member_list(run, metadata, "tools"),
               json_pack("{s:s, s:s}", "name", "cretula-sign", "version", version));
        return;
    }
    json_t *tools = member_object(run, metadata, "tools");
    append(run, tools != NULL ? member_list(run, tools, "components") : NULL,
           json_pack("{s:s, s:s, s:s}", "type", "application", "name", "cretula-sign", "version",
                     version));
}

static const struct {
    const char *profile, *rule;
    declare *cyclonedx, *spdx;
    const char *words; /* what was done, for people */
} rows[] = {
    {"cisa-2026", "CISA-01", author, author, "the manufacturer, as the release names it"},
    {"cisa-2026", "CISA-05", context, context, "completed after the build"},
    {"cisa-2026", "CISA-07", tool, tool, "cretula-sign"},
    {"cisa-2026", "CISA-08", by_property, NULL, "said to be unknown"},
    {"cisa-2026", "CISA-10", by_property, by_word, "said to be unknown"},
    {"cisa-2026", "CISA-12", by_property, NULL, "said to be unknown"},
    {"cisa-2026", "CISA-14", by_property, NULL, "said to be unknown"},
    {"cisa-2026", "CISA-15", by_property, by_word, "said to be unknown"},
    {"cisa-2026", "CISA-17", by_property, by_word, "said to be unknown"},
    {"cisa-2026", "CISA-11", dependencies_of, dependencies_of, "said to be unknown"},
    {"cisa-2026", "CISA-19", coverage, NULL, "said to be unknown"},
    {"bsi", "BSI-03", author, NULL, "the manufacturer, as the release names it"},
    {"bsi", "BSI-08", creator, NULL, "the manufacturer, of the product"},
    {"bsi", "BSI-15", empty_entry, NULL, "an entry, and said to be unknown"},
    {"bsi", "BSI-16", dependencies_of, NULL, "said to be unknown"},
};

/* The component that a fault is at, or in; NULL: the document. */
static json_t *place_of(const struct declaring *run, const struct cret_sbom_fault *fault)
{
    char pointer[512];
    if (snprintf(pointer, sizeof(pointer), "%s", fault->pointer) >= (int)sizeof(pointer)) {
        return NULL;
    }
    for (;;) {
        const json_t *number = json_object_get(run->places, pointer);
        char *end = strrchr(pointer, '/');
        if (number != NULL) {
            const struct cret_sbom *sbom = run->completion.sbom;
            return (json_t *)(uintptr_t)sbom->components.list[json_integer_value(number)].json;
        }
        if (end == NULL) {
            return NULL;
        }
        *end = '\0';
    }
}

static void run_rule(struct declaring *run, size_t row, const struct cret_sbom_faults *faults)
{
    const bool spdx = run->completion.sbom->kind == &cret_sbom_spdx;
    declare *act = spdx ? rows[row].spdx : rows[row].cyclonedx;
    const char *title = NULL;
    run->done = 0;
    for (size_t i = 0; act != NULL && i < faults->count && !run->completion.failed; i++) {
        if (strcmp(faults->list[i].rule->id, rows[row].rule) == 0) {
            title = faults->list[i].rule->title;
            act(run, place_of(run, &faults->list[i]), &faults->list[i]);
        }
    }
    if (run->done > 0) {
        cret_completion_note(&run->completion, "%s %s: %s (%zu %s)", rows[row].rule, title,
                             rows[row].words, run->done, cret_plural(run->done, "place", "places"));
    }
}

/* The composition of all whose dependencies, or parts, are not known. */
static void add_composition(struct declaring *run)
{
    struct cret_build made = cret_build_object();
    const struct cret_sbom *sbom = run->completion.sbom;
    const char *root = cret_json_string(sbom->components.root, "bom-ref");
    cret_build_string(&made, "aggregate", "unknown");
    if (run->coverage && root != NULL) {
        cret_build_append(&made, "assemblies", root);
    }
    CRET_JSON_MEMBERS (reference, value, run->dependencies) {
        cret_build_append(&made, "dependencies", reference);
    }
    json_t *composition = cret_build_end(&made);
    if (composition == NULL || json_object_size(composition) == 1) {
        run->completion.failed |= composition == NULL;
        json_decref(composition);
        return;
    }
    append(run, member_list(run, sbom->json, "compositions"), composition);
}

static enum cret_status run_profile(struct declaring *run, const char *name, struct cret_err *err)
{
    const struct cret_sbom_profile *profile = cret_sbom_profile_find(name);
    struct cret_sbom_faults faults;
    if (cret_sbom_judge(run->completion.sbom, profile, &faults, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].profile, name) == 0) {
            run_rule(run, i, &faults);
        }
    }
    cret_sbom_faults_free(&faults);
    return run->completion.failed ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_sbom_declare(struct cret_sbom *sbom, const struct cret_sbom_facts *facts,
                                   json_t *changes, struct cret_err *err)
{
    struct declaring run = {.completion = {.sbom = sbom, .facts = facts, .changes = changes},
                            .places = json_object(),
                            .dependencies = json_object()};
    enum cret_status status = CRET_FAILED;
    if (sbom->kind == &cret_sbom_spdx3) {
        json_decref(run.places);
        json_decref(run.dependencies);
        return cret_completion_declare_spdx3(&run.completion, err);
    }
    run.completion.failed = run.places == NULL || run.dependencies == NULL;
    for (size_t i = 0; i < sbom->components.count && !run.completion.failed; i++) {
        run.completion.failed = json_object_set_new(run.places, sbom->components.list[i].pointer,
                                                    json_integer((json_int_t)i)) != 0;
    }
    if (run.completion.failed) {
        cret_err_memory(err);
    } else if (run_profile(&run, "cisa-2026", err) == CRET_OK &&
               (sbom->kind != &cret_sbom_cyclonedx || run_profile(&run, "bsi", err) == CRET_OK)) {
        if (sbom->kind == &cret_sbom_cyclonedx) {
            add_composition(&run);
        }
        cret_completion_unsign(&run.completion);
        status = run.completion.failed ? cret_err_memory(err) : CRET_OK;
    }
    json_decref(run.places);
    json_decref(run.dependencies);
    return status;
}
