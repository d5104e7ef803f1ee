/* SPDX-License-Identifier: Apache-2.0 */
/* Version ranges: the specification's own tests, what canonical form refuses, which types have an
 * order. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/advisory/advisory_versions.h"
#include "release/advisory/vers.h"
#include "test_support.h"

static const char *const signs[] = {
    [CRET_EQUAL] = "=",       [CRET_NOT_EQUAL] = "!=", [CRET_LESS] = "<",
    [CRET_LESS_EQUAL] = "<=", [CRET_GREATER] = ">",    [CRET_GREATER_EQUAL] = ">="};

static const char *text_of(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static void run_parse(const json_t *test)
{
    static const char start[] = "non-canonical VERS: ";
    const char *input = text_of(test, "input"), *message = text_of(test, "expected_message");
    const json_t *wanted = json_object_get(test, "expected_output");
    struct cret_vers vers;
    const char *fault = cret_vers_read(&vers, input, false);
    if (json_is_true(json_object_get(test, "expected_failure"))) {
        cr_assert_not_null(fault, "%s", input);
        cr_expect_str_eq(fault, message + strlen(start), "%s", input);
        return;
    }
    cr_assert_null(fault, "%s: %s", input, fault);
    const json_t *list = json_object_get(wanted, "version_constraints");
    cr_assert_eq(vers.count, json_array_size(list), "%s", input);
    cr_expect_eq(strncmp(input + 5, text_of(wanted, "scheme"), vers.type_size), 0);
    for (size_t i = 0; i < vers.count; i++) {
        const json_t *one = json_array_get(list, i);
        cr_expect_str_eq(signs[vers.list[i].comparator], json_string_value(json_array_get(one, 0)));
        cr_expect_str_eq(vers.list[i].version, json_string_value(json_array_get(one, 1)));
    }
}

/* Equality and order: each pair of the texts lies as the expected list has them. */
static void run_order(const json_t *test, bool equal)
{
    const json_t *input = json_object_get(test, "input");
    const char *type = text_of(input, "input_scheme");
    const json_t *list =
        json_object_get(equal ? input : test, equal ? "versions" : "expected_output");
    const enum cret_scheme scheme = cret_version_scheme(type, strlen(type));
    for (size_t i = 0; i + 1 < json_array_size(list); i++) {
        const char *left = json_string_value(json_array_get(list, i));
        const char *right = json_string_value(json_array_get(list, i + 1));
        cr_expect_eq(cret_vers_compare(scheme, left, right),
                     equal ? CRET_VERS_SAME : CRET_VERS_LOWER, "%s %s", left, right);
        cr_expect_eq(cret_vers_compare(scheme, right, left),
                     equal ? CRET_VERS_SAME : CRET_VERS_HIGHER, "%s %s", right, left);
    }
}

static void run_containment(const json_t *test)
{
    const json_t *input = json_object_get(test, "input");
    const enum cret_fit fit =
        cret_range_fit(text_of(input, "vers"), text_of(input, "version"), NULL);
    cr_expect_eq(fit >= CRET_FIT_LIKELY, json_is_true(json_object_get(test, "expected_output")));
    cr_expect_neq(fit, CRET_FIT_OPEN);
}

Test(vers, tests_of_the_specification)
{
    static const struct {
        const char *file;
        size_t count;
    } files[] = {{"vers/datetime_version_cmp_test.json", 7},
                 {"vers/lexicographic-test.json", 8},
                 {"vers/npm_range_containment_test.json", 1},
                 {"vers/vers_canonical_parse_test.json", 12}};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t size = 0, index;
        char *text = sample_vector(files[i].file, &size);
        json_t *json = json_loadb(text, size, 0, NULL), *test;
        const json_t *tests = json_object_get(json, "tests");
        cr_assert_eq(json_array_size(tests), files[i].count, "%s", files[i].file);
        json_array_foreach(tests, index, test)
        {
            const char *type = text_of(test, "test_type");
            if (strcmp(type, "parse") == 0) {
                run_parse(test);
            } else if (strcmp(type, "containment") == 0) {
                run_containment(test);
            } else {
                run_order(test, strcmp(type, "equality") == 0);
            }
        }
        json_decref(json);
        free(text);
    }
}

