/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One allocation after another is denied to the library and its JSON: denied PROGRAM FILE COUNT
 * STEP. PROGRAM accepts FILE with COUNT files; every STEPth one is tried. Each run must end in no
 * result, in no decision, or in the whole acceptance. Linked with --wrap of malloc, calloc,
 * realloc, strdup.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cretula.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static long left; /* allocations that are granted; then one is not */
static bool lasting, denied;

static bool grant(void)
{
    left--;
    denied = denied || left < 0;
    return left >= 0 || (!lasting && left < -1);
}

void *__wrap_malloc(size_t size)
{
    return grant() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return grant() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
    return grant() ? __real_realloc(old, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
    return grant() ? __real_strdup(text) : NULL;
}

static int take(void *context, const cretula_file *file, const void *data, size_t size)
{
    size_t *bytes = context;
    *bytes += size;
    return cretula_file_path(file)[0] == '\0' || data == NULL;
}

/* 0: as it must be. */
static int judge(const cretula_result *result, size_t count, size_t bytes)
{
    uint64_t sequence = 0;
    if (cretula_result_accepted(result) != 1) {
        return cretula_result_verdict(result) == CRETULA_REFUSED ||
               cretula_result_sentence(result)[0] == '\0';
    }
    return cretula_result_file_count(result) != count || cretula_result_signer_count(result) != 1 ||
           bytes == 0 || cretula_result_sequence(result, &sequence) != 0 ||
           cretula_result_fact(result, CRETULA_FACT_PRODUCT) == NULL;
}

static int run(const char *program, const char *file, size_t count)
{
    size_t bytes = 0;
    int wrong = 0;
    cretula_verifier *verifier = cretula_verifier_new();
    if (verifier == NULL) {
        return 0;
    }
    const int set = cretula_verifier_set(verifier, CRETULA_OPTION_PROGRAM, program) |
                    cretula_verifier_set_bytes(verifier, CRETULA_OPTION_TRUST, "{}", 2) |
                    cretula_verifier_set(verifier, CRETULA_OPTION_PRODUCT, "P");
    cretula_result *result = cretula_deliver_file(verifier, file, NULL, take, &bytes);
    wrong = judge(result, count, bytes) || (set != 0 && cretula_result_accepted(result));
    cretula_result_free(result);
    cretula_verifier_free(verifier);
    return wrong;
}

int main(int argc, char **argv)
{
    long tried = 0;
    int wrong = 0;
    if (argc != 5) {
        return 2;
    }
    const long step = strtol(argv[4], NULL, 10);
    json_set_alloc_funcs(__wrap_malloc, free);
    for (int both = 0; both < 2; both++) {
        lasting = both == 1;
        for (long number = 0;; number += step, tried++) {
            left = number;
            denied = false;
            wrong += run(argv[1], argv[2], (size_t)strtoul(argv[3], NULL, 10));
            if (!denied) {
                break;
            }
        }
    }
    left = 1000000;
    printf("%s, %d wrong\n", tried * step > 100 ? "many denied" : "few denied", wrong);
    return 0;
}
