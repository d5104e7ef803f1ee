/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence records. The first byte says what the rest is: a record (0), or changes of a sound one
 * with two chains (place 0: the whole of it). What is taken is over its object and over no other,
 * and can be renewed.
 */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "base/finding/limits.h"
#include "trust/seal/seal.h"

static const char text[] = "{\"cretula\": \"record/1\"}\n";
static const struct cret_seal_object object = {"object", {(const uint8_t *)text, sizeof(text) - 1}};

static struct cret_bytes token_over(const char *time, const char *digest,
                                    const struct cret_seal_tree *tree)
{
    struct pki_token token;
    struct cret_bytes made;
    pki_token_begin(&token, fuzz_entity(FUZZ_TSA), time, NULL, 0);
    token.hash = digest;
    token.imprint = cret_seal_tree_root(tree)->value;
    made.data = pki_token_write(&token, NULL, &made.size);
    return made;
}

/* A seal of the object and a neighbour, or its hash tree renewed. The caller frees. */
static uint8_t *seal(const struct cret_seal *old, const char *digest, const char *time,
                     size_t *ret_size)
{
    const struct cret_digest_algorithm *algorithm = cret_digest_by_name(digest);
    struct cret_seal_hash hashes[2];
    const struct cret_seal_group groups[] = {{&hashes[0], 1}, {&hashes[1], 1}};
    struct cret_seal_tree *tree = NULL;
    uint8_t *der = NULL;
    FUZZ_HOLD((old == NULL ? cret_seal_digest(&hashes[0], algorithm, object.bytes, NULL)
                           : cret_seal_digest_again(&hashes[0], algorithm, old, object.bytes,
                                                    NULL)) == CRET_OK);
    FUZZ_HOLD(cret_seal_digest(&hashes[1], algorithm, (struct cret_bytes){object.bytes.data, 1},
                               NULL) == CRET_OK);
    FUZZ_HOLD(cret_seal_tree_make(&tree, algorithm, groups, 2, NULL) == CRET_OK);
    const struct cret_bytes token = token_over(time, digest, tree);
    const bool written =
        cret_seal_write(&der, ret_size, old, old == NULL ? CRET_SEAL_FIRST : CRET_SEAL_TREE,
                        (struct cret_seal_leaf){tree, 0}, token, NULL) == CRET_OK;
    FUZZ_HOLD(written || old != NULL); /* no more than a cap can be in the way */
    free((void *)token.data);
    cret_seal_tree_free(&tree);
    return der;
}

static struct cret_buffer sound(void)
{
    struct cret_seal *first = NULL;
    struct cret_buffer whole = {0};
    size_t size = 0;
    uint8_t *der = seal(NULL, "sha256", "20260601000000Z", &size);
    FUZZ_HOLD(cret_seal_parse(&first, der, size, false, NULL) == CRET_OK);
    free(der);
    der = seal(first, "sha512", "20260701000000Z", &size);
    cret_buffer_append(&whole, der, size);
    free(der);
    cret_seal_free(&first);
    return whole;
}

static struct cret_policy *policy(void)
{
    static struct cret_policy *made;
    if (made == NULL) {
        made = fuzz_policy("[{\"role\": \"release\", \"signers\": [\"R\"]}]", NULL);
    }
    return made;
}

static void hold(const struct cret_seal *taken, bool unchanged)
{
    struct cret_seal_object other = object;
    struct cret_seal_request request = {.policy = policy(),
                                        .now = FUZZ_NOW,
                                        .allow_example_keys = true,
                                        .objects = &object,
                                        .object_count = 1};
    struct cret_seal_proof proof = {0};
    struct cret_err err = {0};
    FUZZ_HOLD(cret_seal_count(taken) > 0 && cret_seal_count(taken) <= CRET_LIMIT_SEAL_STAMPS);
    FUZZ_HOLD(cret_seal_first_list(taken) > 0);
    if (cret_seal_verify(&proof, taken, &request, &err) != CRET_OK) {
        FUZZ_HOLD(!unchanged && proof.keys == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return;
    }
    FUZZ_HOLD(proof.since <= FUZZ_NOW && proof.until >= FUZZ_NOW);
    FUZZ_HOLD(proof.chains <= proof.stamps && proof.stamps == cret_seal_count(taken));
    cret_seal_proof_clear(&proof);
    other.bytes.size--;
    request.objects = &other;
    FUZZ_HOLD(cret_seal_verify(&proof, taken, &request, NULL) != CRET_OK);
}

static void hold_renewal(const struct cret_seal *taken)
{
    struct cret_seal *again = NULL;
    size_t size = 0;
    uint8_t *der = seal(taken, "sha384", "20260801000000Z", &size);
    if (der != NULL) {
        FUZZ_HOLD(cret_seal_parse(&again, der, size, false, NULL) == CRET_OK);
        FUZZ_HOLD(cret_seal_count(again) == cret_seal_count(taken) + 1);
    }
    cret_seal_free(&again);
    free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_buffer base;
    struct fuzz_part input = {data, size};
    struct cret_buffer whole = {0};
    struct cret_seal *taken = NULL;
    struct cret_err err = {0};
    bool unchanged = false;
    if (base.data == NULL) {
        base = sound();
    }
    if (fuzz_byte(&input) == 0) {
        cret_buffer_append(&whole, input.data, input.size);
    } else {
        cret_buffer_append(&whole, base.data, base.size);
        unchanged = !fuzz_change(&whole, 0, input);
    }
    if (cret_seal_parse(&taken, (const uint8_t *)whole.data, whole.size, false, &err) == CRET_OK) {
        hold(taken, unchanged);
        hold_renewal(taken);
    } else {
        FUZZ_HOLD(taken == NULL && !unchanged);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_seal_free(&taken);
    cret_buffer_free(&whole);
    return 0;
}
