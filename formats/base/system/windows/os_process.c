/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children: this program once more, in a job of its own that ends with its parent, under a token
 * that has less. What it is told at its start comes the way in which C libraries pass descriptors
 * on; those see none in it.
 */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/system/confine.h"

enum { CHILDREN = 128, GIVEN = 24 };
#define START_MARK 0x74726174u

/* What a child finds at its start. The first number is what the C library takes for its count of
 * descriptors. */
struct start {
    uint32_t none, mark;
    uint64_t list_size;
    uint64_t list; /* a handle: what the system answered so far */
    uint32_t given, restricted, in_job, nothing;
    struct {
        uint64_t handle;
        int32_t fd, kind;
    } passed[GIVEN];
};

static struct start start;

static struct child {
    HANDLE process, job;
    int out; /* the descriptor that it writes to, as its parent counted it */
} children[CHILDREN];

void cret_os_exit_now(int code)
{
    cret_win_end(code);
}

void cret_win_child_begin(void)
{
    STARTUPINFOW info;
    GetStartupInfoW(&info);
    if (info.lpReserved2 == NULL || info.cbReserved2 != sizeof(start)) {
        return;
    }
    struct start got;
    memcpy(&got, info.lpReserved2, sizeof(got));
    if (got.mark != START_MARK || got.none != 0 || got.given > GIVEN) {
        return;
    }
    start = got;
    HANDLE section = (HANDLE)(uintptr_t)start.list;
    void *list = MapViewOfFile(section, FILE_MAP_COPY, 0, 0, (SIZE_T)start.list_size);
    if (list == NULL) {
        cret_win_end(CRET_ERR_UNDECIDED);
    }
    CloseHandle(section);
    cret_replay_begin(list, (size_t)start.list_size);
}

/* In a child: it is one from here on. */
static void arrive(void)
{
    cret_replay_end();
    for (uint32_t i = 0; i < start.given; i++) {
        cret_win_handle_given(start.passed[i].fd, (enum cret_win_kind)start.passed[i].kind,
                              (HANDLE)(uintptr_t)start.passed[i].handle);
    }
    cret_win_handles_only_given();
}

bool cret_win_child_in_job(void)
{
    return start.in_job != 0;
}

bool cret_win_child_restricted(void)
{
    return start.restricted != 0;
}

/* A handle for the child, of no more than it needs. Nothing happens for what is not open. */
static bool give(struct start *told, int fd, DWORD access)
{
    const struct cret_win_handle *entry = cret_win_handle(fd);
    HANDLE handle = NULL;
    if (entry == NULL || entry->handle == NULL) {
        return true;
    }
    if (told->given == GIVEN ||
        DuplicateHandle(GetCurrentProcess(), entry->handle, GetCurrentProcess(), &handle, access,
                        TRUE, access == 0 ? DUPLICATE_SAME_ACCESS : 0) == 0) {
        return false;
    }
    told->passed[told->given].fd = fd;
    told->passed[told->given].kind = (int32_t)entry->kind;
    told->passed[told->given++].handle = (uint64_t)(uintptr_t)handle;
    return true;
}

/* Descriptors of the bounds, and the list of answers. */
static enum cret_status tell(struct start *told, const struct cret_passed *passed,
                             struct cret_err *err)
{
    const void *list = NULL;
    size_t size = 0;
    const struct cret_bounds *bounds = passed->bounds;
    told->mark = START_MARK;
    if (cret_replay_list(&list, &size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    bool all = give(told, passed->in, 0) && give(told, passed->out, 0) &&
               give(told, bounds->reads_below, 0) && give(told, bounds->writes_below, 0);
    for (size_t i = 0; all && i < bounds->kept_count; i++) {
        all = give(told, bounds->kept[i], 0);
    }
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), NULL, TRUE};
    HANDLE section = all ? CreateFileMappingW(INVALID_HANDLE_VALUE, &inherited, PAGE_READWRITE,
                                              (DWORD)((uint64_t)size >> 32), (DWORD)size, NULL)
                         : NULL;
    void *view = section != NULL ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, size) : NULL;
    told->list = (uint64_t)(uintptr_t)section;
    told->list_size = size;
    if (view == NULL) {
        return cret_os_failed(err, cret_win_errno_of(GetLastError()), NULL,
                              "pass on to a child process what it needs");
    }
    memcpy(view, list, size);
    UnmapViewOfFile(view);
    return CRET_OK;
}

static void close_told(struct start *told)
{
    for (uint32_t i = 0; i < told->given; i++) {
        CloseHandle((HANDLE)(uintptr_t)told->passed[i].handle);
    }
    if (told->list != 0) {
        CloseHandle((HANDLE)(uintptr_t)told->list);
    }
}

/* One process, so much memory, no clipboard, and an end with the last handle of the job, which its
 * parent has. NULL: none. */
