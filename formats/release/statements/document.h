/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of a release as identities with digests: what records keep of them, and whether one
 * of them changed without a new version (docs/spec/manifest.md). */
#ifndef CRET_RELEASE_DOCUMENT_H
#define CRET_RELEASE_DOCUMENT_H

#include "release/manifest/manifest.h"

/* The entry of documents[] that has this id; NULL: there is none, or id is NULL. */
const json_t *cret_document_find(const json_t *documents, const char *id);
/* A document's title in the first language that it is given in. */
const char *cret_document_title(const json_t *document);

/* SHA-256 of a document's content as the manifest gives it: that of its file, or its own. false
 * where there is none. */
bool cret_document_digest(const struct cret_manifest *manifest, const json_t *document,
                          char ret_hex[CRET_SHA256_HEX]);

/* documents[] in the form of cret_document_list_fields, in their order. New reference; NULL when
 * memory is exhausted. */
json_t *cret_document_list(const struct cret_manifest *manifest);

/*
 * Holds the list `now` to one that is known from before: a document with an id (in its domain) and
 * version of a known one, that is no translation of it, must have its digest. Adds a FAIL of
 * document.identity for each that has not, pointing to "#/documents/N/version"; `since` names where
 * the known one was, for people. The caller applies severities.
 */
void cret_document_compare(const json_t *known, const char *since, const json_t *now,
                           struct cret_findings *findings);

/*
 * A file that was given later, by its name for people and its digest: adds PASS of document.also
 * that says which document of the release it is, or FAIL where it is none.
 */
void cret_document_prove(const struct cret_manifest *manifest, const char *name,
                         const uint8_t sha256[CRET_SHA256_BYTES], struct cret_findings *findings);

/* Marks the documents of a list (cret_document_list) that have this digest as proved. false when
 * memory is exhausted. */
CRET_MUST_CHECK bool cret_document_mark_proved(json_t *list,
                                               const uint8_t sha256[CRET_SHA256_BYTES]);

#endif
