/* SPDX-License-Identifier: Apache-2.0 */
/* Taking in frames, and refusing what contradicts itself. */
#include "verifier/child/outcome.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "release/manifest/manifest.h"
#include "verifier/child/frames.h"

struct receiver {
    struct cret_outcome *outcome;
    const struct cret_expectation *expectation;
    size_t file_capacity, name_bytes;
    bool has_verdict;
    uint32_t verdict;
    uint64_t work;
};

static enum cret_status receive_progress(struct receiver *receiver,
                                         struct cret_frame_reader *reader)
{
    const uint64_t done = cret_frame_get_u64(reader);
    const uint64_t total = cret_frame_get_u64(reader);
    const uint64_t work = cret_frame_get_u64(reader);
    if (cret_frame_done(reader) != CRET_OK || work < receiver->work) {
        return CRET_FAILED;
    }
    if (work > receiver->work) {
        cret_frame_alive(reader);
    }
    receiver->work = work;
    if (receiver->expectation->progress != NULL) {
        receiver->expectation->progress(receiver->expectation->context, done, total);
    }
    return CRET_OK;
}

/* Kinds of checks that a child answers. All others its parent asks: the journal, a TPM, the
 * station.
 */
static const bool of_child[CRET_CHECK_KIND_COUNT] = {
    [CRET_CHECK_KIND_CORE] = true,     [CRET_CHECK_KIND_RELEASE] = true,
    [CRET_CHECK_KIND_OPERATOR] = true, [CRET_CHECK_KIND_WAIVER] = true,
    [CRET_CHECK_KIND_FOREIGN] = true,
};

static enum cret_status receive_finding(struct receiver *receiver, struct cret_frame_reader *reader)
{
    const uint32_t check = cret_frame_get_u32(reader);
    const uint32_t result = cret_frame_get_u32(reader);
    char *texts[5];
    for (size_t i = 0; i < 5; i++) {
        texts[i] = cret_frame_get_string(reader);
    }
    enum cret_status status = CRET_FAILED;
    /* A list that is full loses what comes now: then nothing more is read. */
    if (cret_frame_done(reader) == CRET_OK && !cret_findings_broken(receiver->outcome->findings) &&
        check > CRET_CHECK_NONE && check < CRET_CHECK_COUNT && result < CRET_RESULT_COUNT &&
        of_child[cret_check_get((enum cret_check_id)check)->kind] && texts[0] != NULL) {
        cret_findings_add(
            receiver->outcome->findings, (enum cret_check_id)check, (enum cret_result)result,
            (struct cret_finding_text){
                .where = texts[1], .expected = texts[2], .actual = texts[3], .hint = texts[4]},
            "%s", texts[0]);
        status = CRET_OK;
    }
    for (size_t i = 0; i < 5; i++) {
        free(texts[i]);
    }
    return status;
}

static enum cret_status receive_identity(struct receiver *receiver,
                                         struct cret_frame_reader *reader)
{
    struct cret_outcome *outcome = receiver->outcome;
    uint8_t identity[CRET_SHA256_BYTES];
    cret_frame_get_bytes(reader, identity, sizeof(identity));
    const uint32_t flag = cret_frame_get_u32(reader);
    if (cret_frame_done(reader) != CRET_OK || flag > 2) {
        return CRET_FAILED;
    }
    memcpy(outcome->identity, identity, sizeof(identity));
    outcome->product_bound = flag == 1;
    outcome->identity_open = flag == 2;
    outcome->has_identity = true;
    return CRET_OK;
}

static enum cret_status receive_archive(struct receiver *receiver, struct cret_frame_reader *reader)
{
    struct cret_outcome *outcome = receiver->outcome;
    const uint64_t size = cret_frame_get_u64(reader);
    const uint32_t has_digest = cret_frame_get_u32(reader);
    uint8_t digest[CRET_SHA256_BYTES];
    cret_frame_get_bytes(reader, digest, sizeof(digest));
    if (cret_frame_done(reader) != CRET_OK || has_digest > 1 || size > CRET_LIMIT_JSON_INTEGER) {
        return CRET_FAILED;
    }
    outcome->archive_size = size;
    outcome->has_archive_size = true;
    memcpy(outcome->archive_digest, digest, sizeof(digest));
    outcome->has_archive_digest = has_digest == 1;
    return CRET_OK;
}

static enum cret_status receive_engine(struct receiver *receiver, struct cret_frame_reader *reader)
{
    struct cret_outcome *outcome = receiver->outcome;
    const uint32_t engine = cret_frame_get_u32(reader);
    if (cret_frame_done(reader) != CRET_OK || engine >= CRET_HASH_COUNT) {
        return CRET_FAILED;
    }
    outcome->engine = (enum cret_hash_id)engine;
    outcome->has_engine = true;
    return CRET_OK;
}

