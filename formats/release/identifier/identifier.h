/* SPDX-License-Identifier: Apache-2.0 */
/* How sure a comparison of two identifiers is. */
#ifndef CRET_RELEASE_IDENTIFIER_H
#define CRET_RELEASE_IDENTIFIER_H

/* Only SURE is ever more than something for a person to look at. */
enum cret_match { CRET_MATCH_NONE, CRET_MATCH_POSSIBLE, CRET_MATCH_SURE };

#endif
