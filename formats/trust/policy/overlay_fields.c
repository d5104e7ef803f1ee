/* SPDX-License-Identifier: Apache-2.0 */
/* The site overlay's field table (docs/spec/overlay.md). */
#include "base/finding/limits.h"
#include "trust/policy/overlay.h"
#include "trust/policy/policy_parts.h"

#define REQUIRED CRET_FIELD_REQUIRED
#define END                                                                                        \
    {                                                                                              \
        NULL, CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL, NULL                        \
    }

enum { SCOPES = 1000, SIGNERS = 100, ROLES = 4 };

static const char *const purposes[] = {"overlay/1", NULL};
static const char *const severities[] = {"fail", "warn", NULL};
/* "off" tightens nothing. */
static const char *const revocation_demands[] = {"require", "if-present", NULL};
static const char *const demands[] = {"require", "prefer", NULL};

static const struct cret_field threshold_fields[] = {
    {"role", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, cret_role_names, 0, 0, NULL,
     "A role of the scope."},
    {"threshold", CRET_KIND_INTEGER, REQUIRED, CRET_FORMAT_LINE, NULL, 1, SIGNERS, NULL,
     "How many of its signers must sign: as many as the policy asks for, or more."},
    END,
};

static const struct cret_field floor_fields[] = {
    {"product", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "A product of the scope."},
    {"sequence", CRET_KIND_INTEGER, REQUIRED, CRET_FORMAT_LINE, NULL, 1, 0, NULL,
     "Releases with a lower sequence are refused. Not below that of the policy."},
    END,
};

static const struct cret_field scope_fields[] = {
    {"vendor", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "The vendor of a scope of the policy."},
    {"product", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "A product of that scope; needed where the vendor has several scopes."},
    {"thresholds", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 1, ROLES, threshold_fields,
     "Higher thresholds."},
    {"minimumSequence", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 1, 0, floor_fields,
     "Higher rollback floors."},
    {"removeSigners", CRET_KIND_STRINGS, 0, CRET_FORMAT_LINE, NULL, 1, SIGNERS, NULL,
     "Signers of the scope that count for nothing here."},
    END,
};

const struct cret_field cret_overlay_fields[] = {
    {"cretula", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, purposes, 0, 0, NULL,
     "The purpose of this file."},
    {"name", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "What the overlay is called."},
    {"reviewBy", CRET_KIND_STRING, 0, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "An earlier end of the time in which the policy needs no review."},
    {"expires", CRET_KIND_STRING, 0, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "An earlier end of the policy's use."},
    {"postQuantum", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, demands, 0, 0, NULL,
     "A stricter demand than the policy's for post-quantum signatures."},
    {"revocation", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, revocation_demands, 0, 0, NULL,
     "A stricter demand than the policy's for revocation lists."},
    {"crlMaxAgeDays", CRET_KIND_INTEGER, 0, CRET_FORMAT_LINE, NULL, 1, 36500, NULL,
     "A shorter age after which a revocation list is stale."},
    {"timestamp", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, demands, 0, 0, NULL,
     "A stricter demand than the policy's for timestamps."},
    {"scopes", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 1, SCOPES, scope_fields,
     "What is asked for beyond single scopes of the policy."},
    {"severities", CRET_KIND_MAP, 0, CRET_FORMAT_TOKEN, severities, 0, 0, NULL,
     "Higher severities, by check id. Core checks have no severity."},
    {"removeWaivable", CRET_KIND_STRINGS, 0, CRET_FORMAT_TOKEN, NULL, 1, CRET_CHECK_COUNT, NULL,
     "Ids of checks that nobody may waive here."},
    END,
};
