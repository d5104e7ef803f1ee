/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of hash lists, one form after the other. */
#include "foreign/hash_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* By length, the first of a length is what is assumed. */
static const struct cret_hash_algorithm algorithms[] = {
    {"sha256", 32, EVP_sha256, false},
    {"sha512", 64, EVP_sha512, false},
    {"sha384", 48, EVP_sha384, false},
    {"sha224", 28, EVP_sha224, false},
    {"sha1", 20, EVP_sha1, true},
    {"md5", 16, EVP_md5, true},
    {"crc32", 4, NULL, true},
    {"sha3-256", 32, EVP_sha3_256, false},
    {"sha3-384", 48, EVP_sha3_384, false},
    {"sha3-512", 64, EVP_sha3_512, false},
    {"blake2b", 64, EVP_blake2b512, false},
    {"sha512-256", 32, EVP_sha512_256, false},
};

/* Other spellings. */
static const char *const spellings[][2] = {
    {"sha-256", "sha256"},     {"sha2-256", "sha256"},     {"sha-512", "sha512"},
    {"sha2-512", "sha512"},    {"sha-384", "sha384"},      {"sha2-384", "sha384"},
    {"sha-224", "sha224"},     {"sha2-224", "sha224"},     {"sha-1", "sha1"},
    {"blake2b512", "blake2b"}, {"blake2b-512", "blake2b"}, {"sha512/256", "sha512-256"},
};

enum { ALGORITHMS = sizeof(algorithms) / sizeof(algorithms[0]), NAME_BYTES = 24 };

static const struct cret_hash_algorithm *by_name(const char *text, size_t size)
{
    char name[NAME_BYTES];
    if (size == 0 || size >= sizeof(name)) {
        return NULL;
    }
    memcpy(name, text, size);
    name[size] = '\0';
    const char *wanted = name;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        if (strcasecmp(name, spellings[i][0]) == 0) {
            wanted = spellings[i][1];
        }
    }
    for (size_t i = 0; i < ALGORITHMS; i++) {
        if (strcasecmp(wanted, algorithms[i].name) == 0) {
            return &algorithms[i];
        }
    }
    return NULL;
}

static const struct cret_hash_algorithm *by_size(size_t size)
{
    for (size_t i = 0; i < ALGORITHMS; i++) {
        if (algorithms[i].size == size) {
            return &algorithms[i];
        }
    }
    return NULL;
}

/* The last part of a path, of whichever system. */
static const char *last_part(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\') {
            name = at + 1;
        }
    }
    return name;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Hex digits from text on, with separators between octets where `grouped`; returns what follows,
 * *ret_size octets. */
static const char *read_hex(uint8_t *digest, size_t *ret_size, const char *text, bool grouped)
{
    size_t size = 0;
    while (size < EVP_MAX_MD_SIZE && digit(text[0]) >= 0 && digit(text[1]) >= 0) {
        digest[size++] = (uint8_t)(16 * digit(text[0]) + digit(text[1]));
        text += 2;
        if (grouped && (*text == ' ' || *text == ':') && digit(text[1]) >= 0) {
            text++;
        }
    }
    *ret_size = digit(*text) < 0 ? size : 0;
    return text;
}

static const char *skip(const char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    return text;
}

struct line {
    struct cret_hash_text *list;
    unsigned number;
    struct cret_err *err;
    bool failed; /* memory, or too many */
    bool many;
};

/* Adds an entry; true: the line was one. */
static bool add(struct line *line, const struct cret_hash_algorithm *algorithm, bool assumed,
                const uint8_t *digest, const char *name)
{
    struct cret_hash_text *list = line->list;
    if (list->count == list->capacity) {
        const size_t twice = 2 * list->capacity + 16;
        const size_t capacity = twice < CRET_HASH_ENTRIES ? twice : CRET_HASH_ENTRIES;
        line->many = list->count == CRET_HASH_ENTRIES;
        struct cret_hash_entry *grown =
            line->many ? NULL : realloc(list->entries, capacity * sizeof(*grown));
        if (grown == NULL) {
            line->failed = true;
            return true;
        }
        list->entries = grown;
        list->capacity = capacity;
    }
    struct cret_hash_entry *entry = &list->entries[list->count];
    memset(entry, 0, sizeof(*entry));
    entry->algorithm = algorithm;
    entry->assumed = assumed;
    entry->line = line->number;
    memcpy(entry->digest, digest, algorithm->size);
    if (name != NULL) {
        entry->name = strdup(last_part(name));
        line->failed = line->failed || entry->name == NULL;
    }
    list->count++;
    return true;
}

