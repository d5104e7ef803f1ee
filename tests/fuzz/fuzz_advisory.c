/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories (CSAF, CycloneDX VEX) against one release, and SBOMs: what of them is not compared. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/advisory/advisory.h"
#include "release/advisory/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A release that has something of every kind to be named by. */
static const char release[] =
    "{\"vendor\": \"Example Automation GmbH\", \"name\": \"RTU-7 Remote Terminal Unit\", "
    "\"version\": "
    "\"1.2.0\", \"purl\": \"pkg:generic/example-automation/rtu-7-firmware@1.2.0\", \"cpe\": "
    "\"cpe:2.3:o:example_automation:rtu-7_firmware:1.2.0:*:*:*:*:*:*:*\", \"models\": "
    "[\"EA-RTU7-C\"], "
    "\"gaps\": [], \"files\": [{\"path\": \"fw.bin\", \"sha256\": "
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}], \"sboms\": "
    "[{\"serial\": "
    "\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\", \"version\": 1}], \"components\": "
    "[{\"ref\": "
    "\"root\", \"name\": \"RTU-7 Remote Terminal Unit\", \"version\": \"1.2.0\", \"root\": true}, "
    "{\"ref\": \"lib\", \"name\": \"openssl\", \"version\": \"3.0.7-2\", \"purl\": "
    "[\"pkg:deb/debian/openssl@3.0.7-2?arch=amd64\"], \"cpe\": "
    "[\"cpe:2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*\"], \"sha512\": \"00\"}, {\"ref\": \"x\", "
    "\"name\": \"busybox\"}]}";

static bool is(const json_t *match, const char *name, const char *value)
{
    const char *text = cret_json_string(match, name);
    return text != NULL && strcmp(text, value) == 0;
}

/* What holds of every answer, whatever the document says. */
static void hold(const json_t *match)
{
    const bool mild = is(match, "status", "fixed") || is(match, "status", "not affected");
    const bool sharp =
        is(match, "status", "affected") || is(match, "status", "under investigation");
    const bool sure = is(match, "match", "sure");
    if (mild == sharp || sure == is(match, "match", "possible") ||
        (mild && sure && json_object_get(match, "doubt") != NULL) ||
        (json_object_get(match, "stated") != NULL && (sure || mild))) {
        abort();
    }
}

static void match(const struct cret_subject_index *index, const uint8_t *data, size_t size)
{
    struct cret_advisory *advisory = NULL;
    struct cret_advisory_facts facts;
    struct cret_err err;
    cret_err_clear(&err);
    memset(&facts, 0, sizeof(facts));
    if (cret_advisory_read(&advisory, (const char *)data, size, "fuzz", &err) != CRET_OK) {
        cret_advisory_foreign((const char *)data, size);
        return;
    }
    json_t *matches = cret_advisory_match(advisory, index, &facts);
    json_t *revision = cret_advisory_revision(advisory);
    size_t place;
    json_t *one;
    json_array_foreach(matches, place, one)
    {
        hold(one);
    }
    if (matches == NULL || cret_advisory_replaces(revision, revision)) {
        abort();
    }
    json_decref(revision);
    json_decref(matches);
    cret_advisory_free(&advisory);
}

static void cover(const uint8_t *data, size_t size)
{
    struct cret_sbom *sbom = NULL;
    struct cret_findings *findings = cret_findings_new();
    if (findings != NULL &&
        cret_sbom_read(&sbom, (const char *)data, size, "fuzz", NULL, findings, NULL) == CRET_OK) {
        json_t *identities = cret_sbom_identities(sbom);
        json_t *gaps = cret_coverage_sbom(sbom);
        cret_coverage_check(sbom, CRET_READER_OWNER, findings);
        json_decref(identities);
        json_decref(gaps);
    }
    cret_sbom_free(&sbom);
    cret_findings_free(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_subject_index *index;
    if (index == NULL) {
        json_t *subjects = json_loads(release, 0, NULL);
        index = subjects != NULL ? cret_subject_index_new(subjects) : NULL;
        json_decref(subjects);
        if (index == NULL) {
            abort();
        }
    }
    match(index, data, size);
    cover(data, size);
    return 0;
}
