/* SPDX-License-Identifier: Apache-2.0 */
/* Two releases side by side: a table of what each pair of manifests, SBOMs and signatures gives. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/diff/diff.h"

/* The cases are easier to read with single quotes. */
static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    cr_assert_not_null(copy);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    json_t *json = json_loads(copy, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    free(copy);
    return json;
}

static const uint8_t one_digest[CRET_SHA256_BYTES] = {1}, other_digest[CRET_SHA256_BYTES] = {2};

/* A release of that manifest; SBOMs and signatures are there and empty. */
static struct cret_diff_side side_of(json_t *manifest, bool first)
{
    json_t *release = json_object_get(manifest, "release");
    if (release == NULL) {
        release = json_object();
        json_object_set_new(manifest, "release", release);
    }
    if (json_object_get(release, "version") == NULL) {
        json_object_set_new(release, "version", json_string(first ? "1.0" : "2.0"));
        json_object_set_new(release, "sequence", json_integer(first ? 1 : 2));
    }
    return (struct cret_diff_side){.name = first ? "old" : "new",
                                   .standing = "UNVERIFIED",
                                   .manifest = manifest,
                                   .identity = first ? one_digest : other_digest};
}

/* "section change subject!" of each difference, in their order; "!" asks for attention. */
static char *told(const json_t *diff)
{
    struct cret_buffer text = {0};
    size_t index;
    json_t *one;
    cret_buffer_append(&text, "", 0);
    json_array_foreach(json_object_get(diff, "differences"), index, one)
    {
        cret_buffer_printf(&text, "%s%s %s %s%s", index > 0 ? "; " : "",
                           cret_json_string(one, "section"), cret_json_string(one, "change"),
                           cret_json_string(one, "subject"),
                           cret_json_boolean(one, "attention", false) ? "!" : "");
    }
    cr_assert_not(text.failed);
    return text.data;
}

static const struct {
    const char *was, *is, *told;
} members[] = {
    {"{}", "{}", ""},
    {"{'settings':[{'name':'a','default':'1'}]}", "{'settings':[{'name':'a','default':'2'}]}",
     "settings changed a!"},
    {"{'settings':[{'name':'a'},{'name':'b'}]}", "{'settings':[{'name':'b'},{'name':'a'}]}", ""},
    {"{'settings':[{'name':'a'}]}", "{'settings':[{'name':'A'}]}",
     "settings added A!; settings removed a!"},
    {"{'settings':[{'name':'a'},{'name':'a'}]}", "{'settings':[{'name':'a'}]}",
     "settings removed a (2)!"},
    {"{'interfaces':[{'protocol':'p','port':'1'}]}", "{'interfaces':[{'protocol':'p','port':'2'}]}",
     "interfaces added p, 2!; interfaces removed p, 1"},
    {"{'newRisks':[{'id':'R','summary':'x'}]}", "{'newRisks':[{'id':'R','summary':'y'}]}",
     "risks changed R"},
    {"{'knownIssues':[{'summary':'x'}]}", "{}", "issues removed x"},
    {"{}", "{'knownIssues':[{'summary':'CVE-2026-12345 and CVE-26-1 stay'}]}",
     "vulnerabilities open CVE-2026-12345!; "
     "issues added CVE-2026-12345 and CVE-26-1 stay!"},
    {"{'changes':[{'id':'1','cves':['CVE-2026-1111']}]}",
     "{'changes':[{'id':'1','cves':['CVE-2026-1111']},{'id':'2','cves':['CVE-2026-2222']}]}",
     "vulnerabilities fixed CVE-2026-2222; changes added 2"},
    {"{'lifecycle':{'endOfLife':'2030-01-01T00:00:00Z'}}",
     "{'lifecycle':{'endOfLife':'2029-12-31T00:00:00Z'}}", "lifecycle shortened endOfLife!"},
    {"{'lifecycle':{'endOfLife':'2030-01-01T00:00:00Z'}}",
     "{'lifecycle':{'endOfLife':'2030-01-02T00:00:00Z'}}", "lifecycle extended endOfLife"},
    {"{'lifecycle':{'endOfLife':'2030-01-01T00:00:00Z'}}", "{'lifecycle':{'endOfLife':'tba'}}",
     "lifecycle changed endOfLife!"},
    {"{'lifecycle':{'endOfLife':'2030-01-01T00:00:00Z'}}", "{}", "lifecycle removed endOfLife!"},
    {"{'lifecycle':{'generalAvailability':'2030-01-01T00:00:00Z'}}",
     "{'lifecycle':{'generalAvailability':'2029-01-01T00:00:00Z'}}",
     "lifecycle changed generalAvailability"},
    {"{'claims':[{'standard':'S','scope':'x','basis':'a'}]}", "{}", "claims removed S, x!"},
    {"{'assumptions':['a','b']}", "{'assumptions':['b','c']}",
     "assumptions added c!; assumptions removed a"},
    {"{'release':{'version':'1','sequence':1,'rollback':{'allowed':true}}}",
     "{'release':{'version':'2','sequence':2,'rollback':{'allowed':false}}}",
     "rollback changed allowed!"},
    {"{'release':{'version':'1','sequence':1,'type':'feature'}}",
     "{'release':{'version':'1','sequence':1,'type':'bugfix'}}", "release changed type"},
    {"{'topics':{'S3':{'status':'documented'}}}", "{'topics':{'S3':{'status':'notProvided'}}}",
     "topics unanswered S3!"},
    {"{'topics':{'S3':{'status':'documented'}}}", "{}", "topics unanswered S3!"},
    {"{'topics':{'S3':{'status':'notProvided'}}}", "{'topics':{'S3':{'status':'documented'}}}",
     "topics answered S3"},
    {"{'documents':[{'ids':[{'id':'D'}],'version':'1'}]}",
     "{'documents':[{'ids':[{'id':'D'}],'version':'2'}]}", "documents revised D"},
    {"{'documents':[{'ids':[{'id':'D'}],'version':'1','sha256':'0'}]}",
     "{'documents':[{'ids':[{'id':'D'}],'version':'1','sha256':'1'}]}", "documents changed D!"},
    {"{'documents':[{'ids':[{'id':'D'}],'version':'1','languages':['en']}]}",
     "{'documents':[{'ids':[{'id':'D'}],'version':'1','languages':['de']}]}",
     "documents added D (de); documents removed D (en)!"},
    {"{'extensions':{'x':1}}", "{'extensions':{'x':2}}", "other changed extensions"},
    {"{'sbom':[{'file':'a'}]}", "{}", "other removed sbom"},
    {"{'checksums':'a','notice':'b'}", "{'checksums':'c','notice':'d'}", ""},
};

