/* SPDX-License-Identifier: Apache-2.0 */
/* What the parent takes of the process that reads advisories: one object for each release, whole.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "../../memory.h"
#include "base/system/os.h"
#include "verifier/child/advise.h"

static void send(int fd, uint32_t type, const char *bytes, size_t size)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, bytes, size);
    if (cret_frame_send(&cret_advise_frames, fd, type, &body, NULL) != CRET_OK) {
        _exit(9); /* the parent has had enough */
    }
}

/* Half a number, then what would be right. */
static int says_half_a_number(void *context, int in, int out)
{
    (void)context, (void)in;
    send(out, CRET_ADVISE_WORK, "1234", 4);
    send(out, CRET_ADVISE_RELEASE, "{}", 2);
    return 0;
}

static int says_one_more(void *context, int in, int out)
{
    (void)context, (void)in;
    send(out, CRET_ADVISE_RELEASE, "{}", 2);
    send(out, CRET_ADVISE_RELEASE, "{}", 2);
    return 0;
}

static int says_none(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return 0;
}

static int says_no_json(void *context, int in, int out)
{
    (void)context, (void)in;
    send(out, CRET_ADVISE_RELEASE, "{", 1);
    return 0;
}

static int says_what_it_should(void *context, int in, int out)
{
    (void)context, (void)in;
    send(out, CRET_ADVISE_WORK, "\0\0\0\0\0\0\0\1", 8);
    send(out, CRET_ADVISE_RELEASE, "{}", 2);
    return 0;
}

Test(advise, takes_one_object_for_each_release_and_nothing_else)
{
    static const struct {
        const char *name;
        cret_process_run run;
        const char *says; /* NULL: nothing is wrong */
    } cases[] = {{"half a number", says_half_a_number, "malformed result"},
                 {"one more than there are releases", says_one_more, "malformed result"},
                 {"no JSON", says_no_json, "malformed result"},
                 {"none", says_none, "ended early"},
                 {"one", says_what_it_should, NULL}};
    json_t *releases = json_pack("[{}]");
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_process_work work = {.run = cases[i].run, .bounds = CRET_BOUNDS_NONE};
        json_t *advice = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        work.bounds.allow_unconfined = child_may_be_unconfined();
        const enum cret_status status = cret_advise_with(&advice, releases, &work, &err);
        cr_expect_eq(status, cases[i].says == NULL ? CRET_OK : CRET_FAILED, "%s", cases[i].name);
        cr_expect_eq(json_array_size(advice), cases[i].says == NULL ? 1u : 0u, "%s", cases[i].name);
        if (cases[i].says != NULL) {
            cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "%s", cases[i].name);
            cr_expect_not_null(strstr(err.what, cases[i].says), "%s: %s", cases[i].name, err.what);
        }
        json_decref(advice);
    }
    json_decref(releases);
}
