/* SPDX-License-Identifier: Apache-2.0 */
/* The table of file names and kinds. */
#include "signer/description/kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/finding/attributes.h"
#include "base/text/path.h"

/* One way to tell: words that the file's name begins or ends with, in any case. The first row that
 * fits counts. */
struct kind {
    const char *begin, *end; /* NULL: any */
    const char *role;        /* NULL: does not tell */
    const char *media_type;  /* NULL: does not tell */
};

static const struct kind kinds[] = {
    {NULL, ".cdx.json", "sbom", "application/vnd.cyclonedx+json"},
    {"bom.", ".json", "sbom", "application/vnd.cyclonedx+json"},
    {NULL, ".spdx.json", "sbom", "application/spdx+json"},
    {NULL, ".vex.json", "vex", "application/json"},
    {NULL, ".openvex.json", "vex", "application/json"},
    {NULL, ".csaf.json", "advisory", "application/json"},
    {NULL, "openeox.json", "other", "application/json"},
    {NULL, ".intoto.jsonl", "provenance", "application/vnd.in-toto+json"},
    {NULL, ".intoto.json", "provenance", "application/vnd.in-toto+json"},
    {"release-notes", ".pdf", "release-notes", "application/pdf"},
    {"release-notes", ".md", "release-notes", "text/markdown"},
    {"release-notes", ".html", "release-notes", "text/html"},
    {"release-notes", ".txt", "release-notes", "text/plain"},
    {"release_notes", ".pdf", "release-notes", "application/pdf"},
    {"release_notes", ".md", "release-notes", "text/markdown"},
    {"release_notes", ".html", "release-notes", "text/html"},
    {"release_notes", ".txt", "release-notes", "text/plain"},
    {"releasenotes", NULL, "release-notes", NULL},
    {"changelog", ".md", "release-notes", "text/markdown"},
    {"changelog", ".txt", "release-notes", "text/plain"},
    {NULL, ".pdf", "document", "application/pdf"},
    {NULL, ".md", "document", "text/markdown"},
    {NULL, ".html", "document", "text/html"},
    {NULL, ".htm", "document", "text/html"},
    {NULL, ".txt", NULL, "text/plain"},
    {NULL, ".docx", "document",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {NULL, ".odt", "document", "application/vnd.oasis.opendocument.text"},
    {NULL, ".bin", "firmware", "application/octet-stream"},
    {NULL, ".img", "firmware", "application/octet-stream"},
    {NULL, ".hex", "firmware", "application/octet-stream"},
    {NULL, ".fw", "firmware", "application/octet-stream"},
    {NULL, ".rom", "firmware", "application/octet-stream"},
    {NULL, ".srec", "firmware", "application/octet-stream"},
    {NULL, ".s19", "firmware", "application/octet-stream"},
    {NULL, ".mot", "firmware", "application/octet-stream"},
    {NULL, ".dfu", "firmware", "application/octet-stream"},
    {NULL, ".uf2", "firmware", "application/octet-stream"},
    {NULL, ".itb", "firmware", "application/octet-stream"},
    {NULL, ".swu", "firmware", "application/octet-stream"},
    {NULL, ".raucb", "firmware", "application/octet-stream"},
    {NULL, ".mender", "firmware", "application/octet-stream"},
    {NULL, ".ubi", "firmware", "application/octet-stream"},
    {NULL, ".squashfs", "firmware", "application/octet-stream"},
    {NULL, ".elf", "firmware", "application/x-elf"},
    {NULL, ".cap", "firmware", "application/octet-stream"},
    {NULL, ".exe", "software", "application/vnd.microsoft.portable-executable"},
    {NULL, ".msi", "software", "application/x-msi"},
    {NULL, ".dll", "software", "application/vnd.microsoft.portable-executable"},
    {NULL, ".deb", "software", "application/vnd.debian.binary-package"},
    {NULL, ".rpm", "software", "application/x-rpm"},
    {NULL, ".apk", "software", "application/vnd.android.package-archive"},
    {NULL, ".jar", "software", "application/java-archive"},
    {NULL, ".whl", "software", "application/zip"},
    {NULL, ".gsdml.xml", "configuration", "application/xml"},
    {NULL, ".gsd", "configuration", "text/plain"},
    {NULL, ".eds", "configuration", "text/plain"},
    {NULL, ".ini", "configuration", "text/plain"},
    {NULL, ".conf", "configuration", "text/plain"},
    {NULL, ".cfg", "configuration", "text/plain"},
    {NULL, ".json", NULL, "application/json"},
    {NULL, ".xml", NULL, "application/xml"},
    {NULL, ".yaml", NULL, "application/yaml"},
    {NULL, ".yml", NULL, "application/yaml"},
    {NULL, ".csv", NULL, "text/csv"},
    {NULL, ".zip", NULL, "application/zip"},
    {NULL, ".7z", NULL, "application/x-7z-compressed"},
    {NULL, ".tar", NULL, "application/x-tar"},
    {NULL, ".gz", NULL, "application/gzip"},
    {NULL, ".tgz", NULL, "application/gzip"},
    {NULL, ".xz", NULL, "application/x-xz"},
    {NULL, ".iso", NULL, "application/vnd.efi.iso"},
    {NULL, ".png", NULL, "image/png"},
    {NULL, ".jpg", NULL, "image/jpeg"},
    {NULL, ".jpeg", NULL, "image/jpeg"},
    {NULL, ".svg", NULL, "image/svg+xml"},
    {NULL, ".css", NULL, "text/css"},
    {NULL, ".pem", NULL, "application/x-pem-file"},
};

static bool fits(const struct kind *kind, const char *name, size_t size)
{
    if (kind->begin != NULL && strncasecmp(name, kind->begin, strlen(kind->begin)) != 0) {
        return false;
    }
    if (kind->end != NULL) {
        const size_t end = strlen(kind->end);
        return size >= end && strcasecmp(name + size - end, kind->end) == 0;
    }
    return true;
}

static const struct kind *find(const char *name)
{
    const char *base = cret_path_name(name);
    for (size_t i = 0; i < CRET_LENGTH(kinds); i++) {
        if (fits(&kinds[i], base, strlen(base))) {
            return &kinds[i];
        }
    }
    return NULL;
}

const char *cret_kind_role(const char *name)
{
    const struct kind *kind = find(name);
    return kind != NULL ? kind->role : NULL;
}

const char *cret_kind_media_type(const char *name)
{
    const struct kind *kind = find(name);
    return kind != NULL ? kind->media_type : NULL;
}
