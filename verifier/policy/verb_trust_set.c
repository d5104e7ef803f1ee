/* SPDX-License-Identifier: Apache-2.0 */
/* trust set: the fields of a policy besides signers, by a table: option, field, and how a value of
 * the one becomes a value of the other. What the value means is the policy parser's to judge. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "trust/x509/certificate.h"
#include "trust/x509/crl.h"
#include "verifier/policy/trust_anchor.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

struct field {
    const char *option, *key;
    enum cret_status (*set)(struct cret_trust_edit *edit, const struct field *field,
                            const char *value, struct cret_err *err);
    bool replaces; /* the values of one run replace the list that is there */
};

static enum cret_status set_text(struct cret_trust_edit *edit, const struct field *field,
                                 const char *value, struct cret_err *err)
{
    return cret_trust_edit_text(edit->json, field->key, value, err);
}

static enum cret_status set_time(struct cret_trust_edit *edit, const struct field *field,
                                 const char *value, struct cret_err *err)
{
    int64_t seconds = 0;
    const bool none = strcmp(value, "none") == 0;
    if (!none && cret_trust_edit_time(&seconds, field->option, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_trust_edit_text(edit->json, field->key, none ? NULL : value, err);
}

/* A decimal whole number, for values that are a part of an option's. */
static enum cret_status parse_number(int64_t *ret_number, const struct field *field,
                                     const char *text, struct cret_err *err)
{
    const size_t digits = strspn(text, "0123456789");
    int64_t number = 0;
    for (size_t i = 0; i < digits && digits <= 15; i++) {
        number = number * 10 + (text[i] - '0');
    }
    if (digits == 0 || digits > 15 || text[digits] != '\0') {
        return cret_err_usage(err, "--%s: not a whole number: %s", field->option, text);
    }
    *ret_number = number;
    return CRET_OK;
}

static enum cret_status put_number(json_t *object, const char *key, int64_t number,
                                   struct cret_err *err)
{
    return json_object_set_new(object, key, json_integer(number)) == 0 ? CRET_OK
                                                                       : cret_err_memory(err);
}

static enum cret_status set_days(struct cret_trust_edit *edit, const struct field *field,
                                 const char *value, struct cret_err *err)
{
    int64_t number = 0;
    if (strcmp(value, "none") == 0) {
        return cret_trust_edit_text(edit->json, field->key, NULL, err);
    }
    if (parse_number(&number, field, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return put_number(edit->json, field->key, number, err);
}

/* NAME=VALUE at its last "=", so that a name may have one. Caller frees *ret_name. */
static enum cret_status split(char **ret_name, const char **ret_value, const struct field *field,
                              const char *text, struct cret_err *err)
{
    const char *equals = strrchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        return cret_err_usage(err, "--%s: not NAME=VALUE: %s", field->option, text);
    }
    *ret_name = strndup(text, (size_t)(equals - text));
    *ret_value = equals + 1;
    return *ret_name != NULL ? CRET_OK : cret_err_memory(err);
}

static json_t *make_list(json_t *object, const char *key)
{
    json_t *list = json_object_get(object, key);
    if (list == NULL && json_object_set_new(object, key, json_array()) == 0) {
        list = json_object_get(object, key);
    }
    return list;
}

static enum cret_status append(struct cret_trust_edit *edit, const struct field *field,
                               json_t *value, struct cret_err *err)
{
    json_t *list = make_list(edit->json, field->key);
    if (value == NULL || list == NULL) {
        json_decref(value);
        return cret_err_usage(err, "--%s: not UTF-8 text, or memory is exhausted", field->option);
    }
    return json_array_append_new(list, value) == 0 ? CRET_OK : cret_err_memory(err);
}

static enum cret_status add_word(struct cret_trust_edit *edit, const struct field *field,
                                 const char *value, struct cret_err *err)
{
    /* What an absent list means. */
    const char *absent = strcmp(field->key, "waivable") == 0 ? "none" : "all";
    return strcmp(value, absent) == 0 ? CRET_OK : append(edit, field, json_string(value), err);
}

/* Appends one PEM text, which is freed: as a string, an object {pem}, or {name, pem}. */
static enum cret_status append_pem(struct cret_trust_edit *edit, const struct field *field,
                                   const char *name, char *text, struct cret_err *err)
{
    if (text == NULL) {
        return cret_err_memory(err);
    }
    json_t *entry = name != NULL ? json_pack("{s:s, s:s}", "name", name, "pem", text)
                    : strcmp(field->key, "crls") == 0 ? json_pack("{s:s}", "pem", text)
                                                      : json_string(text);
    free(text);
    return append(edit, field, entry, err);
}

/* Every certificate of a file becomes an entry; a name goes with one alone. */
static enum cret_status append_certificates(struct cret_trust_edit *edit, const struct field *field,
                                            const char *name, const char *path, const char *data,
                                            size_t size, struct cret_err *err)
{
    struct cret_certificate **list = NULL;
    size_t count = 0;
    if (cret_certificates_read(&list, &count, data, size, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    if (name != NULL && count != 1) {
        status =
            cret_err_usage(err, "%s holds %zu certificates; an authority has one", path, count);
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        status = append_pem(edit, field, name, cret_certificate_pem(list[i]), err);
    }
    cret_certificates_free(&list, count);
    return status;
}

static enum cret_status append_lists(struct cret_trust_edit *edit, const struct field *field,
                                     const char *path, const char *data, size_t size,
                                     struct cret_err *err)
{
    struct cret_crl **list = NULL;
    size_t count = 0;
    enum cret_status status = cret_crls_read(&list, &count, data, size, path, err);
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        status = append_pem(edit, field, NULL, cret_crl_pem(list[i]), err);
    }
    cret_crls_free(&list, count);
    return status;
}

/* A file of certificates or lists, in PEM or DER; NAME=FILE for an authority. It is written anew,
 * so that the policy has the one form whatever the file looks like. */
static enum cret_status add_pem(struct cret_trust_edit *edit, const struct field *field,
                                const char *value, struct cret_err *err)
{
    char *name = NULL, *data = NULL;
    const char *path = value;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    const bool named = strcmp(field->option, "timestamp-authority") == 0;
    const bool lists = strcmp(field->key, "crls") == 0;
    if (strcmp(value, "none") == 0) {
        return CRET_OK;
    }
    if ((named && split(&name, &path, field, value, err) != CRET_OK) ||
        cret_file_read(&data, &size, path, lists ? CRET_LIMIT_CRL_BYTES : CRET_LIMIT_PEM_BYTES,
                       CRET_ERR_USAGE, err) != CRET_OK) {
        goto out;
    }
    status = lists ? append_lists(edit, field, path, data, size, err)
                   : append_certificates(edit, field, name, path, data, size, err);
    if (status != CRET_OK) {
        cret_err_context(err, "--%s", field->option);
    }
out:
    free(name);
    free(data);
    return status;
}

static enum cret_status set_severity(struct cret_trust_edit *edit, const struct field *field,
                                     const char *value, struct cret_err *err)
{
    char *name = NULL;
    const char *word = NULL;
    json_t *map = json_object_get(edit->json, field->key);
    if (split(&name, &word, field, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    if (map == NULL && json_object_set_new(edit->json, field->key, json_object()) == 0) {
        map = json_object_get(edit->json, field->key);
    }
    if (map == NULL) {
        status = cret_err_memory(err);
    } else {
        status = cret_trust_edit_text(map, name, strcmp(word, "default") == 0 ? NULL : word, err);
        if (json_object_size(map) == 0) {
            json_object_del(edit->json, field->key); /* it is there: just looked up */
        }
    }
    free(name);
    return status;
}

static enum cret_status set_floor(struct cret_trust_edit *edit, const struct field *field,
                                  const char *value, struct cret_err *err)
{
    char *product = NULL;
    const char *text = NULL;
    int64_t sequence = 0;
    size_t index = 0;
    enum cret_status status = CRET_FAILED;
    json_t *scope = cret_trust_edit_scope(edit, err);
    if (scope == NULL || split(&product, &text, field, value, err) != CRET_OK ||
        parse_number(&sequence, field, text, err) != CRET_OK) {
        goto out;
    }
    json_t *list = make_list(scope, field->key);
    json_t *floor = cret_trust_edit_find(list, "product", product, &index);
    if (sequence == 0) {
        status =
            floor == NULL || json_array_remove(list, index) == 0 ? CRET_OK : cret_err_memory(err);
    } else if (floor != NULL) {
        status = put_number(floor, "sequence", sequence, err);
    } else {
        floor = json_pack("{s:s, s:I}", "product", product, "sequence", (json_int_t)sequence);
        status = list != NULL && floor != NULL && json_array_append_new(list, floor) == 0
                     ? CRET_OK
                     : cret_err_usage(err, "--%s: not UTF-8 text, or memory is exhausted",
                                      field->option);
    }
    if (json_array_size(list) == 0) {
        json_object_del(scope, field->key); /* it is there: just looked up */
    } else if (status == CRET_OK && sequence > 0) {
        status = cret_trust_edit_pins(scope, err);
    }
out:
    free(product);
    return status;
}

static enum cret_status set_threshold(struct cret_trust_edit *edit, const struct field *field,
                                      const char *value, struct cret_err *err)
{
    char *name = NULL;
    const char *text = NULL;
    int64_t threshold = 0;
    enum cret_status status = CRET_FAILED;
    json_t *scope = cret_trust_edit_scope(edit, err);
    if (scope == NULL || split(&name, &text, field, value, err) != CRET_OK ||
        parse_number(&threshold, field, text, err) != CRET_OK) {
        goto out;
    }
    json_t *role = cret_trust_edit_find(json_object_get(scope, "roles"), "role", name, NULL);
    status = role != NULL
                 ? put_number(role, field->key, threshold, err)
                 : cret_err_usage(err, "--%s: this scope has no role %s", field->option, name);
out:
    free(name);
    return status;
}

/* The anchor of a signer's second key, in the place of the one that he has. Whether its key is a
 * post-quantum one, and no other signer's, is the policy parser's to say. */
static enum cret_status set_second_anchor(struct cret_trust_edit *edit, const struct field *field,
                                          const char *value, struct cret_err *err)
{
    const char *name = cret_options_value(edit->options, "signer");
    struct cret_trust_anchor anchor = {.count = 0};
    enum cret_status status = CRET_FAILED;
    json_t *scope = cret_trust_edit_scope(edit, err);
    if (scope == NULL) {
        return CRET_FAILED;
    }
    json_t *signer = cret_trust_edit_find(json_object_get(scope, "signers"), "name", name, NULL);
    if (signer == NULL) {
        cret_err_usage(err, "nobody is called %s there", name);
        return cret_err_hint(err, "cretula-verify trust show lists the signers; trust add-signer "
                                  "adds one");
    }
    if (strcmp(value, "none") == 0) {
        if (json_object_del(signer, field->key) != 0) {
            cret_err_usage(err, "%s has no post-quantum anchor", name);
            return cret_err_hint(err, "there is nothing to remove");
        }
        return CRET_OK;
    }
    if (cret_trust_anchor_read(&anchor, edit->options, value, err) == CRET_OK &&
        cret_trust_anchor_confirm(&anchor, edit->options, err) == CRET_OK) {
        json_t *entry = json_pack("{s:s, s:s}", "type", anchor.type, "pem", anchor.pem);
        status = entry != NULL && json_object_set_new(signer, field->key, entry) == 0
                     ? CRET_OK
                     : cret_err_memory(err);
    }
    cret_trust_anchor_clear(&anchor);
    return status;
}

static enum cret_status set_owners_threshold(struct cret_trust_edit *edit,
                                             const struct field *field, const char *value,
                                             struct cret_err *err)
{
    int64_t threshold = 0;
    json_t *owners = json_object_get(edit->json, "owners");
    if (parse_number(&threshold, field, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (owners == NULL) {
        cret_err_usage(err, "the policy has no owners");
        return cret_err_hint(err, "cretula-verify trust add-signer FILE --policy-owner "
                                  "--signer NAME --anchor PEM --obtained TEXT");
    }
    return put_number(owners, field->key, threshold, err);
}

static const struct field fields[] = {
    {"name", "name", set_text, false},
    {"review-by", "reviewBy", set_time, false},
    {"expires", "expires", set_time, false},
    {"severity", "severities", set_severity, false},
    {"minimum-sequence", "minimumSequence", set_floor, false},
    {"threshold", "threshold", set_threshold, false},
    {"owners-threshold", "threshold", set_owners_threshold, false},
    {"algorithm", "algorithms", add_word, true},
    {"waivable", "waivable", add_word, true},
    {"revocation", "revocation", set_text, false},
    {"crl", "crls", add_pem, true},
    {"crl-max-age", "crlMaxAgeDays", set_days, false},
    {"timestamp", "timestamp", set_text, false},
    {"timestamp-authority", "timestampAuthorities", add_pem, true},
    {"intermediate", "intermediates", add_pem, true},
    {"post-quantum", "postQuantum", set_text, false},
    {"post-quantum-anchor", "postQuantum", set_second_anchor, false},
};

/* Every value of one option. *changed counts them. */
static enum cret_status set_field(struct cret_trust_edit *edit, const struct field *field,
                                  size_t *changed, struct cret_err *err)
{
    const size_t count = cret_options_count(edit->options, field->option);
    const char *const *values = cret_options_values(edit->options, field->option);
    if (field->replaces && count > 0) {
        json_object_del(edit->json, field->key); /* it need not have been there */
    }
    for (size_t i = 0; i < count; i++) {
        if (field->set(edit, field, values[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    *changed += count;
    return CRET_OK;
}

static enum cret_status set_fields(struct cret_trust_edit *edit, struct cret_err *err)
{
    size_t changed = 0;
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        if (set_field(edit, &fields[i], &changed, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (changed == 0) {
        return cret_err_usage(err, "nothing to set: give at least one field");
    }
    return cret_trust_edit_write(edit, false, err);
}

static int act(const struct cret_options *options)
{
    return cret_trust_edit_run(options, false, set_fields, "set");
}

static const struct cret_option set_options[] = {
    CRET_OPTION(
        "name", "TEXT",
        "Name of the policy. A station takes only versions of the same name by trust update."),
    CRET_OPTION("review-by", "TIME", "From when on a review is due; `none`: never."),
    CRET_OPTION("expires", "TIME", "From when on the policy is not used any more; `none`: never."),
    CRET_OPTION("severity", "CHECK=WORD",
                "What a finding of this check leads to: fail, warn or ignore; `default`: as the "
                "table of checks says.",
                .repeatable = true),
    CRET_OPTION("minimum-sequence", "PRODUCT=N",
                "Refuse releases of this product with a lower sequence; 0: no floor.",
                .repeatable = true),
    CRET_OPTION("threshold", "ROLE=N", "How many signers of the role must have signed.",
                .repeatable = true),
    CRET_OPTION("vendor", "TEXT",
                "The vendor of the scope that --minimum-sequence, --threshold and "
                "--post-quantum-anchor are about. Needed where there are several scopes.",
                .needs = "minimum-sequence threshold post-quantum-anchor"),
    CRET_OPTION("owners-threshold", "N",
                "How many owners must sign this version and the next one."),
    CRET_OPTION("algorithm", "NAME",
                "Let only signatures by these algorithms count, for example ecdsa-p256-sha256; "
                "`all`: every one of the profile. rsa-2048: RSA keys of 2048 bits count besides, "
                "which every verdict warns of.",
                .repeatable = true),
    CRET_OPTION("waivable", "CHECK-ID",
                "The checks that signers of the role waiver may waive, instead of those it has; "
                "`none`: no check.",
                .repeatable = true),
    CRET_OPTION("revocation", "WORD", "Whether revocation lists must be there.",
                .choices = cret_revocation_words),
    CRET_OPTION(
        "crl", "FILE",
        "The policy's revocation lists (PEM or DER), instead of those it has; `none`: no lists.",
        .repeatable = true),
    CRET_OPTION("crl-max-age", "DAYS",
                "After how many days a revocation list is stale; `none`: as it says itself."),
    CRET_OPTION("timestamp", "WORD", "Whether signatures must have a timestamp.",
                .choices = cret_demand_words),
    CRET_OPTION("timestamp-authority", "NAME=FILE",
                "Who may make timestamps, instead of those it has: a CA, or the authority's own "
                "certificate; `none`: nobody.",
                .repeatable = true),
    CRET_OPTION("intermediate", "FILE",
                "Certificates between signers and anchors, for signatures that lack them, instead "
                "of those it has; `none`: no such ones.",
                .repeatable = true),
    CRET_OPTION("post-quantum", "WORD",
                "Whether signers must sign with their post-quantum key too.",
                .choices = cret_demand_words),
    CRET_OPTION("post-quantum-anchor", "PEM",
                "The certificate of the post-quantum key of --signer, beside the anchor that he "
                "has and instead of an older one: a CA, or his own (pinned); `none`: no such key.",
                .needs = "signer"),
    CRET_OPTION("signer", "NAME", "Whose post-quantum key it is.", .needs = "post-quantum-anchor"),
    CRET_OPTION("fingerprint", "HEX",
                "SHA-256 of that certificate, as obtained on another way than the file. Asked for "
                "on a terminal where it is not given.",
                .needs = "post-quantum-anchor"),
    CRET_FLAG("pin-key",
              "Pin the key of that certificate, whatever certificate it has later; the fingerprint "
              "is then that of the key.",
              .needs = "post-quantum-anchor"),
    CRET_OPTION_END,
};
static const struct cret_option_group fields_group = {"Fields", set_options};

const struct cret_verb cret_verb_trust_set = {
    .name = "set",
    .operands = "FILE",
    .summary = "Change other fields of a trust policy",
    .help = "The version rises by itself, once for each run; --keep-version for further changes to "
            "a version that nobody has signed or installed yet.",
    .groups = CRET_GROUPS(&fields_group, &cret_scope_group, &cret_trust_edit_group,
                          &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES("cretula-verify trust set trust.json --severity sbom.bsi=fail",
                              "cretula-verify trust set trust.json --expires "
                              "2028-12-31T00:00:00Z",
                              "cretula-verify trust set trust.json --signer \"Release signing\" "
                              "--post-quantum-anchor release-pq.cert.pem --post-quantum prefer"),
    .run = act,
};
