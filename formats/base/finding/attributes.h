/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every file uses: compiler attributes that make ignoring a result, or a wrong format string,
 * a warning (and a build failure in every preset of this project), and the length of an array.
 */
#ifndef CRET_BASE_ATTRIBUTES_H
#define CRET_BASE_ATTRIBUTES_H

#define CRET_MUST_CHECK __attribute__((warn_unused_result))
/* printf of C11, which on Windows is not what the system's library takes for it. */
#ifdef _WIN32
#define CRET_PRINTF_FORM gnu_printf
#else
#define CRET_PRINTF_FORM printf
#endif
#define CRET_PRINTF(format_index, first_index)                                                     \
    __attribute__((format(CRET_PRINTF_FORM, format_index, first_index)))

/* How many entries an array has; not for a pointer, which gcc and clang refuse here. */
#define CRET_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/*
 * The result of everything that can fail. There is one success value; callers compare with it
 * (`!= CRET_OK`), never with CRET_FAILED. Details of a failure are in a struct cret_err.
 */
enum cret_status { CRET_FAILED = 0, CRET_OK = 1 };

#endif
