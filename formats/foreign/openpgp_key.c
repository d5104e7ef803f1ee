/* SPDX-License-Identifier: Apache-2.0 */
/* A pinned OpenPGP key: which of its components may sign files, as its primary key says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/sha1.h"
#include "base/text/text.h"
#include "foreign/openpgp.h"
#include "foreign/openpgp_packet.h"

#define SUBJECT "pinned key"

enum { SIGNS = 0x02 }; /* key flags, RFC 9580 5.2.3.29 */

/* The part of the file that is read: packets that belong to one component. */
struct part {
    struct cret_bytes body; /* of the key packet */
    struct cret_bytes user; /* of the user id that signatures stand behind; data NULL: none */
    bool attribute;         /* they stand behind a picture */
    bool certified;         /* by a signature of the primary key that counts */
    bool revoked;
    const char *weak;           /* a signature that would have counted is over this digest */
    uint32_t newest;            /* when the one that counts was made */
    uint32_t lifetime;          /* of the component, as it says; 0: no end */
    struct cret_optional until; /* the end of that signature itself */
    bool may_sign;
};

struct file {
    struct cret_openpgp_key *key;
    struct part parts[CRET_OPENPGP_KEYS];
    bool allow_rsa_2048;
    struct cret_err *err;
};

/* A key packet as it is hashed: 99, its length, its body (RFC 9580 5.2.4). */
static void put_key(struct cret_buffer *out, struct cret_bytes body)
{
    const uint8_t header[] = {0x99, (uint8_t)(body.size >> 8), (uint8_t)body.size};
    cret_buffer_append(out, header, sizeof(header));
    cret_buffer_append(out, body.data, body.size);
}

static enum cret_status fingerprint(uint8_t out[CRET_OPENPGP_FINGERPRINT], struct cret_bytes body,
                                    struct cret_err *err)
{
    struct cret_buffer bytes = {0};
    enum cret_status status = CRET_FAILED;
    put_key(&bytes, body);
    if (bytes.failed) {
        cret_err_memory(err);
    } else {
        status = cret_sha1(out, bytes.data, bytes.size, err);
    }
    cret_buffer_free(&bytes);
    return status;
}

/* Object identifiers of curves behind their length (RFC 9580 9.2). */
static const struct {
    enum cret_key_kind kind;
    uint32_t algorithm;
    uint8_t size;
    uint8_t oid[9];
} curves[] = {
    {CRET_KEY_P256, CRET_OPENPGP_ECDSA, 8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}},
    {CRET_KEY_P384, CRET_OPENPGP_ECDSA, 5, {0x2b, 0x81, 0x04, 0x00, 0x22}},
    {CRET_KEY_P521, CRET_OPENPGP_ECDSA, 5, {0x2b, 0x81, 0x04, 0x00, 0x23}},
    {CRET_KEY_ED25519,
     CRET_OPENPGP_EDDSA,
     9,
     {0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01}},
};

static enum cret_status read_curve(struct cret_openpgp_component *component, uint32_t algorithm,
                                   struct cret_openpgp_reader *reader)
{
    uint32_t size = 0;
    struct cret_bytes oid, point;
    if (cret_openpgp_number(reader, 1, &size) != CRET_OK ||
        cret_openpgp_octets(reader, size, &oid) != CRET_OK ||
        cret_openpgp_mpi(reader, &point) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < CRET_LENGTH(curves); i++) {
        if (curves[i].algorithm != algorithm || curves[i].size != oid.size ||
            memcmp(curves[i].oid, oid.data, oid.size) != 0) {
            continue;
        }
        if (algorithm == CRET_OPENPGP_EDDSA) {
            /* 40, then the octets of RFC 8032. */
            if (point.size != 33 || point.data[0] != 0x40) {
                return cret_openpgp_refuse(reader, "has a point of an unknown form");
            }
            point.data++;
            point.size--;
        }
        return cret_raw_key_point(&component->key, curves[i].kind, point, SUBJECT, reader->err);
    }
    return cret_err_refuse(reader->err, CRET_CHECK_FOREIGN_STRENGTH,
                           "the " SUBJECT " is on a curve that is not read");
}

/* Its key, where it is of a kind that signs files here. A kind that is not read is no error: it may
 * encrypt. */