Test(diff, members)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *was = parse(members[i].was), *is = parse(members[i].is);
        const struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
        json_t *diff = cret_diff(&old_side, &new_side);
        cr_assert_not_null(diff, "%s", members[i].is);
        char *text = told(diff);
        cr_expect_str_eq(text, members[i].told, "%s", members[i].is);
        free(text);
        json_decref(diff);
        json_decref(was);
        json_decref(is);
    }
}

/* Components of the old and the new release, and what is told of them. */
static const struct {
    const char *was, *is, *told;
} components[] = {
    {"{'key':'a','name':'a','version':'1'}", "{'key':'a','name':'a','version':'1'}", ""},
    {"{'key':'a','name':'a','version':'1.9'}", "{'key':'a','name':'a','version':'1.10'}",
     "components upgraded a"},
    {"{'key':'a','name':'a','version':'1.10'}", "{'key':'a','name':'a','version':'1.9'}",
     "components downgraded a!"},
    {"{'key':'a','name':'a','version':'1~rc1','type':'deb'}",
     "{'key':'a','name':'a','version':'1','type':'deb'}", "components upgraded a"},
    {"{'key':'a','name':'a','version':'main'}", "{'key':'a','name':'a','version':'stable'}",
     "components changed a"},
    {"{'key':'a','name':'a'}", "{'key':'a','name':'a','version':'1'}", "components changed a"},
    {"{'key':'a','name':'a','version':'1','sha256':'0'}",
     "{'key':'a','name':'a','version':'1','sha256':'1'}", "components changed a"},
    {"{'key':'a','name':'a','version':'1','sha256':'0'}",
     "{'key':'a','name':'a','version':'2','sha256':'1'}", "components upgraded a"},
    {"{'key':'a','name':'a','license':'X'}", "{'key':'a','name':'a','license':'Y'}",
     "components changed a"},
    {"{'key':'a','name':'a','version':'1'},{'key':'a','name':'a','version':'2'}",
     "{'key':'a','name':'a','version':'2'},{'key':'a','name':'a','version':'3'}",
     "components upgraded a"},
    {"{'key':'a','name':'a','version':'1'},{'key':'a','name':'a','version':'2'}",
     "{'key':'a','name':'a','version':'3'}",
     "components added a; components removed a; components removed a"},
    {"{'key':'a','name':'a'}", "{'key':'b','name':'b'}",
     "components added b; components removed a"},
    /* Of one version, or of none that is said, other bytes and other names. */
    {"{'key':'a','name':'a','sha256':'1'}", "{'key':'a','name':'a','sha256':'2'}",
     "components changed a"},
    {"{'key':'a','name':'a','version':'1','hashes':{'SHA-512':'1'}}",
     "{'key':'a','name':'a','version':'1','hashes':{'SHA-512':'2'}}", "components changed a"},
    {"{'key':'a','name':'a','version':'1','cpe':'x'}",
     "{'key':'a','name':'a','version':'1','cpe':'y'}", "components changed a"},
    {"{'key':'a','name':'a','version':'1','purl':'pkg:deb/a?arch=arm64'}",
     "{'key':'a','name':'a','version':'1','purl':'pkg:deb/a?arch=amd64'}", "components changed a"},
    /* The same one in two SBOMs is one. */
    {"{'key':'a','name':'a'},{'key':'a','name':'a'}", "{'key':'a','name':'a'}", ""},
};

