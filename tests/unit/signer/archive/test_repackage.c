/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a package whose reading process was taken over: class UNDECIDED, or what the
 * judging process says of it, and the package stays as it is. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../memory.h"
#include "../fixture.h"
#include "base/system/file.h"
#include "base/system/output.h"
#include "signer/archive/package_check.h"
#include "signer/archive/repackage.h"

#define VECTORS CRET_SOURCE_DIR "/tests/vectors/verdicts/package/package-"
#define GOOD VECTORS "good.uadipkg"
#define APPROVED VECTORS "good-approved.uadipkg" /* GOOD, and one pair behind its last member */
#define COMPACT VECTORS "good-compact.uadipkg"   /* other metadata, and so another list */
#define UNSIGNED VECTORS "unsigned.uadipkg"
#define STRANGER VECTORS "signature-stranger.uadipkg" /* GOOD's list, signed by somebody else */
#define HERE "p.uadipkg"

/* A package in the test's own folder, held, and what a process tells that makes another one of it:
 * all bytes from where they differ on. */
struct scene {
    char *before, *made;
    size_t size, made_size;
    struct cret_held *held;
    struct cret_apart_told told;
    struct cret_repackage job;
    struct cret_existing_work work;
};

static void read_whole(char **data, size_t *size, const char *path)
{
    struct cret_err err = {0};
    cr_assert_eq(cret_file_read(data, size, path, 1 << 20, CRET_ERR_USAGE, &err), CRET_OK, "%s",
                 err.what);
}

static void begin(struct scene *scene, const char *from, const char *to)
{
    struct cret_err err = {0};
    size_t same = 0;
    memset(scene, 0, sizeof(*scene));
    read_whole(&scene->before, &scene->size, from);
    read_whole(&scene->made, &scene->made_size, to);
    fixture_write(HERE, scene->before, scene->size);
    cr_assert_eq(cret_held_open(&scene->held, HERE, 0, &err), CRET_OK, "%s", err.what);
    while (same < scene->size && same + 1 < scene->made_size &&
           scene->before[same] == scene->made[same]) {
        same++;
    }
    scene->told.json = json_pack("{s:{s:I, s:I, s:I}}", "edit", "kept", (json_int_t)same, "from",
                                 (json_int_t)scene->size, "to", (json_int_t)scene->size);
    scene->told.files[0].size = scene->made_size - same;
    scene->told.files[0].data = malloc(scene->made_size - same);
    memcpy(scene->told.files[0].data, scene->made + same, scene->made_size - same);
    scene->work = (struct cret_existing_work){.payload_directory = -1, .jobs = 1};
    scene->job = (struct cret_repackage){.from = cret_held_fd(scene->held),
                                         .adds = true,
                                         .work = &scene->work,
                                         .allow_unconfined = child_may_be_unconfined()};
}

static enum cret_status repackage(struct scene *scene, struct cret_err *err)
{
    struct cret_output *output = NULL;
    cr_assert_eq(cret_output_open_over(&output, scene->held, err), CRET_OK, "%s", err->what);
    const enum cret_status status = cret_repackage(output, &scene->told, &scene->job, err);
    cret_output_discard(&output);
    return status;
}

static void end(struct scene *scene, const char *what)
{
    char *after = NULL;
    size_t size = 0;
    read_whole(&after, &size, HERE);
    cr_expect(size == scene->size && memcmp(after, scene->before, size) == 0,
              "%s: the package changed", what);
    cr_expect(!fixture_stray(), "%s: something is left", what);
    free(after);
    free(scene->before);
    free(scene->made);
    cret_apart_clear(&scene->told);
    cret_held_close(&scene->held);
}

Test(repackage, one_more_signature, .init = fixture_enter, .fini = fixture_leave)
{
    static const char *const ways[][2] = {{GOOD, APPROVED}, {UNSIGNED, GOOD}};
    for (size_t i = 0; i < CRET_LENGTH(ways); i++) {
        struct scene scene;
        struct cret_err err = {0};
        begin(&scene, ways[i][0], ways[i][1]);
        cr_expect_eq(repackage(&scene, &err), CRET_OK, "%zu: %s: %s", i, err.what, err.actual);
        end(&scene, "the honest edit");
    }
}

static const struct {
    const char *name, *value;
} lies[] = {{"kept", NULL}, {"kept", "-1"},    {"kept", "1048576"}, {"from", "0"}, {"from", NULL},
            {"to", "1"},    {"to", "1048576"}, {"to", "-1"},        {"to", NULL}};