/* The role as the table has it; NULL where it has none of that name. */
static const char *known_role(const char *text)
{
    for (size_t i = 0; text != NULL && cret_file_roles[i] != NULL; i++) {
        if (strcmp(text, cret_file_roles[i]) == 0) {
            return cret_file_roles[i];
        }
    }
    return NULL;
}

static bool flags_make_sense(uint32_t flags)
{
    const uint32_t all = CRET_FILE_SHA256_VERIFIED | CRET_FILE_HAS_FSVERITY |
                         CRET_FILE_FSVERITY_VERIFIED | CRET_FILE_SAFETY_RELEVANT;
    return (flags & ~all) == 0 &&
           ((flags & CRET_FILE_FSVERITY_VERIFIED) == 0 || (flags & CRET_FILE_HAS_FSVERITY) != 0);
}

static enum cret_status receive_file(struct receiver *receiver, struct cret_frame_reader *reader)
{
    struct cret_outcome *outcome = receiver->outcome;
    if (outcome->file_count == receiver->file_capacity) {
        const size_t capacity = receiver->file_capacity > 0 ? 2 * receiver->file_capacity : 64;
        void *grown = realloc(outcome->files, capacity * sizeof(*outcome->files));
        if (grown == NULL) {
            return CRET_FAILED;
        }
        outcome->files = grown;
        receiver->file_capacity = capacity;
    }
    struct cret_record_file *file = &outcome->files[outcome->file_count++];
    file->path = cret_frame_get_string(reader);
    file->original = cret_frame_get_string(reader);
    char *role = cret_frame_get_string(reader);
    file->role = known_role(role);
    free(role);
    file->size = cret_frame_get_u64(reader);
    cret_frame_get_bytes(reader, file->sha256, sizeof(file->sha256));
    cret_frame_get_bytes(reader, file->fsverity, sizeof(file->fsverity));
    file->flags = cret_frame_get_u32(reader);
    if (cret_frame_done(reader) != CRET_OK || file->path == NULL || file->role == NULL ||
        !flags_make_sense(file->flags)) {
        return CRET_FAILED;
    }
    receiver->name_bytes +=
        strlen(file->path) + (file->original != NULL ? strlen(file->original) : 0);
    return receiver->name_bytes <= CRET_LIMIT_NAMES_BYTES ? CRET_OK : CRET_FAILED;
}

static enum cret_status receive_document(struct receiver *receiver,
                                         struct cret_frame_reader *reader)
{
    return cret_json_parse(&receiver->outcome->document, (const char *)reader->body, reader->size,
                           CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, NULL);
}

static enum cret_status receive_error(struct receiver *receiver, struct cret_frame_reader *reader)
{
    struct cret_err *err = &receiver->outcome->error;
    char *texts[5];
    const struct {
        char *field;
        size_t size;
    } fields[5] = {{err->what, sizeof(err->what)},
                   {err->where, sizeof(err->where)},
                   {err->expected, sizeof(err->expected)},
                   {err->actual, sizeof(err->actual)},
                   {err->hint, sizeof(err->hint)}};
    for (size_t i = 0; i < 5; i++) {
        texts[i] = cret_frame_get_string(reader);
    }
    const bool good = cret_frame_done(reader) == CRET_OK && err->class == CRET_ERR_NONE;
    for (size_t i = 0; i < 5; i++) {
        if (good && texts[i] != NULL) {
            const size_t size = strlen(texts[i]);
            const size_t kept = size < fields[i].size ? size : fields[i].size - 1;
            memcpy(fields[i].field, texts[i], kept);
            fields[i].field[kept] = '\0';
        }
        free(texts[i]);
    }
    if (good) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
    }
    return good ? CRET_OK : CRET_FAILED;
}

static enum cret_status receive_verdict(struct receiver *receiver, struct cret_frame_reader *reader)
{
    receiver->verdict = cret_frame_get_u32(reader);
    receiver->has_verdict = true;
    return cret_frame_done(reader) == CRET_OK && receiver->verdict < CRET_VERDICT_COUNT
               ? CRET_OK
               : CRET_FAILED;
}

static enum cret_status receive_again(struct receiver *receiver, struct cret_frame_reader *reader)
{
    receiver->outcome->again = cret_frame_get_u32(reader) == 1;
    return receiver->outcome->again ? cret_frame_done(reader) : CRET_FAILED;
}

