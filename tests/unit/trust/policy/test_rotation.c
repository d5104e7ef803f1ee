/* SPDX-License-Identifier: Apache-2.0 */
/* A series of ten versions, walked through as it should be and with each single fault. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "series.h"

Test(rotation, twelve_years_in_a_drawer)
{
    static const struct {
        int from;
        int64_t target, last;
        size_t steps;
    } walks[] = {{1, 0, 10, 9}, {4, 0, 10, 6}, {9, 0, 10, 1},
                 {1, 7, 7, 6},  {10, 0, 0, 0}, {5, 5, 0, 0}};
    char folder[64];
    series_people();
    series_write(folder, series_sound);
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        struct cret_rotation rotation;
        struct cret_err err;
        cr_assert_eq(series_walk(&rotation, folder, walks[i].from, walks[i].target, DRAWER, &err),
                     CRET_OK, "%zu: %s %s", i, err.what, err.where);
        cr_expect_eq(rotation.step_count, walks[i].steps, "%zu", i);
        cr_expect_eq(rotation.policy != NULL, walks[i].last != 0);
        if (rotation.policy != NULL) {
            char path[100], *text = NULL;
            size_t size = 0;
            cr_expect_eq(rotation.policy->version, walks[i].last);
            snprintf(path, sizeof(path), "%s/%lld.trust.json", folder, (long long)walks[i].last);
            cr_assert_eq(cret_file_read(&text, &size, path, 1u << 20, CRET_ERR_USAGE, &err),
                         CRET_OK);
            cr_expect_eq(size, rotation.size);
            cr_expect_eq(memcmp(text, rotation.text, size), 0);
            free(text);
        }
        if (walks[i].from == 1 && walks[i].target == 0) {
            const char *who = rotation.steps[2].who; /* of versions 3 and 4, in the order of keys */
            cr_expect(strcmp(who, "B, D") == 0 || strcmp(who, "D, B") == 0, "%s", who);
            cr_expect_eq(rotation.steps[5].before, 4u); /* X owns nothing */
            cr_expect_eq(rotation.steps[5].own, 3u);
            cr_expect_eq(rotation.steps[5].before_threshold, 3u);
            cr_expect_eq(rotation.steps[5].own_threshold, 2u);
        }
        cret_rotation_clear(&rotation);
    }
    cret_os_remove_tree(folder);
    series_clear();
}

