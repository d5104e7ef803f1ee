/* SPDX-License-Identifier: Apache-2.0 */
/* Binding of an SBOM to the bytes of the release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/nested/nested.h"
#include "release/sbom/sbom_binding.h"

#define READ_BYTES (256u << 10)

/* Says which component could not be compared, and why. */
static void add_unchecked(struct cret_binding *binding, const struct cret_sbom_component *component,
                          const char *name, const char *why)
{
    char *where = cret_text_printf("%s#%s", binding->sbom->file, component->pointer);
    if (where == NULL) {
        binding->run.at.failed = true;
        return;
    }
    cret_findings_add(binding->run.findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_NOT_CHECKED,
                      (struct cret_finding_text){.where = where},
                      "component %s was not compared with its bytes: %s", name, why);
    binding->unchecked++;
    free(where);
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
static enum cret_status index_names(struct cret_binding *binding)
{
    const struct cret_sbom_kind *kind = binding->sbom->kind;
    const struct cret_sbom_components *components = &binding->sbom->components;
    int failed = 0;
    for (size_t way = 0; way < NAME_WAYS; way++) {
        binding->names[way] = json_object();
        failed |= binding->names[way] == NULL;
    }
    for (size_t i = 0; i < components->count && !failed; i++) {
        const json_t *json = components->list[i].json;
        const char *label = json_string_value(json_object_get(json, kind->label));
        failed |= add_name(binding->names[NAME_REFERENCE],
                           json_string_value(json_object_get(json, kind->reference)), i) != 0;
        const char *purl = NULL;
        size_t at = 0;
        while (!failed && (purl = kind->purl(json, &at)) != NULL) {
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
static const struct cret_sbom_component *find_component(const struct cret_binding *binding,
                                                        const char *name, size_t *ret_matches)
{
    for (size_t way = 0; way < NAME_WAYS; way++) {
        const json_t *known = json_object_get(binding->names[way], name);
        if (known == NULL) {
            continue;
        }
        const json_int_t number = json_integer_value(known);
        *ret_matches = number < 0 ? (size_t)-number : 1;
        return number < 0 ? NULL : &binding->sbom->components.list[number];
    }
    *ret_matches = 0;
    return NULL;
}

/* SHA-512 of a whole payload file. CRET_FAILED: class UNDECIDED. */
static enum cret_status hash_entry(const struct cret_binding *binding,
                                   const struct cret_entry *entry,
                                   uint8_t ret_digest[CRET_SHA512_BYTES], struct cret_err *err)
{
    const struct cret_payload_reader *reader = binding->reader;
    const size_t number = (size_t)(entry - binding->manifest->entries);
    enum cret_status status = CRET_FAILED;
    struct cret_sha512 *hash = NULL;
    uint8_t *data = malloc(READ_BYTES);
    uint64_t offset = 0;
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sha512_new(&hash, err) != CRET_OK) {
        goto out;
    }
    while (offset < entry->size) {
        size_t got = 0;
        if (reader->read(reader->context, number, offset, data, READ_BYTES, &got, err) != CRET_OK) {
            goto out;
        }
        if (got == 0) {
            cret_err_undecided(err, "%s changed while it was read", entry->path);
            goto out;
        }
        cret_sha512_update(hash, data, got);
        offset += got;
    }
    status = cret_sha512_final(hash, ret_digest, err);
out:
    cret_sha512_free(&hash);
    free(data);
    return status;
}

/* A component that is a payload file. CRET_FAILED: class UNDECIDED. */
static enum cret_status bind_file(struct cret_binding *binding,
                                  const struct cret_sbom_component *component,
                                  const struct cret_binding_hash *hashes,
                                  const struct cret_entry *entry, const char *name,
                                  const char *subject, struct cret_err *err)
{
    uint8_t sha512[CRET_SHA512_BYTES];
    if (hashes->value != NULL) {
        binding->bound +=
            cret_binding_hashes_hold(binding, hashes, entry->sha256, NULL, subject, entry->path)
                ? 1u
                : 0u;
        return CRET_OK;
    }
    if (binding->reader == NULL) {
        add_unchecked(binding, component, name,
                      "it has a SHA-512 only, and the file's bytes are not read again here");
        return CRET_OK;
    }
    if (hash_entry(binding, entry, sha512, err) != CRET_OK) {
        return CRET_FAILED;
    }
    binding->bound +=
        cret_binding_hashes_hold(binding, hashes, NULL, sha512, subject, entry->path) ? 1u : 0u;
    return CRET_OK;
}

/* What a bind says, in the manifest's words. */
struct bind {
    const char *component, *file, *member;
};

static void no_component(struct cret_binding *binding, const struct bind *bind, size_t matches)
{
    char actual[48];
    snprintf(actual, sizeof(actual), "%zu %s", matches,
             cret_plural(matches, "component", "components"));
    cret_binding_point(binding, NULL);
    cret_shape_fault(&binding->run, NULL, "exactly one component", actual,
                     matches == 0
                         ? "the SBOM has no component %s, which the manifest binds"
                         : "the SBOM has several components %s; bind by bom-ref, SPDXID or spdxId",
                     bind->component);
}

static enum cret_status check_bind(struct cret_binding *binding, const struct bind *bind,
                                   struct cret_err *err)
{
    size_t matches = 0;
    const struct cret_sbom_component *component =
        find_component(binding, bind->component, &matches);
    if (component == NULL) {
        no_component(binding, bind, matches);
        return CRET_OK;
    }
    const struct cret_entry *entry =
        cret_manifest_entry(binding->manifest->entries, binding->manifest->file_count, bind->file);
    char subject[256];
    snprintf(subject, sizeof(subject), "component %.200s", bind->component);
    cret_binding_point(binding, component);
    binding->root_bound |= component == binding->root;
    binding->file_bound |= cret_binding_is_root_file(binding, component);
    if (entry == NULL) {
        cret_shape_fault(&binding->run, NULL, bind->file, "no such file", "%s is bound to no file",
                         subject);
        return CRET_OK;
    }
    component = cret_binding_holder(binding, component);
    cret_binding_point(binding, component);
    const struct cret_binding_hash hashes = cret_binding_hashes(binding, component->json);
    if (!cret_binding_has_hash(binding, &hashes, true, subject)) {
        return CRET_OK;
    }
    if (bind->member != NULL) {
        binding->inners[binding->inner_count++] =
            (struct cret_binding_inner){.component = component,
                                        .hashes = hashes,
                                        .entry = entry,
                                        .member = bind->member,
                                        .name = bind->component};
        return CRET_OK;
    }
    return bind_file(binding, component, &hashes, entry, bind->component, subject, err);
}

/* One payload file as input of the reader of archives. */
struct range {
    const struct cret_payload_reader *reader;
    size_t entry;
};

static enum cret_status read_range(void *context, uint64_t offset, void *data, size_t size,
                                   size_t *ret_got, struct cret_err *err)
{
    const struct range *range = context;
    return range->reader->read(range->reader->context, range->entry, offset, data, size, ret_got,
                               err);
}

/* All components inside one archive are not compared, for this reason. */
static void skip_archive(struct cret_binding *binding, const struct cret_entry *entry,
                         const char *why)
{
    for (size_t i = 0; i < binding->inner_count; i++) {
        struct cret_binding_inner *inner = &binding->inners[i];
        if (inner->entry == entry) {
            add_unchecked(binding, inner->component, inner->name, why);
            inner->done = true;
        }
    }
}

static void compare_inner(struct cret_binding *binding, const struct cret_binding_inner *inner,
                          const struct cret_nested_want *want)
{
    char subject[256], file[512], actual[80];
    snprintf(subject, sizeof(subject), "component %.200s", inner->name);
    snprintf(file, sizeof(file), "%.200s" CRET_NESTED_SEPARATOR "%.300s", inner->entry->path,
             inner->member);
    cret_binding_point(binding, inner->component);
    if (want->found != 1 || want->others > 0) {
        snprintf(actual, sizeof(actual), "%zu such files%s", want->found,
                 want->others > 0 ? ", and links or folders of that name" : "");
        cret_shape_fault(&binding->run, NULL, file, actual,
                         want->found == 0 ? "%s is bound to a file that the archive does not hold"
                                          : "%s is bound to a file that the archive holds twice",
                         subject);
        return;
    }
    binding->bound +=
        cret_binding_hashes_hold(binding, &inner->hashes, want->sha256, want->sha512, subject, file)
            ? 1u
            : 0u;
}

/* Compares what is bound inside one archive. CRET_FAILED: class UNDECIDED. */
static enum cret_status check_archive(struct cret_binding *binding, const struct cret_entry *entry,
                                      struct cret_err *err)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct range range = {.reader = binding->reader,
                          .entry = (size_t)(entry - binding->manifest->entries)};
    const struct cret_nested_input input = {
        .read = read_range, .context = &range, .size = entry->size, .name = entry->path};
    struct cret_findings *findings = binding->run.findings;
    struct cret_nested_want *wants = calloc(binding->inner_count, sizeof(*wants));
    enum cret_nested_outcome outcome = CRET_NESTED_UNSUPPORTED;
    char detail[CRET_NESTED_DETAIL];
    struct cret_err fault = {0};
    size_t count = 0;
    if (wants == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < binding->inner_count; i++) {
        if (binding->inners[i].entry == entry) {
            wants[count++].path = binding->inners[i].member;
        }
    }
    enum cret_status status = CRET_OK;
    if (cret_nested_read(&input, &limits, wants, count, &outcome, detail, &fault) != CRET_OK) {
        if (fault.class == CRET_ERR_REFUSED) {
            cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
            skip_archive(binding, entry, "its archive was refused");
        } else {
            *err = fault;
            status = CRET_FAILED;
        }
    } else if (outcome != CRET_NESTED_READ) {
        cret_findings_add(
            findings, CRET_CHECK_SBOM_NESTED, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){.where = entry->path, .expected = "zip, tar, cpio or 7z"},
            "%s was not looked into: %s", entry->path, detail);
        skip_archive(binding, entry, detail);
    } else {
        cret_findings_add(findings, CRET_CHECK_SBOM_NESTED, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = entry->path},
                          "%s was read to its end for %zu bound components", entry->path, count);
        for (size_t i = 0, want = 0; i < binding->inner_count; i++) {
            if (binding->inners[i].entry == entry) {
                compare_inner(binding, &binding->inners[i], &wants[want++]);
                binding->inners[i].done = true;
            }
        }
    }
    free(wants);
    return status;
}

