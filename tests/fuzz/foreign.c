/* SPDX-License-Identifier: Apache-2.0 */
/* Files in vendors' own formats, sound ones and changed ones: what is accepted is what was signed.
 */
#include "foreign.h"

#include <stdlib.h>
#include <string.h>

#include "foreign/foreign.h"
#include "fuzz.h"
#include "trust/asn1/pem.h"

enum { ROWS = 16 };

struct sound {
    const struct cret_foreign_kind *kind;
    struct cret_buffer file, side;
    struct cret_foreign_pin pin;
    uint8_t digest[EVP_MAX_MD_SIZE]; /* of the proof of the unchanged one */
    size_t digest_size;
};

static struct cret_buffer read_source(const char *path)
{
    struct cret_buffer buffer = {0};
    size_t size = 0;
    char *data = fuzz_source_file(path, &size);
    cret_buffer_append(&buffer, data, size);
    free(data);
    return buffer;
}

static void read_pin(struct cret_foreign_pin *pin, const char *path)
{
    struct cret_buffer text = read_source(path);
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    pin->name = strdup("vendor");
    pin->legacy = true;
    if (strstr(text.data, "-----BEGIN C") == NULL &&
        strstr(text.data, "BEGIN PUBLIC KEY") == NULL) {
        pin->key = text.data;
        return;
    }
    FUZZ_HOLD(cret_pem_read(&blocks, &count, text.data, text.size, "pin", NULL) == CRET_OK);
    pin->has_anchor = true;
    if (strcmp(blocks[0].label, "CERTIFICATE") == 0) {
        pin->anchor.kind = CRET_ANCHOR_CERTIFICATE;
        FUZZ_HOLD(cret_certificate_from_der(&pin->anchor.certificate, blocks[0].der, blocks[0].size,
                                            NULL) == CRET_OK);
        memcpy(pin->anchor.key_digest, cret_certificate_key_digest(pin->anchor.certificate),
               sizeof(pin->anchor.key_digest));
    } else {
        pin->anchor.kind = CRET_ANCHOR_KEY;
        pin->anchor.key = blocks[0].der;
        pin->anchor.key_size = blocks[0].size;
        blocks[0].der = NULL;
        FUZZ_HOLD(cret_sha256(pin->anchor.key_digest, pin->anchor.key, pin->anchor.key_size,
                              NULL) == CRET_OK);
    }
    cret_pem_free(&blocks, count);
    cret_buffer_free(&text);
}

/* Whether the kind takes it: as the framework does, verified, pinned, and nothing unhashed. */
static bool judge(struct sound *sound, const struct cret_buffer *file,
                  const struct cret_buffer *side, struct cret_foreign_proof *proof)
{
    char product[] = "*", *products[] = {product};
    struct cret_policy_scope scope = {
        .products = products, .product_count = 1, .pins = &sound->pin, .pin_count = 1};
    const struct cret_policy policy = {.scopes = &scope, .scope_count = 1};
    const struct cret_foreign_side beside = {"side", (const uint8_t *)side->data, side->size};
    const struct cret_foreign_file whole = {
        .name = "file",
        .data = (const uint8_t *)(file->data != NULL ? file->data : ""),
        .fd = -1,
        .size = file->size};
    const bool by_side = sound->kind->beside;
    const struct cret_foreign_question question = {.file = &whole,
                                                   .side = by_side ? &beside : NULL,
                                                   .sides = &beside,
                                                   .side_count = by_side ? 1 : 0,
                                                   .pin_kind = sound->kind->pin_kind,
                                                   .policy = &policy,
                                                   .now = FUZZ_NOW,
                                                   .allow_example_keys = true};
    struct cret_err err = {0};
    memset(proof, 0, sizeof(*proof));
    if ((by_side && side->size == 0) || !sound->kind->recognize(&whole, by_side ? &beside : NULL)) {
        return false;
    }
    if (sound->kind->verify(&question, proof, &err) != CRET_OK) {
        FUZZ_HOLD(proof->pin == NULL || !proof->verified);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return false;
    }
    FUZZ_HOLD(proof->verified && proof->covered && proof->pin == &sound->pin);
    bool clean = !proof->gaps_lost;
    for (size_t i = 0; i < proof->gap_count; i++) {
        const struct cret_foreign_gap *gap = &proof->gaps[i];
        FUZZ_HOLD(gap->bytes > 0 && gap->bytes <= file->size);
        clean = clean && (gap->zero || gap->accepted);
    }
    return clean;
}

