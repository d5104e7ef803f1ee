/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <criterion/criterion.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "../trust/pki.h"
#include "../trust/token.h"
#include "trust/policy/waiver.h"

static const char content[] = "{}\n";
static const char *const names[SIGNERS] = {"Root", "Sub",     "Second root", "First", "Second",
                                           "Key",  "Quality", "Board",       "Below"};
/* Far past, the first seconds of 1970, around now, the last second that we write, and 9999. */
static const char *const times[] = {
    "1901-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "2019-12-31T23:59:59Z",
    "2025-06-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z",
    "2026-06-01T00:00:00Z", "2035-01-01T00:00:00Z", "2999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"};
static const int64_t clocks[] = {0, 1, PKI_NOW - 1, PKI_NOW, PKI_NOW + 1, 1782000000, 2240000000};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

uint64_t chance_next(struct chance *chance)
{
    uint64_t z = (chance->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t chance_below(struct chance *chance, size_t limit)
{
    return (size_t)(chance_next(chance) % limit);
}

bool chance_of(struct chance *chance, unsigned percent)
{
    return chance_below(chance, 100) < percent;
}

/* --- people --- */

static char *quoted(char *pem)
{
    struct cret_buffer text = {0};
    for (const char *c = pem; *c != '\0'; c++) {
        cret_buffer_printf(&text, *c == '\n' ? "\\n" : "%c", *c);
    }
    free(pem);
    return text.data;
}

static char *list_text(const struct pki_crl_spec *spec)
{
    char *base64 = NULL;
    size_t size = 0;
    uint8_t *der = pki_crl(spec, &size);
    cr_assert_eq(cret_base64_encode(&base64, der, size), CRET_OK);
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "-----BEGIN X509 CRL-----\n");
    for (size_t at = 0; at < strlen(base64); at += 64) {
        cret_buffer_printf(&text, "%.64s\n", base64 + at);
    }
    cret_buffer_printf(&text, "-----END X509 CRL-----\n");
    free(base64);
    OPENSSL_free(der);
    return quoted(text.data);
}

static char *anchor_text(const char *type, const struct pki_entity *who)
{
    char *pem = quoted(strcmp(type, "key") == 0 ? pki_key_pem(who) : pki_pem(who));
    char *text = cret_text_printf("{\"type\": \"%s\", \"pem\": \"%s\"}", type, pem);
    free(pem);
    return text;
}

static struct cret_cms *stamped(struct cret_cms *cms, const struct pki_entity *tsa,
                                const char *time)
{
    struct pki_token token;
    struct cret_cms *with = NULL;
    struct cret_err err;
    size_t size = 0;
    cret_err_clear(&err);
    pki_token_begin(&token, tsa, time, NULL, 0);
    uint8_t *der = pki_token_attach(&token, cms, &size);
    cr_assert_eq(cret_cms_parse(&with, der, size, &err), CRET_OK, "%s", err.what);
    free(der);
    cret_cms_free(&cms);
    return with;
}

static void add(struct world *world, struct cret_cms *cms)
{
    cr_assert_lt(world->signature_count, SIGNATURES);
    world->signatures[world->signature_count++] = cms;
}

/* His signatures: as origin and as approval, without a timestamp, before his end, before his
 * beginning. */
static void sign_all(struct world *world, const struct pki_entity *who,
                     const struct pki_entity *const *chain, size_t length,
                     const struct pki_entity *tsa)
{
    add(world, pki_cms(who, content, CRET_MEANING_ORIGIN, chain, length));
    add(world, pki_cms(who, content, CRET_MEANING_APPROVAL, chain, length));
    add(world,
        stamped(pki_cms(who, content, CRET_MEANING_ORIGIN, chain, length), tsa, "20250701000000Z"));
}

void world_make(struct world *world)
{
    memset(world, 0, sizeof(*world));
    struct pki_entity root = pki_root("Root"), second_root = pki_root("Second root");
    struct pki_entity tsa_root = pki_root("Time"), other_time = pki_root("Other time");
    struct pki_entity sub =
        pki_make((struct pki_spec){.name = "Sub", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity cross =
        pki_make((struct pki_spec){.name = "Cross", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity cross_too = pki_make((struct pki_spec){
        .name = "Cross", .issuer = &second_root, .pkey = cross.pkey, .extensions = {PKI_CA}});
    struct pki_entity first = pki_leaf("First", &root), second = pki_leaf("Second", &root);
    /* The pinned First, certified as a CA by somebody else. */
    struct pki_entity first_ca = pki_make((struct pki_spec){
        .name = "First CA", .issuer = &second_root, .pkey = first.pkey, .extensions = {PKI_CA}});
    struct pki_entity key = pki_leaf("Key", &sub), quality = pki_leaf("Quality", &second_root);
    struct pki_entity board = pki_leaf("Board", NULL);
    struct pki_entity below[] = {
        pki_leaf("Below root", &root),
        pki_leaf("Below sub", &sub),
        pki_leaf("Below second", &second_root),
        pki_leaf("Below cross", &cross),
        pki_leaf("Below cross too", &cross_too),
        pki_leaf("Below first", &first_ca),
        pki_make((struct pki_spec){.name = "Expired",
                                   .issuer = &root,
                                   .not_after = PKI_NOW - 86400,
                                   .extensions = {PKI_LEAF}}),
        pki_make((struct pki_spec){.name = "Young",
                                   .issuer = &root,
                                   .not_before = PKI_NOW - 86400,
                                   .extensions = {PKI_LEAF}}),
        pki_make((struct pki_spec){
            .name = "Of the sub", .issuer = &root, .pkey = sub.pkey, .extensions = {PKI_LEAF}})};
    struct pki_entity tsa =
        pki_make((struct pki_spec){.name = "TSA", .issuer = &tsa_root, .extensions = {PKI_TSA}});
    const struct pki_entity *const intermediates[] = {NULL,      &sub, NULL, &cross, &cross_too,
                                                      &first_ca, NULL, NULL, NULL};
    const struct pki_entity *anchors[SIGNERS] = {&root, &sub,     &second_root, &first,   &second,
                                                 &key,  &quality, &board,       &below[0]};
    static const char *const types[SIGNERS] = {
        "ca", "ca", "ca", "certificate", "certificate", "key", "certificate", "certificate", "key"};
    for (int i = 0; i < SIGNERS; i++) {
        world->anchors[i] = anchor_text(types[i], anchors[i]);
    }
    const struct pki_entity *const sub_only[] = {&sub};
    sign_all(world, &first, NULL, 0, &tsa);
    sign_all(world, &second, NULL, 0, &tsa);
    sign_all(world, &key, sub_only, 1, &tsa);
    sign_all(world, &quality, NULL, 0, &tsa);
    sign_all(world, &board, NULL, 0, &tsa);
    for (size_t i = 0; i < COUNT(below); i++) {
        sign_all(world, &below[i], &intermediates[i], intermediates[i] != NULL ? 1 : 0, &tsa);
    }
    world->authorities[0] = quoted(pki_pem(&tsa_root));
    world->authorities[1] = quoted(pki_pem(&other_time));
    world->lists[0] = list_text(&(struct pki_crl_spec){.issuer = &root});
    world->lists[1] = list_text(
        &(struct pki_crl_spec){.issuer = &root, .revoked = {{.who = &first, .date = PKI_NOW - 5}}});
    world->lists[2] =
        list_text(&(struct pki_crl_spec){.issuer = &root,
                                         .this_update = PKI_NOW - 20 * 86400,
                                         .revoked = {{.who = &below[0], .date = PKI_NOW - 5}}});
    world->lists[3] = list_text(&(struct pki_crl_spec){.issuer = &sub});
    world->lists[4] = list_text(&(struct pki_crl_spec){.issuer = &second_root});
    world->lists[5] =
        list_text(&(struct pki_crl_spec){.issuer = &tsa_root, .this_update = PKI_NOW - 10 * 86400});
    world->lists[6] = list_text(&(struct pki_crl_spec){
        .issuer = &tsa_root, .revoked = {{.who = &tsa, .date = PKI_NOW - 300 * 86400}}});
    struct pki_entity *all[] = {&root,  &second_root, &tsa_root, &other_time, &sub,
                                &cross, &cross_too,   &first,    &second,     &first_ca,
                                &key,   &quality,     &board,    &tsa};
    for (size_t i = 0; i < COUNT(below); i++) {
        pki_clear(&below[i]);
    }
    for (size_t i = 0; i < COUNT(all); i++) {
        pki_clear(all[i]);
    }
}

void world_clear(struct world *world)
{
    for (int i = 0; i < SIGNERS; i++) {
        free(world->anchors[i]);
    }
    for (int i = 0; i < AUTHORITIES; i++) {
        free(world->authorities[i]);
    }
    for (int i = 0; i < LISTS; i++) {
        free(world->lists[i]);
    }
    for (size_t i = 0; i < world->signature_count; i++) {
        cret_cms_free(&world->signatures[i]);
    }
}

/* --- policies and overlays --- */

static const char *const role_names[PEOPLE_ROLES] = {"release", "quality", "owner", "waiver"};
static const char *const products[] = {"PLC", "HMI"};

/* What an overlay may hold. Most trials are about one field of both files: a policy that says it,
 * an overlay that says little else, so that what the one field does is seen in the verdict. */
enum field {
    REVIEW,
    EXPIRES,
    POST_QUANTUM,
    REVOCATION,
    TIMESTAMP,
    AGE,
    SEVERITIES,
    WAIVABLE,
    THRESHOLDS,
    FLOORS,
    REMOVALS,
    FIELDS, /* all of them */
    OTHER
};

struct maker {
    struct chance chance;
    enum field focus;
    bool in_overlay;
    const struct world *world;
    struct cret_buffer *out;
    bool signers[SIGNERS];    /* of the scope that is made */
    size_t given[SIGNERS];    /* role of each; PEOPLE_ROLES: none */
    bool roles[PEOPLE_ROLES]; /* that it has */
};

static bool has(struct maker *maker, enum field field, unsigned percent)
{
    if (maker->focus == field) {
        percent = field == EXPIRES && !maker->in_overlay ? percent : 90;
    } else if (maker->focus != FIELDS && maker->in_overlay) {
        percent /= 5;
    }
    return chance_of(&maker->chance, percent);
}

/* The edges more often than the rest. */
static const char *any_time(struct maker *maker)
{
    return chance_of(&maker->chance, 30) ? times[1 + chance_below(&maker->chance, 2)]
                                         : times[chance_below(&maker->chance, COUNT(times))];
}

static void put_time(struct maker *maker, const char *name, enum field field, unsigned percent)
{
    if (has(maker, field, percent)) {
        cret_buffer_printf(maker->out, ", \"%s\": \"%s\"", name, any_time(maker));
    }
}

static void put_word(struct maker *maker, const char *name, enum field field,
                     const char *const *words, size_t count)
{
    if (has(maker, field, 30)) {
        cret_buffer_printf(maker->out, ", \"%s\": \"%s\"", name,
                           words[chance_below(&maker->chance, count)]);
    }
}

static const char *const demands[] = {"off", "prefer", "require"};
static const char *const list_demands[] = {"off", "if-present", "require"};
/* Checks with a severity; the last ones are an error: two that nothing softens, and none. */
static const char *const checks[] = {
    "policy.review", "release.sequence", "document.applies", "lifecycle.support", "sbom.bsi",
    "sbom.ntia",     "topics.answered",  "release.hardware", "trust.threshold",   "no.check"};

/* Policies rarely say when they end: most ends would be in the past, and nothing left to judge. */
static void put_head(struct maker *maker, unsigned end_percent)
{
    put_time(maker, "reviewBy", REVIEW, 40);
    put_time(maker, "expires", EXPIRES, end_percent);
    put_word(maker, "postQuantum", POST_QUANTUM, demands, chance_of(&maker->chance, 90) ? 2 : 3);
    put_word(maker, "revocation", REVOCATION, list_demands, COUNT(list_demands));
    put_word(maker, "timestamp", TIMESTAMP, demands, COUNT(demands));
    if (has(maker, AGE, 25)) {
        cret_buffer_printf(maker->out, ", \"crlMaxAgeDays\": %zu",
                           1 + chance_below(&maker->chance, 30));
    }
}

static void put_checks(struct maker *maker, const char *severities, const char *const *words,
                       size_t word_count, const char *waivable)
{
    for (int part = 0; part < 2; part++) {
        size_t count = 0;
        if (!has(maker, part == 0 ? SEVERITIES : WAIVABLE, 50) &&
            (maker->focus != REVIEW || maker->in_overlay || part == 1)) {
            continue;
        }
        cret_buffer_printf(maker->out, part == 0 ? ", \"%s\": {" : ", \"%s\": [",
                           part == 0 ? severities : waivable);
        for (size_t i = 0; i < COUNT(checks); i++) {
            /* What is an error anyway, rarely: else nothing would be left to judge. */
            if (!chance_of(&maker->chance, i == 0 ? 60 : i + 3 < COUNT(checks) ? 25 : 1)) {
                continue;
            }
            cret_buffer_printf(maker->out, "%s\"%s\"", count++ > 0 ? ", " : "", checks[i]);
            if (part == 0) {
                cret_buffer_printf(maker->out, ": \"%s\"",
                                   i == 0 && chance_of(&maker->chance, 60)
                                       ? "fail"
                                       : words[chance_below(&maker->chance, word_count)]);
            }
        }
        if (part == 1 && count == 0) {
            cret_buffer_printf(maker->out, "\"topics.answered\"");
        }
        cret_buffer_printf(maker->out, part == 0 ? "}" : "]");
    }
}

static void put_signers(struct maker *maker)
{
    bool any = false;
    cret_buffer_printf(maker->out, ", \"signers\": [");
    for (size_t i = 0; i < SIGNERS; i++) {
        maker->signers[i] =
            chance_of(&maker->chance, i == 0 ? 70 : 40) || (!any && i + 1 == SIGNERS);
        if (!maker->signers[i]) {
            continue;
        }
        cret_buffer_printf(maker->out, "%s{\"name\": \"%s\", \"anchor\": %s", any ? ", " : "",
                           names[i], maker->world->anchors[i]);
        put_time(maker, "notAfter", OTHER, 10);
        cret_buffer_printf(maker->out, "}");
        any = true;
    }
    cret_buffer_printf(maker->out, "]");
}

/* Each signer in one role or in none. */
static void put_roles(struct maker *maker)
{
    size_t *given = maker->given, counts[PEOPLE_ROLES] = {0};
    static const size_t favoured[] = {0, 0, 0, 0, 0, 0, 1, 2, 3, 3, PEOPLE_ROLES};
    const char *between = "";
    for (size_t i = 0; i < SIGNERS; i++) {
        given[i] = maker->signers[i] ? favoured[chance_below(&maker->chance, COUNT(favoured))]
                                     : PEOPLE_ROLES;
        if (given[i] < PEOPLE_ROLES) {
            counts[given[i]]++;
        }
    }
    cret_buffer_printf(maker->out, ", \"roles\": [");
    for (size_t role = 0; role < PEOPLE_ROLES; role++) {
        size_t put = 0;
        maker->roles[role] = counts[role] > 0;
        if (counts[role] == 0) {
            continue;
        }
        cret_buffer_printf(maker->out, "%s{\"role\": \"%s\", \"signers\": [", between,
                           role_names[role]);
        for (size_t i = 0; i < SIGNERS; i++) {
            if (given[i] == role) {
                cret_buffer_printf(maker->out, "%s\"%s\"", put++ > 0 ? ", " : "", names[i]);
            }
        }
        const size_t threshold = role == 2 ? chance_below(&maker->chance, 2)
                                 : chance_of(&maker->chance, 80)
                                     ? 1
                                     : 1 + chance_below(&maker->chance, counts[role]);
        cret_buffer_printf(maker->out, "], \"threshold\": %zu}", threshold);
        between = ", ";
    }
    cret_buffer_printf(maker->out, "]");
}

static void put_floors(struct maker *maker)
{
    if (has(maker, FLOORS, 30)) {
        cret_buffer_printf(maker->out,
                           ", \"minimumSequence\": [{\"product\": \"PLC\", "
                           "\"sequence\": %zu}]",
                           1 + chance_below(&maker->chance, 9));
    }
}

static void put_lists(struct maker *maker)
{
    size_t count = 0;
    cret_buffer_printf(maker->out, ", \"crls\": [");
    for (size_t i = 0; i < LISTS; i++) {
        if (chance_of(&maker->chance, 35)) {
            cret_buffer_printf(maker->out, "%s{\"pem\": \"%s\"}", count++ > 0 ? ", " : "",
                               maker->world->lists[i]);
        }
    }
    cret_buffer_printf(maker->out, "], \"timestampAuthorities\": [");
    count = 0;
    for (size_t i = 0; i < AUTHORITIES; i++) {
        if (chance_of(&maker->chance, 50)) {
            cret_buffer_printf(maker->out, "%s{\"name\": \"Time %zu\", \"pem\": \"%s\"}",
                               count++ > 0 ? ", " : "", i, maker->world->authorities[i]);
        }
    }
    cret_buffer_printf(maker->out, "]");
}

static void put_policy(struct maker *maker)
{
    static const char *const severities[] = {"fail", "warn", "ignore"};
    cret_buffer_printf(maker->out, "{\"cretula\": \"trust/1\", \"name\": \"P\", \"version\": 1, "
                                   "\"issued\": \"2020-01-01T00:00:00Z\"");
    put_head(maker, 6);
    put_lists(maker);
    put_checks(maker, "severities", severities, COUNT(severities), "waivable");
    cret_buffer_printf(maker->out, ", \"scopes\": [{\"vendor\": \"ACME\", \"products\": [\"%s\"]",
                       chance_of(&maker->chance, 30) ? "*" : "PLC");
    put_signers(maker);
    put_roles(maker);
    put_floors(maker);
    cret_buffer_printf(maker->out, "}]}");
}

static void put_thresholds(struct maker *maker)
{
    const char *between = "";
    if (!has(maker, THRESHOLDS, 40)) {
        return;
    }
    cret_buffer_printf(maker->out, ", \"thresholds\": [");
    for (size_t role = 0; role < PEOPLE_ROLES; role++) {
        if (!maker->roles[role] || !chance_of(&maker->chance, 70)) {
            continue;
        }
        cret_buffer_printf(maker->out, "%s{\"role\": \"%s\", \"threshold\": %zu}", between,
                           role_names[role], 1 + chance_below(&maker->chance, 3));
        between = ", ";
    }
    if (between[0] == '\0') {
        cret_buffer_printf(maker->out, "{\"role\": \"release\", \"threshold\": 1}");
    }
    cret_buffer_printf(maker->out, "]");
}

static void put_removals(struct maker *maker)
{
    size_t count = 0;
    if (!has(maker, REMOVALS, 40)) {
        return;
    }
    for (size_t i = 0; i < SIGNERS; i++) {
        if (maker->signers[i] && chance_of(&maker->chance, 35)) {
            cret_buffer_printf(maker->out, "%s\"%s\"",
                               count++ > 0 ? ", " : ", \"removeSigners\": [", names[i]);
        }
    }
    if (count > 0) {
        cret_buffer_printf(maker->out, "]");
    }
}

static void put_overlay(struct maker *maker)
{
    static const char *const severities[] = {"fail", "fail", "warn"};
    cret_buffer_printf(maker->out, "{\"cretula\": \"overlay/1\", \"name\": \"O\"");
    put_head(maker, 15);
    put_checks(maker, "severities", severities, COUNT(severities), "removeWaivable");
    if (chance_of(&maker->chance, maker->focus < THRESHOLDS ? 30 : 90)) {
        cret_buffer_printf(maker->out, ", \"scopes\": [{\"vendor\": \"ACME\"%s",
                           chance_of(&maker->chance, 30) ? ", \"product\": \"PLC\"" : "");
        put_thresholds(maker);
        put_floors(maker);
        put_removals(maker);
        cret_buffer_printf(maker->out, "}]");
    }
    cret_buffer_printf(maker->out, "}");
}

/* A signature of a signer, as his role asks. */
static const struct cret_cms *signature_of(struct maker *maker, size_t signer)
{
    /* Whose signatures his are: by their order in world_make. Of the root's: somebody valid,
     * somebody expired, somebody young. */
    static const size_t people[SIGNERS] = {5, 6, 7, 0, 1, 2, 3, 4, 5}, of_root[] = {5, 11, 12};
    /* Those who are not valid now where the trial is about the time of signatures. */
    const bool timed =
        maker->focus == TIMESTAMP || maker->focus == REVOCATION || maker->focus == AGE;
    const size_t person = signer != 0 ? people[signer]
                          : timed     ? of_root[1 + chance_below(&maker->chance, 2)]
                                      : of_root[chance_below(&maker->chance, COUNT(of_root))];
    const size_t kind = maker->given[signer] != 0 ? 1
                        : timed && signer == 0    ? 2
                                                  : 2 * chance_below(&maker->chance, 2);
    return maker->world->signatures[3 * person + kind];
}

/* Those of most signers whom the policy names (for waivers: in that role), and others. */
static size_t put_signatures(struct maker *maker, const struct cret_cms **list, size_t capacity,
                             bool waivers)
{
    const struct world *world = maker->world;
    size_t count = 0;
    for (size_t i = 0; i < SIGNERS && count < capacity; i++) {
        if (maker->signers[i] && (maker->given[i] == 3) == waivers &&
            chance_of(&maker->chance, 70)) {
            list[count++] = signature_of(maker, i);
        }
    }
    for (size_t more = chance_below(&maker->chance, 3); more > 0 && count < capacity; more--) {
        list[count++] = world->signatures[chance_below(&maker->chance, world->signature_count)];
    }
    return count;
}

void trial_make(struct trial *trial, const struct world *world, uint64_t seed)
{
    struct maker maker = {.chance = {seed}, .world = world, .out = &trial->policy};
    memset(trial, 0, sizeof(*trial));
    maker.focus = (enum field)chance_below(&maker.chance, FIELDS + 2);
    if (maker.focus > FIELDS) {
        maker.focus = FIELDS;
    }
    put_policy(&maker);
    maker.out = &trial->overlay;
    maker.in_overlay = true;
    put_overlay(&maker);
    struct chance *chance = &maker.chance;
    trial->now = chance_of(chance, 70) ? PKI_NOW : clocks[chance_below(chance, COUNT(clocks))];
    trial->vendor = "ACME";
    trial->product = products[chance_of(chance, 5) ? 1 : 0];
    trial->sequence = (int64_t)chance_below(chance, 12);
    trial->adopted = chance_of(chance, 8);
    trial->signature_count = put_signatures(&maker, trial->signatures, RELEASE_SIGNATURES, false);
    trial->fault_count = chance_of(chance, 30) ? chance_below(chance, FAULTS + 1) : 0;
    for (size_t i = 0; i < trial->fault_count; i++) {
        trial->faults[i] = cret_check_find(checks[chance_below(chance, COUNT(checks) - 2)])->id;
    }
    trial->waiver_count = put_signatures(&maker, trial->waivers, WAIVER_SIGNATURES, true);
    trial->waived = cret_check_find(checks[1 + chance_below(chance, COUNT(checks) - 3)])->id;
    cr_assert(!trial->policy.failed && !trial->overlay.failed);
}

void trial_clear(struct trial *trial)
{
    cret_buffer_free(&trial->policy);
    cret_buffer_free(&trial->overlay);
}
