/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SWUpdate images (docs/spec/foreign-updates.md): a cpio archive whose first member,
 * sw-description, is signed by the second, and lists each other member with its SHA-256.
 */
#ifndef CRET_FOREIGN_SWUPDATE_H
#define CRET_FOREIGN_SWUPDATE_H

#include "base/digest/digest.h"
#include "foreign/kind.h"

#define CRET_SWUPDATE_DESCRIPTION (1u << 20) /* scripts stand in it */
#define CRET_SWUPDATE_SIGNATURE (64u << 10)  /* a CMS with its chain */
#define CRET_SWUPDATE_NAME 256u              /* a member's name, with its end */
#define CRET_SWUPDATE_IMAGES 1024u           /* listed in one description */

/* The two members that are read before anything is believed; owned. */
struct cret_swupdate {
    uint8_t *description, *signature;
    size_t description_size, signature_size;
    uint64_t next;    /* offset of the third member */
    uint64_t headers; /* bytes of the cpio's own, so far */
};

/* What a signed description says of one member. */
struct cret_swupdate_image {
    char name[CRET_SWUPDATE_NAME];
    uint8_t sha256[CRET_SHA256_BYTES];
    bool seen;
};

struct cret_swupdate_list {
    struct cret_swupdate_image *images; /* owned */
    size_t count;
    char version[64]; /* of the software, as it says; "" where it does not */
};

bool cret_swupdate_recognized(const struct cret_foreign_file *file);

/* class REFUSED with foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_swupdate_open(struct cret_swupdate *ret_image,
                                                    const struct cret_foreign_file *file,
                                                    struct cret_err *err);
void cret_swupdate_clear(struct cret_swupdate *image);

/* The members that a description lists: libconfig, or JSON. Only for one whose signature was
 * verified. A name without SHA-256, or with two, is class REFUSED with foreign.form. */
CRET_MUST_CHECK enum cret_status cret_swupdate_list_read(struct cret_swupdate_list *ret_list,
                                                         const char *text, size_t size,
                                                         struct cret_err *err);
void cret_swupdate_list_clear(struct cret_swupdate_list *list);

/*
 * Each member behind the signature against the list: all that are there are listed, all that are
 * listed are there, once, with that SHA-256. What of the file is hashed by nobody becomes gaps of
 * the proof. class REFUSED with foreign.value, foreign.coverage or foreign.form; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_swupdate_members(const struct cret_swupdate *image,
                                                       struct cret_swupdate_list *list,
                                                       const struct cret_foreign_file *file,
                                                       struct cret_foreign_proof *proof,
                                                       struct cret_err *err);

#endif