/* `SHA256 (name) = hex`, `SHA2-256(name)= hex`. The name may hold parentheses: the last ")" that is
 * followed by an equals sign and nothing but hex ends it. */
static bool read_tagged(struct line *line, char *text)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    char *open = strchr(text, '(');
    char *close = strrchr(text, ')');
    if (open == NULL || close == NULL || close < open) {
        return false;
    }
    size_t length = (size_t)(open - text);
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    const struct cret_hash_algorithm *algorithm = by_name(text, length);
    const char *value = skip(close + 1);
    if (algorithm == NULL || *value != '=') {
        return false;
    }
    const char *end = read_hex(digest, &size, skip(value + 1), false);
    if (*skip(end) != '\0' || size != algorithm->size) {
        return false;
    }
    *close = '\0';
    const bool added = add(line, algorithm, false, digest, open + 1);
    *close = ')';
    return added;
}

/* PowerShell's table: `SHA256          A1B2...       C:\folder\name`. */
static bool read_table(struct line *line, const char *text)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    const size_t length = strcspn(text, " \t");
    const struct cret_hash_algorithm *algorithm = by_name(text, length);
    if (algorithm == NULL) {
        return false;
    }
    const char *end = read_hex(digest, &size, skip(text + length), false);
    if (size != algorithm->size || (*end != '\0' && *end != ' ' && *end != '\t')) {
        return false;
    }
    end = skip(end);
    return add(line, algorithm, false, digest, *end == '\0' ? NULL : end);
}

