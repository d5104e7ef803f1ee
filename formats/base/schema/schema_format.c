/* SPDX-License-Identifier: Apache-2.0 */
/* What strings must look like: one row per format. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/schema_internal.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Whether all of size bytes are letters, digits, or one of `others`. */
static bool all_of(const char *text, size_t size, const char *others)
{
    for (size_t i = 0; i < size; i++) {
        bool other = text[i] != '\0' && strchr(others, text[i]) != NULL;
        if (!is_letter(text[i]) && !is_digit(text[i]) && !other) {
            return false;
        }
    }
    return true;
}

static bool all_digits(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    return true;
}

static bool is_line(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && text[0] != ' ' && text[size - 1] != ' ' && cret_text_clean(text, false);
}

static bool is_text(const char *text)
{
    return text[strspn(text, " \n\t")] != '\0' && cret_text_clean(text, true);
}

static bool is_token(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= 100 && all_of(text, 1, "") && all_of(text, size, "._+:-");
}

static bool is_date_time(const char *text)
{
    int64_t seconds = 0;
    return cret_time_parse(&seconds, text) == CRET_OK;
}

static bool is_any_time(const char *text)
{
    int64_t seconds = 0;
    return cret_time_parse_any(&seconds, text) == CRET_OK;
}

static bool is_date(const char *text)
{
    char full[32];
    if (strlen(text) != strlen("YYYY-MM-DD")) {
        return false;
    }
    memcpy(full, text, strlen(text));
    memcpy(full + strlen(text), "T00:00:00Z", sizeof("T00:00:00Z"));
    return is_date_time(full);
}

static bool is_date_or_tba(const char *text)
{
    struct cret_time_span span;
    return strcmp(text, "tba") == 0 || cret_time_span_parse(&span, text) == CRET_OK;
}

static bool is_hex(const char *text, size_t digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static bool is_sha256(const char *text)
{
    return is_hex(text, 64);
}

static bool is_sha512(const char *text)
{
    return is_hex(text, 128);
}

static bool is_handle(const char *text)
{
    return strncmp(text, "0x", 2) == 0 && is_hex(text + 2, 8);
}

static bool is_tpm_name(const char *text)
{
    return is_hex(text, 68);
}

static bool is_path(const char *text)
{
    return cret_path_check(text, NULL) == CRET_OK;
}

/* Characters of RFC 3986 section 2, each '%' with two hex digits. */
static bool uri_characters(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '%') {
            if (strspn(text + 1, "0123456789abcdefABCDEF") < 2) {
                return false;
            }
        } else if (!all_of(text, 1, "-._~:/?#[]@!$&'()*+,;=")) {
            return false;
        }
    }
    return true;
}

static bool is_uri(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon != NULL && colon > text && is_letter(text[0]) &&
           all_of(text, (size_t)(colon - text), "+-.") && colon[1] != '\0' && uri_characters(text);
}

static bool is_iec61406(const char *text)
{
    static const char scheme[] = "https://";
    size_t size = strlen(text);
    if (size > 255 || strncmp(text, scheme, strlen(scheme)) != 0 || !uri_characters(text)) {
        return false;
    }
    const char *host = text + strlen(scheme);
    size_t host_size = strcspn(host, "/?#");
    for (size_t i = 0; i < host_size; i++) {
        if (host[i] >= 'A' && host[i] <= 'Z') {
            return false;
        }
    }
    return host_size > 0;
}

static bool is_purl(const char *text)
{
    static const char scheme[] = "pkg:";
    if (strncmp(text, scheme, strlen(scheme)) != 0 || !uri_characters(text)) {
        return false;
    }
    const char *type = text + strlen(scheme);
    size_t size = strcspn(type, "/");
    return size > 0 && is_letter(type[0]) && all_of(type, size, ".+-") && type[size] == '/' &&
           type[size + 1] != '\0' && type[size + 1] != '/';
}

/* CPE 2.3 (NISTIR 7695): formatted string of 11 parts after the prefix, or a 2.2 URI. */
static bool is_cpe(const char *text)
{
    static const char formatted[] = "cpe:2.3:", uri[] = "cpe:/";
    for (const char *byte = text; *byte != '\0'; byte++) {
        if (*byte <= ' ' || *byte > '~') {
            return false;
        }
    }
    if (strncmp(text, uri, strlen(uri)) == 0) {
        return text[5] != '\0' && strchr("aho", text[5]) != NULL && text[6] == ':' &&
               text[7] != '\0';
    }
    if (strncmp(text, formatted, strlen(formatted)) != 0) {
        return false;
    }
    const char *part = text + strlen(formatted);
    if (part[0] == '\0' || strchr("aho*-", part[0]) == NULL || part[1] != ':') {
        return false;
    }
    size_t parts = 1, length = 0;
    for (; *part != '\0'; part++) {
        if (*part == ':') {
            if (length == 0) {
                return false;
            }
            parts++;
            length = 0;
            continue;
        }
        if (*part == '\\' && part[1] != '\0') {
            part++;
        }
        length++;
    }
    return parts == 11 && length > 0;
}

