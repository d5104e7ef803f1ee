/* SPDX-License-Identifier: Apache-2.0 */
/* self-test: what this machine gives to a verification, and what it lacks. */
#include <stdio.h>

#include "base/command/shared.h"
#include "base/digest/digest.h"
#include "base/digest/hash_engine.h"
#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "base/system/process.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/x509/public_key.h"
#include "verifier/tpm/tpm.h"
#include "verifier/verbs/self_test.h"
#include "verifier/verbs/verbs.h"

static const struct cret_field confinement_fields[] = {
    CRET_ROW_BOOLEAN("complete", CRET_REQUIRED,
                     "Whether a reading process is confined here without --allow-unconfined."),
    CRET_ROW_INTEGER("landlock", CRET_REQUIRED, 0, 1000,
                     "Version of Landlock's interface; 0: none."),
    CRET_ROW_BOOLEAN("seccomp", CRET_REQUIRED, "A list of system calls was put in force."),
    CRET_ROW_BOOLEAN("limits", CRET_REQUIRED, "The limits of a process were lowered."),
    CRET_ROW_BOOLEAN("restrictedToken", CRET_REQUIRED,
                     "Windows: its token was restricted, and has no privileges."),
    CRET_ROW_BOOLEAN("lowIntegrity", CRET_REQUIRED, "Windows: it runs at low integrity."),
    CRET_ROW_TEXT("missing", 0, "What is missing, and why."),
    CRET_ROW_END,
};

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "self-test/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "0: nothing is missing; 3: something is."),
    CRET_ROW_OBJECT("confinement", CRET_REQUIRED, confinement_fields,
                    "What was applied to a process that was started to try it."),
    CRET_ROW_TEXT("hashEngine", CRET_REQUIRED,
                  "What computes digests of small files and of trees, after it gave known ones."),
    CRET_ROW_TEXT("openssl", CRET_REQUIRED, "The cryptographic library."),
    CRET_ROW_STRINGS("algorithms", CRET_REQUIRED, CRET_FORMAT_TEXT,
                     "Kinds of keys whose signatures can be verified."),
    CRET_ROW_STRINGS("algorithmsMissing", CRET_REQUIRED, CRET_FORMAT_TEXT,
                     "Those that this library does not know."),
    CRET_ROW_BOOLEAN("tpm", CRET_REQUIRED, "Whether this program was built with TPM support."),
    CRET_ROW_END,
};

