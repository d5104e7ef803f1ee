/* SPDX-License-Identifier: Apache-2.0 */
/* What the system says of itself: clocks, terminals, names, random bytes. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

#include <cpuid.h>
#include <pthread.h>

#include "base/finding/limits.h"

/* Random bytes of the system (advapi32; nothing has to be opened for them). */
BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG size);

int64_t cret_os_now(void)
{
    int64_t now = 0;
    if (!cret_replay_take(CRET_ASKED_CLOCK, 1, &now, NULL, 0, NULL)) {
        FILETIME time;
        GetSystemTimeAsFileTime(&time);
        const uint64_t since_1601 = ((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime;
        now = (int64_t)(since_1601 / 10000000) - 11644473600ll;
        cret_replay_note(CRET_ASKED_CLOCK, 1, now, NULL, 0);
    }
    return now;
}

uint64_t cret_os_monotonic_ms(void)
{
    int64_t now = 0;
    if (!cret_replay_take(CRET_ASKED_CLOCK, 2, &now, NULL, 0, NULL)) {
        now = (int64_t)GetTickCount64();
        cret_replay_note(CRET_ASKED_CLOCK, 2, now, NULL, 0);
    }
    return (uint64_t)now;
}

int cret_compat_set_clock(pthread_condattr_t *attributes, clockid_t clock)
{
    return attributes != NULL && clock == CLOCK_MONOTONIC ? 0 : EINVAL;
}

/* By the clock of cret_os_monotonic_ms, which the list of answers need not know of. */
int cret_compat_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                     const struct timespec *until)
{
    const uint64_t now = GetTickCount64();
    const uint64_t due = (uint64_t)until->tv_sec * 1000 + (uint64_t)until->tv_nsec / 1000000;
    const uint64_t left = now < due ? due - now : 0;
    const struct timespec rest = {.tv_sec = (time_t)(left / 1000),
                                  .tv_nsec = (long)(left % 1000) * 1000000};
    return pthread_cond_timedwait_relative_np(condition, mutex, &rest);
}

void cret_os_sleep_ms(unsigned milliseconds)
{
    if (!cret_replaying()) {
        Sleep(milliseconds);
    }
}

enum cret_status cret_os_random(void *data, size_t size, struct cret_err *err)
{
    int64_t given = 0;
    if (!cret_replay_take(CRET_ASKED_RANDOM, size, &given, data, size, NULL)) {
        given = size <= UINT32_MAX && SystemFunction036(data, (ULONG)size) ? 1 : 0;
        cret_replay_note(CRET_ASKED_RANDOM, size, given, data, size);
    }
    return given == 1 ? CRET_OK : cret_os_failed(err, EIO, NULL, "get random bytes");
}

static uint64_t state_now(enum cret_win_state state, int fd)
{
    const struct cret_win_handle *entry = cret_win_handle(fd);
    CONSOLE_SCREEN_BUFFER_INFO screen;
    SYSTEM_INFO system;
    DWORD mode = 0;
    switch (state) {
    case CRET_WIN_IS_FILE:
        return entry != NULL && entry->kind == CRET_WIN_ON_DISK && !entry->folder ? 1 : 0;
    case CRET_WIN_IS_PIPE:
        return entry != NULL && entry->kind == CRET_WIN_ON_PIPE ? 1 : 0;
    case CRET_WIN_IS_CONSOLE: /* one that understands what colours and lines are written with */
        return entry != NULL && entry->kind == CRET_WIN_ON_CONSOLE &&
                       GetConsoleMode(entry->handle, &mode) != 0 &&
                       (fd == 0 || SetConsoleMode(entry->handle, mode | 4u) != 0)
                   ? 1
                   : 0;
    case CRET_WIN_COLUMNS:
    case CRET_WIN_ROWS:
        if (entry == NULL || entry->kind != CRET_WIN_ON_CONSOLE ||
            GetConsoleScreenBufferInfo(entry->handle, &screen) == 0) {
            return 0;
        }
        return (uint64_t)(state == CRET_WIN_COLUMNS
                              ? screen.srWindow.Right - screen.srWindow.Left
                              : screen.srWindow.Bottom - screen.srWindow.Top) +
               1;
    case CRET_WIN_POSITION: {
        LARGE_INTEGER none = {.QuadPart = 0}, at = {.QuadPart = 0};
        if (entry == NULL || !entry->append) {
            return entry == NULL ? 1 : entry->position;
        }
        return SetFilePointerEx(entry->handle, none, &at, FILE_CURRENT) != 0 ? (uint64_t)at.QuadPart
                                                                             : 1;
    }
    case CRET_WIN_CORES:
        GetSystemInfo(&system);
        return system.dwNumberOfProcessors;
    }
    return 0;
}

uint64_t cret_win_state(enum cret_win_state state, int fd)
{
    const uint64_t mark = ((uint64_t)state << 32) ^ (uint32_t)fd;
    int64_t result = 0;
    if (!cret_replay_take(CRET_ASKED_STATE, mark, &result, NULL, 0, NULL)) {
        result = (int64_t)state_now(state, fd);
        cret_replay_note(CRET_ASKED_STATE, mark, result, NULL, 0);
    }
    return (uint64_t)result;
}

unsigned cret_os_cores(void)
{
    const uint64_t cores = cret_win_state(CRET_WIN_CORES, -1);
    return cores < 1 ? 1 : cores > CRET_LIMIT_JOBS ? CRET_LIMIT_JOBS : (unsigned)cores;
}

/* Words of the system; NULL: none. The caller frees. */
static char *words_now(enum cret_win_words which, const char *name)
{
    enum { MOST = 32768 };
    wchar_t *wide = calloc(MOST, sizeof(*wide)), *variable = NULL;
    DWORD size = MOST - 1;
    bool found = false;
    if (wide == NULL) {
        return NULL;
    }
    switch (which) {
    case CRET_WIN_ENVIRONMENT:
        variable = cret_win_wide(name);
        SetLastError(ERROR_SUCCESS);
        size = variable != NULL ? GetEnvironmentVariableW(variable, wide, MOST) : 0;
        found = variable != NULL && size < MOST && (size > 0 || GetLastError() == ERROR_SUCCESS);
        break;
    case CRET_WIN_USER:
        found = GetUserNameW(wide, &size) != 0;
        break;
    case CRET_WIN_HOST:
        found = GetComputerNameExW(ComputerNameDnsHostname, wide, &size) != 0;
        break;
    case CRET_WIN_CURRENT:
        size = GetCurrentDirectoryW(MOST, wide);
        found = size > 0 && size < MOST;
        break;
    case CRET_WIN_PROGRAM:
        size = GetModuleFileNameW(NULL, wide, MOST);
        found = size > 0 && size < MOST;
        break;
    }
    char *words = found ? cret_win_utf8(wide) : NULL;
    const bool path = which == CRET_WIN_CURRENT || which == CRET_WIN_PROGRAM;
    for (char *at = words; path && at != NULL && *at != '\0'; at++) {
        *at = *at == '\\' ? '/' : *at;
    }
    free(variable);
    free(wide);
    return words;
}

char *cret_win_words(enum cret_win_words which, const char *name)
{
    enum { MOST = 131072 };
    const uint64_t mark = cret_asked_mark((uint64_t)which, name, strlen(name));
    int64_t found = 0;
    char *words = cret_replaying() ? malloc(MOST) : NULL;
    if (cret_replaying() && words == NULL) {
        return NULL;
    }
    if (cret_replay_take(CRET_ASKED_WORDS, mark, &found, words, MOST, NULL)) {
        if (found == 0) {
            free(words);
            words = NULL;
        }
        return words;
    }
    free(words);
    words = words_now(which, name);
    cret_replay_note(CRET_ASKED_WORDS, mark, words != NULL, words,
                     words != NULL ? strlen(words) + 1 : 0);
    return words;
}

/* Variables are asked for again and again, and their texts are borrowed. */
static struct variable {
    struct variable *next;
    char *name, *value;
} * variables;

const char *cret_os_environment(const char *name)
{
    struct variable *one = variables;
    while (one != NULL && strcmp(one->name, name) != 0) {
        one = one->next;
    }
    if (one == NULL) {
        one = calloc(1, sizeof(*one));
        char *copy = strdup(name);
        if (one == NULL || copy == NULL) {
            free(one);
            free(copy);
            return NULL;
        }
        *one = (struct variable){
            .next = variables, .name = copy, .value = cret_win_words(CRET_WIN_ENVIRONMENT, name)};
        variables = one;
    }
    /* A console says by its mode what it understands, not by a variable. */
    return one->value == NULL && strcmp(name, "TERM") == 0 ? "windows" : one->value;
}

enum cret_status cret_os_set_environment(const char *name, const char *value, struct cret_err *err)
{
    const char *before = cret_os_environment(name);
    char *copy = strdup(value);
    if (copy == NULL) {
        return cret_err_memory(err);
    }
    (void)before;
    for (struct variable *one = variables; one != NULL; one = one->next) {
        if (strcmp(one->name, name) == 0) {
            free(one->value);
            one->value = copy;
            return CRET_OK;
        }
    }
    free(copy);
    return cret_err_memory(err);
}

static void copy_words(char *out, size_t size, enum cret_win_words which)
{
    char *words = cret_win_words(which, "");
    snprintf(out, size, "%s", words != NULL && words[0] != '\0' ? words : "unknown");
    free(words);
}

void cret_os_user_name(char *out, size_t size)
{
    copy_words(out, size, CRET_WIN_USER);
}

void cret_os_host_name(char *out, size_t size)
{
    copy_words(out, size, CRET_WIN_HOST);
}

/* CPUID leaf 1: SSSE3, SSE4.1; leaf 7: SHA. */
bool cret_os_has_sha256(void)
{
    const unsigned ssse3 = 1u << 9, sse4_1 = 1u << 19, sha = 1u << 29;
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) != 1 || (c & ssse3) == 0 || (c & sse4_1) == 0) {
        return false;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 && (b & sha) != 0;
}

/* The compiler does not align the stack for the widest registers of Windows' calling convention. */
bool cret_os_has_avx512(void)
{
    return false;
}
