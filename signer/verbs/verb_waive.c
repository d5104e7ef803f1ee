/* SPDX-License-Identifier: Apache-2.0 */
/* waive: writes and signs a waiver file, or adds a signature to one (docs/spec/waivers.md). */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "keys/sign.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/report/credentials.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"
#include "trust/policy/waiver.h"

/* One run. */
struct waiving {
    const struct cret_options *options;
    const char *path; /* of the waiver file */
    bool is_new;
    char *text; /* its bytes */
    size_t size;
    struct cret_waiver *list;
    size_t count;
    struct cret_credentials credentials;
    char *signature_path;
    uint8_t *signature;
    size_t signature_size;
};

/* What decides, and is therefore said in full where a new file is made. */
static const char *const decision_options[] = {"check",    "identity", "archive", "asset", "reason",
                                               "approver", "control",  "from",    "until", "out"};
/* A signature is added to what is there: nothing in it can be said anew. */
static enum cret_status check_options(struct waiving *waiving, struct cret_err *err)
{
    const struct cret_options *options = waiving->options;
    waiving->is_new = cret_options_operand_count(options) == 0;
    if (!waiving->is_new) {
        waiving->path = cret_options_operand(options, 0);
        for (size_t i = 0; i < CRET_LENGTH(decision_options); i++) {
            if (cret_options_given(options, decision_options[i])) {
                cret_err_usage(err, "--%s cannot change the waiver file that is signed here",
                               decision_options[i]);
                return cret_err_hint(err, "leave FILE out to write a new waiver");
            }
        }
        return CRET_OK;
    }
    if (cret_options_given(options, "identity") == cret_options_given(options, "archive")) {
        return cret_err_usage(err, "a new waiver needs the release: --identity HEX or --archive "
                                   "FILE");
    }
    waiving->path = cret_options_value(options, "out");
    return CRET_OK;
}

/* In the process that reads the archive or package. */
static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct cret_amend *amend = context;
    char hex[CRET_SHA256_HEX];
    if (amend->package && amend->seen.inspection->identity_open) {
        cret_err_usage(err, "several signed lists name no other one: by which the package is known "
                            "depends on who is trusted");
        return cret_err_hint(err, "give the identity that the verifier shows: --identity HEX");
    }
    cret_hex_encode(hex, cret_amend_manifest(amend)->identity, CRET_SHA256_BYTES);
    told->json = json_pack("{s:s}", "identity", hex);
    return told->json != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status read_release(const struct waiving *waiving, char ret_hex[CRET_SHA256_HEX],
                                     struct cret_err *err)
{
    struct cret_amend amend;
    uint8_t digest[CRET_SHA256_BYTES];
    enum cret_status status = CRET_FAILED;
    cret_amend_init(&amend, waiving->options, "reading");
    amend.notes = cret_findings_new();
    if (amend.notes == NULL) {
        cret_err_memory(err);
    } else if (cret_amend_open(&amend, cret_options_value(waiving->options, "archive"), false,
                               err) == CRET_OK &&
               cret_amend_read(&amend, read_apart, &amend, err) == CRET_OK) {
        const char *identity = cret_json_string(amend.told.json, "identity");
        status = identity != NULL && cret_sha256_read(digest, identity) == CRET_OK
                     ? CRET_OK
                     : cret_apart_malformed(err);
    }
    if (status == CRET_OK) {
        cret_hex_encode(ret_hex, digest, sizeof(digest));
    }
    cret_amend_clear(&amend);
    return status;
}

/* The release by its identity: as given, or that of an archive, which is right in itself. */
static enum cret_status take_release(const struct waiving *waiving, char ret_hex[CRET_SHA256_HEX],
                                     struct cret_err *err)
{
    const char *given = cret_options_value(waiving->options, "identity");
    uint8_t digest[CRET_SHA256_BYTES];
    if (given != NULL) {
        if (cret_sha256_read(digest, given) != CRET_OK) {
            cret_err_usage(err, "--identity: not a SHA-256: %s", given);
            return cret_sha256_expected(err, given);
        }
        cret_hex_encode(ret_hex, digest, CRET_SHA256_BYTES);
        return CRET_OK;
    }
    return read_release(waiving, ret_hex, err);
}

static json_t *make_entry(const struct waiving *waiving, const char *check, const char *release,
                          const char *issued)
{
    static const char *const texts[] = {"asset", "reason", "approver", "control"};
    struct cret_build entry = cret_build_object();
    cret_build_string(&entry, "check", check);
    cret_build_string(&entry, "release", release);
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        cret_build_string(&entry, texts[i], cret_options_value(waiving->options, texts[i]));
    }
    cret_build_string(&entry, "issued", issued);
    cret_build_string(&entry, "until", cret_options_value(waiving->options, "until"));
    return cret_build_end(&entry);
}