/* Each is refused by one rule only. */
static const struct {
    const char *text, *fault;
} refused[] = {
    {"vers:", "type"},
    {"VERS:npm/1.0.0", "scheme"},
    {"vers:npm", "type"},
    {"vers:Npm/1.0.0", "type"},
    {"vers:1pm/1.0.0", "type"},
    {"vers:npm/", "no constraints"},
    {"vers:npm/>=", "no version"},
    {"vers:npm/==1.0.0", "comparator"},
    {"vers:npm/1.0.*", "comparator"},
    {"vers:npm/*|1.0.0", "comparator"},
    {"vers:npm/1.0.0\t", "whitespace"},
    {"vers:npm/1.0.\xc3\xa9", "printable"},
    {"vers:npm/1.0%2E0", "not canonical"},
    {"vers:npm/1.0%00", "not canonical"},
    {"vers:npm/1.0%2", "invalid percent"},
    {"vers:npm/1.0.0|1.0.0", "twice"},
    {"vers:foo/1|2|1", "twice"},
    {"vers:npm/>=1.0.0|>=2.0.0", "take turns"},
    {"vers:npm/<1.0.0|<=2.0.0", "take turns"},
    {"vers:npm/>=1.0.0|!=1.5.0|>2.0.0", "take turns"},
    {"vers:npm/1.0.0|<2.0.0", "single version"},
    {"vers:all/1.0", "all"},
    {"vers:none/1.0", "all"},
};

Test(vers, what_is_not_canonical_is_refused)
{
    struct cret_vers vers;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const char *fault = cret_vers_read(&vers, refused[i].text, false);
        cr_assert_not_null(fault, "%s", refused[i].text);
        cr_expect_not_null(strstr(fault, refused[i].fault), "%s: %s", refused[i].text, fault);
        cr_expect_eq(cret_range_fit(refused[i].text, "1.0.0", NULL), CRET_FIT_OPEN);
    }
}

static const char *const accepted[] = {
    "vers:npm/1.2.3|>=2.0.0|<5.0.0",
    "vers:gem/>=2.2.0|!=2.2.1|<2.3.0",
    "vers:pypi/0.0.0|0.0.1|0.0.2|0.0.3|1.0|2.0pre1",
    "vers:maven/>=1.0.0-beta1|<=1.7.5|>=7.0.0-M1|<=7.0.7|>=7.1.0|<=7.1.2|>=8.0.0-M1|<=8.0.1",
    "vers:npm/!=1.0.0|<2.0.0",
    "vers:deb/>=1:1.0-1|<1:2.0-1",
    "vers:foo/>=b|<a", /* nobody knows which is the later one */
    "vers:generic/1.0%20SP1",
    "vers:all/*",
    "vers:none/*",
};

Test(vers, what_is_canonical_is_read)
{
    struct cret_vers vers;
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        const char *fault = cret_vers_read(&vers, accepted[i], false);
        cr_expect_null(fault, "%s: %s", accepted[i], fault);
    }
    cr_expect_null(cret_vers_read(&vers, ">=8.1.5", true));
    cr_expect_null(cret_vers_read(&vers, ">10.9a|!=10.9c|<=10.9k", true));
    cr_expect_not_null(cret_vers_read(&vers, "all versions < 4.2.0", true));
    cr_expect_not_null(cret_vers_read(&vers, "*", true));
}

/* As many constraints as are read, and one more; a version as long as is read, and one byte more.
 */
