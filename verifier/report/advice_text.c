/* SPDX-License-Identifier: Apache-2.0 */
/* Printing answers to advisories. */
#include "verifier/report/advice_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory.h"

static void print_safe(FILE *stream, const char *text)
{
    char *safe = cret_text_escape(text != NULL ? text : "");
    fputs(safe != NULL ? safe : "(out of memory)", stream);
    free(safe);
}

/* "      label       text\n"; nothing where text is NULL. */
static void print_line(FILE *stream, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    fprintf(stream, "      %-11s ", label);
    print_safe(stream, text);
    fputc('\n', stream);
}

/* Whether two statements of one advisory say the same of the same, and differ in the vulnerability
 * alone. */
static bool says_the_same(const json_t *left, const json_t *right)
{
    const char *name;
    json_t *value;
    if (json_object_size(left) != json_object_size(right)) {
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)left, name, value)
    {
        if (strcmp(name, "vulnerability") != 0 &&
            !json_equal(value, json_object_get(right, name))) {
            return false;
        }
    }
    return true;
}

static void print_details(FILE *stream, const json_t *match)
{
    size_t index;
    json_t *remediation;
    print_line(stream, "names", cret_json_string(match, "product"));
    print_line(stream, cret_advice_is_sure(match) ? "because" : "confirm",
               cret_json_string(match, "because"));
    print_line(stream, "but", cret_json_string(match, "doubt"));
    print_line(stream, "justified", cret_json_string(match, "justification"));
    print_line(stream, "impact", cret_json_string(match, "impact"));
    print_line(stream, "fixed here", cret_json_string(match, "change"));
    json_array_foreach(json_object_get(match, "remediations"), index, remediation)
    {
        print_line(stream, cret_json_string(remediation, "category"),
                   cret_json_string(remediation, "details"));
        print_line(stream, "restart", cret_json_string(remediation, "restart"));
    }
}

/* The statements from `first` on that say the same in succession; returns the one after them. */
static size_t print_group(FILE *stream, const json_t *matches, size_t first)
{
    const json_t *match = json_array_get(matches, first);
    size_t next = first;
    fprintf(stream, "    %s", cret_advice_is_sure(match) ? "" : "possibly ");
    print_safe(stream, cret_json_string(match, "status"));
    fputs(": ", stream);
    while (next < json_array_size(matches) && says_the_same(match, json_array_get(matches, next))) {
        print_safe(stream, cret_json_string(json_array_get(matches, next), "vulnerability"));
        fputs(", ", stream);
        next++;
    }
    print_safe(stream, cret_json_string(match, "subject"));
    fputc('\n', stream);
    print_details(stream, match);
    return next;
}

static bool has_action(const json_t *document)
{
    size_t index;
    json_t *match;
    json_array_foreach(json_object_get(document, "matches"), index, match)
    {
        if (cret_advice_needs_action(match)) {
            return true;
        }
    }
    return false;
}

static void print_document(FILE *stream, const json_t *document, bool quiet)
{
    const json_t *matches = json_object_get(document, "matches");
    const char *state = cret_json_string(document, "state");
    if (json_array_size(matches) == 0 || (quiet && !has_action(document))) {
        return;
    }
    fputs("  advisory ", stream);
    print_safe(stream, cret_json_string(document, "id"));
    fputs(", ", stream);
    print_safe(stream, cret_json_string(document, "title"));
    if (state != NULL) {
        fputs(", ", stream);
        print_safe(stream, state);
    }
    fprintf(stream, ": %zu statement%s\n", json_array_size(matches),
            json_array_size(matches) == 1 ? "" : "s");
    print_line(stream, "file", cret_json_string(document, "file"));
    for (size_t i = 0; i < json_array_size(matches);) {
        if (quiet && !cret_advice_needs_action(json_array_get(matches, i))) {
            i++;
        } else {
            i = print_group(stream, matches, i);
        }
    }
}

static void print_unread(FILE *stream, const json_t *document)
{
    const char *newer = cret_json_string(document, "replaced by");
    const char *error = cret_json_string(document, "error");
    if (newer != NULL) {
        fputs("  older: ", stream);
        print_safe(stream, cret_json_string(document, "file"));
        fputs(", replaced by ", stream);
        print_safe(stream, newer);
        fputc('\n', stream);
    } else if (error != NULL) {
        const bool faulty = cret_json_boolean(document, "faulty", true);
        fputs(faulty ? "  NOT JUDGED: " : "  left out: ", stream);
        print_safe(stream, error);
        fputc('\n', stream);
        print_line(stream, "where", cret_json_string(document, "where"));
        print_line(stream, "expected", cret_json_string(document, "expected"));
        print_line(stream, "found", cret_json_string(document, "actual"));
        print_line(stream, "do", cret_json_string(document, "way"));
    }
}

/* What was compared with what, in one line: "the product, 3 files, 150 components". */
static void print_compared(FILE *stream, const json_t *advice)
{
    const bool sbom = cret_json_boolean(advice, "compared.sbom", false);
    const char *why =
        cret_json_string(json_array_get(json_object_get(advice, "notChecked"), 0), "what");
    const bool unreadable = why != NULL && strcmp(why, "unreadable") == 0;
    fprintf(stream, "compared: the product, %lld files, %lld components%s",
            (long long)cret_json_integer(advice, "compared.files", 0),
            (long long)cret_json_integer(advice, "compared.components", 0),
            sbom         ? ""
            : unreadable ? " (the SBOM could not be read)"
                         : " (no SBOM)");
}

