/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/x509/chain.h"

/* One path: root, at most one intermediate, leaf; each row says what deviates. */
struct chain_row {
    const char *why;
    struct pki_spec root, middle, leaf; /* middle.name NULL: none */
    enum cret_anchor_kind kind;
    bool anchor_is_middle, foreign_anchor;
    int64_t time; /* 0: PKI_NOW */
    struct cret_optional not_after;
    const char *usage;        /* NULL: codeSigning */
    enum cret_check_id check; /* CRET_CHECK_NONE: accepted */
};

#define ROOT                                                                                       \
    {                                                                                              \
        .name = "Root", .extensions = { PKI_CA }                                                   \
    }
#define MIDDLE                                                                                     \
    {                                                                                              \
        .name = "Middle", .extensions = { PKI_CA }                                                 \
    }
#define LEAF                                                                                       \
    {                                                                                              \
        .name = "Leaf", .extensions = { PKI_LEAF }                                                 \
    }
#define LEAF_WITH(...)                                                                             \
    {                                                                                              \
        .name = "Leaf", .extensions = { __VA_ARGS__ }                                              \
    }
#define MIDDLE_WITH(...)                                                                           \
    {                                                                                              \
        .name = "Middle", .extensions = { __VA_ARGS__ }                                            \
    }
#define ROOT_WITH(...)                                                                             \
    {                                                                                              \
        .name = "Root", .extensions = { __VA_ARGS__ }                                              \
    }
#define NOT_CA "basicConstraints=critical,CA:FALSE"
#define SIGNS "keyUsage=critical,digitalSignature"
#define CODE "extendedKeyUsage=critical,codeSigning"
/* certificatePolicies with 1.2.3.4; the short form needs a configuration. */
#define CERTIFICATE_POLICY "certificatePolicies=DER:3007300506032A0304"

#define PATH CRET_CHECK_CERTIFICATE_PATH
#define VALIDITY CRET_CHECK_CERTIFICATE_VALIDITY
#define USAGE CRET_CHECK_CERTIFICATE_USAGE
#define ALGORITHM CRET_CHECK_CERTIFICATE_ALGORITHM
#define NONE CRET_CHECK_NONE

