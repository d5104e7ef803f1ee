/* SPDX-License-Identifier: Apache-2.0 */
/* record show: a record, or the one that a report carries; verified where somebody is named. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json_build.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "console/print.h"
#include "evidence/station/attestation.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_view.h"
#include "verifier/verbs/verbs.h"

/* Whether the page around the record shows it; nobody was asked who made either. */
static void add_page_row(struct cret_page *page, const struct cret_report_copy *copy)
{
    if (copy->page && copy->differs.class == CRET_ERR_NONE) {
        cret_page_row(page, "page", "shows this record, byte by byte");
    } else if (copy->page) {
        cret_page_toned(page, CRET_TONE_CAUTION, "page", "%s", copy->differs.what);
    }
}

/* What an option names, or lies beside a record file as `check --record` leaves it; nothing where
 * there is none, and what a report carries where no option names another. */
static enum cret_status read_beside(char **data, size_t *size, const struct cret_options *options,
                                    const char *option, const char *suffix, size_t cap,
                                    struct cret_err *err)
{
    const char *given = cret_options_value(options, option);
    if (given == NULL && *data != NULL) {
        return CRET_OK;
    }
    char *path = given != NULL ? cret_text_printf("%s", given)
                               : cret_text_printf("%s%s", cret_options_operand(options, 0), suffix);
    struct cret_file_info info;
    bool exists = given != NULL;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status =
        given != NULL ? CRET_OK : cret_os_stat_path(&info, &exists, path, err);
    if (status == CRET_OK && exists) {
        free(*data);
        *data = NULL;
        status = cret_file_read(data, size, path, cap, CRET_ERR_UNDECIDED, err);
    }
    free(path);
    return status;
}

/* Beside a report nothing lies: what it has it carries. */
static enum cret_status add_beside(struct cret_report_copy *copy,
                                   const struct cret_options *options, struct cret_err *err)
{
    char *signature = (char *)copy->signature;
    enum cret_status status = CRET_OK;
    if (!copy->page || cret_options_given(options, "signature")) {
        status = read_beside(&signature, &copy->signature_size, options, "signature", ".p7s",
                             CRET_LIMIT_SIGNATURE_BYTES, err);
        copy->signature = (uint8_t *)signature;
    }
    if (status == CRET_OK && (!copy->page || cret_options_given(options, "attestation"))) {
        status = read_beside(&copy->attestation, &copy->attestation_size, options, "attestation",
                             ".tpm.json", cret_attestation_format.bytes, err);
    }
    return status;
}

/* A report carries nothing that belongs to another record: its reader takes it for a proof. */
static enum cret_status check_carried(const struct cret_record_trust *trust, struct cret_err *err)
{
    const struct cret_report_copy *source = &trust->source;
    struct cret_attestation attestation = {0};
    if (source->signature != NULL &&
        cret_record_signature_belongs(&trust->record, source->signature, source->signature_size,
                                      err) != CRET_OK) {
        cret_err_context(err, "the signature is not that of this record");
        return cret_err_hint(err, "%s",
                             source->page ? "do not rely on this page; ask whoever made it for "
                                            "the record, and who signed it"
                                          : "name the record's own one with --signature, or move "
                                            "away what lies beside the record (.p7s)");
    }
    if (source->attestation == NULL) {
        return CRET_OK;
    }
    enum cret_status status = cret_attestation_parse(
        &attestation, source->attestation, source->attestation_size, "the attestation", err);
    if (status == CRET_OK &&
        memcmp(attestation.record, trust->record.digest, CRET_SHA256_BYTES) != 0) {
        cret_err_refuse(err, CRET_CHECK_TPM_ATTESTATION,
                        "the attestation is not that of this record");
        status = cret_err_hint(err, "name the record's own one with --attestation, or move away "
                                    "what lies beside the record (.tpm.json)");
    }
    cret_attestation_clear(&attestation);
    return status;
}

static enum cret_status write_page(const struct cret_record_trust *trust, const char *path,
                                   struct cret_err *err)
{
    const struct cret_report_parts parts = {.record = trust->record.text,
                                            .record_size = trust->record.size,
                                            .signature = trust->source.signature,
                                            .signature_size = trust->source.signature_size,
                                            .attestation = trust->source.attestation,
                                            .attestation_size = trust->source.attestation_size};
    struct cret_buffer out = {0};
    enum cret_status status = check_carried(trust, err);
    status = status == CRET_OK ? cret_report_render(&out, &parts, err) : status;
    if (status == CRET_OK) {
        status = cret_file_create(path, out.data, out.size, 0644, err);
    }
    cret_buffer_free(&out);
    return status;
}

