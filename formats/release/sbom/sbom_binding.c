/* SPDX-License-Identifier: Apache-2.0 */
/* Binding of an SBOM to the bytes of the release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/nested/nested.h"
#include "release/sbom/sbom_internal.h"

#define READ_BYTES (256u << 10)

/* Ways to name a component, in the order in which they are tried. */
enum { NAME_REFERENCE, NAME_PURL, NAME_LABEL, NAME_WAYS };

/* What the hashes of a component say. */
struct hashes {
    size_t sha256, sha512;        /* how many */
    bool any;                     /* of whatever algorithm */
    const char *value, *value512; /* the first ones */
    size_t index, index512;       /* their places in the list */
};

/* A component that is a file inside an archive of the payload. */
struct inner {
    const struct cret_sbom_component *component;
    struct hashes hashes;
    const struct cret_entry *entry;
    const char *member, *name; /* name: the component, as the manifest calls it */
    bool done;
};

/* One check of one SBOM. */
struct binding {
    const struct cret_sbom *sbom;
    const struct cret_manifest *manifest;
    const json_t *entry; /* of sbom[] */
    const struct cret_payload_reader *reader;
    json_t *names[NAME_WAYS];  /* objects: name to number of the component */
    struct cret_shape_run run; /* check sbom.binding; pointers into the SBOM */
    struct inner *inners;
    size_t inner_count;
    size_t bound;     /* binds[] that hold */
    size_t unchecked; /* binds[] whose bytes could not be read */
    bool root_bound;  /* one of them names the root component */
};

/* Places the pointer on a component; NULL: on the document. */
static void point_at(struct binding *binding, const struct cret_sbom_component *component)
{
    struct cret_shape_run *run = &binding->run;
    cret_json_leave(&run->at, 0);
    if (component != NULL) {
        cret_json_enter_pointer(&run->at, component->pointer);
    }
}

static bool hex_equal(const char *left, const char *right)
{
    return left != NULL && strcasecmp(left, right) == 0;
}

static struct hashes read_hashes(const struct binding *binding, const json_t *component)
{
    const struct cret_sbom_kind *kind = binding->sbom->kind;
    struct hashes hashes = {0};
    size_t index;
    json_t *hash;
    json_array_foreach(json_object_get(component, kind->hashes), index, hash)
    {
        const char *algorithm = cret_json_string(hash, kind->algorithm);
        const char *value = cret_json_string(hash, kind->value);
        if (algorithm == NULL || value == NULL) {
            continue;
        }
        hashes.any = true;
        if (strcmp(algorithm, kind->sha256) == 0 && hashes.sha256++ == 0) {
            hashes.value = value;
            hashes.index = index;
        } else if (strcmp(algorithm, kind->sha512) == 0 && hashes.sha512++ == 0) {
            hashes.value512 = value;
            hashes.index512 = index;
        }
    }
    return hashes;
}

/* A component must have one SHA-256, or where its bytes can be hashed one SHA-512. Adds the fault
 * at the pointer where it has not. */
static bool has_hash(struct binding *binding, const struct hashes *hashes, bool sha512_will_do,
                     const char *subject)
{
    const char *list = binding->sbom->kind->hashes;
    if (hashes->sha256 > 1 || hashes->sha512 > 1) {
        cret_shape_fault(&binding->run, list, "one hash of an algorithm", "several",
                         "%s has more than one SHA-256 or SHA-512", subject);
        return false;
    }
    if (hashes->sha256 == 1 || (hashes->sha512 == 1 && sha512_will_do)) {
        return true;
    }
    if (hashes->sha512 == 1) {
        cret_shape_fault(&binding->run, list, "a SHA-256", "SHA-512 only",
                         "%s has a SHA-512 but no SHA-256, which is what the manifest vouches for: "
                         "add the SHA-256 to the SBOM, or bind the component to its file",
                         subject);
    } else {
        cret_shape_fault(&binding->run, list, "a SHA-256",
                         hashes->any ? "other hashes only" : "none",
                         "%s has no SHA-256, so that nothing ties it to the signed bytes: add the "
                         "SHA-256 of its file to the SBOM",
                         subject);
    }
    return false;
}

