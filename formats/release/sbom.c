/* SPDX-License-Identifier: Apache-2.0 */
#include "release/sbom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/limits.h"
#include "release/manifest_internal.h"
#include "release/sbom_internal.h"

bool cret_sbom_wanted(const struct cret_manifest *manifest, size_t *ret_entry)
{
    const char *file = cret_json_string(manifest->json, "sbom.file");
    const struct cret_entry *entry =
        file != NULL ? cret_manifest_entry(manifest->entries, manifest->file_count, file) : NULL;
    if (entry == NULL || entry->size > CRET_LIMIT_PARSED_FILE_BYTES) {
        return false;
    }
    *ret_entry = (size_t)(entry - manifest->entries);
    return true;
}

enum cret_status cret_sbom_add(struct cret_sbom_components *components, const json_t *json,
                               const struct cret_shape_run *run)
{
    if (components->count == components->capacity) {
        const size_t capacity = components->capacity > 0 ? 2 * components->capacity : 64;
        struct cret_sbom_component *list =
            reallocarray(components->list, capacity, sizeof(*components->list));
        if (list == NULL) {
            return CRET_FAILED;
        }
        components->list = list;
        components->capacity = capacity;
    }
    char *pointer = strdup(run->pointer.data != NULL ? run->pointer.data : "");
    if (pointer == NULL || run->failed) {
        free(pointer);
        return CRET_FAILED;
    }
    components->list[components->count++] =
        (struct cret_sbom_component){.json = json, .pointer = pointer};
    return CRET_OK;
}

static void components_free(struct cret_sbom_components *components)
{
    for (size_t i = 0; i < components->count; i++) {
        free(components->list[i].pointer);
    }
    free(components->list);
}

/* Ways to name a component, in the order in which they are tried. */
enum { NAME_REFERENCE, NAME_PURL, NAME_LABEL, NAME_WAYS };

/* One check of one SBOM. */
struct binding {
    const struct cret_manifest *manifest;
    const struct cret_sbom_kind *kind;
    const struct cret_sbom_components *components;
    json_t *names[NAME_WAYS];   /* objects: name to number of the component */
    struct cret_shape_run *run; /* check sbom.binding; pointers into the SBOM */
    size_t bound;               /* binds[] that hold */
    bool root_bound;            /* one of them names the root component */
};

/* Places run->pointer on a component; NULL: on the document. */
static void point_at(struct cret_shape_run *run, const struct cret_sbom_component *component)
{
    cret_shape_leave(run, 0);
    if (component != NULL) {
        cret_buffer_append(&run->pointer, component->pointer, strlen(component->pointer));
        run->failed = run->failed || run->pointer.failed;
    }
}

static const struct cret_sbom_component *root_component(const struct binding *binding)
{
    for (size_t i = 0; i < binding->components->count; i++) {
        if (binding->components->list[i].json == binding->components->root) {
            return &binding->components->list[i];
        }
    }
    return NULL;
}

/* What the hashes of a component say. */
struct hashes {
    size_t sha256; /* how many */
    bool sha512, any;
    const char *value; /* the first SHA-256 */
    size_t index;      /* its place in the list */
};

static bool hex_equal(const char *left, const char *right)
{
    return left != NULL && strcasecmp(left, right) == 0;
}

static struct hashes read_hashes(const struct binding *binding, const json_t *component)
{
    struct hashes hashes = {0};
    size_t index;
    json_t *hash;
    json_array_foreach(json_object_get(component, binding->kind->hashes), index, hash)
    {
        const char *algorithm = cret_json_string(hash, binding->kind->algorithm);
        if (algorithm == NULL) {
            continue;
        }
        hashes.any = true;
        hashes.sha512 = hashes.sha512 || strcmp(algorithm, binding->kind->sha512) == 0;
        if (strcmp(algorithm, binding->kind->sha256) == 0) {
            if (hashes.sha256++ == 0) {
                hashes.value = cret_json_string(hash, binding->kind->value);
                hashes.index = index;
            }
        }
    }
    return hashes;
}

