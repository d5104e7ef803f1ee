/* SPDX-License-Identifier: Apache-2.0 */
/* Names and beginnings by which a file is known that nobody meant to release. */
#include "signer/release/intended.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "signer/release/payload.h"

/* Patterns for one component of a path, as the folder names it; folders match for all below them.
 */
static const struct {
    const char *pattern;
    const char *what;
} left_behind[] = {
    {".git", "the repository of version control, with all its history"},
    {".svn", "the repository of version control"},
    {".hg", "the repository of version control, with all its history"},
    {".env", "variables of an environment, often passwords"},
    {".env.*", "variables of an environment, often passwords"},
    {".netrc", "passwords"},
    {".npmrc", "the configuration of a package manager, often with a token"},
    {".ssh", "the keys of a user"},
    {"id_rsa", "the key of a user"},
    {"id_ecdsa", "the key of a user"},
    {"id_ed25519", "the key of a user"},
    {"*.key.pem", "by its name a private key"},
    {"*.p12", "a key store"},
    {"*.pfx", "a key store"},
    {"*.jks", "a key store"},
    {"*.kdbx", "a password store"},
    {"._*", "what macOS keeps beside files"},
    {".DS_Store", "what macOS keeps in folders"},
    {"__MACOSX", "what macOS adds to ZIP archives"},
    {"Thumbs.db", "what Windows keeps in folders"},
    {"desktop.ini", "what Windows keeps in folders"},
    {"*~", "the copy of an editor"},
    {".*.sw[op]", "the copy of an editor"},
    {".#*", "the lock of an editor"},
    {"core.[0-9]*", "the memory of a program that crashed"},
};

/* What is known of a file by its name, or NULL. */
static const char *known_by_name(const char *name)
{
    while (*name != '\0') {
        char component[256];
        const size_t size = strcspn(name, "/");
        snprintf(component, sizeof(component), "%.*s", (int)(size < 255 ? size : 255), name);
        for (size_t i = 0; i < CRET_LENGTH(left_behind); i++) {
            if (fnmatch(left_behind[i].pattern, component, 0) == 0) {
                return left_behind[i].what;
            }
        }
        name += size + (name[size] == '/' ? 1 : 0);
    }
    return NULL;
}

/* Firmware or software of 0 bytes: what a failed build leaves behind. */
static bool is_empty_image(const struct cret_draft *draft, size_t index)
{
    const size_t entry = index + (index >= draft->files.checksums ? 1u : 0u);
    const char *role = draft->manifest != NULL ? draft->manifest->files[entry].role : NULL;
    return role != NULL && draft->files.entries[entry].size == 0 &&
           (strcmp(role, "firmware") == 0 || strcmp(role, "software") == 0);
}

static void tell(const struct cret_collected *file, const struct cret_profile *profile,
                 const char *what, const char *hint, struct cret_findings *findings)
{
    char pointer[64];
    snprintf(pointer, sizeof(pointer), "#/files/%zu/source", file->described);
    cret_findings_add(
        findings, CRET_CHECK_FILE_INTENDED,
        cret_profile_result(profile, NULL, CRET_CHECK_FILE_INTENDED),
        (struct cret_finding_text){.where = pointer, .actual = file->wanted, .hint = hint},
        "a file that was hardly meant to be released: %s", what);
}

void cret_intended_check(const struct cret_draft *draft, const struct cret_profile *profile,
                         struct cret_findings *findings)
{
    const struct cret_collection *collection = draft->collection;
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *file = &collection->files[i];
        const char *what = known_by_name(file->wanted);
        if (what == NULL && draft->holds_key != NULL && draft->holds_key[i]) {
            what = "it holds a private key";
        }
        if (what != NULL) {
            tell(file, profile, what,
                 "take it out of the folder, or name the files instead of the folder", findings);
        }
        if (is_empty_image(draft, i)) {
            tell(file, profile, "it has 0 bytes, and its role says that it is installed",
                 "build it again, and look why it came out empty", findings);
        }
    }
}

/* /dev/stdin, /dev/fd/63: a link to a pipe, which was read already. */
static bool is_passed_pipe(const char *path)
{
    int fd = -1;
    const bool pipe =
        cret_os_open_read(&fd, CRET_OS_HERE, path, NULL) == CRET_OK && cret_os_is_pipe(fd);
    cret_os_close(&fd);
    return pipe;
}

enum cret_status cret_intended_secrets(const struct cret_manifest *manifest,
                                       const char *const *secrets, size_t count,
                                       struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct cret_file_info info;
        uint8_t digest[CRET_SHA256_BYTES];
        char *text = NULL;
        size_t size = 0;
        bool exists = false;
        if (cret_os_stat_path(&info, &exists, secrets[i], NULL) != CRET_OK || !exists) {
            continue; /* a URI, or a pipe that was read already */
        }
        if ((info.kind != CRET_KIND_REGULAR && info.kind != CRET_KIND_SYMLINK) ||
            is_passed_pipe(secrets[i])) {
            continue;
        }
        if (cret_file_read(&text, &size, secrets[i], CRET_LIMIT_PEM_BYTES, CRET_ERR_UNDECIDED,
                           err) != CRET_OK) {
            return CRET_FAILED;
        }
        const enum cret_status status = cret_sha256(digest, text, size, err);
        free(text);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        for (size_t k = 0; k < manifest->file_count; k++) {
            if (size > 0 && memcmp(manifest->entries[k].sha256, digest, sizeof(digest)) == 0) {
                cret_err_usage(err, "a secret of this very run is among the files");
                cret_err_actual(err, "%s is %s", manifest->entries[k].path, secrets[i]);
                return cret_err_hint(err, "keep keys outside of the folders that are released; if "
                                          "this key was released before, replace it");
            }
        }
    }
    return CRET_OK;
}
