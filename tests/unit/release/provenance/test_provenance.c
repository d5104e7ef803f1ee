/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of attestations: what it takes, every text that it refuses, and how subjects are held
 * to files. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "release/provenance/provenance.h"
#include "release/provenance/provenance_tail.h"

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define THIRD "00112233445566778899aabbccddeeff00112233445566778899aabbccddee00"
#define CAPITALS "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"
#define TYPE "\"_type\": \"https://in-toto.io/Statement/v1\""
#define SUBJECT "\"subject\": [{\"name\": \"a.bin\", \"digest\": {\"sha256\": \"" DIGEST "\"}}]"
#define KIND "\"predicateType\": \"https://slsa.dev/provenance/v1\""
#define BUILT(builder, type)                                                                       \
    "\"predicate\": {\"buildDefinition\": {" type "}, \"runDetails\": {\"builder\": {" builder "}" \
    "}"                                                                                            \
    "}"
#define PREDICATE BUILT("\"id\": \"https://b.example/\"", "\"buildType\": \"https://t.example/\"")
#define STATEMENT "{" TYPE ", " SUBJECT ", " KIND ", " PREDICATE "}"
#define PAYLOAD_TYPE "\"payloadType\": \"application/vnd.in-toto+json\""

static enum cret_status read_text(struct cret_provenance **ret_provenance, const char *text,
                                  struct cret_err *err)
{
    cret_err_clear(err);
    return cret_provenance_read(ret_provenance, text, strlen(text), err);
}

/* {payload of the statement, and these members}; the caller frees. */
static char *envelope(const char *statement, const char *members)
{
    char *payload = NULL;
    cr_assert_eq(cret_base64_encode(&payload, (const uint8_t *)statement, strlen(statement)),
                 CRET_OK);
    char *text = cret_text_printf("{\"payload\": \"%s\", %s}", payload, members);
    free(payload);
    cr_assert_not_null(text);
    return text;
}

static void refused(const char *why, const char *text, const char *says, const char *where)
{
    struct cret_provenance *provenance = NULL;
    struct cret_err err;
    cr_expect_eq(read_text(&provenance, text, &err), CRET_FAILED, "%s", why);
    cr_expect_null(provenance, "%s", why);
    cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: %s", why, err.what);
    cr_expect_eq(err.check, CRET_CHECK_PROVENANCE_FORM, "%s: %s", why, err.what);
    cr_expect_not_null(strstr(err.what, says), "%s: %s", why, err.what);
    cr_expect(where == NULL || strcmp(err.where, where) == 0, "%s: %s", why, err.where);
    cret_provenance_free(&provenance);
}

struct text_row {
    const char *why, *text, *says, *where;
};