static enum cret_status check_inners(struct cret_binding *binding, struct cret_err *err)
{
    for (size_t i = 0; i < binding->inner_count; i++) {
        const struct cret_binding_inner *inner = &binding->inners[i];
        if (inner->done) {
            continue;
        }
        if (binding->reader == NULL) {
            cret_findings_add(
                binding->run.findings, CRET_CHECK_SBOM_NESTED, CRET_RESULT_NOT_CHECKED,
                (struct cret_finding_text){.where = inner->entry->path,
                                           .hint =
                                               "verify the archive from a file, not from a pipe"},
                "%s was not looked into: its bytes are not read again here", inner->entry->path);
            skip_archive(binding, inner->entry, "its archive is not read again here");
        } else if (check_archive(binding, inner->entry, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status check_all(struct cret_binding *binding, struct cret_err *err)
{
    const json_t *binds = cret_json_get(binding->entry, "binds");
    binding->inners = calloc(json_array_size(binds) + 1, sizeof(*binding->inners));
    if (binding->inners == NULL || index_names(binding) != CRET_OK) {
        return cret_err_memory(err);
    }
    binding->root = cret_sbom_root(binding->sbom);
    if (binding->root == NULL && binding->sbom->spdx3 != NULL) {
        binding->root = cret_spdx3_root_named(binding->sbom, binding->manifest->product,
                                              binding->manifest->version);
    }
    CRET_JSON_EACH (one, binds) {
        const struct bind bind = {cret_json_string(one, "component"), cret_json_string(one, "file"),
                                  cret_json_string(one, "member")};
        if (check_bind(binding, &bind, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (check_inners(binding, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_binding_check_root(binding);
    return binding->run.at.failed ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_sbom_bind(const struct cret_sbom *sbom, const struct cret_sbom_place *place,
                                const struct cret_payload_reader *reader,
                                struct cret_findings *findings, struct cret_err *err)
{
    struct cret_binding binding = {
        .sbom = sbom,
        .manifest = place->manifest,
        .entry = cret_sbom_entry(place),
        .reader = reader,
        .run = {.findings = findings,
                .check = CRET_CHECK_SBOM_BINDING,
                .file = sbom->file,
                .lines = sbom->lines},
    };
    const enum cret_status status = check_all(&binding, err);
    for (size_t way = 0; way < NAME_WAYS; way++) {
        json_decref(binding.names[way]);
    }
    free(binding.inners);
    cret_json_cursor_clear(&binding.run.at);
    if (status == CRET_OK && binding.run.faults == 0 && binding.unchecked == 0) {
        cret_findings_add(
            findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_PASS,
            (struct cret_finding_text){.where = sbom->file},
            "the SBOM describes this product and version, and its hashes are those of signed files "
            "(root component, %zu bound)",
            binding.bound);
    }
    return status;
}
