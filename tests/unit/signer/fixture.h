/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for each test, and files in it. */
#ifndef CRET_TESTS_SIGNER_FIXTURE_H
#define CRET_TESTS_SIGNER_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "signer/description/description.h"

/* Makes the folder and goes there; removes it. For .init and .fini. */
void fixture_enter(void);
void fixture_leave(void);

/* Writes a file below the current folder, folders included. */
void fixture_write(const char *path, const void *data, size_t size);
void fixture_text(const char *path, const char *text);

/* Loads release.yaml with these --set values (NULL-terminated list, or NULL); fails the test where
 * that fails. */
struct cret_description *fixture_load(const char *const *sets);

/* Whether a finding is FAIL, points there ("#/..."), and holds these words in reason, expected,
 * actual or hint. */
bool fixture_found(const struct cret_findings *findings, const char *where, const char *words);

/* One hidden folder or file of ours left in the current folder? */
bool fixture_stray(void);

#endif
