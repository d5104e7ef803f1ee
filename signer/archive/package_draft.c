/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a package, and the list over them. */
#include "signer/archive/package_draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "container/proved.h"

#define PIECE ((size_t)1 << 18)

void cret_package_draft_clear(struct cret_package_draft *draft)
{
    for (size_t i = 0; i < draft->count; i++) {
        free(draft->names[i]);
    }
    free((void *)draft->names);
    free(draft->members);
    cret_zip_out_free(&draft->zip);
    free(draft->list);
    memset(draft, 0, sizeof(*draft));
}

enum cret_status cret_package_draft_note(struct cret_package_draft *draft, const char *name,
                                         const uint8_t sha256[CRET_SHA256_BYTES],
                                         struct cret_err *err)
{
    if (draft->count == draft->capacity) {
        const size_t capacity = draft->capacity > 0 ? 2 * draft->capacity : 64;
        void *members = realloc(draft->members, capacity * sizeof(*draft->members));
        draft->members = members != NULL ? members : draft->members;
        void *names = realloc((void *)draft->names, capacity * sizeof(*draft->names));
        draft->names = names != NULL ? names : draft->names;
        if (members == NULL || names == NULL) {
            return cret_err_memory(err);
        }
        draft->capacity = capacity;
    }
    char *kept = strdup(name);
    if (kept == NULL) {
        return cret_err_memory(err);
    }
    struct cret_asic_member *member = &draft->members[draft->count];
    *member = (struct cret_asic_member){.name = kept};
    memcpy(member->sha256, sha256, CRET_SHA256_BYTES);
    draft->names[draft->count++] = kept;
    return CRET_OK;
}

enum cret_status cret_package_draft_add(struct cret_package_draft *draft, const char *name,
                                        const void *data, size_t size, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    return cret_sha256(digest, data, size, err) == CRET_OK &&
                   cret_zip_out_add(draft->zip, name, data, size, err) == CRET_OK
               ? cret_package_draft_note(draft, name, digest, err)
               : CRET_FAILED;
}

static enum cret_status copy(struct cret_zip_out *zip, struct cret_proved *proved, uint64_t size,
                             struct cret_err *err)
{
    uint8_t *piece = malloc(PIECE);
    enum cret_status status = piece != NULL ? CRET_OK : cret_err_memory(err);
    for (uint64_t offset = 0; status == CRET_OK && offset < size;) {
        size_t got = 0;
        status = cret_proved_read(proved, offset, piece, PIECE, &got, err);
        if (status == CRET_OK && got == 0) {
            status = cret_err_undecided(err, "the archive changed while it was read");
        }
        if (status == CRET_OK) {
            status = cret_zip_out_data(zip, piece, got, err);
        }
        offset += got;
    }
    free(piece);
    return status;
}

enum cret_status cret_package_draft_add_file(struct cret_package_draft *draft, const char *name,
                                             const struct cret_existing *existing, size_t entry,
                                             struct cret_err *err)
{
    const struct cret_entry *file = &existing->manifest->entries[entry];
    struct cret_proved *proved = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_proved_open(&proved, existing->fd, file->offset, file, CRET_HASH_AUTO, NULL, err) ==
            CRET_OK &&
        cret_zip_out_begin(draft->zip, name, file->size, err) == CRET_OK &&
        copy(draft->zip, proved, file->size, err) == CRET_OK &&
        cret_zip_out_end(draft->zip, err) == CRET_OK) {
        status = cret_package_draft_note(draft, name, file->sha256, err);
    }
    cret_proved_free(&proved);
    return status;
}

void cret_package_draft_name(struct cret_package_draft *draft, unsigned number)
{
    draft->number = number;
    snprintf(draft->list_name, sizeof(draft->list_name), "META-INF/ASiCManifest%03u.xml", number);
    snprintf(draft->signature_name, sizeof(draft->signature_name), "META-INF/signature%03u.p7s",
             number);
}

enum cret_status cret_package_draft_list(struct cret_package_draft *draft, struct cret_err *err)
{
    return cret_asic_manifest_write(&draft->list, &draft->list_size, draft->signature_name,
                                    draft->members, draft->count, err);
}