/* A component must have exactly one SHA-256. Adds the fault at run->pointer where it has not. */
static bool has_sha256(const struct binding *binding, const struct hashes *hashes,
                       const char *subject)
{
    if (hashes->sha256 == 1 && hashes->value != NULL) {
        return true;
    }
    if (hashes->sha256 > 1) {
        cret_shape_fault(binding->run, binding->kind->hashes, "one SHA-256", "several",
                         "%s has more than one SHA-256", subject);
    } else if (hashes->sha512) {
        cret_shape_fault(binding->run, binding->kind->hashes, "a SHA-256", "SHA-512 only",
                         "%s has a SHA-512 but no SHA-256, which is what the manifest vouches for: "
                         "add the SHA-256 to the SBOM",
                         subject);
    } else {
        cret_shape_fault(binding->run, binding->kind->hashes, "a SHA-256",
                         hashes->any ? "other hashes only" : "none",
                         "%s has no SHA-256, so that nothing ties it to the signed bytes: add the "
                         "SHA-256 of its file to the SBOM",
                         subject);
    }
    return false;
}

static void hash_fault(const struct binding *binding, const struct hashes *hashes,
                       const char *expected, const char *subject, const char *file)
{
    const size_t mark = cret_shape_enter(binding->run, binding->kind->hashes);
    (void)cret_shape_enter_index(binding->run, hashes->index);
    cret_shape_fault(binding->run, binding->kind->value, expected, hashes->value,
                     "%s has another SHA-256 than %s", subject, file);
    cret_shape_leave(binding->run, mark);
}

/* Notes that `text` names the component of that number; of several the number of them is kept,
 * below zero. */
static int add_name(json_t *names, const char *text, size_t component)
{
    if (text == NULL) {
        return 0;
    }
    json_t *known = json_object_get(names, text);
    if (known == NULL) {
        return json_object_set_new(names, text, json_integer((json_int_t)component));
    }
    const json_int_t number = json_integer_value(known);
    if (number == (json_int_t)component) {
        return 0;
    }
    return json_integer_set(known, number < 0 ? number - 1 : -2);
}

/* Fills binding->names, so that a bind is found without a search through all components. */
static enum cret_status index_names(struct binding *binding)
{
    const struct cret_sbom_kind *kind = binding->kind;
    int failed = 0;
    for (size_t way = 0; way < NAME_WAYS; way++) {
        binding->names[way] = json_object();
        failed |= binding->names[way] == NULL;
    }
    for (size_t i = 0; i < binding->components->count && !failed; i++) {
        const json_t *json = binding->components->list[i].json;
        const char *label = json_string_value(json_object_get(json, kind->label));
        failed |= add_name(binding->names[NAME_REFERENCE],
                           json_string_value(json_object_get(json, kind->reference)), i) != 0;
        const char *purl = kind->purl(json, 0);
        for (size_t at = 0; purl != NULL && !failed; purl = kind->purl(json, ++at)) {
            failed |= add_name(binding->names[NAME_PURL], purl, i) != 0;
        }
        failed |=
            add_name(binding->names[NAME_LABEL],
                     label != NULL ? label : json_string_value(json_object_get(json, "fileName")),
                     i) != 0;
    }
    return failed ? CRET_FAILED : CRET_OK;
}

/* The component that a bind names, and by how many components the name is borne in the first way
 * that finds any. */
static const struct cret_sbom_component *find_component(const struct binding *binding,
                                                        const char *name, size_t *ret_matches)
{
    for (size_t way = 0; way < NAME_WAYS; way++) {
        const json_t *known = json_object_get(binding->names[way], name);
        if (known == NULL) {
            continue;
        }
        const json_int_t number = json_integer_value(known);
        *ret_matches = number < 0 ? (size_t)-number : 1;
        return number < 0 ? NULL : &binding->components->list[number];
    }
    *ret_matches = 0;
    return NULL;
}

