/* SPDX-License-Identifier: Apache-2.0 */
/* When a foreign signature was made: RFC 3161 tokens and PKCS#9 countersignatures. */
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "foreign/signed_parts.h"
#include "trust/asn1/oid.h"
#include "trust/policy/pin_judge.h"

/* TOKENS: of each kind: a signature has one or two. LARGE: octets of one; authorities send 3 to 8
 * KiB, and whatever a stranger's own token holds is signed, by the stranger. */
enum { TOKENS = 4, LARGE = 16 << 10 };

/* What somebody says about the time, before it is asked who that is. */
struct stamp {
    const char *words; /* "RFC 3161 timestamp" */
    int64_t time;
    const struct cret_certificate *by;
    const struct cret_signed *from; /* whose certificates came along */
    bool *needed;                   /* of those, the ones of its path are marked; or NULL */
};

struct search {
    const struct cret_foreign_question *question;
    struct cret_foreign_proof *proof;
    struct cret_signed_use *use; /* of the signature itself */
    struct cret_err *err;
    bool ended; /* with *err: memory, or a time from after now */
};

/* Takes it where an authority of the policy made it; else says why not. */
static void consider(struct search *search, const struct stamp *stamp)
{
    struct cret_err why = {0};
    const char *name = NULL;
    const struct cret_foreign_question *question = search->question;
    struct cret_foreign_proof *proof = search->proof;
    const struct cret_pin_request request = {
        .policy = question->policy,
        .signer = stamp->by,
        .others = (const struct cret_certificate *const *)stamp->from->certificates,
        .other_count = stamp->from->certificate_count,
        .now = question->now,
        .time = cret_optional_of(stamp->time),
        .allow_example_keys = question->allow_example_keys,
        .needed = stamp->needed};
    if (cret_pin_judge_authority(&request, &name, &why) != CRET_OK) {
        if (why.class != CRET_ERR_REFUSED) {
            search->ended = true;
            if (search->err != NULL) {
                *search->err = why;
            }
            return;
        }
        cret_foreign_note(proof, "the %s by %.100s is not trusted: %.100s", stamp->words,
                          cret_certificate_subject(stamp->by), why.what);
        return;
    }
    /* Who says so was asked first: whoever likes puts a stranger's time there. */
    if (stamp->time > question->now) {
        search->ended = true;
        cret_err_refuse(search->err, CRET_CHECK_FOREIGN_TIMESTAMP,
                        "the %s is from after the time of this run", stamp->words);
        cret_err_hint(search->err, "check the clock of this machine (and --at)");
        return;
    }
    if (!proof->time.given || stamp->time < proof->time.value) {
        proof->time = cret_optional_of(stamp->time);
        snprintf(proof->time_by, sizeof(proof->time_by), "%s of %.400s", stamp->words, name);
    }
}

