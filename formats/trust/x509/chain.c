/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every path that there can be; where none holds, the reason of the first is told. */
#include "trust/x509/chain.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/asn1/library.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"
#include "trust/x509/chain_errors.h"
#include "trust/x509/chain_paths.h"
#include "trust/x509/example_keys.h"

static enum cret_status refuse_example(const struct cret_certificate *certificate,
                                       bool allow_example_keys, struct cret_err *err)
{
    const char *reason = allow_example_keys ? NULL : cret_example_certificate(certificate);
    if (reason == NULL) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TRUST_EXAMPLE_KEY, "the key of %s must never be trusted: %s",
                    cret_certificate_subject(certificate), reason);
    return cret_err_hint(err, "its private key is public; for a trial only, use "
                              "--allow-example-keys");
}

/* The end that the policy gives to an anchor. */
static enum cret_status check_anchor_end(const struct cret_chain_request *request,
                                         struct cret_err *err)
{
    char end[32];
    if (!cret_optional_past(request->anchor->not_after, request->time)) {
        return CRET_OK;
    }
    cret_time_format(end, request->anchor->not_after.value);
    cret_err_refuse(err, CRET_CHECK_CERTIFICATE_VALIDITY,
                    "the trust policy ends the trust in this anchor on %s", end);
    return cret_err_hint(err, "get the current trust policy, or a release signed with the key that "
                              "replaces this one");
}

/* Nobody who forgets to ask for a usage gets any. */
static const char *wanted_usage(const struct cret_chain_request *request)
{
    return request->any_usage       ? NULL
           : request->usage != NULL ? request->usage
                                    : CRET_USAGE_CODE_SIGNING;
}

