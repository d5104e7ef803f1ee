/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping of any name to an archive path; contract in path.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest/digest.h"
#include "base/finding/limits.h"
#include "base/text/path_internal.h"
#include "base/text/text.h"
#include "base/text/utf8.h"

enum {
    HASH_DIGITS = 8,
    EXTENSION_BYTES = 12,   /* ".tar.gz" is two; only the last one is kept whole */
    COMPONENT_MINIMUM = 28, /* not cut any further: room for hash, extension, some of the name */
};

/* Letters with marks, ligatures, and what German does with umlauts. Code points 0xc0..0x17f. */
static const char *const latin[0x180 - 0xc0] = {
    "A", "A", "A",  "A",  "Ae", "A", "AE", "C",  /* 00c0 */
    "E", "E", "E",  "E",  "I",  "I", "I",  "I",  /* 00c8 */
    "D", "N", "O",  "O",  "O",  "O", "Oe", "x",  /* 00d0 */
    "O", "U", "U",  "U",  "Ue", "Y", "Th", "ss", /* 00d8 */
    "a", "a", "a",  "a",  "ae", "a", "ae", "c",  /* 00e0 */
    "e", "e", "e",  "e",  "i",  "i", "i",  "i",  /* 00e8 */
    "d", "n", "o",  "o",  "o",  "o", "oe", NULL, /* 00f0 */
    "o", "u", "u",  "u",  "ue", "y", "th", "y",  /* 00f8 */
    "A", "a", "A",  "a",  "A",  "a", "C",  "c",  /* 0100 */
    "C", "c", "C",  "c",  "C",  "c", "D",  "d",  /* 0108 */
    "D", "d", "E",  "e",  "E",  "e", "E",  "e",  /* 0110 */
    "E", "e", "E",  "e",  "G",  "g", "G",  "g",  /* 0118 */
    "G", "g", "G",  "g",  "H",  "h", "H",  "h",  /* 0120 */
    "I", "i", "I",  "i",  "I",  "i", "I",  "i",  /* 0128 */
    "I", "i", "IJ", "ij", "J",  "j", "K",  "k",  /* 0130 */
    "k", "L", "l",  "L",  "l",  "L", "l",  "L",  /* 0138 */
    "l", "L", "l",  "N",  "n",  "N", "n",  "N",  /* 0140 */
    "n", "n", "N",  "n",  "O",  "o", "O",  "o",  /* 0148 */
    "O", "o", "OE", "oe", "R",  "r", "R",  "r",  /* 0150 */
    "R", "r", "S",  "s",  "S",  "s", "S",  "s",  /* 0158 */
    "S", "s", "T",  "t",  "T",  "t", "T",  "t",  /* 0160 */
    "U", "u", "U",  "u",  "U",  "u", "U",  "u",  /* 0168 */
    "U", "u", "U",  "u",  "W",  "w", "Y",  "y",  /* 0170 */
    "Y", "Z", "z",  "Z",  "z",  "Z", "z",  "s",  /* 0178 */
};

static const char *letter(uint32_t code)
{
    switch (code) {
    case 0x218:
        return "S";
    case 0x219:
        return "s";
    case 0x21a:
        return "T";
    case 0x21b:
        return "t";
    case 0x1e9e:
        return "SS";
    default:
        return code >= 0xc0 && code < 0x180 ? latin[code - 0xc0] : NULL;
    }
}

/* A name of a script without a mapping would become nothing but '_', like every other one. */
static bool loses_meaning(uint32_t code)
{
    return code >= 0x180 && !(code >= 0x2000 && code <= 0x206f);
}

/* Decomposed names (macOS): base letter and combining diaeresis are an umlaut. */
static bool is_umlaut_base(const char *text, size_t size)
{
    return size > 0 && text[0] != '\0' && strchr("aouAOU", text[0]) != NULL;
}