static enum cret_status read_component(struct file *file, struct cret_openpgp_component *component,
                                       struct cret_bytes body)
{
    struct cret_openpgp_reader reader = {body.data, body.data + body.size, SUBJECT, file->err};
    uint32_t version = 0, algorithm = 0;
    struct cret_bytes modulus, exponent, octets;
    enum cret_status status = CRET_FAILED;
    if (cret_openpgp_number(&reader, 1, &version) != CRET_OK) {
        return CRET_FAILED;
    }
    if (version != 4 || body.size > UINT16_MAX) {
        return cret_err_refuse(file->err, CRET_CHECK_FOREIGN_STRENGTH,
                               "the " SUBJECT " is of version %u: only version 4 is read", version);
    }
    if (cret_openpgp_number(&reader, 4, &component->created) != CRET_OK ||
        cret_openpgp_number(&reader, 1, &algorithm) != CRET_OK ||
        fingerprint(component->fingerprint, body, file->err) != CRET_OK) {
        return CRET_FAILED;
    }
    switch (algorithm) {
    case CRET_OPENPGP_RSA:
        if (cret_openpgp_mpi(&reader, &modulus) == CRET_OK &&
            cret_openpgp_mpi(&reader, &exponent) == CRET_OK) {
            status = cret_raw_key_rsa(&component->key, modulus, exponent, file->allow_rsa_2048,
                                      SUBJECT, file->err);
        }
        break;
    case CRET_OPENPGP_ECDSA:
    case CRET_OPENPGP_EDDSA:
        status = read_curve(component, algorithm, &reader);
        break;
    case CRET_OPENPGP_ED25519:
        if (cret_openpgp_octets(&reader, 32, &octets) == CRET_OK) {
            status =
                cret_raw_key_point(&component->key, CRET_KEY_ED25519, octets, SUBJECT, file->err);
        }
        break;
    default:
        snprintf(component->reason, sizeof(component->reason),
                 "is of OpenPGP algorithm %u, whose signatures are not read", algorithm);
        return CRET_OK;
    }
    if (status == CRET_OK && reader.next != reader.end) {
        status = cret_openpgp_refuse(&reader, "has bytes behind its numbers");
    }
    if (status != CRET_OK && file->err != NULL && file->err->class == CRET_ERR_REFUSED &&
        file->key->count > 0) {
        /* A subkey that is too weak, or of another curve, must not take the others with it. */
        snprintf(component->reason, sizeof(component->reason), "cannot be used: %.90s",
                 file->err->what);
        cret_raw_key_free(&component->key);
        cret_err_clear(file->err);
        return CRET_OK;
    }
    return status;
}

static enum cret_status add_component(struct file *file, struct cret_bytes body)
{
    struct cret_openpgp_key *key = file->key;
    if (key->count == CRET_OPENPGP_KEYS) {
        return cret_err_refuse(file->err, CRET_CHECK_FOREIGN_FORM,
                               "the " SUBJECT " has more than %u keys", CRET_OPENPGP_KEYS);
    }
    if (read_component(file, &key->components[key->count], body) != CRET_OK) {
        return CRET_FAILED;
    }
    file->parts[key->count].body = body;
    key->count++;
    return CRET_OK;
}

/* Did the primary key make it, as far as it says? */
static bool by_primary(const struct file *file, const struct cret_openpgp_signature *signature)
{
    const uint8_t *own = file->key->components[0].fingerprint;
    if (signature->has_fingerprint) {
        return memcmp(signature->fingerprint, own, CRET_OPENPGP_FINGERPRINT) == 0;
    }
    return signature->has_key_id &&
           memcmp(signature->key_id, own + CRET_OPENPGP_FINGERPRINT - sizeof(signature->key_id),
                  sizeof(signature->key_id)) == 0;
}

/* What a signature over keys is made over (RFC 9580 5.2.4). */
static void put_certified(struct cret_buffer *out, const struct file *file,
                          const struct cret_openpgp_signature *signature)
{
    const struct part *part = &file->parts[file->key->count - 1];
    put_key(out, file->parts[0].body);
    if (signature->type == CRET_OPENPGP_SUBKEY_BINDING ||
        signature->type == CRET_OPENPGP_PRIMARY_BINDING) {
        put_key(out, part->body);
    } else if (signature->type != CRET_OPENPGP_DIRECT) {
        const size_t size = part->user.size;
        const uint8_t header[] = {0xb4, (uint8_t)(size >> 24), (uint8_t)(size >> 16),
                                  (uint8_t)(size >> 8), (uint8_t)size};
        cret_buffer_append(out, header, sizeof(header));
        cret_buffer_append(out, part->user.data, size);
    }
}

