/* SPDX-License-Identifier: Apache-2.0 */
/* A table of how files begin. */
#include "base/text/nature.h"

#include <string.h>

#include "base/text/text.h"

#define COMPRESSED " (unpack it first: the archive itself is never compressed)"
#define BASE64_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
#define BASE64_BEGINNING 24u /* so many digits in a row are no word */

static const struct {
    const char *bytes;
    size_t size;
    const char *title;
} natures[] = {
    {"\x1f\x8b", 2, "gzip data" COMPRESSED},
    {"\xfd"
     "7zXZ",
     5, "xz data" COMPRESSED},
    {"\x28\xb5\x2f\xfd", 4, "zstd data" COMPRESSED},
    {"BZh", 3, "bzip2 data" COMPRESSED},
    {"PK\x03\x04", 4, "a ZIP archive"},
    {"%PDF", 4, "a PDF document"},
    {"\x7f"
     "ELF",
     4, "an ELF program"},
    {"MZ", 2, "a Windows program"},
    {"hsqs", 4, "a SquashFS image"},
    {"-----BEGIN", 10, "PEM data (a key or certificate?)"},
    {"\x30\x82", 2, "DER data (a signature or certificate?)"},
    {"<", 1, "an HTML or XML page (a failed download?)"},
    {"{", 1, "a JSON text"},
};

const char *cret_nature(const void *data, size_t size)
{
    const char *text = data;
    for (size_t i = 0; i < sizeof(natures) / sizeof(natures[0]); i++) {
        if (size >= natures[i].size && memcmp(text, natures[i].bytes, natures[i].size) == 0) {
            return natures[i].title;
        }
    }
    if (cret_text_is_utf16(text, size)) {
        return "text in UTF-16";
    }
    size_t digits = 0;
    while (digits < size && text[digits] != '\0' && strchr(BASE64_DIGITS, text[digits]) != NULL) {
        digits++;
    }
    return digits >= BASE64_BEGINNING ? "text in base64 (decode it: openssl base64 -d)" : NULL;
}
