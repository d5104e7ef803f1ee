/* SPDX-License-Identifier: Apache-2.0 */
/* timestamp: the request for an authority, and its answer put into the archive. The archive and the
 * answer are parsed by a process that can do nothing else. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/nature.h"
#include "base/text/time.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/verbs/timestamp_report.h"
#include "signer/verbs/verbs.h"
#include "trust/cms/timestamp_exchange.h"
#include "trust/x509/example_keys.h"

#define SIGNER_DIGITS_MINIMUM 8u

/* One run. */
struct work {
    struct cret_amend amend;
    char *data; /* the authority's answer as it came; NULL: a request is made */
    size_t size;
    /* Of the reading process: */
    const struct cret_cms *cms; /* the signature that gets the timestamp; borrowed */
    size_t index;               /* of it, in the archive */
    struct cret_timestamp_answer answer;
};

/* The reading process. */

static const struct cret_gate_result *gate_of(const struct work *work)
{
    return cret_amend_gate(&work->amend);
}

static const struct cret_cms *signature_at(const struct work *work, size_t index)
{
    return gate_of(work)->signatures[index].cms;
}

static bool has_digits(const struct cret_cms *cms, const char *digits)
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, cret_certificate_key_digest(cret_cms_signer(cms)), CRET_SHA256_BYTES);
    return strncmp(hex, digits, strlen(digits)) == 0;
}

/* May this signature get the timestamp? Of a package, where none is named, that of its author, who
 * signed before all others: an answer says itself what it is for. */
static bool is_candidate(const struct work *work, size_t index)
{
    const char *digits = cret_options_value(work->amend.options, "signer");
    const struct cret_cms *cms = signature_at(work, index);
    const bool meant = digits != NULL ? has_digits(cms, digits)
                       : !work->amend.package
                           ? true
                           : work->data != NULL || work->amend.seen.package->pairs[index].first;
    return cret_cms_timestamp(cms) == NULL && meant;
}

/* Names the signatures that could be meant. */
static void list_candidates(const struct work *work, struct cret_err *err)
{
    struct cret_buffer list = {0};
    for (size_t i = 0; i < gate_of(work)->signature_count; i++) {
        if (is_candidate(work, i)) {
            cret_buffer_printf(&list, "%s%s (%s)", list.size == 0 ? "" : ", ",
                               gate_of(work)->signatures[i].name,
                               cret_certificate_subject(cret_cms_signer(signature_at(work, i))));
        }
    }
    cret_err_actual(err, "%s", list.data != NULL ? list.data : "");
    cret_buffer_free(&list);
}

static enum cret_status count_candidates(struct work *work, size_t *ret_count, struct cret_err *err)
{
    *ret_count = 0;
    for (size_t i = 0; i < gate_of(work)->signature_count; i++) {
        if (is_candidate(work, i)) {
            work->index = i;
            work->cms = signature_at(work, i);
            (*ret_count)++;
        }
    }
    if (*ret_count == 0) {
        cret_err_usage(err, "there is no signature that needs a timestamp");
        return cret_err_hint(err, gate_of(work)->signature_count == 0 ? "sign the archive first"
                                  : work->amend.package
                                      ? "the author's has one already, or --signer names none; it "
                                        "names the signature of an approval too"
                                      : "each of them has one already, or --signer names none");
    }
    return CRET_OK;
}

/* What a person asks of the signature, in either direction. */
static json_t *subject_json(const struct work *work)
{
    const struct cret_certificate *signer = cret_cms_signer(work->cms);
    struct cret_build json = cret_build_object();
    cret_build_sha256(&json, "identity",
                      work->amend.package && cret_package_is_open(&work->amend.seen)
                          ? NULL
                          : cret_amend_manifest(&work->amend)->identity);
    cret_build_string(&json, "member", gate_of(work)->signatures[work->index].name);
    cret_build_string(&json, "subject", cret_certificate_subject(signer));
    cret_build_integer(&json, "certificateEnds", cret_certificate_not_after(signer));
    return cret_build_end(&json);
}