static bool is_cve(const char *text)
{
    size_t size = strlen(text);
    return size >= 13 && size <= 28 && strncmp(text, "CVE-", 4) == 0 && all_digits(text + 4, 4) &&
           text[8] == '-' && all_digits(text + 9, size - 9);
}

static bool is_cwe(const char *text)
{
    size_t size = strlen(text);
    return size >= 5 && size <= 10 && strncmp(text, "CWE-", 4) == 0 && text[4] != '0' &&
           all_digits(text + 4, size - 4);
}

/* BCP 47: a language of 2 to 8 letters, then parts of 1 to 8 letters or digits. */
static bool is_language(const char *text)
{
    size_t size = strcspn(text, "-");
    if (size < 2 || size > 8 || strlen(text) > 35) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (!is_letter(text[i])) {
            return false;
        }
    }
    for (text += size; *text == '-'; text += size) {
        text++;
        size = strcspn(text, "-");
        if (size < 1 || size > 8 || !all_of(text, size, "")) {
            return false;
        }
    }
    return true;
}

/* RFC 6838 section 4.2, without parameters. */
static bool is_media_type(const char *text)
{
    static const char others[] = "!#$&-^_.+";
    size_t type = strcspn(text, "/");
    if (type < 1 || type > 127 || text[type] != '/') {
        return false;
    }
    const char *subtype = text + type + 1;
    size_t size = strlen(subtype);
    return size >= 1 && size <= 127 && all_of(text, 1, "") && all_of(text, type, others) &&
           all_of(subtype, 1, "") && all_of(subtype, size, others);
}

/* One block of RFC 7468 at *text; moves behind it. */
static bool skip_pem_block(const char **text)
{
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    const char *label = *text + strlen(begin);
    if (strncmp(*text, begin, strlen(begin)) != 0) {
        return false;
    }
    size_t label_size = strcspn(label, "-\n");
    const char *line = label + label_size;
    if (label_size == 0 || strncmp(line, "-----\n", 6) != 0) {
        return false;
    }
    size_t lines = 0;
    for (line += 6; strncmp(line, end, strlen(end)) != 0; lines++) {
        size_t size = strcspn(line, "\n");
        if (size == 0 || size > 76 || line[size] != '\n' || !all_of(line, size, "+/=")) {
            return false;
        }
        line += size + 1;
    }
    line += strlen(end);
    if (lines == 0 || strncmp(line, label, label_size) != 0 ||
        strncmp(line + label_size, "-----", 5) != 0) {
        return false;
    }
    line += label_size + 5;
    if (*line != '\n' && *line != '\0') {
        return false;
    }
    *text = *line == '\n' ? line + 1 : line;
    return true;
}

static bool is_pem(const char *text)
{
    do {
        if (!skip_pem_block(&text)) {
            return false;
        }
    } while (*text != '\0');
    return true;
}

static bool is_base64(const char *text)
{
    uint8_t *data = NULL;
    size_t size = 0;
    if (text[0] == '\0' || cret_base64_decode(&data, &size, text) != CRET_OK) {
        return false;
    }
    free(data);
    return true;
}

/* Code points that cret_text_clean() refuses, as a part of a character class. */
#define HIDDEN "\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060\\u2066-\\u2069\\ufeff"
#define CONTROL "\\u0000-\\u001f"
#define DATE_PATTERN "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
#define CLOCK_PATTERN "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
#define TIME_PATTERN DATE_PATTERN CLOCK_PATTERN
#define ANY_TIME_PATTERN "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" CLOCK_PATTERN
#define URI_CHARACTERS "[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]"

