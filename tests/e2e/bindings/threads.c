/* SPDX-License-Identifier: Apache-2.0 */
/* Eight threads that share one verifier: threads PROGRAM ANCHOR GOOD BAD. Exit code 0 where each
 * got the right answers. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "cretula.h"

enum { THREADS = 8, ROUNDS = 3 };

static cretula_verifier *verifier;
static const char *good, *bad;
static atomic_int wrong;
static char identity[65];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int count(void *context, const cretula_file *file, const void *data, size_t size)
{
    uint64_t *bytes = context;
    *bytes += size;
    return data == NULL || *bytes > 10 * cretula_file_size(file) + 1000000;
}

/* Every thread is told of the same release. */
static void compare(const cretula_result *result)
{
    const char *mine = cretula_result_fact(result, CRETULA_FACT_IDENTITY);
    pthread_mutex_lock(&lock);
    if (identity[0] == '\0' && mine != NULL) {
        snprintf(identity, sizeof(identity), "%s", mine);
    }
    wrong += mine == NULL || strcmp(mine, identity) != 0;
    pthread_mutex_unlock(&lock);
}

static void *work(void *context)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bytes = 0, listed = 0;
        cretula_result *result = cretula_deliver_file(verifier, good, NULL, count, &bytes);
        for (size_t file = 0; file < cretula_result_file_count(result); file++) {
            listed += cretula_file_size(cretula_result_file(result, file));
        }
        wrong += cretula_result_accepted(result) != 1 || bytes != listed || listed == 0;
        compare(result);
        cretula_result_free(result);
        result = cretula_verify_file(verifier, bad);
        wrong += cretula_result_verdict(result) != CRETULA_REFUSED ||
                 cretula_result_check(result) == NULL;
        cretula_result_free(result);
        result = cretula_verify_file(verifier, "/nowhere");
        wrong += cretula_result_verdict(result) != CRETULA_UNDECIDED;
        cretula_result_free(result);
    }
    return context;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    if (argc != 5) {
        return 2;
    }
    good = argv[3];
    bad = argv[4];
    verifier = cretula_verifier_new();
    if (cretula_verifier_set(verifier, CRETULA_OPTION_PROGRAM, argv[1]) != 0 ||
        cretula_verifier_set(verifier, CRETULA_OPTION_ANCHOR, argv[2]) != 0 ||
        cretula_verifier_set(verifier, CRETULA_OPTION_ALLOW_EXAMPLE_KEYS, "") != 0) {
        return 2;
    }
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
            return 2;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    cretula_verifier_free(verifier);
    printf("%d threads, %d rounds, %d wrong\n", THREADS, ROUNDS, wrong);
    return wrong == 0 ? 0 : 1;
}
