/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of libc's functions that load libraries or look up names, in a static program: what
 * it would load was made for another C library than the one inside it. OpenSSL names them, nothing
 * calls them, and so the program has no resolver.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>

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
