/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a RAUC bundle, and the manifest of one with a hash tree. */
#include "foreign/rauc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"

#define FORM CRET_CHECK_FOREIGN_FORM

enum { LINE_BYTES = 4096, SECTION_BYTES = 128 };

static enum cret_status refuse(struct cret_err *err, const char *what, const char *expected)
{
    cret_err_refuse(err, FORM, "the RAUC bundle %s", what);
    return cret_err_expected(err, "%s", expected);
}

/* The size at the end, or 0. */
static enum cret_status read_size(uint64_t *ret_size, const struct cret_foreign_file *file,
                                  struct cret_err *err)
{
    uint8_t octets[CRET_RAUC_SIZE_BYTES];
    uint64_t size = 0;
    if (file->size < sizeof(octets)) {
        return refuse(err, "is too short", "a squashfs, a CMS and its size");
    }
    if (cret_foreign_read(file, file->size - sizeof(octets), octets, sizeof(octets),
                          "the size of the CMS", err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(octets); i++) {
        size = size << 8 | octets[i];
    }
    *ret_size = size;
    return CRET_OK;
}

enum cret_status cret_rauc_open(struct cret_rauc *ret_bundle, const struct cret_foreign_file *file,
                                struct cret_err *err)
{
    uint8_t magic[4], first = 0;
    uint64_t size = 0;
    if (cret_foreign_read(file, 0, magic, sizeof(magic), "the squashfs", err) != CRET_OK ||
        read_size(&size, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(magic, "hsqs", sizeof(magic)) != 0) {
        return refuse(err, "does not begin with a squashfs",
                      "the magic hsqs; an encrypted bundle (crypt) cannot be checked without its "
                      "key");
    }
    if (size == 0 || size > CRET_RAUC_CMS_BYTES || size > file->size - CRET_RAUC_SIZE_BYTES) {
        refuse(err, "has no signature at its end", "the size of the CMS in the last eight bytes");
        return cret_err_hint(err, "the signature was taken away, or something was put behind it: "
                                  "fetch the bundle again");
    }
    const uint64_t payload = file->size - CRET_RAUC_SIZE_BYTES - size;
    if (cret_foreign_read(file, payload, &first, 1, "the CMS", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (first != CRET_DER_SEQUENCE) {
        return refuse(err, "has no signature where its size says", "a CMS in DER");
    }
    *ret_bundle = (struct cret_rauc){payload, (size_t)size};
    return CRET_OK;
}

bool cret_rauc_recognized(const struct cret_foreign_file *file)
{
    struct cret_rauc bundle;
    return cret_rauc_open(&bundle, file, NULL) == CRET_OK;
}

/* The manifest, line by line. */
struct manifest {
    const char *next, *end;
    unsigned line;
    char section[SECTION_BYTES];
    char format[32], root[80], salt[80], tree[32];
    struct cret_rauc_verity *verity;
    struct cret_err *err;
};

static enum cret_status refuse_line(const struct manifest *manifest, const char *what)
{
    cret_err_refuse(manifest->err, FORM, "the manifest of the RAUC bundle %s", what);
    return cret_err_where(manifest->err, "line %u of the manifest", manifest->line);
}

/* Into a field that stands once. */
static enum cret_status store(const struct manifest *manifest, char *field, size_t size,
                              const char *value)
{
    if (field[0] != '\0') {
        return refuse_line(manifest, "says something twice");
    }
    if (strlen(value) >= size || value[0] == '\0') {
        return refuse_line(manifest, "has a value of impossible length");
    }
    snprintf(field, size, "%s", value);
    return CRET_OK;
}

static enum cret_status take_pair(struct manifest *manifest, const char *key, const char *value)
{
    const struct {
        const char *section, *key;
        char *field;
        size_t size;
    } fields[] = {
        {"bundle", "format", manifest->format, sizeof(manifest->format)},
        {"bundle", "verity-hash", manifest->root, sizeof(manifest->root)},
        {"bundle", "verity-salt", manifest->salt, sizeof(manifest->salt)},
        {"bundle", "verity-size", manifest->tree, sizeof(manifest->tree)},
        {"update", "version", manifest->verity->version, sizeof(manifest->verity->version)},
        {"update", "compatible", manifest->verity->compatible,
         sizeof(manifest->verity->compatible)},
    };
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        if (strcmp(fields[i].section, manifest->section) == 0 && strcmp(fields[i].key, key) == 0) {
            return store(manifest, fields[i].field, fields[i].size, value);
        }
    }
    return CRET_OK;
}

static char *trimmed(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text + strspn(text, " \t");
}

static enum cret_status take_line(struct manifest *manifest, char *line)
{
    char *text = trimmed(line);
    char *equals = strchr(text, '=');
    const size_t length = strlen(text);
    if (length == 0 || text[0] == '#' || text[0] == ';') {
        return CRET_OK;
    }
    if (text[0] == '[') {
        if (text[length - 1] != ']' || length - 2 >= sizeof(manifest->section)) {
            return refuse_line(manifest, "has a malformed section");
        }
        text[length - 1] = '\0';
        snprintf(manifest->section, sizeof(manifest->section), "%s", text + 1);
        return CRET_OK;
    }
    if (equals == NULL || equals == text) {
        return refuse_line(manifest, "has a line that is no setting");
    }
    *equals = '\0';
    return take_pair(manifest, trimmed(text), trimmed(equals + 1));
}

static enum cret_status read_lines(struct manifest *manifest)
{
    char line[LINE_BYTES];
    while (manifest->next != manifest->end) {
        const size_t left = (size_t)(manifest->end - manifest->next);
        const char *end = memchr(manifest->next, '\n', left);
        const size_t length = end != NULL ? (size_t)(end - manifest->next) : left;
        manifest->line++;
        if (length >= sizeof(line)) {
            return refuse_line(manifest, "has a line that is too long");
        }
        memcpy(line, manifest->next, length);
        line[length] = '\0';
        if (strlen(line) != length || !cret_utf8_valid(line, length)) {
            return refuse_line(manifest, "has a line that is no text");
        }
        if (take_line(manifest, line) != CRET_OK) {
            return CRET_FAILED;
        }
        manifest->next = end != NULL ? end + 1 : manifest->end;
    }
    return CRET_OK;
}

/* A size in decimal digits, of whole blocks. */
static bool read_tree(uint64_t *ret_size, const char *text)
{
    uint64_t size = 0;
    if (text[0] == '\0' || strlen(text) > 15) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        size = size * 10 + (uint64_t)(*text - '0');
    }
    *ret_size = size;
    return size > 0 && size % CRET_RAUC_BLOCK == 0;
}

enum cret_status cret_rauc_manifest_read(struct cret_rauc_verity *ret_verity, const char *text,
                                         size_t size, struct cret_err *err)
{
    struct cret_rauc_verity verity = {0};
    struct manifest manifest = {.next = text, .end = text + size, .verity = &verity, .err = err};
    if (read_lines(&manifest) != CRET_OK) {
        return CRET_FAILED;
    }
    if (strcmp(manifest.format, "verity") != 0) {
        refuse(err, "is of another format than its signature", "format=verity in its manifest");
        return cret_err_actual(err, "%s", manifest.format);
    }
    if (cret_hex_decode(verity.root, sizeof(verity.root), manifest.root) != CRET_OK ||
        cret_hex_decode(verity.salt, sizeof(verity.salt), manifest.salt) != CRET_OK ||
        !read_tree(&verity.tree, manifest.tree)) {
        return refuse(err, "does not say how it was hashed",
                      "verity-hash and verity-salt as 64 hex digits, verity-size in bytes");
    }
    *ret_verity = verity;
    return CRET_OK;
}
