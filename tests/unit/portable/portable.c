/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the unit tests where there is no Criterion: each in a child, one after another, and says
 * which failed.
 */
#include <criterion/criterion.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77

static struct portable_test *tests;
static bool failed;

void portable_add(struct portable_test *test)
{
    test->next = tests;
    tests = test;
}

void portable_say(const char *format, ...)
{
    if (strcmp(format, " ") != 0) {
        va_list arguments;
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
    }
}

void portable_failed(bool ends, const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    failed = true;
    if (ends) {
        _exit(1);
    }
}

_Noreturn void portable_skip(void)
{
    _exit(SKIPPED);
}

/* The options of the suite, where a test has none of its own. */
static struct portable_options options_of(const struct portable_test *test)
{
    struct portable_options found = test->options;
    for (const struct portable_test *suite = tests; suite != NULL; suite = suite->next) {
        if (suite->run == NULL && strcmp(suite->suite, test->suite) == 0) {
            found.init = found.init != NULL ? found.init : suite->options.init;
            found.fini = found.fini != NULL ? found.fini : suite->options.fini;
        }
    }
    return found;
}

/* 0 passed, SKIPPED, or anything else. */
static int run(const struct portable_test *test)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const struct portable_options options = options_of(test);
        if (options.init != NULL) {
            options.init();
        }
        test->run();
        if (options.fini != NULL) {
            options.fini();
        }
        fflush(NULL);
        _exit(failed ? 1 : 0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        fprintf(stderr, "%s/%s died of signal %d\n", test->suite, test->name, WTERMSIG(status));
        return 1;
    }
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    const char *filter = "*";
    bool list = false, verbose = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
            filter = argv[++i];
        } else if (strcmp(argv[i], "--list") == 0) {
            list = true;
        } else if (strcmp(argv[i], "--verbose") == 0) {
            verbose = true;
        }
    }
    unsigned count = 0, bad = 0, skipped = 0;
    for (const struct portable_test *test = tests; test != NULL; test = test->next) {
        char name[256];
        snprintf(name, sizeof(name), "%s/%s", test->suite, test->name);
        if (test->run == NULL || fnmatch(filter, name, 0) != 0) {
            continue;
        }
        count++;
        if (list) {
            puts(name);
            continue;
        }
        if (verbose) {
            fprintf(stderr, "%s\n", name);
        }
        const int result = run(test);
        skipped += result == SKIPPED ? 1 : 0;
        if (result != 0) {
            bad += result != SKIPPED ? 1 : 0;
            printf("%s: %s\n", result == SKIPPED ? "SKIPPED" : "FAILED", name);
        }
    }
    printf("%u tests, %u failed, %u skipped\n", count, bad, skipped);
    return bad > 0 || count == 0 ? 1 : 0;
}
