/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(): libFuzzer calls
 * it with inputs that it makes up, replay.c with those of the corpus. It asserts what must hold of
 * every answer (FUZZ_HOLD), since a parser that accepts too much does not crash.
 */
#ifndef CRET_FUZZ_H
#define CRET_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/finding.h"
#include "base/text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Within every certificate of keys-example, and after the build date of the programs. */
#define FUZZ_NOW 1793577600ll /* 2026-11-02T00:00:00Z */

/* What must be true whatever the input is: else the program ends, which is a finding. */
#define FUZZ_HOLD(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* A failure left a reason of one of these classes (bits 1 << class), and a refusal its check. */
void fuzz_hold_failure(const struct cret_err *err, unsigned classes);
/* A reader that failed found at least one fault; one that did not, none. */
void fuzz_hold_findings(const struct cret_findings *findings, bool accepted);

/* An unnamed file with these bytes, read from its beginning. The caller closes it. */
int fuzz_file(const void *data, size_t size);

/* A part of an input. */
struct fuzz_part {
    const uint8_t *data;
    size_t size;
};
/* The parts of an input that lie between zero bytes; the last of `count` has all the rest. */
void fuzz_split(struct fuzz_part *ret_parts, size_t count, const uint8_t *data, size_t size);
/* The first byte, taken off; 0 where there is none. */
uint8_t fuzz_byte(struct fuzz_part *input);

/*
 * Inputs of the targets that sign are changes of sound objects: place (1 byte), offset (2 bytes,
 * big endian, taken modulo size + 1), bytes to cut there (1), bytes to put there (1), and these.
 * Applies those of this place, in order; returns whether they changed anything.
 */
bool fuzz_change(struct cret_buffer *object, uint8_t place, struct fuzz_part changes);
/* A file of the source tree; the caller frees. */
char *fuzz_source_file(const char *path, size_t *ret_size);

#endif
