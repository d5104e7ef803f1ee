/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hostile process may write to the one that asked it. The input is a list of frames: type (1
 * byte), size of the body (2 bytes, little endian), body; the header is made for them, so that the
 * fuzzer need not guess sizes. Type 0xff: all that follows is written as it stands.
 */
#ifndef CRET_FUZZ_WIRE_H
#define CRET_FUZZ_WIRE_H

#include "fuzz.h"

/* An unnamed file with these frames. The caller closes it. */
int fuzz_wire(const uint8_t *data, size_t size);

#endif