static enum cret_status (*const receivers[CRET_FRAME_COUNT])(struct receiver *,
                                                             struct cret_frame_reader *) = {
    [CRET_FRAME_PROGRESS] = receive_progress, [CRET_FRAME_FINDING] = receive_finding,
    [CRET_FRAME_IDENTITY] = receive_identity, [CRET_FRAME_FILE] = receive_file,
    [CRET_FRAME_DOCUMENT] = receive_document, [CRET_FRAME_ERROR] = receive_error,
    [CRET_FRAME_VERDICT] = receive_verdict,   [CRET_FRAME_ARCHIVE] = receive_archive,
    [CRET_FRAME_ENGINE] = receive_engine,     [CRET_FRAME_AGAIN] = receive_again,
};

static enum cret_status receive_all(struct receiver *receiver, int fd, struct cret_err *err)
{
    struct cret_frame_reader reader;
    enum cret_status status = CRET_FAILED;
    cret_frame_reader_init(&reader, &cret_verdict_frames, fd, receiver->expectation->patience);
    for (;;) {
        bool end = false;
        if (cret_frame_receive(&reader, &end, err) != CRET_OK) {
            break;
        }
        if (end) {
            status = receiver->has_verdict
                         ? CRET_OK
                         : cret_err_undecided(err, "the reading process ended before its verdict");
            break;
        }
        /* The verdict is the last frame: nothing may follow it. */
        if (receiver->has_verdict || receivers[reader.type](receiver, &reader) != CRET_OK) {
            cret_err_undecided(err, "the reading process sent a malformed result");
            break;
        }
    }
    cret_frame_reader_clear(&reader);
    return status;
}

/* What an acceptance must say of the release, and of what type. */
static const struct {
    const char *path;
    json_type type;
} said[] = {
    {"product.vendor", JSON_STRING},  {"product.name", JSON_STRING},
    {"release.version", JSON_STRING}, {"release.sequence", JSON_INTEGER},
    {"fileCount", JSON_INTEGER},      {"fileBytes", JSON_INTEGER},
    {"signatures", JSON_ARRAY},
};

static bool signature_counted(const json_t *document)
{
    CRET_JSON_EACH (signature, json_object_get(document, "signatures")) {
        if (cret_json_boolean(signature, "counted", false)) {
            return true;
        }
    }
    return false;
}

/* Every file was read, where all of them were asked for. */
static bool files_verified(const struct cret_outcome *outcome)
{
    const uint32_t verified = CRET_FILE_SHA256_VERIFIED | CRET_FILE_FSVERITY_VERIFIED;
    for (size_t i = 0; i < outcome->file_count; i++) {
        if ((outcome->files[i].flags & verified) == 0) {
            return false;
        }
    }
    return true;
}

/* What is missing in what an acceptance says; NULL: nothing. */
static const char *missing(const struct cret_outcome *outcome,
                           const struct cret_expectation *expectation)
{
    if (!outcome->has_identity || (outcome->identity_open && !expectation->unverified)) {
        return "the identity of the release";
    }
    for (size_t i = 0; i < CRET_LENGTH(said); i++) {
        const json_t *value = cret_json_get(outcome->document, said[i].path);
        if (value == NULL || json_typeof(value) != said[i].type) {
            return said[i].path;
        }
    }
    if (!expectation->unverified && !signature_counted(outcome->document)) {
        return "a signature that counted";
    }
    if (!outcome->has_engine && !expectation->partial) {
        return "what computed the digests";
    }
    const int64_t files = cret_json_integer(outcome->document, "fileCount", -1);
    if ((expectation->want_files || outcome->file_count > 0) &&
        (files < 0 || (uint64_t)files != outcome->file_count)) {
        return "every file";
    }
    return expectation->partial || files_verified(outcome) ? NULL : "that every file was read";
}

/* What an acceptance of a foreign file must say. */
static const char *missing_foreign(const struct cret_outcome *outcome)
{
    static const char *const texts[][2] = {{"foreign.pin", "whom it was pinned by"},
                                           {"foreign.proof.kind", "the kind of its proof"},
                                           {"foreign.sha256", "the digest of the file"}};
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        if (cret_json_string(outcome->document, texts[i][0]) == NULL) {
            return texts[i][1];
        }
    }
    return !outcome->has_identity || outcome->identity_open ? "the identity of the file"
           : !outcome->has_archive_digest                   ? "the digest of the file"
           : outcome->file_count > 0                        ? "nothing of files of a release"
                                                            : NULL;
}

static bool is_foreign(const struct receiver *receiver)
{
    return receiver->expectation->foreign &&
           json_object_get(receiver->outcome->document, "foreign") != NULL;
}

