/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a ZIP file becomes another one with little written anew: members more at its end, or other
 * contents of one. What the edit says, a program can do that reads nothing of the file.
 */
#ifndef CRET_PACKAGE_ZIP_EDIT_H
#define CRET_PACKAGE_ZIP_EDIT_H

#include "base/text/text.h"
#include "package/zip.h"

/* The new file: `kept` bytes of the old one, `middle`, bytes `from` up to `to` of the old one,
 * `tail`. Zeroed is empty. */
struct cret_zip_edit {
    uint64_t kept, from, to;
    struct cret_buffer middle, tail;
};
void cret_zip_edit_clear(struct cret_zip_edit *edit);

/* A member to add; borrowed. */
struct cret_zip_added {
    const char *name;
    const void *data;
    size_t size;
};
/* Stored members behind those that are there, with the attributes of the first of these. class
 * USAGE where they do not fit (zip_write.h). */
CRET_MUST_CHECK enum cret_status cret_zip_edit_add(struct cret_zip_edit *edit,
                                                   const struct cret_zip *zip,
                                                   const struct cret_zip_added *members,
                                                   size_t count, struct cret_err *err);
/* Other contents of one member, stored; name, time and attributes stay. class USAGE where the file
 * would need 64-bit fields. */
CRET_MUST_CHECK enum cret_status cret_zip_edit_replace(struct cret_zip_edit *edit,
                                                       const struct cret_zip *zip, size_t member,
                                                       const void *data, size_t size,
                                                       struct cret_err *err);

#endif
