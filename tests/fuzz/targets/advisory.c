/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories (CSAF, VEX of any form) against one release: nothing is "fixed" or "not affected" on a
 * doubt. */
#include <string.h>

#include "../fuzz.h"
#include "base/text/json.h"
#include "release/advisory/advisory.h"

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
    FUZZ_HOLD(mild != sharp && sure != is(match, "match", "possible"));
    FUZZ_HOLD(!mild || !sure || json_object_get(match, "doubt") == NULL);
    FUZZ_HOLD(json_object_get(match, "stated") == NULL || (!sure && !mild));
    FUZZ_HOLD(cret_json_string(match, "because") != NULL);
    FUZZ_HOLD(cret_json_string(match, "vulnerability") != NULL);
}

static void match(const struct cret_subject_index *index, const uint8_t *data, size_t size)
{
    struct cret_advisory *advisory = NULL;
    struct cret_advisory_facts facts;
    struct cret_err err;
    cret_err_clear(&err);
    memset(&facts, 0, sizeof(facts));
    if (cret_advisory_read(&advisory, (const char *)data, size, "fuzz", &err) != CRET_OK) {
        FUZZ_HOLD(advisory == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
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
    FUZZ_HOLD(matches != NULL && !cret_advisory_replaces(revision, revision));
    json_decref(revision);
    json_decref(matches);
    cret_advisory_free(&advisory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_subject_index *index;
    if (index == NULL) {
        json_t *subjects = json_loads(release, 0, NULL);
        index = subjects != NULL ? cret_subject_index_new(subjects) : NULL;
        json_decref(subjects);
        FUZZ_HOLD(index != NULL);
    }
    match(index, data, size);
    return 0;
}
