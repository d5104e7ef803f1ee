/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting words of a command that is printed to be pasted. */
#include "base/text/shell.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"

char *cret_shell_word(const char *text)
{
    return cret_os_shell_is_posix ? cret_shell_word_posix(text) : cret_shell_word_windows(text);
}

char *cret_shell_file(const char *path)
{
    if (path[0] != '-' || path[1] == '\0') {
        return cret_shell_word(path);
    }
    char *relative = cret_text_printf("./%s", path);
    char *word = relative != NULL ? cret_shell_word(relative) : NULL;
    free(relative);
    return word;
}

void cret_shell_fill(struct cret_buffer *out, const char *text, const char *path)
{
    char *word = cret_shell_file(path);
    const char *place = NULL;
    while ((place = strstr(text, "{}")) != NULL) {
        cret_buffer_append(out, text, (size_t)(place - text));
        cret_buffer_printf(out, "%s", word != NULL ? word : "...");
        text = place + 2;
    }
    cret_buffer_printf(out, "%s", text);
    free(word);
}

enum cret_status cret_err_hint_file(struct cret_err *err, const char *text, const char *path)
{
    struct cret_buffer hint = {0};
    cret_shell_fill(&hint, text, path);
    if (!hint.failed) {
        cret_err_hint(err, "%s", hint.data);
    }
    cret_buffer_free(&hint);
    return CRET_FAILED;
}
