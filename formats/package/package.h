/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An OPC UA software package (OPC 10000-100, 8.7; docs/spec/uadipkg.md): a ZIP file whose signed
 * lists cover every member. Nothing of it is trusted here; signatures are judged by engine/.
 */
#ifndef CRET_PACKAGE_H
#define CRET_PACKAGE_H

#include "container/layout.h"
#include "package/asic_manifest.h"
#include "package/zip.h"

#define CRET_PACKAGE_MEDIA_TYPE "application/vnd.etsi.asic-e+zip"
#define CRET_PACKAGE_METADATA_PATH "META/package_metadata.json"
/* Where the packages of a solution lie, unpacked, each in a folder. */
#define CRET_PACKAGE_BELOW "SUBPACKAGES/"
/* Where the release that a package was made of lies in it. */
#define CRET_PACKAGE_RELEASE "SUPPLEMENT/cretula/"
#define CRET_PACKAGE_RELEASE_MANIFEST CRET_PACKAGE_RELEASE "MANIFEST.json"
#define CRET_PACKAGE_RELEASE_SIGNATURES CRET_PACKAGE_RELEASE "SIGNATURES/"

/* A signed list with the signature over it. */
struct cret_package_pair {
    const char *list_name, *signature_name; /* members; borrowed from the ZIP */
    uint8_t *list, *signature;              /* their bytes */
    size_t list_size, signature_size;
    struct cret_asic_manifest *manifest; /* the list, read */
    bool first;                          /* it lists no other list: nobody signed before it */
};

struct cret_package {
    struct cret_zip *zip;
    struct cret_package_pair *pairs; /* sorted by the list's name */
    size_t pair_count;
    uint8_t *metadata; /* package_metadata.json */
    size_t metadata_size;
    /* The release that it was made of, where it rides along; release is NULL, else. */
    uint8_t *release; /* MANIFEST.json */
    size_t release_size;
    struct cret_signature *signatures; /* over that */
    size_t signature_count;
    uint8_t (*digests)[CRET_SHA256_BYTES]; /* of each member, once it was walked */
    const char **absent;                   /* members that lists name and that are not there */
    size_t absent_count;
    char **below; /* of a solution: folders of the packages in it, with their slash */
    size_t below_count;
};

/* Whether a file is read as a package: it begins as a ZIP file, and as a signed package does, or
 * its end names package_metadata.json. Other ZIP files are none. */
CRET_MUST_CHECK enum cret_status cret_package_recognize(bool *ret_package, int fd, uint64_t size,
                                                        struct cret_err *err);

/*
 * Reads everything but the contents: ZIP, `mimetype`, lists with their signatures. Refuses a member
 * outside of the folders that OPC 10000-100 names, one below META-INF/ that is neither a list nor a
 * signature, a signature that no list or more than one names, a list that does not name each member
 * but `mimetype` and those of META-INF/, or names what is not there: of SUPPLEMENT/ that is allowed
 * (`absent`). A package without a signature is refused unless `unsigned_too`. class REFUSED
 * (package.zip, package.manifest, signature.form, archive.limits) or UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_package_read(struct cret_package **ret_package, int fd,
                                                   uint64_t size, bool unsigned_too,
                                                   struct cret_err *err);
void cret_package_free(struct cret_package **package);

/*
 * A package that lies unpacked in a folder of another one: read like one of its own, with the names
 * below the folder; none lies in it again. Lives no longer than `whole`. Lists by SHA-512 are
 * refused, since of the members SHA-256 is known. class REFUSED as above, or UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_package_read_below(struct cret_package **ret_package,
                                                         const struct cret_package *whole,
                                                         const char *folder, int fd,
                                                         struct cret_err *err);
/* Whether each of its members has the digests of its own lists, and is what was read of it; `whole`
 * was walked. Fills `digests`. class REFUSED (file.digests) or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_package_match_below(struct cret_package *package,
                                                          const struct cret_package *whole,
                                                          struct cret_err *err);

/* Whether it is one of the files that lists must name: no folder, not `mimetype`, not in META-INF/.
 */
bool cret_package_is_data(const struct cret_zip_member *member);

/* Whether each list has the digest of these bytes for the member of this name. class REFUSED
 * (file.digests). */
CRET_MUST_CHECK enum cret_status cret_package_holds(const struct cret_package *package,
                                                    const char *name, const uint8_t *data,
                                                    size_t size, struct cret_err *err);

/*
 * Reads every byte once more and in order: `sink` (or NULL) gets those of each member, and each
 * member that lists name has the digests of all of them; what was read before is there still. class
 * REFUSED (package.zip; file.digests) or UNDECIDED.
 */
typedef enum cret_status (*cret_package_sink)(void *context, size_t member, uint64_t offset,
                                              const uint8_t *data, size_t size,
                                              struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_package_walk(struct cret_package *package,
                                                   struct cret_source *source,
                                                   cret_package_sink sink, void *context,
                                                   struct cret_err *err);

#endif