/* Appends the characters of one component; a run of replaced ones is one '_'. */
static bool map_characters(struct cret_buffer *out, const char *part, size_t size)
{
    bool lossy = false, replaced = false;
    size_t start = out->size;
    while (size > 0) {
        uint32_t code = 0;
        size_t length = cret_utf8_decode(&code, part, size);
        const char *mapped = letter(code);
        if (code < 0x80 && cret_path_character((char)code, false)) {
            if (out->size == start && !cret_path_character((char)code, true)) {
                cret_buffer_append(out, "_", 1);
            }
            if (code != '_' || !replaced) {
                cret_buffer_append(out, part, 1);
            }
            replaced = false;
        } else if (mapped != NULL) {
            cret_buffer_append(out, mapped, strlen(mapped));
            replaced = false;
        } else if (code == 0x308 && !out->failed && out->size > start && !replaced &&
                   is_umlaut_base(out->data + out->size - 1, 1)) {
            cret_buffer_append(out, "e", 1);
        } else if (code >= 0x300 && code <= 0x36f && out->size > start) {
            /* Other combining marks: the base letter stands already. */
        } else {
            lossy = lossy || loses_meaning(code);
            if (!replaced) {
                cret_buffer_append(out, "_", 1);
            }
            replaced = true;
        }
        part += length;
        size -= length;
    }
    return lossy;
}

/* Offset of the extension, or the size where there is none worth keeping. */
static size_t extension_at(const char *name, size_t size)
{
    for (size_t i = size; i > 1 && size - i < EXTENSION_BYTES; i--) {
        if (name[i - 1] == '.') {
            return i < size ? i - 1 : size;
        }
    }
    return size;
}

/*
 * Cuts the component that begins at `start` to at most cap bytes, with '_' and 8 hex digits of the
 * hash of the original before the extension.
 */