static bool holds(const struct file *file, const struct cret_openpgp_signature *signature,
                  const struct cret_raw_key *key)
{
    struct cret_buffer bytes = {0};
    put_certified(&bytes, file, signature);
    const bool right =
        !bytes.failed && key != NULL &&
        cret_openpgp_verify_bytes(signature, key,
                                  (struct cret_bytes){(const uint8_t *)bytes.data, bytes.size},
                                  NULL) == CRET_OK;
    cret_buffer_free(&bytes);
    return right;
}

/* A subkey that signs must have said that it belongs to the primary key (RFC 9580 5.2.1.10): else
 * somebody could take another's key for a subkey of his own. */
static bool answered(const struct file *file, const struct cret_openpgp_signature *binding)
{
    struct cret_openpgp_signature answer;
    return binding->embedded.size > 0 &&
           cret_openpgp_signature_parse(&answer, binding->embedded, SUBJECT, NULL) == CRET_OK &&
           answer.type == CRET_OPENPGP_PRIMARY_BINDING &&
           holds(file, &answer, file->key->components[file->key->count - 1].key);
}

static struct cret_optional ends_at(bool given, uint32_t created, uint32_t lifetime)
{
    return (struct cret_optional){.given = given, .value = (int64_t)created + lifetime};
}

/* A signature of the primary key over itself, a user id of its own, or a subkey: the newest
 * counts. */
static void take_certification(struct file *file, const struct cret_openpgp_signature *signature)
{
    struct part *part = &file->parts[file->key->count - 1];
    const bool subkey = file->key->count > 1;
    if (part->attribute || !by_primary(file, signature) || signature->created < part->newest) {
        return;
    }
    if (signature->weak != NULL) {
        part->weak = signature->weak;
        return;
    }
    if (!holds(file, signature, file->key->components[0].key)) {
        return;
    }
    /* Without flags a primary key may sign, as those of old do; a subkey not. */
    const bool flagged = signature->has_flags ? (signature->flags & SIGNS) != 0 : !subkey;
    part->certified = true;
    part->newest = signature->created;
    part->lifetime = signature->key_lifetime;
    part->until = ends_at(signature->lifetime != 0, signature->created, signature->lifetime);
    part->may_sign = flagged && (!subkey || answered(file, signature));
    if (part->user.data != NULL && file->key->user[0] == '\0' && part->user.size > 0) {
        snprintf(file->key->user, sizeof(file->key->user), "%.*s",
                 part->user.size < 190 ? (int)part->user.size : 190, (const char *)part->user.data);
    }
}

/* Whoever made it, whether or not it is right, and in whatever form: a key that may be revoked is
 * none to pin. So the type is read before anything else, which may be in a form that nobody
 * reads. */
static bool revokes(struct cret_bytes body, bool readable)
{
    const size_t at = body.size > 0 && body.data[0] <= 3 ? 2 : 1;
    if (body.size <= at) {
        return true;
    }
    const uint8_t type = body.data[at];
    return type == CRET_OPENPGP_KEY_REVOCATION || type == CRET_OPENPGP_SUBKEY_REVOCATION ||
           (type == CRET_OPENPGP_CERTIFICATION_REVOCATION && !readable);
}

static enum cret_status take_signature(struct file *file, struct cret_bytes body)
{
    struct cret_openpgp_signature signature;
    struct part *part = &file->parts[file->key->count - 1];
    const bool subkey = file->key->count > 1;
    struct cret_err passed = {0};
    const bool readable =
        cret_openpgp_signature_parse(&signature, body, SUBJECT, &passed) == CRET_OK;
    if (revokes(body, readable)) {
        part->revoked = true;
        return CRET_OK;
    }
    /* What others certified of old may be in forms that nobody reads; it counts for nothing. */
    if (!readable) {
        return passed.class == CRET_ERR_UNDECIDED ? cret_err_memory(file->err) : CRET_OK;
    }
    switch (signature.type) {
    case CRET_OPENPGP_CERTIFICATION_REVOCATION: /* others may take back what they said */
        part->revoked = part->revoked || by_primary(file, &signature);
        return CRET_OK;
    case CRET_OPENPGP_SUBKEY_BINDING:
        if (subkey) {
            take_certification(file, &signature);
        }
        return CRET_OK;
    case CRET_OPENPGP_DIRECT:
        if (!subkey && part->user.data == NULL) {
            take_certification(file, &signature);
        }
        return CRET_OK;
    default:
        if (!subkey && part->user.data != NULL && signature.type >= CRET_OPENPGP_CERTIFICATION &&
            signature.type <= CRET_OPENPGP_CERTIFICATION + 3) {
            take_certification(file, &signature);
        }
        return CRET_OK;
    }
}

