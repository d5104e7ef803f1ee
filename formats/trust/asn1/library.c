/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a "no" of OpenSSL from a "could not". */
#include "trust/asn1/library.h"

#include <openssl/err.h>
#include <stdio.h>

#include "base/finding/fault.h"

const char *cret_library_reason(char *out, size_t size)
{
    const unsigned long code = ERR_peek_error();
    if (code == 0) {
        snprintf(out, size, "no reason given");
    } else {
        cret_library_words(out, size, code);
    }
    ERR_clear_error();
    return out;
}

/* Whether the queue, whose ends can be seen without emptying it, says nothing about what was
 * judged. */
static bool failed_itself(void)
{
    static const int reasons[] = {ERR_R_MALLOC_FAILURE, ERR_R_INTERNAL_ERROR, ERR_R_INIT_FAIL,
                                  ERR_R_FETCH_FAILED};
    const int first = ERR_GET_REASON(ERR_peek_error());
    const int last = ERR_GET_REASON(ERR_peek_last_error());
    for (size_t i = 0; i < CRET_LENGTH(reasons); i++) {
        if (first == reasons[i] || last == reasons[i]) {
            return true;
        }
    }
    return false;
}

void cret_library_suspect(void)
{
    if (failed_itself()) {
        cret_fault_note("the cryptographic library could not do its work");
    }
}

bool cret_library_holds_bare(int result)
{
    return result == 1;
}

bool cret_library_holds(int result)
{
    if (result == 1) {
        return true;
    }
    cret_library_suspect();
    return false;
}

bool cret_library_done(int result)
{
    if (result != 1) {
        cret_fault_note("the cryptographic library could not do its work");
    }
    return result == 1;
}
