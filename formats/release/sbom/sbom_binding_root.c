/* SPDX-License-Identifier: Apache-2.0 */
/* The component that stands for the product: its name, version and hash are those of the release.
 */
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/sbom/sbom_binding.h"

bool cret_binding_is_root_file(const struct cret_binding *binding,
                               const struct cret_sbom_component *component)
{
    const struct cret_sbom_component *file = NULL;
    size_t at = 0;
    if (binding->sbom->spdx3 == NULL) {
        return false;
    }
    do {
        file = cret_spdx3_root_file(binding->sbom, &at);
    } while (file != NULL && file != component);
    return file != NULL;
}

/* The SHA-256 of some file of the release. */
static bool is_signed_digest(const struct cret_manifest *manifest, const char *value)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        char digest[CRET_SHA256_HEX];
        cret_hex_encode(digest, manifest->entries[i].sha256, CRET_SHA256_BYTES);
        if (cret_binding_hex_equal(value, digest)) {
            return true;
        }
    }
    return false;
}

static void check_root_field(struct cret_binding *binding, const json_t *root, const char *member,
                             const char *expected, const char *words)
{
    const char *actual = json_string_value(json_object_get(root, member));
    if (actual == NULL || strcmp(actual, expected) != 0) {
        cret_shape_fault(&binding->run, member, expected, actual != NULL ? actual : "absent",
                         "the SBOM describes another %s than the manifest", words);
    }
}

/* Whether a file that an SPDX 3 document is about is one of the release: a root file system has
 * neither version nor hash, its images beside it have. */
static bool file_is_signed(const struct cret_binding *binding)
{
    const struct cret_sbom_component *file = NULL;
    size_t at = 0;
    while (binding->sbom->spdx3 != NULL &&
           (file = cret_spdx3_root_file(binding->sbom, &at)) != NULL) {
        const struct cret_binding_hash hashes = cret_binding_hashes(binding, file->json);
        if (hashes.sha256 == 1 && is_signed_digest(binding->manifest, hashes.value)) {
            return true;
        }
    }
    return binding->file_bound;
}

static void check_root_version(struct cret_binding *binding, bool signed_file)
{
    const char *member = binding->sbom->kind->version;
    if (signed_file && json_object_get(binding->root->json, member) == NULL) {
        cret_shape_warn(&binding->run, member, binding->manifest->version, "absent",
                        "the SBOM does not say of which version it is; a file that it is about is "
                        "a file of this release");
    } else {
        check_root_field(binding, binding->root->json, member, binding->manifest->version,
                         "version");
    }
}

void cret_binding_check_root(struct cret_binding *binding)
{
    const struct cret_sbom_kind *kind = binding->sbom->kind;
    const struct cret_sbom_component *root = binding->root;
    cret_binding_point(binding, root);
    if (root == NULL) {
        cret_shape_fault(&binding->run, NULL, kind->root_words, "absent or ambiguous",
                         "the SBOM does not say which component is the product");
        return;
    }
    const bool signed_file = file_is_signed(binding);
    check_root_field(binding, root->json, kind->label, binding->manifest->product, "product");
    check_root_version(binding, signed_file);
    if (binding->root_bound) {
        return; /* its hash was compared with its file */
    }
    const struct cret_sbom_component *holder = cret_binding_holder(binding, root);
    const struct cret_binding_hash hashes = cret_binding_hashes(binding, holder->json);
    if (hashes.sha256 + hashes.sha512 == 0 && signed_file) {
        return;
    }
    cret_binding_point(binding, holder);
    if (cret_binding_has_hash(binding, &hashes, false, "the root component") &&
        !is_signed_digest(binding->manifest, hashes.value)) {
        cret_binding_hash_fault(binding, hashes.index, "the SHA-256 of a file of this release",
                                hashes.value, "the root component", "SHA-256",
                                "every file of the release");
    }
}
