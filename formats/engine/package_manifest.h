/* SPDX-License-Identifier: Apache-2.0 */
/* What an OPC UA package says of itself, as a manifest. Internal to engine/. */
#ifndef CRET_ENGINE_PACKAGE_MANIFEST_H
#define CRET_ENGINE_PACKAGE_MANIFEST_H

#include "package/metadata.h"
#include "package/package.h"
#include "release/manifest/manifest.h"

/*
 * Of a package that was not made of a release of ours: vendor is Manufacturer, product is Name,
 * version is SoftwareRevision, else PackageRevision; each member is a file, under its mapped path
 * where its name is not portable, with the size that the directory gives and no digest yet.
 * ret_entry_of: of each member its entry, file_count where it is none (caller frees). class REFUSED
 * (file.paths): two names meet in one path.
 */
CRET_MUST_CHECK enum cret_status cret_package_manifest(struct cret_manifest **ret_manifest,
                                                       size_t **ret_entry_of,
                                                       const struct cret_package *package,
                                                       const struct cret_package_metadata *metadata,
                                                       struct cret_err *err);

/*
 * Of a package that was made of a release, whose MANIFEST.json was parsed: each of its files lies
 * below CONTENT/ or SUPPLEMENT/ and has its size, no other file is there, and the metadata say the
 * same. The entries get their places in the package, and lose what is not computed of packages
 * (fs-verity). class REFUSED, check package.release.
 */
CRET_MUST_CHECK enum cret_status cret_package_agree(struct cret_manifest *manifest,
                                                    size_t **ret_entry_of,
                                                    const struct cret_package *package,
                                                    const struct cret_package_metadata *metadata,
                                                    struct cret_err *err);

#endif