/* Only the last version's end counts. */
Test(rotation, expiry_of_the_last_version_only)
{
    char folder[64];
    struct cret_rotation rotation;
    struct cret_err err;
    series_people();
    series_write(folder, series_sound);
    cr_expect_neq(series_walk(&rotation, folder, 1, 5, DRAWER, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "expired"), "%s", err.what);
    cr_expect_neq(series_walk(&rotation, folder, 1, 0, 2208988801ll, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_assert_eq(series_walk(&rotation, folder, 1, 5, PKI_NOW, &err), CRET_OK, "%s", err.what);
    cret_rotation_clear(&rotation);
    cret_os_remove_tree(folder);
    series_clear();
}

/* Faults of one version; the walk is from 1 to the end. */
static const struct {
    const char *why;
    int place;
    struct version version;
    enum cret_check_id check;
    const char *says; /* in what, where, expected or actual */
} faults[] = {
    {"no signature",
     3,
     {.owners = "ABCD", .threshold = 2, .signers = ""},
     CRET_CHECK_TRUST_THRESHOLD,
     "0 and 0"},
    {"one of two",
     3,
     {.owners = "ABCD", .threshold = 2, .signers = "B"},
     CRET_CHECK_TRUST_THRESHOLD,
     "1 and 1"},
    {"a stranger is the second",
     3,
     {.owners = "ABCD", .threshold = 2, .signers = "BX"},
     CRET_CHECK_TRUST_THRESHOLD,
     "1 and 1"},
    {"enough for the new version only",
     3,
     {.owners = "ABCD", .threshold = 2, .signers = "AD"},
     CRET_CHECK_TRUST_THRESHOLD,
     "1 and 2"},
    {"enough for the old version only",
     4,
     {.owners = "BCD", .threshold = 2, .signers = "AB"},
     CRET_CHECK_TRUST_THRESHOLD,
     "2 and 1"},
    {"a threshold that rises is not met",
     5,
     {.owners = "BCD", .threshold = 3, .signers = "BC"},
     CRET_CHECK_TRUST_THRESHOLD,
     "2 and 2"},
    {"new owners alone take it over",
     6,
     {.owners = "X", .threshold = 1, .signers = "X"},
     CRET_CHECK_TRUST_THRESHOLD,
     "0 and 1"},
    {"receipt counts for nothing",
     2,
     {.owners = "ABC", .threshold = 2, .signers = "A!B"},
     CRET_CHECK_TRUST_THRESHOLD,
     "another meaning"},
    {"another certificate of a pinned one's key",
     2,
     {.owners = "ABC", .threshold = 2, .signers = "B=C"},
     CRET_CHECK_TRUST_THRESHOLD,
     "1 and 1"},
    {"another certificate of a pinned key is his, but is it enough",
     2,
     {.owners = "ABC", .threshold = 2, .signers = "=B"},
     CRET_CHECK_TRUST_THRESHOLD,
     "1 and 1"},
    {"no owners any more",
     3,
     {.owners = NULL, .threshold = 0, .signers = "AB"},
     CRET_CHECK_TRUST_ROTATION,
     "names no owners"},
    {"another policy of the same owners",
     3,
     {.owners = "ABCD", .threshold = 2, .signers = "BC", .name = "Other plant"},
     CRET_CHECK_TRUST_ROTATION,
     "Other plant"},
    {"an older version under a new number",
     5,
     {.owners = "BCD", .threshold = 3, .signers = "BCD", .number = 4},
     CRET_CHECK_TRUST_ROTATION,
     "version 4"},
    {"a newer version under an old number",
     5,
     {.owners = "BCD", .threshold = 3, .signers = "BCD", .number = 6},
     CRET_CHECK_TRUST_ROTATION,
     "version 6"},
    {"issued before its predecessor",
     5,
     {.owners = "BCD", .threshold = 3, .signers = "BCD", .issued = "2020-01-04T00:00:00Z"},
     CRET_CHECK_TRUST_ROTATION,
     "issued before"},
    {"signed by an algorithm that it rules out itself",
     2,
     {.owners = "ABC",
      .threshold = 2,
      .signers = "AB",
      .more = "{\"algorithms\": [\"ecdsa-p384-sha384\"]}"},
     CRET_CHECK_SIGNATURE_ALGORITHM,
     "ecdsa-p256-sha256"},
};

static void expect_refusal(const char *why, const char *folder, enum cret_check_id check,
                           const char *says)
{
    struct cret_rotation rotation;
    struct cret_err err;
    char all[2200];
    cr_expect_neq(series_walk(&rotation, folder, 1, 0, DRAWER, &err), CRET_OK, "%s", why);
    cr_expect_null(rotation.policy, "%s", why);
    cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: %s", why, err.what);
    cr_expect_eq(err.check, check, "%s: %s (%s)", why, err.what, cret_check_get(err.check)->name);
    snprintf(all, sizeof(all), "%s|%s|%s|%s", err.what, err.where, err.expected, err.actual);
    cr_expect_not_null(strstr(all, says), "%s: %s", why, all);
    cret_rotation_clear(&rotation);
}

Test(rotation, each_fault_of_a_version_is_refused)
{
    series_people();
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct version versions[VERSIONS];
        char folder[64];
        memcpy(versions, series_sound, sizeof(versions));
        versions[faults[i].place - 1] = faults[i].version;
        series_write(folder, versions);
        expect_refusal(faults[i].why, folder, faults[i].check, faults[i].says);
        cret_os_remove_tree(folder);
    }
    series_clear();
}

/* Faults of the folder. */
enum what { REMOVE, ADD, APPEND, FLIP, COPY, LINK, PIPE, FOLDER };
static const struct {
    const char *why;
    enum what what;
    const char *name, *other; /* "%A": the file of A's signature of that version */
    enum cret_check_id check;
    const char *says;
} disorders[] = {
    {"a gap", REMOVE, "6.trust.json", NULL, CRET_CHECK_TRUST_ROTATION, "6.trust.json"},
    {"an extra byte in a policy", APPEND, "6.trust.json", "\n", CRET_CHECK_SIGNATURE_VALUE, "6."},
    {"a changed byte in a policy", FLIP, "6.trust.json", NULL, CRET_CHECK_SIGNATURE_VALUE, "6."},
    {"an extra byte in a signature", APPEND, "6.%B.p7s", "x", CRET_CHECK_SIGNATURE_FORM, "6."},
    {"a missing signature", REMOVE, "6.%B.p7s", NULL, CRET_CHECK_TRUST_THRESHOLD, "2 and 3"},
    {"a replayed older version", COPY, "3.trust.json", "6.trust.json", CRET_CHECK_TRUST_ROTATION,
     "version 3"},
    {"the signature of another version", COPY, "5.%B.p7s", "6.%B.p7s", CRET_CHECK_SIGNATURE_VALUE,
     "6."},
    {"a signature under the name of another key", COPY, "6.%B.p7s", "6.%X.p7s",
     CRET_CHECK_TRUST_ROTATION, "name of another one"},
    {"a signature without its policy", ADD, "11.%A.p7s", "x", CRET_CHECK_TRUST_ROTATION,
     "not there"},
    {"a gap behind the end", ADD, "12.trust.json", "{}", CRET_CHECK_TRUST_ROTATION,
     "11.trust.json"},
    {"an unknown file", ADD, "README", "x", CRET_CHECK_TRUST_ROTATION, "README"},
    {"a hidden file", ADD, ".11.trust.json", "x", CRET_CHECK_TRUST_ROTATION, ".11.trust.json"},
    {"a second spelling of a number", ADD, "011.trust.json", "x", CRET_CHECK_TRUST_ROTATION, "011"},
    {"version 0", ADD, "0.trust.json", "x", CRET_CHECK_TRUST_ROTATION, "0.trust.json"},
    {"a number beyond all", ADD, "9999999999999999.trust.json", "x", CRET_CHECK_TRUST_ROTATION,
     "9999999999999999"},
    {"upper case in a name", ADD, "10.ABCDEF0123456789.p7s", "x", CRET_CHECK_TRUST_ROTATION,
     "ABCDEF"},
    {"another installed version", APPEND, "1.trust.json", "\n", CRET_CHECK_TRUST_ROTATION,
     "another file than the installed policy"},
    {"a folder in the place of a file", FOLDER, "11.trust.json", NULL, CRET_CHECK_NONE, ""},
    {"a link in the place of a file", LINK, "11.trust.json", "10.trust.json", CRET_CHECK_NONE, ""},
    {"a pipe in the place of a file", PIPE, "11.trust.json", NULL, CRET_CHECK_TRUST_ROTATION,
     "regular file"},
};

static void expand(char *out, size_t size, const char *folder, const char *name)
{
    char hex[CRET_SHA256_HEX];
    const char *at = name == NULL ? NULL : strchr(name, '%');
    if (at == NULL) {
        snprintf(out, size, "%s/%s", folder, name == NULL ? "" : name);
        return;
    }
    cret_hex_encode(hex, cret_certificate_key_digest(series_person(at[1])->certificate),
                    CRET_SHA256_BYTES);
    snprintf(out, size, "%s/%.*s%.16s%s", folder, (int)(at - name), name, hex, at + 2);
}

static void disturb(const char *folder, size_t index)
{
    char path[200], other[200], *text = NULL;
    size_t size = 0;
    struct cret_err err;
    FILE *file;
    expand(path, sizeof(path), folder, disorders[index].name);
    expand(other, sizeof(other), folder, disorders[index].other);
    switch (disorders[index].what) {
    case REMOVE:
        cr_assert_eq(unlink(path), 0);
        break;
    case ADD:
    case APPEND:
        cr_assert_eq(access(path, F_OK) == 0, disorders[index].what == APPEND);
        cr_assert_not_null(file = fopen(path, "a"));
        fputs(disorders[index].other, file);
        fclose(file);
        break;
    case FLIP:
    case COPY:
        cr_assert_eq(cret_file_read(&text, &size, path, 1u << 20, CRET_ERR_USAGE, &err), CRET_OK);
        if (disorders[index].what == FLIP) {
            *strstr(text, "ACME") = 'a';
        }
        cr_assert_eq(
            cret_file_write(disorders[index].what == FLIP ? path : other, text, size, 0644, &err),
            CRET_OK);
        free(text);
        break;
    case LINK:
        cr_assert_eq(symlink(disorders[index].other, path), 0);
        break;
    case PIPE:
        cr_assert_eq(mkfifo(path, 0644), 0);
        break;
    case FOLDER:
        cr_assert_eq(mkdir(path, 0755), 0);
        break;
    }
}

Test(rotation, each_disorder_of_the_folder_is_refused)
{
    series_people();
    for (size_t i = 0; i < sizeof(disorders) / sizeof(disorders[0]); i++) {
        char folder[64];
        struct cret_rotation rotation;
        struct cret_err err;
        series_write(folder, series_sound);
        disturb(folder, i);
        if (disorders[i].check != CRET_CHECK_NONE) {
            expect_refusal(disorders[i].why, folder, disorders[i].check, disorders[i].says);
        } else {
            cr_expect_neq(series_walk(&rotation, folder, 1, 0, DRAWER, &err), CRET_OK, "%s",
                          disorders[i].why);
            cr_expect_null(rotation.policy);
        }
        cret_os_remove_tree(folder);
    }
    series_clear();
}

Test(rotation, a_folder_that_does_not_lead_there)
{
    char folder[64];
    struct cret_rotation rotation;
    struct cret_err err;
    series_people();
    series_write(folder, series_sound);
    /* To a version that is not there, and back. */
    cr_expect_neq(series_walk(&rotation, folder, 1, 11, DRAWER, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_ROTATION);
    cr_expect_neq(series_walk(&rotation, folder, 5, 4, DRAWER, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_ROTATION);
    /* Older than what is installed as a whole. */
    for (int place = 8; place <= VERSIONS; place++) {
        char name[100];
        snprintf(name, sizeof(name), "rm %s/%d.*", folder, place);
        cr_assert_eq(system(name), 0);
    }
    cr_expect_neq(series_walk(&rotation, folder, 9, 0, DRAWER, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_ROTATION);
    cr_expect_not_null(strstr(err.what, "older than"), "%s", err.what);
    /* From a version without owners. */
    struct version versions[VERSIONS];
    memcpy(versions, series_sound, sizeof(versions));
    versions[0].owners = NULL;
    struct cret_policy *installed = series_install(versions, 1);
    cr_assert_eq(unlink(strcat(folder, "/1.trust.json")), 0);
    *strrchr(folder, '/') = '\0';
    cr_expect_neq(cret_policy_walk(&rotation, installed, folder, (struct cret_optional){0}, DRAWER,
                                   false, &err),
                  CRET_OK);
    cr_expect_not_null(strstr(err.what, "names no owners"), "%s", err.what);
    cret_policy_free(&installed);
    /* None at all. */
    cret_os_remove_tree(folder);
    cr_expect_neq(series_walk(&rotation, folder, 1, 0, DRAWER, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    series_clear();
}

/* The judgement of one step by itself: what a caller could get wrong. */
Test(rotation, a_step_is_over_the_very_bytes)
{
    series_people();
    struct cret_policy *previous = series_install(series_sound, 1),
                       *next = series_install(series_sound, 2);
    char *text = series_text(&series_sound[1], 2), names[2][64];
    struct cret_rotation_signature list[33];
    struct cret_rotation_step step;
    struct cret_err err;
    memset(list, 0, sizeof(list));
    for (int i = 0; i < 2; i++) {
        list[i].der = series_sign("AB"[i], ' ', text, 2, names[i], &list[i].size);
        list[i].name = names[i];
    }
    cr_assert_eq(cret_policy_authorize(
                     previous, &(struct cret_rotation_next){next, text, strlen(text), list, 2},
                     false, &step, &err),
                 CRET_OK, "%s", err.what);
    cr_expect_str_eq(step.who, "A, B"); /* in the order given */
    cret_rotation_step_clear(&step);
    cr_expect_neq(cret_policy_authorize(
                      previous, &(struct cret_rotation_next){next, text, strlen(text) - 1, list, 2},
                      false, NULL, &err),
                  CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    /* The same signature twice is not two. */
    struct cret_rotation_signature twice[2] = {list[0], list[0]};
    cr_expect_neq(cret_policy_authorize(
                      previous, &(struct cret_rotation_next){next, text, strlen(text), twice, 2},
                      false, NULL, &err),
                  CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_ROTATION);
    cr_expect_not_null(strstr(err.what, "twice"));
    cr_expect_neq(cret_policy_authorize(
                      previous, &(struct cret_rotation_next){next, text, strlen(text), list, 33},
                      false, NULL, &err),
                  CRET_OK);
    cr_expect_not_null(strstr(err.what, "too many"));
    cr_expect_neq(cret_policy_authorize(
                      next, &(struct cret_rotation_next){previous, text, strlen(text), list, 0},
                      false, NULL, &err),
                  CRET_OK);
    for (int i = 0; i < 2; i++) {
        free((void *)list[i].der);
    }
    free(text);
    cret_policy_free(&previous);
    cret_policy_free(&next);
    series_clear();
}

#define OWNER(name, type, pem)                                                                     \
    "{\"name\": \"" name "\", \"anchor\": {\"type\": \"" type "\", \"pem\": \"" pem "\"}}"
#define OWNED(list, rest) "{\"owners\": {\"signers\": [" list "]" rest "}}"
#define A OWNER("A", "certificate", "$A")

/* What a policy says of owners and algorithms, and where it is wrong. */
static const struct {
    const char *why, *more, *where;
} statements[] = {
    {"no algorithm", "{\"algorithms\": []}", "#/algorithms"},
    {"an algorithm that is none", "{\"algorithms\": [\"ecdsa-p256\"]}", "#/algorithms/0"},
    {"a weak digest", "{\"algorithms\": [\"ecdsa-p256-sha1\"]}", "#/algorithms/0"},
    {"a weak key", "{\"algorithms\": [\"ecdsa-p256-sha256\", \"rsa-2048-pkcs1-sha256\"]}",
     "#/algorithms/1"},
    {"a key of another size than it says", "{\"algorithms\": [\"rsa-03072-pkcs1-sha256\"]}",
     "#/algorithms/0"},
    {"a scheme that the key has not", "{\"algorithms\": [\"ecdsa-p256-pss-sha256\"]}",
     "#/algorithms/0"},
    {"a digest that the key has not", "{\"algorithms\": [\"ml-dsa-65-sha256\"]}", "#/algorithms/0"},
    {"an algorithm twice", "{\"algorithms\": [\"ed25519-sha512\", \"ed25519-sha512\"]}",
     "#/algorithms/1"},
    {"no threshold", OWNED(A, ""), "#/owners"},
    {"nobody", OWNED("", ", \"threshold\": 1"), "#/owners/signers"},
    {"threshold 0", OWNED(A, ", \"threshold\": 0"), "#/owners/threshold"},
    {"threshold above the owners", OWNED(A, ", \"threshold\": 2"), "#/owners/threshold"},
    {"a CA", OWNED(OWNER("A", "ca", "$A"), ", \"threshold\": 1"), "#/owners/signers/0/anchor/type"},
    {"a key as certificate", OWNED(OWNER("A", "certificate", "%A"), ", \"threshold\": 1"),
     "#/owners/signers/0"},
    {"a name twice", OWNED(A ", " OWNER("A", "certificate", "$B"), ", \"threshold\": 1"),
     "#/owners/signers/1"},
    {"a key twice", OWNED(A ", " OWNER("B", "certificate", "=A"), ", \"threshold\": 2"),
     "#/owners/signers/1"},
    {"a key and its certificate", OWNED(A ", " OWNER("B", "key", "%A"), ", \"threshold\": 2"),
     "#/owners/signers/1"},
    {"an end of an owner",
     OWNED("{\"name\": \"A\", \"anchor\": {\"type\": \"key\", \"pem\": \"%A\"}, \"notAfter\": "
           "\"2031-01-01T00:00:00Z\"}",
           ", \"threshold\": 1"),
     "#/owners/signers/0"},
    {"not the one that was compared",
     OWNED(
         "{\"name\": \"A\", \"anchor\": {\"type\": \"key\", \"pem\": \"%A\"}, \"added\": {\"by\": "
         "\"me\", \"at\": \"2025-01-01T00:00:00Z\", \"how\": \"phone\", \"fingerprint\": "
         "\"0000000000000000000000000000000000000000000000000000000000000000\"}}",
         ", \"threshold\": 1"),
     "#/owners/signers/0"},
    {"all of it", OWNED(A ", " OWNER("B", "key", "%B"), ", \"threshold\": 2"), NULL},
    {"algorithms",
     "{\"algorithms\": [\"ecdsa-p256-sha256\", \"rsa-4096-pss-sha384\", \"rsa-3072-pkcs1-sha256\", "
     "\"ed25519-sha512\", \"ml-dsa-87-sha512\", \"slh-dsa-sha2-128s-sha512\"]}",
     NULL},
};

Test(rotation, owners_and_algorithms_of_a_policy)
{
    series_people();
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        const struct version version = {.signers = "", .more = statements[i].more};
        char *text = series_text(&version, 1);
        cret_err_clear(&err);
        const enum cret_status status =
            cret_policy_parse(&policy, text, strlen(text), "trust.json", PKI_NOW, false, &err);
        free(text);
        if (statements[i].where == NULL) {
            cr_expect_eq(status, CRET_OK, "%s: %s at %s", statements[i].why, err.what, err.where);
            cret_policy_free(&policy);
            continue;
        }
        cr_expect_eq(status, CRET_FAILED, "%s", statements[i].why);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", statements[i].why, err.what);
        cr_expect_not_null(strstr(err.where, statements[i].where), "%s: %s at %s",
                           statements[i].why, err.what, err.where);
        cr_expect_null(policy);
    }
    series_clear();
}