static void hash_fault(struct binding *binding, size_t index, const char *expected,
                       const char *actual, const char *subject, const char *algorithm,
                       const char *file)
{
    const size_t mark = cret_json_enter(&binding->run.at, binding->sbom->kind->hashes);
    cret_json_enter_index(&binding->run.at, index);
    cret_shape_fault(&binding->run, binding->sbom->kind->value, expected, actual,
                     "%s has another %s than %s", subject, algorithm, file);
    cret_json_leave(&binding->run.at, mark);
}

/* Compares the hashes that a component has with digests of its bytes; sha512 NULL: not computed. */
static bool hashes_hold(struct binding *binding, const struct hashes *hashes, const uint8_t *sha256,
                        const uint8_t *sha512, const char *subject, const char *file)
{
    char digest[2 * CRET_SHA512_BYTES + 1];
    bool hold = true;
    if (hashes->value != NULL && sha256 != NULL) {
        cret_hex_encode(digest, sha256, CRET_SHA256_BYTES);
        if (!hex_equal(hashes->value, digest)) {
            hash_fault(binding, hashes->index, digest, hashes->value, subject, "SHA-256", file);
            hold = false;
        }
    }
    if (hashes->value512 != NULL && sha512 != NULL) {
        cret_hex_encode(digest, sha512, CRET_SHA512_BYTES);
        if (!hex_equal(hashes->value512, digest)) {
            hash_fault(binding, hashes->index512, digest, hashes->value512, subject, "SHA-512",
                       file);
            hold = false;
        }
    }
    return hold;
}

/* Says which component could not be compared, and why. */
static void add_unchecked(struct binding *binding, const struct cret_sbom_component *component,
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
static enum cret_status index_names(struct binding *binding)
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
        return number < 0 ? NULL : &binding->sbom->components.list[number];
    }
    *ret_matches = 0;
    return NULL;
}