Test(repackage, what_is_told_is_held_to_the_file, .init = fixture_enter, .fini = fixture_leave)
{
    for (size_t i = 0; i < CRET_LENGTH(lies); i++) {
        struct scene scene;
        struct cret_err err = {0};
        begin(&scene, GOOD, APPROVED);
        json_t *edit = json_object_get(scene.told.json, "edit");
        if (lies[i].value == NULL) {
            json_object_del(edit, lies[i].name);
        } else {
            json_object_set_new(edit, lies[i].name,
                                json_loads(lies[i].value, JSON_DECODE_ANY, NULL));
        }
        cr_expect_eq(repackage(&scene, &err), CRET_FAILED, "%s %s", lies[i].name, lies[i].value);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
        cr_expect(strstr(err.what, "malformed") != NULL, "%s %s: %s", lies[i].name, lies[i].value,
                  err.what);
        end(&scene, lies[i].name);
    }
    struct scene scene;
    struct cret_err err = {0};
    begin(&scene, GOOD, APPROVED);
    free(scene.told.files[0].data);
    scene.told.files[0].data = NULL;
    cr_expect_eq(repackage(&scene, &err), CRET_FAILED);
    cr_expect(strstr(err.what, "malformed") != NULL);
    end(&scene, "no bytes");
}

/* What has the form, and is another package than was asked for. */
static const struct {
    const char *from, *to, *says;
    bool stamps;
} others[] = {
    {GOOD, GOOD, "what was there", false},         /* nothing is new */
    {GOOD, COMPACT, "what was there", false},      /* another author's list in the same place */
    {GOOD, STRANGER, "what was there", false},     /* another signature over it */
    {GOOD, STRANGER, "what was there", true},      /* the same, as if it were a timestamp */
    {GOOD, APPROVED, "what was there", true},      /* one more instead of a timestamp */
    {APPROVED, GOOD, "what was there", false},     /* one is gone */
    {UNSIGNED, COMPACT, "what was there", false},  /* other files, soundly signed */
    {UNSIGNED, APPROVED, "what was there", false}, /* two at once */
    {GOOD, VECTORS "signature-tail.uadipkg", "", false},
    {UNSIGNED, VECTORS "signature-flipped.uadipkg", "", false},
    {UNSIGNED, VECTORS "zip-gap.uadipkg", "", false},
};

Test(repackage, another_process_judges_what_is_written, .init = fixture_enter,
     .fini = fixture_leave)
{
    for (size_t i = 0; i < CRET_LENGTH(others); i++) {
        struct scene scene;
        struct cret_err err = {0};
        begin(&scene, others[i].from, others[i].to);
        scene.job.adds = !others[i].stamps;
        cr_expect_eq(repackage(&scene, &err), CRET_FAILED, "%zu", i);
        cr_expect(strstr(err.what, others[i].says) != NULL, "%zu: %s", i, err.what);
        end(&scene, "another package");
    }
}

Test(repackage, what_a_key_signed_here_is_in_it, .init = fixture_enter, .fini = fixture_leave)
{
    struct cret_package *package = NULL;
    struct cret_err err = {0};
    uint8_t digest[CRET_SHA256_BYTES];
    for (size_t lie = 0; lie < 3; lie++) {
        struct scene scene;
        struct cret_held *made = NULL;
        begin(&scene, GOOD, APPROVED);
        cr_assert_eq(cret_held_open(&made, APPROVED, 0, &err), CRET_OK, "%s", err.what);
        cr_assert_eq(cret_package_read(&package, cret_held_fd(made), scene.made_size, false, &err),
                     CRET_OK, "%s", err.what);
        const struct cret_package_pair *pair = &package->pairs[1];
        struct cret_bytes value = {pair->signature, pair->signature_size};
        cr_assert_eq(cret_sha256(digest, pair->list, pair->list_size, &err), CRET_OK);
        digest[0] ^= lie == 1 ? 1 : 0;
        value.size -= lie == 2 ? 1 : 0;
        scene.job.list = digest;
        scene.job.value = &value;
        cr_expect_eq(repackage(&scene, &err), lie == 0 ? CRET_OK : CRET_FAILED, "%zu: %s", lie,
                     err.what);
        cr_expect(lie == 0 || strstr(err.what, "what was there") != NULL, "%s", err.what);
        cret_err_clear(&err);
        cret_package_free(&package);
        cret_held_close(&made);
        end(&scene, "what was signed");
    }
}
