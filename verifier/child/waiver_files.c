/* SPDX-License-Identifier: Apache-2.0 */
/* Finding and reading waivers with their signatures. */
#include "verifier/child/waiver_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "engine/gate.h"
#include "engine/waive.h"

/* Signatures that lie beside one file. */
struct beside {
    struct cret_signature list[CRET_LIMIT_SIGNATURES];
    size_t count;
};

static void beside_clear(struct beside *beside)
{
    for (size_t i = 0; i < beside->count; i++) {
        free(beside->list[i].data);
    }
    beside->count = 0;
}

/* "<base>.<16 hex>.p7s": its digits, or NULL. Other names belong to others. */
static const char *signature_digits(const char *name, const char *base)
{
    const size_t size = strlen(base);
    if (strncmp(name, base, size) != 0 || name[size] != '.') {
        return NULL;
    }
    const char *digits = name + size + 1;
    return strspn(digits, "0123456789abcdef") == 16 && strcmp(digits + 16, ".p7s") == 0 ? digits
                                                                                        : NULL;
}

static enum cret_status read_signature(struct beside *beside, const char *path, const char *digits,
                                       struct cret_err *err)
{
    struct cret_signature *signature = &beside->list[beside->count];
    char *name = cret_text_printf("%s.%s", path, digits);
    char *data = NULL;
    int fd = -1;
    enum cret_status status = CRET_FAILED;
    if (name == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_open_file(&fd, name, err) == CRET_OK &&
        cret_file_read_fd(&data, &signature->size, fd, CRET_LIMIT_SIGNATURE_BYTES, err) ==
            CRET_OK) {
        memcpy(signature->name, digits, 16);
        signature->name[16] = '\0';
        signature->data = (uint8_t *)data;
        beside->count++;
        status = CRET_OK;
    }
    cret_os_close(&fd);
    free(name);
    return status;
}

static enum cret_status read_beside(struct beside *beside, const char *path, struct cret_err *err)
{
    const char *base = cret_path_name(path);
    char *folder = cret_os_parent(path);
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    enum cret_status status = CRET_FAILED;
    if (folder == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_open_directory(&fd, folder, err) != CRET_OK ||
        cret_os_list(&names, &count, fd, err) != CRET_OK) {
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        const char *digits = signature_digits(names[i], base);
        if (digits == NULL) {
            continue;
        }
        if (beside->count == CRET_LIMIT_SIGNATURES) {
            cret_err_usage(err, "%s: more than %u signatures", path, CRET_LIMIT_SIGNATURES);
            goto out;
        }
        if (read_signature(beside, path, digits, err) != CRET_OK) {
            goto out;
        }
    }
    status = CRET_OK;
out:
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    free(folder);
    return status;
}

/* A refusal stays with the file; everything else ends the run. */
static enum cret_status settle(struct cret_waiver_file *file, const struct cret_err *fault,
                               struct cret_err *err)
{
    if (fault->class != CRET_ERR_REFUSED) {
        *err = *fault;
        return CRET_FAILED;
    }
    cret_authentic_free(&file->authentic);
    file->fault = *fault;
    return CRET_OK;
}

static enum cret_status read_file(struct cret_waiver_file *file, const char *path,
                                  const struct cret_inspect_request *request, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    struct beside beside = {.count = 0};
    struct cret_err fault = {0};
    enum cret_status status = CRET_FAILED;
    file->path = strdup(path);
    if (file->path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_file_read(&text, &size, path, CRET_LIMIT_WAIVER_BYTES, CRET_ERR_USAGE, err) !=
            CRET_OK ||
        cret_sha256(file->digest, text, size, err) != CRET_OK ||
        read_beside(&beside, path, err) != CRET_OK) {
        cret_err_context(err, "--waivers");
        goto out;
    }
    const struct cret_gate_file signed_file = {
        .text = text, .size = size, .signatures = beside.list, .signature_count = beside.count};
    const struct cret_judge_request rules = {.policy = request->policy,
                                             .now = request->now,
                                             .allow_example_keys = request->allow_example_keys};
    if (cret_gate_waivers(&file->authentic, &file->signers, &signed_file, &rules, &fault) ==
            CRET_OK &&
        cret_waivers_parse(&file->list, &file->count, file->authentic, path, &fault) == CRET_OK) {
        status = CRET_OK;
    } else {
        status = settle(file, &fault, err);
    }
out:
    beside_clear(&beside);
    free(text);
    return status;
}

