/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of Criterion's interface as the unit tests use, for machines that have no Criterion (it
 * knows few processors): each test in a process of its own, by fork alone, so that an emulator
 * without help of the kernel runs it. The options are --filter GLOB, --list, and --verbose (names
 * before they run); the exit code is 1 where a test failed.
 */
#ifndef CRETULA_PORTABLE_CRITERION_H
#define CRETULA_PORTABLE_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct portable_options {
    void (*init)(void);
    void (*fini)(void);
    int begin;      /* nothing: an initializer must not be empty */
    double timeout; /* seconds; an emulator is too slow for it: not looked at */
};

struct portable_test {
    const char *suite, *name;
    void (*run)(void);
    struct portable_options options;
    struct portable_test *next;
};

/* Adds a test, or with no `run` the options of its suite. */
void portable_add(struct portable_test *test);
/* A failed comparison: says where, and ends the test where it was asserted. */
void portable_failed(bool ends, const char *file, int line, const char *what);
/* The words that a test adds to a failed comparison. */
void portable_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Ends the test as skipped. */
_Noreturn void portable_skip(void);

#define PORTABLE_ADD(suite_, name_, function, ...)                                                 \
    __attribute__((constructor)) static void portable_add_##suite_##_##name_(void)                 \
    {                                                                                              \
        static struct portable_test test = {.suite = #suite_, .name = #name_, .run = function};    \
        test.options = (struct portable_options){.begin = 0, __VA_ARGS__};                         \
        portable_add(&test);                                                                       \
    }

#define Test(suite_, name_, ...)                                                                   \
    static void suite_##_##name_##_test(void);                                                     \
    PORTABLE_ADD(suite_, name_, suite_##_##name_##_test, __VA_ARGS__)                              \
    static void suite_##_##name_##_test(void)
#define TestSuite(suite_, ...) PORTABLE_ADD(suite_, the_suite_itself, NULL, __VA_ARGS__)

#define PORTABLE_CHECK(ends, condition, what, ...)                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            portable_say(" " __VA_ARGS__);                                                         \
            portable_failed(ends, __FILE__, __LINE__, what);                                       \
        }                                                                                          \
    } while (0)

#define PORTABLE_OP(ends, a, op, b, ...)                                                           \
    PORTABLE_CHECK(ends, (a)op(b), #a " " #op " " #b, __VA_ARGS__)
#define PORTABLE_STR(ends, a, op, b, ...)                                                          \
    PORTABLE_CHECK(ends, strcmp((a), (b)) op 0, #a " " #op " " #b, __VA_ARGS__)
#define PORTABLE_ARR(ends, a, op, b, n, ...)                                                       \
    PORTABLE_CHECK(ends, memcmp((a), (b), (n)) op 0, #a " " #op " " #b, __VA_ARGS__)

#define cr_assert(a, ...) PORTABLE_CHECK(true, (a), #a, __VA_ARGS__)
#define cr_expect(a, ...) PORTABLE_CHECK(false, (a), #a, __VA_ARGS__)
#define cr_assert_not(a, ...) PORTABLE_CHECK(true, !(a), "not " #a, __VA_ARGS__)
#define cr_expect_not(a, ...) PORTABLE_CHECK(false, !(a), "not " #a, __VA_ARGS__)
#define cr_assert_null(a, ...) PORTABLE_CHECK(true, (a) == NULL, #a " is NULL", __VA_ARGS__)
#define cr_expect_null(a, ...) PORTABLE_CHECK(false, (a) == NULL, #a " is NULL", __VA_ARGS__)
#define cr_assert_not_null(a, ...) PORTABLE_CHECK(true, (a) != NULL, #a " is not NULL", __VA_ARGS__)
#define cr_expect_not_null(a, ...)                                                                 \
    PORTABLE_CHECK(false, (a) != NULL, #a " is not NULL", __VA_ARGS__)
#define cr_assert_eq(a, b, ...) PORTABLE_OP(true, a, ==, b, __VA_ARGS__)
#define cr_expect_eq(a, b, ...) PORTABLE_OP(false, a, ==, b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) PORTABLE_OP(true, a, !=, b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) PORTABLE_OP(false, a, !=, b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) PORTABLE_OP(true, a, >, b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) PORTABLE_OP(false, a, >, b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PORTABLE_OP(true, a, >=, b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PORTABLE_OP(false, a, >=, b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) PORTABLE_OP(true, a, <, b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) PORTABLE_OP(false, a, <, b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) PORTABLE_OP(true, a, <=, b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) PORTABLE_OP(false, a, <=, b, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) PORTABLE_STR(true, a, ==, b, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) PORTABLE_STR(false, a, ==, b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) PORTABLE_STR(true, a, !=, b, __VA_ARGS__)
#define cr_expect_str_neq(a, b, ...) PORTABLE_STR(false, a, !=, b, __VA_ARGS__)
#define cr_expect_str_empty(a, ...)                                                                \
    PORTABLE_CHECK(false, (a)[0] == '\0', #a " is empty", __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...) PORTABLE_ARR(true, a, ==, b, n, __VA_ARGS__)
#define cr_expect_arr_eq(a, b, n, ...) PORTABLE_ARR(false, a, ==, b, n, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, n, ...) PORTABLE_ARR(true, a, !=, b, n, __VA_ARGS__)
#define cr_assert_fail(...) PORTABLE_CHECK(true, false, "fails", __VA_ARGS__)
#define cr_expect_fail(...) PORTABLE_CHECK(false, false, "fails", __VA_ARGS__)
#define cr_log_info(...) portable_say(__VA_ARGS__)
#define cr_log_warn(...) portable_say(__VA_ARGS__)
#define cr_log_error(...) portable_say(__VA_ARGS__)
#define cr_skip_test(...)                                                                          \
    do {                                                                                           \
        portable_say(" " __VA_ARGS__);                                                             \
        portable_skip();                                                                           \
    } while (0)
#define cr_skip(...) cr_skip_test(__VA_ARGS__)

#endif