/* Holds what was received together: an acceptance says what was accepted, and the findings lead to
 * it under the parent's own requirements. */
static void settle(struct receiver *receiver)
{
    struct cret_outcome *outcome = receiver->outcome;
    struct cret_err err = {0};
    if (is_foreign(receiver)) {
        cret_required_foreign(&outcome->required);
    }
    cret_outcome_conclude(outcome);
    const enum cret_verdict decided = outcome->verdict;
    if (receiver->verdict != (uint32_t)decided) {
        cret_err_undecided(&err, "the reading process contradicts itself");
        cret_err_expected(&err, "%s", cret_verdict_name(decided));
        cret_err_actual(&err, "%s", cret_verdict_name((enum cret_verdict)receiver->verdict));
        cret_outcome_undecide(outcome, &err);
        return;
    }
    if (decided == CRET_VERDICT_REFUSED || decided == CRET_VERDICT_UNDECIDED) {
        return;
    }
    const char *lack =
        is_foreign(receiver) ? missing_foreign(outcome) : missing(outcome, receiver->expectation);
    if (lack != NULL) {
        cret_err_undecided(&err, "the reading process contradicts itself: it accepts a release, "
                                 "and does not say all of it");
        cret_err_expected(&err, "%s", lack);
        cret_outcome_undecide(outcome, &err);
    }
}

struct cret_outcome *cret_outcome_receive(int fd, const struct cret_expectation *expectation)
{
    struct cret_outcome *outcome = calloc(1, sizeof(*outcome));
    if (outcome == NULL) {
        return NULL;
    }
    outcome->required = *expectation->required;
    outcome->partial = expectation->partial;
    outcome->findings = cret_findings_new();
    if (outcome->findings == NULL) {
        cret_outcome_free(&outcome);
        return NULL;
    }
    struct receiver receiver = {.outcome = outcome, .expectation = expectation};
    struct cret_err err = {0};
    if (receive_all(&receiver, fd, &err) != CRET_OK) {
        cret_outcome_undecide(outcome, &err);
        return outcome;
    }
    settle(&receiver);
    return outcome;
}

/* Why the findings alone leave it undecided: they are not whole, or the first answer that is owed.
 */
static void explain(struct cret_outcome *outcome)
{
    struct cret_err *err = &outcome->error;
    if (cret_findings_whole(outcome->findings, err) != CRET_OK) {
        return;
    }
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (finding->result == CRET_RESULT_NOT_CHECKED && cret_check_get(finding->check)->owed) {
            cret_finding_refuse(err, finding);
            break;
        }
    }
    cret_err_reclass(err, CRET_ERR_UNDECIDED);
}

void cret_outcome_conclude(struct cret_outcome *outcome)
{
    const enum cret_verdict decided =
        outcome->error.class != CRET_ERR_NONE
            ? CRET_VERDICT_UNDECIDED
            : cret_verdict_decide(outcome->findings, &outcome->required, outcome->partial);
    if (decided == CRET_VERDICT_UNDECIDED && outcome->error.class == CRET_ERR_NONE) {
        explain(outcome);
    }
    outcome->verdict = decided;
}

void cret_outcome_undecide(struct cret_outcome *outcome, const struct cret_err *err)
{
    if (outcome->error.class == CRET_ERR_NONE) {
        outcome->error = *err;
        outcome->error.class = CRET_ERR_UNDECIDED;
    }
    cret_outcome_conclude(outcome);
}

void cret_outcome_spoil(struct cret_outcome *outcome, enum cret_check_id owed,
                        const struct cret_err *err)
{
    struct cret_err finding = *err;
    const bool denied = err->class == CRET_ERR_REFUSED;
    const bool refused = outcome->verdict == CRET_VERDICT_REFUSED;
    if (!denied) {
        finding.check = owed;
    }
    cret_findings_add_err(outcome->findings, denied ? CRET_RESULT_FAIL : CRET_RESULT_NOT_CHECKED,
                          &finding);
    if (denied || refused) {
        cret_outcome_conclude(outcome);
    } else {
        cret_outcome_undecide(outcome, err);
    }
}

void cret_outcome_free(struct cret_outcome **outcome)
{
    if (outcome == NULL || *outcome == NULL) {
        return;
    }
    for (size_t i = 0; i < (*outcome)->file_count; i++) {
        free((*outcome)->files[i].path);
        free((*outcome)->files[i].original);
    }
    free((*outcome)->files);
    free((*outcome)->waivers);
    cret_findings_free(&(*outcome)->findings);
    json_decref((*outcome)->document);
    free(*outcome);
    *outcome = NULL;
}
