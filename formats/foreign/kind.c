/* SPDX-License-Identifier: Apache-2.0 */
/* What the modules of foreign signatures share: gaps, notes, weak digests, pins. */
#include "foreign/kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text/unicode.h"
#include "trust/policy/pin_judge.h"

void cret_foreign_gap_copy(struct cret_foreign_proof *proof, const struct cret_foreign_gap *gap)
{
    if (proof->gap_count == CRET_FOREIGN_GAPS) {
        proof->gaps_lost = true;
        return;
    }
    proof->gaps[proof->gap_count++] = *gap;
}

void cret_foreign_gap_add(struct cret_foreign_proof *proof, const char *what, uint64_t offset,
                          uint64_t bytes, bool zero, bool accepted)
{
    if (bytes == 0) {
        return;
    }
    cret_foreign_gap_copy(
        proof,
        &(struct cret_foreign_gap){
            .what = what, .offset = offset, .bytes = bytes, .zero = zero, .accepted = accepted});
}

void cret_foreign_gap_in_signature(struct cret_foreign_proof *proof, const char *what,
                                   uint64_t offset, uint64_t bytes, bool told)
{
    cret_foreign_gap_copy(proof, &(struct cret_foreign_gap){.what = what,
                                                            .offset = offset,
                                                            .bytes = bytes,
                                                            .accepted = true,
                                                            .in_signature = true,
                                                            .told = told});
}

enum cret_status cret_foreign_gap_read(struct cret_foreign_proof *proof,
                                       const struct cret_foreign_file *file, const char *what,
                                       uint64_t offset, uint64_t bytes, struct cret_err *err)
{
    bool zero = false;
    if (cret_foreign_zero(&zero, file, offset, bytes, what, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_gap_add(proof, what, offset, bytes, zero, false);
    return CRET_OK;
}

void cret_foreign_note(struct cret_foreign_proof *proof, const char *format, ...)
{
    if (proof->note_count < CRET_FOREIGN_NOTES) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(proof->notes[proof->note_count++], CRET_FOREIGN_NOTE_BYTES, format, arguments);
        va_end(arguments);
    }
}

void cret_foreign_digest_strength(struct cret_foreign_proof *proof, const char *algorithm,
                                  const char *where)
{
    static const char *const weak[][2] = {
        {"md5", "MD5"}, {"sha1", "SHA-1"},   {"sha-1", "SHA-1"},         {"md4", "MD4"},
        {"md2", "MD2"}, {"crc32", "CRC-32"}, {"ripemd160", "RIPEMD-160"}};
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
        if (strcasecmp(algorithm, weak[i][0]) == 0) {
            if (!proof->weak) {
                snprintf(proof->weak_words, sizeof(proof->weak_words), "%s in %s", weak[i][1],
                         where);
            }
            proof->weak = true;
        }
    }
}

static bool covers(const struct cret_policy_scope *scope, const char *vendor, const char *product)
{
    if (vendor != NULL && scope->vendor != NULL && !cret_unicode_same(vendor, scope->vendor)) {
        return false;
    }
    for (size_t i = 0; product != NULL && i < scope->product_count; i++) {
        if (strcmp(scope->products[i], "*") == 0 ||
            cret_unicode_same(scope->products[i], product)) {
            return true;
        }
    }
    return product == NULL;
}

const struct cret_foreign_pin *cret_foreign_next_pin(const struct cret_foreign_question *question,
                                                     size_t *index,
                                                     const struct cret_policy_scope **ret_scope)
{
    size_t number = 0;
    const struct cret_policy *policy = question->policy;
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        for (size_t j = 0; j < scope->pin_count; j++, number++) {
            const struct cret_foreign_pin *pin = &scope->pins[j];
            if (number >= *index && covers(scope, question->vendor, question->product) &&
                !cret_optional_past(pin->not_after, question->now) &&
                (pin->kind == NULL || strcmp(pin->kind, question->pin_kind) == 0)) {
                *index = number + 1;
                *ret_scope = scope->vendor != NULL ? scope : NULL;
                return pin;
            }
        }
    }
    return NULL;
}