Test(vers, lengths)
{
    static char text[8 * CRET_VERS_CONSTRAINTS + 64];
    struct cret_vers vers;
    for (size_t more = 0; more < 2; more++) {
        size_t size = (size_t)snprintf(text, sizeof(text), "vers:npm/1.0.1000");
        for (size_t i = 1; i < CRET_VERS_CONSTRAINTS + more; i++) {
            size += (size_t)snprintf(text + size, sizeof(text) - size, "|%zu.0.0", 1 + i);
        }
        cr_expect_eq(cret_vers_read(&vers, text, false), more == 0 ? NULL : cret_vers_too_long);
    }
    for (size_t more = 0; more < 2; more++) {
        snprintf(text, sizeof(text), "vers:npm/%0*d", (int)(CRET_VERS_VERSION - 1 + more), 1);
        cr_expect_eq(cret_vers_read(&vers, text, false), more == 0 ? NULL : cret_vers_too_long);
    }
}

/* How a version lies to a range, where our package URL is of a type. */
static const struct {
    const char *range, *version, *type;
    enum cret_fit fit;
} contained[] = {
    {"vers:lexicographic/>=10", "4.2.0", NULL, CRET_FIT_OPEN},
    {"vers:none/*", "4.2.0", NULL, CRET_FIT_OTHER},
    {"vers:none/x", "4.2.0", NULL, CRET_FIT_OPEN},
    {"vers:all/*", "4.2.0", NULL, CRET_FIT_SURE},
    {"vers:foo/*", "4.2.0", NULL, CRET_FIT_SURE},
    /* A type that is not known: never outside, never inside. */
    {"vers:foo/<1.0", "4.2.0", NULL, CRET_FIT_OPEN},
    {"vers:foo/>=1.0", "4.2.0", NULL, CRET_FIT_OPEN},
    {"vers:foo/4.2.0", "4.2.0", NULL, CRET_FIT_LIKELY},
    {"vers:cpan/<1.10", "1.9", NULL, CRET_FIT_OPEN},
    /* generic: where there is nothing but numbers. */
    {"vers:generic/<1.0", "4.2.0", NULL, CRET_FIT_OTHER},
    {"vers:generic/<1.0", "4.2.0-rc1", NULL, CRET_FIT_OPEN},
    {"vers:generic/<1.0-rc1", "4.2.0", NULL, CRET_FIT_OPEN},
    {"vers:generic/>=1.0|<5", "4.2.0", NULL, CRET_FIT_LIKELY},
    {"vers:intdot/>=1.2|<2.0", "1.5.0", NULL, CRET_FIT_LIKELY},
    {"vers:intdot/>=1.2|<2.0", "2.0", NULL, CRET_FIT_OTHER},
    {"vers:intdot/>=1.2|<2.0", "1.10", NULL, CRET_FIT_LIKELY},
    /* Not canonical: could mean anything. */
    {"vers:generic/>= 1.0", "0.9", NULL, CRET_FIT_OPEN},
    {"vers:generic/>=2.0,<3.0", "1.0", NULL, CRET_FIT_OPEN},
    {"vers:npm/>=2.0.0|>=3.0.0", "1.0.0", NULL, CRET_FIT_OPEN},
    {">= 2.0, < 3.0", "1.0", NULL, CRET_FIT_OTHER},
    /* Only single versions that are excluded: all others are in. */
    {"vers:npm/!=1.0.0", "1.0.0", NULL, CRET_FIT_OTHER},
    {"vers:npm/!=1.0.0", "1.0.1", NULL, CRET_FIT_LIKELY},
    {"vers:npm/!=1.0.0|2.0.0", "3.0.0", NULL, CRET_FIT_OTHER},
    {"vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.5.0", NULL, CRET_FIT_OTHER},
    {"vers:npm/<1.0.0|>=2.0.0", "0.1.0", NULL, CRET_FIT_LIKELY},
    {"vers:npm/<1.0.0|>=2.0.0", "1.5.0", NULL, CRET_FIT_OTHER},
    {"vers:npm/<1.0.0|>=2.0.0", "9.5.0", NULL, CRET_FIT_LIKELY},
    {"vers:semver/<1.2.0", "1.2.0-rc.1", NULL, CRET_FIT_LIKELY},
    {"vers:maven/<2.0", "1.9", NULL, CRET_FIT_LIKELY},
    {"vers:maven/<2.0-M1", "2.0-M2", NULL, CRET_FIT_OPEN},
    {"vers:deb/<1:1.0-1", "9.0-1", "deb", CRET_FIT_LIKELY},
    {"vers:deb/<1:1.0-1", "9.0-1", NULL, CRET_FIT_OPEN},
    {"vers:rpm/<1.0-10.el9", "1.0-9.el9", "rpm", CRET_FIT_LIKELY},
    {"vers:pypi/<2.0", "2.0rc1", "pypi", CRET_FIT_LIKELY},
    {"vers:pypi/<2.0", "2.0.post1", "pypi", CRET_FIT_OTHER},
    {"vers:pypi/<2.0", "2.0+local", "pypi", CRET_FIT_OPEN},
    {"vers:pypi/<2.0", "1!2.0", "pypi", CRET_FIT_OTHER},
    {"vers:pypi/<1%211.0", "2.0", "pypi", CRET_FIT_LIKELY},
    {"vers:pypi/<1%211.0", "2.0", NULL, CRET_FIT_OPEN},
    {"vers:datetime/<2026-01-01T00:00:00Z", "2026-01-01T00:30:00+01:00", NULL, CRET_FIT_LIKELY},
    {"vers:datetime/<2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", NULL, CRET_FIT_OTHER},
    {"vers:datetime/<2026-01-01T00:00:00Z", "4.2.0", NULL, CRET_FIT_OPEN},
    /* What stands for no version is no word to be ordered. */
    {"vers:deb/<3.0-1", "NOASSERTION", "deb", CRET_FIT_OPEN},
    {"vers:deb/<3.0-1", "unknown", "deb", CRET_FIT_OPEN},
    {"vers:rpm/>=3.0-1", "NOASSERTION", "rpm", CRET_FIT_OPEN},
    {"vers:deb/!=3.0-1", "NOASSERTION", "deb", CRET_FIT_OPEN},
    {"vers:deb/3.0-1", "NOASSERTION", "deb", CRET_FIT_OPEN},
    {"vers:deb/*", "NOASSERTION", "deb", CRET_FIT_SURE},
};