static enum cret_status compose(struct waiving *waiving, struct cret_err *err)
{
    const struct cret_options *options = waiving->options;
    const char *from = cret_options_value(options, "from");
    char release[CRET_SHA256_HEX], now[32];
    enum cret_status status = CRET_FAILED;
    json_t *list = NULL, *json = NULL;
    if (take_release(waiving, release, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_time_format(now, cret_os_now());
    list = json_array();
    for (size_t i = 0; list != NULL && i < cret_options_count(options, "check"); i++) {
        const struct cret_check *check = NULL;
        if (cret_check_to_waive(&check, cret_options_values(options, "check")[i], err) != CRET_OK) {
            goto out;
        }
        json_t *entry = make_entry(waiving, check->name, release, from != NULL ? from : now);
        if (entry == NULL || json_array_append_new(list, entry) != 0) {
            cret_err_usage(err, "a text of the waiver is not UTF-8");
            goto out;
        }
    }
    json = json_pack("{s:s, s:O}", "cretula", CRET_WAIVER_PURPOSE, "waivers", list);
    if (json == NULL) {
        cret_err_memory(err);
        goto out;
    }
    status = cret_json_print(&waiving->text, &waiving->size, json, err);
out:
    json_decref(list);
    json_decref(json);
    return status;
}

/* Nothing is overwritten: a file that is signed here must be the one that was decided on. */
static enum cret_status must_be_new(const char *path, const char *what, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return exists ? cret_err_usage(err, "%s exists already: %s", what, path) : CRET_OK;
}

static enum cret_status check_end(const struct waiving *waiving, struct cret_err *err)
{
    for (size_t i = 0; i < waiving->count; i++) {
        char end[32];
        if (waiving->list[i].until >= cret_os_now()) {
            continue;
        }
        cret_time_format(end, waiving->list[i].until);
        cret_err_usage(err, "the waiver ended on %s: nothing could rest on it", end);
        return cret_err_where(err, "%s #/waivers/%zu", waiving->path, i);
    }
    return CRET_OK;
}

static enum cret_status sign(struct waiving *waiving, struct cret_err *err)
{
    const struct cret_sign_request request = {
        .key = waiving->credentials.key,
        .certificate = waiving->credentials.list[0],
        .chain = waiving->credentials.chain,
        .chain_count = waiving->credentials.intermediate_count,
        .meaning = CRET_MEANING_APPROVAL,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = cret_options_given(waiving->options, "allow-example-keys"),
    };
    char key[CRET_SHA256_HEX];
    cret_hex_encode(key, cret_certificate_key_digest(request.certificate), CRET_SHA256_BYTES);
    waiving->signature_path = cret_text_printf("%s.%.16s.p7s", waiving->path, key);
    if (waiving->signature_path == NULL) {
        return cret_err_memory(err);
    }
    return must_be_new(waiving->signature_path, "a signature by this key", err) == CRET_OK &&
                   cret_sign_check(&request, err) == CRET_OK &&
                   cret_key_sign(&waiving->signature, &waiving->signature_size, &request,
                                 (const uint8_t *)waiving->text, waiving->size, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

static enum cret_status begin_file(struct cret_output **ret_output, const char *path,
                                   const void *data, size_t size, struct cret_err *err)
{
    return cret_output_open(ret_output, path, 0644, CRET_OUTPUT_NEW, err) == CRET_OK &&
                   cret_os_write(cret_output_fd(*ret_output), data, size, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

/* The signature comes last: a waiver without one is honoured by nobody. Both, or neither. */
static enum cret_status write_files(const struct waiving *waiving, struct cret_err *err)
{
    struct cret_output *files[2] = {NULL, NULL};
    size_t count = 0;
    enum cret_status status = CRET_OK;
    if (waiving->is_new) {
        status = begin_file(&files[count++], waiving->path, waiving->text, waiving->size, err);
    }
    if (status == CRET_OK) {
        status = begin_file(&files[count++], waiving->signature_path, waiving->signature,
                            waiving->signature_size, err);
    }
    if (status == CRET_OK) {
        status = cret_output_commit_all(files, count, err);
    }
    cret_output_discard(&files[0]);
    cret_output_discard(&files[1]);
    return status;
}

static enum cret_status run(struct waiving *waiving, struct cret_err *err)
{
    if (check_options(waiving, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (waiving->is_new) {
        if (must_be_new(waiving->path, "--out", err) != CRET_OK ||
            compose(waiving, err) != CRET_OK) {
            return CRET_FAILED;
        }
    } else if (cret_file_read(&waiving->text, &waiving->size, waiving->path,
                              CRET_LIMIT_WAIVER_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_waivers_parse_unverified(&waiving->list, &waiving->count, waiving->text, waiving->size,
                                      waiving->path, err) != CRET_OK ||
        check_end(waiving, err) != CRET_OK ||
        cret_credentials_certificates(&waiving->credentials, waiving->options, err) != CRET_OK ||
        cret_credentials_key(&waiving->credentials, waiving->options, false, err) != CRET_OK ||
        sign(waiving, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_files(waiving, err);
}

/* Whoever signs sees what. */
static void put_entry(struct cret_page *page, const struct cret_waiver *waiver)
{
    char release[CRET_SHA256_HEX], issued[32], until[32];
    cret_hex_encode(release, waiver->release, CRET_SHA256_BYTES);
    cret_time_format(issued, waiver->issued);
    cret_time_format(until, waiver->until);
    cret_page_text(page, "check", cret_check_get(waiver->check)->name);
    cret_page_text(page, "release", release);
    cret_page_text(page, "asset", waiver->asset != NULL ? waiver->asset : "any");
    cret_page_text(page, "reason", waiver->reason);
    cret_page_text(page, "approver", waiver->approver);
    cret_page_text(page, "control", waiver->control);
    cret_page_text(page, "from", issued);
    cret_page_text(page, "until", until);
}

static int print(const struct waiving *waiving)
{
    const struct cret_options *options = waiving->options;
    if (cret_options_given(options, "json")) {
        return cret_print_json(options,
                               json_pack("{s:s, s:s, s:s}", "cretula", "waive/1", "waivers",
                                         waiving->path, "signature", waiving->signature_path),
                               CRET_EXIT_DONE);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "%s",
                        waiving->is_new ? "Made and signed a waiver" : "Signed a waiver");
    for (size_t i = 0; i < waiving->count; i++) {
        put_entry(page, &waiving->list[i]);
    }
    cret_page_text(page, "file", waiving->path);
    cret_page_text(page, "signature", waiving->signature_path);
    cret_page_text(page, "next",
                   "give both to those who verify, for --waivers of cretula-verify check");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct waiving waiving = {.options = options};
    struct cret_err err = {0};
    const int code =
        run(&waiving, &err) == CRET_OK ? print(&waiving) : cret_verb_fail(options, &err);
    cret_credentials_clear(&waiving.credentials);
    cret_waiver_list_free(&waiving.list, waiving.count);
    free(waiving.text);
    free(waiving.signature_path);
    free(waiving.signature);
    return code;
}

static const struct cret_option waive_options[] = {
    CRET_OPTION("check", "CHECK-ID",
                "The check whose findings are waived. Repeated: each of them, for the same reason.",
                .repeatable = true, .required_alone = true),
    CRET_OPTION("archive", "FILE",
                "The archive or OPC UA package of the one release that it is for.",
                .excludes = "identity"),
    CRET_OPTION("identity", "HEX", "Or its identity: SHA-256 of its MANIFEST.json.",
                .excludes = "archive"),
    CRET_OPTION("asset", "TEXT",
                "The one asset that it is for, as verifiers give it with --asset. Default: any."),
    CRET_OPTION("reason", "TEXT", "Why the finding is accepted.", .required_alone = true),
    CRET_OPTION("approver", "TEXT", "Who approves it.", .required_alone = true),
    CRET_OPTION("control", "TEXT", "What is done instead: the compensating control.",
                .required_alone = true),
    CRET_OPTION("from", "TIME", "When it begins (RFC 3339, UTC). Default: now."),
    CRET_OPTION("until", "TIME", "When it ends (RFC 3339, UTC).", .required_alone = true),
    CRET_OPTION("out", "FILE",
                "The waiver file to write; the signature is written beside it as FILE.<16 hex "
                "digits>.p7s.",
                .required_alone = true),
    CRET_OPTION_END,
};
static const struct cret_option_group waive_group = {"Waiver", waive_options};

const struct cret_verb cret_verb_waive = {
    .name = "waive",
    .operands = "[FILE]",
    .summary = "Sign a waiver: accept a release although a check fails",
    .help = "Writes a waiver for one release and signs it (meaning: approval). Verifiers honour it "
            "where their trust policy gives the signer the role waiver and lets the check be "
            "waived. With FILE, a waiver that exists, one more signature is written beside it.",
    .groups = CRET_GROUPS(&waive_group, &cret_key_group, &cret_certificate_group, &cret_chain_group,
                          &cret_secret_group, &cret_example_group, &cret_confinement_group,
                          &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign waive --check sbom.bsi --archive r.cretula.tar --reason \"supplier is "
        "asked\" "
        "--approver \"J. Doe\" --control \"isolated cell\" --until 2027-06-30T00:00:00Z "
        "--out waiver.json --key board.key.pem --cert board.cert.pem",
        "cretula-sign waive waiver.json --key quality.key.pem --cert quality.cert.pem"),
    .run = act,
};
