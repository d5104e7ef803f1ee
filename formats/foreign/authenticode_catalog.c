/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode beside the file: a catalogue (.cat) in which its digest stands. */
#include <string.h>

#include "foreign/cab.h"
#include "foreign/catalogue.h"
#include "foreign/msi.h"
#include "foreign/pe.h"

/* The file as a catalogue's digest is over it. Of the formats it has one, or none. */
struct subject {
    const struct cret_foreign_file *file;
    bool is_pe, is_cab, is_msi;
    struct cret_pe pe;
    struct cret_cab cab;
    struct cret_msi msi;
    bool by_format; /* a digest that leaves parts of the file out was what fitted */
};

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    struct cret_signed message;
    (void)file;
    if (side == NULL || side->size == 0 || side->data[0] != CRET_DER_SEQUENCE ||
        cret_signed_read(&message, side->data, side->size, true, NULL) != CRET_OK) {
        return false;
    }
    const bool is = cret_bytes_equal(message.content_type, cret_oid_trust_list);
    cret_signed_clear(&message);
    return is;
}

static enum cret_status hash_flat(const struct cret_foreign_file *file, const EVP_MD *md,
                                  uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, file, 0, file->size, "the file", err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    return cret_foreign_hash_end(&hash, ret_digest, ret_size, err);
}

/* Names that do not fit the package's digest over them, which is of one algorithm: the package has
 * no digest of this one, and another member may be the one that it is. */
static enum cret_status digest_package(const struct cret_msi *msi, const EVP_MD *md,
                                       uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    struct cret_err why = {0};
    if (cret_msi_hash(msi, md, ret_digest, ret_size, &why) == CRET_OK) {
        return CRET_OK;
    }
    *ret_size = 0;
    if (why.class == CRET_ERR_REFUSED && why.check == CRET_CHECK_FOREIGN_VALUE) {
        return CRET_OK;
    }
    if (err != NULL) {
        *err = why;
    }
    return CRET_FAILED;
}

/* The type of a member says how its file was hashed; a file of another format is not that file,
 * even if the bytes that one of them hashes are all of the other. Cabinets and files without a
 * format have one type: what begins as a cabinet is hashed as one. */
static enum cret_status digest(void *context, const char *type, const EVP_MD *md,
                               uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    const struct subject *subject = context;
    *ret_size = 0;
    if (strcmp(type, "pe") == 0) {
        return subject->is_pe
                   ? cret_pe_hash(&subject->pe, subject->file, md, ret_digest, ret_size, err)
                   : CRET_OK;
    }
    if (strcmp(type, "msi") == 0) {
        return subject->is_msi ? digest_package(&subject->msi, md, ret_digest, ret_size, err)
                               : CRET_OK;
    }
    return subject->is_cab
               ? cret_cab_hash(&subject->cab, subject->file, md, ret_digest, ret_size, err)
               : hash_flat(subject->file, md, ret_digest, ret_size, err);
}

static enum cret_status find(void *context, struct cret_bytes list,
                             struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct subject *subject = context;
    struct cret_catalogue_found found;
    if (cret_catalogue_find(&found, list, digest, subject, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_spc_data_took(&found.data, proof);
    subject->by_format =
        subject->by_format || subject->is_cab || strcmp(found.data.type, "cab") != 0;
    cret_foreign_note(proof,
                      "found by its digest among the %zu members of the catalogue; names there "
                      "were not compared",
                      found.members);
    if (found.unread > 0) {
        cret_foreign_note(proof, "%zu members of the catalogue are of a kind that is not read",
                          found.unread);
    }
    return CRET_OK;
}

/* A file that only looks like a program or a package is one without a format: its digest is over
 * all of it. One that begins as a cabinet has to be one. */
static enum cret_status open_subject(struct subject *subject, struct cret_err *err)
{
    struct cret_err why = {0};
    const struct cret_foreign_file *file = subject->file;
    subject->is_cab = cret_cab_is(file);
    if (subject->is_cab) {
        return cret_cab_read(&subject->cab, file, err);
    }
    if (cret_pe_is(file)) {
        subject->is_pe = cret_pe_read(&subject->pe, file, &why) == CRET_OK;
    } else if (cret_cfb_is(file)) {
        subject->is_msi = cret_msi_open(&subject->msi, file, &why) == CRET_OK;
    }
    if (why.class == CRET_ERR_NONE || why.class == CRET_ERR_REFUSED) {
        return CRET_OK;
    }
    if (err != NULL) {
        *err = why;
    }
    return CRET_FAILED;
}

/* What the digest of a format leaves out. The file's own signature is among it, and could hold
 * anything: it is not judged here. */
static enum cret_status name_gaps(struct subject *subject, struct cret_foreign_proof *proof,
                                  struct cret_err *err)
{
    const struct cret_foreign_file *file = subject->file;
    if (subject->is_pe) {
        cret_foreign_gap_add(proof, "checksum of the PE header", subject->pe.checksum, 4, false,
                             true);
        return cret_foreign_gap_read(proof, file,
                                     "the program's own signature, which the catalogue is not over",
                                     subject->pe.table, subject->pe.table_size, err);
    }
    if (subject->is_cab) {
        return cret_cab_name_gaps(&subject->cab, file, proof, err) != CRET_OK
                   ? CRET_FAILED
                   : cret_foreign_gap_read(
                         proof, file,
                         "the cabinet's own signature, which the catalogue is not over",
                         subject->cab.signature, subject->cab.signature_size, err);
    }
    if (subject->msi.signature != NULL &&
        cret_cfb_slack_of(&subject->msi.cfb, subject->msi.signature, 0, CRET_CFB_SLACK_UNSIGNED,
                          err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_msi_name_gaps(&subject->msi, proof);
    return cret_msi_check_names(&subject->msi, proof, err);
}

static enum cret_status verify_signature(const struct cret_foreign_question *question,
                                         struct subject *subject, struct cret_foreign_proof *proof,
                                         struct cret_err *err)
{
    const struct cret_authenticode how = {.data_type = "", .find = find, .context = subject};
    const struct cret_bytes message = {question->side->data, question->side->size};
    size_t used = 0;
    if (message.size > CRET_SIGNED_BYTES) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the catalogue is too large");
    }
    if (cret_authenticode_verify(question, &how, &message, 1, &used, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (used != message.size) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "%zu bytes follow the signature in the catalogue",
                               message.size - used);
    }
    if (subject->by_format && name_gaps(subject, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < proof->gap_count; i++) {
        if (strstr(proof->gaps[i].what, "own signature, which the catalogue is not over") != NULL) {
            proof->gaps[i].hint = "check it by its own signature: leave --foreign-signature out";
        }
    }
    return CRET_OK;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct subject subject = {.file = question->file};
    enum cret_status status = open_subject(&subject, err);
    if (status == CRET_OK) {
        status = verify_signature(question, &subject, ret_proof, err);
    }
    cret_msi_clear(&subject.msi);
    if (status == CRET_OK) {
        ret_proof->verified = ret_proof->covered = true;
    }
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_authenticode_catalog = {
    .id = "authenticode-catalog",
    .pin_kind = "authenticode",
    .words = "a catalogue (.cat) beside the file, signed with Authenticode",
    .proves = "The publisher who is pinned signed a catalogue in which the digest of this file "
              "stands.",
    .leaves = "Which product and version the file is, what it is called in the catalogue, whether "
              "it is the newest one, and that the publisher's certificate was not withdrawn since "
              "the lists that were given.",
    .beside = true,
    .recognize = recognize,
    .verify = verify,
};
