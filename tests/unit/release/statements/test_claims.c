/* SPDX-License-Identifier: Apache-2.0 */
/* Claims hygiene: the corpus of labelled sentences, negators, markup, certificates. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "release/statements/claims.h"

Test(claims, the_corpus_is_told_apart)
{
    char *text = NULL;
    size_t size = 0, sentences = 0, wrong = 0;
    cr_assert_eq(cret_file_read(&text, &size, CRET_SOURCE_DIR "/tests/vectors/claims/corpus.txt",
                                1 << 20, CRET_ERR_USAGE, NULL),
                 CRET_OK);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (line[0] != '!' && line[0] != '.') {
            continue;
        }
        sentences++;
        const bool found = cret_claim_in_sentence(line + 2, strlen(line + 2)) != NULL;
        if (found != (line[0] == '!')) {
            wrong++;
            cr_log_error("%s: %s", found ? "taken for a claim" : "missed", line + 2);
        }
    }
    free(text);
    cr_assert_eq(sentences, 126);
    cr_assert_eq(wrong, 0);
}

static const char *claim(const char *sentence)
{
    return cret_claim_in_sentence(sentence, strlen(sentence));
}

Test(claims, a_negator_counts_within_four_words_only)
{
    cr_assert_null(claim("It is not one two three certified"));
    cr_assert_str_eq(claim("It is not one two three four certified"), "certified");
    cr_assert_str_eq(claim("It is certified, not tested"), "certified");
}

Test(claims, words_are_whole_words)
{
    cr_assert_null(claim("uncertifiedness and precertifiedx"));
    cr_assert_str_eq(claim("CERTIFIED"), "certified");
    cr_assert_null(claim(""));
}

static size_t faults(const struct cret_findings *findings)
{
    return cret_findings_tally(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_FAIL);
}

static size_t faults_of(const char *json_text, const char *text, enum cret_claim_markup markup)
{
    struct cret_findings *findings = cret_findings_new();
    struct cret_manifest manifest = {.json = json_loads(json_text, 0, NULL)};
    cr_assert_not_null(manifest.json);
    if (text != NULL) {
        cret_claims_check_text(&manifest, "a.md", text, strlen(text), markup, findings);
    } else {
        cret_claims_check_manifest(&manifest, findings);
    }
    const size_t count = faults(findings);
    json_decref(manifest.json);
    cret_findings_free(&findings);
    return count;
}

Test(claims, markup_does_not_hide_a_claim)
{
    cr_assert_eq(faults_of("{}", "<p>The device is <b>certi</b>fied.</p>", CRET_CLAIM_HTML), 0);
    cr_assert_eq(faults_of("{}", "<p>The device is <b>certified</b>.</p>", CRET_CLAIM_HTML), 1);
    cr_assert_eq(faults_of("{}", "# Not a word\ncertified\n", CRET_CLAIM_MARKDOWN), 0);
    cr_assert_eq(faults_of("{}", "- not this\n- **certified**\n", CRET_CLAIM_MARKDOWN), 1);
    cr_assert_eq(faults_of("{}", "Not here. It is certified.", CRET_CLAIM_PLAIN), 1);
    cr_assert_eq(faults_of("{}", "<td>not</td><td>certified</td>", CRET_CLAIM_HTML), 1);
}

Test(claims, a_certificate_covers_its_standard_only)
{
    static const char with[] =
        "{\"claims\":[{\"standard\":\"IEC 62443-4-2:2019\",\"basis\":\"certification\","
        "\"scope\":\"all\",\"certificate\":\"DOC-1\"}]}";
    cr_assert_eq(faults_of(with, "It is certified to IEC 62443-4-2.", CRET_CLAIM_PLAIN), 0);
    cr_assert_eq(faults_of(with, "It is certified to UL 2900.", CRET_CLAIM_PLAIN), 1);
}

Test(claims, the_manifest_itself_is_read)
{
    cr_assert_eq(faults_of("{\"changes\":[{\"summary\":\"Now certified.\"}]}", NULL, 0), 1);
    cr_assert_eq(faults_of("{\"documents\":[{\"title\":{\"en\":\"Certified guide\"}}]}", NULL, 0),
                 1);
    cr_assert_eq(faults_of("{\"changes\":[{\"summary\":\"Faster start.\"}]}", NULL, 0), 0);
    cr_assert_eq(faults_of("{\"claims\":[{\"standard\":\"X 1\",\"basis\":\"certification\","
                           "\"scope\":\"all\"}]}",
                           NULL, 0),
                 1);
}

Test(claims, one_document_cannot_fill_the_report)
{
    char text[60 * 16 + 1] = "";
    for (int i = 0; i < 60; i++) {
        strcat(text, "It is certified. ");
        if (strlen(text) + 18 > sizeof(text)) {
            break;
        }
    }
    cr_assert_eq(faults_of("{}", text, CRET_CLAIM_PLAIN), 20);
}