static const struct chain_row rows[] = {
    {.why = "below a root", .root = ROOT, .leaf = LEAF, .check = NONE},
    {.why = "with an intermediate", .root = ROOT, .middle = MIDDLE, .leaf = LEAF, .check = NONE},
    {.why = "the intermediate as anchor (partial chain)",
     .root = ROOT,
     .middle = MIDDLE,
     .leaf = LEAF,
     .anchor_is_middle = true,
     .check = NONE},
    {.why = "no basicConstraints in the leaf",
     .root = ROOT,
     .leaf = LEAF_WITH(SIGNS, CODE),
     .check = NONE},
    {.why = "no keyUsage in the leaf", .root = ROOT, .leaf = LEAF_WITH(CODE), .check = NONE},
    {.why = "several usages",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=clientAuth,codeSigning"),
     .check = NONE},
    {.why = "usage as asked",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=1.2.3.4"),
     .usage = "1.2.3.4",
     .check = NONE},
    {.why = "P-384 and RSA",
     .root = {.name = "Root", .algorithm = "RSA-3072", .extensions = {PKI_CA}},
     .leaf = {.name = "Leaf", .algorithm = "P-384", .extensions = {PKI_LEAF}},
     .check = NONE},
    {.why = "Ed25519 along the path",
     .root = {.name = "Root", .algorithm = "ED25519", .extensions = {PKI_CA}},
     .middle = {.name = "Middle", .algorithm = "ED25519", .extensions = {PKI_CA}},
     .leaf = {.name = "Leaf", .algorithm = "ED25519", .extensions = {PKI_LEAF}},
     .check = NONE},
    {.why = "the root's own digest does not matter",
     .root = {.name = "Root", .extensions = {PKI_CA}, .digest = (const EVP_MD *)1},
     .leaf = LEAF,
     .check = NONE},

    {.why = "another root of the same name",
     .root = ROOT,
     .leaf = LEAF,
     .foreign_anchor = true,
     .check = PATH},
    {.why = "another root, with an intermediate",
     .root = ROOT,
     .middle = MIDDLE,
     .leaf = LEAF,
     .foreign_anchor = true,
     .check = PATH},
    {.why = "unknown critical extension in the leaf",
     .root = ROOT,
     .leaf = LEAF_WITH(CODE, "1.2.3.4=critical,ASN1:NULL"),
     .check = PATH},
    {.why = "unknown critical extension in the intermediate",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "1.2.3.4=critical,ASN1:NULL"),
     .leaf = LEAF,
     .check = PATH},
    {.why = "name constraints",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "nameConstraints=critical,permitted;email:example.org"),
     .leaf = LEAF_WITH(CODE, "subjectAltName=email:a@example.com"),
     .check = PATH},

    {.why = "a certificate policy that the issuer requires",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "policyConstraints=critical,requireExplicitPolicy:0",
                           CERTIFICATE_POLICY),
     .leaf = LEAF_WITH(CODE, CERTIFICATE_POLICY),
     .check = NONE},
    {.why = "no certificate policy, though the issuer requires one",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "policyConstraints=critical,requireExplicitPolicy:0",
                           CERTIFICATE_POLICY),
     .leaf = LEAF_WITH(CODE),
     .check = PATH},

    {.why = "leaf expired",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .not_after = PKI_NOW - 1},
     .check = VALIDITY},
    {.why = "leaf at its end",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .not_after = PKI_NOW},
     .check = VALIDITY},
    {.why = "leaf a second before its end",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .not_after = PKI_NOW + 1},
     .check = NONE},
    {.why = "leaf not yet valid",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .not_before = PKI_NOW + 1},
     .check = VALIDITY},
    {.why = "intermediate expired",
     .root = ROOT,
     .middle = {.name = "Middle", .extensions = {PKI_CA}, .not_after = PKI_NOW - 1},
     .leaf = LEAF,
     .check = VALIDITY},
    {.why = "root expired",
     .root = {.name = "Root", .extensions = {PKI_CA}, .not_after = PKI_NOW - 1},
     .leaf = LEAF,
     .check = VALIDITY},
    {.why = "the policy ended the anchor",
     .root = ROOT,
     .leaf = LEAF,
     .not_after = {true, PKI_NOW - 1},
     .check = VALIDITY},

    {.why = "no extended key usage",
     .root = ROOT,
     .leaf = LEAF_WITH(NOT_CA, SIGNS),
     .check = USAGE},
    {.why = "another extended key usage",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=serverAuth"),
     .check = USAGE},
    {.why = "anyExtendedKeyUsage does not count",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=anyExtendedKeyUsage"),
     .check = USAGE},
    {.why = "key usage without digitalSignature",
     .root = ROOT,
     .leaf = LEAF_WITH("keyUsage=critical,keyEncipherment", CODE),
     .check = USAGE},
    {.why = "intermediate constrained to another usage",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "extendedKeyUsage=serverAuth"),
     .leaf = LEAF,
     .check = USAGE},
    {.why = "intermediate that may certify for any usage",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "extendedKeyUsage=anyExtendedKeyUsage"),
     .leaf = LEAF,
     .check = NONE},
    {.why = "intermediate constrained to this usage",
     .root = ROOT,
     .middle = MIDDLE_WITH(PKI_CA, "extendedKeyUsage=codeSigning"),
     .leaf = LEAF,
     .check = NONE},
    {.why = "intermediate is no CA",
     .root = ROOT,
     .middle = MIDDLE_WITH(NOT_CA, SIGNS, CODE),
     .leaf = LEAF,
     .check = USAGE},
    {.why = "intermediate without basicConstraints",
     .root = ROOT,
     .middle = MIDDLE_WITH("keyUsage=critical,keyCertSign"),
     .leaf = LEAF,
     .check = USAGE},
    {.why = "intermediate without keyCertSign",
     .root = ROOT,
     .middle = MIDDLE_WITH("basicConstraints=critical,CA:TRUE", SIGNS),
     .leaf = LEAF,
     .check = USAGE},
    {.why = "root without keyCertSign",
     .root = ROOT_WITH("basicConstraints=critical,CA:TRUE", SIGNS),
     .leaf = LEAF,
     .check = USAGE},
    {.why = "path length exceeded",
     .root = ROOT_WITH("basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=keyCertSign"),
     .middle = MIDDLE,
     .leaf = LEAF,
     .check = USAGE},
    {.why = "path length kept",
     .root = ROOT_WITH("basicConstraints=critical,CA:TRUE,pathlen:1", "keyUsage=keyCertSign"),
     .middle = MIDDLE,
     .leaf = LEAF,
     .check = NONE},
    {.why = "version 1", .root = ROOT, .leaf = {.name = "Leaf", .version = 1}, .check = USAGE},

    {.why = "RSA 2048 leaf",
     .root = ROOT,
     .leaf = {.name = "Leaf", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}},
     .check = ALGORITHM},
    {.why = "RSA 2048 intermediate",
     .root = ROOT,
     .middle = {.name = "Middle", .algorithm = "RSA-2048", .extensions = {PKI_CA}},
     .leaf = LEAF,
     .check = ALGORITHM},
    {.why = "RSA 2048 root",
     .root = {.name = "Root", .algorithm = "RSA-2048", .extensions = {PKI_CA}},
     .leaf = LEAF,
     .check = ALGORITHM},
    {.why = "leaf signed with SHA-1",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .digest = (const EVP_MD *)1},
     .check = ALGORITHM},
    {.why = "leaf signed with SHA-224",
     .root = ROOT,
     .leaf = {.name = "Leaf", .extensions = {PKI_LEAF}, .digest = (const EVP_MD *)2},
     .check = ALGORITHM},
    {.why = "intermediate signed with SHA-1",
     .root = ROOT,
     .middle = {.name = "Middle", .extensions = {PKI_CA}, .digest = (const EVP_MD *)1},
     .leaf = LEAF,
     .check = ALGORITHM},

    {.why = "pinned certificate", .root = ROOT, .leaf = LEAF, .kind = CRET_ANCHOR_CERTIFICATE},
    {.why = "pinned certificate does not expire",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_CERTIFICATE,
     .time = PKI_END + 1},
    {.why = "but the policy can end it",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_CERTIFICATE,
     .not_after = {true, PKI_NOW - 1},
     .check = VALIDITY},
    {.why = "pinned certificate without extended key usage",
     .root = ROOT,
     .leaf = LEAF_WITH(NOT_CA),
     .kind = CRET_ANCHOR_CERTIFICATE},
    {.why = "pinned certificate for another usage",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=serverAuth"),
     .kind = CRET_ANCHOR_CERTIFICATE,
     .check = USAGE},
    {.why = "pinned certificate with a weak key",
     .root = ROOT,
     .leaf = {.name = "Leaf", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}},
     .kind = CRET_ANCHOR_CERTIFICATE,
     .check = ALGORITHM},
    {.why = "another pinned certificate",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_CERTIFICATE,
     .foreign_anchor = true,
     .check = PATH},
    {.why = "pinned key", .root = ROOT, .leaf = LEAF, .kind = CRET_ANCHOR_KEY},
    {.why = "pinned key in whatever certificate",
     .root = ROOT,
     .leaf = LEAF_WITH("extendedKeyUsage=serverAuth"),
     .kind = CRET_ANCHOR_KEY},
    {.why = "the policy ended the anchor in the first second of 1970",
     .root = ROOT,
     .leaf = LEAF,
     .not_after = {true, 0},
     .check = VALIDITY},
    {.why = "a pinned certificate, ended in the first second of 1970",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_CERTIFICATE,
     .not_after = {true, 0},
     .check = VALIDITY},
    {.why = "pinned key, ended in the first second of 1970",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_KEY,
     .not_after = {true, 0},
     .check = VALIDITY},
    {.why = "pinned key, ended",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_KEY,
     .not_after = {true, PKI_NOW - 1},
     .check = VALIDITY},
    {.why = "another pinned key",
     .root = ROOT,
     .leaf = LEAF,
     .kind = CRET_ANCHOR_KEY,
     .foreign_anchor = true,
     .check = PATH},
    {.why = "example key by its name",
     .root = ROOT,
     .leaf = {.name = "Release DO NOT TRUST", .extensions = {PKI_LEAF}},
     .check = CRET_CHECK_TRUST_EXAMPLE_KEY},
    {.why = "example key in the middle",
     .root = ROOT,
     .middle = {.name = "Sub CA - do not ship", .extensions = {PKI_CA}},
     .leaf = LEAF,
     .check = CRET_CHECK_TRUST_EXAMPLE_KEY},
    {.why = "example key, pinned",
     .root = ROOT,
     .leaf = {.name = "Release DO NOT TRUST", .extensions = {PKI_LEAF}},
     .kind = CRET_ANCHOR_KEY,
     .check = CRET_CHECK_TRUST_EXAMPLE_KEY},
};

