/* SPDX-License-Identifier: Apache-2.0 */
/* The steps from a finished verification to what is kept of it, in the order that proves most. */
#include "verifier/evidence/evidence_internal.h"

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
#include "verifier/evidence/evidence_files.h"
#include "verifier/evidence/evidence_record.h"
#include "verifier/run/site.h"

/* One record and what goes with it, until all of it is where it belongs. */
struct parcel {
    struct cret_evidence_text record;
    uint8_t *signature;
    size_t signature_size;
    /* Written, not yet under their names. */
    struct cret_output *record_file, *signature_file, *report_file;
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
    cret_output_discard(&parcel->report_file);
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

/* Can the secret be read a second time? Not through a descriptor, nor from a pipe. */
static bool secret_stays(const struct cret_options *options)
{
    static const char *const files[] = {"passphrase-file", "pin-file"};
    for (size_t i = 0; i < CRET_LENGTH(files); i++) {
        struct cret_file_info info;
        bool exists = false;
        const char *path = cret_options_value(options, files[i]);
        if (path != NULL && (cret_os_stat_path(&info, &exists, path, NULL) != CRET_OK || !exists ||
                             info.kind != CRET_KIND_REGULAR)) {
            return false;
        }
    }
    return !cret_options_given(options, "pin-fd") && !cret_options_given(options, "passphrase-fd");
}

/* A token may serve one program at a time, and verifying takes long: its key is opened again where
 * it is used, unless its secret cannot be had twice. */
static bool opens_late(const struct cret_evidence *evidence)
{
    return cret_key_in_token(evidence->signer.key) && secret_stays(evidence->options);
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
        if (evidence->journal == NULL && !cret_options_given(options, "record") &&
            !cret_options_given(options, "report")) {
            cret_err_usage(err, "--sign-record: there is no record to sign");
            cret_err_hint(err, "give --record DIR, --report FILE or --journal DIR as well");
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
    return delivery->record_path == NULL
               ? CRET_OK
               : cret_evidence_prepare(&parcel->record_file, delivery->record_path, record->text,
                                       record->size, err);
}

/* Signs the record: last of all, so that nothing signed speaks of a run that did not get that far.
 */
static enum cret_status seal(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                             struct cret_journal *journal, struct parcel *parcel,
                             struct cret_err *err)
{
    if (!evidence->signs ||
        (journal == NULL && parcel->record_file == NULL && delivery->report_path == NULL)) {
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
        path != NULL ? cret_evidence_prepare(&parcel->signature_file, path, parcel->signature,
                                             parcel->signature_size, err)
                     : cret_err_memory(err);
    free(path);
    return status;
}

/* The report, which carries the rest. */
static enum cret_status picture(const struct cret_delivery *delivery, struct parcel *parcel,
                                struct cret_err *err)
{
    if (delivery->report_path == NULL) {
        return CRET_OK;
    }
    const struct cret_report_parts parts = {
        .record = parcel->record.text,
        .record_size = parcel->record.size,
        .signature = parcel->signature,
        .signature_size = parcel->signature_size,
        .attestation = parcel->attestation,
        .attestation_size = parcel->attestation != NULL ? strlen(parcel->attestation) : 0};
    return cret_evidence_prepare_report(&parcel->report_file, delivery->report_path, &parts, err);
}

/* The report under its name. */
static enum cret_status hang(struct cret_evidence *evidence, struct parcel *parcel,
                             struct cret_err *err)
{
    if (parcel->report_file == NULL) {
        return CRET_OK;
    }
    if (cret_output_commit(&parcel->report_file, err) != CRET_OK) {
        return cret_err_context(err, "--report");
    }
    evidence->left_report = true;
    return CRET_OK;
}

/* The record comes last: whoever finds it finds the rest. */
static enum cret_status hand_over(struct cret_evidence *evidence,
                                  const struct cret_delivery *delivery, struct parcel *parcel,
                                  struct cret_err *err)
{
    if (picture(delivery, parcel, err) != CRET_OK || hang(evidence, parcel, err) != CRET_OK) {
        return CRET_FAILED;
    }
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
        const char *path, *suffix;
        bool *left;
    } files[] = {{delivery->record_path, "", &evidence->left_record},
                 {delivery->record_path, ".p7s", &evidence->left_signature},
                 {delivery->record_path, ".tpm.json", &evidence->left_attestation},
                 {delivery->report_path, "", &evidence->left_report}};
    for (size_t i = 0; i < CRET_LENGTH(files); i++) {
        if (*files[i].left) {
            char *path = cret_text_printf("%s%s", files[i].path, files[i].suffix);
            cret_os_unlink(path);
            free(path);
        }
        *files[i].left = false;
    }
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
    evidence->number = cret_optional_of(cret_journal_next_number(journal) - 1);
    free(evidence->place);
    evidence->place =
        cret_text_printf("number %" PRId64 " in %s", evidence->number.value, evidence->journal);
    return evidence->place != NULL ? CRET_OK : cret_err_memory(err);
}

/* What was written into the journal and does not hold is said there at once; where that fails as
 * well, its record is pending again, and the next run says it. */
static void take_back(struct cret_evidence *evidence, struct cret_journal *journal)
{
    struct cret_err ignored = {0};
    if (journal != NULL && evidence->number.given &&
        cret_journal_withdraw(journal, evidence->number.value,
                              "the result could not be put in place: the run ended undecided",
                              &ignored) != CRET_OK) {
        evidence->number = (struct cret_optional){0};
        return;
    }
    evidence->number = (struct cret_optional){0};
    free(evidence->place);
    evidence->place = NULL;
}

/* *ret_owed: the check that a failure is one of. */
static enum cret_status leave(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                              const struct cret_outcome *outcome, struct cret_journal *journal,
                              struct parcel *parcel, enum cret_check_id *ret_owed,
                              struct cret_err *err)
{
    *ret_owed = CRET_CHECK_EVIDENCE_RECORD;
    if ((journal != NULL || delivery->record_path != NULL || delivery->report_path != NULL ||
         delivery->want_record) &&
        pack(evidence, delivery, outcome, journal, parcel, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_owed = CRET_CHECK_EVIDENCE_JOURNAL;
    if (journal != NULL && enter(evidence, journal, parcel, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    if (cret_verdict_exit_code(outcome->verdict) == 0 && delivery->publish != NULL) {
        *ret_owed = CRET_CHECK_EVIDENCE_RESULT;
        status = delivery->publish(delivery->context, err);
    }
    if (status == CRET_OK && journal != NULL) {
        *ret_owed = CRET_CHECK_EVIDENCE_JOURNAL;
        status = cret_journal_confirm(journal, err);
    }
    if (status == CRET_OK) {
        *ret_owed = CRET_CHECK_EVIDENCE_RECORD;
        status = seal(evidence, delivery, journal, parcel, err) == CRET_OK
                     ? hand_over(evidence, delivery, parcel, err)
                     : CRET_FAILED;
    }
    if (status != CRET_OK) {
        retrieve(evidence, delivery);
        take_back(evidence, journal);
    }
    return status;
}

/* What could not be left beside a refusal does not change it, but is told. */
static void spoil(struct cret_outcome *outcome, enum cret_check_id owed, const struct cret_err *err,
                  struct cret_err *ret_problem)
{
    if (outcome->verdict == CRET_VERDICT_REFUSED) {
        *ret_problem = *err;
    }
    cret_outcome_spoil(outcome, owed, err);
}

/* Asks the system log, and the journal for what it knows of this release; then the verdict is
 * concluded, since the record holds it. *ret_journal: open for the line, or NULL. */
static enum cret_status ask(struct cret_evidence *evidence, struct cret_outcome *outcome,
                            struct cret_journal **ret_journal, struct cret_err *err)
{
    const struct cret_session *session = evidence->session;
    const struct cret_options *options = evidence->options;
    enum cret_status status = cret_evidence_judge_syslog(options, session, outcome, err);
    if (status == CRET_OK) {
        status = cret_evidence_judge_order(session, outcome, err);
    }
    if (status == CRET_OK && evidence->journal != NULL) {
        status = open_journal(evidence, ret_journal, err);
    }
    if (status == CRET_OK && *ret_journal != NULL) {
        status =
            cret_evidence_judge_backout(*ret_journal, session, cret_options_value(options, "asset"),
                                        cret_options_given(options, "backout"), outcome, err);
    }
    if (status == CRET_OK && *ret_journal != NULL) {
        status = cret_evidence_judge_documents(*ret_journal, session, outcome, err);
    }
    cret_waivers_after_journal(&session->request, outcome);
    cret_outcome_conclude(outcome);
    return status;
}

void cret_evidence_leave(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                         struct cret_outcome *outcome, char **ret_record, size_t *ret_size,
                         struct cret_err *ret_problem)
{
    struct cret_err err = {0};
    struct cret_journal *journal = NULL;
    struct parcel parcel = {0};
    enum cret_check_id owed = CRET_CHECK_EVIDENCE_JOURNAL;
    evidence->number = (struct cret_optional){0};
    evidence->left_record = evidence->left_signature = evidence->left_attestation = false;
    evidence->left_report = false;
    evidence->has_digest = false;
    free(evidence->place);
    evidence->place = NULL;
    const bool done = ask(evidence, outcome, &journal, &err) == CRET_OK &&
                      leave(evidence, delivery, outcome, journal, &parcel, &owed, &err) == CRET_OK;
    cret_guard_release(evidence->session->guard);
    cret_journal_free(&journal);
    enum cret_verdict written = outcome->verdict;
    if (!done) {
        /* The result is still told, as what it is now: not in the journal, not in place. */
        const struct cret_delivery plain = {.name = delivery->name,
                                            .record_path = delivery->record_path,
                                            .report_path = delivery->report_path,
                                            .want_record = delivery->want_record};
        spoil(outcome, owed, &err, ret_problem);
        parcel_clear(&parcel);
        written = outcome->verdict;
        if (leave(evidence, &plain, outcome, NULL, &parcel, &owed, &err) != CRET_OK) {
            spoil(outcome, owed, &err, ret_problem);
        }
    }
    /* A record with another verdict than this run's is not shown to anybody. */
    if (written == outcome->verdict) {
        *ret_record = parcel.record.text;
        *ret_size = parcel.record.size;
        parcel.record.text = NULL;
    } else {
        evidence->has_digest = false;
    }
    parcel_clear(&parcel);
}

enum cret_status cret_evidence_withdraw(struct cret_evidence *evidence,
                                        const struct cret_delivery *delivery, const char *reason,
                                        struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    retrieve(evidence, delivery);
    if (!evidence->number.given) {
        return CRET_OK;
    }
    enum cret_status status = open_journal(evidence, &journal, err);
    if (status == CRET_OK) {
        status = cret_journal_withdraw(journal, evidence->number.value, reason, err);
    }
    if (status == CRET_OK) {
        evidence->number = (struct cret_optional){0};
    } else {
        cret_err_context(err, "what number %" PRId64 " in %s says does not hold",
                         evidence->number.value, evidence->journal);
        cret_err_hint(err, "see to it that the journal can be written, and run the check again");
    }
    cret_guard_release(evidence->session->guard);
    cret_journal_free(&journal);
    return status;
}