static HANDLE new_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
                                                JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                                JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION |
                                                JOB_OBJECT_LIMIT_PROCESS_MEMORY,
                                  .ActiveProcessLimit = 1},
        .ProcessMemoryLimit = (SIZE_T)CRET_LIMIT_CHILD_BYTES};
    JOBOBJECT_BASIC_UI_RESTRICTIONS screen = {.UIRestrictionsClass = 0xff};
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (job != NULL && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,
                                               sizeof(limits)) == 0) {
        CloseHandle(job);
        job = NULL;
    }
    if (job != NULL) { /* more, where it can be had */
        SetInformationJobObject(job, JobObjectBasicUIRestrictions, &screen, sizeof(screen));
    }
    return job;
}

/* All privileges of a token but that of passing through folders, which everybody has. */
static DWORD privileges_of(HANDLE token, LUID_AND_ATTRIBUTES list[64])
{
    _Alignas(TOKEN_PRIVILEGES) uint8_t buffer[4096];
    const TOKEN_PRIVILEGES *all = (const TOKEN_PRIVILEGES *)(const void *)buffer;
    enum { PASS_FOLDERS = 23 }; /* SeChangeNotifyPrivilege */
    DWORD size = 0, count = 0;
    if (GetTokenInformation(token, TokenPrivileges, buffer, sizeof(buffer), &size) == 0) {
        return 0;
    }
    for (DWORD i = 0; i < all->PrivilegeCount && count < 64; i++) {
        if (all->Privileges[i].Luid.LowPart != PASS_FOLDERS) {
            list[count++] = all->Privileges[i];
        }
    }
    return count;
}

/* This user without privileges; what fills no folder has low integrity as well, and so can write
 * nothing of the user's. NULL: none. */
static HANDLE new_token(bool fills_folder)
{
    HANDLE mine = NULL, less = NULL;
    LUID_AND_ATTRIBUTES unwanted[64];
    if (OpenProcessToken(GetCurrentProcess(),
                         TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY |
                             TOKEN_ADJUST_DEFAULT,
                         &mine) == 0) {
        return NULL;
    }
    const DWORD count = privileges_of(mine, unwanted);
    if (CreateRestrictedToken(mine, 0, 0, NULL, count, unwanted, 0, NULL, &less) == 0) {
        less = NULL;
    }
    CloseHandle(mine);
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, 16}};
    PSID low = NULL;
    if (less != NULL && !fills_folder &&
        AllocateAndInitializeSid(&authority, 1, SECURITY_MANDATORY_LOW_RID, 0, 0, 0, 0, 0, 0, 0,
                                 &low) != 0) {
        TOKEN_MANDATORY_LABEL label = {.Label = {.Sid = low, .Attributes = SE_GROUP_INTEGRITY}};
        SetTokenInformation(less, TokenIntegrityLevel, &label,
                            (DWORD)sizeof(label) + GetLengthSid(low));
        FreeSid(low);
    }
    return less;
}

/* The handles that a child inherits; nothing else of its parent. 0 or errno. */
static int create(struct child *child, struct start *told, HANDLE token, wchar_t *program)
{
    HANDLE handles[GIVEN + 1];
    DWORD count = 0;
    SIZE_T size = 0;
    STARTUPINFOEXW info = {.StartupInfo = {.cb = sizeof(info),
                                           .cbReserved2 = sizeof(*told),
                                           .lpReserved2 = (LPBYTE)told}};
    PROCESS_INFORMATION made;
    for (uint32_t i = 0; i < told->given; i++) {
        handles[count++] = (HANDLE)(uintptr_t)told->passed[i].handle;
    }
    handles[count++] = (HANDLE)(uintptr_t)told->list;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    info.lpAttributeList = malloc(size);
    wchar_t *line = _wcsdup(GetCommandLineW());
    int error = info.lpAttributeList == NULL || line == NULL ? ENOMEM : 0;
    if (error == 0 &&
        (InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size) == 0 ||
         UpdateProcThreadAttribute(info.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                   handles, count * sizeof(handles[0]), NULL, NULL) == 0)) {
        error = cret_win_errno_of(GetLastError());
    }
    const DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT;
    if (error == 0 &&
        (token != NULL ? CreateProcessAsUserW(token, program, line, NULL, NULL, TRUE, flags, NULL,
                                              NULL, &info.StartupInfo, &made)
                       : CreateProcessW(program, line, NULL, NULL, TRUE, flags, NULL, NULL,
                                        &info.StartupInfo, &made)) == 0) {
        error = cret_win_errno_of(GetLastError());
    }
    free(line);
    free(info.lpAttributeList);
    if (error != 0) {
        return error;
    }
    /* Before it runs: it is in its job, or it never runs. */
    if (child->job != NULL && AssignProcessToJobObject(child->job, made.hProcess) == 0) {
        error = cret_win_errno_of(GetLastError());
        TerminateProcess(made.hProcess, CRET_ERR_UNDECIDED);
        CloseHandle(made.hProcess);
        CloseHandle(made.hThread);
        return error;
    }
    child->process = made.hProcess;
    ResumeThread(made.hThread);
    CloseHandle(made.hThread);
    return 0;
}