static enum cret_status make_request(struct work *work, struct cret_apart_told *told,
                                     struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0, count = 0;
    if (count_candidates(work, &count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (count > 1) {
        cret_err_usage(err, "several signatures have no timestamp: which is meant?");
        list_candidates(work, err);
        return cret_err_hint(err, "name one with --signer HEX");
    }
    if (work->amend.package &&
        cret_package_may_change(&work->amend.seen, work->index, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_timestamp_request(&der, &size, work->cms, err) != CRET_OK) {
        return CRET_FAILED;
    }
    told->files[0].data = (char *)der;
    told->files[0].size = size;
    json_t *report = subject_json(work);
    told->json = report != NULL ? json_pack("{s:o}", "report", report) : NULL;
    return told->json != NULL ? CRET_OK : cret_err_memory(err);
}

static void note(struct work *work, const char *who, const char *actual, const char *hint,
                 const char *what)
{
    cret_findings_add(work->amend.notes, CRET_CHECK_SIGNATURE_TIMESTAMP, CRET_RESULT_WARN,
                      (struct cret_finding_text){.where = who, .actual = actual, .hint = hint},
                      "%s", what);
}

/* The signature whose value the token is over. */
static enum cret_status find_subject(struct work *work, struct cret_bytes token,
                                     struct cret_err *err)
{
    size_t count = 0;
    if (count_candidates(work, &count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < gate_of(work)->signature_count; i++) {
        struct cret_timestamp *timestamp = NULL;
        if (!is_candidate(work, i)) {
            continue;
        }
        cret_err_clear(err);
        const enum cret_status status = cret_timestamp_parse(
            &timestamp, token, cret_timestamp_subject(signature_at(work, i)), false, err);
        cret_timestamp_free(&timestamp);
        if (status == CRET_OK) {
            work->index = i;
            work->cms = signature_at(work, i);
            return CRET_OK;
        }
    }
    return CRET_FAILED;
}

/* What the authority may not be, and the time that it cannot have been yet. */
static enum cret_status check_token(const struct work *work, const struct cret_cms *cms,
                                    struct cret_err *err)
{
    const struct cret_timestamp *timestamp = cret_cms_timestamp(cms);
    const char *example = cret_example_certificate(cret_timestamp_signer(timestamp));
    char now[32], then[32];
    if (example != NULL && !work->amend.work.allow_example_keys) {
        cret_err_usage(err, "the timestamp is by an example key: %s", example);
        return cret_err_hint(err, "for a trial only, give --allow-example-keys");
    }
    const int64_t clock = cret_os_now();
    if (cret_timestamp_time(timestamp) <= clock) {
        return CRET_OK;
    }
    cret_time_format(now, clock);
    cret_time_format(then, cret_timestamp_time(timestamp));
    cret_err_undecided(err, "the timestamp is from after the time of this machine's clock");
    cret_err_expected(err, "a time up to %s", now);
    cret_err_actual(err, "%s", then);
    return cret_err_hint(err, "set the clock (UTC) and run it again");
}

/* A web page, PEM or base64 in the place of the authority's answer, which is a DER SEQUENCE. */
static enum cret_status check_nature(const char *data, size_t size, struct cret_err *err)
{
    if (size > 0 && data[0] == '\x30') {
        return CRET_OK;
    }
    const struct cret_nature *nature = cret_nature_in_place_of_text(data, size);
    cret_err_usage(err, "this is no timestamp response");
    cret_err_expected(err, "DER, as the authority answers (.tsr)");
    cret_err_actual(err, "%s", nature != NULL ? nature->words : "something else");
    return cret_err_hint(err, "give the answer of the authority as it came");
}

static enum cret_status build(struct work *work, struct cret_addition *addition,
                              struct cret_err *err)
{
    const struct cret_credentials *credentials = &work->amend.credentials;
    if (check_nature(work->data, work->size, err) != CRET_OK ||
        cret_timestamp_response(&work->answer, (const uint8_t *)work->data, work->size,
                                (const struct cret_certificate *const *)credentials->list,
                                credentials->count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes bytes = {work->answer.token, work->answer.size};
    return find_subject(work, bytes, err) == CRET_OK &&
                   cret_timestamp_attach(&addition->der, &addition->size, work->cms, bytes, err) ==
                       CRET_OK &&
                   cret_amend_parse(&work->amend, addition, err) == CRET_OK &&
                   check_token(work, addition->cms, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* What the one who verifies will need beside the token, and what is weak in it. */
static void note_token(struct work *work)
{
    const struct cret_timestamp_answer *answer = &work->answer;
    const struct cret_timestamp *timestamp = cret_cms_timestamp(work->amend.additions[0].cms);
    const char *who = cret_certificate_subject(cret_timestamp_signer(timestamp));
    struct cret_buffer names = {0};
    for (size_t i = 0; i < answer->named; i++) {
        cret_buffer_printf(&names, "%s%s", i > 0 ? "; " : "",
                           cret_certificate_subject(answer->certificates[i]));
    }
    if (answer->left_out > 0) {
        note(work, who, names.data,
             "verifiers need in their trust policy the authority's own certificate or the CA above "
             "it (timestampAuthorities), or its root and the left out CAs as intermediates",
             "certificates of the token were left out, since the authority's signature does not "
             "cover them");
    }
    cret_buffer_free(&names);
    if (cret_timestamp_named_by_sha1(timestamp)) {
        note(work, who, NULL, "ask the authority for tokens with signingCertificateV2 (RFC 5816)",
             "the token names the authority's certificate by SHA-1 alone (signingCertificate); it "
             "is taken, and records say so");
    }
    if (answer->encoded_anew) {
        note(work, who, NULL, NULL,
             "the answer was BER; what no signature covers was written as DER");
    }
}

static json_t *token_json(const struct work *work)
{
    const struct cret_timestamp *timestamp = cret_cms_timestamp(work->amend.additions[0].cms);
    const struct cret_certificate *authority = cret_timestamp_signer(timestamp);
    struct cret_build json = cret_build_on(subject_json(work));
    cret_build_integer(&json, "time", cret_timestamp_time(timestamp));
    cret_build_integer(&json, "latest", cret_timestamp_latest(timestamp));
    cret_build_string(&json, "authority", cret_certificate_subject(authority));
    cret_build_string(&json, "serial", cret_timestamp_serial(timestamp));
    cret_build_integer(&json, "leftOut", (int64_t)work->answer.left_out);
    cret_build_boolean(&json, "exampleKey", cret_example_certificate(authority) != NULL);
    return cret_build_end(&json);
}

static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    struct work *work = context;
    if (work->data == NULL) {
        return make_request(work, told, err);
    }
    if (build(work, cret_amend_next(&work->amend), err) != CRET_OK) {
        return cret_err_context(err, "%s", cret_options_value(work->amend.options, "response"));
    }
    if (cret_amend_ready(&work->amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    note_token(work);
    return cret_amend_tell(&work->amend, told, token_json(work), err);
}

/* Whoever asked. */

static enum cret_status check_signer_option(const struct work *work, struct cret_err *err)
{
    const char *digits = cret_options_value(work->amend.options, "signer");
    const size_t length = digits != NULL ? strlen(digits) : 0;
    if (digits == NULL || (length >= SIGNER_DIGITS_MINIMUM && length < CRET_SHA256_HEX &&
                           strspn(digits, "0123456789abcdef") == length)) {
        return CRET_OK;
    }
    cret_err_usage(err, "--signer: not the digits of a key: %s", digits);
    return cret_err_expected(err, "8 to 64 lower-case hex digits, as below SIGNATURES/");
}

/* The request replaces what is at its path, so that must not be the archive. */
static enum cret_status spare_archive(const struct work *work, const char *path,
                                      struct cret_err *err)
{
    const struct cret_existing *archive = work->amend.existing;
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists || info.device != archive->device || info.inode != archive->inode) {
        return CRET_OK;
    }
    cret_err_usage(err, "the request would replace the archive");
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "choose another --request");
}

static bool is_time(const json_t *report, const char *name)
{
    const int64_t time = cret_json_integer(report, name, INT64_MAX);
    return time >= CRET_LIMIT_TIME_FIRST && time <= CRET_LIMIT_TIME_LAST;
}

/* Whether what was told has its form. */
static bool is_report(const json_t *report, bool with_token)
{
    uint8_t identity[CRET_SHA256_BYTES];
    const char *hex = cret_json_string(report, "identity");
    return (hex == NULL || cret_sha256_read(identity, hex) == CRET_OK) &&
           cret_json_string(report, "member") != NULL &&
           cret_json_string(report, "subject") != NULL && is_time(report, "certificateEnds") &&
           (!with_token || (is_time(report, "time") && is_time(report, "latest") &&
                            cret_json_string(report, "authority") != NULL &&
                            cret_json_string(report, "serial") != NULL &&
                            cret_json_integer(report, "leftOut", -1) >= 0 &&
                            json_is_boolean(json_object_get(report, "exampleKey"))));
}

static const json_t *report_of(const struct work *work)
{
    return json_object_get(work->amend.told.json, "report");
}

static enum cret_status exchange(struct work *work, const char *request, struct cret_err *err)
{
    const struct cret_apart_told *told = &work->amend.told;
    if (cret_amend_read(&work->amend, read_apart, work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!is_report(report_of(work), request == NULL) ||
        (request != NULL &&
         (told->files[0].data == NULL ||
          !cret_timestamp_request_is((const uint8_t *)told->files[0].data, told->files[0].size)))) {
        return cret_apart_malformed(err);
    }
    return request != NULL
               ? cret_file_write(request, told->files[0].data, told->files[0].size, 0644, err)
               : cret_amend_replace(&work->amend, 1, NULL, err);
}

static enum cret_status run(struct work *work, struct cret_err *err)
{
    const struct cret_options *options = work->amend.options;
    const char *request = cret_options_value(options, "request");
    const char *response = cret_options_value(options, "response");
    if (request == NULL && response == NULL) {
        cret_err_usage(err, "neither --request nor --response is given");
        return cret_err_hint(err, "first --request OUT.tsq, then, with the authority's answer, "
                                  "--response IN.tsr");
    }
    if (check_signer_option(work, err) != CRET_OK ||
        cret_amend_begin(&work->amend, err) != CRET_OK ||
        cret_amend_open(&work->amend, cret_options_operand(options, 0), response != NULL, err) !=
            CRET_OK ||
        (request != NULL && spare_archive(work, request, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    if (response != NULL &&
        cret_file_read(&work->data, &work->size, response, CRET_LIMIT_SIGNATURE_BYTES,
                       CRET_ERR_USAGE, err) != CRET_OK) {
        return cret_err_context(err, "%s", response);
    }
    return exchange(work, request, err);
}

static int act(const struct cret_options *options)
{
    struct work work = {.cms = NULL};
    struct cret_err err = {0};
    cret_amend_init(&work.amend, options, "verifying");
    work.amend.stamps = true;
    const int code = run(&work, &err) == CRET_OK ? cret_timestamp_report(&work.amend)
                                                 : cret_verb_fail(options, &err);
    free(work.data);
    cret_amend_clear(&work.amend);
    return code;
}

static const struct cret_option timestamp_options[] = {
    CRET_OPTION("request", "OUT.tsq",
                "Write the request (RFC 3161) that a timestamp authority answers.",
                .excludes = "response"),
    CRET_OPTION("response", "IN.tsr",
                "Put the token of this answer into the signature that it is for.",
                .excludes = "request"),
    CRET_OPTION("signer", "HEX",
                "Which signature, where several have no timestamp: the first digits of the SHA-256 "
                "of its key, at least 8 of them, as in its name below SIGNATURES/. Of an OPC UA "
                "package it also names an approval; default: its author's."),
    CRET_OPTION("cert", "PEM",
                "Certificates of the authority, where its answer does not embed them.",
                .needs = "response"),
    CRET_OPTION_END,
};
static const struct cret_option_group timestamp_group = {"Timestamp", timestamp_options};

const struct cret_verb cret_verb_timestamp = {
    .name = "timestamp",
    .operands = "FILE",
    .summary = "Get a signature a timestamp, so that it outlives its certificate",
    .help = "In two steps, since the authority is elsewhere: --request writes what it answers; "
            "--response verifies the answer and every byte of FILE, and replaces FILE by an "
            "archive with the token in the signature. Identity and payload stay as they are. Of an "
            "OPC UA package (.uadipkg) the signature must be one that no approval is over yet.",
    .groups =
        CRET_GROUPS(&timestamp_group, &cret_payload_group, &cret_example_group,
                    &cret_confinement_group, &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign timestamp r.cretula.tar --request r.tsq",
                              "cretula-sign timestamp r.cretula.tar --response r.tsr",
                              "cretula-sign timestamp RTU-7.uadipkg --request RTU-7.tsq"),
    .run = act,
};
