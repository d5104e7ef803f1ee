/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for a test, files in it, and command lines as cretula-verify reads them. */
#ifndef CRET_TESTS_SCENE_H
#define CRET_TESTS_SCENE_H

#include "base/command/options.h"
#include "verifier/run/site.h"

/* Makes the folder and goes there; removes it. For .init and .fini. */
void scene_enter(void);
void scene_leave(void);
/* The folder's path. */
const char *scene_folder(void);
/* folder/name, in one of four buffers by turns. */
const char *scene_path(const char *name);
/* Writes a file of the folder that nobody else can write. */
void scene_write(const char *name, const char *text);

/* One run: its command line, bound to the site configuration where --config names one. */
struct scene_run {
    struct cret_options *options;
    struct cret_site *site;
    struct cret_err err;
};
/* words: NULL-terminated, without the program, and kept by the caller. class NONE: bound. */
enum cret_err_class scene_begin(struct scene_run *run, const char *const *words);
void scene_end(struct scene_run *run);
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
