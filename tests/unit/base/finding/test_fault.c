/* SPDX-License-Identifier: Apache-2.0 */
/* What the system denies is remembered where it begins, and no answer counts after it. Each test
 * runs in a process of its own: a fault is never taken back. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/finding/err.h"
#include "base/finding/fault.h"
#include "base/finding/finding.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"

/* More than there is, in a way that the compiler does not see. */
static volatile size_t too_much = SIZE_MAX / 4;

static bool watched(void)
{
#if defined(__SANITIZE_ADDRESS__)
    cr_skip("the sanitizer brings an allocator of its own");
#endif
    return true;
}

Test(fault, nothing_was_denied_yet)
{
    struct cret_err err;
    void *memory = malloc(1);
    free(memory);
    memory = malloc(0);
    free(memory);
    memory = realloc(malloc(10), 0);
    (void)memory;
    cr_assert_not(cret_fault_noted());
    cr_assert_null(cret_fault_words());
    cr_assert_eq(cret_err_fault(&err), CRET_OK);
}

/* One allocation for each way to ask for one. */
static void *by_malloc(void)
{
    return malloc(too_much);
}
static void *by_calloc(void)
{
    return calloc(too_much, 1);
}
static void *by_realloc(void)
{
    return realloc(NULL, too_much);
}
static void *by_reallocarray(void)
{
    return reallocarray(NULL, too_much, 1);
}
static void *by_aligned_alloc(void)
{
    return aligned_alloc(64, too_much);
}
static void *by_posix_memalign(void)
{
    void *memory = NULL;
    return posix_memalign(&memory, 64, too_much) == 0 ? memory : NULL;
}
static void *by_openssl(void)
{
    return OPENSSL_malloc(too_much);
}
/* jansson's own copy of a text that claims to be longer than memory: the allocation comes first. */
static void *by_jansson(void)
{
    return json_stringn_nocheck("", too_much);
}

/* A compiler may leave out an allocation that nobody looks at. */
static void *volatile kept;

#define WATCHED(name)                                                                              \
    Test(fault, by_##name)                                                                         \
    {                                                                                              \
        if (!watched()) {                                                                          \
            return;                                                                                \
        }                                                                                          \
        cr_assert_not(cret_fault_noted());                                                         \
        kept = by_##name();                                                                        \
        cr_assert_null(kept);                                                                      \
        cr_assert(cret_fault_noted());                                                             \
        cr_assert_str_eq(cret_fault_words(), "there was not enough memory");                       \
    }
WATCHED(malloc)
WATCHED(calloc)
WATCHED(realloc)
WATCHED(reallocarray)
WATCHED(aligned_alloc)
WATCHED(posix_memalign)
WATCHED(openssl)
WATCHED(jansson)

/* The exit code of a child that does this; what it writes to descriptor 1 is counted. */
static int ends_with(void (*act)(void), size_t *ret_written)
{
    int ends[2], state = 0;
    char bytes[16];
    *ret_written = 0;
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        act();
        _exit(99);
    }
    close(ends[1]);
    for (ssize_t got = read(ends[0], bytes, sizeof(bytes)); got > 0;
         got = read(ends[0], bytes, sizeof(bytes))) {
        *ret_written += (size_t)got;
    }
    close(ends[0]);
    cr_assert_eq(waitpid(child, &state, 0), child);
    cr_assert(WIFEXITED(state), "ended by a signal");
    return WEXITSTATUS(state);
}

/* Takes memory until there is none: says once that something was denied, and goes on. */
static void use_up_memory(void)
{
    unsigned long pages = 0;
    bool said = false;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%lu", &pages) != 1) {
        _exit(97);
    }
    fclose(statm);
    const rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (16u << 20);
    const struct rlimit little = {bytes, bytes};
    setrlimit(RLIMIT_AS, &little);
    for (;;) {
        volatile char *memory = malloc(1000);
        if (memory == NULL) {
            _exit(98);
        }
        memory[0] = 1;
        if (cret_fault_noted() && !said) {
            said = true;
            (void)!write(1, "1", 1);
        }
    }
}

Test(fault, a_small_allocation_never_fails)
{
    size_t written = 0;
    if (!watched()) {
        return;
    }
    cr_assert_eq(ends_with(use_up_memory, &written), CRET_ERR_UNDECIDED);
    cr_assert_eq(written, 1, "the reserve was of no use");
}

static void end_good(void)
{
    cret_fault_begin();
    exit(1);
}
static void end_as_a_library_does(void)
{
    cret_fault_begin();
    cret_fault_note("there was not enough memory");
    fputs("REFUSED", stdout);
    exit(1);
}

Test(fault, who_ends_the_process_does_not_choose_its_code)
{
    if (!watched()) {
        return;
    }
    size_t written = 0;
    cr_assert_eq(ends_with(end_good, &written), 1);
    cr_assert_eq(ends_with(end_as_a_library_does, &written), CRET_ERR_UNDECIDED);
    cr_assert_eq(written, 0, "what nobody has seen is not shown");
}

