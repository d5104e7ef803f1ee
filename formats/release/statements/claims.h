/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims hygiene: words that suggest a certification or assessed conformance, where no certificate
 * document stands behind them. A valid signature must not carry a promise that nobody checked.
 */
#ifndef CRET_RELEASE_CLAIMS_H
#define CRET_RELEASE_CLAIMS_H

#include "release/manifest/manifest.h"

/* The word lists (claims_words.c); NULL-terminated, lower case, words separated by one space. */
extern const char *const cret_claim_phrases[];
extern const char *const cret_claim_negators[];
#define CRET_CLAIM_NEGATOR_DISTANCE 4u /* words between a negator and the phrase it denies */

/* Words beside which a phrase claims nothing, unless one of the standards of security, or a word
 * that names their subject, stands in the sentence. */
struct cret_claim_excuse {
    const char *phrase; /* its beginning */
    const char *word;
};
extern const struct cret_claim_excuse cret_claim_excuses[];
extern const char *const cret_claim_standards[];
#define CRET_CLAIM_EXCUSE_DISTANCE 5u /* words between the two, on either side */

/* How a text is marked up. */
enum cret_claim_markup { CRET_CLAIM_PLAIN, CRET_CLAIM_MARKDOWN, CRET_CLAIM_HTML };

/*
 * The first phrase of one sentence (size bytes, UTF-8) that no negator denies and no word excuses,
 * or NULL. A negator counts where it stands at most CRET_CLAIM_NEGATOR_DISTANCE words before the
 * phrase.
 */
const char *cret_claim_in_sentence(const char *sentence, size_t size);

/* claims.hygiene over what the manifest says: claims, titles, summaries. Adds FAIL per sentence,
 * or one PASS. A claim that names a certificate document covers sentences that name its standard.
 */
void cret_claims_check_manifest(const struct cret_manifest *manifest,
                                struct cret_findings *findings);

/* How the claims of a document file can be read, from its name; false: not at all (PDF). */
bool cret_claims_markup(const char *path, enum cret_claim_markup *ret_markup);

/* claims.hygiene over the text of one document file. `where` names it. Adds FAIL per sentence (at
 * most 20), nothing where it is clean. */
void cret_claims_check_text(const struct cret_manifest *manifest, const char *where,
                            const char *text, size_t size, enum cret_claim_markup markup,
                            struct cret_findings *findings);

#endif