/* GNU writes a line feed, a carriage return and a backslash in a name so, after a leading one. */
static void unescape(char *name)
{
    char *to = name;
    for (const char *from = name; *from != '\0'; from++) {
        if (*from == '\\' && from[1] != '\0') {
            from++;
            *to++ = *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

/* `hex  name`, `hex *name`, or the digest alone, in groups too. */
static bool read_plain(struct line *line, const char *text)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    const bool escaped = *text == '\\';
    text += escaped ? 1 : 0;
    const char *end = read_hex(digest, &size, text, false);
    const struct cret_hash_algorithm *algorithm = by_size(size);
    if (algorithm != NULL && (*end == ' ' || *end == '\t')) {
        const char *name = skip(end);
        name += *name == '*' ? 1 : 0;
        char *copy = *name != '\0' ? strdup(name) : NULL;
        if (copy == NULL) {
            line->failed = line->failed || *name != '\0';
            return *name != '\0' || add(line, algorithm, true, digest, NULL);
        }
        if (escaped) {
            unescape(copy);
        }
        const bool added = add(line, algorithm, true, digest, copy);
        free(copy);
        return added;
    }
    end = read_hex(digest, &size, text, true);
    algorithm = by_size(size);
    return algorithm != NULL && *skip(end) == '\0' && add(line, algorithm, true, digest, NULL);
}

/* What certutil and PowerShell's list form say over several lines. */
struct spread {
    const struct cret_hash_algorithm *algorithm;
    const char *name;
    bool awaits; /* the next line is the digest */
};

/* `SHA256 hash of file NAME:` (older: `of NAME:`). */
static bool begin_certutil(struct spread *spread, char *text)
{
    static const char *const words[] = {" hash of file ", " hash of "};
    const size_t length = strcspn(text, " ");
    const struct cret_hash_algorithm *algorithm = by_name(text, length);
    for (size_t i = 0; algorithm != NULL && i < 2; i++) {
        if (strncasecmp(text + length, words[i], strlen(words[i])) == 0) {
            char *name = text + length + strlen(words[i]);
            const size_t end = strlen(name);
            if (end > 0 && name[end - 1] == ':') {
                name[end - 1] = '\0';
            }
            *spread = (struct spread){algorithm, name, true};
            return true;
        }
    }
    return false;
}

static bool end_certutil(struct line *line, struct spread *spread, const char *text)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (!spread->awaits) {
        return false;
    }
    spread->awaits = false;
    const char *end = read_hex(digest, &size, text, true);
    return size == spread->algorithm->size && *skip(end) == '\0' &&
           add(line, spread->algorithm, false, digest, spread->name);
}

/* What heads a table, ends certutil's output, or is a remark. */
static bool is_furniture(const char *text)
{
    static const char *const starts[] = {"#", "//", "---", "Algorithm ", "CertUtil:", "Hash: SHA"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return *text == '\0';
}

static void read_line(struct line *line, struct spread *spread, char *text)
{
    text = (char *)skip(text);
    size_t length = strlen(text);
    while (length > 0 &&
           (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r')) {
        text[--length] = '\0';
    }
    if (end_certutil(line, spread, text) || read_tagged(line, text) || read_table(line, text) ||
        read_plain(line, text) || begin_certutil(spread, text) || is_furniture(text)) {
        return;
    }
    if (line->list->others++ == 0) {
        line->list->first_other = line->number;
    }
}

/* UTF-16 as its low octets where it is ASCII, a question mark where it is not. */
static size_t narrow(char *out, const uint8_t *data, size_t size, bool big)
{
    size_t used = 0;
    for (size_t i = 2; i + 1 < size; i += 2) {
        const unsigned unit = big ? data[i] * 256u + data[i + 1] : data[i] + 256u * data[i + 1];
        if (unit != 0xfeff && unit != 0x200b) {
            out[used++] = unit == 0xa0 ? ' ' : unit < 0x80 ? (char)unit : '?';
        }
    }
    return used;
}

/* Without marks of byte order and zero-width spaces; no-break spaces are spaces. */
static size_t plain(char *out, const uint8_t *data, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        const size_t left = size - i;
        if (left >= 3 && (memcmp(data + i, "\xef\xbb\xbf", 3) == 0 ||
                          memcmp(data + i, "\xe2\x80\x8b", 3) == 0)) {
            i += 2;
        } else if (left >= 2 && memcmp(data + i, "\xc2\xa0", 2) == 0) {
            out[used++] = ' ';
            i++;
        } else {
            out[used++] = (char)data[i];
        }
    }
    return used;
}

static enum cret_status take_text(struct cret_hash_text *list, const uint8_t *data, size_t size,
                                  struct cret_err *err)
{
    if (size > CRET_HASH_TEXT_BYTES) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the hash list is too large");
        return cret_err_expected(err, "at most %d bytes", (int)CRET_HASH_TEXT_BYTES);
    }
    list->text = malloc(size + 1);
    if (list->text == NULL) {
        return cret_err_memory(err);
    }
    const bool little = size >= 2 && data[0] == 0xff && data[1] == 0xfe;
    const bool big = size >= 2 && data[0] == 0xfe && data[1] == 0xff;
    const size_t used =
        little || big ? narrow(list->text, data, size, big) : plain(list->text, data, size);
    list->text[used] = '\0';
    if (strlen(list->text) != used) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the hash list is not a text");
    }
    return CRET_OK;
}

enum cret_status cret_hash_text_read(struct cret_hash_text *ret_text, const uint8_t *data,
                                     size_t size, struct cret_err *err)
{
    struct cret_hash_text list = {0};
    struct line line = {.list = &list, .err = err};
    struct spread spread = {0};
    if (take_text(&list, data, size, err) != CRET_OK) {
        cret_hash_text_free(&list);
        return CRET_FAILED;
    }
    char *next = list.text;
    while (next != NULL && *next != '\0' && !line.failed) {
        char *text = next;
        next = strchr(text, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line.number++;
        read_line(&line, &spread, text);
    }
    if (line.failed) {
        cret_hash_text_free(&list);
        if (!line.many) {
            return cret_err_memory(err);
        }
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the hash list has too many entries");
        return cret_err_expected(err, "at most %d", (int)CRET_HASH_ENTRIES);
    }
    *ret_text = list;
    return CRET_OK;
}

void cret_hash_text_free(struct cret_hash_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        free(text->entries[i].name);
    }
    free(text->entries);
    free(text->text);
    memset(text, 0, sizeof(*text));
}
