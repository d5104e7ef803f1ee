/* SPDX-License-Identifier: Apache-2.0 */
/* Names as people type them: letters and their marks as one character (Unicode NFC). */
#ifndef CRET_SIGNER_COMPOSE_H
#define CRET_SIGNER_COMPOSE_H

/*
 * A copy of UTF-8 text with decomposed letters composed, as Unicode's canonical composition does
 * (UAX 15), for the characters of the BMP and Hangul. So a name that macOS decomposed is the same
 * name again. Text in NFC, and text that is not UTF-8, comes back as it is. Caller frees; NULL: out
 * of memory.
 */
char *cret_compose(const char *text);

#endif
