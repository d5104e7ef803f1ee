/* SPDX-License-Identifier: Apache-2.0 */
/* The trust policy: what is refused as a policy, and who counts for what. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "pki.h"
#include "trust/policy/policy.h"

static const char content[] = "{}\n";

/* Everybody who signs, or is anchored, in these tests. */
enum {
    ROOT,     /* A's CA */
    A1,       /* below it */
    A2,       /* below it */
    A1_AGAIN, /* A1's key in another certificate below ROOT */
    B,        /* pinned certificate, below ROOT too */
    B_AGAIN,  /* B's key in another certificate below ROOT */
    C,        /* pinned key, below ROOT too */
    SUB,      /* a CA below ROOT */
    S1,       /* below SUB */
    S2,       /* below SUB */
    Q_ROOT,   /* quality's CA */
    Q,        /* below it */
    OWNER,    /* pinned certificate */
    STRANGER, /* self-signed */
    EXPIRED,  /* below ROOT, expired */
    EXAMPLE,  /* below ROOT, named DO NOT TRUST */
    WEAK,     /* RSA with 2048 bits */
    PEOPLE
};
static const char *const names[PEOPLE] = {"root", "a1",  "a2",      "a1again", "b",     "bagain",
                                          "c",    "sub", "s1",      "s2",      "qroot", "q",
                                          "o",    "x",   "expired", "example", "weak"};
static void make_people(struct pki_entity people[PEOPLE])
{
    people[ROOT] = pki_root("Root");
    people[SUB] =
        pki_make((struct pki_spec){.name = "Sub", .issuer = &people[ROOT], .extensions = {PKI_CA}});
    people[Q_ROOT] = pki_root("Quality root");
    people[A1] = pki_leaf("A1", &people[ROOT]);
    people[A2] = pki_leaf("A2", &people[ROOT]);
    people[B] = pki_leaf("B", &people[ROOT]);
    people[C] = pki_leaf("C", &people[ROOT]);
    people[S1] = pki_leaf("S1", &people[SUB]);
    people[S2] = pki_leaf("S2", &people[SUB]);
    people[Q] = pki_leaf("Q", &people[Q_ROOT]);
    people[A1_AGAIN] = pki_make((struct pki_spec){.name = "A1 again",
                                                  .issuer = &people[ROOT],
                                                  .pkey = people[A1].pkey,
                                                  .extensions = {PKI_LEAF}});
    people[B_AGAIN] = pki_make((struct pki_spec){.name = "B again",
                                                 .issuer = &people[ROOT],
                                                 .pkey = people[B].pkey,
                                                 .extensions = {PKI_LEAF}});
    people[OWNER] = pki_make((struct pki_spec){.name = "Owner", .extensions = {PKI_LEAF}});
    people[STRANGER] = pki_make((struct pki_spec){.name = "Stranger", .extensions = {PKI_LEAF}});
    people[EXPIRED] = pki_make((struct pki_spec){.name = "Expired",
                                                 .issuer = &people[ROOT],
                                                 .not_after = PKI_NOW - 1,
                                                 .extensions = {PKI_LEAF}});
    people[EXAMPLE] = pki_make((struct pki_spec){
        .name = "Example DO NOT TRUST", .issuer = &people[ROOT], .extensions = {PKI_LEAF}});
    people[WEAK] = pki_make(
        (struct pki_spec){.name = "Weak", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}});
}

/* Two blocks where one is due. */
static char *two_keys(const struct pki_entity *people)
{
    char *first = pki_key_pem(&people[A1]), *second = pki_key_pem(&people[A2]);
    char *both = cret_text_printf("%s%s", first, second);
    free(first);
    free(second);
    return both;
}

static void clear_people(struct pki_entity people[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        pki_clear(&people[i]);
    }
}

static int person(const char *name, size_t size)
{
    for (int i = 0; i < PEOPLE; i++) {
        if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0) {
            return i;
        }
    }
    cr_assert_fail("nobody is called %.*s", (int)size, name);
    return -1;
}

static const char base_policy[] =
    "{\"cretula\": \"trust/1\", \"name\": \"Plant\", \"version\": 3,"
    " \"issued\": \"2025-01-01T00:00:00Z\", \"reviewBy\": \"2027-01-01T00:00:00Z\","
    " \"expires\": \"2030-01-01T00:00:00Z\","
    " \"scopes\": [{\"vendor\": \"ACME\", \"products\": [\"PLC\", \"HMI\"],"
    "  \"signers\": ["
    "   {\"name\": \"A\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$root\"}},"
    "   {\"name\": \"B\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"$b\"}},"
    "   {\"name\": \"C\", \"anchor\": {\"type\": \"key\", \"pem\": \"%c\"}},"
    "   {\"name\": \"Q\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$qroot\"}},"
    "   {\"name\": \"O\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"$o\"}}],"
    "  \"roles\": [{\"role\": \"release\", \"signers\": [\"A\", \"B\", \"C\"], \"threshold\": 2},"
    "   {\"role\": \"quality\", \"signers\": [\"Q\"]},"
    "   {\"role\": \"owner\", \"signers\": [\"O\"], \"threshold\": 0}],"
    "  \"minimumSequence\": [{\"product\": \"PLC\", \"sequence\": 7}]}],"
    " \"severities\": {\"policy.review\": \"fail\", \"release.sequence\": \"warn\"}}";

