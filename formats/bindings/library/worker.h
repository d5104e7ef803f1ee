/* SPDX-License-Identifier: Apache-2.0 */
/* A run of cretula-verify: started, listened to, and ended; the one place of the library that calls
 * the operating system. */
#ifndef CRETULA_WORKER_H
#define CRETULA_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Descriptors of the program besides the standard streams. */
enum { CRET_LIB_STREAM_FD = 3, CRET_LIB_BYTES_FD = 4 };

/* What it is given; borrowed. */
struct cret_lib_call {
    char *const *arguments; /* NULL-terminated; the first one is the program's path */
    int input;              /* becomes its standard input; -1: there is none */
    const int *bytes;       /* become CRET_LIB_BYTES_FD and the ones behind it */
    size_t bytes_count;
    /* Gets what it writes to CRET_LIB_STREAM_FD; false: end the run. NULL: nothing is wanted. */
    bool (*stream)(void *context, const uint8_t *data, size_t size);
    void *context;
};

/* How it ended. */
struct cret_lib_answer {
    char *output; /* its standard output, terminated; caller frees */
    size_t size;
    bool exited;     /* by itself, and all that it wrote is here */
    int code;        /* then: its exit code */
    char fault[512]; /* why not, as a sentence */
};

/* Runs it to its end. Answers in any case: output NULL and a fault where it could not be. */
void cret_lib_run(struct cret_lib_answer *ret_answer, const struct cret_lib_call *call);

/* A copy of the bytes in memory of the system, without a name; -1 where there is none. */
int cret_lib_keep(const void *data, size_t size);
void cret_lib_close(int *descriptor);

/* Whether there is a folder at a path: no archive. */
bool cret_lib_is_folder(const char *path);

#endif
