/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compression function of SHA-256 (FIPS 180-4, 6.2.2) by instructions of the processor: for one
 * message, for two independent ones at once (each instruction of a message waits for the one
 * before, and those of another message fill the gaps), and, where registers are wide enough, for
 * sixteen. Internal to base/digest: nobody uses a kernel that hash_engine.c has not tested.
 */
#ifndef CRET_BASE_KERNEL_H
#define CRET_BASE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define CRET_KERNEL_BLOCK 64u
#define CRET_KERNEL_WORDS 8u
#define CRET_KERNEL_LANES 16u

/* CRET_KERNEL_LANES messages at once. state: word i of message j at [i][j]. data: of each message
 * `blocks` times 64 bytes. */
typedef void cret_kernel_wide(uint32_t state[CRET_KERNEL_WORDS][CRET_KERNEL_LANES],
                              const uint8_t *const *data, size_t blocks);

/* data: `blocks` times 64 bytes, at any address. state: the eight words H, in and out. */
struct cret_kernel {
    void (*one)(uint32_t state[CRET_KERNEL_WORDS], const uint8_t *data, size_t blocks);
    void (*two)(uint32_t first[CRET_KERNEL_WORDS], uint32_t second[CRET_KERNEL_WORDS],
                const uint8_t *first_data, const uint8_t *second_data, size_t blocks);
    cret_kernel_wide *wide; /* or NULL */
};

/* NULL where this build is for another processor, or the compiler did not know the instructions.
 * They are not to be called where cret_os_has_sha256() says no. None of them is wide. */
const struct cret_kernel *cret_kernel_x86(void);
const struct cret_kernel *cret_kernel_arm(void);
/* NULL likewise; cret_kernel_x86 and a wide one. Not to be called where cret_os_has_avx512() says
 * no either. */
const struct cret_kernel *cret_kernel_x86_wide(void);
#if defined(__x86_64__)
/* For kernel_x86.c. */
cret_kernel_wide cret_kernel_avx512;
#endif

/* K of FIPS 180-4, 4.2.2. */
extern const uint32_t cret_kernel_constants[64];

#endif
