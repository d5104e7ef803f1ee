/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What computes the digests of many small messages (leaves of trees, small files): the kernel of
 * this processor (kernel.h), or the cryptographic library. Both give the same digests; the kernel
 * is faster, and is used only after it reproduced known ones in this process.
 */
#ifndef CRET_BASE_HASH_ENGINE_H
#define CRET_BASE_HASH_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/finding/err.h"

/* The values are those of frames between processes. */
enum cret_hash_id {
    CRET_HASH_LIBRARY,  /* OpenSSL */
    CRET_HASH_SHA_NI,   /* x86-64 with SHA extensions */
    CRET_HASH_ARMV8,    /* arm64 with SHA-256 instructions */
    CRET_HASH_AVX512,   /* x86-64 with SHA extensions, and AVX-512 for many messages */
    CRET_HASH_REJECTED, /* the library: the processor's instructions gave a wrong digest */
    CRET_HASH_COUNT
};

/* What may compute: --hash, and `hash` of a site configuration. */
enum cret_hash_choice { CRET_HASH_AUTO, CRET_HASH_OPENSSL };
extern const char *const cret_hash_choices[]; /* their names in that order, NULL-terminated */
/* NULL is CRET_HASH_AUTO; a name that is none is CRET_HASH_OPENSSL, the more careful choice. */
enum cret_hash_choice cret_hash_choice_of(const char *name);

/* All zeros is the library; anything else is made by cret_hash_engine_choose alone. A value to
 * copy, for any thread. */
struct cret_hash_engine {
    enum cret_hash_id id;
    const struct cret_kernel *kernel; /* or NULL */
};

/*
 * The fastest engine that may be used here, tested against known digests (FIPS 180-4 examples and
 * some of ours) just now. A kernel that fails is not used, and the id says so. class UNDECIDED
 * where the library itself fails the test: then nothing computes digests on this machine. Takes
 * some microseconds.
 */
CRET_MUST_CHECK enum cret_status cret_hash_engine_choose(struct cret_hash_engine *ret_engine,
                                                         enum cret_hash_choice choice,
                                                         struct cret_err *err);

/* As records have it: "openssl", "sha-ni", "armv8", "avx-512", or "openssl: ..." with the reason.
 * NULL: no such engine. */
const char *cret_hash_name(enum cret_hash_id id);
/* What people are told of an engine that was rejected; NULL of others. */
const char *cret_hash_warning(enum cret_hash_id id);

#endif