Test(vers, containment)
{
    for (size_t i = 0; i < sizeof(contained) / sizeof(contained[0]); i++) {
        const enum cret_fit fit =
            cret_range_fit(contained[i].range, contained[i].version, contained[i].type);
        cr_expect_eq(fit, contained[i].fit, "%s, %s: %d", contained[i].range, contained[i].version,
                     (int)fit);
    }
}

/* PEP 440, ascending. */
Test(vers, order_of_python_packages)
{
    static const char *const ascending[] = {"1.0.dev1", "1.0a1.dev1", "1.0a1",        "1.0-alpha.2",
                                            "1.0b1",    "1.0rc1",     "1.0",          "1.0.post1",
                                            "1.0-2",    "1.0.1.dev1", "1.0.1",        "1.10",
                                            "2!0.1",    "3!0.1.dev1", "3!0.1.a0.dev2"};
    const size_t count = sizeof(ascending) / sizeof(ascending[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const enum cret_vers_relation wanted = i < j   ? CRET_VERS_LOWER
                                                   : i > j ? CRET_VERS_HIGHER
                                                           : CRET_VERS_SAME;
            cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, ascending[i], ascending[j]), wanted,
                         "%s %s", ascending[i], ascending[j]);
        }
    }
    cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, "1.0", "v1.0.0"), CRET_VERS_SAME);
    cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, "1.0c1", "1.0RC1"), CRET_VERS_SAME);
    cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, "1.0x", "1.0"), CRET_VERS_UNSURE);
    cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, "1.0+a", "1.0+b"), CRET_VERS_UNSURE);
    cr_expect_eq(cret_vers_compare(CRET_SCHEME_PYPI, "1234567890123456789", "1"), CRET_VERS_UNSURE);
}
