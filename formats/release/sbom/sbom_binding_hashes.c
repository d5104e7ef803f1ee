/* SPDX-License-Identifier: Apache-2.0 */
/* The hashes that components of an SBOM have, and their comparison with bytes. */
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/sbom/sbom_binding.h"

void cret_binding_point(struct cret_binding *binding, const struct cret_sbom_component *component)
{
    struct cret_shape_run *run = &binding->run;
    cret_json_leave(&run->at, 0);
    if (component != NULL) {
        cret_json_enter_pointer(&run->at, component->pointer);
    }
}

bool cret_binding_hex_equal(const char *left, const char *right)
{
    return left != NULL && strcasecmp(left, right) == 0;
}

struct cret_binding_hash cret_binding_hashes(const struct cret_binding *binding,
                                             const json_t *component)
{
    const struct cret_sbom_kind *kind = binding->sbom->kind;
    struct cret_binding_hash hashes = {0};
    CRET_JSON_EACH_AT (index, hash, json_object_get(component, kind->hashes)) {
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

bool cret_binding_has_hash(struct cret_binding *binding, const struct cret_binding_hash *hashes,
                           bool sha512_will_do, const char *subject)
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

void cret_binding_hash_fault(struct cret_binding *binding, size_t index, const char *expected,
                             const char *actual, const char *subject, const char *algorithm,
                             const char *file)
{
    const size_t mark = cret_json_enter(&binding->run.at, binding->sbom->kind->hashes);
    cret_json_enter_index(&binding->run.at, index);
    cret_shape_fault(&binding->run, binding->sbom->kind->value, expected, actual,
                     "%s has another %s than %s", subject, algorithm, file);
    cret_json_leave(&binding->run.at, mark);
}

const struct cret_sbom_component *cret_binding_holder(struct cret_binding *binding,
                                                      const struct cret_sbom_component *component)
{
    const struct cret_sbom_component *file =
        binding->sbom->spdx3 != NULL ? cret_spdx3_artifact(binding->sbom, component) : NULL;
    if (file == NULL) {
        return component;
    }
    const struct cret_binding_hash own = cret_binding_hashes(binding, component->json);
    const struct cret_binding_hash hashes = cret_binding_hashes(binding, file->json);
    if (own.sha256 + own.sha512 == 0) {
        return file;
    }
    if ((own.value != NULL && hashes.value != NULL &&
         !cret_binding_hex_equal(own.value, hashes.value)) ||
        (own.value512 != NULL && hashes.value512 != NULL &&
         !cret_binding_hex_equal(own.value512, hashes.value512))) {
        cret_shape_fault(&binding->run, binding->sbom->kind->hashes,
                         "the hash of the file that hasDistributionArtifact names",
                         own.value != NULL ? own.value : own.value512,
                         "the component has another hash than the file in which it is delivered");
    }
    return component;
}

bool cret_binding_hashes_hold(struct cret_binding *binding, const struct cret_binding_hash *hashes,
                              const uint8_t *sha256, const uint8_t *sha512, const char *subject,
                              const char *file)
{
    char digest[2 * CRET_SHA512_BYTES + 1];
    bool hold = true;
    if (hashes->value != NULL && sha256 != NULL) {
        cret_hex_encode(digest, sha256, CRET_SHA256_BYTES);
        if (!cret_binding_hex_equal(hashes->value, digest)) {
            cret_binding_hash_fault(binding, hashes->index, digest, hashes->value, subject,
                                    "SHA-256", file);
            hold = false;
        }
    }
    if (hashes->value512 != NULL && sha512 != NULL) {
        cret_hex_encode(digest, sha512, CRET_SHA512_BYTES);
        if (!cret_binding_hex_equal(hashes->value512, digest)) {
            cret_binding_hash_fault(binding, hashes->index512, digest, hashes->value512, subject,
                                    "SHA-512", file);
            hold = false;
        }
    }
    return hold;
}
