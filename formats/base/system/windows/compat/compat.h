/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C library of Windows lacks of the one that this project is written for; the compiler
 * puts it before every source of a build for Windows. Streams are this file's own: those of the C
 * library translate line ends, and know no UTF-8.
 */
#ifndef CRET_BASE_COMPAT_H
#define CRET_BASE_COMPAT_H

/* First what the macros below stand in the place of. */
#include <errno.h>
#include <pthread_signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#ifndef EDQUOT
#define EDQUOT 10069
#endif
#ifndef ESTALE
#define ESTALE 10070
#endif

void *memmem(const void *data, size_t size, const void *wanted, size_t wanted_size);
void *memrchr(const void *data, int byte, size_t size);
void *reallocarray(void *memory, size_t count, size_t size);
char *strsep(char **text, const char *ends);
void explicit_bzero(void *memory, size_t size);
char *cret_compat_strdup(const char *text);
char *cret_compat_strndup(const char *text, size_t most);
#undef strdup
#define strdup cret_compat_strdup
#define strndup cret_compat_strndup
size_t malloc_usable_size(void *memory);

/* One locale: conversions of libarchive go through the system's own. */
typedef int locale_t;
#define LC_CTYPE_MASK 1
locale_t newlocale(int mask, const char *name, locale_t base);
locale_t uselocale(locale_t locale);
void freelocale(locale_t locale);

/* No signal reaches a thread: Ctrl-C begins one of its own (os_signal.c). */
typedef unsigned long long cret_compat_sigset;
#define sigset_t cret_compat_sigset
int cret_compat_sigmask(int how, const sigset_t *set, sigset_t *old);
int cret_compat_sigfill(sigset_t *set);
#undef pthread_sigmask
#define pthread_sigmask cret_compat_sigmask
#undef sigfillset
#define sigfillset cret_compat_sigfill
#ifndef SIG_BLOCK
#define SIG_BLOCK 0
#define SIG_SETMASK 2
#endif

/* Streams: what this project uses of them. */
struct cret_compat_stream;
#define FILE struct cret_compat_stream
typedef struct {
    ssize_t (*write)(void *cookie, const char *data, size_t size);
} cookie_io_functions_t;
extern FILE *cret_compat_out, *cret_compat_err, *cret_compat_in;
#undef stdin
#undef stdout
#undef stderr
#define stdin cret_compat_in
#define stdout cret_compat_out
#define stderr cret_compat_err
FILE *cret_compat_cookie(void *cookie, const char *mode, cookie_io_functions_t functions);
int cret_compat_buffer(FILE *stream, char *buffer, int mode, size_t size);
int cret_compat_print(FILE *stream, const char *format, ...)
    __attribute__((format(gnu_printf, 2, 3)));
int cret_compat_print_list(FILE *stream, const char *format, va_list list)
    __attribute__((format(gnu_printf, 2, 0)));
int cret_compat_puts(const char *text, FILE *stream);
int cret_compat_putc(int byte, FILE *stream);
size_t cret_compat_write(const void *data, size_t size, size_t count, FILE *stream);
int cret_compat_flush(FILE *stream);
int cret_compat_error(FILE *stream);
void cret_compat_clear(FILE *stream);
void cret_compat_purge(FILE *stream);
char *cret_compat_gets(char *line, int size, FILE *stream);
#define fopencookie cret_compat_cookie
#define setvbuf cret_compat_buffer
#define fprintf cret_compat_print
#define vfprintf cret_compat_print_list
#define fputs cret_compat_puts
#undef fputc
#define fputc cret_compat_putc
#define fwrite cret_compat_write
#define fflush cret_compat_flush
#undef ferror
#define ferror cret_compat_error
#define clearerr cret_compat_clear
#define __fpurge cret_compat_purge
#define fgets cret_compat_gets

#endif