static enum cret_status check_pin(const struct cret_chain_request *request, struct cret_err *err)
{
    const struct cret_anchor *anchor = request->anchor;
    const bool key_only = anchor->kind == CRET_ANCHOR_KEY;
    const bool same =
        key_only ? memcmp(cret_certificate_key_digest(request->signer), anchor->key_digest,
                          CRET_SHA256_BYTES) == 0
                 : memcmp(cret_certificate_digest(request->signer),
                          cret_certificate_digest(anchor->certificate), CRET_SHA256_BYTES) == 0;
    if (!same) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH, "the signer %s is not the pinned %s",
                        cret_certificate_subject(request->signer),
                        key_only ? "key" : "certificate");
        return cret_err_hint(err, "check that this is the right anchor for this vendor");
    }
    if (cret_certificate_check_strength(request->signer, false, request->allow_rsa_2048, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    /* Of a pinned key the certificate says nothing; a pinned certificate does say what it is for.
     */
    if (!key_only &&
        cret_certificate_allows(request->signer, wanted_usage(request), false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return check_anchor_end(request, err);
}

/* The request's own object behind a certificate of OpenSSL's chain. */
static const struct cret_certificate *find_certificate(const struct cret_chain_request *request,
                                                       const X509 *x509)
{
    if (x509 == NULL) {
        return NULL;
    }
    if (X509_cmp(cret_certificate_x509(request->signer), x509) == 0) {
        return request->signer;
    }
    if (X509_cmp(cret_certificate_x509(request->anchor->certificate), x509) == 0) {
        return request->anchor->certificate;
    }
    for (size_t i = 0; i < request->intermediate_count; i++) {
        if (X509_cmp(cret_certificate_x509(request->intermediates[i]), x509) == 0) {
            return request->intermediates[i];
        }
    }
    return NULL;
}

/* One run of OpenSSL's path validation. */
struct run {
    const struct cret_chain_request *request;
    const struct cret_chain *path; /* the one path that is judged; NULL: whatever OpenSSL finds */
    bool without_policies;
    int code; /* X509_V_... */
    const struct cret_certificate *culprit;
};

/* Judges the path that was found here and no other: which certificate stands above which was
 * settled by its signature, so that no hint of an authorityKeyIdentifier decides. */
static int is_issuer_in_path(X509_STORE_CTX *context, X509 *issued, X509 *issuer)
{
    const struct cret_chain *path = X509_STORE_CTX_get_app_data(context);
    if (X509_cmp(issued, issuer) == 0) {
        return X509_NAME_cmp(X509_get_subject_name(issued), X509_get_issuer_name(issued)) == 0;
    }
    for (size_t i = 0; i + 1 < path->count; i++) {
        if (X509_cmp(cret_certificate_x509(path->certificates[i]), issued) == 0) {
            return X509_cmp(cret_certificate_x509(path->certificates[i + 1]), issuer) == 0;
        }
    }
    return 0;
}

static enum cret_status set_parameters(const struct run *run, X509_STORE_CTX *context,
                                       struct cret_err *err)
{
    X509 *anchor = cret_certificate_x509(run->request->anchor->certificate);
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
    const time_t time = (time_t)run->request->time;
    if ((int64_t)time != run->request->time) {
        /* 32 bits, as the libraries of this machine have them, would be a time in another century.
         */
        return cret_err_undecided(err, "this machine's libraries know no time after 2038-01-19");
    }
    X509_VERIFY_PARAM_set_time(parameters, time);
    X509_VERIFY_PARAM_set_auth_level(parameters, 2);
    X509_VERIFY_PARAM_set_depth(parameters, CRET_LIMIT_CHAIN);
    /* RFC 5280 6.1.3 (f), with anyPolicy as initial set: OpenSSL takes policyConstraints for
     * understood, and ignores them unless asked. */
    if (!run->without_policies &&
        (X509_VERIFY_PARAM_add0_policy(parameters, OBJ_nid2obj(NID_any_policy)) != 1 ||
         X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_POLICY_CHECK) != 1)) {
        return cret_err_memory(err);
    }
    /* An anchor that is not a root is accepted as the end of the path only where it must be. */
    if ((X509_get_extension_flags(anchor) & EXFLAG_SS) == 0 &&
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN) != 1) {
        return cret_err_memory(err);
    }
    return CRET_OK;
}

/* The certificates between signer and anchor. The caller frees the list, not what is in it. */
static enum cret_status push_intermediates(const struct run *run, STACK_OF(X509) * list,
                                           struct cret_err *err)
{
    const struct cret_chain *path = run->path;
    const size_t count = path == NULL      ? run->request->intermediate_count
                         : path->count > 2 ? path->count - 2
                                           : 0;
    for (size_t i = 0; i < count; i++) {
        const struct cret_certificate *certificate =
            path == NULL ? run->request->intermediates[i] : path->certificates[i + 1];
        if (sk_X509_push(list, cret_certificate_x509(certificate)) <= 0) {
            return cret_err_memory(err);
        }
    }
    return CRET_OK;
}

/* Is what OpenSSL found the path that was asked about? */
static bool same_path(const struct cret_chain *path, STACK_OF(X509) * found)
{
    if (sk_X509_num(found) < 0 || (size_t)sk_X509_num(found) != path->count) {
        return false;
    }
    for (size_t i = 0; i < path->count; i++) {
        if (X509_cmp(sk_X509_value(found, (int)i), cret_certificate_x509(path->certificates[i])) !=
            0) {
            return false;
        }
    }
    return true;
}

/* Sets run->code; CRET_OK only says that OpenSSL could be asked. X509_V_OK only for this path. */
static enum cret_status validate(struct run *run, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    X509 *signer = cret_certificate_x509(run->request->signer);
    run->code = X509_V_ERR_UNSPECIFIED;
    run->culprit = NULL;
    if (store == NULL || context == NULL || untrusted == NULL ||
        X509_STORE_add_cert(store, cret_certificate_x509(run->request->anchor->certificate)) != 1) {
        cret_err_memory(err);
        goto out;
    }
    if (run->path != NULL) {
        X509_STORE_set_check_issued(store, is_issuer_in_path);
    }
    if (push_intermediates(run, untrusted, err) != CRET_OK) {
        goto out;
    }
    if (X509_STORE_CTX_init(context, store, signer, untrusted) != 1 ||
        X509_STORE_CTX_set_app_data(context, (void *)(uintptr_t)run->path) != 1) {
        cret_err_memory(err);
        goto out;
    }
    if (set_parameters(run, context, err) != CRET_OK) {
        goto out;
    }
    if (!cret_library_holds_bare(X509_verify_cert(context))) {
        run->code = X509_STORE_CTX_get_error(context);
        /* "Out of memory" is its word for too many policies as well: explain() tells the two apart.
         */
        if (run->code != X509_V_ERR_OUT_OF_MEM) {
            cret_library_suspect();
        }
        if (run->code == X509_V_OK) {
            run->code = X509_V_ERR_UNSPECIFIED;
        }
        run->culprit = find_certificate(run->request, X509_STORE_CTX_get_current_cert(context));
    } else if (run->path != NULL && same_path(run->path, X509_STORE_CTX_get0_chain(context))) {
        run->code = X509_V_OK;
    }
    status = CRET_OK;
out:
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    sk_X509_free(untrusted);
    return status;
}

/* Can the policies of the path make a tree of a thousand nodes, OpenSSL's bound? Each mapping of
 * one to one adds a node for each node above it; so few cannot. */
static bool has_many_policies(const struct cret_chain *path)
{
    enum { MAPPINGS_FEW = 8, POLICIES_FEW = 100 };
    size_t mapped = 0, named = 0;
    for (size_t i = 0; i < path->count; i++) {
        X509 *x509 = cret_certificate_x509(path->certificates[i]);
        POLICY_MAPPINGS *mappings = X509_get_ext_d2i(x509, NID_policy_mappings, NULL, NULL);
        CERTIFICATEPOLICIES *policies =
            X509_get_ext_d2i(x509, NID_certificate_policies, NULL, NULL);
        mapped += mappings == NULL ? 0 : (size_t)sk_POLICY_MAPPING_num(mappings);
        named += policies == NULL ? 0 : (size_t)sk_POLICYINFO_num(policies);
        sk_POLICY_MAPPING_pop_free(mappings, POLICY_MAPPING_free);
        CERTIFICATEPOLICIES_free(policies);
    }
    return mapped > MAPPINGS_FEW || named > POLICIES_FEW;
}

/* OpenSSL says "out of memory" too where policies multiply beyond its bound (CVE-2023-0464). That
 * happens every time, and only with policies. */
static bool policies_too_many(const struct run *run)
{
    struct run again = *run, without = *run;
    without.without_policies = true;
    return run->path != NULL && has_many_policies(run->path) &&
           validate(&without, NULL) == CRET_OK && without.code == X509_V_OK &&
           validate(&again, NULL) == CRET_OK && again.code == X509_V_ERR_OUT_OF_MEM;
}

static enum cret_status explain(const struct run *run, struct cret_err *err)
{
    const struct cret_chain_request *request = run->request;
    const struct cret_certificate *culprit = run->culprit != NULL ? run->culprit : request->signer;
    int code = run->code;
    if (code == X509_V_ERR_OUT_OF_MEM) {
        if (!policies_too_many(run)) {
            return cret_err_memory(err);
        }
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH,
                        "the path of %s maps certificate policies so often that it cannot be "
                        "judged",
                        cret_certificate_subject(request->signer));
        return cret_err_hint(err, "%s", cret_chain_ask_issuer);
    }
    /* OpenSSL calls a CA without keyCertSign no CA; its owner would look for the wrong fault. */
    if (code == X509_V_ERR_INVALID_CA && cret_certificate_is_ca(culprit)) {
        code = X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
    }
    if (code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID) {
        if (cret_certificate_check_validity(culprit, request->time, err) != CRET_OK) {
            return CRET_FAILED;
        }
        return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_VALIDITY, "the certificate of %s: %s",
                               cret_certificate_subject(culprit),
                               X509_verify_cert_error_string(code));
    }
    const struct cret_chain_error *row = cret_chain_error(code);
    if (row == NULL) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH, "the certificate of %s: %s",
                        cret_certificate_subject(culprit), X509_verify_cert_error_string(code));
    } else {
        cret_err_refuse(err, row->check, "the certificate of %s %s",
                        cret_certificate_subject(culprit), row->what);
    }
    cret_err_expected(err, "a path to %s", cret_certificate_subject(request->anchor->certificate));
    cret_err_actual(err, "issued by %s", cret_certificate_issuer(culprit));
    return cret_err_hint(err, "%s", row == NULL ? cret_chain_other_anchor : row->hint);
}

