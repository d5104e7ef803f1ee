/* SPDX-License-Identifier: Apache-2.0 */
/* Which engine hashes: a kernel only after it gave the known answers. */
#include "base/digest/hash_engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/batch.h"
#include "base/digest/digest.h"
#include "base/digest/hash_engine_internal.h"
#include "base/digest/kernel.h"
#include "base/finding/fault.h"
#include "base/system/os.h"
#include "base/text/text.h"

/* No message, all ways in which a last block can end, leaves of a tree; at odd addresses too. The
 * digests are those of sha256sum (GNU coreutils built without OpenSSL). */
static const struct cret_hash_answer answers[] = {
    {0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {0, 55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"},
    {1, 56, "f0ece3bff9d99a790383a7141cff604926d83a7d1d8336f29afa4523079378a5"},
    {2, 63, "4c4057486a50e40cc9f7b0c22a77fd4e0dff5d78aa4b66dbd4f0a323267a78d4"},
    {3, 64, "795430e15796923a557f9da1d980ec9db341e9acd6da682e1cd86303ce6b0b08"},
    {5, 65, "e674ab89966913c9db4d891a6262e4114ea811cbcb30cafe0eb1634527a4d191"},
    {7, 119, "d8a02ed9ca502e02772158c0492f3208490b2319b68891312cbafb161b6d5f6a"},
    {0, 4096, "d67c656e01756650d77717b0839985a056ec28ffe174601d690fc407a2ceffca"},
    {1, 4096, "29fa02d3381a0b093ff2d6d783c1c78176fd1aafce643c8d205631dc85df5e95"},
};

/* Messages of one run of them. */
#define TOGETHER (2 * CRET_HASH_ANSWERS)

/* Which of a trial's answers a batch is asked for together. */
struct answers_run {
    size_t first, count, copies; /* count * copies: at most TOGETHER */
};

static const char *const names[CRET_HASH_COUNT] = {
    [CRET_HASH_LIBRARY] = "openssl",
    [CRET_HASH_SHA_NI] = "sha-ni",
    [CRET_HASH_ARMV8] = "armv8",
    [CRET_HASH_AVX512] = "avx-512",
    [CRET_HASH_REJECTED] =
        "openssl: the SHA-256 instructions of this processor gave a wrong digest",
};

const char *const cret_hash_choices[] = {
    [CRET_HASH_AUTO] = "auto", [CRET_HASH_OPENSSL] = "openssl", NULL};

enum cret_hash_choice cret_hash_choice_of(const char *name)
{
    return name == NULL || strcmp(name, cret_hash_choices[CRET_HASH_AUTO]) == 0 ? CRET_HASH_AUTO
                                                                                : CRET_HASH_OPENSSL;
}

const char *cret_hash_warning(enum cret_hash_id id)
{
    return id != CRET_HASH_REJECTED
               ? NULL
               : "the SHA-256 instructions of this processor gave a wrong digest when they were "
                 "tested, and were not used; have the machine examined";
}

const char *cret_hash_name(enum cret_hash_id id)
{
    return (unsigned)id < CRET_HASH_COUNT ? names[id] : NULL;
}

/* Messages `first` to `first + count - 1` of the trial, each `copies` times one after the other,
 * through one batch. *ret_does becomes false where a digest is not the known one. */
static enum cret_status run_answers(struct cret_hash_batch *batch, bool *ret_does,
                                    const struct cret_hash_trial *trial, const uint8_t *bytes,
                                    const struct answers_run *run, struct cret_err *err)
{
    uint8_t digests[TOGETHER][CRET_SHA256_BYTES], expected[CRET_SHA256_BYTES];
    struct cret_message messages[TOGETHER] = {{NULL, 0, NULL}};
    const size_t total = run->count * run->copies;
    memset(digests, 0, sizeof(digests));
    for (size_t i = 0; i < total; i++) {
        const struct cret_hash_answer *answer = &trial->answers[run->first + i / run->copies];
        messages[i] = (struct cret_message){bytes + answer->first, answer->size, digests[i]};
    }
    if (cret_hash_batch_run(batch, messages, total, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < total; i++) {
        const char *digest = trial->answers[run->first + i / run->copies].digest;
        if (i % run->copies == 0 &&
            cret_hex_decode(expected, sizeof(expected), digest) != CRET_OK) {
            *ret_does = false;
            break;
        }
        *ret_does = memcmp(digests[i], expected, sizeof(expected)) == 0 && *ret_does;
    }
    return CRET_OK;
}

/* Whether the engine gives the known digests: all beside each other, then each through every way
 * of a kernel (one message alone, a pair, all lanes). CRET_FAILED: it could not even compute. */
static enum cret_status reproduces(bool *ret_does, const struct cret_hash_engine *engine,
                                   const struct cret_hash_trial *trial, struct cret_err *err)
{
    static const size_t ways[] = {1, 2, CRET_KERNEL_LANES};
    uint8_t bytes[CRET_HASH_ANSWER_BYTES];
    struct cret_hash_batch *batch = NULL;
    const struct answers_run all = {0, trial->count, 2};
    bool does = trial->count > 0;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(i % 251);
    }
    if (cret_hash_batch_new(&batch, engine->kernel, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = run_answers(batch, &does, trial, bytes, &all, err);
    for (size_t i = 0; engine->kernel != NULL && i < trial->count; i++) {
        for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]) && status == CRET_OK; k++) {
            const struct answers_run run = {i, 1, ways[k]};
            status = run_answers(batch, &does, trial, bytes, &run, err);
        }
    }
    cret_hash_batch_free(&batch);
    *ret_does = does;
    return status;
}

enum cret_status cret_hash_engine_try(struct cret_hash_engine *ret_engine,
                                      const struct cret_hash_trial *trial, struct cret_err *err)
{
    const struct cret_hash_engine library = {.id = CRET_HASH_LIBRARY};
    struct cret_hash_engine engine = {.id = trial->id, .kernel = trial->kernel};
    bool does = false;
    if (reproduces(&does, &library, trial, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!does) {
        cret_fault_note("the cryptographic library computed a wrong digest");
        cret_err_undecided(err, "the cryptographic library computes a wrong SHA-256");
        return cret_err_hint(err, "judge nothing on this machine: its processor, memory or OpenSSL "
                                  "installation is faulty");
    }
    if (engine.kernel == NULL) {
        *ret_engine = library;
        return CRET_OK;
    }
    does = false;
    if (reproduces(&does, &engine, trial, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_engine = does ? engine : (struct cret_hash_engine){.id = CRET_HASH_REJECTED};
    return CRET_OK;
}

enum cret_status cret_hash_engine_choose(struct cret_hash_engine *ret_engine,
                                         enum cret_hash_choice choice, struct cret_err *err)
{
    struct cret_hash_trial trial = {.answers = answers, .count = CRET_LENGTH(answers)};
    if (choice == CRET_HASH_AUTO && cret_os_has_sha256()) {
        trial.kernel = cret_kernel_x86() != NULL ? cret_kernel_x86() : cret_kernel_arm();
        trial.id = cret_kernel_x86() != NULL ? CRET_HASH_SHA_NI : CRET_HASH_ARMV8;
    }
    if (trial.kernel != NULL && trial.kernel == cret_kernel_x86() && cret_os_has_avx512()) {
        trial.kernel = cret_kernel_x86_wide();
        trial.id = CRET_HASH_AVX512;
    }
    return cret_hash_engine_try(ret_engine, &trial, err);
}
