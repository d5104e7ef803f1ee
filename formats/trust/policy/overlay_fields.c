/* SPDX-License-Identifier: Apache-2.0 */
/* The site overlay's field table (docs/spec/overlay.md). */
#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "trust/policy/overlay.h"
#include "trust/policy/policy_parts.h"

enum { SCOPES = 1000, SIGNERS = 100, ROLES = 4 };

static const char *const severities[] = {"fail", "warn", NULL};
/* "off" tightens nothing. */
static const char *const revocation_demands[] = {"require", "if-present", NULL};
static const char *const demands[] = {"require", "prefer", NULL};

static const struct cret_field threshold_fields[] = {
    CRET_ROW_ENUM("role", CRET_REQUIRED, cret_role_names, "A role of the scope."),
    CRET_ROW_INTEGER("threshold", CRET_REQUIRED, 1, SIGNERS,
                     "How many of its signers must sign: as many as the policy asks for, or more."),
    CRET_ROW_END,
};

static const struct cret_field floor_fields[] = {
    CRET_ROW_LINE("product", CRET_REQUIRED, "A product of the scope."),
    CRET_ROW_INTEGER("sequence", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "Releases with a lower sequence are refused. Not below that of the policy."),
    CRET_ROW_END,
};

static const struct cret_field scope_fields[] = {
    CRET_ROW_LINE("vendor", CRET_REQUIRED, "The vendor of a scope of the policy."),
    CRET_ROW_LINE("product", 0,
                  "A product of that scope; needed where the vendor has several scopes."),
    CRET_ROW_OBJECTS("thresholds", 0, threshold_fields, "Higher thresholds.", .minimum = 1,
                     .maximum = ROLES),
    CRET_ROW_OBJECTS("minimumSequence", 0, floor_fields, "Higher rollback floors.", .minimum = 1),
    CRET_ROW_STRINGS("removeSigners", 0, CRET_FORMAT_LINE,
                     "Signers of the scope that count for nothing here.", .minimum = 1,
                     .maximum = SIGNERS),
    CRET_ROW_STRINGS("removeForeign", 0, CRET_FORMAT_LINE,
                     "Pins of files in other formats that count for nothing here.", .minimum = 1,
                     .maximum = SIGNERS),
    CRET_ROW_END,
};

static const struct cret_field overlay_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_OVERLAY_PURPOSE),
    CRET_ROW_LINE("name", CRET_REQUIRED, "What the overlay is called."),
    CRET_ROW_TIME("reviewBy", 0, "An earlier end of the time in which the policy needs no review."),
    CRET_ROW_TIME("expires", 0, "An earlier end of the policy's use."),
    CRET_ROW_ENUM("postQuantum", 0, demands,
                  "A stricter demand than the policy's for post-quantum signatures."),
    CRET_ROW_ENUM("revocation", 0, revocation_demands,
                  "A stricter demand than the policy's for revocation lists."),
    CRET_ROW_INTEGER("crlMaxAgeDays", 0, 1, 36500,
                     "A shorter age after which a revocation list is stale."),
    CRET_ROW_ENUM("timestamp", 0, demands, "A stricter demand than the policy's for timestamps."),
    CRET_ROW_OBJECTS("scopes", 0, scope_fields,
                     "What is asked for beyond single scopes of the policy.", .minimum = 1,
                     .maximum = SCOPES),
    CRET_ROW_MAP("severities", 0, CRET_FORMAT_TOKEN, NULL,
                 "Higher severities, by check id; of checks that a policy may set.",
                 .values = severities),
    CRET_ROW_STRINGS("removeWaivable", 0, CRET_FORMAT_TOKEN,
                     "Ids of checks that nobody may waive here.", .minimum = 1,
                     .maximum = CRET_CHECK_COUNT),
    CRET_ROW_END,
};

const struct cret_file_format cret_overlay_format = {
    .purpose = CRET_OVERLAY_PURPOSE,
    .words = "site overlay",
    .file = "what tightens a trust policy",
    .fields = overlay_fields,
    .bytes = CRET_LIMIT_POLICY_BYTES,
    .fault = CRET_ERR_USAGE,
    .hint = "docs/spec/overlay.md lists what an overlay may hold",
};
