/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as identities with digests: which changes are found between two releases, and which
 * files given later are documents. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/text.h"
#include "release/statements/document.h"
#include "release/statements/version.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID(id) "'ids':[{'domain':'d','id':'" id "'}],"

/* Single quotes are easier to read. */
static json_t *parse(const char *text)
{
    char copy[2048];
    cr_assert_lt(strlen(text), sizeof(copy));
    strcpy(copy, text);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    json_t *json = json_loads(copy, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    return json;
}

static const struct {
    const char *known, *now;
    const char *where; /* of the only fault, or NULL: none */
} comparisons[] = {
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','sha256':'" A "'}]", NULL},
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','sha256':'" B "'}]", "#/documents/0/version"},
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'2','sha256':'" B "'}]", NULL},
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("n") "'version':'1','sha256':'" B "'}]", NULL},
    /* the same id in another domain is another document */
    {"[{'ids':[{'domain':'e','id':'m'}],'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','sha256':'" B "'}]", NULL},
    /* any id that both have */
    {"[{'ids':[{'domain':'d','id':'x'},{'domain':'d','id':'m'}],'version':'1','sha256':'" A "'}]",
     "[{" ID("q") "'version':'1','sha256':'" B "'},{" ID("m") "'version':'1','sha256':'" B "'}]",
     "#/documents/1/version"},
    /* a domain with a letter and its mark as two characters is the same domain */
    {"[{'ids':[{'domain':'Ger\xc3\xa4t','id':'m'}],'version':'1','sha256':'" A "'}]",
     "[{'ids':[{'domain':'Gera\xcc\x88t','id':'m'}],'version':'1','sha256':'" B "'}]",
     "#/documents/0/version"},
    /* translations share id and version */
    {"[{" ID("m") "'version':'1','languages':['de'],'sha256':'" A "'},"
                  "{" ID("m") "'version':'1','languages':['en'],'sha256':'" B "'}]",
     "[{" ID("m") "'version':'1','languages':['en'],'sha256':'" B "'},"
                  "{" ID("m") "'version':'1','languages':['de'],'sha256':'" A "'}]",
     NULL},
    {"[{" ID("m") "'version':'1','languages':['de'],'sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','languages':['en'],'sha256':'" B "'}]", NULL},
    /* naming another set of languages is no way around */
    {"[{" ID("m") "'version':'1','languages':['de'],'sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','languages':['en','de'],'sha256':'" B "'}]",
     "#/documents/0/version"},
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','languages':['de'],'sha256':'" B "'}]", "#/documents/0/version"},
    /* the known one is still there, a translation joined */
    {"[{" ID("m") "'version':'1','sha256':'" A "'}]",
     "[{" ID("m") "'version':'1','sha256':'" A "'},"
                  "{" ID("m") "'version':'1','languages':['de'],'sha256':'" B "'}]",
     NULL},
    /* a record of before documents were kept */
    {"[]", "[{" ID("m") "'version':'1','sha256':'" B "'}]", NULL},
    {"[{" ID("m") "'version':'1'}]", "[{" ID("m") "'version':'1','sha256':'" B "'}]", NULL},
};

Test(document, a_change_without_a_new_version_is_found)
{
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        json_t *known = parse(comparisons[i].known), *now = parse(comparisons[i].now);
        cret_document_compare(known, "release 1", now, findings);
        cr_assert_eq(cret_findings_count(findings), comparisons[i].where != NULL ? 1 : 0,
                     "case %zu", i);
        if (comparisons[i].where != NULL) {
            const struct cret_finding *finding = cret_findings_at(findings, 0);
            cr_expect_eq(finding->check, CRET_CHECK_DOCUMENT_IDENTITY);
            cr_expect_eq(finding->result, CRET_RESULT_FAIL);
            cr_expect_str_eq(finding->where, comparisons[i].where);
            cr_expect_str_eq(finding->expected, A);
            cr_expect_str_eq(finding->actual, B);
            cr_expect_str_eq(finding->reason,
                             "document m has changed since release 1, but not its version 1");
        }
        json_decref(known);
        json_decref(now);
        cret_findings_free(&findings);
    }
}

/* Two documents: one on request, one included as the file manual.pdf. */
static struct cret_manifest two_documents(struct cret_entry *entry)
{
    memset(entry, 0, sizeof(*entry));
    entry->path = "manual.pdf";
    memset(entry->sha256, 0xbb, sizeof(entry->sha256));
    return (struct cret_manifest){
        .json = parse("{'documents':[{" ID(
            "nda") "'version':'3','availability':'onRequest',"
                   "'sha256':'" A "'},{" ID("m") "'version':'1','availability':'included',"
                                                 "'file':'manual.pdf'}]}"),
        .entries = entry,
        .file_count = 1};
}

Test(document, a_file_given_later_is_named_or_refused)
{
    static const struct {
        uint8_t byte;
        enum cret_result result;
        const char *where, *reason;
    } cases[] = {
        {0xaa, CRET_RESULT_PASS, "#/documents/0",
         "f.pdf is document nda, version 3, which the release names by its SHA-256"},
        {0xbb, CRET_RESULT_PASS, "#/documents/1",
         "f.pdf is document m, version 1, which the release includes"},
        {0xcc, CRET_RESULT_FAIL, "#/documents", "f.pdf is no document of this release"},
    };
    struct cret_entry entry;
    struct cret_manifest manifest = two_documents(&entry);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        uint8_t digest[CRET_SHA256_BYTES];
        memset(digest, cases[i].byte, sizeof(digest));
        cret_document_prove(&manifest, "f.pdf", digest, findings);
        cr_assert_eq(cret_findings_count(findings), 1);
        const struct cret_finding *finding = cret_findings_at(findings, 0);
        cr_expect_eq(finding->check, CRET_CHECK_DOCUMENT_ALSO);
        cr_expect_eq(finding->result, cases[i].result);
        cr_expect_str_eq(finding->where, cases[i].where);
        cr_expect_str_eq(finding->reason, cases[i].reason);
        cret_findings_free(&findings);
    }
    json_decref(manifest.json);
}

Test(document, the_list_holds_digests_and_what_was_proved)
{
    struct cret_entry entry;
    struct cret_manifest manifest = two_documents(&entry);
    uint8_t digest[CRET_SHA256_BYTES];
    memset(digest, 0xaa, sizeof(digest));
    json_t *list = cret_document_list(&manifest);
    cr_assert_not_null(list);
    cr_assert(cret_document_mark_proved(list, digest));
    json_t *expected =
        parse("[{" ID("nda") "'version':'3','availability':'onRequest','sha256':'" A "',"
                             "'proved':true},{" ID("m") "'version':'1','availability':'included',"
                                                        "'file':'manual.pdf','sha256':'" B "'}]");
    cr_expect(json_equal(list, expected));
    json_decref(expected);
    json_decref(list);
    json_decref(manifest.json);
}

Test(hardware, models_are_compared_in_every_composition)
{
    json_t *entry = parse("{'model':'Ger\xc3\xa4t','revisionFrom':'2'}");
    cr_expect(cret_hardware_covers(entry, "Gera\xcc\x88t:3"));
    cr_expect_not(cret_hardware_covers(entry, "Gera\xcc\x88t:1"));
    cr_expect_not(cret_hardware_covers(entry, "Gerat:3"));
    json_decref(entry);
}