/* SHA-512 of a whole payload file. CRET_FAILED: class UNDECIDED. */
static enum cret_status hash_entry(const struct binding *binding, const struct cret_entry *entry,
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
static enum cret_status bind_file(struct binding *binding,
                                  const struct cret_sbom_component *component,
                                  const struct hashes *hashes, const struct cret_entry *entry,
                                  const char *name, const char *subject, struct cret_err *err)
{
    uint8_t sha512[CRET_SHA512_BYTES];
    if (hashes->value != NULL) {
        binding->bound +=
            hashes_hold(binding, hashes, entry->sha256, NULL, subject, entry->path) ? 1u : 0u;
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
    binding->bound += hashes_hold(binding, hashes, NULL, sha512, subject, entry->path) ? 1u : 0u;
    return CRET_OK;
}

/* What a bind says, in the manifest's words. */
struct bind {
    const char *component, *file, *member;
};

static void no_component(struct binding *binding, const struct bind *bind, size_t matches)
{
    char actual[48];
    snprintf(actual, sizeof(actual), "%zu components", matches);
    point_at(binding, NULL);
    cret_shape_fault(&binding->run, NULL, "exactly one component", actual,
                     matches == 0 ? "the SBOM has no component %s, which the manifest binds"
                                  : "the SBOM has several components %s; bind by bom-ref or SPDXID",
                     bind->component);
}

static enum cret_status check_bind(struct binding *binding, const struct bind *bind,
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
    point_at(binding, component);
    if (component->json == binding->sbom->components.root) {
        binding->root_bound = true;
    }
    if (entry == NULL) {
        cret_shape_fault(&binding->run, NULL, bind->file, "no such file", "%s is bound to no file",
                         subject);
        return CRET_OK;
    }
    const struct hashes hashes = read_hashes(binding, component->json);
    if (!has_hash(binding, &hashes, true, subject)) {
        return CRET_OK;
    }
    if (bind->member != NULL) {
        binding->inners[binding->inner_count++] = (struct inner){.component = component,
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
static void skip_archive(struct binding *binding, const struct cret_entry *entry, const char *why)
{
    for (size_t i = 0; i < binding->inner_count; i++) {
        struct inner *inner = &binding->inners[i];
        if (inner->entry == entry) {
            add_unchecked(binding, inner->component, inner->name, why);
            inner->done = true;
        }
    }
}

static void compare_inner(struct binding *binding, const struct inner *inner,
                          const struct cret_nested_want *want)
{
    char subject[256], file[512], actual[80];
    snprintf(subject, sizeof(subject), "component %.200s", inner->name);
    snprintf(file, sizeof(file), "%.200s" CRET_NESTED_SEPARATOR "%.300s", inner->entry->path,
             inner->member);
    point_at(binding, inner->component);
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
        hashes_hold(binding, &inner->hashes, want->sha256, want->sha512, subject, file) ? 1u : 0u;
}

/* Compares what is bound inside one archive. CRET_FAILED: class UNDECIDED. */
static enum cret_status check_archive(struct binding *binding, const struct cret_entry *entry,
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

static enum cret_status check_inners(struct binding *binding, struct cret_err *err)
{
    for (size_t i = 0; i < binding->inner_count; i++) {
        const struct inner *inner = &binding->inners[i];
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

static void check_root_field(struct binding *binding, const json_t *root, const char *member,
                             const char *expected, const char *words)
{
    const char *actual = json_string_value(json_object_get(root, member));
    if (actual == NULL || strcmp(actual, expected) != 0) {
        cret_shape_fault(&binding->run, member, expected, actual != NULL ? actual : "absent",
                         "the SBOM describes another %s than the manifest", words);
    }
}

static void check_root(struct binding *binding)
{
    const struct cret_sbom_kind *kind = binding->sbom->kind;
    const struct cret_sbom_component *root = cret_sbom_root(binding->sbom);
    point_at(binding, root);
    if (root == NULL) {
        cret_shape_fault(&binding->run, NULL, kind->root_words, "absent or ambiguous",
                         "the SBOM does not say which component is the product");
        return;
    }
    check_root_field(binding, root->json, kind->label, binding->manifest->product, "product");
    check_root_field(binding, root->json, kind->version, binding->manifest->version, "version");
    if (binding->root_bound) {
        return; /* its hash was compared with its file */
    }
    const struct hashes hashes = read_hashes(binding, root->json);
    if (has_hash(binding, &hashes, false, "the root component") &&
        !is_signed_digest(binding->manifest, hashes.value)) {
        hash_fault(binding, hashes.index, "the SHA-256 of a file of this release", hashes.value,
                   "the root component", "SHA-256", "every file of the release");
    }
}

static enum cret_status check_all(struct binding *binding, struct cret_err *err)
{
    const json_t *binds = cret_json_get(binding->entry, "binds");
    size_t index;
    json_t *one;
    binding->inners = calloc(json_array_size(binds) + 1, sizeof(*binding->inners));
    if (binding->inners == NULL || index_names(binding) != CRET_OK) {
        return cret_err_memory(err);
    }
    json_array_foreach(binds, index, one)
    {
        const struct bind bind = {cret_json_string(one, "component"), cret_json_string(one, "file"),
                                  cret_json_string(one, "member")};
        if (check_bind(binding, &bind, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (check_inners(binding, err) != CRET_OK) {
        return CRET_FAILED;
    }
    check_root(binding);
    return binding->run.at.failed ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_sbom_bind(const struct cret_sbom *sbom, const struct cret_sbom_place *place,
                                const struct cret_payload_reader *reader,
                                struct cret_findings *findings, struct cret_err *err)
{
    struct binding binding = {
        .sbom = sbom,
        .manifest = place->manifest,
        .entry = cret_sbom_entry(place),
        .reader = reader,
        .run = {.findings = findings, .check = CRET_CHECK_SBOM_BINDING, .file = sbom->file},
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
