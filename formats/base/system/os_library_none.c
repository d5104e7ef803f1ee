/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A static program loads no library, whoever asks: neither this project's code nor the libraries
 * that are linked. What it would load was made for another C library than the one inside it. The
 * functions below that are not of this project stand in the place of libc's, those that look up
 * names as well: OpenSSL names them, nothing calls them, and so the program has no resolver.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>

#include "base/system/os.h"

enum cret_status cret_os_libraries(const char *what, struct cret_err *err)
{
    cret_err_usage(err, "this is the static program, which loads no libraries: %s", what);
    return cret_err_hint(err, "use cretula-verify of a Debian package or of a build of your own");
}

enum cret_status cret_os_library_open(void **ret_library, const char *name, struct cret_err *err)
{
    (void)ret_library;
    return cret_os_libraries(name, err);
}

void cret_os_library_preload(const char *name)
{
    (void)name;
}

bool cret_os_library_find(void *library, const char *name, void *ret_function)
{
    (void)library;
    (void)name;
    (void)ret_function;
    return false;
}

void *dlopen(const char *file, int mode)
{
    (void)file;
    (void)mode;
    return NULL;
}

int dlclose(void *handle)
{
    (void)handle;
    return -1;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    (void)handle;
    (void)name;
    return NULL;
}

char *dlerror(void)
{
    static char none[] = "a static program loads no libraries";
    return none;
}

int dladdr(const void *address, Dl_info *ret_info)
{
    (void)address;
    (void)ret_info;
    return 0;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict ret_found)
{
    (void)name;
    (void)service;
    (void)hints;
    *ret_found = NULL;
    return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *found)
{
    (void)found;
}

int getnameinfo(const struct sockaddr *restrict address, socklen_t size, char *restrict host,
                socklen_t host_size, char *restrict service, socklen_t service_size, int flags)
{
    (void)address;
    (void)size;
    (void)host;
    (void)host_size;
    (void)service;
    (void)service_size;
    (void)flags;
    return EAI_FAIL;
}

struct hostent *gethostbyname(const char *name)
{
    (void)name;
    return NULL;
}
