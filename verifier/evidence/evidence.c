/* SPDX-License-Identifier: Apache-2.0 */
/* The steps from a finished verification to what is kept of it, in the order that proves most. */
#include "verifier/evidence/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "evidence/journal/journal.h"
#include "keys/keystore.h"
#include "keys/sign.h"
#include "verifier/child/waiver_files.h"
#include "verifier/evidence/evidence_record.h"
#include "verifier/run/site.h"

struct cret_evidence {
    const struct cret_options *options;
    const struct cret_session *session;
    const char *journal; /* folder, or NULL */
    bool signs;
    struct cret_record_signer signer;
    uint8_t signer_digest[CRET_SHA256_BYTES]; /* of its certificate: the journal's line names it */
    int64_t number;                           /* of the last file's line; -1: none */
    char *place;
    /* Of the last file: what stands under its final name beside --record. */
    bool left_record, left_signature, left_attestation;
    bool has_digest; /* of the last record */
    uint8_t digest[CRET_SHA256_BYTES];
};

/* One record and what goes with it, until all of it is where it belongs. */
struct parcel {
    struct cret_evidence_text record;
    uint8_t *signature;
    size_t signature_size;
    struct cret_output *record_file, *signature_file; /* written, not yet under their names */
    char *attestation;
};

static void parcel_clear(struct parcel *parcel)
{
    json_decref(parcel->record.json);
    free(parcel->record.text);
    free(parcel->signature);
    free(parcel->attestation);
    cret_output_discard(&parcel->record_file);
    cret_output_discard(&parcel->signature_file);
    memset(parcel, 0, sizeof(*parcel));
}

static struct cret_sign_request sign_request(const struct cret_evidence *evidence)
{
    return (struct cret_sign_request){
        .key = evidence->signer.key,
        .certificate = evidence->signer.certificates[0],
        .chain = (const struct cret_certificate *const *)(evidence->signer.certificates + 1),
        .chain_count = evidence->signer.certificate_count - 1,
        .meaning = CRET_MEANING_NONE,
        .has_signing_time = true,
        .signing_time = evidence->session->system_time,
        .allow_example_keys = evidence->session->request.allow_example_keys};
}

static enum cret_status open_signer(struct cret_evidence *evidence, struct cret_err *err)
{
    return cret_record_signer_open(&evidence->signer, evidence->options, "sign-record",
                                   "record-cert", "record-chain", err);
}

/* A token may serve one program at a time, and verifying takes long: its key is opened again where
 * it is used, unless its PIN came through a descriptor, which is read only once. */
static bool opens_late(const struct cret_evidence *evidence)
{
    return cret_key_in_token(evidence->signer.key) &&
           !cret_options_given(evidence->options, "pin-fd") &&
           !cret_options_given(evidence->options, "passphrase-fd");
}

enum cret_status cret_evidence_new(struct cret_evidence **ret_evidence,
                                   const struct cret_options *options,
                                   const struct cret_session *session, struct cret_err *err)
{
    struct cret_evidence *evidence = calloc(1, sizeof(*evidence));
    if (evidence == NULL) {
        return cret_err_memory(err);
    }
    evidence->options = options;
    evidence->session = session;
    evidence->number = -1;
    evidence->signs = cret_options_given(options, "sign-record");
    if (cret_site_journal(&evidence->journal, options, err) != CRET_OK) {
        goto failed;
    }
    if (cret_options_given(options, "backout") && evidence->journal == NULL) {
        cret_err_usage(err, "--backout needs a journal: it says what was accepted before");
        cret_err_hint(err, "--journal DIR, or `journal` in the site configuration");
        goto failed;
    }
    if (evidence->signs) {
        if (evidence->journal == NULL && !cret_options_given(options, "record")) {
            cret_err_usage(err, "--sign-record: there is no record to sign");
            cret_err_hint(err, "give --record DIR or --journal DIR as well");
            goto failed;
        }
        if (open_signer(evidence, err) != CRET_OK) {
            goto failed;
        }
        const struct cret_sign_request request = sign_request(evidence);
        if (cret_sign_check(&request, err) != CRET_OK) {
            cret_err_context(err, "--sign-record");
            goto failed;
        }
        memcpy(evidence->signer_digest, cret_certificate_digest(request.certificate),
               CRET_SHA256_BYTES);
        if (opens_late(evidence)) {
            cret_record_signer_clear(&evidence->signer);
        }
    }
    *ret_evidence = evidence;
    return CRET_OK;
failed:
    cret_evidence_free(&evidence);
    return CRET_FAILED;
}