static enum cret_status take_packet(struct file *file, unsigned tag, struct cret_bytes body)
{
    struct cret_openpgp_key *key = file->key;
    struct cret_err *err = file->err;
    const bool first = key->count == 0;
    switch (tag) {
    case CRET_OPENPGP_TAG_SECRET_KEY:
    case CRET_OPENPGP_TAG_SECRET_SUBKEY:
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the " SUBJECT " is a private one");
        return cret_err_hint(err, "its owner exports the public key with gpg --export; whoever has "
                                  "the private one can sign in that name");
    case CRET_OPENPGP_TAG_KEY:
        if (!first) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the " SUBJECT "'s file holds two");
            return cret_err_hint(err, "export one key: gpg --armor --export FINGERPRINT; pin each "
                                      "key by itself");
        }
        return add_component(file, body);
    case CRET_OPENPGP_TAG_SUBKEY:
        return first ? CRET_FAILED : add_component(file, body);
    case CRET_OPENPGP_TAG_SIGNATURE:
        return first ? CRET_FAILED : take_signature(file, body);
    case CRET_OPENPGP_TAG_USER_ID:
    case CRET_OPENPGP_TAG_ATTRIBUTE:
        if (key->count != 1) {
            return CRET_FAILED;
        }
        file->parts[0].attribute = tag == CRET_OPENPGP_TAG_ATTRIBUTE;
        file->parts[0].user = body;
        return CRET_OK;
    case CRET_OPENPGP_TAG_TRUST:
        return CRET_OK;
    default:
        return CRET_FAILED;
    }
}

/* It ends at this time at the latest, where one is given. */
static void end_by(struct cret_openpgp_component *component, struct cret_optional time)
{
    if (time.given && (!component->expiry.given || time.value < component->expiry.value)) {
        component->expiry = time;
    }
}

/* What the parts say of the components. */
static enum cret_status conclude(struct file *file)
{
    for (size_t i = 0; i < file->key->count; i++) {
        struct cret_openpgp_component *component = &file->key->components[i];
        const struct part *part = &file->parts[i];
        const char *reason = NULL;
        if (part->revoked && i == 0) {
            cret_err_refuse(file->err, CRET_CHECK_FOREIGN_VALUE, "the " SUBJECT " is revoked");
            return cret_err_hint(file->err, "ask the vendor for the key that signs today, compare "
                                            "its fingerprint on another way, and pin that");
        }
        if (part->revoked) {
            reason = "is revoked";
        } else if (!part->certified && part->weak != NULL) {
            reason = "is certified by its primary key over a weak digest only (MD5, SHA-1)";
        } else if (!part->certified) {
            reason = "is not certified by its primary key";
        } else if (!part->may_sign) {
            reason = "is not for signing files, or never said that it belongs to the primary key";
        }
        component->expiry = ends_at(part->lifetime != 0, component->created, part->lifetime);
        end_by(component, part->until);
        if (reason != NULL) {
            snprintf(component->reason, sizeof(component->reason), "%s", reason);
            cret_raw_key_free(&component->key);
        }
    }
    /* No subkey outlives the primary key. */
    const struct cret_openpgp_component *primary = &file->key->components[0];
    for (size_t i = 1; i < file->key->count; i++) {
        struct cret_openpgp_component *component = &file->key->components[i];
        end_by(component, primary->expiry);
        if (!file->parts[0].certified) {
            cret_raw_key_free(&component->key);
            snprintf(component->reason, sizeof(component->reason),
                     "hangs on a primary key that did not certify itself");
        }
    }
    return CRET_OK;
}