/* basicConstraints and keyUsage of an issuer (RFC 5280 4.2.1.9, 4.2.1.3), whatever OpenSSL allows
 * for old certificates; `below`: how many intermediates stand between it and the signer, without
 * self-issued ones. */
static enum cret_status check_issuer(const struct cret_certificate *issuer, size_t below,
                                     struct cret_err *err)
{
    X509 *x509 = cret_certificate_x509(issuer);
    if (!cret_certificate_is_ca(issuer)) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "%s issued a certificate, but is not a certification authority",
                        cret_certificate_subject(issuer));
        return cret_err_expected(err, "basicConstraints with CA:TRUE");
    }
    if ((X509_get_extension_flags(x509) & EXFLAG_KUSAGE) != 0 &&
        (X509_get_key_usage(x509) & KU_KEY_CERT_SIGN) == 0) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "%s issued a certificate, but its key usage does not allow that",
                        cret_certificate_subject(issuer));
        return cret_err_expected(err, "keyUsage with keyCertSign");
    }
    const long path_length = X509_get_pathlen(x509);
    if (path_length >= 0 && below > (size_t)path_length) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "the path below %s is longer than its basic constraints allow",
                        cret_certificate_subject(issuer));
        return cret_err_expected(err, "at most %ld intermediate certificates", path_length);
    }
    return CRET_OK;
}