static int64_t start_now(const struct cret_passed *passed, struct cret_err *err)
{
    struct start told;
    size_t number = 0;
    memset(&told, 0, sizeof(told));
    while (number < CHILDREN && children[number].process != NULL) {
        number++;
    }
    wchar_t *program = cret_win_program();
    int error = number == CHILDREN || program == NULL ? ENOMEM : 0;
    if (error == 0 && tell(&told, passed, err) != CRET_OK) {
        close_told(&told);
        free(program);
        return -1;
    }
    if (error == 0) {
        struct child child = {.job = new_job(), .out = passed->out};
        HANDLE token = new_token(passed->bounds->writes_below >= 0);
        told.restricted = token != NULL ? 1 : 0;
        told.in_job = child.job != NULL ? 1 : 0;
        error = create(&child, &told, token, program);
        if (error == 0) {
            children[number] = child;
        } else if (child.job != NULL) {
            CloseHandle(child.job);
        }
        if (token != NULL) {
            CloseHandle(token);
        }
    }
    close_told(&told);
    free(program);
    if (error != 0) {
        cret_os_failed(err, error, NULL, "start a child process");
        return -1;
    }
    return (int64_t)number + 1;
}

enum cret_status cret_os_fork(pid_t *ret_child, const struct cret_passed *passed,
                              struct cret_err *err)
{
    int64_t child = -1;
    if (cret_replay_arrived()) {
        arrive();
        *ret_child = 0;
        return CRET_OK;
    }
    if (!cret_replay_take(CRET_ASKED_START, 0, &child, NULL, 0, NULL)) {
        cret_os_signals_hold();
        child = start_now(passed, err);
        cret_os_signals_release();
        cret_replay_note(CRET_ASKED_START, 0, child, NULL, 0);
    } else if (child < 0) {
        cret_err_undecided(err, "cannot start a child process");
    }
    if (child < 0) {
        return CRET_FAILED;
    }
    *ret_child = (pid_t)child;
    return CRET_OK;
}

static struct child *child_of(pid_t number)
{
    return number > 0 && number <= CHILDREN && children[number - 1].process != NULL
               ? &children[number - 1]
               : NULL;
}

bool cret_win_child_ended(int out)
{
    for (size_t i = 0; i < CHILDREN; i++) {
        if (children[i].process != NULL && children[i].out == out) {
            return WaitForSingleObject(children[i].process, 0) == WAIT_OBJECT_0;
        }
    }
    return true;
}

void cret_win_children_end(void)
{
    for (size_t i = 0; i < CHILDREN; i++) {
        if (children[i].process != NULL) {
            TerminateProcess(children[i].process, CRET_ERR_UNDECIDED);
            WaitForSingleObject(children[i].process, 5000);
        }
    }
}

enum { RUNS = -1 };

static int64_t wait_now(pid_t number, uint64_t wait_ms)
{
    struct child *child = child_of(number);
    DWORD code = 0;
    if (child == NULL) {
        return INT64_C(1) << 32;
    }
    const DWORD wait = wait_ms < 0x7fffffff ? (DWORD)wait_ms : 0x7fffffff;
    if (WaitForSingleObject(child->process, wait) != WAIT_OBJECT_0 ||
        GetExitCodeProcess(child->process, &code) == 0) {
        return RUNS;
    }
    cret_os_signals_hold();
    CloseHandle(child->process);
    if (child->job != NULL) {
        CloseHandle(child->job);
    }
    *child = (struct child){.process = NULL};
    cret_os_signals_release();
    return code;
}

enum cret_status cret_os_wait_until(pid_t child, uint64_t deadline_ms, bool *ret_ended,
                                    bool *ret_exited, int *ret_code, struct cret_err *err)
{
    const uint64_t now = cret_os_monotonic_ms(), mark = cret_asked_mark((uint64_t)child, "w", 1);
    int64_t code = 0;
    if (!cret_replay_take(CRET_ASKED_STATE, mark, &code, NULL, 0, NULL)) {
        code = wait_now(child, now < deadline_ms ? deadline_ms - now : 0);
        cret_replay_note(CRET_ASKED_STATE, mark, code, NULL, 0);
    }
    if (code > UINT32_MAX) {
        return cret_err_undecided(err, "cannot wait for a child process: there is none");
    }
    *ret_ended = code != RUNS;
    *ret_exited = code >= 0 && code < 256; /* what is larger is an exception's */
    *ret_code = (int)(uint32_t)code;
    return CRET_OK;
}

void cret_os_kill(pid_t number)
{
    struct child *child = cret_replaying() ? NULL : child_of(number);
    if (child != NULL) {
        TerminateProcess(child->process, 255);
    }
}

bool cret_os_was_denied(int code)
{
    (void)code; /* a call that is denied fails */
    return false;
}
