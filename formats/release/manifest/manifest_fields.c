/* SPDX-License-Identifier: Apache-2.0 */
/* Words that the fields of a manifest choose from. */
#include "release/manifest/manifest_fields.h"

const char cret_manifest_notice[] =
    "A valid signature says who released these bytes. It does not say that they are secure, "
    "certified, or compliant with any standard.";

static const char *const notices[] = {cret_manifest_notice, NULL};
const char *const cret_manifest_origins[] = {"vendor", "adopted", NULL};

#define PLAIN(kind, ...) CRET_ROW_##kind(__VA_ARGS__),
#define RECORDED(kind, name, flags, ...)                                                           \
    CRET_ROW_##kind(name, (flags) | CRET_RECORDED, __VA_ARGS__),

const struct cret_field cret_manifest_fields[] = {
    CRET_ROW_PURPOSE(CRET_GENERATED_REQUIRED, CRET_MANIFEST_PURPOSE),
    CRET_MANIFEST_PARTS(RECORDED, PLAIN)
        CRET_ROW_OPEN("extensions", 0, "Anything else, under keys that are URIs."),
    CRET_ROW_ENUM("notice", CRET_GENERATED_REQUIRED, notices,
                  "What a valid signature does not say."),
    CRET_ROW_LINE("include", CRET_DESCRIPTION_ONLY,
                  "Another description, whose parts are taken where this one has none."),
    CRET_ROW_END,
};

const struct cret_file_format cret_manifest_format = {
    .purpose = CRET_MANIFEST_PURPOSE,
    .words = "version manifest",
    .file = "MANIFEST.json",
    .fields = cret_manifest_fields,
    .bytes = CRET_LIMIT_MANIFEST_BYTES,
    .fault = CRET_ERR_REFUSED,
    .check = CRET_CHECK_MANIFEST_FORM,
};

const struct cret_file_format cret_description_format = {
    .purpose = "description/1",
    .words = "release description",
    .file = "input of cretula-sign",
    .fields = cret_manifest_fields,
    .side = CRET_SCHEMA_DESCRIPTION,
    .bytes = CRET_LIMIT_DESCRIPTION_BYTES,
    .fault = CRET_ERR_USAGE,
};