static enum cret_status mark_component(struct cret_buffer *out, size_t start, size_t cap,
                                       const char *part, size_t part_size, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char digits[HASH_DIGITS + 1], extension[EXTENSION_BYTES + 1];
    if (cret_sha256(digest, part, part_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(digits, digest, HASH_DIGITS / 2);
    size_t size = out->size - start, stem = extension_at(out->data + start, size);
    size_t extension_size = size - stem;
    memcpy(extension, out->data + start + stem, extension_size);
    extension[extension_size] = '\0';
    if (stem > cap - extension_size - HASH_DIGITS - 1) {
        stem = cap - extension_size - HASH_DIGITS - 1;
    }
    while (stem > 0 && strchr("_.", out->data[start + stem - 1]) != NULL) {
        stem--;
    }
    out->size = start + stem;
    cret_buffer_printf(out, "_%s%s", digits, extension);
    return CRET_OK;
}

static enum cret_status map_component(struct cret_buffer *out, const char *part, size_t size,
                                      size_t cap, struct cret_err *err)
{
    size_t start = out->size;
    bool lossy = map_characters(out, part, size);
    if (out->failed) {
        return cret_err_memory(err);
    }
    if (out->size == start) {
        cret_buffer_append(out, "_", 1);
    }
    if (!out->failed && out->data[out->size - 1] == '.') {
        out->data[out->size - 1] = '_';
    }
    if (!out->failed && cret_path_device_name(out->data + start, out->size - start)) {
        cret_buffer_append(out, "_", 1);
        if (!out->failed) {
            memmove(out->data + start + 1, out->data + start, out->size - start - 1);
            out->data[start] = '_';
        }
    }
    if (out->failed) {
        return cret_err_memory(err);
    }
    if (lossy || out->size - start > cap) {
        return mark_component(out, start, cap, part, size, err);
    }
    return CRET_OK;
}

/* Names that the archive gives itself. */
static bool generated_name(const char *path)
{
    return cret_path_reserved(path) || strcasecmp(path, "SHA256SUMS") == 0 ||
           strncasecmp(path, "SHA256SUMS/", strlen("SHA256SUMS/")) == 0;
}

/* Maps all components, none longer than cap. Empty and "." ones are dropped. */
static enum cret_status map_with_cap(struct cret_buffer *out, const char *name, size_t cap,
                                     struct cret_err *err)
{
    for (const char *part = name; part != NULL;) {
        size_t size = strcspn(part, "/");
        if (size > 0 && !(size == 1 && part[0] == '.')) {
            if (out->size > 0) {
                cret_buffer_append(out, "/", 1);
            }
            if (map_component(out, part, size, cap, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        part = part[size] == '/' ? part + size + 1 : NULL;
    }
    if (!out->failed && out->size > 0 && generated_name(out->data)) {
        cret_buffer_append(out, "_", 1);
        if (!out->failed) {
            memmove(out->data + 1, out->data, out->size - 1);
            out->data[0] = '_';
        }
    }
    return out->failed ? cret_err_memory(err) : CRET_OK;
}

static bool fits(const struct cret_buffer *path)
{
    return path->size <= CRET_LIMIT_PATH_BYTES && cret_path_splits(path->data, path->size);
}

/* Too deep even with short components: all folders become one, named by their hash. */
static enum cret_status map_flat(struct cret_buffer *out, const char *name, struct cret_err *err)
{
    const char *last = name + strlen(name);
    while (last > name && last[-1] == '/') {
        last--;
    }
    size_t end = (size_t)(last - name);
    while (last > name && last[-1] != '/') {
        last--;
    }
    uint8_t digest[CRET_SHA256_BYTES];
    char digits[17];
    size_t folder = (size_t)(last - name);
    if (cret_sha256(digest, name, folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(digits, digest, 8);
    cret_buffer_printf(out, "_%s/", digits);
    return map_component(out, last, end - folder, CRET_LIMIT_COMPONENT_BYTES - 1, err);
}

static enum cret_status name_refused(const char *name, struct cret_err *err)
{
    static const char what[] = "this file name cannot be mapped to an archive path: it %s";
    const char *fault = NULL;
    size_t size = strlen(name);
    if (size == 0) {
        fault = "is empty";
    } else if (!cret_utf8_valid(name, size)) {
        fault = "is not valid UTF-8";
    } else if (name[0] == '/') {
        fault = "is absolute";
    }
    for (const char *part = name; fault == NULL && part != NULL;) {
        size_t part_size = strcspn(part, "/");
        if (part_size == 2 && strncmp(part, "..", 2) == 0) {
            fault = "has a part \"..\"";
        }
        part = part[part_size] == '/' ? part + part_size + 1 : NULL;
    }
    if (fault == NULL) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_FILE_PATHS, what, fault);
    cret_err_where(err, "%s", name);
    return cret_err_hint(err, "rename the file, or give its name in the archive");
}

enum cret_status cret_path_map(char **ret_path, const char *name, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_buffer path = {0};

    if (name_refused(name, err) != CRET_OK) {
        goto out;
    }
    for (size_t cap = CRET_LIMIT_COMPONENT_BYTES; cap >= COMPONENT_MINIMUM; cap -= 8) {
        path.size = 0;
        if (map_with_cap(&path, name, cap, err) != CRET_OK) {
            goto out;
        }
        if (path.size == 0 || fits(&path)) {
            break;
        }
    }
    if (path.size == 0) {
        cret_err_refuse(err, CRET_CHECK_FILE_PATHS, "this file name names nothing");
        cret_err_where(err, "%s", name);
        goto out;
    }
    if (!fits(&path)) {
        path.size = 0;
        if (map_flat(&path, name, err) != CRET_OK) {
            goto out;
        }
    }
    /* What leaves here goes into an archive: hold it to the same rules as every other name. */
    if (cret_path_check(path.data, err) != CRET_OK) {
        goto out;
    }
    *ret_path = path.data;
    path.data = NULL;
    status = CRET_OK;
out:
    cret_buffer_free(&path);
    return status;
}
