/* SPDX-License-Identifier: Apache-2.0 */
/* Records that are none, and records that contradict themselves. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema/schema.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "evidence/record/record_read.h"

/* A record of a run with the given verdict, all core checks passed, and one check more. */
static json_t *make(enum cret_verdict verdict, enum cret_check_id more, enum cret_result result)
{
    struct cret_required required;
    struct cret_findings *findings = cret_findings_new();
    cret_required_core(&required);
    for (int id = 1; id < CRET_CHECK_COUNT; id++) {
        if (required.check[id] && id != (int)more) {
            cret_findings_add(findings, (enum cret_check_id)id, CRET_RESULT_PASS,
                              (struct cret_finding_text){0}, "good");
        }
    }
    cret_findings_add(findings, more, result, (struct cret_finding_text){0}, "more");
    static const char *const arguments[] = {"cretula-verify", "check", NULL};
    static char reason[] = "reason", approver[] = "approver", control[] = "control";
    const struct cret_waiver waiver = {.check = more,
                                       .reason = reason,
                                       .approver = approver,
                                       .control = control,
                                       .issued = 1793500000,
                                       .until = 1793700000};
    static char signers[] = "somebody";
    const struct cret_waiver_file file = {.signers = signers};
    const struct cret_record_waiver waived = {.waiver = &waiver, .file = &file};
    const struct cret_record record = {.time = 1793600000,
                                       .verification_time = 1793600000,
                                       .archive_name = "a.tar",
                                       .command = "cretula-verify",
                                       .version = "1",
                                       .arguments = arguments,
                                       .findings = findings,
                                       .waivers = &waived,
                                       .waiver_count = result == CRET_RESULT_WAIVED ? 1 : 0,
                                       .verdict = verdict};
    json_t *json = cret_record_json(&record);
    cret_findings_free(&findings);
    cr_assert_not_null(json);
    return json;
}

static enum cret_status parse(json_t *json, struct cret_record_copy *ret_copy, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_json_print(&text, &size, json, err), CRET_OK);
    const enum cret_status status = cret_record_parse(ret_copy, text, size, "test", err);
    free(text);
    json_decref(json);
    return status;
}

static void refused(json_t *json, const char *words)
{
    struct cret_record_copy copy = {0};
    struct cret_err err;
    cr_assert_neq(parse(json, &copy, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_RECORD_FORM);
    cr_assert_not_null(strstr(err.what, words), "%s", err.what);
}

static void read_back(json_t *json, bool accepts)
{
    struct cret_record_copy copy = {0};
    struct cret_err err;
    cr_assert_eq(parse(json, &copy, &err), CRET_OK, "%s (%s)", err.what, err.where);
    cr_assert_eq(cret_record_accepts(&copy), accepts);
    cret_record_copy_clear(&copy);
}

Test(record_read, what_the_writer_writes_is_read)
{
    read_back(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS), true);
    read_back(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_WARN), true);
    read_back(make(CRET_VERDICT_ACCEPTED_WITH_WAIVERS, CRET_CHECK_SBOM_FORM, CRET_RESULT_WAIVED),
              true);
    read_back(make(CRET_VERDICT_REFUSED, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL), false);
    read_back(make(CRET_VERDICT_PARTIAL, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS), false);
    read_back(make(CRET_VERDICT_UNDECIDED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS), false);
}

Test(record_read, accepted_with_a_failure)
{
    refused(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL), "contradicts");
}

Test(record_read, accepted_without_a_core_check)
{
    refused(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_NOT_CHECKED),
            "contradicts");
    refused(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_WARN), "contradicts");
}

/* What the policy required, the record's checks must answer. */
Test(record_read, accepted_without_what_the_policy_required)
{
    static const struct {
        const char *field;
        enum cret_check_id check;
    } rows[] = {{"revocation", CRET_CHECK_CERTIFICATE_REVOCATION},
                {"timestamp", CRET_CHECK_SIGNATURE_TIMESTAMP},
                {"postQuantum", CRET_CHECK_SIGNATURE_POST_QUANTUM}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int passes = 0; passes < 2; passes++) {
            json_t *json = make(CRET_VERDICT_ACCEPTED, rows[i].check,
                                passes == 1 ? CRET_RESULT_PASS : CRET_RESULT_NOT_CHECKED);
            json_t *how = json_object_get(json, "how");
            json_t *policy = json_pack("{s:s, s:[], s:s}", "kind", "anchor", "anchors",
                                       rows[i].field, "require");
            cr_assert_eq(json_object_set_new(how, "policy", policy), 0);
            if (passes == 1) {
                read_back(json, true);
            } else {
                refused(json, "contradicts");
            }
        }
    }
}

/* Whoever waived it must be named. */
Test(record_read, waived_by_nobody)
{
    json_t *json =
        make(CRET_VERDICT_ACCEPTED_WITH_WAIVERS, CRET_CHECK_SBOM_FORM, CRET_RESULT_WAIVED);
    cr_assert_eq(json_array_clear(json_object_get(json_object_get(json, "result"), "waivers")), 0);
    refused(json, "lists no waiver of sbom.form");
}

