/* SPDX-License-Identifier: Apache-2.0 */
/* Trying each means that is named, and saying what it showed. */
#include "verifier/verbs/record_trust.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "evidence/journal/journal.h"
#include "evidence/station/attestation.h"
#include "evidence/station/station.h"
#include "verifier/run/site.h"

static const struct cret_option trust_options[] = {
    CRET_OPTION("anchor", "PEM",
                "Who may have signed the record: a CA certificate, or the signer's own. Repeated: "
                "any of them.",
                .repeatable = true),
    CRET_OPTION("signature", "FILE", "The signature. Default: the record's name and .p7s.",
                .needs = "anchor"),
    CRET_OPTION(
        "crl", "FILE",
        "Revocation list (PEM or DER) of an issuer of the signer's certificate, or of that of the "
        "authority of --seal.",
        .repeatable = true, .needs = "anchor"),
    CRET_OPTION("station", "FILE",
                "The station.json whose TPM must have attested the record. No TPM is needed."),
    CRET_OPTION("attestation", "FILE", "The attestation. Default: the record's name and .tpm.json.",
                .needs = "station"),
    CRET_OPTION("journal", "DIR",
                "The journal that must hold the line of the record. A record that belongs to one "
                "is an acceptance only with it."),
    CRET_OPTION("at", "TIME",
                "Judge the signer's certificate as of this time (RFC 3339, UTC) instead of now.",
                .needs = "anchor", .excludes = "seal"),
    CRET_OPTION("seal", "FILE",
                "A seal (.ers) over the record and its signature: the signer's certificate is "
                "judged as of the time that it proves. Needs --authority, but where the site "
                "configuration names a trust policy with timestampAuthorities.",
                .excludes = "at"),
    CRET_OPTION("authority", "PEM",
                "A timestamp authority that is trusted for the seal: its certificate, or that of "
                "the CA above it.",
                .repeatable = true, .needs = "seal"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_record_trust_group = {"Trust in the record", trust_options};

/* The file named by an option, else what a report carries, else the record's name with a suffix. */
struct beside {
    const char *option, *suffix;
    enum cret_check_id check; /* that fails where there is none */
    size_t cap;               /* bytes */
    const void *carried;      /* by the report, or NULL */
    size_t carried_size;
};

static enum cret_status copy_carried(char **ret_data, size_t *ret_size, const struct beside *beside,
                                     struct cret_err *err)
{
    char *data = malloc(beside->carried_size + 1);
    if (data == NULL) {
        return cret_err_memory(err);
    }
    memcpy(data, beside->carried, beside->carried_size);
    data[beside->carried_size] = '\0';
    *ret_data = data;
    *ret_size = beside->carried_size;
    return CRET_OK;
}

static enum cret_status read_beside(char **ret_data, size_t *ret_size,
                                    const struct cret_options *options, const struct beside *beside,
                                    struct cret_err *err)
{
    const char *option = beside->option, *given = cret_options_value(options, option);
    if (given == NULL && beside->carried != NULL) {
        return copy_carried(ret_data, ret_size, beside, err);
    }
    char *path = given != NULL
                     ? strdup(given)
                     : cret_text_printf("%s%s", cret_options_operand(options, 0), beside->suffix);
    struct cret_file_info info;
    bool exists = false;
    enum cret_status status = CRET_FAILED;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (!exists) {
        cret_err_refuse(err, beside->check, "the record has no %s: there is no %s", option, path);
        cret_err_hint(err, "ask whoever made the record for it, or name it with --%s", option);
        goto out;
    }
    status = cret_file_read(ret_data, ret_size, path, beside->cap, CRET_ERR_UNDECIDED, err);
out:
    free(path);
    return status;
}

static enum cret_status note_as_of(struct cret_record_trust *trust, int64_t now,
                                   struct cret_err *err)
{
    char text[32];
    cret_time_format(text, now);
    trust->as_of = cret_text_printf("%s", text);
    return trust->as_of != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status hold_signature(struct cret_record_trust *trust,
                                       const struct cret_options *options, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const bool example = cret_options_given(options, "allow-example-keys");
    const char *at = cret_options_value(options, "at");
    const struct beside signature = {.option = "signature",
                                     .suffix = ".p7s",
                                     .check = CRET_CHECK_RECORD_SIGNATURE,
                                     .cap = CRET_LIMIT_SIGNATURE_BYTES,
                                     .carried = trust->source.signature,
                                     .carried_size = trust->source.signature_size};
    struct cret_policy *policy = NULL;
    char *data = NULL;
    size_t size = 0;
    struct cret_record_judges judges = {.now = cret_os_now(), .allow_example_keys = example};
    if (at != NULL && cret_time_read(&judges.now, at) != CRET_OK) {
        cret_err_usage(err, "--at: not a time: %s", at);
        return cret_err_expected(err, CRET_TIME_WORDS);
    }
    trust->lists_given = cret_options_given(options, "crl");
    if (at != NULL && note_as_of(trust, judges.now, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_site_recorders(&policy, options, example, err) != CRET_OK) {
        return CRET_FAILED;
    }
    policy->as_of = at != NULL; /* a list from after that time proves no clock wrong */
    if ((!trust->lists_given ||
         cret_policy_add_crls(policy, cret_options_values(options, "crl"),
                              cret_options_count(options, "crl"), err) == CRET_OK) &&
        read_beside(&data, &size, options, &signature, err) == CRET_OK) {
        const struct cret_bytes record = {(const uint8_t *)trust->record.text, trust->record.size};
        judges.policy = policy;
        if (cret_record_seal_judge(&trust->seal, options, record,
                                   (struct cret_bytes){(const uint8_t *)data, size},
                                   err) != CRET_OK) {
            goto out;
        }
        if (trust->seal.held) {
            judges.now = trust->seal.since;
            policy->as_of = true;
        }
        status = cret_record_verify_signature(&trust->sealed, &trust->record, (uint8_t *)data, size,
                                              &judges, err);
    }
    if (status == CRET_OK) {
        trust->signature = data;
        trust->signature_size = size;
        data = NULL;
    }
out:
    free(data);
    cret_policy_free(&policy);
    return status;
}

static enum cret_status hold_attestation(struct cret_record_trust *trust,
                                         const struct cret_options *options, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_station station = {0};
    struct cret_attestation attestation = {0};
    char *data = NULL, *text = NULL;
    size_t size = 0, text_size = 0;
    if (cret_site_read(&text, &text_size, options, CRET_SITE_STATION, "", cret_station_format.bytes,
                       err) != CRET_OK) {
        return cret_err_context(err, "the station file");
    }
    const enum cret_status parsed = cret_station_parse(
        &station, text, text_size, cret_site_value(options, CRET_SITE_STATION), err);
    free(text);
    if (parsed != CRET_OK) {
        return CRET_FAILED;
    }
    const struct beside file = {.option = "attestation",
                                .suffix = ".tpm.json",
                                .check = CRET_CHECK_TPM_ATTESTATION,
                                .cap = cret_attestation_format.bytes,
                                .carried = trust->source.attestation,
                                .carried_size = trust->source.attestation_size};
    if (read_beside(&data, &size, options, &file, err) == CRET_OK &&
        cret_attestation_parse(&attestation, data, size, "the attestation", err) == CRET_OK) {
        if (cret_attestation_verify(&attestation, &station, trust->record.digest, err) == CRET_OK) {
            trust->attested = true;
            trust->station = station.name != NULL ? strdup(station.name) : NULL;
            status = CRET_OK;
        }
        cret_attestation_clear(&attestation);
    }
    free(data);
    cret_station_clear(&station);
    return status;
}

/* The line of this record; *ret_run NULL: there is none. */
static const struct cret_journal_entry *find_line(const struct cret_record_trust *trust,
                                                  const struct cret_journal *journal)
{
    char genesis[CRET_SHA256_HEX];
    const char *named = cret_json_string(trust->record.json, "journal.genesis");
    cret_hex_encode(genesis, cret_journal_genesis(journal), CRET_SHA256_BYTES);
    if (named == NULL || strcmp(named, genesis) != 0) {
        return NULL;
    }
    for (size_t i = cret_journal_count(journal); i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (entry->kind == CRET_JOURNAL_RUN && entry->number == trust->number &&
            memcmp(entry->record, trust->record.digest, CRET_SHA256_BYTES) == 0) {
            return entry;
        }
    }
    return NULL;
}

static enum cret_status hold_journal(struct cret_record_trust *trust,
                                     const struct cret_options *options, struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    enum cret_status status = CRET_FAILED;
    const char *folder = NULL;
    if (cret_site_journal(&folder, options, err) != CRET_OK ||
        cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_journal_entry *run = find_line(trust, journal);
    if (run == NULL) {
        cret_err_refuse(err, CRET_CHECK_JOURNAL_RECORDS, "the journal has no line for this record");
        cret_err_where(err, "%s", folder);
        cret_err_hint(err, "it is the record of another journal, or was changed");
    } else if (cret_journal_confirmed(journal, run, &trust->confirmed, err) == CRET_OK) {
        trust->line = run->number;
        trust->bound = cret_journal_has_witness(journal);
        status = CRET_OK;
    }
    cret_journal_free(&journal);
    return status;
}

bool cret_record_trust_given(const struct cret_options *options)
{
    return cret_options_given(options, "anchor") || cret_options_given(options, "station") ||
           cret_options_given(options, "journal");
}

/* What the options name, else all that the site has its runs leave. */
static bool is_asked(const struct cret_options *options, const char *option)
{
    if (cret_record_trust_given(options)) {
        return cret_options_given(options, option);
    }
    return strcmp(option, "anchor") == 0    ? cret_site_names_recorders(options)
           : strcmp(option, "journal") == 0 ? cret_site_names(options, CRET_SITE_JOURNAL)
                                            : cret_site_asks_tpm(options);
}

/* What vouches for a record, each by its option. */
static const struct {
    const char *option;
    enum cret_status (*hold)(struct cret_record_trust *, const struct cret_options *,
                             struct cret_err *);
} means[] = {{"anchor", hold_signature}, {"station", hold_attestation}, {"journal", hold_journal}};
enum { MEANS = CRET_LENGTH(means) };

bool cret_record_trust_of_site(const struct cret_options *options)
{
    bool named = false;
    for (size_t i = 0; i < MEANS && !cret_record_trust_given(options); i++) {
        named = named || is_asked(options, means[i].option);
    }
    return named;
}

/* A seal moves the time at which a signature is judged; where none is, it would be passed over. */
static enum cret_status check_seal(const struct cret_options *options, struct cret_err *err)
{
    if (!cret_options_given(options, "seal") || is_asked(options, "anchor")) {
        return CRET_OK;
    }
    cret_err_usage(err, "--seal needs --anchor: nobody was named who may have signed the record");
    return cret_err_hint(err, "--anchor PEM; on a machine with a site configuration "
                              "`recordAnchors` names them");
}

enum cret_status cret_record_trust_read(struct cret_record_trust *ret_trust,
                                        const struct cret_options *options, struct cret_err *err)
{
    struct cret_record_trust trust = {.line = -1};
    if (check_seal(options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_report_read(&trust.source, cret_options_operand(options, 0), err) != CRET_OK) {
        return CRET_FAILED;
    }
    trust.record = trust.source.record;
    trust.source.record = (struct cret_record_copy){0};
    trust.belongs = json_object_get(trust.record.json, "journal") != NULL;
    trust.number = cret_json_integer(trust.record.json, "journal.line", -1);
    if (!trust.source.page && !cret_options_given(options, "seal") &&
        cret_record_seal_beside(&trust.seal_beside, cret_options_operand(options, 0), err) !=
            CRET_OK) {
        cret_record_trust_clear(&trust);
        return CRET_FAILED;
    }
    *ret_trust = trust;
    return CRET_OK;
}

enum cret_status cret_record_trust_hold(struct cret_record_trust *trust,
                                        const struct cret_options *options, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    size_t held = 0;
    if (trust->source.differs.class != CRET_ERR_NONE) { /* the page does not show its record */
        *err = trust->source.differs;
        return CRET_FAILED;
    }
    for (size_t i = 0; status == CRET_OK && i < MEANS; i++) {
        if (is_asked(options, means[i].option)) {
            status = means[i].hold(trust, options, err);
            held++;
        }
    }
    if (status != CRET_OK && err != NULL && err->check == CRET_CHECK_CERTIFICATE_VALIDITY &&
        trust->seal_beside != NULL) {
        cret_err_hint_file(err,
                           "a seal lies beside the record: --seal {} --authority PEM judges the "
                           "signature as of the time that it proves",
                           trust->seal_beside);
    }
    return held > 0 ? status : CRET_FAILED;
}

enum cret_status cret_record_trust_open(struct cret_record_trust *ret_trust,
                                        const struct cret_options *options, struct cret_err *err)
{
    struct cret_record_trust trust;
    if (!cret_record_trust_given(options) && !cret_record_trust_of_site(options)) {
        cret_err_usage(err, "nothing was named that vouches for the record");
        return cret_err_hint(err, "--anchor PEM (its signature), --station FILE (the attestation "
                                  "of a TPM), --journal DIR; `record show` displays it unverified");
    }
    if (cret_record_trust_read(&trust, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_record_trust_hold(&trust, options, err) != CRET_OK) {
        cret_record_trust_clear(&trust);
        return CRET_FAILED;
    }
    *ret_trust = trust;
    return CRET_OK;
}

void cret_record_trust_clear(struct cret_record_trust *trust)
{
    cret_record_copy_clear(&trust->record);
    cret_report_copy_clear(&trust->source);
    cret_record_sealed_clear(&trust->sealed);
    free(trust->signature);
    free(trust->seal.words);
    free(trust->seal_beside);
    free(trust->as_of);
    free(trust->station);
    memset(trust, 0, sizeof(*trust));
}

bool cret_record_trust_accepts(const struct cret_record_trust *trust)
{
    return cret_record_accepts(&trust->record) &&
           (!trust->belongs || (trust->line >= 0 && trust->confirmed));
}

enum cret_status cret_record_trust_settled(const struct cret_record_trust *trust,
                                           struct cret_err *err)
{
    if (!trust->belongs || trust->line >= 0) {
        return CRET_OK;
    }
    cret_err_usage(err, "the record belongs to a journal, and only that knows whether the run "
                        "was finished");
    cret_err_where(err, "line number %" PRId64 " of the journal that began with %s", trust->number,
                   cret_json_string(trust->record.json, "journal.genesis"));
    return cret_err_hint(err, "name the journal, or a copy of its folder, with --journal DIR");
}

void cret_record_trust_unasked(const struct cret_record_trust *trust,
                               const char *ret_words[CRET_RECORD_UNASKED])
{
    const bool tpm = cret_json_string(trust->record.json, "how.stationSha256") != NULL;
    size_t count = 0;
    if (trust->sealed.signer == NULL) {
        ret_words[count++] = "who signed the record (--anchor)";
    } else if (!trust->lists_given) {
        ret_words[count++] = "whether the signer's certificate was revoked (--crl)";
    }
    if (trust->seal_beside != NULL) {
        ret_words[count++] = "the seal that lies beside it, in seals: since when the record "
                             "existed (--seal, --authority)";
    }
    if (trust->belongs && trust->line < 0) {
        ret_words[count++] = "the journal: whether the run was finished, and its line still stands "
                             "(--journal)";
    }
    if (!trust->attested && (tpm || trust->bound)) {
        ret_words[count++] = trust->line >= 0
                                 ? "the TPM: whether it holds the head of this journal (`journal "
                                   "verify --tpm`), and attested the record (--station)"
                                 : "the TPM: whether it attested the record (--station)";
    } else if (trust->line >= 0 && trust->bound) {
        ret_words[count++] = "the TPM: whether it still holds the head of this journal (`journal "
                             "verify --tpm`)";
    }
    ret_words[count] = NULL;
}