void cret_foreign_pinned(struct cret_foreign_proof *proof, const struct cret_foreign_pin *pin,
                         const struct cret_policy_scope *scope)
{
    proof->pin = pin;
    proof->scope = scope;
}

enum cret_status cret_foreign_unpinned(const struct cret_foreign_question *question,
                                       const char *who, struct cret_err *err)
{
    size_t index = 0;
    const struct cret_policy_scope *scope = NULL;
    const bool some = cret_foreign_next_pin(question, &index, &scope) != NULL;
    cret_err_refuse(err, CRET_CHECK_FOREIGN_PIN,
                    some ? "the file is signed, but not by anybody who is pinned for this"
                         : "the file is signed, and nobody is pinned whose signature would count");
    cret_err_actual(err, "%s", who);
    return cret_err_hint(err,
                         "if this is the vendor: compare it on another way than the download, then "
                         "pin it as %s (cretula-verify trust add-foreign), or give --foreign-key",
                         question->pin_kind);
}

static void describe_signer(struct cret_foreign_proof *proof,
                            const struct cret_certificate *certificate)
{
    snprintf(proof->subject, sizeof(proof->subject), "%s", cret_certificate_subject(certificate));
    snprintf(proof->issuer, sizeof(proof->issuer), "%s", cret_certificate_issuer(certificate));
    snprintf(proof->serial, sizeof(proof->serial), "%s", cret_certificate_serial(certificate));
    memcpy(proof->certificate_sha256, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
    memcpy(proof->key_sha256, cret_certificate_key_digest(certificate), CRET_SHA256_BYTES);
    proof->has_certificate = proof->has_key = true;
}

/* The reason to tell: a path at fault of the right publisher says more than that another is meant.
 */
static void keep(struct cret_err *kept, const struct cret_err *reason)
{
    if (kept->class == CRET_ERR_NONE ||
        (kept->check == CRET_CHECK_FOREIGN_PIN && reason->check != CRET_CHECK_FOREIGN_PIN)) {
        *kept = *reason;
    }
}

enum cret_status cret_foreign_judge_certificate(const struct cret_foreign_question *question,
                                                const struct cret_foreign_signer *signer,
                                                struct cret_foreign_proof *proof,
                                                struct cret_err *err)
{
    struct cret_err kept = {0};
    size_t index = 0;
    const struct cret_policy_scope *scope = NULL;
    const struct cret_foreign_pin *pin = NULL;
    const struct cret_pin_request request = {.policy = question->policy,
                                             .signer = signer->certificate,
                                             .others = signer->others,
                                             .other_count = signer->other_count,
                                             .usage = signer->usage,
                                             .now = question->now,
                                             .time = signer->time_limits ? (struct cret_optional){0}
                                                                         : signer->time,
                                             .allow_example_keys = question->allow_example_keys,
                                             .needed = signer->needed};
    describe_signer(proof, signer->certificate);
    while ((pin = cret_foreign_next_pin(question, &index, &scope)) != NULL) {
        struct cret_err reason = {0};
        if (cret_pin_judge(&request, pin, &reason) == CRET_OK) {
            cret_foreign_pinned(proof, pin, scope);
            return CRET_OK;
        }
        if (reason.class != CRET_ERR_REFUSED) {
            if (err != NULL) {
                *err = reason;
            }
            return CRET_FAILED;
        }
        keep(&kept, &reason);
    }
    if (kept.class == CRET_ERR_NONE || kept.check == CRET_CHECK_FOREIGN_PIN) {
        char who[2 * CRET_FOREIGN_TEXT + 32];
        snprintf(who, sizeof(who), "%s, certified by %s", proof->subject, proof->issuer);
        return cret_foreign_unpinned(question, who, err);
    }
    if (err != NULL) {
        *err = kept;
    }
    return CRET_FAILED;
}