static struct sound *sound_of(const struct fuzz_foreign *rows, size_t number)
{
    static struct sound all[ROWS];
    struct sound *sound = &all[number];
    struct cret_foreign_proof proof;
    if (sound->kind != NULL) {
        return sound;
    }
    for (size_t i = 0; cret_foreign_kinds[i] != NULL; i++) {
        if (strcmp(cret_foreign_kinds[i]->id, rows[number].kind) == 0) {
            sound->kind = cret_foreign_kinds[i];
        }
    }
    FUZZ_HOLD(sound->kind != NULL);
    read_pin(&sound->pin, rows[number].pin);
    if (rows[number].file != NULL) {
        sound->file = read_source(rows[number].file);
    } else {
        cret_buffer_append(&sound->file, "firmware 4.2\n", 13);
    }
    if (rows[number].side != NULL) {
        sound->side = read_source(rows[number].side);
    }
    FUZZ_HOLD(judge(sound, &sound->file, &sound->side, &proof));
    memcpy(sound->digest, proof.digest, sizeof(sound->digest));
    sound->digest_size = proof.digest_size;
    return sound;
}

/* What stands instead of the sound bytes. */
static struct cret_buffer changed(const struct cret_buffer *sound, unsigned how, unsigned whole,
                                  struct fuzz_part input)
{
    struct cret_buffer made = {0};
    if (how == whole) {
        cret_buffer_append(&made, input.data, input.size);
        return made;
    }
    cret_buffer_append(&made, sound->data, sound->size);
    if (how == whole + 2) {
        fuzz_change(&made, 0, input);
    }
    return made;
}

/* What the signature is over did not change: compared here byte by byte, whatever was hashed. */
static void hold_bytes(const struct fuzz_foreign *row, const struct cret_buffer *sound,
                       const struct cret_buffer *file)
{
    const size_t held = row->held == FUZZ_EVERY_BYTE ? sound->size : row->held;
    FUZZ_HOLD(held <= sound->size && held <= file->size);
    FUZZ_HOLD(row->held != FUZZ_EVERY_BYTE || file->size == sound->size);
    for (size_t i = 0; i < held; i++) {
        bool hole = false;
        for (size_t j = 0; j < CRET_LENGTH(row->holes); j++) {
            hole = hole || (i >= row->holes[j].at && i - row->holes[j].at < row->holes[j].size);
        }
        FUZZ_HOLD(hole || file->data[i] == sound->data[i]);
    }
}

int fuzz_foreign(const struct fuzz_foreign *rows, size_t count, struct fuzz_part input)
{
    FUZZ_HOLD(count <= ROWS);
    const size_t number = fuzz_byte(&input) % count;
    struct sound *sound = sound_of(rows, number);
    const unsigned how = fuzz_byte(&input) % 4;
    struct cret_buffer file = changed(&sound->file, how, 0, input);
    struct cret_buffer side = changed(&sound->side, how, 1, input);
    struct cret_foreign_proof proof;
    if (judge(sound, &file, &side, &proof)) {
        FUZZ_HOLD(proof.digest_size == sound->digest_size &&
                  memcmp(proof.digest, sound->digest, proof.digest_size) == 0);
        hold_bytes(&rows[number], &sound->file, &file);
    }
    cret_buffer_free(&file);
    cret_buffer_free(&side);
    return 0;
}