Test(provenance, envelopes_that_are_refused)
{
    static const struct text_row rows[] = {
        {"nothing", "", "empty", NULL},
        {"a list", "[]", "something else than an in-toto statement", "#/payloadType"},
        {"no type", "{\"payload\": \"e30=\", \"signatures\": []}", "something else",
         "#/payloadType"},
        {"the type in capitals",
         "{\"payload\": \"e30=\", \"payloadType\": \"Application/vnd.in-toto+json\", "
         "\"signatures\": []}",
         "something else", "#/payloadType"},
        {"no payload", "{" PAYLOAD_TYPE ", \"signatures\": []}", "not base64", "#/payload"},
        {"an empty payload", "{\"payload\": \"\", " PAYLOAD_TYPE ", \"signatures\": []}",
         "not base64", "#/payload"},
        {"no padding", "{\"payload\": \"e30\", " PAYLOAD_TYPE ", \"signatures\": []}", "not base64",
         "#/payload"},
        {"padding alone", "{\"payload\": \"====\", " PAYLOAD_TYPE ", \"signatures\": []}",
         "not base64", "#/payload"},
        {"bits that no byte uses", "{\"payload\": \"e31=\", " PAYLOAD_TYPE ", \"signatures\": []}",
         "not base64", "#/payload"},
        {"a blank", "{\"payload\": \"e3 0\", " PAYLOAD_TYPE ", \"signatures\": []}", "not base64",
         "#/payload"},
        {"a line break", "{\"payload\": \"e30=\\n\", " PAYLOAD_TYPE ", \"signatures\": []}",
         "not base64", "#/payload"},
        {"both alphabets", "{\"payload\": \"-_+/\", " PAYLOAD_TYPE ", \"signatures\": []}",
         "not base64", "#/payload"},
        {"no signatures", "{\"payload\": \"e30=\", " PAYLOAD_TYPE "}", "no list", "#/signatures"},
        {"signatures as an object", "{\"payload\": \"e30=\", " PAYLOAD_TYPE ", \"signatures\": {}}",
         "no list", "#/signatures"},
        {"nine of them",
         "{\"payload\": \"e30=\", " PAYLOAD_TYPE ", \"signatures\": [1,2,3,4,5,6,7,8,9]}",
         "too many", "#/signatures"},
        {"one without a value",
         "{\"payload\": \"e30=\", " PAYLOAD_TYPE ", \"signatures\": [{\"keyid\": \"x\"}]}",
         "not base64", "#/signatures/0/sig"},
        {"the second is none",
         "{\"payload\": \"e30=\", " PAYLOAD_TYPE ", \"signatures\": [{\"sig\": \"AA==\"}, 7]}",
         "not base64", "#/signatures/1/sig"},
        {"a member twice", "{\"payload\": \"e30=\", \"payload\": \"e30=\"}", "duplicate", NULL},
        {"a member twice, once escaped", "{\"payload\": \"e30=\", \"p\\u0061yload\": \"e30=\"}",
         "duplicate", NULL},
        {"two texts", "{}\n{}", "", NULL},
        {"a payload that is no JSON",
         "{\"payload\": \"AAAA\", " PAYLOAD_TYPE ", \"signatures\": []}", "", NULL},
        {"envelope and statement",
         "{\"payload\": \"e30=\", " PAYLOAD_TYPE ", \"signatures\": [], " TYPE "}",
         "more than one statement", "#"},
        {"bundle and statement", "{\"dsseEnvelope\": {}, " TYPE "}", "more than one statement",
         "#"},
        {"bundle and envelope", "{\"dsseEnvelope\": null, \"payload\": \"e30=\"}",
         "more than one statement", "#"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        refused(rows[i].why, rows[i].text, rows[i].says, rows[i].where);
    }
}

Test(provenance, statements_that_are_refused)
{
    static const struct text_row rows[] = {
        {"another type", "{\"_type\": \"https://in-toto.io/Statement/v2\"}", "no in-toto statement",
         "#/_type"},
        {"a type that is no text", "{\"_type\": 1}", "no in-toto statement", "#/_type"},
        {"no predicate", "{" TYPE ", " SUBJECT "}", "does not say what it states",
         "#/predicateType"},
        {"no builder", "{" TYPE ", " SUBJECT ", " KIND "}", "which builder",
         "#/predicate/runDetails/builder/id"},
        {"a builder in one word with dots",
         "{" TYPE ", " SUBJECT ", " KIND ", \"predicate\": {\"runDetails.builder.id\": \"x\"}}",
         "which builder", "#/predicate/runDetails/builder/id"},
        {"no type of build", "{" TYPE ", " SUBJECT ", " KIND ", " BUILT("\"id\": \"x\"", "") "}",
         "how the build was described", "#/predicate/buildDefinition/buildType"},
        {"an empty builder",
         "{" TYPE ", " SUBJECT ", " KIND ", " BUILT("\"id\": \"\"", "\"buildType\": \"t\"") "}",
         "no URI", "#/predicate/runDetails/builder/id"},
        {"a builder that says its level and its signer",
         "{" TYPE ", " SUBJECT ", " KIND
         ", " BUILT("\"id\": \"https://b.example/ (SLSA build level 3), as NSA signed\"",
                    "\"buildType\": \"t\"") "}",
         "no URI", "#/predicate/runDetails/builder/id"},
        {"a builder with a line break",
         "{" TYPE ", " SUBJECT ", " KIND
         ", " BUILT("\"id\": \"https://b.example/\\nx\"", "\"buildType\": \"t\"") "}",
         "no URI", "#/predicate/runDetails/builder/id"},
        {"a builder with letters that look like others",
         "{" TYPE ", " SUBJECT ", " KIND
         ", " BUILT("\"id\": \"https://b.ex\xd0\xb0mple/\"", "\"buildType\": \"t\"") "}",
         "no URI", "#/predicate/runDetails/builder/id"},
        {"a type of build with a blank",
         "{" TYPE ", " SUBJECT ", " KIND ", " BUILT("\"id\": \"x\"", "\"buildType\": \"a b\"") "}",
         "no URI", "#/predicate/buildDefinition/buildType"},
        {"no subjects", "{" TYPE ", " KIND ", " PREDICATE "}", "about nothing", "#/subject"},
        {"an empty list", "{" TYPE ", \"subject\": [], " KIND ", " PREDICATE "}", "about nothing",
         "#/subject"},
        {"an object", "{" TYPE ", \"subject\": {\"name\": \"a\"}, " KIND ", " PREDICATE "}",
         "about nothing", "#/subject"},
        {"a subject without a digest",
         "{" TYPE ", \"subject\": [{\"name\": \"a\"}], " KIND ", " PREDICATE "}", "no digest",
         "#/subject/0/digest"},
        {"a subject with none of several",
         "{" TYPE ", \"subject\": [{\"name\": \"a\", \"digest\": {}}], " KIND ", " PREDICATE "}",
         "no digest", "#/subject/0/digest"},
        {"a digest in capitals",
         "{" TYPE ", \"subject\": [{\"digest\": {\"sha256\": \"" CAPITALS "\"}}], " KIND
         ", " PREDICATE "}",
         "not in form", "#/subject/0/digest"},
        {"a digest of null",
         "{" TYPE ", \"subject\": [{\"digest\": {\"sha256\": null}}], " KIND ", " PREDICATE "}",
         "not in form", "#/subject/0/digest"},
        {"a name twice",
         "{" TYPE ", \"subject\": [{\"name\": \"a\", \"digest\": {\"sha256\": \"" DIGEST
         "\"}}, {\"name\": \"a\", \"digest\": {\"sha256\": \"" OTHER "\"}}], " KIND ", " PREDICATE
         "}",
         "the same name", "#/subject"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *signed_text = envelope(rows[i].text, PAYLOAD_TYPE ", \"signatures\": []");
        refused(rows[i].why, rows[i].text, rows[i].says, rows[i].where);
        refused(rows[i].why, signed_text, rows[i].says, rows[i].where);
        free(signed_text);
    }
}

Test(provenance, a_builder_has_a_longest_id)
{
    for (int size = 2000; size <= 2001; size++) {
        char *text = cret_text_printf("{" TYPE ", " SUBJECT ", " KIND
                                      ", " BUILT("\"id\": \"%0*d\"", "\"buildType\": \"t\"") "}",
                                      size, 0);
        struct cret_provenance *provenance = NULL;
        struct cret_err err;
        cr_assert_not_null(text);
        cr_expect_eq(read_text(&provenance, text, &err), size == 2000 ? CRET_OK : CRET_FAILED);
        cret_provenance_free(&provenance);
        free(text);
    }
}

Test(provenance, what_is_signed_is_type_and_payload)
{
    char *inner = envelope(STATEMENT, PAYLOAD_TYPE ", \"signatures\": [{\"sig\": \"AQI=\", "
                                                   "\"keyid\": \"k\"}, {\"sig\": \"-_-_\"}]");
    char *bundle = cret_text_printf("{\"dsseEnvelope\": %s}", inner);
    char *expected = cret_text_printf("DSSEv1 28 application/vnd.in-toto+json %zu %s",
                                      strlen(STATEMENT), STATEMENT);
    const char *const texts[] = {inner, bundle};
    for (size_t i = 0; i < 2; i++) {
        struct cret_provenance *provenance = NULL;
        struct cret_err err;
        cr_assert_eq(read_text(&provenance, texts[i], &err), CRET_OK, "%s", err.what);
        cr_assert_eq(provenance->message_size, strlen(expected));
        cr_expect_eq(memcmp(provenance->message, expected, strlen(expected)), 0);
        cr_assert_eq(provenance->signature_count, 2);
        cr_expect_eq(provenance->signatures[0].size, 2);
        cr_expect_str_eq(provenance->signatures[0].keyid, "k");
        cr_expect_eq(memcmp(provenance->signatures[1].value, "\xfb\xff\xbf", 3), 0);
        cr_expect_null(provenance->signatures[1].keyid);
        cr_expect_str_eq(provenance->builder, "https://b.example/");
        cr_expect_str_eq(provenance->build_type, "https://t.example/");
        cret_provenance_free(&provenance);
    }
    free(inner);
    free(bundle);
    free(expected);
}

Test(provenance, a_bare_statement_is_unsigned)
{
    struct cret_provenance *provenance = NULL;
    struct cret_err err;
    cr_assert_eq(read_text(&provenance, STATEMENT, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(provenance->signature_count, 0);
    cr_expect_null(provenance->message);
    cr_expect(cret_provenance_is_slsa(provenance));
    cret_provenance_free(&provenance);
    cr_assert_eq(read_text(&provenance,
                           "{" TYPE ", " SUBJECT ", \"predicateType\": \"https://x.example\"}",
                           &err),
                 CRET_OK, "%s", err.what);
    cr_expect_not(cret_provenance_is_slsa(provenance));
    cr_expect_null(provenance->builder, "nothing is taken from what is not known");
    cret_provenance_free(&provenance);
}

struct match_row {
    const char *why, *subjects;
    size_t matched;
    enum cret_result result;
    const char *named; /* one digit a file: a.bin, b.bin */
};

/* a.bin has DIGEST, b.bin has OTHER. */
static void match_in(const struct match_row *row, const char *first, const char *second)
{
    struct cret_entry entries[2] = {{.path = (char *)(uintptr_t)first},
                                    {.path = (char *)(uintptr_t)second}};
    const struct cret_manifest manifest = {.entries = entries, .file_count = 2};
    struct cret_findings *findings = cret_findings_new();
    struct cret_provenance *provenance = NULL;
    bool named[2] = {false, false};
    size_t matched = 99;
    struct cret_err err;
    cr_assert_eq(cret_hex_decode(entries[0].sha256, 32, DIGEST), CRET_OK);
    cr_assert_eq(cret_hex_decode(entries[1].sha256, 32, OTHER), CRET_OK);
    char *text =
        cret_text_printf("{" TYPE ", \"subject\": [%s], " KIND ", " PREDICATE "}", row->subjects);
    cr_assert_eq(read_text(&provenance, text, &err), CRET_OK, "%s: %s", row->why, err.what);
    cr_assert_eq(
        cret_provenance_match(provenance, &manifest, "p.json", named, &matched, findings, &err),
        CRET_OK);
    cr_expect_eq(matched, row->matched, "%s: %zu", row->why, matched);
    cr_assert(cret_findings_count(findings) > 0, "%s", row->why);
    cr_expect_eq(cret_findings_at(findings, 0)->result, row->result, "%s", row->why);
    cr_expect_eq(cret_findings_at(findings, 0)->check, CRET_CHECK_PROVENANCE_SUBJECT);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(named[i], row->named[i] == '1', "%s: file %zu", row->why, i);
    }
    cret_provenance_free(&provenance);
    cret_findings_free(&findings);
    free(text);
}

#define OF(name, digest) "{\"name\": \"" name "\", \"digest\": {\"sha256\": \"" digest "\"}}"

Test(provenance, subjects_are_files_by_digest_and_never_by_name_alone)
{
    static const struct match_row rows[] = {
        {"both", OF("a.bin", DIGEST) ", " OF("b.bin", OTHER), 2, CRET_RESULT_PASS, "11"},
        {"by another path", OF("out/x", DIGEST), 1, CRET_RESULT_PASS, "10"},
        {"without a name", "{\"digest\": {\"sha256\": \"" DIGEST "\"}}", 1, CRET_RESULT_PASS, "10"},
        {"places changed", OF("a.bin", OTHER) ", " OF("b.bin", DIGEST), 0, CRET_RESULT_FAIL, "00"},
        {"one name with the bytes of the other file", OF("a.bin", OTHER) ", " OF("x", DIGEST), 1,
         CRET_RESULT_FAIL, "10"},
        {"places changed, in another folder", OF("out/a.bin", OTHER) ", " OF("out/b.bin", DIGEST),
         0, CRET_RESULT_FAIL, "00"},
        {"written otherwise", OF("C:\\\\Out\\\\A.BIN", OTHER), 0, CRET_RESULT_FAIL, "00"},
        {"with a dot", OF(".//a.bin/.", OTHER), 0, CRET_RESULT_FAIL, "00"},
        {"the rest of a name is no segment", OF("out/aa.bin", OTHER), 1, CRET_RESULT_PASS, "01"},
        {"a file that another subject is, by a name that fits as well",
         OF("one/a.bin", DIGEST) ", " OF("two/a.bin", OTHER), 2, CRET_RESULT_PASS, "11"},
        {"another variant of it, which is not here",
         OF("one/a.bin", DIGEST) ", " OF("two/a.bin", THIRD), 1, CRET_RESULT_PASS, "10"},
        {"another subject is it, by a name that does not fit",
         OF("x", DIGEST) ", " OF("two/a.bin", THIRD), 1, CRET_RESULT_FAIL, "10"},
        {"an old build, beside a file that is right",
         OF("out/a.bin", THIRD) ", " OF("out/b.bin", OTHER), 1, CRET_RESULT_FAIL, "01"},
        {"the whole path is the file, whoever else is",
         OF("a.bin", THIRD) ", " OF("out/a.bin", DIGEST), 1, CRET_RESULT_FAIL, "10"},
        {"none of these", OF("x", THIRD), 0, CRET_RESULT_FAIL, "00"},
        {"SHA-512 alone", "{\"name\": \"a.bin\", \"digest\": {\"sha512\": \"00\"}}", 0,
         CRET_RESULT_NOT_CHECKED, "00"},
        {"the name of the digest in capitals",
         "{\"name\": \"a.bin\", \"digest\": {\"SHA256\": \"" DIGEST "\"}}", 0,
         CRET_RESULT_NOT_CHECKED, "00"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        match_in(&rows[i], "a.bin", "b.bin");
    }
}

/* The longest tail decides, not the last segment alone. */
Test(provenance, names_are_compared_from_their_end)
{
    static const struct match_row rows[] = {
        {"each in its place", OF("out/one/a.bin", DIGEST) ", " OF("out/two/a.bin", OTHER), 2,
         CRET_RESULT_PASS, "11"},
        {"folders changed places", OF("out/one/a.bin", OTHER) ", " OF("out/two/a.bin", DIGEST), 0,
         CRET_RESULT_FAIL, "00"},
        {"one of them", OF("out/one/a.bin", DIGEST) ", " OF("out/two/a.bin", DIGEST), 1,
         CRET_RESULT_FAIL, "10"},
        {"either could be meant", OF("x/a.bin", OTHER) ", " OF("y/a.bin", DIGEST), 2,
         CRET_RESULT_PASS, "11"},
        {"a name that could be either, and is neither",
         OF("x/a.bin", THIRD) ", " OF("out/one/a.bin", DIGEST), 1, CRET_RESULT_FAIL, "10"},
        {"neither, and both are others",
         OF("x/a.bin", THIRD) ", " OF("one/a.bin", DIGEST) ", " OF("two/a.bin", OTHER), 2,
         CRET_RESULT_PASS, "11"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        match_in(&rows[i], "firmware/one/a.bin", "firmware/two/a.bin");
    }
}

/* Found by order as one by one, and copies without end are a fault instead of a day's work. */
Test(provenance, tails_of_many_files)
{
    enum { FILES = 5000, SUBJECTS = 5000 };
    static struct cret_entry entries[FILES];
    static const struct cret_entry *list[FILES];
    static char paths[FILES][40];
    struct cret_tails tails = {list, FILES};
    for (size_t i = 0; i < FILES; i++) {
        snprintf(paths[i], sizeof(paths[i]), "%c/%zu/%c/f%zu", (int)('a' + i % 3), i % 7,
                 (int)(i % 2 == 0 ? 'X' : 'y'), i % 11);
        entries[i].path = paths[i];
        list[i] = &entries[i];
    }
    cret_tails_sort(&tails);
    static const char *const names[] = {
        "b/3/x/f7", "Z/3/Y/F7", "f10", "9/x/f2", "f11", "", "/", "q/../a/0/x/f0", "c\\6\\y\\f9"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t first, end, most = 0, count = 0;
        for (size_t j = 0; j < FILES; j++) {
            const size_t common = cret_tail_common(names[i], paths[j]);
            count = common > most ? 1 : count + (common == most ? 1u : 0u);
            most = common > most ? common : most;
        }
        cr_expect_eq(cret_tails_find(&tails, names[i], &first, &end), most, "%s", names[i]);
        cr_expect_eq(end - first, most > 0 ? count : 0, "%s: %zu", names[i], end - first);
    }
    const struct cret_manifest manifest = {.entries = entries, .file_count = FILES};
    struct cret_findings *findings = cret_findings_new();
    static bool named[FILES];
    struct cret_buffer text = {0};
    struct cret_provenance *provenance = NULL;
    struct cret_err err;
    size_t matched;
    for (size_t i = 0; i < SUBJECTS; i++) {
        cret_buffer_printf(&text, "%s{\"name\": \"%zu\", \"digest\": {\"sha256\": \"%064d\"}}",
                           i > 0 ? ", " : "", i, 0);
    }
    char *statement =
        cret_text_printf("{" TYPE ", \"subject\": [%s], " KIND ", " PREDICATE "}", text.data);
    cr_assert_eq(read_text(&provenance, statement, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(
        cret_provenance_match(provenance, &manifest, "p.json", named, &matched, findings, &err),
        CRET_OK);
    cr_expect_eq(cret_findings_at(findings, 0)->result, CRET_RESULT_FAIL);
    cr_expect_not_null(strstr(cret_findings_at(findings, 0)->reason, "too many files"));
    cret_provenance_free(&provenance);
    cret_findings_free(&findings);
    cret_buffer_free(&text);
    free(statement);
}
