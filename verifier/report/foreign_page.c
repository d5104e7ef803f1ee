/* SPDX-License-Identifier: Apache-2.0 */
/* Rows about the proof of a file in a vendor's own format. */
#include "verifier/report/foreign_page.h"

#include <inttypes.h>

#include "base/text/json.h"
#include "verifier/report/pieces.h"

/* Who vouches: the signature of the list, where a list names the file. */
static const json_t *voucher(const json_t *foreign)
{
    const json_t *list = json_object_get(foreign, "listProof");
    return list != NULL ? list : json_object_get(foreign, "proof");
}

static const char *signer_of(const json_t *proof)
{
    const char *subject = cret_piece_text(proof, "subject");
    return subject[0] != '\0' ? subject : cret_piece_text(proof, "key");
}

void cret_record_add_foreign_title(struct cret_buffer *out, const json_t *record)
{
    const json_t *foreign = cret_json_get(record, "what.foreign");
    const char *signer = signer_of(voucher(foreign));
    cret_buffer_printf(out, "%s, %s%s%s", cret_piece_text(foreign, "name"),
                       cret_piece_text(foreign, "proof.kind"), signer[0] != '\0' ? " by " : "",
                       signer);
}

static void put_signer(struct cret_page *page, const json_t *foreign)
{
    const json_t *proof = voucher(foreign);
    const char *issuer = cret_piece_text(proof, "issuer");
    const char *pin = cret_piece_text(foreign, "pin"), *vendor = cret_piece_text(foreign, "vendor");
    const char *time = cret_piece_text(proof, "time");
    cret_page_row(page, "signed by", "%s%s%s", signer_of(proof),
                  issuer[0] != '\0' ? ", certified by " : "", issuer);
    if (pin[0] != '\0') {
        cret_page_row(page, "pinned as", "%s%s%s", pin, vendor[0] != '\0' ? ", for " : "", vendor);
    }
    cret_page_row(page, "certificate", "%s", cret_piece_text(proof, "certificateSha256"));
    CRET_JSON_EACH_AT (index, other, json_object_get(proof, "otherSigners")) {
        cret_page_row(page, index == 0 ? "also signed by" : "", "%s, certificate SHA-256 %s",
                      cret_piece_text(other, "subject"),
                      cret_piece_text(other, "certificateSha256"));
    }
    if (time[0] != '\0') {
        cret_page_row(page, "signed on", "%s, says the %s", time, cret_piece_text(proof, "timeBy"));
    }
}

static void put_parts(struct cret_page *page, const json_t *proof)
{
    cret_page_row(page, "weak digest", "%s", cret_piece_text(proof, "weak"));
    CRET_JSON_EACH_AT (index, gap, json_object_get(proof, "unhashed")) {
        cret_page_row(page, index == 0 ? "not hashed" : "",
                      "%s: %" PRId64 " bytes at byte %" PRId64 "%s%s", cret_piece_text(gap, "part"),
                      cret_json_integer(gap, "bytes", 0), cret_json_integer(gap, "offset", 0),
                      json_object_get(gap, "within") != NULL ? " of the signature" : "",
                      cret_json_boolean(gap, "zero", false) ? ", zero" : "");
    }
    CRET_JSON_EACH_AT (place, note, json_object_get(proof, "notes")) {
        cret_page_row(page, place == 0 ? "note" : "", "%s", json_string_value(note));
    }
}

void cret_record_put_foreign(struct cret_page *page, const json_t *record)
{
    const json_t *foreign = cret_json_get(record, "what.foreign");
    const json_t *proof = json_object_get(foreign, "proof");
    const json_t *list = json_object_get(foreign, "listProof");
    if (proof == NULL) {
        return;
    }
    put_signer(page, foreign);
    if (cret_json_integer(cret_json_get(record, "result"), "exitCode", 1) == 0) {
        cret_page_row(page, "proves", "%s", cret_piece_text(proof, "proves"));
    }
    cret_page_row(page, "not", "%s", cret_piece_text(list != NULL ? list : proof, "leaves"));
    put_parts(page, proof);
    if (list != NULL) {
        put_parts(page, list);
    }
}
