/* SPDX-License-Identifier: Apache-2.0 */
/* Names inside an archive (docs/spec/archive.md, Paths) and the mapping of other names to them. */
#ifndef CRET_BASE_PATH_H
#define CRET_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/err.h"

/*
 * The rules for one archive path: relative, '/'-separated; components
 * [A-Za-z0-9_][A-Za-z0-9._+@~,-]*, at most 100 bytes, no trailing dot, no Windows device name (with
 * or without extension, any case); at most 200 bytes; splits into ustar prefix and name; not
 * MANIFEST.json (in any case), not SIGNATURES or below it (in any case). class REFUSED,
 * check file.paths.
 */
CRET_MUST_CHECK enum cret_status cret_path_check(const char *path, struct cret_err *err);

/*
 * All paths of one archive: each valid, strictly ascending bytewise, unique and none the folder of
 * another, both without regard to ASCII case. *ret_index is the offending one on failure.
 */
CRET_MUST_CHECK enum cret_status cret_path_check_all(const char *const *paths, size_t count,
                                                     size_t *ret_index, struct cret_err *err);

/*
 * Maps any UTF-8 relative name to a valid archive path, deterministically and without regard to the
 * other names; a valid path stays as it is, but for SHA256SUMS, which the archive generates.
 * Umlauts become ae/oe/ue/ss, other Latin letters with marks their base letter, a run of anything
 * else one '_'; device names and the archive's own names get a '_' in front. A component that is
 * too long, or that loses letters of a script without mapping, is cut and carries '_' and 8 hex
 * digits of the SHA-256 of its original before the extension. Empty and "." components are dropped.
 * `Betriebsanleitung V2 (DE).pdf` gives `Betriebsanleitung_V2_DE_.pdf`. Two names can meet in one
 * path: the caller looks. Caller frees *ret_path. class REFUSED where there is no way (empty, "..",
 * absolute, not UTF-8).
 */
CRET_MUST_CHECK enum cret_status cret_path_map(char **ret_path, const char *name,
                                               struct cret_err *err);

/* Whether a detached payload is looked for under this original name: relative, no empty, "." or
 * ".." component, clean text, no backslash, no ':' , no Windows device name, no trailing dot or
 * space, at most 1024 bytes in all and 255 a component. */
bool cret_path_original_safe(const char *name);
/* Whether a component of the name is "..", for the words of a refusal. */
bool cret_path_climbs(const char *name);

/* Whether `extract` may create a file of this original name: the above, and every character is
 * seen, the name is in NFC, at most 32 components deep, and no component looks like an option
 * ("-"). */
bool cret_path_original_restorable(const char *name);

/* A key under which two names collide on a system without regard to case or normal form
 * (cret_unicode_fold). Caller frees; NULL: out of memory. */
char *cret_path_fold(const char *name);

/* What stands behind the last slash: a file's name without its folders. Part of path. */
const char *cret_path_name(const char *path);

/* Windows device name (CON, PRN, AUX, NUL, CONIN$, CONOUT$, COM0-9, LPT0-9, superscripts), with or
 * without extension. */
bool cret_path_device_name(const char *component, size_t size);

#endif