static void check_bind(struct binding *binding, const char *name, const char *file)
{
    size_t matches = 0;
    const struct cret_sbom_component *component = find_component(binding, name, &matches);
    if (component == NULL) {
        char actual[48];
        (void)snprintf(actual, sizeof(actual), "%zu components", matches);
        point_at(binding->run, NULL);
        cret_shape_fault(binding->run, NULL, "exactly one component", actual,
                         matches == 0 ? "the SBOM has no component %s, which the manifest binds"
                                      : "the SBOM has several components %s; bind by bom-ref or "
                                        "SPDXID",
                         name);
        return;
    }
    const struct cret_entry *entry =
        cret_manifest_entry(binding->manifest->entries, binding->manifest->file_count, file);
    point_at(binding->run, component);
    char subject[256], digest[CRET_SHA256_HEX];
    (void)snprintf(subject, sizeof(subject), "component %.200s", name);
    if (component->json == binding->components->root) {
        binding->root_bound = true;
    }
    if (entry == NULL) {
        cret_shape_fault(binding->run, NULL, file, "no such file", "%s is bound to no file",
                         subject);
        return;
    }
    const struct hashes hashes = read_hashes(binding, component->json);
    if (!has_sha256(binding, &hashes, subject)) {
        return;
    }
    cret_hex_encode(digest, entry->sha256, CRET_SHA256_BYTES);
    if (!hex_equal(hashes.value, digest)) {
        hash_fault(binding, &hashes, digest, subject, file);
        return;
    }
    binding->bound++;
}

/* The SHA-256 of some file of the release. */
static bool is_signed_digest(const struct cret_manifest *manifest, const char *value)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        char digest[CRET_SHA256_HEX];
        cret_hex_encode(digest, manifest->entries[i].sha256, CRET_SHA256_BYTES);
        if (hex_equal(value, digest)) {
            return true;
        }
    }
    return false;
}

static void check_root_field(const struct binding *binding, const json_t *root, const char *member,
                             const char *expected, const char *words)
{
    const char *actual = json_string_value(json_object_get(root, member));
    if (actual == NULL || strcmp(actual, expected) != 0) {
        cret_shape_fault(binding->run, member, expected, actual != NULL ? actual : "absent",
                         "the SBOM describes another %s than the manifest", words);
    }
}

static void check_root(const struct binding *binding)
{
    const struct cret_sbom_component *root = root_component(binding);
    point_at(binding->run, root);
    if (root == NULL) {
        cret_shape_fault(binding->run, NULL, binding->kind->root_words, "absent or ambiguous",
                         "the SBOM does not say which component is the product");
        return;
    }
    check_root_field(binding, root->json, binding->kind->label, binding->manifest->product,
                     "product");
    check_root_field(binding, root->json, binding->kind->version, binding->manifest->version,
                     "version");
    if (binding->root_bound) {
        return; /* its hash was compared with its file */
    }
    const struct hashes hashes = read_hashes(binding, root->json);
    if (has_sha256(binding, &hashes, "the root component") &&
        !is_signed_digest(binding->manifest, hashes.value)) {
        hash_fault(binding, &hashes, "the SHA-256 of a file of this release", "the root component",
                   "every file of the release");
    }
}

static void check_binding(const struct cret_manifest *manifest, const struct cret_sbom_kind *kind,
                          const struct cret_sbom_components *components, struct cret_shape_run *run)
{
    struct binding binding = {
        .manifest = manifest, .kind = kind, .components = components, .run = run};
    if (index_names(&binding) != CRET_OK) {
        run->failed = true;
    }
    size_t index;
    json_t *bind;
    json_array_foreach(cret_json_get(manifest->json, "sbom.binds"), index, bind)
    {
        check_bind(&binding, cret_json_string(bind, "component"), cret_json_string(bind, "file"));
    }
    check_root(&binding);
    for (size_t way = 0; way < NAME_WAYS; way++) {
        json_decref(binding.names[way]);
    }
    if (run->faults == 0 && !run->failed) {
        cret_findings_add(
            run->findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_PASS, run->file, NULL, NULL, NULL,
            "the SBOM describes this product and version, and its hashes are those of "
            "signed files (root component, %zu bound)",
            binding.bound);
    }
}

/* The member that names the format's version, and what the manifest says of it. */
static void check_version(const struct cret_sbom_kind *kind, const char *format, const json_t *sbom,
                          struct cret_shape_run *run)
{
    const bool cyclonedx = kind == &cret_sbom_cyclonedx;
    const char *member = cyclonedx ? "specVersion" : "spdxVersion";
    const char *expected = cyclonedx ? format + strlen(kind->name) : format;
    const char *actual = cret_json_string(sbom, member);
    if (actual == NULL || strcmp(actual, expected) != 0) {
        cret_shape_fault(run, member, expected, actual != NULL ? actual : "absent",
                         "the SBOM has another format than the manifest says");
    }
}