/* RFC 5280 6.1: issuer and subject are the same; a CA that changed its key or its policy. */
static bool is_self_issued(const struct cret_certificate *certificate)
{
    return cret_certificate_names_issuer(certificate, certificate);
}

/* What OpenSSL does not judge, or judges more leniently. */
static enum cret_status check_path(const struct cret_chain_request *request,
                                   const struct cret_chain *chain, struct cret_err *err)
{
    size_t below = 0;
    if (!request->issuer_of_lists &&
        cret_certificate_allows(chain->certificates[0], wanted_usage(request), true, err) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < chain->count; i++) {
        const struct cret_certificate *certificate = chain->certificates[i];
        const bool is_anchor = i + 1 == chain->count;
        if (refuse_example(certificate, request->allow_example_keys, err) != CRET_OK ||
            cret_certificate_check_strength(certificate, !is_anchor, request->allow_rsa_2048,
                                            err) != CRET_OK ||
            cret_certificate_check_validity(certificate, request->time, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_certificate_parts(certificate)->version != 3) {
            return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH,
                                   "the certificate of %s is not of X.509 version 3",
                                   cret_certificate_subject(certificate));
        }
        if (i == 0) {
            continue;
        }
        if (check_issuer(certificate, below, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!is_anchor && !request->issuer_of_lists &&
            cret_certificate_usage_within(certificate, wanted_usage(request), err) != CRET_OK) {
            return CRET_FAILED;
        }
        below += is_self_issued(certificate) ? 0 : 1;
    }
    return CRET_OK;
}

static enum cret_status judge_path(const struct cret_chain_request *request,
                                   const struct cret_chain *path, struct cret_err *err)
{
    struct run run = {.request = request, .path = path};
    if (validate(&run, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (run.code != X509_V_OK) {
        return explain(&run, err);
    }
    if (check_path(request, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return request->accept == NULL ? CRET_OK : request->accept(request, path, err);
}

/* No path at all: what OpenSSL says of its own attempt tells most. */
static enum cret_status explain_no_path(const struct cret_chain_request *request,
                                        struct cret_err *err)
{
    struct run run = {.request = request};
    return validate(&run, err) != CRET_OK ? CRET_FAILED : explain(&run, err);
}

/* Where there can be one path only, it is judged at once: that verifies the signature which
 * finding it would have verified. Whatever speaks against it is found out by looking for it. */
static bool goes_straight(const struct cret_chain_request *request, struct cret_chain *ret_chain)
{
    struct cret_chain path;
    struct cret_err ignored = {0};
    if (!cret_paths_straight(&path, request) || judge_path(request, &path, &ignored) != CRET_OK) {
        return false;
    }
    *ret_chain = path;
    return true;
}

/* Every path is tried; the reason of the first one is told where all fail. */
static enum cret_status find_path(const struct cret_chain_request *request,
                                  struct cret_chain *ret_chain, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_paths *paths = NULL;
    struct cret_err first = {0};
    if (goes_straight(request, ret_chain)) {
        return CRET_OK;
    }
    if (cret_paths_find(&paths, request, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; status != CRET_OK && i < paths->count; i++) {
        struct cret_err reason = {0};
        status = judge_path(request, &paths->paths[i], &reason);
        if (status == CRET_OK) {
            *ret_chain = paths->paths[i];
        } else if (i == 0 || reason.class != CRET_ERR_REFUSED) {
            first = reason;
            if (reason.class != CRET_ERR_REFUSED) {
                break;
            }
        }
    }
    if (status != CRET_OK && paths->count > 0 && err != NULL) {
        *err = first;
    }
    if (status != CRET_OK && paths->count == 0) {
        explain_no_path(request, err);
    }
    if (status != CRET_OK && paths->cut && err != NULL && err->class == CRET_ERR_REFUSED) {
        cret_err_hint(err, "its certificates can be joined to more paths than are tried: give "
                           "fewer intermediates in the trust policy, or the nearest authority as "
                           "the anchor");
    }
    free(paths);
    return status;
}

enum cret_status cret_chain_verify(const struct cret_chain_request *request,
                                   struct cret_chain *ret_chain, struct cret_err *err)
{
    struct cret_chain chain;
    memset(&chain, 0, sizeof(chain));
    if (cret_library_begin(err) != CRET_OK ||
        refuse_example(request->signer, request->allow_example_keys, err) != CRET_OK) {
        return CRET_FAILED;
    }
    switch (request->anchor->kind) {
    case CRET_ANCHOR_KEY:
    case CRET_ANCHOR_CERTIFICATE:
        chain.certificates[0] = request->signer;
        chain.count = 1;
        if (check_pin(request, err) != CRET_OK ||
            (request->accept != NULL && request->accept(request, &chain, err) != CRET_OK)) {
            return CRET_FAILED;
        }
        break;
    case CRET_ANCHOR_CA:
        /* The end comes last: of an anchor that the path does not lead to it says nothing. */
        if (cret_certificate_check_strength(request->signer, false, request->allow_rsa_2048, err) !=
                CRET_OK ||
            find_path(request, &chain, err) != CRET_OK ||
            check_anchor_end(request, err) != CRET_OK) {
            return CRET_FAILED;
        }
        break;
    default:
        return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH, "the anchor is of unknown kind");
    }
    *ret_chain = chain;
    return CRET_OK;
}

bool cret_chain_reaches(const struct cret_chain_request *request,
                        const struct cret_certificate *issuer, int64_t time)
{
    struct cret_chain_request other = *request;
    struct cret_chain chain;
    /* Whoever has the CA's name and no word about what for is no issuer of lists. */
    if (!cret_certificate_is_ca(issuer) &&
        (X509_get_extension_flags(cret_certificate_x509(issuer)) & EXFLAG_KUSAGE) == 0) {
        return false;
    }
    other.signer = issuer;
    other.time = time;
    other.issuer_of_lists = true;
    other.accept = NULL;
    return request->anchor->kind == CRET_ANCHOR_CA &&
           cret_chain_verify(&other, &chain, NULL) == CRET_OK;
}