static void print_not_checked(FILE *stream, const json_t *advice)
{
    size_t index, place;
    json_t *gap, *file;
    json_array_foreach(json_object_get(advice, "notChecked"), index, gap)
    {
        fputs("  NOT CHECKED: ", stream);
        print_safe(stream, cret_json_string(gap, "reason"));
        json_array_foreach(json_object_get(gap, "files"), place, file)
        {
            fputs(place == 0 ? ": " : ", ", stream);
            print_safe(stream, json_string_value(file));
            if (place == 9 && json_array_size(json_object_get(gap, "files")) > 10) {
                fputs(", ...", stream);
                break;
            }
        }
        fputc('\n', stream);
    }
}

/* Files left out, each kind with the way out; what says nothing of vulnerabilities is counted. */
static void print_left_out(FILE *stream, const json_t *advice)
{
    long long silent = 0;
    size_t index;
    json_t *one;
    json_array_foreach(json_object_get(advice, "leftOut"), index, one)
    {
        const long long count = (long long)cret_json_integer(one, "count", 0);
        if (cret_json_boolean(one, "silent", false)) {
            silent += count;
            continue;
        }
        fprintf(stream, "  %lld left out, ", count);
        print_safe(stream, cret_json_string(one, "kind"));
        fputs(": ", stream);
        print_safe(stream, cret_json_string(one, "way"));
        fputs("; the first is ", stream);
        print_safe(stream, json_string_value(json_array_get(json_object_get(one, "files"), 0)));
        fputc('\n', stream);
    }
    if (silent > 0) {
        fprintf(stream,
                "  %lld files say nothing of vulnerabilities (lists, digests, signatures, bare "
                "SBOMs) and were left out\n",
                silent);
    }
}

static void print_count(FILE *stream, const json_t *advice, const char *member, const char *one,
                        const char *many)
{
    const long long count = (long long)cret_json_integer(advice, member, 0);
    if (count > 0) {
        fprintf(stream, "  %lld %s\n", count, count == 1 ? one : many);
    }
}

static void print_summary(FILE *stream, const json_t *advice)
{
    const struct cret_advice_tally tally = cret_advice_count(advice);
    size_t possible = 0;
    print_count(stream, advice, "silent.otherProducts",
                "advisory of this vendor names other products",
                "advisories of this vendor name other products");
    print_count(stream, advice, "silent.otherVersions",
                "advisory speaks of other versions of what is here",
                "advisories speak of other versions of what is here");
    print_left_out(stream, advice);
    fprintf(stream, "  %lld advisories read:", (long long)cret_json_integer(advice, "read", 0));
    for (size_t i = 0; i < CRET_ADVICE_STATUSES; i++) {
        fprintf(stream, "%s %zu %s", i > 0 ? "," : "", tally.sure[i], cret_advisory_statuses[i]);
        possible += tally.possible[i];
    }
    fprintf(stream, "; %zu possible matches for a person to confirm; ", possible);
    print_compared(stream, advice);
    fputs(cret_advice_is_partial(advice) ? "; not everything: see NOT CHECKED\n" : "\n", stream);
    fputs("  The advisories themselves were not verified: fetch them over TLS from their "
          "publishers.\n",
          stream);
}

void cret_advice_print_unused(FILE *stream, const char *archive, const char *why)
{
    fputs("NOT CHECKED: ", stream);
    print_safe(stream, archive);
    fputs(": ", stream);
    print_safe(stream, why);
    fputc('\n', stream);
}

void cret_advice_print(FILE *stream, const char *archive, const char *standing,
                       const json_t *document, bool quiet)
{
    const json_t *advice = json_object_get(document, "advisories");
    size_t index;
    json_t *one;
    print_safe(stream, cret_json_string(document, "product.vendor"));
    fputc(' ', stream);
    print_safe(stream, cret_json_string(document, "product.name"));
    fputc(' ', stream);
    print_safe(stream, cret_json_string(document, "release.version"));
    fputs(", ", stream);
    print_safe(stream, standing);
    fputs(": ", stream);
    print_safe(stream, archive);
    fputc('\n', stream);
    /* First what is sure, then what may be: by the first statement, as they are in that order. */
    for (int sure = 1; sure >= 0; sure--) {
        json_array_foreach(json_object_get(advice, "documents"), index, one)
        {
            const json_t *first = json_array_get(json_object_get(one, "matches"), 0);
            if (first != NULL && cret_advice_is_sure(first) == (sure == 1)) {
                print_document(stream, one, quiet);
            }
        }
    }
    json_array_foreach(json_object_get(advice, "documents"), index, one)
    {
        if (!quiet ||
            (json_object_get(one, "error") != NULL && cret_json_boolean(one, "faulty", true))) {
            print_unread(stream, one);
        }
    }
    print_not_checked(stream, advice);
    if (!quiet) {
        print_summary(stream, advice);
    }
}
