/* SPDX-License-Identifier: Apache-2.0 */
/* Reading packages on the signer's side. */
#include "signer/archive/package_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "trust/cms/timestamp_exchange.h"

/* Between two reports of progress. */
#define STEP_BYTES (8ull << 20)

void cret_package_seen_clear(struct cret_package_seen *seen)
{
    cret_package_draft_clear(&seen->draft);
    cret_inspection_free(&seen->inspection);
    cret_package_free(&seen->package);
}

bool cret_package_is(int fd)
{
    struct cret_err ignored = {0};
    struct cret_file_info info;
    bool package = false;
    return cret_os_stat_fd(&info, fd, &ignored) == CRET_OK && info.kind == CRET_KIND_REGULAR &&
           cret_package_recognize(&package, fd, info.size, &ignored) == CRET_OK && package;
}

bool cret_package_at(const char *path)
{
    struct cret_err ignored = {0};
    int fd = -1;
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, &ignored) != CRET_OK) {
        return false;
    }
    const bool package = cret_package_is(fd);
    cret_os_close(&fd);
    return package;
}

/* What `show` would say of it, where nothing is wrong. */
static enum cret_status inspect(struct cret_package_seen *seen, struct cret_source *source,
                                struct cret_err *err)
{
    struct cret_inspection *inspection = cret_inspect_unverified(source);
    if (inspection == NULL) {
        return cret_err_memory(err);
    }
    seen->inspection = inspection;
    const struct cret_finding *fault = cret_findings_first_fault(inspection->findings, 0);
    if (inspection->error.class != CRET_ERR_NONE) {
        *err = inspection->error;
        return CRET_FAILED;
    }
    if (fault != NULL) {
        return cret_finding_refuse(err, fault);
    }
    return inspection->manifest != NULL &&
                   inspection->gate.signature_count == seen->package->pair_count
               ? CRET_OK
               : cret_err_undecided(err, "the package could not be read");
}

/* What is here changes what all of a package's signers are asked about. */
static enum cret_status check_whole(const struct cret_package *package, struct cret_err *err)
{
    if (package->below_count > 0) {
        cret_err_usage(err, "a solution package is not signed here");
        return cret_err_hint(err, "approve the packages in it, before they are put into it");
    }
    if (package->absent_count > 0) {
        cret_err_refuse(err, CRET_CHECK_PACKAGE_MANIFEST,
                        "a file that a signed list names is not in the package");
        cret_err_where(err, "%s", package->absent[0]);
        return cret_err_hint(err, "sign the whole package; files can be left out afterwards");
    }
    return CRET_OK;
}

/* One walk. */
struct walking {
    const struct cret_existing_work *work;
    uint64_t done, told, total;
};

static enum cret_status go_on(void *context, size_t member, uint64_t offset, const uint8_t *data,
                              size_t size, struct cret_err *err)
{
    struct walking *walking = context;
    (void)member, (void)offset, (void)data, (void)err;
    walking->done += size;
    if (walking->work->progress != NULL && walking->done - walking->told >= STEP_BYTES) {
        walking->told = walking->done;
        walking->work->progress(walking->work->context, walking->done, walking->total);
    }
    return CRET_OK;
}

