/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode of PE files: programs, installers, drivers, EFI binaries. */
#include <stdlib.h>

#include "foreign/authenticode.h"
#include "foreign/kind.h"
#include "foreign/pe.h"

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_pe_is(file);
}

static enum cret_status hash(void *context, const struct cret_foreign_file *file, const EVP_MD *md,
                             uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    return cret_pe_hash(context, file, md, ret_digest, ret_size, err);
}

/* Behind a signature, inside of its entry and behind it: CVE-2013-3900. */
static enum cret_status name_gaps(const struct cret_pe *pe, const struct cret_foreign_file *file,
                                  const size_t *used, struct cret_foreign_proof *proof,
                                  struct cret_err *err)
{
    cret_foreign_gap_add(proof, "checksum of the PE header", pe->checksum, 4, false, true);
    for (size_t i = 0; i < pe->entry_count; i++) {
        const struct cret_pe_entry *entry = &pe->entries[i];
        if (cret_foreign_gap_read(proof, file,
                                  "bytes behind the signature in the certificate table",
                                  entry->offset + used[i], entry->size - used[i], err) != CRET_OK ||
            cret_foreign_gap_read(proof, file, "padding of the certificate table",
                                  entry->offset + entry->size, entry->padding, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The bytes of every entry; the caller frees each. */
static enum cret_status load(uint8_t *data[CRET_PE_ENTRIES], struct cret_bytes *messages,
                             const struct cret_pe *pe, const struct cret_foreign_file *file,
                             struct cret_err *err)
{
    for (size_t i = 0; i < pe->entry_count; i++) {
        if (cret_foreign_load(&data[i], file, pe->entries[i].offset, pe->entries[i].size,
                              CRET_AUTHENTICODE_BYTES, "the signature", err) != CRET_OK) {
            return CRET_FAILED;
        }
        messages[i] = (struct cret_bytes){data[i], (size_t)pe->entries[i].size};
    }
    return CRET_OK;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_pe pe;
    uint8_t *data[CRET_PE_ENTRIES] = {NULL};
    struct cret_bytes messages[CRET_PE_ENTRIES];
    size_t used[CRET_PE_ENTRIES];
    if (cret_pe_read(&pe, question->file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (pe.entry_count == 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the program is not signed");
        return cret_err_hint(err, "ask the vendor for a signed one; a program whose signature was "
                                  "taken away looks the same");
    }
    const struct cret_authenticode how = {.data_type = "pe", .hash = hash, .context = &pe};
    enum cret_status status = load(data, messages, &pe, question->file, err);
    if (status == CRET_OK) {
        status = cret_authenticode_verify(question, &how, messages, pe.entry_count, used, ret_proof,
                                          err);
    }
    for (size_t i = 0; i < CRET_PE_ENTRIES; i++) {
        free(data[i]);
    }
    if (status == CRET_OK) {
        status = name_gaps(&pe, question->file, used, ret_proof, err);
    }
    if (status == CRET_OK) {
        ret_proof->verified = ret_proof->covered = true;
    }
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_authenticode_pe = {
    .id = "authenticode-pe",
    .pin_kind = "authenticode",
    .words = "an Authenticode signature of a PE file",
    .proves = "The publisher who is pinned signed this program.",
    .leaves = "Which product and version it is, whether it is the newest one, and that the "
              "publisher's certificate was not withdrawn since the lists that were given.",
    .recognize = recognize,
    .verify = verify,
};
