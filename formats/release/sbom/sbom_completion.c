/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `sbom complete` share: the list of changes. */
#include <stdarg.h>
#include <stdio.h>

#include "release/sbom/sbom_complete_internal.h"

void cret_completion_note(struct cret_completion *completion, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    completion->failed |= json_array_append_new(completion->changes, json_string(text)) != 0;
}
