/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the paths that there can be, within a bound. */
#include "trust/x509/chain_paths.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "trust/asn1/library.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"

enum { NODES = 2 + CRET_LIMIT_CHAIN + CRET_LIMIT_INTERMEDIATES, SIGNER = 0, ANCHOR = 1 };

/* Did one certificate issue the other? Asked once. */
enum edge { EDGE_UNKNOWN = 0, EDGE_NONE, EDGE_ISSUED };

struct search {
    const struct cret_certificate *nodes[NODES]; /* signer, anchor, then the intermediates */
    size_t count;
    uint8_t edges[NODES][NODES]; /* [issued][issuer] */
    unsigned signatures, steps;
    size_t path[CRET_LIMIT_CHAIN + 2]; /* indices of nodes, signer first */
    size_t length;
    struct cret_paths *result;
    struct cret_err *err;
};

static bool same_certificate(const struct cret_certificate *a, const struct cret_certificate *b)
{
    return memcmp(cret_certificate_digest(a), cret_certificate_digest(b), CRET_SHA256_BYTES) == 0;
}

/* The same entity: a path that meets it twice went in a circle. */
static bool same_entity(const struct cret_certificate *a, const struct cret_certificate *b)
{
    return memcmp(cret_certificate_key_digest(a), cret_certificate_key_digest(b),
                  CRET_SHA256_BYTES) == 0 &&
           X509_NAME_cmp(X509_get_subject_name(cret_certificate_x509(a)),
                         X509_get_subject_name(cret_certificate_x509(b))) == 0;
}

static bool key_identifier_fits(X509 *issued, X509 *issuer)
{
    const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id(issued);
    const ASN1_OCTET_STRING *found = X509_get0_subject_key_id(issuer);
    return wanted == NULL || found == NULL || ASN1_OCTET_STRING_cmp(wanted, found) == 0;
}

/* All that can be said about an issuer without asking for the signature. */
static bool may_have_issued(const struct cret_certificate *issuer,
                            const struct cret_certificate *issued)
{
    X509 *above = cret_certificate_x509(issuer);
    return cret_certificate_names_issuer(issued, issuer) && X509_get0_pubkey(above) != NULL &&
           key_identifier_fits(cret_certificate_x509(issued), above);
}

bool cret_paths_straight(struct cret_chain *ret_path, const struct cret_chain_request *request)
{
    const struct cret_certificate *signer = request->signer;
    const struct cret_certificate *anchor = request->anchor->certificate;
    if (request->intermediate_count > 0 || same_certificate(signer, anchor) ||
        !may_have_issued(anchor, signer)) {
        return false;
    }
    *ret_path = (struct cret_chain){.certificates = {signer, anchor}, .count = 2};
    return true;
}

static enum cret_status ask_edge(struct search *search, size_t issued, size_t issuer,
                                 enum edge *ret_edge)
{
    X509 *below = cret_certificate_x509(search->nodes[issued]);
    X509 *above = cret_certificate_x509(search->nodes[issuer]);
    *ret_edge = EDGE_NONE;
    if (!may_have_issued(search->nodes[issuer], search->nodes[issued])) {
        return CRET_OK;
    }
    if (search->signatures == CRET_PATH_SIGNATURES) {
        search->result->cut = true;
        return CRET_OK;
    }
    search->signatures++;
    if (cret_library_begin(search->err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_library_holds(X509_verify(below, X509_get0_pubkey(above)))) {
        *ret_edge = EDGE_ISSUED;
    }
    return CRET_OK;
}

static enum cret_status issued_by(struct search *search, size_t issued, size_t issuer,
                                  bool *ret_issued)
{
    uint8_t *known = &search->edges[issued][issuer];
    if (*known == EDGE_UNKNOWN) {
        enum edge edge = EDGE_NONE;
        if (ask_edge(search, issued, issuer, &edge) != CRET_OK) {
            return CRET_FAILED;
        }
        *known = (uint8_t)edge;
    }
    *ret_issued = *known == EDGE_ISSUED;
    return CRET_OK;
}

/* Would this intermediate lead in a circle? */
static bool met_before(const struct search *search, size_t node)
{
    for (size_t i = 0; i < search->length; i++) {
        if (same_entity(search->nodes[search->path[i]], search->nodes[node])) {
            return true;
        }
    }
    return same_entity(search->nodes[ANCHOR], search->nodes[node]);
}

static void keep_path(struct search *search)
{
    struct cret_paths *result = search->result;
    if (result->count == CRET_PATHS_MAXIMUM) {
        result->cut = true;
        return;
    }
    struct cret_chain *chain = &result->paths[result->count++];
    for (size_t i = 0; i < search->length; i++) {
        chain->certificates[i] = search->nodes[search->path[i]];
    }
    chain->certificates[search->length] = search->nodes[ANCHOR];
    chain->count = search->length + 1;
}

/* Goes on from the last certificate of the path. The depth is bounded by the length of a path. */
static enum cret_status extend(struct search *search)
{
    const size_t last = search->path[search->length - 1];
    bool issued = false;
    if (issued_by(search, last, ANCHOR, &issued) != CRET_OK) {
        return CRET_FAILED;
    }
    if (issued) {
        keep_path(search);
    }
    if (search->length == CRET_LIMIT_CHAIN + 1) {
        return CRET_OK;
    }
    for (size_t i = ANCHOR + 1; i < search->count; i++) {
        if (++search->steps > CRET_PATH_STEPS_MAXIMUM || search->result->cut) {
            search->result->cut = true;
            return CRET_OK;
        }
        if (issued_by(search, last, i, &issued) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!issued || met_before(search, i)) {
            continue;
        }
        search->path[search->length++] = i;
        const enum cret_status status = extend(search);
        search->length--;
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static void add_node(struct search *search, const struct cret_certificate *certificate)
{
    for (size_t i = 0; i < search->count; i++) {
        if (same_certificate(search->nodes[i], certificate)) {
            return;
        }
    }
    if (search->count < NODES) {
        search->nodes[search->count++] = certificate;
    }
}

enum cret_status cret_paths_find(struct cret_paths **ret_paths,
                                 const struct cret_chain_request *request, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_paths *paths = calloc(1, sizeof(*paths));
    struct search *search = calloc(1, sizeof(*search));
    if (paths == NULL || search == NULL) {
        cret_err_memory(err);
        goto out;
    }
    search->result = paths;
    search->err = err;
    if (same_certificate(request->signer, request->anchor->certificate)) {
        paths->paths[0].certificates[0] = request->signer;
        paths->paths[0].count = 1;
        paths->count = 1;
    } else {
        search->nodes[SIGNER] = request->signer;
        search->nodes[ANCHOR] = request->anchor->certificate;
        search->count = ANCHOR + 1;
        for (size_t i = 0; i < request->intermediate_count; i++) {
            add_node(search, request->intermediates[i]);
        }
        search->path[0] = SIGNER;
        search->length = 1;
        if (extend(search) != CRET_OK) {
            goto out;
        }
    }
    *ret_paths = paths;
    paths = NULL;
    status = CRET_OK;
out:
    free(search);
    free(paths);
    return status;
}