/* "$name" becomes the certificate, "%name" the public key, "#name" the fingerprint. */
static void fill_in(json_t *json, const struct pki_entity *people)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_object(json)) {
        json_object_foreach(json, key, value) fill_in(value, people);
    } else if (json_is_array(json)) {
        json_array_foreach(json, index, value) fill_in(value, people);
    } else if (json_is_string(json) && strchr("$%#", json_string_value(json)[0]) != NULL &&
               json_string_length(json) > 1) {
        const char *name = json_string_value(json);
        const char *whose = strcmp(name, "%two") == 0 ? "a1" : name + 1;
        const struct pki_entity *who = &people[person(whose, strlen(whose))];
        char *text = strcmp(name, "%two") == 0 ? two_keys(people)
                     : name[0] == '$'          ? pki_pem(who)
                     : name[0] == '%'          ? pki_key_pem(who)
                                               : NULL;
        if (text == NULL) {
            text = calloc(1, 65);
            cret_hex_encode(text, cret_certificate_digest(who->certificate), 32);
        }
        cr_assert_eq(json_string_set(json, text), 0);
        free(text);
    }
}

/* Sets what a dotted path names; "+" appends to a list, value NULL removes. */
static void edit(json_t *root, const char *path, const char *value)
{
    char copy[200], *rest = NULL;
    json_t *at = root;
    snprintf(copy, sizeof(copy), "%s", path);
    char *part = strtok_r(copy, ".", &rest);
    for (char *next = strtok_r(NULL, ".", &rest); next != NULL; next = strtok_r(NULL, ".", &rest)) {
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(part)) : json_object_get(at, part);
        cr_assert_not_null(at, "%s", path);
        part = next;
    }
    json_t *json = NULL;
    if (value != NULL) {
        json = json_loads(value, JSON_DECODE_ANY, NULL);
        cr_assert_not_null(json, "%s", value);
    }
    if (json_is_array(at) && strcmp(part, "+") == 0) {
        json_array_append_new(at, json);
    } else if (json_is_array(at)) {
        json_array_set_new(at, (size_t)atoi(part), json);
    } else if (json == NULL) {
        cr_assert_eq(json_object_del(at, part), 0, "%s", path);
    } else {
        json_object_set_new(at, part, json);
    }
}

/* The base policy with up to three edits. */
struct change {
    const char *path, *value;
};

static char *policy_text(const struct pki_entity *people, const struct change *changes,
                         size_t *ret_size)
{
    json_t *json = json_loads(base_policy, 0, NULL);
    cr_assert_not_null(json);
    for (size_t i = 0; i < 4 && changes != NULL && changes[i].path != NULL; i++) {
        edit(json, changes[i].path, changes[i].value);
    }
    fill_in(json, people);
    char *text = json_dumps(json, 0);
    json_decref(json);
    *ret_size = strlen(text);
    return text;
}

static enum cret_status parse(struct cret_policy **ret_policy, const struct pki_entity *people,
                              const struct change *changes, int64_t now, bool allow,
                              struct cret_err *err)
{
    size_t size = 0;
    char *text = policy_text(people, changes, &size);
    cret_err_clear(err);
    const enum cret_status status =
        cret_policy_parse(ret_policy, text, size, "trust.json", now, allow, err);
    free(text);
    return status;
}