/* An archive is what is nearest at hand, and no record. */
static enum cret_status read_record(struct cret_record_trust *trust,
                                    const struct cret_options *options, struct cret_err *err)
{
    static const char ending[] = ".tar";
    const char *path = cret_options_operand(options, 0);
    const size_t size = strlen(path);
    if (cret_record_trust_read(trust, options, err) == CRET_OK) {
        return add_beside(&trust->source, options, err);
    }
    if (err->class == CRET_ERR_REFUSED && size > strlen(ending) &&
        strcmp(path + size - strlen(ending), ending) == 0) {
        cret_err_hint_file(err,
                           "this looks like an archive: `cretula-verify check {}` makes a "
                           "record of it with --record DIR",
                           path);
    }
    return CRET_FAILED;
}

/* why: cret_record_view_unverified(); genuine: it is not asked. */
static int print(const struct cret_options *options, const struct cret_record_trust *trust,
                 bool genuine, const char *why)
{
    int code = 0;
    if (cret_options_given(options, "json")) {
        struct cret_build json = cret_build_object();
        cret_build_string(&json, "cretula", "record-show/1");
        cret_build_boolean(&json, "verified", genuine);
        if (genuine) {
            cret_build_boolean(&json, "countsAsAccepted", cret_record_trust_accepts(trust));
        }
        cret_build_share(&json, "record", trust->record.json);
        return cret_print_json(options, cret_build_end(&json), code);
    }
    struct cret_page *page = cret_page_new();
    if (genuine) {
        cret_record_view_genuine(page, options, trust);
    } else {
        cret_record_view_unverified(page, options, trust, why);
        add_page_row(page, &trust->source);
    }
    return cret_print_last(options, &page, code);
}

/* Whom the command line names must vouch for the record, else nothing of it is shown. Where only
 * the site names somebody it is shown, as what it is then: there are records of others. */
static enum cret_status ask(struct cret_record_trust *trust, const struct cret_options *options,
                            bool *ret_genuine, struct cret_err *why, struct cret_err *err)
{
    const bool given = cret_record_trust_given(options);
    *ret_genuine = false;
    if (!given && !cret_record_trust_of_site(options)) {
        return CRET_OK;
    }
    *ret_genuine = cret_record_trust_hold(trust, options, why) == CRET_OK;
    if (given && !*ret_genuine) {
        *err = *why;
        return CRET_FAILED;
    }
    return cret_err_fault(err);
}

static int act(const struct cret_options *options)
{
    struct cret_record_trust trust = {0};
    struct cret_err err = {0}, why = {0};
    const char *path = cret_options_value(options, "html");
    bool genuine = false;
    if ((path != NULL && cret_output_no_stream("--html", path, &err) != CRET_OK) ||
        read_record(&trust, options, &err) != CRET_OK ||
        ask(&trust, options, &genuine, &why, &err) != CRET_OK ||
        (path != NULL && write_page(&trust, path, &err) != CRET_OK)) {
        cret_record_trust_clear(&trust);
        return cret_verb_fail(options, &err);
    }
    const int code = print(options, &trust, genuine, why.class != CRET_ERR_NONE ? why.what : NULL);
    cret_record_trust_clear(&trust);
    return code;
}

static const struct cret_option show_options[] = {
    CRET_OPTION(
        "html", "FILE",
        "Write the record's report into this new file: the page of `check --report`, made by this "
        "version of the program. It carries the signature and the attestation that lie beside the "
        "record (FILE.p7s, FILE.tpm.json), or that the report carried which was read.",
        .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group show_group = {"Report", show_options};

const struct cret_verb cret_verb_record_show = {
    .name = "show",
    .operands = "FILE",
    .summary = "Show a record",
    .help = "The first line says whether it is GENUINE, and counts as an acceptance: where "
            "--anchor, --station or --journal name who vouches for it, as `record verify` asks "
            "them; what they do not vouch for is not shown. Where nobody is named it is "
            "UNVERIFIED, and the page says which command proves it. FILE is a record, or a "
            "report, which carries one.",
    .groups = CRET_GROUPS(&cret_record_trust_group, &cret_example_group, &cret_confinement_group,
                          &show_group, &cret_site_group, &cret_verbose_group, &cret_files_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify record show change-4711/RECORD.json",
                              "cretula-verify record show RECORD.json --anchor recorder-root.pem",
                              "cretula-verify record show old-report.html --html report.html"),
    .run = act,
};
