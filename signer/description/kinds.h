/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, told by its name, where the description does not say. */
#ifndef CRET_SIGNER_KINDS_H
#define CRET_SIGNER_KINDS_H

/* A role (release/manifest/manifest.h: cret_file_roles), or NULL where the name does not tell: then
 * the manifest's writer takes what the file is used for (sbom.file, documents[].file), else
 * "other". */
const char *cret_kind_role(const char *name);

/* An IANA media type, or NULL where the name does not tell. */
const char *cret_kind_media_type(const char *name);

#endif
