/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs that change a trust policy share: each reads FILE, edits its JSON, and writes it
 * back as a whole. */
#ifndef CRET_VERIFIER_TRUST_EDIT_H
#define CRET_VERIFIER_TRUST_EDIT_H

#include <jansson.h>

#include "base/command/options.h"
#include "base/page/page.h"
#include "base/system/output.h"
#include "trust/policy/policy.h"

struct cret_trust_edit {
    const struct cret_options *options;
    const char *path;
    struct cret_held *held; /* that file, for as long as this is open */
    json_t *json;
    int64_t now;
    bool allow_example_keys;
    bool dry; /* nothing is written: the verb says what it would have done, */
    int code; /* and that is its exit code */
};

/* --keep-version, of every verb that changes a policy. */
extern const struct cret_option_group cret_trust_edit_group;

/* Of a verb that changes nothing: reads the first operand, sound as of now, as JSON and as a
 * policy. The caller owns both. class USAGE for whatever is wrong with the file. */
CRET_MUST_CHECK enum cret_status cret_trust_edit_read(json_t **ret_json,
                                                      struct cret_policy **ret_policy,
                                                      const struct cret_options *options,
                                                      struct cret_err *err);
/* What a verb of `trust` did with a policy: "FILE: DONE; version N". */
void cret_trust_edit_title(struct cret_page *page, const char *path, const char *done,
                           int64_t version);
/* A verb: locks and reads the first operand, lets `change` edit and write it, and prints "FILE:
 * DONE; version N" and the command to go on with. allow_empty: a policy without a scope may be
 * changed. The clock must not be before what is there. Where `change` sets `dry`, it prints by
 * itself. Returns the exit code. */
int cret_trust_edit_run(const struct cret_options *options, bool allow_empty,
                        enum cret_status (*change)(struct cret_trust_edit *edit,
                                                   struct cret_err *err),
                        const char *done);
/* Raises the version (but with --keep-version), sets the issue date, and writes FILE where the
 * verifier's own parser takes it. */
CRET_MUST_CHECK enum cret_status cret_trust_edit_write(struct cret_trust_edit *edit,
                                                       bool allow_empty, struct cret_err *err);

/* Sets or, where text is NULL, removes a string. */
CRET_MUST_CHECK enum cret_status cret_trust_edit_text(json_t *object, const char *key,
                                                      const char *text, struct cret_err *err);
/* RFC 3339 of `option` into *ret_seconds; class USAGE. */
CRET_MUST_CHECK enum cret_status cret_trust_edit_time(int64_t *ret_seconds, const char *option,
                                                      const char *text, struct cret_err *err);
/* --threshold, where it is given, into a role or the owners. class USAGE. */
CRET_MUST_CHECK enum cret_status
cret_trust_edit_threshold(json_t *group, const struct cret_options *options, struct cret_err *err);
/* The scope for exactly --vendor and --product (none: all); without --vendor the only scope that
 * there is. NULL: none, and err says so. Borrowed. */
json_t *cret_trust_edit_scope(const struct cret_trust_edit *edit, struct cret_err *err);
/* Whether a scope that has pins asks nothing that a file in a vendor's own format cannot answer:
 * it would let none through. No product may be in two scopes, so that another one for the same
 * product is no way out. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_trust_edit_pins(const json_t *scope, struct cret_err *err);
/* The entry of a list of objects whose `key` is `value`, with its index; NULL: none. Borrowed. */
json_t *cret_trust_edit_find(json_t *list, const char *key, const char *value, size_t *ret_index);

#endif