/* Tables cannot call functions: small numbers stand for weak digests. */
static struct pki_entity make(struct pki_spec spec, const struct pki_entity *issuer)
{
    if (spec.digest == (const EVP_MD *)1) {
        spec.digest = EVP_sha1();
    } else if (spec.digest == (const EVP_MD *)2) {
        spec.digest = EVP_sha224();
    }
    spec.issuer = issuer;
    return pki_make(spec);
}

static enum cret_status run_row(const struct chain_row *row, bool allow_example_keys,
                                struct cret_chain *chain, struct cret_err *err)
{
    const bool has_middle = row->middle.name != NULL;
    struct pki_entity root = make(row->root, NULL), middle = {0};
    if (has_middle) {
        middle = make(row->middle, &root);
    }
    struct pki_entity leaf = make(row->leaf, has_middle ? &middle : &root);
    struct pki_spec foreign_spec = row->kind == CRET_ANCHOR_CA ? row->root : row->leaf;
    struct pki_entity foreign = {0};
    if (row->foreign_anchor) {
        foreign = make(foreign_spec, NULL);
    }
    const struct pki_entity *anchored = row->kind != CRET_ANCHOR_CA ? &leaf
                                        : row->anchor_is_middle     ? &middle
                                                                    : &root;
    if (row->foreign_anchor) {
        anchored = &foreign;
    }
    struct cret_anchor anchor = {
        .kind = row->kind, .certificate = anchored->certificate, .not_after = row->not_after};
    memcpy(anchor.key_digest, cret_certificate_key_digest(anchored->certificate), 32);
    const struct cret_certificate *intermediates[] = {middle.certificate};
    const struct cret_chain_request request = {.signer = leaf.certificate,
                                               .intermediates = intermediates,
                                               .intermediate_count = has_middle ? 1 : 0,
                                               .anchor = &anchor,
                                               .time = row->time != 0 ? row->time : PKI_NOW,
                                               .usage = row->usage != NULL ? row->usage : PKI_USAGE,
                                               .allow_example_keys = allow_example_keys};
    cret_err_clear(err);
    const enum cret_status status = cret_chain_verify(&request, chain, err);
    if (status == CRET_OK && chain->count > 0) {
        cr_expect_eq(chain->certificates[0], leaf.certificate);
        if (row->kind == CRET_ANCHOR_CA) {
            cr_expect_eq(chain->certificates[chain->count - 1], anchored->certificate);
        }
    }
    pki_clear(&root);
    pki_clear(&middle);
    pki_clear(&leaf);
    pki_clear(&foreign);
    return status;
}