Test(fault, no_class_but_undecided_afterwards)
{
    struct cret_err err;
    cret_fault_note("there was not enough memory");
    cr_assert_eq(cret_err_refuse(&err, CRET_CHECK_SIGNATURE_VALUE, "not by this key"), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_eq(err.check, CRET_CHECK_NONE);
    cr_assert_str_eq(err.what, "there was not enough memory; what was met then does not count: not "
                               "by this key");
    /* What is said of a refusal would mislead. */
    cret_err_hint(&err, "fetch the file again");
    cret_err_expected(&err, "another key");
    cret_err_actual(&err, "this key");
    cr_assert_null(strstr(err.hint, "fetch"));
    cr_assert_not_null(strstr(err.hint, "ulimit"));
    cr_assert_str_eq(err.expected, "");
    cr_assert_str_eq(err.actual, "");
    cret_err_usage(&err, "the policy is not well-formed");
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cret_err_set(&err, CRET_ERR_REFUSED, CRET_CHECK_SIGNATURE_VALUE, "no");
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cret_err_reclass(&err, CRET_ERR_USAGE);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_eq(cret_err_fault(&err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_str_eq(err.what, "there was not enough memory");
    cr_assert_eq(cret_err_fault(NULL), CRET_FAILED);
}

Test(fault, a_long_text_stays_whole_characters)
{
    struct cret_err err;
    char text[700];
    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i + 2 < sizeof(text); i += 2) {
        memcpy(text + i, "\xc3\xa4", 2);
    }
    text[sizeof(text) - 2] = '\0';
    cret_fault_note("there was not enough memory");
    cret_err_refuse(&err, CRET_CHECK_SIGNATURE_VALUE, "%s", text);
    cr_assert_lt(strlen(err.what), sizeof(err.what));
    cr_assert_eq((unsigned char)err.what[strlen(err.what) - 1], 0xa4);
}

Test(fault, a_class_is_changed_where_there_was_none)
{
    struct cret_err err;
    cret_err_refuse(&err, CRET_CHECK_SIGNATURE_VALUE, "no");
    cret_err_reclass(&err, CRET_ERR_USAGE);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_eq(err.check, CRET_CHECK_NONE);
    cret_err_reclass(NULL, CRET_ERR_USAGE);
}

Test(fault, the_first_one_stays)
{
    cret_fault_note("one");
    cret_fault_note("two");
    cr_assert_str_eq(cret_fault_words(), "one");
}

Test(fault, our_own_memory_error_is_one)
{
    struct cret_err err;
    cret_err_memory(&err);
    cr_assert(cret_fault_noted());
    cr_assert_str_eq(err.what, "not enough memory");
}

Test(fault, findings_are_incomplete)
{
    struct cret_findings *findings = cret_findings_new();
    cret_findings_add(findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "ok");
    cr_assert_not(cret_findings_broken(findings));
    cret_fault_note("there was not enough memory");
    cr_assert(cret_findings_broken(findings));
    cret_findings_add(findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "ok");
    cr_assert_eq(cret_findings_count(findings), 1);
    cret_findings_free(&findings);
}

/* What the system says of a file is an answer; what it could not do is none. */
Test(fault, answers_of_the_system)
{
    struct cret_err err;
    int fd = -1;
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_os_open_file(&fd, "/nowhere/at/all", &err), CRET_FAILED);
    cr_assert_eq(cret_os_open_file(&fd, "/", &err), CRET_FAILED);
    cr_assert_eq(cret_file_read(&text, &size, "/nowhere", 10, CRET_ERR_USAGE, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_not(cret_fault_noted());
}

Test(fault, no_descriptor)
{
    struct cret_err err;
    char *text = NULL;
    size_t size = 0;
    struct rlimit usual;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &usual), 0);
    const struct rlimit none = {.rlim_cur = 3, .rlim_max = usual.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    while (dup(0) >= 0) {
    }
    cr_assert_eq(cret_file_read(&text, &size, "/etc/passwd", 1 << 20, CRET_ERR_USAGE, &err),
                 CRET_FAILED);
    /* A sanitizer that looks for leaks at the end waits for ever without descriptors. */
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &usual), 0);
    cr_assert(cret_fault_noted());
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "too many open files"), "%s", err.what);
}

Test(fault, no_library)
{
    struct cret_err err;
    void *library = NULL;
    cr_assert_eq(cret_os_library_open(&library, "libnone.so.99", &err), CRET_FAILED);
    cr_assert(cret_fault_noted());
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
}

/* Whatever was being made does not get its name. */
Test(fault, nothing_is_published)
{
    struct cret_err err;
    char folder[] = "/tmp/cretula-fault-XXXXXX";
    char path[64], other[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/made", folder);
    snprintf(other, sizeof(other), "%s/other", folder);
    FILE *made = fopen(path, "w");
    cr_assert_not_null(made);
    fclose(made);
    struct cret_output *output = NULL;
    cr_assert_eq(cret_output_open(&output, other, 0644, CRET_OUTPUT_NEW, &err), CRET_OK);
    cret_fault_note("there was not enough memory");
    cr_assert_eq(cret_output_commit(&output, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_neq(access(other, F_OK), 0);
    /* What is there already can still be moved out of the way: a record that is taken back. */
    cr_assert_eq(cret_os_rename_new(path, other, &err), CRET_OK);
    cr_assert_eq(cret_os_rename(other, path, &err), CRET_OK);
    cr_assert_eq(access(path, F_OK), 0);
    cret_os_remove_tree(folder);
}
