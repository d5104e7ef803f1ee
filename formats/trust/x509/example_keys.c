/* SPDX-License-Identifier: Apache-2.0 */
/* Looking a key up among those that nobody may trust. */
#include "trust/x509/example_keys.h"

#include <string.h>

#include "trust/example_keys_table.h"

/* What names of certificates say that must not be trusted; compared without regard to case, and to
 * what stands between the words. */
static const struct {
    const char *marker;
    const char *reason;
} markers[] = {
    {"do not trust", "its name says DO NOT TRUST"},
    {"do not ship", "its name says DO NOT SHIP"},
    {"do not use in production", "its name says DO NOT USE IN PRODUCTION"},
    {"not for production", "its name says NOT FOR PRODUCTION"},
    {"test key", "its name says TEST KEY"},
    {"test pk", "its name says TEST PK"},
    {"example key", "its name says EXAMPLE KEY"},
    {"sample key", "its name says SAMPLE KEY"},
};

static const struct cret_example_key *find_key(const uint8_t key_digest[32])
{
    for (size_t i = 0; i < CRET_LENGTH(cret_example_keys); i++) {
        if (memcmp(cret_example_keys[i].digest, key_digest, 32) == 0) {
            return &cret_example_keys[i];
        }
    }
    return NULL;
}

const char *cret_example_key_origin(const uint8_t key_digest[32])
{
    const struct cret_example_key *row = find_key(key_digest);
    return row == NULL ? NULL : row->origin;
}

/* ASCII only: the markers are, and no locale may change what is refused. */
static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_letter(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* Does the marker begin here? A space in it stands for any run of other characters than letters
 * and digits, none included ("DONOTTRUST", "do-not-trust"). */
static bool marker_at(const char *text, const char *marker)
{
    while (*marker != '\0') {
        if (*marker == ' ') {
            while (*text != '\0' && !is_letter(*text)) {
                text++;
            }
            marker++;
            continue;
        }
        if (lower(*text) != *marker) {
            return false;
        }
        text++;
        marker++;
    }
    return true;
}

/* At the beginning of a word: "latest key" is not a test key. */
static const char *name_reason(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (at != name && is_letter(at[-1])) {
            continue;
        }
        for (size_t i = 0; i < CRET_LENGTH(markers); i++) {
            if (marker_at(at, markers[i].marker)) {
                return markers[i].reason;
            }
        }
    }
    return NULL;
}

const char *cret_example_certificate(const struct cret_certificate *certificate)
{
    const struct cret_example_key *row = find_key(cret_certificate_key_digest(certificate));
    const char *reason = row == NULL ? NULL : row->reason;
    if (reason == NULL) {
        reason = name_reason(cret_certificate_subject(certificate));
    }
    if (reason == NULL) {
        reason = name_reason(cret_certificate_issuer(certificate));
    }
    return reason;
}