/* Lesson 7 among them: a root of the same name with another key. */
Test(chain, each_refusal_has_its_check)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct chain_row *row = &rows[i];
        struct cret_chain chain;
        struct cret_err err;
        memset(&chain, 0, sizeof(chain));
        const enum cret_status status = run_row(row, false, &chain, &err);
        cr_expect_eq(status, row->check == NONE ? CRET_OK : CRET_FAILED, "%s: %s", row->why,
                     err.what);
        if (row->check != NONE) {
            cr_expect_eq(err.check, row->check, "%s: %s: %s", row->why,
                         cret_check_get(err.check)->name, err.what);
            cr_expect_eq(err.class, CRET_ERR_REFUSED);
            cr_expect_neq(err.what[0], '\0');
            cr_expect_eq(chain.count, 0, "nothing is handed out on refusal");
        }
    }
}

/* Lesson 11: only the one switch lets example keys through. */
Test(chain, lesson_11_example_keys_need_the_switch)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_chain chain;
        struct cret_err err;
        if (rows[i].check != CRET_CHECK_TRUST_EXAMPLE_KEY) {
            continue;
        }
        memset(&chain, 0, sizeof(chain));
        cr_expect_eq(run_row(&rows[i], true, &chain, &err), CRET_OK, "%s: %s", rows[i].why,
                     err.what);
    }
}

