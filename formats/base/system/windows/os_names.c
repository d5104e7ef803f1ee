/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths: UTF-8 with either slash, as people write them, and as the kernel takes them. Nothing goes
 * through the rules of old programs: no length of 260, no names of devices, no dots that vanish.
 */
#include "base/system/windows/os_internal.h"

wchar_t *cret_win_wide(const char *text)
{
    const int size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    wchar_t *wide = size > 0 ? malloc((size_t)size * sizeof(*wide)) : NULL;
    if (size <= 0) {
        errno = EINVAL;
    } else if (wide == NULL) {
        errno = ENOMEM;
    } else {
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, size);
    }
    return wide;
}

char *cret_win_utf8(const wchar_t *text)
{
    const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = size > 0 ? malloc((size_t)size) : NULL;
    if (narrow == NULL) {
        errno = size > 0 ? ENOMEM : EINVAL;
    } else {
        WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, size, NULL, NULL);
    }
    return narrow;
}

static bool is_slash(wchar_t one)
{
    return one == L'/' || one == L'\\';
}

static bool is_letter(wchar_t one)
{
    return (one >= L'a' && one <= L'z') || (one >= L'A' && one <= L'Z');
}

/* Devices of old programs, with or without an extension. */
static bool is_device(const wchar_t *name, size_t size)
{
    static const wchar_t *const devices[] = {L"CON", L"PRN", L"AUX", L"NUL", L"CONIN$", L"CONOUT$"};
    size_t stem = 0;
    while (stem < size && name[stem] != L'.') {
        stem++;
    }
    for (size_t i = 0; i < CRET_LENGTH(devices); i++) {
        if (wcslen(devices[i]) == stem && _wcsnicmp(devices[i], name, stem) == 0) {
            return true;
        }
    }
    return stem == 4 && (_wcsnicmp(name, L"COM", 3) == 0 || _wcsnicmp(name, L"LPT", 3) == 0) &&
           name[3] >= L'0' && name[3] <= L'9';
}

/* A name that every program on Windows sees as this one: no stream of a file (a:b), no device, no
 * dot or blank at its end. */
static bool is_plain(const wchar_t *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] < 32 || wcschr(L":<>\"|?*", name[i]) != NULL) {
            return false;
        }
    }
    return size > 0 && size < 256 && name[size - 1] != L'.' && name[size - 1] != L' ' &&
           !is_device(name, size);
}

/* Appends the components of `from` to a path that ends without a slash and never becomes shorter
 * than its first `root` characters. False and errno. */
static bool append(wchar_t *path, size_t root, const wchar_t *from)
{
    size_t used = wcslen(path);
    while (*from != 0) {
        size_t size = 0;
        while (from[size] != 0 && !is_slash(from[size])) {
            size++;
        }
        if (size == 2 && from[0] == L'.' && from[1] == L'.') {
            while (used > root && path[used - 1] != L'\\') {
                used--;
            }
            used -= used > root ? 1 : 0;
        } else if (size > 0 && !(size == 1 && from[0] == L'.')) {
            if (!is_plain(from, size)) {
                errno = size >= 256 ? ENAMETOOLONG : ENOENT;
                return false;
            }
            path[used++] = L'\\';
            memcpy(path + used, from, size * sizeof(*path));
            used += size;
        }
        path[used] = 0;
        from += size + (from[size] != 0 ? 1 : 0);
    }
    return true;
}

