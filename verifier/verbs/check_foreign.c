/* SPDX-License-Identifier: Apache-2.0 */
/* --foreign-signature and who is pinned for one file. The bytes are read here and parsed in the
 * child. */
#include "verifier/verbs/check_foreign.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/path.h"

static const struct cret_option foreign_options[] = {
    CRET_OPTION("foreign-signature", "FILE",
                "What lies beside the vendor's file: its signature, a catalogue (.cat), a list of "
                "hashes, or the signature of that list. Repeated: each of them.",
                .repeatable = true, .left_free = true),
    CRET_OPTION("foreign-key", "FILE",
                "The vendor's key for files in his own format, in the place of a trust policy: a "
                "certificate or public key (PEM), or a key as its tool writes it. Repeated: any of "
                "them.",
                .repeatable = true, .excludes = "trust anchor foreign-signer"),
    CRET_OPTION("foreign-signer", "SUBJECT",
                "The publisher by the subject of his certificate, below the CA of --anchor, in the "
                "place of a trust policy.",
                .needs = "anchor"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_check_foreign_group = {"Files in vendors' own formats",
                                                           foreign_options};

enum cret_status cret_check_foreign_read(struct cret_foreign_side **ret_sides, size_t *ret_count,
                                         const struct cret_options *options, struct cret_err *err)
{
    const size_t count = cret_options_count(options, "foreign-signature");
    if (count == 0) {
        return CRET_OK;
    }
    if (count > CRET_LIMIT_FOREIGN_SIDES) {
        cret_err_usage(err, "too many files were given with --foreign-signature");
        return cret_err_expected(err, "at most %u", CRET_LIMIT_FOREIGN_SIDES);
    }
    struct cret_foreign_side *sides = calloc(count, sizeof(*sides));
    if (sides == NULL) {
        return cret_err_memory(err);
    }
    *ret_sides = sides;
    for (size_t i = 0; i < count; i++) {
        const char *path = cret_options_values(options, "foreign-signature")[i];
        char *data = NULL;
        if (cret_file_read(&data, &sides[i].size, path, CRET_LIMIT_FOREIGN_SIDE_BYTES,
                           CRET_ERR_USAGE, err) != CRET_OK) {
            return cret_err_context(err, "--foreign-signature");
        }
        sides[i].data = (const uint8_t *)data;
        sides[i].name = cret_path_name(path);
        *ret_count = i + 1;
    }
    return CRET_OK;
}

void cret_check_foreign_free(struct cret_foreign_side **sides, size_t count)
{
    for (size_t i = 0; *sides != NULL && i < count; i++) {
        free((void *)(uintptr_t)(*sides)[i].data);
    }
    free(*sides);
    *sides = NULL;
}