static const struct {
    const char *why;
    struct change changes[4];
    const char *where; /* in err.where */
} faults[] = {
    {"another purpose", {{"cretula", "\"manifest/1\""}}, "#/cretula"},
    {"no purpose", {{"cretula", NULL}}, "#/"},
    {"unknown field", {{"trusted", "true"}}, "#/trusted"},
    {"unknown field in a signer", {{"scopes.0.signers.0.fingerprint", "\"x\""}}, "signers/0"},
    {"version 0", {{"version", "0"}}, "#/version"},
    {"no version", {{"version", NULL}}, "#/"},
    {"issued is no time", {{"issued", "\"yesterday\""}}, "#/issued"},
    {"no scope", {{"scopes", "[]"}}, "#/scopes"},
    {"no products", {{"scopes.0.products", "[]"}}, "products"},
    {"star among products", {{"scopes.0.products.+", "\"*\""}}, "#/scopes/0"},
    {"product twice", {{"scopes.0.products.+", "\"PLC\""}}, "#/scopes/0"},
    {"no signers", {{"scopes.0.signers", "[]"}}, "signers"},
    {"no roles", {{"scopes.0.roles", "[]"}}, "roles"},
    {"signer name twice", {{"scopes.0.signers.1.name", "\"A\""}}, "#/scopes/0/signers/1"},
    {"the same certificate for two signers",
     {{"scopes.0.signers.4.anchor.pem", "\"$b\""}},
     "#/scopes/0/signers/4"},
    {"the same key for two signers",
     {{"scopes.0.signers.4.anchor.pem", "\"$bagain\""}},
     "#/scopes/0/signers/4"},
    {"a pinned key and the certificate of it",
     {{"scopes.0.signers.4.anchor.pem", "\"$c\""}},
     "#/scopes/0/signers/4"},
    {"CA that is none", {{"scopes.0.signers.0.anchor.pem", "\"$a1\""}}, "#/scopes/0/signers/0"},
    {"a key where a certificate is due",
     {{"scopes.0.signers.1.anchor.pem", "\"%b\""}},
     "#/scopes/0/signers/1"},
    {"two keys for one signer", {{"scopes.0.signers.2.anchor.pem", "\"%two\""}}, "signers/2"},
    {"a weak certificate", {{"scopes.0.signers.1.anchor.pem", "\"$weak\""}}, "signers/1"},
    {"a weak key", {{"scopes.0.signers.2.anchor.pem", "\"%weak\""}}, "signers/2"},
    {"unknown anchor type", {{"scopes.0.signers.0.anchor.type", "\"any\""}}, "anchor/type"},
    {"no PEM", {{"scopes.0.signers.0.anchor.pem", "\"hello\""}}, "anchor/pem"},
    {"fingerprint of another certificate",
     {{"scopes.0.signers.0.added",
       "{\"by\": \"me\", \"at\": \"2025-01-01T00:00:00Z\", \"how\": \"phone\", \"fingerprint\": "
       "\"#b\"}"}},
     "#/scopes/0/signers/0"},
    {"role names nobody", {{"scopes.0.roles.0.signers.+", "\"Z\""}}, "#/scopes/0/roles/0"},
    {"signer twice in a role", {{"scopes.0.roles.0.signers.+", "\"A\""}}, "#/scopes/0/roles/0"},
    {"signer in two roles", {{"scopes.0.roles.1.signers.+", "\"A\""}}, "#/scopes/0/roles/1"},
    {"role twice",
     {{"scopes.0.roles.1", "{\"role\": \"release\", \"signers\": [\"Q\"]}"}},
     "#/scopes/0/roles/1"},
    {"unknown role", {{"scopes.0.roles.0.role", "\"boss\""}}, "roles/0/role"},
    {"role without signers", {{"scopes.0.roles.0.signers", "[]"}}, "roles/0/signers"},
    {"threshold 0 of release", {{"scopes.0.roles.0.threshold", "0"}}, "#/scopes/0/roles/0"},
    {"threshold 0 of quality", {{"scopes.0.roles.1.threshold", "0"}}, "#/scopes/0/roles/1"},
    {"negative threshold", {{"scopes.0.roles.0.threshold", "-1"}}, "roles/0/threshold"},
    {"threshold above the signers", {{"scopes.0.roles.0.threshold", "4"}}, "#/scopes/0/roles/0"},
    {"owner's threshold above the signers",
     {{"scopes.0.roles.2.threshold", "2"}},
     "#/scopes/0/roles/2"},
    {"any usage", {{"scopes.0.roles.0.usage", "\"2.5.29.37.0\""}}, "#/scopes/0/roles/0"},
    {"usage that is none", {{"scopes.0.roles.0.usage", "\"1.3.6.\""}}, "#/scopes/0/roles/0"},
    {"usage by an unknown name", {{"scopes.0.roles.0.usage", "\"serverAuth\""}}, "roles/0"},
    {"release takes no approval",
     {{"scopes.0.roles.0.meanings", "[\"approval\"]"}},
     "#/scopes/0/roles/0"},
    {"quality takes approval only",
     {{"scopes.0.roles.1.meanings", "[\"none\"]"}},
     "#/scopes/0/roles/1"},
    {"owner takes approval only",
     {{"scopes.0.roles.2.meanings", "[\"origin\"]"}},
     "#/scopes/0/roles/2"},
    {"receipt counts for nothing",
     {{"scopes.0.roles.0.meanings", "[\"receipt\"]"}},
     "roles/0/meanings"},
    {"floor of a product outside",
     {{"scopes.0.minimumSequence.0.product", "\"Plc\""}},
     "#/scopes/0/minimumSequence/0"},
    {"floor for all",
     {{"scopes.0.minimumSequence.0.product", "\"*\""}},
     "#/scopes/0/minimumSequence/0"},
    {"two floors",
     {{"scopes.0.minimumSequence.+", "{\"product\": \"PLC\", \"sequence\": 1}"}},
     "#/scopes/0/minimumSequence/1"},
    {"severity of a core check",
     {{"severities", "{\"trust.threshold\": \"warn\"}"}},
     "#/severities"},
    {"severity of no check", {{"severities", "{\"trust.nothing\": \"warn\"}"}}, "#/severities"},
    {"severity that is none", {{"severities", "{\"policy.review\": \"off\"}"}}, "#/severities"},
    {"postQuantum that is none", {{"postQuantum", "\"maybe\""}}, "#/postQuantum"},
    {"postQuantum anchor with a classical key",
     {{"scopes.0.signers.1.postQuantum", "{\"type\": \"certificate\", \"pem\": \"$x\"}"}},
     "#/scopes/0/signers/1"},
    {"required, but nobody has such a key", {{"postQuantum", "\"require\""}}, "#/scopes/0/roles/0"},
    {"expired", {{"expires", "\"2025-12-31T23:59:59Z\""}}, "#/expires"},
    {"a product in two scopes",
     {{"scopes.+",
       "{\"vendor\": \"ACME\", \"products\": [\"HMI\"], \"signers\": [{\"name\": \"X\", "
       "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
       "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}},
     "#/scopes/1"},
    {"all products, and one of them again",
     {{"scopes.+", "{\"vendor\": \"ACME\", \"products\": [\"*\"], \"signers\": [{\"name\": \"X\", "
                   "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
                   "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}},
     "#/scopes/1"},
};

Test(policy, each_fault_is_a_configuration_error)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        cr_expect_neq(parse(&policy, people, faults[i].changes, PKI_NOW, false, &err), CRET_OK,
                      "%s", faults[i].why);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", faults[i].why, err.what);
        cr_expect_not_null(strstr(err.where, faults[i].where), "%s: %s at %s", faults[i].why,
                           err.what, err.where);
        cr_expect_not_null(strstr(err.where, "trust.json"), "%s: %s", faults[i].why, err.where);
        cr_expect_null(policy);
    }
    clear_people(people);
}

Test(policy, text_that_is_no_policy)
{
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "null",
                                        "{}",
                                        "{\"cretula\": \"trust/1\"}",
                                        "{\"cretula\": \"trust/1\", \"cretula\": \"trust/1\"}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_neq(cret_policy_parse(&policy, texts[i], strlen(texts[i]), "trust.json", PKI_NOW,
                                        false, &err),
                      CRET_OK, "%s", texts[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", texts[i]);
    }
}

Test(policy, parsed)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    make_people(people);
    cr_assert_eq(parse(&policy, people, NULL, PKI_NOW, false, &err), CRET_OK, "%s %s", err.what,
                 err.where);
    cr_expect_str_eq(policy->name, "Plant");
    cr_expect_eq(policy->version, 3);
    cr_expect_eq(policy->expires.value, 1893456000);
    cr_expect_not(policy->bare_anchor);
    cr_assert_eq(policy->scope_count, 1);
    cr_expect_eq(policy->scopes[0].signer_count, 5);
    cr_expect_eq(policy->scopes[0].role_count, 3);
    cr_expect_str_eq(policy->scopes[0].roles[0].usage, PKI_USAGE);
    cr_expect_eq(policy->scopes[0].signers[2].anchor.kind, CRET_ANCHOR_KEY);
    cr_expect_null(policy->scopes[0].signers[2].anchor.certificate);
    cr_expect_eq(policy->severities[CRET_CHECK_POLICY_REVIEW], CRET_SEVERITY_FAIL);
    cr_expect_eq(policy->severities[CRET_CHECK_RELEASE_SEQUENCE], CRET_SEVERITY_WARN);
    cr_expect_eq(policy->severities[CRET_CHECK_TRUST_THRESHOLD], CRET_SEVERITY_FAIL);
    cr_expect_eq(cret_policy_floor(policy, "ACME", "PLC").value, 7);
    cr_expect_not(cret_policy_floor(policy, "ACME", "HMI").given);
    cr_expect_not(cret_policy_floor(policy, "Acme", "PLC").given);
    cret_policy_free(&policy);

    /* At its last moment it holds; an end, a usage and a fingerprint are taken. */
    const struct change changes[4] = {
        {"scopes.0.signers.0.notAfter", "\"2026-06-01T00:00:00Z\""},
        {"scopes.0.roles.0.usage", "\"codeSigning\""},
        {"scopes.0.signers.0.added",
         "{\"by\": \"me\", \"at\": \"2025-01-01T00:00:00Z\", \"how\": \"phone\", \"fingerprint\": "
         "\"#root\"}"},
        {"scopes.0.roles.0.meanings", "[\"origin\"]"}};
    cr_assert_eq(parse(&policy, people, changes, 1893456000, false, &err), CRET_OK, "%s %s",
                 err.what, err.where);
    cr_expect_eq(policy->scopes[0].signers[0].anchor.not_after.value, 1780272000);
    cr_expect(policy->scopes[0].roles[0].meanings[CRET_MEANING_ORIGIN]);
    cr_expect_not(policy->scopes[0].roles[0].meanings[CRET_MEANING_NONE]);
    cret_policy_free(&policy);
    cr_expect_neq(parse(&policy, people, changes, 1893456001, false, &err), CRET_OK);
    clear_people(people);
}

