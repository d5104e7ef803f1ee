/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence records made by hand: each rule of form, tree, renewal and time refuses with its own
 * reason what breaks that rule alone. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "test_seal_support.h"

/* What follows is made by hand, so that one thing at a time can be wrong. */
struct stamp {
    const struct cret_seal_hash *lists[4][4]; /* NULL-terminated */
    size_t cut;                               /* octets that each digest lacks */
    const char *named;                        /* digestAlgorithm */
    bool explicitly;
    const char *raw; /* finished elements before the tree */
    size_t raw_size;
    bool empty_tree, empty_list;
    struct cret_bytes token;
};

static void put_list(struct cret_buffer *out, const struct cret_seal_hash *const *list, size_t size)
{
    struct cret_buffer inner = {0};
    for (; *list != NULL; list++) {
        der_put(&inner, CRET_DER_OCTET_STRING, (*list)->value, size);
    }
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

static void put_stamp(struct cret_buffer *out, const struct stamp *stamp, size_t size)
{
    struct cret_buffer inner = {0}, lists = {0};
    if (stamp->named != NULL) {
        const struct cret_bytes id = sha(stamp->named)->identifier;
        der_put(&inner, 0xa0, id.data + (stamp->explicitly ? 0 : 2),
                id.size - (stamp->explicitly ? 0 : 2));
    }
    cret_buffer_append(&inner, stamp->raw, stamp->raw_size);
    for (size_t i = 0; i < 4 && stamp->lists[i][0] != NULL; i++) {
        put_list(&lists, stamp->lists[i], size - stamp->cut);
    }
    if (stamp->empty_list) {
        cret_buffer_append(&lists, "\x30\x00", 2);
    }
    if (lists.size > 0 || stamp->empty_tree) {
        der_wrap(&inner, 0xa2, &lists);
    }
    der_put_bytes(&inner, stamp->token);
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

/* Of up to four timestamps, each the first of its chain where begins[i]. */
struct hand {
    struct stamp stamps[4];
    bool begins[4];
    size_t count;
    const char *algorithms[4]; /* digestAlgorithms */
    const char *before;        /* finished elements between them and the sequence */
    size_t before_size;
    uint8_t version;
    bool empty_chain, no_chain;
};

static struct record by_hand(const struct hand *hand, const char *digest)
{
    struct cret_buffer record = {0}, list = {0}, chain = {0}, sequence = {0}, out = {0};
    der_put(&record, CRET_DER_INTEGER, &hand->version, 1);
    for (size_t i = 0; hand->algorithms[i] != NULL; i++) {
        if (strcmp(hand->algorithms[i], "sha1") == 0) {
            cret_buffer_append(&list, "\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a", 9);
        } else {
            der_put_bytes(&list, sha(hand->algorithms[i])->identifier);
        }
    }
    der_wrap(&record, CRET_DER_SEQUENCE, &list);
    cret_buffer_append(&record, hand->before, hand->before_size);
    for (size_t i = 0; i < hand->count && !hand->no_chain; i++) {
        put_stamp(&chain, &hand->stamps[i], sha(digest)->size);
        if (i + 1 == hand->count || hand->begins[i + 1]) {
            der_wrap(&sequence, CRET_DER_SEQUENCE, &chain);
        }
    }
    if (hand->empty_chain) {
        cret_buffer_append(&sequence, "\x30\x00", 2);
    }
    der_wrap(&record, CRET_DER_SEQUENCE, &sequence);
    der_wrap(&out, CRET_DER_SEQUENCE, &record);
    return (struct record){(uint8_t *)out.data, out.size};
}

static struct cret_seal_hash hash_of(const char *digest, struct cret_bytes bytes)
{
    struct cret_seal_hash hash;
    cr_assert_eq(cret_seal_digest(&hash, sha(digest), bytes, NULL), CRET_OK);
    return hash;
}

/* H of two values in this order. */
static struct cret_seal_hash pair(const char *digest, const struct cret_seal_hash *left,
                                  const struct cret_seal_hash *right)
{
    uint8_t both[2 * CRET_DIGEST_BYTES_MAXIMUM];
    const size_t size = sha(digest)->size;
    memcpy(both, left->value, size);
    memcpy(both + size, right->value, size);
    return hash_of(digest, (struct cret_bytes){both, 2 * size});
}

static const struct cret_seal_hash *lower(const struct cret_seal_hash *a,
                                          const struct cret_seal_hash *b, bool higher)
{
    return (memcmp(a->value, b->value, sizeof(a->value)) < 0) != higher ? a : b;
}

static struct cret_seal_hash node(const char *digest, const struct cret_seal_hash *a,
                                  const struct cret_seal_hash *b)
{
    return pair(digest, lower(a, b, false), lower(a, b, true));
}

/* A right record of one object with a neighbour, whose parts a test then changes. */
struct scene {
    struct hand hand;
    struct cret_seal_hash own, neighbour, root, renewed;
    struct cret_seal_request request;
};

static void set_token(struct stamp *stamp, int who, const char *time, const char *digest,
                      const struct cret_seal_hash *root)
{
    free((void *)stamp->token.data);
    stamp->token = token_of(who, time, digest, root->value);
}

static void scene_begin(struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    begin();
    scene->request = whole;
    scene->request.object_count = 1;
    scene->own = hash_of("sha256", objects[0].bytes);
    scene->neighbour = hash_of("sha256", objects[1].bytes);
    scene->root = node("sha256", &scene->own, &scene->neighbour);
    scene->hand.version = 1;
    scene->hand.count = 1;
    scene->hand.algorithms[0] = "sha256";
    scene->hand.stamps[0].lists[0][0] = &scene->own;
    scene->hand.stamps[0].lists[0][1] = &scene->neighbour;
    set_token(&scene->hand.stamps[0], TSA, YEAR(1), "sha256", &scene->root);
}

/* A second timestamp over the first, right as well. */
static void scene_renew(struct scene *scene, int who, const char *time)
{
    scene->renewed = hash_of("sha256", scene->hand.stamps[0].token);
    scene->hand.count = 2;
    set_token(&scene->hand.stamps[1], who, time, "sha256", &scene->renewed);
}

static void scene_end(struct scene *scene)
{
    for (size_t i = 0; i < 4; i++) {
        free((void *)scene->hand.stamps[i].token.data);
    }
    end();
}

static void scene_is(const struct scene *scene, enum cret_check_id check, const char *words)
{
    struct record record = by_hand(&scene->hand, "sha256");
    if (words != NULL) {
        assert_refused(&record, &scene->request, check, words);
    } else {
        struct cret_seal_proof proof = {0};
        struct cret_err err;
        cr_assert_eq(judge(&record, &scene->request, &proof, &err), CRET_OK, "%s", err.what);
        cret_seal_proof_clear(&proof);
    }
    free(record.der);
}

Test(seal_rules, rules_of_the_hash_tree)
{
    struct scene s;
    scene_begin(&s);
    scene_is(&s, 0, NULL);
    /* The order in the file says nothing. */
    s.hand.stamps[0].lists[0][0] = &s.neighbour;
    s.hand.stamps[0].lists[0][1] = &s.own;
    scene_is(&s, 0, NULL);
    /* Not in ascending order when it was hashed. */
    struct cret_seal_hash wrong =
        pair("sha256", lower(&s.own, &s.neighbour, true), lower(&s.own, &s.neighbour, false));
    set_token(&s.hand.stamps[0], TSA, YEAR(1), "sha256", &wrong);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the hash tree does not end in what the token dates");
    /* A single value is not hashed once more. */
    wrong = hash_of("sha256", (struct cret_bytes){s.own.value, 32});
    s.hand.stamps[0].lists[0][0] = &s.own;
    s.hand.stamps[0].lists[0][1] = NULL;
    set_token(&s.hand.stamps[0], TSA, YEAR(1), "sha256", &wrong);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the hash tree does not end in what the token dates");
    set_token(&s.hand.stamps[0], TSA, YEAR(1), "sha256", &s.own);
    scene_is(&s, 0, NULL);
    /* Without a tree the digest is what the token dates. */
    s.hand.stamps[0].lists[0][0] = NULL;
    scene_is(&s, 0, NULL);
    set_token(&s.hand.stamps[0], TSA, YEAR(1), "sha256", &s.neighbour);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the seal is not over RECORD.json");
    /* In another list than the first. */
    s.hand.stamps[0].lists[0][0] = &s.neighbour;
    s.hand.stamps[0].lists[1][0] = &s.own;
    set_token(&s.hand.stamps[0], TSA, YEAR(1), "sha256", &s.root);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the seal is not over RECORD.json");
    /* The node itself is in the next list: it is computed. */
    s.hand.stamps[0].lists[0][0] = &s.own;
    s.hand.stamps[0].lists[0][1] = &s.neighbour;
    s.hand.stamps[0].lists[1][0] = &s.root;
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the hash tree does not end in what the token dates");
    scene_end(&s);
}

/* One change of a right record each, undone by a new one. */
static void other_version(struct scene *s)
{
    s->hand.version = 2;
}
static void digest_twice(struct scene *s)
{
    s->hand.algorithms[1] = "sha256";
}
static void old_digest(struct scene *s)
{
    s->hand.algorithms[1] = "sha1";
}
static void not_listed(struct scene *s)
{
    s->hand.algorithms[0] = "sha512";
}
static void encrypted(struct scene *s)
{
    s->hand.before = "\xa1\x00";
    s->hand.before_size = 2;
}
static void attributes(struct scene *s)
{
    s->hand.stamps[0].raw = "\xa1\x00";
    s->hand.stamps[0].raw_size = 2;
}
static void empty_tree(struct scene *s)
{
    s->hand.stamps[0].lists[0][0] = NULL;
    s->hand.stamps[0].empty_tree = true;
}
static void empty_list(struct scene *s)
{
    s->hand.stamps[0].empty_list = true;
}
static void empty_chain(struct scene *s)
{
    s->hand.empty_chain = true;
}
static void no_chain(struct scene *s)
{
    s->hand.no_chain = true;
}
static void short_digest(struct scene *s)
{
    s->hand.stamps[0].cut = 1;
}
static void named_otherwise(struct scene *s)
{
    s->hand.stamps[0].named = "sha512";
}
static void other_chain(struct scene *s)
{
    const struct cret_seal_hash hash = hash_of("sha512", s->hand.stamps[0].token);
    s->hand.algorithms[1] = "sha512";
    s->hand.count = 2;
    set_token(&s->hand.stamps[1], TSA, YEAR(2), "sha512", &hash);
}
static void no_token(struct scene *s)
{
    free((void *)s->hand.stamps[0].token.data);
    s->hand.stamps[0].token = (struct cret_bytes){NULL, 0};
}
static void named(struct scene *s)
{
    s->hand.stamps[0].named = "sha256";
}
static void named_explicitly(struct scene *s)
{
    named(s);
    s->hand.stamps[0].explicitly = true;
}
static void crypto_infos(struct scene *s)
{
    s->hand.before = "\xa0\x02\x30\x00";
    s->hand.before_size = 4;
}
static void lists_more(struct scene *s)
{
    s->hand.algorithms[1] = "sha512";
}

Test(seal_rules, rules_of_the_form)
{
    static const struct {
        void (*change)(struct scene *);
        const char *words; /* NULL: is read */
    } rows[] = {
        {other_version, "version"},
        {digest_twice, "names a digest twice"},
        {old_digest, "names a digest that is not accepted"},
        {not_listed, "does not list the digest"},
        {encrypted, "is of encrypted data"},
        {attributes, "has attributes in a timestamp"},
        {empty_tree, "has an empty reducedHashtree"},
        {empty_list, "has an empty PartialHashtree"},
        {empty_chain, "has an empty chain"},
        {no_chain, "has no timestamp at all"},
        {short_digest, "a digest in the hash tree has the wrong length"},
        {named_otherwise, "by another digest than its digestAlgorithm"},
        {other_chain, "by another digest than its chain"},
        {no_token, "timeStamp"},
        {named, NULL},
        {named_explicitly, NULL},
        {crypto_infos, NULL},
        {lists_more, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct scene s;
        scene_begin(&s);
        rows[i].change(&s);
        scene_is(&s, CRET_CHECK_SEAL_FORM, rows[i].words);
        scene_end(&s);
    }
}

Test(seal_rules, rules_of_timestamp_renewal)
{
    struct scene s;
    struct cret_seal_hash wrong;
    scene_begin(&s);
    scene_renew(&s, TSA, YEAR(2));
    scene_is(&s, 0, NULL);
    /* Over less than the token with its tag and length, or over the data again. */
    wrong = hash_of("sha256", (struct cret_bytes){s.hand.stamps[0].token.data + 4,
                                                  s.hand.stamps[0].token.size - 4});
    set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha256", &wrong);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "it is not over the timestamp before it");
    set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha256", &s.own);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "it is not over the timestamp before it");
    /* In its tree, but not in the first list. */
    wrong = node("sha256", &s.own, &s.renewed);
    s.hand.stamps[1].lists[0][0] = &s.own;
    s.hand.stamps[1].lists[1][0] = &s.renewed;
    set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha256", &wrong);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "it is not over the timestamp before it");
    s.hand.stamps[1].lists[0][1] = &s.renewed;
    s.hand.stamps[1].lists[1][0] = NULL;
    scene_is(&s, 0, NULL);
    set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha256", &s.renewed);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "the hash tree does not end in what the token dates");
    scene_end(&s);
}

/* Of the scene: H of the first `count` chains as one sequence, with or without its frame. */
static struct cret_seal_hash chains_of(const struct scene *s, bool framed)
{
    struct cret_buffer chain = {0}, sequence = {0};
    put_stamp(&sequence, &s->hand.stamps[0], 32);
    der_wrap(&chain, CRET_DER_SEQUENCE, &sequence);
    if (framed) {
        der_wrap(&sequence, CRET_DER_SEQUENCE, &chain);
    } else {
        sequence = chain;
    }
    const struct cret_seal_hash hash =
        hash_of("sha512", (struct cret_bytes){(uint8_t *)sequence.data, sequence.size});
    cret_buffer_free(&sequence);
    return hash;
}

Test(seal_rules, rules_of_hash_tree_renewal)
{
    struct scene s;
    struct cret_seal_hash again, before, bare, wrong;
    scene_begin(&s);
    again = hash_of("sha512", objects[0].bytes);
    before = chains_of(&s, true);
    bare = chains_of(&s, false);
    s.hand.count = 2;
    s.hand.begins[1] = true;
    s.hand.algorithms[1] = "sha512";
    static const char refusal[] = "the renewal of the hash tree is not over RECORD.json";
    const struct {
        struct cret_seal_hash hash;
        const char *words;
    } rows[] = {{pair("sha512", &again, &before), NULL},
                {pair("sha512", &before, &again), refusal},
                {pair("sha512", &again, &bare), refusal},
                {again, refusal},
                {before, refusal}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha512", &rows[i].hash);
        scene_is(&s, CRET_CHECK_SEAL_DATA, rows[i].words);
    }
    /* All objects again, not some of them. */
    s.request.object_count = 2;
    wrong = pair("sha512", &again, &before);
    set_token(&s.hand.stamps[1], TSA, YEAR(2), "sha512", &wrong);
    scene_is(&s, CRET_CHECK_SEAL_DATA, "is not over RECORD.json.p7s and all");
    scene_end(&s);
}

Test(seal_rules, rules_of_time_and_authority)
{
    struct scene s;
    scene_begin(&s);
    /* Not yet, and the last second at which it is. */
    s.request.now = 1609459200;
    scene_is(&s, 0, NULL);
    s.request.now--;
    scene_is(&s, CRET_CHECK_SEAL_TIME, "it is from after the time of this run");
    s.request.now = PKI_NOW;
    /* One after another. */
    scene_renew(&s, TSA, "20210101000001Z");
    scene_is(&s, 0, NULL);
    scene_renew(&s, TSA, "20210101000000Z");
    scene_is(&s, CRET_CHECK_SEAL_TIME, "it is not later than the one before it");
    scene_renew(&s, TSA, "20201231235959Z");
    scene_is(&s, CRET_CHECK_SEAL_TIME, "it is not later than the one before it");
    /* Not renewed, renewed in the last second, renewed too late. */
    s.hand.count = 1;
    set_token(&s.hand.stamps[0], SHORT_TSA, YEAR(1), "sha256", &s.root);
    scene_is(&s, CRET_CHECK_SEAL_TIME, "the seal was not renewed");
    scene_renew(&s, TSA, YEAR(2));
    scene_is(&s, 0, NULL);
    scene_renew(&s, TSA, "20220101000001Z");
    scene_is(&s, CRET_CHECK_SEAL_TIME, "the seal was renewed too late");
    /* By somebody else, as the first and as the last. */
    scene_renew(&s, OTHER, "20211231000000Z");
    scene_is(&s, CRET_CHECK_SEAL_TIME, "timestamp 2 of the seal");
    set_token(&s.hand.stamps[0], OTHER, YEAR(1), "sha256", &s.root);
    scene_renew(&s, TSA, YEAR(2));
    scene_is(&s, CRET_CHECK_SEAL_TIME, "timestamp 1 of the seal");
    /* A pinned authority ends as well. */
    authority.anchor = (struct cret_anchor){.kind = CRET_ANCHOR_CERTIFICATE,
                                            .certificate = people[SHORT_TSA].certificate};
    memcpy(authority.anchor.key_digest, cret_certificate_key_digest(people[SHORT_TSA].certificate),
           CRET_SHA256_BYTES);
    s.hand.count = 1;
    set_token(&s.hand.stamps[0], SHORT_TSA, YEAR(1), "sha256", &s.root);
    scene_is(&s, CRET_CHECK_SEAL_TIME, "the seal was not renewed");
    s.request.now = 1640995200;
    scene_is(&s, 0, NULL);
    policy.authority_count = 0;
    scene_is(&s, CRET_CHECK_SEAL_TIME, "no timestamp authority is trusted");
    scene_end(&s);
}