/* The parsed SBOM: structure, then binding. CRET_FAILED only for memory. */
static enum cret_status check_parsed(const struct cret_manifest *manifest, const char *format,
                                     const json_t *sbom, struct cret_findings *findings)
{
    const struct cret_sbom_kind *kind =
        strncmp(format, cret_sbom_cyclonedx.name, strlen(cret_sbom_cyclonedx.name)) == 0
            ? &cret_sbom_cyclonedx
            : &cret_sbom_spdx;
    struct cret_shape_run form = {
        .findings = findings,
        .check = CRET_CHECK_SBOM_FORM,
        .file = cret_json_string(manifest->json, "sbom.file"),
        .version = format[strlen(format) - 1] - '0',
    };
    struct cret_shape_run run = form;
    run.check = CRET_CHECK_SBOM_BINDING;
    struct cret_sbom_components components = {0};
    enum cret_status status = CRET_FAILED;
    check_version(kind, format, sbom, &form);
    cret_shape_object(&form, kind->shape, sbom);
    if (kind->collect(&components, sbom, &form) != CRET_OK ||
        kind->check(&components, sbom, &form) != CRET_OK) {
        goto out;
    }
    if (form.faults == 0 && !form.failed) {
        cret_findings_add(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS, form.file, NULL, format,
                          NULL, "the SBOM is well formed (%s, %zu components)", format,
                          components.count);
    }
    check_binding(manifest, kind, &components, &run);
    status = form.failed || run.failed ? CRET_FAILED : CRET_OK;

out:
    components_free(&components);
    cret_buffer_free(&form.pointer);
    cret_buffer_free(&run.pointer);
    return status;
}

/* err as the first fault since `start`; CRET_OK where there is none. */
static enum cret_status judge(const struct cret_findings *findings, size_t start,
                              struct cret_err *err)
{
    for (size_t i = start; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->result == CRET_RESULT_FAIL) {
            (void)cret_err_refuse(err, finding->check, "%s", finding->reason);
            (void)cret_err_where(err, "%s", finding->where != NULL ? finding->where : "");
            (void)cret_err_expected(err, "%s", finding->expected != NULL ? finding->expected : "");
            return cret_err_actual(err, "%s", finding->actual != NULL ? finding->actual : "");
        }
    }
    return cret_findings_broken(findings) ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_sbom_check(const struct cret_manifest *manifest, const char *text,
                                 size_t size, struct cret_findings *findings, struct cret_err *err)
{
    static const enum cret_check_id checks[] = {CRET_CHECK_SBOM_FORM, CRET_CHECK_SBOM_BINDING};
    const char *file = cret_json_string(manifest->json, "sbom.file");
    const char *format = cret_json_string(manifest->json, "sbom.format");
    if (file == NULL || format == NULL) {
        return CRET_OK;
    }
    if (text == NULL) {
        for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
            cret_findings_add(findings, checks[i], CRET_RESULT_NOT_CHECKED, file, "at most 64 MiB",
                              NULL, "split the SBOM", "the SBOM is too large to be parsed");
        }
        return CRET_OK;
    }
    const size_t start = cret_findings_count(findings);
    struct cret_err fault;
    cret_err_clear(&fault);
    json_t *sbom = NULL;
    if (cret_json_parse(&sbom, text, size, CRET_JSON_FOREIGN, CRET_CHECK_SBOM_FORM, &fault) !=
        CRET_OK) {
        if (fault.class != CRET_ERR_REFUSED) {
            if (err != NULL) {
                *err = fault;
            }
            return CRET_FAILED;
        }
        (void)cret_err_context(&fault, "%s", file);
        cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
        cret_findings_add(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL, file,
                          "a readable SBOM", NULL, NULL,
                          "the SBOM cannot be compared with the release, as it is not readable");
        return judge(findings, start, err);
    }
    const enum cret_status status = check_parsed(manifest, format, sbom, findings);
    json_decref(sbom);
    return status == CRET_OK ? judge(findings, start, err) : cret_err_memory(err);
}
