/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of folders, and over nothing: what libFuzzer found stays found,
 * with every compiler. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "fuzz.h"

/* An input ends where its memory ends, so that reading on is seen. */
static void run(const char *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    FUZZ_HOLD(copy != NULL);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    LLVMFuzzerTestOneInput(copy, size);
    FUZZ_HOLD(!cret_fault_noted());
    free(copy);
}

static void run_file(const char *path)
{
    struct cret_buffer text = {0};
    char piece[4096];
    size_t got = 0;
    FILE *file = fopen(path, "rb");
    FUZZ_HOLD(file != NULL);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        cret_buffer_append(&text, piece, got);
    }
    FUZZ_HOLD(!text.failed && ferror(file) == 0);
    fclose(file);
    run(text.data, text.size);
    cret_buffer_free(&text);
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static size_t run_folder(const char *folder)
{
    struct dirent **names = NULL;
    size_t runs = 0;
    const int count = scandir(folder, &names, NULL, by_name);
    FUZZ_HOLD(count >= 0);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.') {
            char *path = cret_text_printf("%s/%s", folder, names[i]->d_name);
            FUZZ_HOLD(path != NULL);
            if (getenv("CRETULA_FUZZ_NAMES") != NULL) {
                fprintf(stderr, "%s\n", path);
            }
            run_file(path);
            free(path);
            runs++;
        }
        free(names[i]);
    }
    free(names);
    return runs;
}

int main(int argc, char **argv)
{
    size_t runs = 0;
    run("", 0);
    for (int i = 1; i < argc; i++) {
        runs += run_folder(argv[i]);
    }
    printf("%zu inputs\n", runs);
    return runs > 0 ? 0 : 1;
}