const struct cret_file_format cret_self_test_format = {
    .purpose = "self-test/1",
    .words = "self-test of a machine",
    .file = "cretula-verify self-test --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

struct tested {
    struct cret_confined confined;
    struct cret_hash_engine engine;
    bool complete; /* nothing is missing of the confinement */
};

static int does_nothing(void *context, int in, int out)
{
    return context == NULL && in >= 0 && out >= 0 ? 0 : 1;
}

/* A process like those that read archives, which reads none. */
static enum cret_status try_confinement(struct tested *tested, struct cret_err *err)
{
    struct cret_process_work work = {.run = does_nothing, .bounds = CRET_BOUNDS_NONE};
    struct cret_process *process = NULL;
    work.bounds.allow_unconfined = true; /* what is missing is told, not refused */
    if (cret_process_start(&process, &work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    tested->confined = *cret_process_confined(process);
    tested->complete = tested->confined.missing[0] == '\0';
    return cret_process_end(&process, CRET_LIMIT_END_MS, err);
}

static bool available(enum cret_key_kind kind)
{
    const struct cret_public_key key = {.kind = kind};
    return cret_public_key_available(&key);
}

static json_t *algorithms(bool wanted)
{
    struct cret_build list = cret_build_list();
    for (int kind = CRET_KEY_NONE + 1; kind < CRET_KEY_COUNT; kind++) {
        if (available((enum cret_key_kind)kind) == wanted) {
            cret_build_add(&list, json_string(cret_key_kind_name((enum cret_key_kind)kind)));
        }
    }
    return cret_build_end(&list);
}

static json_t *as_json(const struct tested *tested, int code)
{
    const struct cret_confined *confined = &tested->confined;
    struct cret_build confinement = cret_build_object(), json = cret_build_object();
    cret_build_boolean(&confinement, "complete", tested->complete);
    cret_build_integer(&confinement, "landlock", confined->landlock);
    cret_build_boolean(&confinement, "seccomp", confined->seccomp);
    cret_build_boolean(&confinement, "limits", confined->limits);
    cret_build_boolean(&confinement, "restrictedToken", confined->restricted_token);
    cret_build_boolean(&confinement, "lowIntegrity", confined->low_integrity);
    cret_build_text(&confinement, "missing", tested->complete ? NULL : confined->missing);
    cret_build_string(&json, "cretula", cret_self_test_format.purpose);
    cret_build_integer(&json, "exitCode", code);
    cret_build_put(&json, "confinement", cret_build_end(&confinement));
    cret_build_string(&json, "hashEngine", cret_hash_name(tested->engine.id));
    cret_build_text(&json, "openssl", cret_digest_library());
    cret_build_put(&json, "algorithms", algorithms(true));
    cret_build_put(&json, "algorithmsMissing", algorithms(false));
    cret_build_boolean(&json, "tpm", cret_tpm_built_in());
    return cret_build_end(&json);
}

static void add_algorithms(struct cret_page *page, const char *label, bool wanted)
{
    struct cret_buffer names = {0};
    for (int kind = CRET_KEY_NONE + 1; kind < CRET_KEY_COUNT; kind++) {
        if (available((enum cret_key_kind)kind) == wanted) {
            cret_buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "",
                               cret_key_kind_name((enum cret_key_kind)kind));
        }
    }
    if (names.failed) {
        cret_page_fail(page);
    } else if (names.size > 0) {
        cret_page_row(page, label, "%s", names.data);
    }
    cret_buffer_free(&names);
}

/* What the verdict line says: a machine that cannot verify every algorithm does not have all. */
static const char *summary(int code)
{
    if (code != 0) {
        return "this machine lacks something that every verification asks for";
    }
    for (int kind = CRET_KEY_NONE + 1; kind < CRET_KEY_COUNT; kind++) {
        if (!available((enum cret_key_kind)kind)) {
            return "this machine has what every verification asks for, but cannot verify the "
                   "algorithms below that its OpenSSL does not know";
        }
    }
    return "this machine has all that a verification asks for";
}

static void put_tested(struct cret_page *page, const struct tested *tested, int code)
{
    char words[CRET_CONFINED_WORDS];
    cret_confined_words(words, &tested->confined);
    cret_page_verdict(page, code == 0 ? CRET_TONE_GOOD : CRET_TONE_CAUTION,
                      code == 0 ? "COMPLETE" : "INCOMPLETE", "%s", summary(code));
    cret_page_row(page, "confinement", "%s", words);
    if (!tested->complete) {
        cret_page_row(
            page, "what to do",
            "have Landlock switched on and seccomp filters allowed, on a Linux kernel "
            "from 5.13 on; until then --allow-unconfined lets a run go on, which says so");
    }
    cret_page_row(page, "hashes by", "%s", cret_hash_name(tested->engine.id));
    cret_page_row(page, "OpenSSL", "%s", cret_digest_library());
    add_algorithms(page, "verifies", true);
    add_algorithms(page, "cannot verify", false);
    cret_page_row(page, "TPM", "%s", cret_tpm_built_in() ? "built in" : "not built in");
}

static int print(const struct cret_options *options, const struct tested *tested, int code)
{
    struct cret_page *page = cret_page_new();
    put_tested(page, tested, code);
    return cret_print_last(options, &page, code);
}

static int act(const struct cret_options *options)
{
    struct tested tested = {.complete = false};
    struct cret_err err = {0};
    if (try_confinement(&tested, &err) != CRET_OK ||
        cret_hash_engine_choose(&tested.engine, CRET_HASH_AUTO, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = tested.complete && cret_hash_warning(tested.engine.id) == NULL
                         ? CRET_EXIT_DONE
                         : CRET_EXIT_UNDECIDED;
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, as_json(&tested, code), code);
    }
    return print(options, &tested, code);
}

const struct cret_verb cret_verb_self_test = {
    .name = "self-test",
    .summary = "Say what this machine gives to a verification, and what it lacks",
    .help = "Starts a process as those that read archives are, and says what confines it; has the "
            "hash engines compute known digests; lists the algorithms that OpenSSL has here. Reads "
            "no file. Exit code 3 where something is missing.",
    .groups = CRET_GROUPS(&cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify self-test", "cretula-verify self-test --json"),
    .run = act,
};