enum cret_status cret_waiver_files_read(struct cret_waivers **ret_waivers, const char *const *paths,
                                        size_t count, const struct cret_inspect_request *request,
                                        struct cret_err *err)
{
    if (count > CRET_LIMIT_WAIVER_FILES) {
        return cret_err_usage(err, "--waivers: more than %u files", CRET_LIMIT_WAIVER_FILES);
    }
    struct cret_waivers *waivers = calloc(1, sizeof(*waivers));
    if (waivers != NULL) {
        waivers->files = calloc(count + 1, sizeof(*waivers->files));
    }
    if (waivers == NULL || waivers->files == NULL) {
        cret_waivers_free(&waivers);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        waivers->count++;
        if (read_file(&waivers->files[i], paths[i], request, err) != CRET_OK) {
            cret_waivers_free(&waivers);
            return CRET_FAILED;
        }
    }
    *ret_waivers = waivers;
    return CRET_OK;
}

/* The release of an outcome; false where it was not authenticated. */
static bool release_of(struct cret_waive_release *ret_release, const struct cret_outcome *outcome)
{
    *ret_release = (struct cret_waive_release){
        .identity = outcome->identity,
        .vendor = cret_json_string(outcome->document, "product.vendor"),
        .product = cret_json_string(outcome->document, "product.name"),
        .sequence = cret_json_integer(outcome->document, "release.sequence", -1)};
    return outcome->has_identity && ret_release->vendor != NULL && ret_release->product != NULL &&
           ret_release->sequence >= 0;
}

static bool listed(const struct cret_outcome *outcome, enum cret_check_id check)
{
    for (size_t i = 0; i < outcome->waiver_count; i++) {
        if (outcome->waivers[i].waiver->check == check) {
            return true;
        }
    }
    return false;
}

static void undecide(struct cret_outcome *outcome, const char *name)
{
    struct cret_err err = {0};
    if (name == NULL) {
        cret_err_memory(&err);
    } else {
        cret_err_undecided(&err, "the reading process waived %s, which no waiver covers", name);
        cret_err_hint(&err, "run it again; if it happens again, report it with the file");
    }
    cret_outcome_undecide(outcome, &err);
}

void cret_waivers_settle(const struct cret_inspect_request *request, struct cret_outcome *outcome)
{
    struct cret_waive_release release;
    const bool known = release_of(&release, outcome);
    free(outcome->waivers);
    outcome->waiver_count = 0;
    outcome->waivers = calloc(CRET_CHECK_COUNT, sizeof(*outcome->waivers));
    if (outcome->waivers == NULL) {
        undecide(outcome, NULL);
        return;
    }
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        const struct cret_waiver_file *file = NULL;
        if (finding->result != CRET_RESULT_WAIVED || listed(outcome, finding->check)) {
            continue;
        }
        const struct cret_waiver *waiver =
            known ? cret_waive_find(request, &release, finding->check, &file) : NULL;
        if (waiver == NULL) {
            undecide(outcome, cret_check_get(finding->check)->name);
            return;
        }
        outcome->waivers[outcome->waiver_count++] =
            (struct cret_record_waiver){.waiver = waiver, .file = file};
    }
}

/* Waives the FAILs of one check; how many. */
static size_t waive_check(const struct cret_inspect_request *request, struct cret_outcome *outcome,
                          const struct cret_waive_release *release, enum cret_check_id check)
{
    if (cret_findings_tally(outcome->findings, check, CRET_RESULT_FAIL) == 0) {
        return 0;
    }
    const struct cret_waiver *waiver = cret_waive_find(request, release, check, NULL);
    char *words = waiver != NULL ? cret_waive_words(waiver) : NULL;
    const size_t waived = words != NULL ? cret_findings_waive(outcome->findings, check, words) : 0;
    free(words);
    return waived;
}

void cret_waivers_after_journal(const struct cret_inspect_request *request,
                                struct cret_outcome *outcome)
{
    struct cret_waive_release release;
    size_t waived = 0;
    if (request->waivers == NULL || outcome->verdict == CRET_VERDICT_UNDECIDED ||
        !release_of(&release, outcome)) {
        return;
    }
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const enum cret_check_id check = (enum cret_check_id)id;
        if (cret_waive_by_journal(check)) {
            waived += waive_check(request, outcome, &release, check);
        }
    }
    if (waived > 0) {
        cret_waivers_settle(request, outcome);
    }
}