enum cret_status cret_package_examine(struct cret_package_seen *seen, int fd, bool unsigned_too,
                                      const struct cret_existing_work *work, struct cret_err *err)
{
    struct cret_source *source = NULL;
    struct walking walking = {.work = work};
    enum cret_status status = CRET_FAILED;
    if (cret_source_new(&source, fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_source_seek(source, 0);
    if (cret_package_read(&seen->package, fd, cret_source_size(source), unsigned_too, err) ==
            CRET_OK &&
        inspect(seen, source, err) == CRET_OK && check_whole(seen->package, err) == CRET_OK) {
        for (size_t i = 0; i < seen->package->zip->count; i++) {
            walking.total += seen->package->zip->members[i].size;
        }
        cret_source_seek(source, 0);
        status = cret_package_walk(seen->package, source, go_on, &walking, err);
    }
    cret_source_free(&source);
    return status;
}

/* Names that no member has; those of whoever signs first have the number 1. */
static void choose_names(struct cret_package_draft *draft, const struct cret_package *package)
{
    unsigned number = package->pair_count > 0 ? 1 : 0;
    for (bool taken = true; taken && number < 999;) {
        cret_package_draft_name(draft, ++number);
        taken = cret_zip_find(package->zip, draft->list_name) < package->zip->count ||
                cret_zip_find(package->zip, draft->signature_name) < package->zip->count;
    }
}

enum cret_status cret_package_seen_list(struct cret_package_seen *seen, struct cret_err *err)
{
    const struct cret_package *package = seen->package;
    for (size_t i = 0; i < package->zip->count; i++) {
        const struct cret_zip_member *member = &package->zip->members[i];
        if (!member->folder && strcmp(member->name, "mimetype") != 0 &&
            cret_package_draft_note(&seen->draft, member->name, package->digests[i], err) !=
                CRET_OK) {
            return CRET_FAILED;
        }
    }
    choose_names(&seen->draft, package);
    return cret_package_draft_list(&seen->draft, err);
}

bool cret_package_is_open(const struct cret_package_seen *seen)
{
    return seen->package->pair_count > 0 && seen->inspection->identity_open;
}

enum cret_status cret_package_identify(uint8_t ret_identity[CRET_SHA256_BYTES],
                                       const struct cret_package_seen *seen, struct cret_err *err)
{
    if (seen->package->pair_count == 0) {
        return cret_sha256(ret_identity, seen->draft.list, seen->draft.list_size, err);
    }
    memcpy(ret_identity, seen->inspection->manifest->identity, CRET_SHA256_BYTES);
    return CRET_OK;
}

enum cret_status cret_package_takes(const struct cret_package_seen *seen,
                                    const struct cret_certificate *signer, struct cret_err *err)
{
    const struct cret_gate_result *gate = &seen->inspection->gate;
    for (size_t i = 0; i < gate->signature_count; i++) {
        const struct cret_certificate *other = cret_cms_signer(gate->signatures[i].cms);
        if (memcmp(cret_certificate_key_digest(other), cret_certificate_key_digest(signer),
                   CRET_SHA256_BYTES) == 0) {
            cret_err_usage(err, "this key has signed the package already");
            cret_err_where(err, "%s", seen->package->pairs[i].signature_name);
            cret_err_actual(err, "%s", cret_certificate_subject(other));
            return cret_err_hint(err, "a second signature needs another key");
        }
    }
    return gate->signature_count < CRET_LIMIT_SIGNATURES
               ? CRET_OK
               : cret_err_usage(err, "the package holds %u signatures, and no more fit",
                                CRET_LIMIT_SIGNATURES);
}

enum cret_meaning cret_package_meaning(size_t signatures)
{
    return signatures > 0 ? CRET_MEANING_APPROVAL : CRET_MEANING_ORIGIN;
}

enum cret_status cret_package_suits(const struct cret_package_seen *seen, enum cret_meaning meaning,
                                    struct cret_err *err)
{
    if (seen->package->pair_count > 0 || meaning == CRET_MEANING_NONE ||
        meaning == CRET_MEANING_ORIGIN) {
        return CRET_OK;
    }
    cret_err_usage(err, "the first signature of a package is that of its author");
    cret_err_expected(err, "%s, or none", cret_meaning_name(CRET_MEANING_ORIGIN));
    cret_err_actual(err, "%s", cret_meaning_name(meaning));
    return cret_err_hint(err, "approve the package when its author has signed it");
}

enum cret_status cret_package_may_change(const struct cret_package_seen *seen, size_t index,
                                         struct cret_err *err)
{
    const struct cret_package *package = seen->package;
    const char *name = package->pairs[index].signature_name;
    for (size_t i = 0; i < package->pair_count; i++) {
        if (i != index && cret_asic_manifest_find(package->pairs[i].manifest, name) != NULL) {
            cret_err_usage(err, "another signature is over this one as it is, and would not hold "
                                "any more with a timestamp in it");
            cret_err_where(err, "%s", name);
            cret_err_actual(err, "%s, by %s", package->pairs[i].signature_name,
                            cret_certificate_subject(
                                cret_cms_signer(seen->inspection->gate.signatures[i].cms)));
            return cret_err_hint(err, "timestamp a package before it is approved; the signature "
                                      "that no other one is over can get one now: --signer HEX "
                                      "names it by its key");
        }
    }
    return CRET_OK;
}

static bool same_value(const struct cret_cms *left, const struct cret_cms *right)
{
    const struct cret_bytes a = cret_timestamp_subject(left), b = cret_timestamp_subject(right);
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

enum cret_status cret_package_edit(struct cret_zip_edit *edit, const struct cret_package_seen *seen,
                                   const struct cret_addition *addition, struct cret_err *err)
{
    const struct cret_package *package = seen->package;
    const struct cret_package_draft *draft = &seen->draft;
    for (size_t i = 0; i < package->pair_count; i++) {
        if (same_value(seen->inspection->gate.signatures[i].cms, addition->cms)) {
            return cret_package_may_change(seen, i, err) == CRET_OK
                       ? cret_zip_edit_replace(
                             edit, package->zip,
                             cret_zip_find(package->zip, package->pairs[i].signature_name),
                             addition->der, addition->size, err)
                       : CRET_FAILED;
        }
    }
    const struct cret_zip_added pair[] = {
        {draft->list_name, draft->list, draft->list_size},
        {draft->signature_name, addition->der, addition->size},
    };
    return draft->list != NULL ? cret_zip_edit_add(edit, package->zip, pair, CRET_LENGTH(pair), err)
                               : cret_err_undecided(err, "internal error: no list was made");
}
