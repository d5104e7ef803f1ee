/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of an archive whose reading process was taken over: class UNDECIDED, or what the
 * judging process says of it, and the archive stays as it is. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../memory.h"
#include "../fixture.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "container/ustar.h"
#include "signer/archive/amend.h"
#include "signer/archive/refront.h"

#define ARCHIVE CRET_SOURCE_DIR "/tests/vectors/archives/p256.cretula.tar"
#define OTHER CRET_SOURCE_DIR "/tests/vectors/archives/p384.cretula.tar"
#define HERE "a.cretula.tar"

/* The archive in the test's own folder, held, and what an honest process tells of it: its signature
 * once more, as a new one. */
struct scene {
    char *before;
    size_t size;
    struct cret_existing *existing;
    struct cret_apart_told told;
};

static void read_whole(char **data, size_t *size, const char *path)
{
    struct cret_err err = {0};
    cr_assert_eq(cret_file_read(data, size, path, 1 << 20, CRET_ERR_USAGE, &err), CRET_OK, "%s",
                 err.what);
}

static void begin(struct scene *scene)
{
    struct cret_existing *read = NULL;
    struct cret_err err = {0};
    memset(scene, 0, sizeof(*scene));
    read_whole(&scene->before, &scene->size, ARCHIVE);
    fixture_write(HERE, scene->before, scene->size);
    cr_assert_eq(cret_existing_lock(&scene->existing, HERE, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_existing_find(&read, HERE, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_existing_read(read, &err), CRET_OK, "%s", err.what);
    const struct cret_addition same = {.cms = read->gate.signatures[0].cms,
                                       .der = read->front->signatures[0].data,
                                       .size = read->front->signatures[0].size};
    scene->told.json = json_object();
    cr_assert_eq(cret_refront_tell(&scene->told, read, &same, 1, &err), CRET_OK, "%s", err.what);
    cret_existing_free(&read);
}

static void end(struct scene *scene, const char *what)
{
    char *after = NULL;
    size_t size = 0;
    read_whole(&after, &size, HERE);
    cr_expect(size == scene->size && memcmp(after, scene->before, size) == 0,
              "%s: the archive changed", what);
    cr_expect(!fixture_stray(), "%s: something is left", what);
    free(after);
    free(scene->before);
    cret_existing_free(&scene->existing);
    cret_apart_clear(&scene->told);
}

static json_t *front_of(struct scene *scene)
{
    return json_object_get(scene->told.json, "front");
}

static json_t *first_of(struct scene *scene)
{
    return json_array_get(json_object_get(front_of(scene), "signatures"), 0);
}

/* One member told otherwise: of the first signature, or of the front. NULL: not told. */
static const struct {
    const char *of, *name, *value;
} lies[] = {
    {"front", "identity", "\"00\""},
    {"front", "identity", NULL},
    {"front", "identity", "\"0000000000000000000000000000000000000000000000000000000000000000\""},
    {"front", "manifest", "0"},
    {"front", "manifest", "-1"},
    {"front", "manifest", "3"},
    {"front", "manifest", "67108865"},
    {"front", "seconds", "-1"},
    {"front", "end", "0"},
    {"front", "end", "513"},
    {"front", "end", "-512"},
    {"front", "end", "8192"},
    {"front", "end", "1048576"},
    {"front", "signatures", "[]"},
    {"front", "signatures", NULL},
    {"signature", "name", "\"0123\""},
    {"signature", "name", "\"0123456789ABCDEF\""},
    {"signature", "name", "\"0123456789abcdef0\""},
    {"signature", "name", "\"0123456789abcdefg\""},
    {"signature", "name", NULL},
    {"signature", "name", "\"../../etc/passwd\""},
    {"signature", "size", "0"},
    {"signature", "size", "-1"},
    {"signature", "size", "262145"},
    {"signature", "size", "1"},
    {"signature", "new", "false"},
};

Test(refront, what_is_told_is_held_to_the_file, .init = fixture_enter, .fini = fixture_leave)
{
    for (size_t i = 0; i < CRET_LENGTH(lies); i++) {
        struct scene scene;
        struct cret_refront refront = {.count = 0};
        struct cret_err err = {0};
        begin(&scene);
        json_t *object = strcmp(lies[i].of, "front") == 0 ? front_of(&scene) : first_of(&scene);
        if (lies[i].value == NULL) {
            json_object_del(object, lies[i].name);
        } else {
            json_object_set_new(object, lies[i].name,
                                json_loads(lies[i].value, JSON_DECODE_ANY, NULL));
        }
        cr_expect_eq(cret_refront_take(&refront, &scene.told, scene.existing, 1, &err), CRET_FAILED,
                     "%s %s", lies[i].name, lies[i].value);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
        cr_expect_null(refront.manifest);
        end(&scene, lies[i].name);
    }
}

Test(refront, names_come_in_order_and_all_bytes_are_of_one, .init = fixture_enter,
     .fini = fixture_leave)
{
    struct scene scene;
    struct cret_refront refront = {.count = 0};
    struct cret_err err = {0};
    begin(&scene);
    json_t *again = json_deep_copy(first_of(&scene));
    json_object_set_new(again, "new", json_false());
    json_array_append_new(json_object_get(front_of(&scene), "signatures"), again);
    char *twice = malloc(2 * scene.told.files[0].size);
    memcpy(twice, scene.told.files[0].data, scene.told.files[0].size);
    memcpy(twice + scene.told.files[0].size, scene.told.files[0].data, scene.told.files[0].size);
    free(scene.told.files[0].data);
    scene.told.files[0].data = twice;
    scene.told.files[0].size *= 2;
    cr_expect_eq(cret_refront_take(&refront, &scene.told, scene.existing, 1, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    end(&scene, "twice");
    begin(&scene);
    free(scene.told.files[0].data);
    scene.told.files[0].data = NULL;
    cr_expect_eq(cret_refront_take(&refront, &scene.told, scene.existing, 1, &err), CRET_FAILED);
    end(&scene, "no bytes");
    begin(&scene);
    cr_expect_eq(cret_refront_take(&refront, &scene.told, scene.existing, 2, &err), CRET_FAILED,
                 "two were asked for");
    end(&scene, "too few");
}

/* Signatures of these sizes, all new, with names in order, and as many bytes as they have together;
 * `shift` moves the end of the front. */
static enum cret_status take_sizes(const size_t *sizes, size_t count, int64_t shift)
{
    struct scene scene;
    struct cret_refront refront = {.count = 0};
    struct cret_err err = {0};
    size_t total = 0;
    begin(&scene);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        char name[17];
        snprintf(name, sizeof(name), "%016zx", i);
        json_array_append_new(list, json_pack("{s:s, s:I, s:b}", "name", name, "size",
                                              (json_int_t)sizes[i], "new", 1));
        total += sizes[i];
    }
    json_object_set_new(front_of(&scene), "signatures", list);
    json_object_set_new(front_of(&scene), "end",
                        json_integer(cret_json_integer(front_of(&scene), "end", 0) + shift));
    free(scene.told.files[0].data);
    scene.told.files[0].data = calloc(1, total + 1);
    scene.told.files[0].size = total;
    const enum cret_status status =
        cret_refront_take(&refront, &scene.told, scene.existing, count, &err);
    cr_expect_eq(status != CRET_OK, err.class == CRET_ERR_UNDECIDED);
    cret_refront_clear(&refront);
    end(&scene, "sizes");
    return status;
}

Test(refront, numbers_have_bounds, .init = fixture_enter, .fini = fixture_leave)
{
    static const size_t ones[CRET_LIMIT_SIGNATURES + 1] = {1, 1, 1, 1, 1, 1, 1, 1, 1,
                                                           1, 1, 1, 1, 1, 1, 1, 1};
    static const size_t none[] = {0, 7}, most[] = {CRET_LIMIT_SIGNATURE_BYTES},
                        more[] = {CRET_LIMIT_SIGNATURE_BYTES + 1u};
    cr_expect_eq(take_sizes(ones, CRET_LIMIT_SIGNATURES, 0), CRET_OK);
    cr_expect_eq(take_sizes(ones, CRET_LIMIT_SIGNATURES + 1, 0), CRET_FAILED);
    cr_expect_eq(take_sizes(none, 2, 0), CRET_FAILED);
    cr_expect_eq(take_sizes(most, 1, 0), CRET_OK);
    cr_expect_eq(take_sizes(more, 1, 0), CRET_FAILED);
    cr_expect_eq(take_sizes(ones, 1, -(int64_t)CRET_BLOCK), CRET_OK, "in the form");
    cr_expect_eq(take_sizes(ones, 1, 1), CRET_FAILED);
}

/* What a taken-over process may tell that has the form; `says`: words of the refusal. */
static void another_signature(struct cret_refront *refront, struct cret_existing *other)
{
    refront->members[0].data = other->front->signatures[0].data;
    refront->members[0].size = other->front->signatures[0].size;
}

static void another_name(struct cret_refront *refront, struct cret_existing *other)
{
    another_signature(refront, other);
    memcpy(refront->members[0].name, other->front->signatures[0].name, 17);
}

static void not_new(struct cret_refront *refront, struct cret_existing *other)
{
    another_signature(refront, other);
    refront->fresh[0] = false;
}

static void nothing_new(struct cret_refront *refront, struct cret_existing *other)
{
    (void)other;
    refront->fresh[0] = false;
}

static void a_shorter_payload(struct cret_refront *refront, struct cret_existing *other)
{
    (void)other;
    refront->end += CRET_BLOCK;
}

static void another_date(struct cret_refront *refront, struct cret_existing *other)
{
    (void)other;
    refront->seconds++;
}

static const struct {
    void (*lie)(struct cret_refront *refront, struct cret_existing *other);
    const char *says;
} judged[] = {{another_signature, ""},
              {another_name, "does not hold the signatures that were there"},
              {not_new, ""},
              {nothing_new, "nothing was signed"},
              {a_shorter_payload, "does not verify"},
              {another_date, "date"}};

static enum cret_status publish(struct scene *scene, size_t index, struct cret_err *err)
{
    const struct cret_existing_work work = {
        .payload_directory = -1, .jobs = 1, .allow_example_keys = true};
    struct cret_refront refront = {.count = 0};
    struct cret_existing *other = NULL;
    cr_assert_eq(cret_refront_take(&refront, &scene->told, scene->existing, 1, err), CRET_OK, "%s",
                 err->what);
    cr_assert_eq(cret_existing_find(&other, OTHER, err), CRET_OK);
    cr_assert_eq(cret_existing_read(other, err), CRET_OK);
    if (index < CRET_LENGTH(judged)) {
        judged[index].lie(&refront, other);
    }
    const enum cret_status status =
        cret_refront_publish(&refront, scene->existing, &work, child_may_be_unconfined(), err);
    cret_existing_free(&other);
    cret_refront_clear(&refront);
    return status;
}

Test(refront, another_process_judges_what_is_written, .init = fixture_enter, .fini = fixture_leave)
{
    struct scene scene;
    struct cret_err err = {0};
    begin(&scene);
    cr_expect_eq(publish(&scene, CRET_LENGTH(judged), &err), CRET_OK, "%s", err.what);
    end(&scene, "the same archive");
    for (size_t i = 0; i < CRET_LENGTH(judged); i++) {
        begin(&scene);
        cret_err_clear(&err);
        cr_expect_eq(publish(&scene, i, &err), CRET_FAILED, "%zu", i);
        cr_expect(strstr(err.what, judged[i].says) != NULL, "%zu: %s", i, err.what);
        end(&scene, "a lie");
    }
}

/* What a key signed is what is written, whatever is told. */
Test(refront, only_what_the_key_made_comes_in, .init = fixture_enter, .fini = fixture_leave)
{
    static const uint8_t others[CRET_SHA256_BYTES] = {1};
    uint8_t identity[CRET_SHA256_BYTES];
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        struct cret_err err = {0};
        begin(&scene);
        cr_assert_eq(cret_sha256_read(identity, cret_json_string(front_of(&scene), "identity")),
                     CRET_OK);
        struct cret_amend amend = {.existing = scene.existing, .told = scene.told};
        const struct cret_amend_own own = {i == 0 ? others : identity, {others, sizeof(others)}};
        cr_expect_eq(cret_amend_replace(&amend, 1, &own, &err), CRET_FAILED);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
        cr_expect_not_null(strstr(err.what, i == 0 ? "changed while" : "malformed"), "%s",
                           err.what);
        end(&scene, "not its own");
    }
}

#define ADDED(extra)                                                                               \
    "{\"embedded\": {\"certificates\": [\"CN=a\"], \"anchor\": \"CN=b\", \"leftOut\": "            \
    "[\"CN=c\"]},"                                                                                 \
    "\"roots\": [true], \"selfIssued\": false, \"until\": 7, \"member\": \"m\", \"subject\": "     \
    "\"CN=a\", \"key\": \"k\", \"algorithm\": \"x\", \"meaning\": \"origin\", \"exampleKey\": "    \
    "false, \"certificateEnds\": \"t\", \"verifiableUntil\": \"t\"" extra "}"
#define REPORT(release, sequence, added)                                                           \
    "{\"release\": " release ", \"sequence\": " sequence ", \"added\": [" added "]}"
#define RELEASE "{\"vendor\": \"v\", \"product\": \"p\", \"version\": \"1\"}"

/* Of which one member is missing or another in turn. */
static const char *const unsaid[] = {
    "{}",
    "[]",
    REPORT("{}", "1", ADDED("")),
    REPORT(RELEASE, "-1", ADDED("")),
    REPORT(RELEASE, "1", ""),
    REPORT(RELEASE, "1", ADDED("") ", " ADDED("")),
    REPORT(RELEASE, "1", "{}"),
    REPORT(RELEASE, "1", ADDED(", \"embedded\": {}")),
    REPORT(RELEASE, "1",
           ADDED(", \"embedded\": {\"certificates\": [], \"anchor\": \"CN=b\", "
                 "\"leftOut\": [\"CN=c\"]}")),
    REPORT(RELEASE, "1",
           ADDED(", \"embedded\": {\"certificates\": [7], \"anchor\": \"CN=b\", "
                 "\"leftOut\": [\"CN=c\"]}")),
    REPORT(RELEASE, "1",
           ADDED(", \"embedded\": {\"certificates\": [\"CN=a\"], \"anchor\": 7, "
                 "\"leftOut\": [\"CN=c\"]}")),
    REPORT(RELEASE, "1",
           ADDED(", \"embedded\": {\"certificates\": [\"CN=a\"], \"anchor\": "
                 "\"CN=b\", \"leftOut\": [null]}")),
    REPORT(RELEASE, "1", ADDED(", \"roots\": []")),
    REPORT(RELEASE, "1", ADDED(", \"roots\": [7]")),
    REPORT(RELEASE, "1", ADDED(", \"selfIssued\": 0")),
    REPORT(RELEASE, "1", ADDED(", \"until\": 253402300800")),
    REPORT(RELEASE, "1", ADDED(", \"until\": -62167219201")),
    REPORT(RELEASE, "1", ADDED(", \"subject\": 7")),
    REPORT(RELEASE, "1", ADDED(", \"exampleKey\": \"no\"")),
};

static enum cret_status said(const char *text, struct cret_err *err)
{
    struct cret_amend amend = {.count = 0};
    json_t *report = json_loads(text, 0, NULL); /* the last of two members counts */
    cr_assert_not_null(report, "%s", text);
    amend.told.json = json_pack("{s:o}", "report", report);
    const enum cret_status status = cret_amend_said(&amend, 1, err);
    cret_apart_clear(&amend.told);
    return status;
}

Test(refront, what_is_said_of_signatures_has_its_form)
{
    struct cret_err err = {0};
    cr_expect_eq(said(REPORT(RELEASE, "1", ADDED("")), &err), CRET_OK);
    for (size_t i = 0; i < CRET_LENGTH(unsaid); i++) {
        cret_err_clear(&err);
        cr_expect_eq(said(unsaid[i], &err), CRET_FAILED, "%s", unsaid[i]);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    }
}