/* Lesson 16: the reason says what happened, and what the vendor can do. */
Test(chain, lesson_16_expiry_is_explained)
{
    struct pki_entity root = pki_root("Root");
    struct pki_entity leaf = pki_leaf("Signer", &root);
    struct cret_anchor anchor = {.kind = CRET_ANCHOR_CA, .certificate = root.certificate};
    struct cret_chain chain;
    struct cret_err err;
    struct cret_chain_request request = {
        .signer = leaf.certificate, .anchor = &anchor, .time = PKI_END + 86400, .usage = PKI_USAGE};
    cret_err_clear(&err);
    cr_assert_neq(cret_chain_verify(&request, &chain, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "expired on 2040-01-01T00:00:00Z"), "%s", err.what);
    cr_expect_not_null(strstr(err.hint, "timestamp"), "%s", err.hint);
    cr_expect_str_eq(err.actual, "2040-01-02T00:00:00Z");
    pki_clear(&leaf);
    pki_clear(&root);
}

/* The path is built from what is given, in whatever order, and from nothing else. */
/* OpenSSL calls such a CA none at all. */
Test(chain, a_ca_without_cert_sign_is_told_what_it_lacks)
{
    struct cret_err err;
    struct cret_chain chain;
    struct pki_entity root = pki_root("Root");
    struct pki_entity middle = pki_make((struct pki_spec){
        .name = "Middle",
        .issuer = &root,
        .extensions = {"basicConstraints=critical,CA:TRUE", "keyUsage=critical,cRLSign"}});
    struct pki_entity leaf = pki_leaf("Leaf", &middle);
    const struct cret_certificate *intermediates[] = {middle.certificate};
    const struct cret_anchor anchor = {.kind = CRET_ANCHOR_CA, .certificate = root.certificate};
    const struct cret_chain_request request = {.signer = leaf.certificate,
                                               .intermediates = intermediates,
                                               .intermediate_count = 1,
                                               .anchor = &anchor,
                                               .time = PKI_NOW,
                                               .usage = PKI_USAGE};
    cret_err_clear(&err);
    cr_assert_eq(cret_chain_verify(&request, &chain, &err), CRET_FAILED);
    cr_assert_eq(err.check, CRET_CHECK_CERTIFICATE_USAGE);
    cr_assert_not_null(strstr(err.what, "its key usage does not allow that"), "%s", err.what);
    pki_clear(&leaf);
    pki_clear(&middle);
    pki_clear(&root);
}

Test(chain, intermediates_in_any_order)
{
    struct pki_entity root = pki_root("Root"), other = pki_root("Other");
    struct pki_entity upper =
        pki_make((struct pki_spec){.name = "Upper", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity lower =
        pki_make((struct pki_spec){.name = "Lower", .issuer = &upper, .extensions = {PKI_CA}});
    struct pki_entity leaf = pki_leaf("Signer", &lower);
    struct cret_anchor anchor = {.kind = CRET_ANCHOR_CA, .certificate = root.certificate};
    const struct cret_certificate *all[] = {other.certificate, upper.certificate,
                                            lower.certificate};
    const struct cret_certificate *gap[] = {lower.certificate};
    struct cret_chain chain;
    struct cret_err err;
    struct cret_chain_request request = {.signer = leaf.certificate,
                                         .intermediates = all,
                                         .intermediate_count = 3,
                                         .anchor = &anchor,
                                         .time = PKI_NOW,
                                         .usage = PKI_USAGE};
    cret_err_clear(&err);
    cr_assert_eq(cret_chain_verify(&request, &chain, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(chain.count, 4);
    cr_expect_eq(chain.certificates[1], lower.certificate);
    cr_expect_eq(chain.certificates[2], upper.certificate);
    request.intermediates = gap;
    request.intermediate_count = 1;
    cr_assert_neq(cret_chain_verify(&request, &chain, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_PATH);
    pki_clear(&leaf);
    pki_clear(&lower);
    pki_clear(&upper);
    pki_clear(&other);
    pki_clear(&root);
}