static const struct {
    bool (*accepts)(const char *text);
    const char *words;
    const char *pattern; /* ECMA 262 with the u flag; may accept more than the checker */
    int64_t bytes;
} formats[CRET_FORMAT_COUNT] = {
    [CRET_FORMAT_LINE] = {is_line,
                          "one line of text, without control characters or spaces at its ends",
                          "^[^ " CONTROL HIDDEN "]([^" CONTROL HIDDEN "]*[^ " CONTROL HIDDEN "])?$",
                          CRET_LIMIT_LINE_BYTES},
    [CRET_FORMAT_TEXT] = {is_text, "text without control characters; several lines are allowed",
                          "^[^\\u0000-\\u0008\\u000b-\\u001f" HIDDEN "]+$", CRET_LIMIT_TEXT_BYTES},
    [CRET_FORMAT_TOKEN] = {is_token,
                           "a word of letters, digits and ._+:- that begins with a letter or "
                           "digit, at most 100 characters",
                           "^[A-Za-z0-9][A-Za-z0-9._+:-]*$", 100},
    [CRET_FORMAT_ENUM] = {is_line, "one of the listed words", NULL, CRET_LIMIT_LINE_BYTES},
    [CRET_FORMAT_DATE_TIME] = {is_date_time, "a time in UTC, such as 2026-03-31T12:00:00Z",
                               "^" TIME_PATTERN "$", 20},
    [CRET_FORMAT_ANY_TIME] = {is_any_time, "a time in UTC, such as 9999-12-31T23:59:59Z",
                              "^" ANY_TIME_PATTERN "$", 20},
    [CRET_FORMAT_DATE] = {is_date, "a date, such as 2026-03-31", "^" DATE_PATTERN "$", 10},
    [CRET_FORMAT_DATE_OR_TBA] =
        {is_date_or_tba,
         "a month, a day or a time in UTC, such as 2026-03, 2026-03-31 or "
         "2026-03-31T12:00:00Z, before the year 3000; or \"tba\" where it is "
         "not known yet",
         "^(tba|" TIME_PATTERN "|" DATE_PATTERN "|[12][0-9]{3}-(0[1-9]|1[0-2]))$", 20},
    [CRET_FORMAT_SHA256] = {is_sha256, "a SHA-256 digest: 64 lower-case hex digits",
                            "^[0-9a-f]{64}$", 64},
    [CRET_FORMAT_SHA512] = {is_sha512, "a SHA-512 digest: 128 lower-case hex digits",
                            "^[0-9a-f]{128}$", 128},
    [CRET_FORMAT_PATH] = {is_path,
                          "a relative path whose parts consist of letters, digits and ._+@~,- and "
                          "begin with a letter, digit or _, at most 200 characters",
                          "^[A-Za-z0-9_][A-Za-z0-9._+@~,-]*(/[A-Za-z0-9_][A-Za-z0-9._+@~,-]*)*$",
                          CRET_LIMIT_PATH_BYTES},
    [CRET_FORMAT_URI] = {is_uri,
                         "a URI with its scheme, such as https://example.com/security or "
                         "urn:uuid:...",
                         "^[A-Za-z][A-Za-z0-9+.-]*:" URI_CHARACTERS "+$", CRET_LIMIT_LINE_BYTES},
    [CRET_FORMAT_IEC61406] = {is_iec61406,
                              "an https:// link of at most 255 characters, the host in lower case",
                              "^https://[a-z0-9.:@\\[\\]_~!$&'()*+,;=%-]+([/?#]" URI_CHARACTERS
                              "*)?$",
                              255},
    [CRET_FORMAT_PURL] = {is_purl, "a package URL, such as pkg:generic/example/firmware@1.2.3",
                          "^pkg:[A-Za-z][A-Za-z0-9.+-]*/" URI_CHARACTERS "+$",
                          CRET_LIMIT_LINE_BYTES},
    [CRET_FORMAT_CPE] = {is_cpe, "a CPE name: cpe:2.3: with 11 parts, or cpe:/",
                         "^cpe:(2\\.3:[aho*-]:|/[aho]:)[!-~]+$", CRET_LIMIT_LINE_BYTES},
    [CRET_FORMAT_CVE] = {is_cve, "a CVE number, such as CVE-2026-12345",
                         "^CVE-[0-9]{4}-[0-9]{4,19}$", 28},
    [CRET_FORMAT_CWE] = {is_cwe, "a CWE number, such as CWE-787", "^CWE-[1-9][0-9]{0,5}$", 10},
    [CRET_FORMAT_LANGUAGE] = {is_language, "a language tag (BCP 47), such as de, en-GB or zh-Hans",
                              "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", 35},
    [CRET_FORMAT_MEDIA_TYPE] = {is_media_type, "a media type, such as application/pdf",
                                "^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
                                "$",
                                255},
    [CRET_FORMAT_PEM] = {is_pem,
                         "PEM text: lines of base64 between -----BEGIN ...----- and -----END "
                         "...-----",
                         "^-----BEGIN [^\\n-]+-----\\n[A-Za-z0-9+/=\\n]+-----END [^\\n-]+-----",
                         CRET_LIMIT_PEM_BYTES},
    [CRET_FORMAT_BASE64] = {is_base64, "base64 with padding, without line breaks",
                            "^[A-Za-z0-9+/]+={0,2}$", CRET_LIMIT_POLICY_BYTES},
    [CRET_FORMAT_HANDLE] = {is_handle, "0x and eight lower-case hex digits", "^0x[0-9a-f]{8}$", 10},
    [CRET_FORMAT_TPM_NAME] = {is_tpm_name, "a Name of 68 lower-case hex digits", "^[0-9a-f]{68}$",
                              68},
};

const char *cret_format_words(enum cret_format format)
{
    return (unsigned)format < CRET_FORMAT_COUNT ? formats[format].words : "a known format";
}

bool cret_format_accepts(enum cret_format format, const char *text)
{
    return (unsigned)format < CRET_FORMAT_COUNT && text != NULL && formats[format].accepts(text);
}

int64_t cret_format_bytes(enum cret_format format)
{
    return (unsigned)format < CRET_FORMAT_COUNT ? formats[format].bytes : 0;
}

const char *cret_format_pattern(enum cret_format format)
{
    return (unsigned)format < CRET_FORMAT_COUNT ? formats[format].pattern : NULL;
}