Test(policy, lesson_11_example_anchors_are_refused)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    const struct change changes[4] = {{"scopes.0.signers.1.anchor.pem", "\"$example\""}};
    make_people(people);
    cr_expect_neq(parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
    cr_expect_eq(parse(&policy, people, changes, PKI_NOW, true, &err), CRET_OK, "%s", err.what);
    cret_policy_free(&policy);
    clear_people(people);
}

/* ---- counting ---- */

struct judge_row {
    const char *why;
    struct change changes[4];
    const char *signatures; /* "a1 b:origin q:approval" */
    bool vendor, owner;
    enum cret_check_id check; /* of err where nothing is met */
    const char *counted;      /* one digit per signature */
};

#define THRESHOLD CRET_CHECK_TRUST_THRESHOLD
#define SUB_SIGNER                                                                                 \
    {"scopes.0.signers.+",                                                                         \
     "{\"name\": \"S\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$sub\"}}"},                      \
    {                                                                                              \
        "scopes.0.roles.0.signers.+", "\"S\""                                                      \
    }

static const struct judge_row judged[] = {
    {"two signers and quality", {{0}}, "a1 b q:approval", true, false, 0, "111"},
    {"two pins and quality", {{0}}, "b c q:approval", true, false, 0, "111"},
    {"meaning origin", {{0}}, "a1:origin c:origin q:approval", true, false, 0, "111"},
    {"one more than needed", {{0}}, "a1 b c q:approval", true, false, 0, "1111"},
    {"a stranger beside", {{0}}, "a1 b q:approval x", true, false, 0, "1110"},
    {"with the owner", {{0}}, "a1 b q:approval o:approval", true, true, 0, "1111"},
    {"the owner alone is for adopted files", {{0}}, "o:approval", false, true, 0, "1"},
    {"any order", {{0}}, "q:approval b a1", true, false, 0, "111"},

    {"lesson 3: nobody", {{0}}, "", false, false, THRESHOLD, ""},
    {"one signer of two", {{0}}, "a1 q:approval", false, false, THRESHOLD, "11"},
    {"quality missing", {{0}}, "a1 b", false, false, THRESHOLD, "11"},
    {"a CA is one signer", {{0}}, "a1 a2 q:approval", false, false, THRESHOLD, "111"},
    {"the same signature twice", {{0}}, "b b q:approval", false, false, THRESHOLD, "101"},
    {"a key in two certificates", {{0}}, "a1 a1again q:approval", false, false, THRESHOLD, "101"},
    {"a pinned key's other certificate does not count for the CA",
     {{0}},
     "bagain c q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_PATH,
     "011"},
    {"nor beside the pin",
     {{0}},
     "b bagain q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_PATH,
     "101"},
    {"quality without meaning", {{0}}, "a1 b q", false, false, THRESHOLD, "110"},
    {"quality with origin", {{0}}, "a1 b q:origin", false, false, THRESHOLD, "110"},
    {"quality with receipt", {{0}}, "a1 b q:receipt", false, false, THRESHOLD, "110"},
    {"release with approval", {{0}}, "a1 b:approval q:approval", false, false, THRESHOLD, "101"},
    {"release with receipt", {{0}}, "a1:receipt b q:approval", false, false, THRESHOLD, "011"},
    {"owner without approval", {{0}}, "o", false, false, THRESHOLD, "0"},
    {"owner with origin", {{0}}, "o:origin", false, false, THRESHOLD, "0"},
    {"quality from the wrong CA", {{0}}, "a1 b a2:approval", false, false, THRESHOLD, "110"},
    {"release from quality's CA", {{0}}, "a1 q", false, false, THRESHOLD, "10"},
    {"a stranger only", {{0}}, "x", false, false, CRET_CHECK_CERTIFICATE_PATH, "0"},
    {"an expired certificate",
     {{0}},
     "expired b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"an example key",
     {{0}},
     "example b q:approval",
     false,
     false,
     CRET_CHECK_TRUST_EXAMPLE_KEY,
     "011"},
    {"a pin that the policy ended does not fall back to the CA",
     {{"scopes.0.signers.1.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "b c q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"a CA that the policy ended",
     {{"scopes.0.signers.0.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"another usage asked",
     {{"scopes.0.roles.0.usage", "\"1.3.6.1.5.5.7.3.8\""}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_USAGE,
     "001"},
    {"origin asked, none given",
     {{"scopes.0.roles.0.meanings", "[\"origin\"]"}},
     "a1 b:origin q:approval",
     false,
     false,
     THRESHOLD,
     "011"},
    {"the owner is asked too",
     {{"scopes.0.roles.2.threshold", "1"}},
     "a1 b q:approval",
     false,
     false,
     THRESHOLD,
     "111"},
    {"the owner is asked, and signed",
     {{"scopes.0.roles.2.threshold", "1"}},
     "a1 b q:approval o:approval",
     true,
     true,
     0,
     "1111"},
    {"the owner never vouches for the vendor",
     {{"scopes.0.roles", "[{\"role\": \"owner\", \"signers\": [\"O\"], \"threshold\": 1}]"}},
     "o:approval",
     false,
     true,
     0,
     "1"},
    {"a signer without a role",
     {{"scopes.0.roles.0.signers", "[\"A\", \"B\"]"}},
     "c b q:approval",
     false,
     false,
     THRESHOLD,
     "011"},
    {"two below a sub-CA are one signer",
     {SUB_SIGNER},
     "s1 s2 q:approval",
     false,
     false,
     THRESHOLD,
     "111"},
    {"below a sub-CA and below its root", {SUB_SIGNER}, "s1 a1 q:approval", true, false, 0, "111"},
    {"a sub-CA that the policy ended does not fall back to its root",
     {SUB_SIGNER, {"scopes.0.signers.5.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "s1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"an algorithm that the policy lists",
     {{"algorithms", "[\"rsa-3072-pss-sha256\", \"ecdsa-p256-sha256\"]"}},
     "a1 b q:approval",
     true,
     false,
     0,
     "111"},
    {"algorithms that the policy does not list",
     {{"algorithms", "[\"ecdsa-p256-sha384\", \"ecdsa-p384-sha384\"]"}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_SIGNATURE_ALGORITHM,
     "000"},
    {"below a sub-CA that is no signer of its own",
     {{0}},
     "s1 b q:approval",
     true,
     false,
     0,
     "111"},
};

enum { SIGNATURES_MAXIMUM = 8 };

static size_t sign_all(struct cret_cms *signatures[SIGNATURES_MAXIMUM], const char *text,
                       const struct pki_entity *people)
{
    char copy[200], *rest = NULL;
    size_t count = 0;
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *token = strtok_r(copy, " ", &rest); token != NULL;
         token = strtok_r(NULL, " ", &rest)) {
        const char *colon = strchr(token, ':');
        const size_t size = colon == NULL ? strlen(token) : (size_t)(colon - token);
        const int who = person(token, size);
        const struct pki_entity *const intermediates[] = {&people[SUB]};
        enum cret_meaning meaning = CRET_MEANING_NONE;
        while (colon != NULL && strcmp(cret_meaning_name(meaning), colon + 1) != 0) {
            meaning++;
        }
        signatures[count++] =
            pki_cms(&people[who], content, meaning, intermediates, who == S1 || who == S2 ? 1 : 0);
    }
    return count;
}

static void check_row(const struct judge_row *row, const struct pki_entity *people)
{
    struct cret_cms *signatures[SIGNATURES_MAXIMUM] = {NULL};
    struct cret_signature_judgement judgements[SIGNATURES_MAXIMUM];
    struct cret_authentic_scope *scopes = NULL;
    struct cret_policy *policy = NULL;
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cr_assert_eq(parse(&policy, people, row->changes, PKI_NOW, false, &err), CRET_OK, "%s: %s %s",
                 row->why, err.what, err.where);
    const size_t count = sign_all(signatures, row->signatures, people);
    const bool met = row->vendor || row->owner;
    memset(judgements, 0, sizeof(judgements));
    const enum cret_status status =
        cret_policy_judge(PKI_REQUEST(policy, (const struct cret_cms *const *)signatures, count),
                          judgements, &scopes, findings, &err);
    cr_expect_eq(status, met ? CRET_OK : CRET_FAILED, "%s: %s", row->why, err.what);
    cr_expect_eq(scopes != NULL, met, "%s", row->why);
    if (scopes != NULL) {
        cr_expect_eq(scopes[0].vendor_met, row->vendor, "%s", row->why);
        cr_expect_eq(scopes[0].owner_met, row->owner, "%s", row->why);
        cr_expect_str_eq(scopes[0].vendor, "ACME");
    } else {
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", row->why);
        cr_expect_eq(err.check, row->check, "%s: %s: %s", row->why, cret_check_get(err.check)->name,
                     err.what);
        cr_expect_eq(cret_findings_tally(findings, THRESHOLD, CRET_RESULT_PASS), 0, "%s", row->why);
    }
    cr_expect_eq(cret_findings_tally(findings, THRESHOLD, CRET_RESULT_FAIL) > 0, !met, "%s",
                 row->why);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(judgements[i].counted, row->counted[i] == '1', "%s: signature %zu: %s",
                     row->why, i, judgements[i].why_not.what);
        cr_expect_eq(judgements[i].role != NULL, judgements[i].counted, "%s", row->why);
        cr_expect_eq(judgements[i].why_not.class == CRET_ERR_REFUSED, !judgements[i].counted, "%s",
                     row->why);
    }
    free(scopes);
    for (size_t i = 0; i < count; i++) {
        cret_cms_free(&signatures[i]);
    }
    cret_findings_free(&findings);
    cret_policy_free(&policy);
}

Test(policy, lesson_3_who_counts_for_what)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
        check_row(&judged[i], people);
    }
    clear_people(people);
}

/* One vendor's key never vouches for another's product. */
Test(policy, scopes_are_judged_apart)
{
    static const struct change changes[4] = {
        {"scopes.0.roles", "[{\"role\": \"release\", \"signers\": [\"A\"]}]"},
        {"scopes.+",
         "{\"vendor\": \"Other\", \"products\": [\"*\"], \"signers\": [{\"name\": \"X\", "
         "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
         "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}};
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    make_people(people);
    cr_assert_eq(parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK, "%s", err.what);
    for (int who = 0; who < 2; who++) {
        struct cret_cms *cms =
            pki_cms(&people[who == 0 ? A1 : STRANGER], content, CRET_MEANING_NONE, NULL, 0);
        const struct cret_cms *const list[] = {cms};
        struct cret_signature_judgement judgement;
        struct cret_authentic_scope *scopes = NULL;
        struct cret_findings *findings = cret_findings_new();
        memset(&judgement, 0, sizeof(judgement));
        cr_assert_eq(
            cret_policy_judge(PKI_REQUEST(policy, list, 1), &judgement, &scopes, findings, &err),
            CRET_OK, "%s", err.what);
        cr_expect_eq(scopes[0].vendor_met, who == 0);
        cr_expect_eq(scopes[1].vendor_met, who == 1);
        cr_expect_str_eq(judgement.scope, who == 0 ? "ACME" : "Other");
        cr_expect_eq(judgement.chain.count, who == 0 ? 2 : 1);
        static const enum cret_check_id passed[] = {
            CRET_CHECK_CERTIFICATE_PATH,  CRET_CHECK_CERTIFICATE_VALIDITY,
            CRET_CHECK_CERTIFICATE_USAGE, CRET_CHECK_CERTIFICATE_ALGORITHM,
            CRET_CHECK_TRUST_EXAMPLE_KEY, CRET_CHECK_TRUST_THRESHOLD};
        for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
            cr_expect_eq(cret_findings_tally(findings, passed[i], CRET_RESULT_PASS), 1);
        }
        cr_expect_eq(
            cret_findings_tally(findings, CRET_CHECK_CERTIFICATE_REVOCATION, CRET_RESULT_WARN),
            who == 0 ? 1 : 0, "what was not looked at is said");
        free(scopes);
        cret_findings_free(&findings);
        cret_cms_free(&cms);
    }
    cret_policy_free(&policy);
    clear_people(people);
}

/* ---- bare anchors ---- */

static void write_pem(char *path, size_t size, const char *name, const char *text)
{
    snprintf(path, size, "/tmp/cretula-unit-%ld-%s.pem", (long)getpid(), name);
    cr_assert_eq(cret_file_write(path, text, strlen(text), 0600, NULL), CRET_OK);
}

Test(policy, bare_anchors)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    char first[80], second[80], empty[80];
    make_people(people);
    char *root = pki_pem(&people[ROOT]), *pin = pki_pem(&people[STRANGER]);
    write_pem(first, sizeof(first), "root", root);
    write_pem(second, sizeof(second), "pin", pin);
    write_pem(empty, sizeof(empty), "empty", "");
    const char *const paths[] = {first, second};
    cret_err_clear(&err);
    cr_assert_eq(cret_policy_from_anchors(&policy, paths, 2, false, &err), CRET_OK, "%s", err.what);
    cr_expect(policy->bare_anchor);
    cr_expect_null(policy->scopes[0].vendor);
    cr_expect_eq(policy->scopes[0].signer_count, 2);
    cr_expect_eq(policy->scopes[0].signers[0].anchor.kind, CRET_ANCHOR_CA);
    cr_expect_eq(policy->scopes[0].signers[1].anchor.kind, CRET_ANCHOR_CERTIFICATE);
    cr_expect_eq(policy->severities[CRET_CHECK_TRUST_THRESHOLD], CRET_SEVERITY_FAIL);

    static const struct {
        const char *signature;
        bool met;
    } rows[] = {{"a1", true},         {"x", true},  {"a1:origin", true}, {"a1:approval", false},
                {"x:receipt", false}, {"q", false}, {"o", false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_cms *list[SIGNATURES_MAXIMUM];
        struct cret_signature_judgement judgement;
        struct cret_authentic_scope *scopes = NULL;
        struct cret_findings *findings = cret_findings_new();
        memset(&judgement, 0, sizeof(judgement));
        sign_all(list, rows[i].signature, people);
        const enum cret_status status =
            cret_policy_judge(PKI_REQUEST(policy, (const struct cret_cms *const *)list, 1),
                              &judgement, &scopes, findings, &err);
        cr_expect_eq(status, rows[i].met ? CRET_OK : CRET_FAILED, "%s", rows[i].signature);
        if (scopes != NULL) {
            cr_expect_not(scopes[0].owner_met, "a bare anchor has no owner");
        }
        free(scopes);
        cret_findings_free(&findings);
        cret_cms_free(&list[0]);
    }
    cret_policy_free(&policy);

    const char *const missing[] = {first, "/nonexistent/anchor.pem"};
    const char *const none[] = {empty};
    char bundle[80], *both = cret_text_printf("%s%s", root, pin);
    write_pem(bundle, sizeof(bundle), "bundle", both);
    const char *const chain[] = {bundle};
    const char *const example[] = {CRET_SOURCE_DIR "/keys-example/root.cert.pem"};
    const char *const key[] = {CRET_SOURCE_DIR "/keys-example/root.key.pem"};
    const struct {
        const char *why;
        const char *const *paths;
        size_t count;
        bool allow;
        enum cret_err_class class; /* NONE: accepted */
    } files[] = {
        {"lesson 5: no anchor", NULL, 0, false, CRET_ERR_USAGE},
        {"lesson 5: missing file", missing, 2, false, CRET_ERR_USAGE},
        {"lesson 5: empty file", none, 1, false, CRET_ERR_USAGE},
        {"a key", key, 1, true, CRET_ERR_USAGE},
        {"two certificates in one file", chain, 1, false, CRET_ERR_USAGE},
        {"lesson 11: an example key", example, 1, false, CRET_ERR_REFUSED},
        {"an example key, allowed", example, 1, true, CRET_ERR_NONE},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        cret_err_clear(&err);
        const enum cret_status status =
            cret_policy_from_anchors(&policy, files[i].paths, files[i].count, files[i].allow, &err);
        cr_expect_eq(status, files[i].class == CRET_ERR_NONE ? CRET_OK : CRET_FAILED, "%s",
                     files[i].why);
        cr_expect_eq(err.class, files[i].class, "%s: %s", files[i].why, err.what);
        if (files[i].class == CRET_ERR_REFUSED) {
            cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
        }
        cret_policy_free(&policy);
    }
    free(root);
    free(pin);
    free(both);
    unlink(bundle);
    unlink(first);
    unlink(second);
    unlink(empty);
    clear_people(people);
}

/* The policies of keys-example are sound, and are refused without the switch. */
Test(policy, the_example_policies)
{
    static const char *const files[] = {CRET_SOURCE_DIR "/keys-example/trust.json",
                                        CRET_SOURCE_DIR "/keys-example/trust-four-eyes.json"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        char *text = NULL;
        size_t size = 0;
        cret_err_clear(&err);
        cr_assert_eq(cret_file_read(&text, &size, files[i], 1u << 20, CRET_ERR_USAGE, &err),
                     CRET_OK);
        cr_expect_eq(cret_policy_parse(&policy, text, size, files[i], PKI_NOW, true, &err), CRET_OK,
                     "%s %s", err.what, err.where);
        cret_policy_free(&policy);
        cr_expect_neq(cret_policy_parse(&policy, text, size, files[i], PKI_NOW, false, &err),
                      CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
        free(text);
    }
}
