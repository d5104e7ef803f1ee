/* SPDX-License-Identifier: Apache-2.0 */
/* A table of how files begin. */
#include "base/text/nature.h"

#include <string.h>

#include "base/text/text.h"

#define BASE64_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
#define BASE64_BEGINNING 24u /* so many digits in a row are no word */

#define NATURE(title, clue, way)                                                                   \
    {                                                                                              \
        (title), title clue, (way)                                                                 \
    }
#define COMPRESSED " (unpack it first: the archive itself is never compressed)"
#define UNPACK "unpack it first: the archive itself is never compressed"
#define IN_A_RELEASE "name the .cretula.tar file: this may be one of the files in it"
#define FOR_TRUST                                                                                  \
    "name the .cretula.tar file; what says whom to trust is given with --anchor or --trust"

static const struct {
    const char *bytes;
    size_t size;
    struct cret_nature nature;
} natures[] = {
    {"\x1f\x8b", 2, NATURE("gzip data", COMPRESSED, UNPACK)},
    {"\xfd"
     "7zXZ",
     5, NATURE("xz data", COMPRESSED, UNPACK)},
    {"\x28\xb5\x2f\xfd", 4, NATURE("zstd data", COMPRESSED, UNPACK)},
    {"BZh", 3, NATURE("bzip2 data", COMPRESSED, UNPACK)},
    {"PK\x03\x04", 4,
     NATURE(
         "a ZIP archive", "",
         "unpack it, and name the .cretula.tar file that is in it; an OPC UA package is named as a "
         "file, not sent through a pipe")},
    {"%PDF", 4, NATURE("a PDF document", "", IN_A_RELEASE)},
    {"\x7f"
     "ELF",
     4, NATURE("an ELF program", "", IN_A_RELEASE)},
    {"MZ", 2, NATURE("a Windows program", "", IN_A_RELEASE)},
    {"hsqs", 4,
     NATURE(
         "a SquashFS image", "",
         "download it again: a RAUC bundle ends with its signature, and this file does not; of a "
         "release, name the .cretula.tar file")},
    {"-----BEGIN", 10, NATURE("PEM data", " (a key or certificate?)", FOR_TRUST)},
    {"\x30\x82", 2, NATURE("DER data", " (a signature or certificate?)", FOR_TRUST)},
    {"<", 1,
     NATURE("an HTML or XML page", " (a failed download?)",
            "download the file again: a page came in its place, perhaps to sign in")},
    {"{", 1, NATURE("a JSON text", "", NULL)},
};
static const struct cret_nature utf16 = {"text in UTF-16", "text in UTF-16", NULL};
static const struct cret_nature base64 = {"text in base64",
                                          "text in base64 (decode it: openssl base64 -d)",
                                          "decode it: openssl base64 -d"};

static const struct cret_nature release = {
    "a release archive", "a release archive (cretula-verify check and show read it)",
    "cretula-verify check and show read it"};
static const struct cret_nature tar = {"a tar archive", "a tar archive", NULL};

const struct cret_nature *cret_nature_in_place_of_text(const void *data, size_t size)
{
    static const char magic[] = "ustar"; /* POSIX.1-2017, pax, ustar Interchange Format */
    static const char manifest[] = "MANIFEST.json";
    const size_t at = 257;
    const char *text = data;
    if (size < at + sizeof(magic) - 1 || memcmp(text + at, magic, sizeof(magic) - 1) != 0) {
        return cret_nature(data, size);
    }
    return memcmp(text, manifest, sizeof(manifest)) == 0 ? &release : &tar;
}

const struct cret_nature *cret_nature(const void *data, size_t size)
{
    const char *text = data;
    for (size_t i = 0; i < CRET_LENGTH(natures); i++) {
        if (size >= natures[i].size && memcmp(text, natures[i].bytes, natures[i].size) == 0) {
            return &natures[i].nature;
        }
    }
    if (cret_text_is_utf16(text, size)) {
        return &utf16;
    }
    size_t digits = 0;
    while (digits < size && text[digits] != '\0' && strchr(BASE64_DIGITS, text[digits]) != NULL) {
        digits++;
    }
    return digits >= BASE64_BEGINNING ? &base64 : NULL;
}
