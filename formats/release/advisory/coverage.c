/* SPDX-License-Identifier: Apache-2.0 */
/* Naming what of a release no statement can be compared with. */
#include "release/advisory/coverage.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/advisory/coverage_sbom.h"
#include "release/manifest/manifest_internal.h"
#include "release/sbom/sbom_internal.h"

bool cret_coverage_unread(const struct cret_manifest *manifest, size_t entry)
{
    const char *role = manifest->files != NULL ? manifest->files[entry].role : NULL;
    if (role == NULL || strcmp(role, "sbom") != 0) {
        return false;
    }
    for (size_t i = 0; i < cret_sbom_listed(manifest); i++) {
        if (cret_sbom_file(&(struct cret_sbom_place){manifest, i}) == entry) {
            return false;
        }
    }
    return true;
}

static json_t *gap(const char *what, size_t count, const char *reason, json_t *files)
{
    return json_pack("{s:s, s:I, s:s, s:O*}", "what", what, "count", (json_int_t)count, "reason",
                     reason, "files", files);
}

static int add_unread(json_t *gaps, const struct cret_manifest *manifest)
{
    json_t *files = json_array();
    int failed = files == NULL;
    for (size_t i = 0; i < manifest->file_count && !failed; i++) {
        failed = cret_coverage_unread(manifest, i) &&
                 json_array_append_new(files, json_string(manifest->entries[i].path)) != 0;
    }
    const size_t count = json_array_size(files);
    if (!failed && count > 0) {
        char reason[120];
        snprintf(reason, sizeof(reason), "%zu more %s not read", count,
                 cret_plural(count, "SBOM was", "SBOMs were"));
        failed = json_array_append_new(gaps, gap("sbom", count, reason, files)) != 0;
    }
    json_decref(files);
    return failed;
}

/* One kind of gap is told once, however many SBOMs have it. */
static json_t *gaps_of(struct cret_sbom *const *list, size_t sboms)
{
    json_t *gaps = json_array();
    int failed = gaps == NULL;
    for (const struct cret_uncompared *kind = cret_uncompared_kinds; kind->what != NULL; kind++) {
        size_t count = 0;
        for (size_t i = 0; i < sboms; i++) {
            count += list[i] != NULL ? kind->count(list[i]) : 0;
        }
        char reason[120];
        if (count > 0 && !failed) {
            cret_uncompared_words(reason, sizeof(reason), kind, count);
            failed = json_array_append_new(gaps, gap(kind->what, count, reason, NULL)) != 0;
        }
    }
    if (failed) {
        json_decref(gaps);
        return NULL;
    }
    return gaps;
}

json_t *cret_coverage_sbom(const struct cret_sbom *sbom)
{
    /* It is only read. */
    struct cret_sbom *one = (struct cret_sbom *)(uintptr_t)sbom;
    return gaps_of(&one, 1);
}

/* SBOMs that could not be read, or that there is none. */
static int add_unreadable(json_t *gaps, size_t listed, size_t read)
{
    char reason[120] = "no components: no SBOM";
    if (listed == 1) {
        snprintf(reason, sizeof(reason), "no components: the SBOM could not be read");
    } else if (listed > 1) {
        snprintf(reason, sizeof(reason), "%s%zu of %zu SBOMs could not be read",
                 read == 0 ? "no components: " : "", listed - read, listed);
    }
    return json_array_append_new(gaps, gap(listed > 0 ? "unreadable" : "components",
                                           listed > 1 ? listed - read : 0, reason, NULL));
}

json_t *cret_coverage_gaps(const struct cret_manifest *manifest, const struct cret_sboms *sboms)
{
    const size_t listed = cret_sbom_listed(manifest);
    const size_t read = sboms != NULL ? cret_sboms_read(sboms) : 0;
    json_t *gaps = read > 0 ? gaps_of(sboms->list, sboms->count) : json_array();
    int failed = gaps == NULL;
    if (!failed && (read == 0 || read < listed)) {
        failed = add_unreadable(gaps, listed, read) != 0;
    }
    if (failed || add_unread(gaps, manifest) != 0) {
        json_decref(gaps);
        return NULL;
    }
    return gaps;
}

void cret_coverage_check(const struct cret_sbom *sbom, enum cret_reader reader,
                         struct cret_findings *findings)
{
    for (const struct cret_uncompared *kind = cret_uncompared_kinds; kind->what != NULL; kind++) {
        const size_t count = kind->count(sbom);
        char reason[120];
        if (count > 0 && strcmp(kind->what, "unreadable") != 0) { /* sbom.form says it */
            cret_uncompared_words(reason, sizeof(reason), kind, count);
            cret_findings_add(
                findings, CRET_CHECK_SBOM_UNREAD,
                reader == CRET_READER_SIGNER ? CRET_RESULT_FAIL : CRET_RESULT_NOT_CHECKED,
                (struct cret_finding_text){
                    .where = sbom->file,
                    .expected = "one SBOM with all components",
                    .hint = cret_check_hint(CRET_CHECK_SBOM_UNREAD, reader, kind->signer)},
                "%s%s", reason, kind->so);
        }
    }
}

bool cret_coverage_words(char *text, size_t size, const json_t *gaps)
{
    size_t used = 0;
    text[0] = '\0';
    CRET_JSON_EACH (one, gaps) {
        const char *reason = cret_json_string(one, "reason");
        if (reason != NULL && used < size) {
            const int more =
                snprintf(text + used, size - used, "%s%s", used > 0 ? "; " : "", reason);
            used += more > 0 ? (size_t)more : 0;
        }
    }
    return json_array_size(gaps) > 0;
}
