/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole archive through the engine. First byte even: the input is the archive, under a policy
 * that trusts nobody, and is never accepted. Odd: a sound, signed archive in which the input
 * changes bytes (place 0), and which is accepted only where it is the same bytes again.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../unit/engine/packed.h"
#include "../signing.h"
#include "engine/inspect.h"

static struct cret_policy *policy;
static struct cret_buffer sound;

static void begin(void)
{
    struct packed packed;
    policy = fuzz_policy("[{\"role\": \"release\", \"signers\": [\"R\"]}]",
                         "{\"timestamp\": \"off\", \"revocation\": \"off\"}");
    packed_sound(&packed, fuzz_entity(FUZZ_RELEASE));
    uint8_t *bytes = mmap(NULL, (size_t)packed.size, PROT_READ, MAP_SHARED, packed.fd, 0);
    FUZZ_HOLD(bytes != MAP_FAILED);
    cret_buffer_append(&sound, bytes, (size_t)packed.size);
    munmap(bytes, (size_t)packed.size);
    packed_end(&packed);
}

/* The same verdict and the same first fault, whether it is read by offset or in order. */
static enum cret_verdict inspect(const void *data, size_t size, const struct cret_policy *trust)
{
    const struct cret_inspect_request request = {.policy = trust,
                                                 .now = FUZZ_NOW,
                                                 .jobs = 1,
                                                 .allow_example_keys = true,
                                                 .payload_directory = -1};
    enum cret_verdict verdicts[2];
    const int fd = fuzz_file(data, size);
    for (size_t i = 0; i < 2; i++) {
        struct cret_source *source = NULL;
        FUZZ_HOLD(cret_source_new(&source, fd, NULL) == CRET_OK);
        FUZZ_HOLD(i == 0 || cret_source_hash(source, NULL) == CRET_OK);
        struct cret_inspection *inspection = cret_inspect(source, &request);
        FUZZ_HOLD(inspection != NULL);
        verdicts[i] = inspection->verdict;
        FUZZ_HOLD(verdicts[i] != CRET_VERDICT_ACCEPTED ||
                  (inspection->payload_verified && inspection->gate.authentic != NULL &&
                   !cret_findings_failed(inspection->findings)));
        cret_inspection_free(&inspection);
        cret_source_free(&source);
    }
    FUZZ_HOLD(verdicts[0] == verdicts[1]);
    struct cret_source *source = NULL;
    FUZZ_HOLD(cret_source_new(&source, fd, NULL) == CRET_OK);
    struct cret_inspection *shown = cret_inspect_unverified(source);
    FUZZ_HOLD(shown != NULL && cret_verdict_exit_code(shown->verdict) != 0);
    FUZZ_HOLD(shown->gate.authentic == NULL && !shown->payload_verified);
    cret_inspection_free(&shown);
    cret_source_free(&source);
    close(fd);
    return verdicts[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_policy nobody;
    struct fuzz_part input = {data, size};
    if (policy == NULL) {
        begin();
    }
    if ((fuzz_byte(&input) & 1) == 0) {
        FUZZ_HOLD(cret_verdict_exit_code(inspect(input.data, input.size, &nobody)) != 0);
        return 0;
    }
    struct cret_buffer archive = {0};
    cret_buffer_append(&archive, sound.data, sound.size);
    fuzz_change(&archive, 0, input);
    const bool same =
        archive.size == sound.size && memcmp(archive.data, sound.data, sound.size) == 0;
    const enum cret_verdict verdict = inspect(archive.data, archive.size, policy);
    FUZZ_HOLD((verdict == CRET_VERDICT_ACCEPTED) == same);
    FUZZ_HOLD(same || verdict == CRET_VERDICT_REFUSED);
    cret_buffer_free(&archive);
    return 0;
}