/* Puts drive or share in front; *ret_rest is what follows. False and errno. */
static bool take_root(wchar_t *path, const wchar_t *wide, const wchar_t *current,
                      const wchar_t **ret_rest)
{
    if (wcsncmp(wide, L"\\\\?\\UNC\\", 8) == 0) {
        wide += 6; /* as \\server\share */
    } else if (wcsncmp(wide, L"\\\\?\\", 4) == 0 && is_letter(wide[4]) && wide[5] == L':') {
        wide += 4;
    }
    const bool share = is_slash(wide[0]) && (is_slash(wide[1]) || wide[1] == L'C');
    if (is_letter(wide[0]) && wide[1] == L':' && (is_slash(wide[2]) || wide[2] == 0)) {
        wcscpy(path, L"\\??\\X:");
        path[4] = wide[0];
        *ret_rest = wide + 2;
        return wide[2] != 0 || (errno = EINVAL, false); /* C: alone is whatever folder is there */
    }
    if (share && is_slash(wide[0]) && is_slash(wide[1])) {
        const wchar_t *server = wide + 2;
        const size_t size = wcscspn(server, L"/\\"), next = size + (server[size] != 0 ? 1 : 0);
        const size_t name = wcscspn(server + next, L"/\\");
        if (!is_plain(server, size) || !is_plain(server + next, name)) {
            errno = ENOENT;
            return false;
        }
        swprintf(path, 600, L"\\??\\UNC\\%.*ls\\%.*ls", (int)size, server, (int)name,
                 server + next);
        *ret_rest = server + next + name;
        return true;
    }
    if (is_letter(wide[0]) && wide[1] == L':') {
        errno = EINVAL; /* C:name: in which folder of that drive, nobody can see */
        return false;
    }
    if (current == NULL) {
        errno = EINVAL;
        return false;
    }
    if (is_slash(wide[0])) {
        return take_root(path, current, NULL, ret_rest) && (*ret_rest = wide, true);
    }
    const wchar_t *below = NULL;
    if (!take_root(path, current, NULL, &below) || !append(path, wcslen(path), below)) {
        return false;
    }
    *ret_rest = wide;
    return true;
}

/* How much of a kernel's path is drive or share. */
static size_t root_of(const wchar_t *path)
{
    if (wcsncmp(path, L"\\??\\UNC\\", 8) != 0) {
        return 6;
    }
    const size_t server = 8 + wcscspn(path + 8, L"\\");
    return server + 1 + wcscspn(path + server + 1, L"\\");
}

/* NULL and errno. */
static wchar_t *current_folder(void)
{
    const DWORD size = GetCurrentDirectoryW(0, NULL);
    wchar_t *here = size > 0 ? calloc(size, sizeof(*here)) : NULL;
    if (here == NULL || GetCurrentDirectoryW(size, here) >= size) {
        free(here);
        errno = ENOMEM;
        return NULL;
    }
    return here;
}

wchar_t *cret_win_path(const char *path)
{
    wchar_t *here = current_folder(), *wide = cret_win_wide(path);
    wchar_t *result = NULL;
    const wchar_t *rest = NULL;
    if (here != NULL && wide != NULL) {
        result = calloc(wcslen(here) + wcslen(wide) + 1024, sizeof(*result));
    }
    bool good = result != NULL && path[0] != '\0' && take_root(result, wide, here, &rest) &&
                append(result, root_of(result), rest);
    if (good && wcslen(result) == root_of(result)) {
        wcscat(result, L"\\");
    }
    if (good && wcslen(result) > 32000) {
        errno = ENAMETOOLONG;
        good = false;
    }
    if (path[0] == '\0') {
        errno = ENOENT;
    }
    if (!good) {
        const int error = errno;
        free(result);
        result = NULL;
        errno = error;
    }
    free(here);
    free(wide);
    return result;
}

wchar_t *cret_win_below(const char *path)
{
    wchar_t *wide = cret_win_wide(path);
    wchar_t *result = wide != NULL ? calloc(wcslen(wide) + 8, sizeof(*result)) : NULL;
    bool good = result != NULL;
    if (good && wcscmp(wide, L".") != 0) {
        good = append(result, 0, wide);
    }
    if (good && result[0] == L'\\') {
        memmove(result, result + 1, wcslen(result) * sizeof(*result));
    }
    if (!good) {
        const int error = errno;
        free(result);
        result = NULL;
        errno = error;
    }
    free(wide);
    return result;
}

wchar_t *cret_win_program(void)
{
    enum { MOST = 32768 };
    wchar_t *path = calloc(MOST, sizeof(*path));
    const DWORD size = path != NULL ? GetModuleFileNameW(NULL, path, MOST) : 0;
    if (size == 0 || size >= MOST) {
        free(path);
        errno = ENOMEM;
        return NULL;
    }
    return path;
}