/* TSTInfo (RFC 3161 2.4.2): does it date this value? */
static enum cret_status read_info(struct cret_bytes info, struct cret_bytes value,
                                  int64_t *ret_time, struct cret_err *err)
{
    struct cret_der der =
        cret_der_begin(info.data, info.size, "timestamp", CRET_CHECK_FOREIGN_FORM, err);
    struct cret_der inner, imprint;
    struct cret_der_element algorithm, hashed;
    const char *name = NULL;
    bool fraction = false;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "TSTInfo", &inner) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_INTEGER, "version", NULL) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_OID, "policy", NULL) != CRET_OK ||
        cret_der_enter(&inner, CRET_DER_SEQUENCE, "messageImprint", &imprint) != CRET_OK ||
        cret_der_take(&imprint, CRET_DER_SEQUENCE, "hashAlgorithm", &algorithm) != CRET_OK ||
        cret_der_take(&imprint, CRET_DER_OCTET_STRING, "hashedMessage", &hashed) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_INTEGER, "serialNumber", NULL) != CRET_OK ||
        cret_der_generalized_time(&inner, "genTime", ret_time, &fraction) != CRET_OK) {
        return CRET_FAILED;
    }
    const EVP_MD *md = cret_signed_digest(algorithm.whole, &name);
    if (md == NULL || strcmp(name, "md5") == 0 || strcmp(name, "sha1") == 0) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_TIMESTAMP,
                               "the timestamp is over a weak or unknown digest");
    }
    if (cret_signed_hash(digest, &size, md, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_bytes_equal(hashed.content, (struct cret_bytes){digest, size})
               ? CRET_OK
               : cret_err_refuse(err, CRET_CHECK_FOREIGN_TIMESTAMP,
                                 "the timestamp is of another signature");
}

static enum cret_status verify_token(const struct cret_signed *token, struct cret_bytes value,
                                     int64_t *ret_time, struct cret_err *err)
{
    struct cret_foreign_proof own = {0};
    struct cret_bytes info;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (!cret_bytes_equal(token->content_type, cret_oid_timestamp_info)) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_TIMESTAMP, "the timestamp is no token");
    }
    if (cret_signed_octets(token, &info, err) != CRET_OK ||
        read_info(info, value, ret_time, err) != CRET_OK ||
        cret_signed_hash(digest, &size, token->signer.digest, info, err) != CRET_OK ||
        cret_signed_verify(token, digest, size, &own, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return own.weak ? cret_err_refuse(err, CRET_CHECK_FOREIGN_TIMESTAMP,
                                      "the timestamp is signed by a weak digest")
                    : CRET_OK;
}

void cret_signed_unread(struct cret_signed_use *use, struct cret_bytes part)
{
    use->unread = use->unread_bytes > 0 ? use->unread : part;
    use->unread_bytes += part.size;
}

/* What cannot be read or is wrong proves no time, and is said; only memory ends the search. part:
 * what of it says nothing to anybody. */
static void set_aside(struct search *search, const char *words, struct cret_bytes part,
                      const struct cret_err *why)
{
    cret_signed_unread(search->use, part);
    if (why->class != CRET_ERR_REFUSED) {
        search->ended = true;
        if (search->err != NULL) {
            *search->err = *why;
        }
        return;
    }
    cret_foreign_note(search->proof, "a %s proves nothing: %.180s", words, why->what);
}

/* What a timestamp that is right has room for: all of a large one, else what nobody signed in it.
 */
static void name_room(struct cret_signed_use *use, struct cret_bytes all,
                      struct cret_bytes unsigned_part)
{
    cret_signed_unread(use, all.size > LARGE ? all : unsigned_part);
}

static void try_token(struct search *search, struct cret_bytes values, struct cret_bytes value)
{
    static const char words[] = "RFC 3161 timestamp";
    struct cret_signed token;
    struct cret_err why = {0};
    int64_t time = 0;
    if (cret_signed_read(&token, values.data, values.size, false, &why) != CRET_OK) {
        set_aside(search, words, values, &why);
        return;
    }
    if (verify_token(&token, value, &time, &why) == CRET_OK) {
        name_room(search->use, values, token.signer.unsigned_attributes);
        if (values.size <= LARGE) {
            cret_signed_unread(search->use,
                               (struct cret_bytes){token.unread.data, token.unread_bytes});
        }
        consider(search, &(struct stamp){words, time, token.certificate, &token, NULL});
    } else {
        set_aside(search, words, values, &why);
    }
    cret_signed_clear(&token);
}

/* RFC 5652 11.4: a SignerInfo over the signature value, by a certificate of the outer message. */
static void try_countersignature(struct search *search, const struct cret_signed *message,
                                 struct cret_bytes values)
{
    static const char words[] = "countersignature";
    struct cret_err why = {0};
    struct cret_signer_info info;
    struct cret_der der =
        cret_der_begin(values.data, values.size, "countersignature", CRET_CHECK_FOREIGN_FORM, &why);
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (cret_signer_info_read(&info, &der) != CRET_OK ||
        cret_der_end(&der, "countersignature") != CRET_OK) {
        set_aside(search, words, values, &why);
        return;
    }
    const struct cret_certificate *by = cret_signer_info_find(&info, message);
    if (by == NULL || !info.signing_time.given) {
        cret_err_refuse(&why, CRET_CHECK_FOREIGN_TIMESTAMP,
                        by == NULL ? "its certificate is not there" : "it says no time");
        set_aside(search, words, values, &why);
    } else if (cret_signed_hash(digest, &size, info.digest, message->signer.value, &why) !=
                   CRET_OK ||
               cret_signer_info_verify(&info, by, digest, size, &why) != CRET_OK) {
        set_aside(search, words, values, &why);
    } else if (strcmp(info.digest_name, "sha1") == 0 || strcmp(info.digest_name, "md5") == 0) {
        /* Whatever a pin allows: who can make another file of the same digest dates it himself. */
        cret_err_refuse(&why, CRET_CHECK_FOREIGN_TIMESTAMP, "it is made with a weak digest, %s",
                        info.digest_name);
        set_aside(search, words, values.size > LARGE ? values : info.unsigned_attributes, &why);
    } else {
        name_room(search->use, values, info.unsigned_attributes);
        consider(search,
                 &(struct stamp){words, info.signing_time.value, by, message, search->use->needed});
    }
}

enum cret_status cret_signed_time(const struct cret_foreign_question *question,
                                  const struct cret_signed *message, struct cret_signed_use *use,
                                  struct cret_foreign_proof *proof, struct cret_err *err)
{
    const struct cret_bytes kinds[] = {cret_oid_timestamp_token, cret_oid_microsoft_token,
                                       cret_oid_countersignature};
    struct search search = {.question = question, .proof = proof, .use = use, .err = err};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct cret_bytes rest = message->signer.unsigned_attributes, values;
        for (size_t n = 0; cret_signed_unsigned(&rest, kinds[i], &values); n++) {
            if (n >= TOKENS || search.ended) {
                cret_signed_unread(use, values);
            } else if (i == 2) {
                try_countersignature(&search, message, values);
            } else {
                try_token(&search, values, message->signer.value);
            }
        }
    }
    return search.ended ? CRET_FAILED : CRET_OK;
}