void cret_evidence_free(struct cret_evidence **evidence)
{
    if (evidence == NULL || *evidence == NULL) {
        return;
    }
    cret_record_signer_clear(&(*evidence)->signer);
    free((*evidence)->place);
    free(*evidence);
    *evidence = NULL;
}

const char *cret_evidence_journal(const struct cret_evidence *evidence)
{
    return evidence->journal;
}

const char *cret_evidence_place(const struct cret_evidence *evidence)
{
    return evidence->place;
}

void cret_evidence_forget(void *evidence)
{
    struct cret_evidence *mine = evidence;
    /* A token's key is not in this process; its connection is the parent's. */
    if (mine->signer.key != NULL && !cret_key_in_token(mine->signer.key)) {
        cret_key_free(&mine->signer.key);
    }
}

/* Opens the journal for reading, where there is one. */
static enum cret_status read_journal(const struct cret_evidence *evidence,
                                     struct cret_journal **ret_journal, struct cret_err *err)
{
    bool exists = false;
    if (cret_journal_exists(&exists, evidence->journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return exists ? cret_journal_open(ret_journal, evidence->journal, CRET_JOURNAL_READ, NULL, err)
                  : CRET_OK;
}

enum cret_status cret_evidence_before(const struct cret_evidence *evidence, struct cret_err *err)
{
    const struct cret_session *session = evidence->session;
    struct cret_journal *journal = NULL;
    if (cret_guard_before(session->guard, evidence->journal, session->policy, &journal, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (journal == NULL && evidence->journal != NULL &&
        read_journal(evidence, &journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (journal == NULL) {
        return CRET_OK;
    }
    enum cret_status status = cret_journal_check_clock(journal, err);
    if (status == CRET_OK && cret_journal_closed(journal)) {
        cret_err_usage(err, "this journal was closed: nothing can be added to it");
        cret_err_where(err, "%s", evidence->journal);
        status = cret_err_hint(err, "name the journal that continues it");
    }
    cret_journal_free(&journal);
    return status;
}

/* A journal that is not there is begun; with a TPM this is the station's first run. */
static enum cret_status open_journal(const struct cret_evidence *evidence,
                                     struct cret_journal **ret_journal, struct cret_err *err)
{
    const struct cret_journal_witness *witness = cret_guard_witness(evidence->session->guard);
    bool exists = false;
    if (cret_journal_exists(&exists, evidence->journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists && cret_journal_create(evidence->journal, witness, NULL, err) != CRET_OK &&
        (cret_journal_exists(&exists, evidence->journal, err) != CRET_OK || !exists)) {
        return CRET_FAILED; /* and nobody else was faster */
    }
    return cret_journal_open(ret_journal, evidence->journal, CRET_JOURNAL_APPEND, witness, err);
}

/* Writes a file that gets its name later. */
static enum cret_status prepare_file(struct cret_output **ret_output, const char *path,
                                     const void *data, size_t size, struct cret_err *err)
{
    if (cret_output_open(ret_output, path, 0644, CRET_OUTPUT_NEW, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_os_write(cret_output_fd(*ret_output), data, size, err) == CRET_OK &&
                   cret_os_fsync(cret_output_fd(*ret_output), err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

static enum cret_status sign(struct cret_evidence *evidence, struct parcel *parcel,
                             struct cret_err *err)
{
    const bool late = evidence->signer.key == NULL;
    if (late) {
        cret_guard_release(evidence->session->guard); /* the key may live in the same TPM */
        if (open_signer(evidence, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    const struct cret_sign_request request = sign_request(evidence);
    const bool same = memcmp(cret_certificate_digest(request.certificate), evidence->signer_digest,
                             CRET_SHA256_BYTES) == 0;
    const enum cret_status status =
        !same ? cret_err_undecided(err, "the file of --record-cert changed during the run")
              : cret_key_sign(&parcel->signature, &parcel->signature_size, &request,
                              (const uint8_t *)parcel->record.text, parcel->record.size, err);
    if (late) {
        cret_record_signer_clear(&evidence->signer);
    }
    return status;
}

/* The record, and as a file without its name. */
static enum cret_status pack(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                             const struct cret_outcome *outcome, const struct cret_journal *journal,
                             struct parcel *parcel, struct cret_err *err)
{
    const struct cret_record_place place = {
        .previous = journal != NULL ? cret_journal_last_record(journal) : NULL,
        .genesis = journal != NULL ? cret_journal_genesis(journal) : NULL,
        .line = journal != NULL ? cret_journal_next_number(journal) : -1};
    const struct cret_evidence_text *record = &parcel->record;
    if (cret_evidence_record(&parcel->record, evidence->options, evidence->session, delivery,
                             outcome, &place, err) != CRET_OK ||
        cret_sha256(evidence->digest, record->text, record->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    evidence->has_digest = true;
    return delivery->record_path == NULL ? CRET_OK
                                         : prepare_file(&parcel->record_file, delivery->record_path,
                                                        record->text, record->size, err);
}

/* Signs the record: last of all, so that nothing signed speaks of a run that did not get that far.
 */
static enum cret_status seal(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                             struct cret_journal *journal, struct parcel *parcel,
                             struct cret_err *err)
{
    if (!evidence->signs || (journal == NULL && parcel->record_file == NULL)) {
        return CRET_OK;
    }
    if (sign(evidence, parcel, err) != CRET_OK ||
        (journal != NULL && cret_journal_keep_signature(journal, parcel->signature,
                                                        parcel->signature_size, err) != CRET_OK)) {
        return cret_err_context(err, "the record could not be signed");
    }
    if (parcel->record_file == NULL) {
        return CRET_OK;
    }
    char *path = cret_text_printf("%s.p7s", delivery->record_path);
    const enum cret_status status =
        path != NULL ? prepare_file(&parcel->signature_file, path, parcel->signature,
                                    parcel->signature_size, err)
                     : cret_err_memory(err);
    free(path);
    return status;
}

/* The record comes last: whoever finds it finds the rest. */
static enum cret_status hand_over(struct cret_evidence *evidence,
                                  const struct cret_delivery *delivery, struct parcel *parcel,
                                  struct cret_err *err)
{
    if (parcel->record_file == NULL) {
        return CRET_OK;
    }
    if (parcel->attestation != NULL) {
        char *path = cret_text_printf("%s.tpm.json", delivery->record_path);
        const enum cret_status status =
            path != NULL ? cret_file_create(path, parcel->attestation, strlen(parcel->attestation),
                                            0644, err)
                         : cret_err_memory(err);
        free(path);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        evidence->left_attestation = true;
    }
    if (parcel->signature_file != NULL) {
        if (cret_output_commit(&parcel->signature_file, err) != CRET_OK) {
            return CRET_FAILED;
        }
        evidence->left_signature = true;
    }
    if (cret_output_commit(&parcel->record_file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    evidence->left_record = true;
    return CRET_OK;
}

/* Takes away what hand_over put in place, the record first. */
static void retrieve(struct cret_evidence *evidence, const struct cret_delivery *delivery)
{
    struct {
        const char *suffix;
        bool *left;
    } files[] = {{"", &evidence->left_record},
                 {".p7s", &evidence->left_signature},
                 {".tpm.json", &evidence->left_attestation}};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (*files[i].left) {
            char *path = cret_text_printf("%s%s", delivery->record_path, files[i].suffix);
            cret_os_unlink(path);
            free(path);
        }
        *files[i].left = false;
    }
}

static bool positive(const struct cret_outcome *outcome)
{
    return cret_verdict_exit_code(outcome->verdict) == 0;
}

static enum cret_status enter(struct cret_evidence *evidence, struct cret_journal *journal,
                              struct parcel *parcel, struct cret_err *err)
{
    const struct cret_journal_run run = {.record = parcel->record.json,
                                         .record_text = parcel->record.text,
                                         .record_size = parcel->record.size,
                                         .signer =
                                             evidence->signs ? evidence->signer_digest : NULL};
    if (cret_journal_append_run(journal, &run, &parcel->attestation, err) != CRET_OK) {
        return CRET_FAILED;
    }
    evidence->number = cret_journal_next_number(journal) - 1;
    free(evidence->place);
    evidence->place =
        cret_text_printf("number %" PRId64 " in %s", evidence->number, evidence->journal);
    return evidence->place != NULL ? CRET_OK : cret_err_memory(err);
}

/* What was written into the journal and does not hold is said there at once; where that fails as
 * well, the next run says it. */
static void take_back(struct cret_evidence *evidence, struct cret_journal *journal)
{
    struct cret_err ignored;
    cret_err_clear(&ignored);
    if (journal != NULL && evidence->number >= 0 &&
        cret_journal_withdraw(journal, evidence->number,
                              "the result could not be put in place: the run ended undecided",
                              &ignored) != CRET_OK) {
        evidence->number = -1;
        return;
    }
    evidence->number = -1;
    free(evidence->place);
    evidence->place = NULL;
}

static enum cret_status leave(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                              const struct cret_outcome *outcome, struct cret_journal *journal,
                              struct parcel *parcel, struct cret_err *err)
{
    if ((journal != NULL || delivery->record_path != NULL || delivery->want_record) &&
        pack(evidence, delivery, outcome, journal, parcel, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (journal != NULL && enter(evidence, journal, parcel, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((positive(outcome) && delivery->publish != NULL &&
         delivery->publish(delivery->context, err) != CRET_OK) ||
        (journal != NULL && cret_journal_confirm(journal, err) != CRET_OK) ||
        seal(evidence, delivery, journal, parcel, err) != CRET_OK ||
        hand_over(evidence, delivery, parcel, err) != CRET_OK) {
        retrieve(evidence, delivery);
        take_back(evidence, journal);
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* A TPM's denial is evidence; everything else is work that could not be done. */
static void spoil(struct cret_outcome *outcome, const struct cret_err *err,
                  struct cret_err *ret_problem)
{
    if (outcome->verdict == CRET_VERDICT_REFUSED) {
        *ret_problem = *err;
    } else if (err->class == CRET_ERR_REFUSED) {
        cret_findings_add_err(outcome->findings, CRET_RESULT_FAIL, err);
        outcome->verdict = CRET_VERDICT_REFUSED;
    } else {
        cret_outcome_undecide(outcome, err);
    }
}

void cret_evidence_leave(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                         struct cret_outcome *outcome, char **ret_record, size_t *ret_size,
                         struct cret_err *ret_problem)
{
    struct cret_err err;
    struct cret_journal *journal = NULL;
    struct parcel parcel = {0};
    cret_err_clear(&err);
    evidence->number = -1;
    evidence->left_record = evidence->left_signature = evidence->left_attestation = false;
    evidence->has_digest = false;
    free(evidence->place);
    evidence->place = NULL;
    bool done =
        cret_evidence_judge_syslog(evidence->options, evidence->session, outcome, &err) == CRET_OK;
    const enum cret_verdict before = outcome->verdict;
    done = done && (evidence->journal == NULL || open_journal(evidence, &journal, &err) == CRET_OK);
    if (done && journal != NULL) {
        done = cret_evidence_judge_backout(
                   journal, evidence->session, cret_options_value(evidence->options, "asset"),
                   cret_options_given(evidence->options, "backout"), outcome, &err) == CRET_OK &&
               cret_evidence_judge_documents(journal, evidence->session, outcome, &err) == CRET_OK;
        cret_waivers_after_journal(&evidence->session->request, before, outcome);
    }
    done = done && leave(evidence, delivery, outcome, journal, &parcel, &err) == CRET_OK;
    cret_guard_release(evidence->session->guard);
    cret_journal_free(&journal);
    if (!done) {
        /* The result is still told, as what it is now: not in the journal, not in place. */
        const struct cret_delivery plain = {.name = delivery->name,
                                            .record_path = delivery->record_path,
                                            .want_record = delivery->want_record};
        spoil(outcome, &err, ret_problem);
        parcel_clear(&parcel);
        if (leave(evidence, &plain, outcome, NULL, &parcel, &err) != CRET_OK) {
            spoil(outcome, &err, ret_problem);
        }
    }
    *ret_record = parcel.record.text;
    *ret_size = parcel.record.size;
    parcel.record.text = NULL;
    parcel_clear(&parcel);
}

void cret_evidence_withdraw(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                            const char *reason)
{
    struct cret_journal *journal = NULL;
    struct cret_err ignored;
    cret_err_clear(&ignored);
    retrieve(evidence, delivery);
    if (evidence->number < 0) {
        return;
    }
    if (open_journal(evidence, &journal, &ignored) == CRET_OK &&
        cret_journal_withdraw(journal, evidence->number, reason, &ignored) == CRET_OK) {
        evidence->number = -1;
    }
    cret_guard_release(evidence->session->guard);
    cret_journal_free(&journal);
}

/* name="value" in the manner of RFC 5424, section 6.3.3: quotation mark, backslash and bracket are
 * escaped. */
static void put_pair(struct cret_buffer *line, const char *name, const char *value)
{
    char *safe = value != NULL ? cret_text_escape(value) : NULL;
    if (value == NULL || safe == NULL) {
        return;
    }
    cret_buffer_printf(line, "%s%s=\"", line->size > 0 ? " " : "", name);
    for (const char *at = safe; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || *at == ']') {
            cret_buffer_append(line, "\\", 1);
        }
        cret_buffer_append(line, at, 1);
    }
    cret_buffer_append(line, "\"", 1);
    free(safe);
}

void cret_evidence_log(const struct cret_evidence *evidence, const struct cret_delivery *delivery,
                       const struct cret_outcome *outcome)
{
    const struct cret_options *options = evidence->options;
    if (!cret_options_given(options, "syslog")) {
        return;
    }
    if (!cret_os_syslog_reachable()) {
        fprintf(stderr, "%s: warning: no line in the system log: no service listens at /dev/log\n",
                cret_options_speaker(options));
        return;
    }
    char identity[CRET_SHA256_HEX] = "", digest[CRET_SHA256_HEX] = "", number[32], user[256] = "";
    char at[32];
    if (outcome->has_identity) {
        cret_hex_encode(identity, outcome->identity, CRET_SHA256_BYTES);
    }
    if (evidence->has_digest) {
        cret_hex_encode(digest, evidence->digest, CRET_SHA256_BYTES);
    }
    snprintf(number, sizeof(number), "%" PRId64, evidence->number);
    cret_time_format(at, evidence->session->request.now);
    cret_os_user_name(user, sizeof(user));
    const struct {
        const char *name, *value;
    } pairs[] = {
        {"verdict", cret_verdict_name(outcome->verdict)},
        {"asOf", evidence->session->at_given ? at : NULL},
        {"exampleKeys", evidence->session->request.allow_example_keys ? "allowed" : NULL},
        {"archive", delivery->name},
        {"identity", outcome->has_identity ? identity : NULL},
        {"vendor", cret_json_string(outcome->document, "product.vendor")},
        {"product", cret_json_string(outcome->document, "product.name")},
        {"version", cret_json_string(outcome->document, "release.version")},
        {"record", evidence->has_digest ? digest : NULL},
        {"journalLine", evidence->number >= 0 ? number : NULL},
        {"changeId", cret_options_value(options, "change-id")},
        {"asset", cret_options_value(options, "asset")},
        {"stage", cret_options_value(options, "stage")},
        {"user", user},
    };
    struct cret_buffer line = {0};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        put_pair(&line, pairs[i].name, pairs[i].value);
    }
    const enum cret_log_level level = positive(outcome)                          ? CRET_LOG_INFO
                                      : outcome->verdict == CRET_VERDICT_REFUSED ? CRET_LOG_WARNING
                                                                                 : CRET_LOG_ERROR;
    if (!line.failed) {
        cret_os_syslog(cret_options_speaker(options), level, line.data);
    }
    cret_buffer_free(&line);
}