enum cret_status cret_openpgp_key_parse(struct cret_openpgp_key *ret_key, struct cret_bytes file,
                                        bool allow_rsa_2048, struct cret_err *err)
{
    struct cret_openpgp_key key = {0};
    struct cret_err inner = {0};
    struct file state = {.key = &key, .allow_rsa_2048 = allow_rsa_2048, .err = &inner};
    struct cret_bytes packets = {NULL, 0};
    uint8_t *owned = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_openpgp_unarmor(&packets, &owned, file, "PGP PUBLIC KEY BLOCK", SUBJECT, &inner) !=
        CRET_OK) {
        goto out;
    }
    struct cret_openpgp_reader reader = {packets.data, packets.data + packets.size, SUBJECT,
                                         &inner};
    while (reader.next != reader.end) {
        unsigned tag = 0;
        struct cret_bytes body;
        if (cret_openpgp_packet(&reader, &tag, &body) != CRET_OK) {
            goto out;
        }
        if (take_packet(&state, tag, body) != CRET_OK) {
            if (inner.class == CRET_ERR_NONE) {
                cret_openpgp_refuse(&reader, "has packet %u where none may stand", tag);
            }
            goto out;
        }
    }
    if (key.count == 0) {
        cret_openpgp_refuse(&reader, "is empty");
        goto out;
    }
    if (conclude(&state) != CRET_OK) {
        goto out;
    }
    *ret_key = key;
    memset(&key, 0, sizeof(key));
    status = CRET_OK;
out:
    if (status != CRET_OK && err != NULL) {
        *err = inner;
    }
    cret_openpgp_key_clear(&key);
    free(owned);
    return status;
}

void cret_openpgp_key_clear(struct cret_openpgp_key *key)
{
    for (size_t i = 0; i < CRET_OPENPGP_KEYS; i++) {
        cret_raw_key_free(&key->components[i].key);
    }
    memset(key, 0, sizeof(*key));
}

const struct cret_openpgp_component *
cret_openpgp_key_find(const struct cret_openpgp_key *key,
                      const struct cret_openpgp_signature *signature)
{
    for (size_t i = 0; i < key->count; i++) {
        const uint8_t *print = key->components[i].fingerprint;
        if (signature->has_fingerprint
                ? memcmp(signature->fingerprint, print, CRET_OPENPGP_FINGERPRINT) == 0
                : signature->has_key_id &&
                      memcmp(signature->key_id,
                             print + CRET_OPENPGP_FINGERPRINT - sizeof(signature->key_id),
                             sizeof(signature->key_id)) == 0) {
            return &key->components[i];
        }
    }
    return NULL;
}

enum cret_status cret_openpgp_judge(const struct cret_openpgp_signature *signature,
                                    const struct cret_openpgp_component *component, int64_t now,
                                    struct cret_err *err)
{
    const int64_t created = signature->created;
    if (component->key == NULL) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                               "the key that signed %s, so that its signature does not count",
                               component->reason);
    }
    if (signature->weak != NULL) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "the signature is over a digest that is not accepted: %s", signature->weak);
        cret_err_expected(err, "SHA-256, SHA-384 or SHA-512");
        return cret_err_hint(err, "ask the vendor for one made with gpg --digest-algo SHA256");
    }
    if (signature->type != CRET_OPENPGP_BINARY) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "the signature is not one over the "
                        "bytes of a file (type %02x)",
                        signature->type);
        return cret_err_hint(err,
                             signature->type == CRET_OPENPGP_TEXT
                                 ? "a text signature lets line ends change; ask the vendor for "
                                   "one made with gpg --detach-sign, without --textmode"
                                 : "ask the vendor for one made with gpg --detach-sign");
    }
    if (signature->unsigned_bytes > 0) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "the signature carries %zu bytes that nobody signed",
                               signature->unsigned_bytes);
    }
    if (created < component->created) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                               "the signature says that it was made before its key was");
    }
    if (created > now) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                               "the signature says that it was made in the future");
    }
    if (signature->lifetime != 0 && created + signature->lifetime <= now) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                               "the signature has ended, as its signer wanted");
    }
    if (component->expiry.given && component->expiry.value <= now) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE, "the pinned key has ended");
        return cret_err_hint(err, "vendors prolong their keys: fetch the key again, compare its "
                                  "fingerprint, and pin that copy");
    }
    return CRET_OK;
}