static json_t *sbom_of(const char *parts)
{
    char *text = cret_text_printf("[{'file':'s','components':[%s]}]", parts);
    cr_assert_not_null(text);
    json_t *json = parse(text);
    free(text);
    return json;
}

Test(diff, components)
{
    for (size_t i = 0; i < sizeof(components) / sizeof(components[0]); i++) {
        json_t *was = parse("{}"), *is = parse("{}");
        struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
        json_t *old_sbom = sbom_of(components[i].was), *new_sbom = sbom_of(components[i].is);
        old_side.sboms = old_sbom;
        new_side.sboms = new_sbom;
        json_t *diff = cret_diff(&old_side, &new_side);
        cr_assert_not_null(diff);
        char *text = told(diff);
        cr_expect_str_eq(text, components[i].told, "%s", components[i].is);
        free(text);
        json_decref(diff);
        json_decref(was);
        json_decref(is);
        json_decref(old_sbom);
        json_decref(new_sbom);
    }
}

/* What was not compared says why, and nothing is told of its components. */
Test(diff, what_was_not_read_is_no_change)
{
    static const struct {
        const char *was, *is;
        size_t gaps;
    } cases[] = {
        {NULL, "[]", 2},
        {"[]", "[]", 2},
        {"[{'file':'s','components':[]}]", "[]", 1},
        {"[{'file':'s','components':[]}]", "[{'file':'s','unread':'it is too large'}]", 1},
        {"[{'file':'s','components':[]}]", "[{'file':'s'}]", 1},
        {"[{'file':'s','components':[{'key':'a','name':'a'}]},{'file':'t','unread':'x'}]",
         "[{'file':'s','components':[]}]", 1},
        {"[{'file':'s','components':[]}]", "[{'file':'s','components':[]}]", 0},
        /* Which of several lists a component is compared by their names alone. */
        {"[{'file':'s','components':[]},{'file':'t','components':[]}]",
         "[{'file':'s','components':[]},{'file':'u','components':[]}]", 1},
        {"[{'file':'s','components':[]}]",
         "[{'file':'s','components':[]},{'file':'t','components':[]}]", 1},
        {"[{'file':'s','components':[]},{'file':'t','components':[]}]",
         "[{'file':'t','components':[]},{'file':'s','components':[]}]", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *was = parse("{}"), *is = parse("{}"), *signatures = json_array();
        struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
        json_t *old_sbom = cases[i].was != NULL ? parse(cases[i].was) : NULL;
        json_t *new_sbom = parse(cases[i].is);
        old_side.sboms = old_sbom;
        new_side.sboms = new_sbom;
        old_side.signatures = new_side.signatures = signatures;
        json_t *diff = cret_diff(&old_side, &new_side);
        cr_expect_eq(json_array_size(json_object_get(diff, "notCompared")), cases[i].gaps, "%zu",
                     i);
        cr_expect_eq(json_array_size(json_object_get(diff, "differences")), 0, "%zu", i);
        json_decref(diff);
        json_decref(was);
        json_decref(is);
        json_decref(signatures);
        json_decref(old_sbom);
        json_decref(new_sbom);
    }
}

/* Two images that swap a component. */
Test(diff, components_stay_with_their_sbom)
{
    json_t *old_sbom = parse("[{'file':'s','components':[{'key':'a','name':'a'}]},"
                             "{'file':'t','components':[{'key':'b','name':'b'}]}]");
    json_t *new_sbom = parse("[{'file':'s','components':[{'key':'b','name':'b'}]},"
                             "{'file':'t','components':[{'key':'a','name':'a'}]}]");
    json_t *was = parse("{}"), *is = parse("{}");
    struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
    old_side.sboms = old_sbom;
    new_side.sboms = new_sbom;
    json_t *diff = cret_diff(&old_side, &new_side);
    char *text = told(diff);
    cr_expect_str_eq(text, "components added b; components added a; components removed a; "
                           "components removed b");
    free(text);
    json_decref(diff);
    json_decref(was);
    json_decref(is);
    json_decref(old_sbom);
    json_decref(new_sbom);
}

#define CERTIFICATE(key, subject, end)                                                             \
    "'certificate':{'keySha256':'" key "','subject':'" subject "','notAfter':'" end "'}"

Test(diff, signers)
{
    static const struct {
        const char *was, *is;
        bool verified;
        const char *told;
    } cases[] = {
        {"[{" CERTIFICATE("1", "A", "x") "}]", "[{" CERTIFICATE("1", "A", "x") "}]", false, ""},
        {"[{" CERTIFICATE("1", "A", "x") "}]", "[{" CERTIFICATE("1", "A", "y") "}]", false,
         "signers changed A"},
        {"[{" CERTIFICATE("1", "A", "x") "}]", "[{" CERTIFICATE("2", "A", "x") "}]", false,
         "signers changed A!"},
        {"[{" CERTIFICATE("1", "A", "x") "}]", "[{" CERTIFICATE("2", "B", "x") "}]", false,
         "signers added B!; signers removed A!"},
        /* Under trust those alone that count. */
        {"[{'counted':true," CERTIFICATE("1", "A", "x") "}]",
         "[{'counted':true," CERTIFICATE("1", "A", "x") "},{'counted':false," CERTIFICATE("2", "B",
                                                                                          "x") "}]",
         true, ""},
        {"[{'counted':true," CERTIFICATE("1", "A", "x") "}]",
         "[{'counted':false," CERTIFICATE("1", "A", "x") "}]", true, "signers removed A!"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *was = parse("{}"), *is = parse("{}");
        json_t *old_list = parse(cases[i].was), *new_list = parse(cases[i].is);
        struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
        old_side.signatures = old_list;
        new_side.signatures = new_list;
        old_side.verified = new_side.verified = cases[i].verified;
        json_t *diff = cret_diff(&old_side, &new_side);
        char *text = told(diff);
        cr_expect_str_eq(text, cases[i].told, "%s", cases[i].is);
        free(text);
        json_decref(diff);
        json_decref(was);
        json_decref(is);
        json_decref(old_list);
        json_decref(new_list);
    }
}

Test(diff, files)
{
    static const uint8_t first[CRET_SHA256_BYTES] = {1}, second[CRET_SHA256_BYTES] = {2};
    static const struct cret_diff_file was[] = {
        {.path = "a", .role = "firmware", .size = 1, .sha256 = first},
        {.path = "b", .role = "firmware", .size = 1, .sha256 = first},
        {.path = "c", .role = "firmware", .size = 2, .sha256 = second},
        {.path = "sums", .role = "checksums", .size = 1, .sha256 = first}};
    static const struct cret_diff_file is[] = {
        {.path = "a", .role = "firmware", .size = 2, .sha256 = second},
        {.path = "d", .role = "firmware", .size = 1, .sha256 = first},
        {.path = "e", .role = "firmware", .size = 1, .sha256 = first},
        {.path = "sums", .role = "checksums", .size = 1, .sha256 = second}};
    json_t *old_manifest = parse("{}"), *new_manifest = parse("{}");
    struct cret_diff_side old_side = side_of(old_manifest, true);
    struct cret_diff_side new_side = side_of(new_manifest, false);
    old_side.files = was;
    new_side.files = is;
    old_side.file_count = new_side.file_count = 4;
    json_t *diff = cret_diff(&old_side, &new_side);
    char *text = told(diff);
    /* One file can only have become one other. */
    cr_expect_str_eq(text, "files changed a; files renamed d; files added e; files removed c");
    free(text);
    json_decref(diff);
    json_decref(old_manifest);
    json_decref(new_manifest);
}

/* What the manifests say of a file beside its bytes, where it stays and where it moved. */
Test(diff, words_of_files)
{
    static const uint8_t bytes[CRET_SHA256_BYTES] = {1};
    json_t *one = parse("['A']"), *two = parse("['A','B']");
    const struct cret_diff_file plain = {
        .path = "a", .role = "firmware", .size = 1, .sha256 = bytes, .hardware = one};
    struct cret_diff_file other[8];
    const char *const wanted[8] = {"role",      "hardware", "mediaType", "original",
                                   "path role", "hardware", "",          "path hardware"};
    for (size_t i = 0; i < 8; i++) {
        other[i] = plain;
    }
    other[0].role = "software";
    other[1].hardware = two;
    other[2].media_type = "text/plain";
    other[3].original = "A";
    other[4].path = "b";
    other[4].role = "other";
    other[5].hardware = NULL;
    other[7].path = "b";
    other[7].hardware = two;
    for (size_t i = 0; i < 8; i++) {
        json_t *was = parse("{}"), *is = parse("{}");
        struct cret_diff_side old_side = side_of(was, true), new_side = side_of(is, false);
        old_side.files = &plain;
        new_side.files = &other[i];
        old_side.file_count = new_side.file_count = 1;
        json_t *diff = cret_diff(&old_side, &new_side), *detail;
        const json_t *first = json_array_get(json_object_get(diff, "differences"), 0);
        struct cret_buffer text = {0};
        size_t index;
        cret_buffer_append(&text, "", 0);
        json_array_foreach(json_object_get(first, "details"), index, detail)
        {
            cret_buffer_printf(&text, "%s%s", index > 0 ? " " : "",
                               cret_json_string(detail, "field"));
        }
        cr_expect_str_eq(text.data, wanted[i], "%zu", i);
        cr_expect_eq(cret_json_boolean(first, "attention", false), i == 1 || i == 5 || i == 7);
        cret_buffer_free(&text);
        json_decref(diff);
        json_decref(was);
        json_decref(is);
    }
    json_decref(one);
    json_decref(two);
}

Test(diff, identity_alone_says_that_nothing_differs)
{
    json_t *was = parse("{'settings':[{'name':'a'}]}"), *is = parse("{}");
    const struct cret_diff_side old_side = side_of(was, true);
    struct cret_diff_side new_side = side_of(is, false);
    json_t *diff = cret_diff(&old_side, &new_side);
    cr_expect_not(cret_json_boolean(diff, "identical", true));
    json_decref(diff);
    new_side.identity = one_digest;
    diff = cret_diff(&old_side, &new_side);
    cr_expect(cret_json_boolean(diff, "identical", false));
    cr_expect_eq(json_array_size(json_object_get(diff, "differences")), 0);
    json_decref(diff);
    json_decref(was);
    json_decref(is);
}

Test(diff, same_product)
{
    json_t *one = parse("{'product':{'vendor':'V','name':'P'}}");
    json_t *two = parse("{'product':{'vendor':'V','name':'p'}}");
    json_t *three = parse("{'product':{'vendor':'W','name':'P'}}");
    json_t *none = parse("{}");
    cr_expect(cret_diff_same_product(one, one));
    cr_expect_not(cret_diff_same_product(one, two));
    cr_expect_not(cret_diff_same_product(one, three));
    cr_expect_not(cret_diff_same_product(none, none));
    json_decref(one);
    json_decref(two);
    json_decref(three);
    json_decref(none);
}

/* Every section that a difference can have is in the table that the page goes by. */
Test(diff, sections)
{
    size_t count = 0;
    for (const struct cret_diff_section *one = cret_diff_sections; one->name != NULL; one++) {
        cr_expect_gt(strlen(one->heading), 0);
        cr_expect_leq(strlen(one->label), 11, "%s", one->label);
        count++;
    }
    cr_expect_leq(count, 40);
}
