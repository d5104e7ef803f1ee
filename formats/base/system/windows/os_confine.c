/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds a child on Windows: its job and its token, which its parent gave it before it ran, and
 * the handles that it was given, which are all that it has. Here it looks whether that is so.
 */
#include "base/system/windows/os_internal.h"

#include "base/system/confine.h"
#include "base/text/text.h"

static bool has_low_integrity(HANDLE token)
{
    _Alignas(TOKEN_MANDATORY_LABEL) uint8_t buffer[128];
    const TOKEN_MANDATORY_LABEL *label = (const TOKEN_MANDATORY_LABEL *)(const void *)buffer;
    DWORD size = 0;
    return GetTokenInformation(token, TokenIntegrityLevel, buffer, sizeof(buffer), &size) != 0 &&
           *GetSidSubAuthority(label->Label.Sid, 0) <= SECURITY_MANDATORY_LOW_RID;
}

/* Whether the token has no privilege but that of passing through folders, which everybody has. */
static bool has_no_privileges(HANDLE token)
{
    _Alignas(TOKEN_PRIVILEGES) uint8_t buffer[4096];
    const TOKEN_PRIVILEGES *privileges = (const TOKEN_PRIVILEGES *)(const void *)buffer;
    DWORD size = 0;
    return GetTokenInformation(token, TokenPrivileges, buffer, sizeof(buffer), &size) != 0 &&
           privileges->PrivilegeCount <= 1;
}

static void lack(struct cret_confined *confined, const char *part)
{
    const size_t used = strlen(confined->missing);
    snprintf(confined->missing + used, sizeof(confined->missing) - used, "%s%s",
             used > 0 ? ", " : "", part);
}

void cret_confined_words(char out[CRET_CONFINED_WORDS], const struct cret_confined *confined)
{
    snprintf(out, CRET_CONFINED_WORDS, "separate process%s%s%s%s%s",
             confined->limits ? ", job object" : "",
             confined->restricted_token ? ", restricted token" : "",
             confined->low_integrity ? ", low integrity" : "",
             confined->missing[0] != '\0' ? "; not confined: this machine lacks " : "",
             confined->missing);
}

/* What a pipeline keeps in it: nothing needs it any more. */
static void wipe_environment(void)
{
    wchar_t *all = GetEnvironmentStringsW();
    for (const wchar_t *one = all; one != NULL && *one != 0; one += wcslen(one) + 1) {
        wchar_t name[256];
        const size_t size = wcscspn(one, L"=");
        if (size > 0 && size < CRET_LENGTH(name) && wcsncmp(one, L"SOURCE_DATE_EPOCH=", 18) != 0) {
            memcpy(name, one, size * sizeof(*name));
            name[size] = 0;
            SetEnvironmentVariableW(name, NULL);
        }
    }
    if (all != NULL) {
        FreeEnvironmentStringsW(all);
    }
}

enum cret_status cret_os_confine(struct cret_confined *ret_confined,
                                 const struct cret_bounds *bounds, int in, int out,
                                 struct cret_err *err)
{
    struct cret_confined confined = {.landlock = 0};
    HANDLE token = NULL;
    BOOL in_job = FALSE;
    (void)in;
    (void)out;
    wipe_environment();
    confined.limits = cret_win_child_in_job() &&
                      IsProcessInJob(GetCurrentProcess(), NULL, &in_job) != 0 && in_job;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) != 0) {
        confined.restricted_token = cret_win_child_restricted() && has_no_privileges(token);
        confined.low_integrity = has_low_integrity(token);
        CloseHandle(token);
    }
    if (!confined.limits) {
        lack(&confined, "job objects");
    }
    if (!confined.restricted_token) {
        lack(&confined, "restricted tokens");
    }
    if (confined.missing[0] != '\0' && !bounds->allow_unconfined) {
        cret_err_undecided(err,
                           "the process that reads what others made cannot be confined here: "
                           "this machine lacks %s",
                           confined.missing);
        return cret_err_hint(err, "run it on Windows 10 or later, or with --allow-unconfined: then "
                                  "the result says so");
    }
    *ret_confined = confined;
    return CRET_OK;
}