Test(record_read, accepted_with_a_waived_core_check)
{
    refused(
        make(CRET_VERDICT_ACCEPTED_WITH_WAIVERS, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_WAIVED),
        "contradicts");
}

Test(record_read, accepted_where_something_was_waived)
{
    refused(make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_WAIVED), "contradicts");
}

Test(record_read, another_exit_code)
{
    json_t *json = make(CRET_VERDICT_REFUSED, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL);
    json_object_set_new(json_object_get(json, "result"), "exitCode", json_integer(0));
    refused(json, "contradicts");
}

Test(record_read, unknown_checks_never_help)
{
    json_t *json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_array_append_new(
        json_object_get(json_object_get(json, "result"), "checks"),
        json_pack("{s:s, s:s, s:s}", "check", "future.check", "result", "FAIL", "reason", "bad"));
    refused(json, "contradicts");
}

Test(record_read, form)
{
    json_t *json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_object_set_new(json, "colour", json_string("red"));
    refused(json, "not well-formed");
    json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_object_set_new(json, "cretula", json_string("manifest/1"));
    refused(json, "not well-formed");
    json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_object_del(json, "limits");
    refused(json, "not well-formed");
}

Test(record_read, as_of_another_time_and_example_keys_do_not_accept)
{
    json_t *json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_object_set_new(json_object_get(json, "when"), "verificationTimeGiven", json_true());
    read_back(json, false);
    json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    json_object_set_new(json_object_get(json, "how"), "exampleKeysAllowed", json_true());
    read_back(json, false);
}

/* --- read back by the writer --- */

/* A record with so many files, as the writer prints it. */
static char *print_with_files(struct cret_record_file *files, size_t count, size_t *ret_size)
{
    json_t *json = make(CRET_VERDICT_ACCEPTED, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS);
    const struct cret_record record = {.files = files, .file_count = count};
    char *text = NULL;
    struct cret_err err;
    cr_assert_eq(cret_record_print(&text, ret_size, json, &record, &err), CRET_OK, "%s", err.what);
    json_decref(json);
    return text;
}

static void not_read_back(const char *text, const char *from, const char *to)
{
    struct cret_err err;
    struct cret_buffer changed = {0};
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s is not in the record", from);
    cret_buffer_append(&changed, text, (size_t)(at - text));
    cret_buffer_append(&changed, to, strlen(to));
    cret_buffer_append(&changed, at + strlen(from), strlen(at + strlen(from)));
    cret_err_clear(&err);
    cr_assert_neq(cret_record_read_back(changed.data, changed.size, &err), CRET_OK, "%s", to);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED, "%s: %s", to, err.what);
    cr_assert_not_null(strstr(err.what, "could not be read back"), "%s", err.what);
    cret_buffer_free(&changed);
}

Test(record_read, what_our_reader_does_not_take_is_not_read_back)
{
    static char first[] = "a.bin", second[] = "b/c.bin", odd[] = "\n    \"files\": [{}]";
    struct cret_record_file files[3] = {{.path = first, .role = "firmware", .size = 7},
                                        {.path = second, .role = "other", .original = odd},
                                        {.path = first, .role = "other"}};
    for (size_t count = 0; count <= 3; count++) {
        struct cret_err err;
        size_t size = 0;
        char *text = print_with_files(files, count, &size);
        cret_err_clear(&err);
        cr_assert_eq(cret_record_read_back(text, size, &err), CRET_OK, "%zu files: %s (%s)", count,
                     err.what, err.where);
        not_read_back(text, "2026-11-0", "invalid ");
        not_read_back(text, "\"name\": \"a.tar\"", "\"name\": \"\"");
        not_read_back(text, "\"record/1\"", "\"record/2\"");
        not_read_back(text, "\"files\": [", "\"filez\": [");
        not_read_back(text, "PASS", "FAIL");
        if (count > 0) {
            not_read_back(text, "a.bin", "../a.bin");
            not_read_back(text, "\"role\": \"", "\"role\": \"x");
            not_read_back(text, "\n      }", "\n      },");
            not_read_back(text, "claimed", "believed");
        }
        free(text);
    }
}

Test(record_read, texts_of_others_fit_the_reader)
{
    static const char *const texts[] = {"",         " ",        "\t",           "\n", "\xff",
                                        "\x1b[31m", "\xc2\x85", "\xe2\x80\xae", "a b"};
    char *longest = malloc(200001);
    memset(longest, 'x', 200000);
    longest[200000] = '\0';
    for (size_t i = 0; i <= sizeof(texts) / sizeof(texts[0]); i++) {
        const char *text = i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : longest;
        json_t *value = cret_json_text(text);
        cr_assert_not_null(value);
        cr_assert(cret_format_accepts(CRET_FORMAT_TEXT, json_string_value(value)), "text %zu", i);
        cr_assert_leq(json_string_length(value), 16384);
        json_decref(value);
    }
    free(longest);
}
