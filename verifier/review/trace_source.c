/* SPDX-License-Identifier: Apache-2.0 */
/* Where an answer was read, and what that was worth. */
#include "base/schema/rows.h"
#include "base/system/os.h"
#include "base/text/json_build.h"
#include "verifier/review/said.h"
#include "verifier/review/trace.h"

static const char *const kinds[] = {"archive", "manifest", "record", "journal", NULL};
static const char *const states[] = {"there", "changed", "gone", "unknown", NULL};

const struct cret_field cret_trace_source_fields[] = {
    CRET_ROW_ENUM("kind", CRET_REQUIRED, kinds, "What was read."),
    CRET_ROW_TEXT("path", CRET_REQUIRED, "Where it lay."),
    CRET_ROW_ENUM("state", CRET_REQUIRED, states,
                  "Whether it lies there today with the same size and time."),
    CRET_ROW_OBJECT("release", CRET_REQUIRED, cret_said_release_fields, "What it is about."),
    CRET_ROW_SHA256("identity", 0, "SHA-256 of the release's MANIFEST.json."),
    CRET_ROW_BOOLEAN("verified", CRET_REQUIRED,
                     "Whether it was an archive that was accepted when it was read."),
    CRET_ROW_ENUM("verdict", 0, cret_said_verdicts, "Of that run, or of the record."),
    CRET_ROW_TEXT("policy", 0, "Name of the trust policy."),
    CRET_ROW_SHA256("policySha256", 0, "SHA-256 of trust.json; absent with bare anchors."),
    CRET_ROW_STRING("asOf", 0, CRET_FORMAT_ANY_TIME, "The time of --at, in place of the clock's."),
    CRET_ROW_BOOLEAN("exampleKeys", 0, "true: published example keys counted."),
    CRET_ROW_STRING("read", CRET_REQUIRED, CRET_FORMAT_ANY_TIME, "When it was read."),
    CRET_ROW_END,
};

const char *cret_trace_state(const struct cret_catalogue_source *source)
{
    struct cret_file_info info;
    struct cret_err ignored = {0};
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, source->path, &ignored) != CRET_OK) {
        return "unknown";
    }
    if (!exists) {
        return "gone";
    }
    if (info.kind ==
        CRET_KIND_SYMLINK) { /* it was read through a link: what is behind is not said */
        return "unknown";
    }
    if (info.kind == CRET_KIND_DIRECTORY) { /* a journal grows: its lines are what was read */
        return "there";
    }
    return info.size == source->size && info.modified_ns == source->modified_ns ? "there"
                                                                                : "changed";
}

static json_t *release_of(const struct cret_catalogue_source *source)
{
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "vendor", source->vendor);
    cret_build_text(&json, "product", source->product);
    cret_build_text(&json, "version", source->version);
    if (source->sequence.given) {
        cret_build_integer(&json, "sequence", source->sequence.value);
    }
    return cret_build_end(&json);
}

json_t *cret_trace_source(const struct cret_catalogue_source *source)
{
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "kind", source->kind);
    cret_build_text(&json, "path", source->path);
    cret_build_string(&json, "state", cret_trace_state(source));
    cret_build_put(&json, "release", release_of(source));
    cret_build_sha256(&json, "identity", source->has_identity ? source->identity : NULL);
    cret_build_boolean(&json, "verified", source->verified);
    cret_build_text(&json, "verdict", source->verdict);
    cret_build_text(&json, "policy", source->policy);
    cret_build_sha256(&json, "policySha256",
                      source->has_policy_sha256 ? source->policy_sha256 : NULL);
    if (source->as_of.given) {
        cret_build_time(&json, "asOf", source->as_of.value);
    }
    cret_build_flag(&json, "exampleKeys", source->example_keys);
    cret_build_time(&json, "read", source->added);
    return cret_build_end(&json);
}
