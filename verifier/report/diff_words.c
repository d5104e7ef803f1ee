/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a comparison in words. */
#include "verifier/report/diff_words.h"

#include <string.h>

#include "verifier/report/pieces.h"
#include "verifier/report/release_sections.h"

/* What no section of a release's page has, and whose name in plain words would say too little. */
static const struct {
    const char *section, *field, *words;
} own[] = {
    {"files", "original", "original name"},
    {"files", "sha256", "SHA-256"},
    {"signers", "notAfter", "certificate until"},
    {"signers", "keySha256", "SHA-256 of the key"},
    {"components", "purl", "package URL"},
    {"components", "cpe", "CPE"},
    {"components", "sha256", "SHA-256"},
    {"documents", "sha256", "SHA-256"},
    {"documents", "reviewBy", "due for review"},
    {"documents", "supersededBy", "replaced by"},
    {"documents", "appliesTo", "applies to"},
    {"advisories", "digest", "SHA-256"},
    {"other", "sbom", "entries that name the SBOM"},
    {"other", "provenance", "entries that name the provenance"},
    {"other", "extensions", "extensions of the vendor"},
};

static const struct {
    const char *section, *word, *lead;
} notes[] = {
    {"files", "role", ", role "},
    {"components", "SBOM", ", listed in "},
    {"documents", "about it", ": "},
    {"signers", "to do", ": "},
};

static const char *find(const char *section, const char *field)
{
    const struct cret_piece_section *piece = cret_piece_section_find(section);
    for (const struct cret_piece_field *one = piece != NULL ? piece->fields : NULL;
         one != NULL && one->path != NULL; one++) {
        if (strcmp(one->path, field) == 0) {
            return one->name;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(own); i++) {
        if (strcmp(own[i].section, section) == 0 && strcmp(own[i].field, field) == 0) {
            return own[i].words;
        }
    }
    return NULL;
}

void cret_diff_put_words(struct cret_buffer *out, const char *section, const char *field)
{
    const char *words = find(section, field);
    if (words != NULL) {
        cret_buffer_printf(out, "%s", words);
    } else {
        cret_piece_key(out, field);
    }
}

const char *cret_diff_note_word(const char *section)
{
    for (size_t i = 0; i < CRET_LENGTH(notes); i++) {
        if (strcmp(notes[i].section, section) == 0) {
            return notes[i].word;
        }
    }
    return "summary";
}

const char *cret_diff_note_lead(const char *section)
{
    for (size_t i = 0; i < CRET_LENGTH(notes); i++) {
        if (strcmp(notes[i].section, section) == 0) {
            return notes[i].lead;
        }
    }
    return ": ";
}
