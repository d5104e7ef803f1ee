/* SPDX-License-Identifier: Apache-2.0 */
/* The list of places that do not meet a rule. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "release/sbom/sbom_rules_internal.h"

/* Faults of one SBOM that are listed; more help nobody. */
#define FAULTS 20000u

static void clear_fault(struct cret_sbom_fault *fault)
{
    free(fault->pointer);
    free(fault->actual);
    free(fault->reason);
}

void cret_sbom_faults_free(struct cret_sbom_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        clear_fault(&faults->list[i]);
    }
    free(faults->list);
    free(faults->said);
    *faults = (struct cret_sbom_faults){0};
}

static bool make_room(struct cret_sbom_faults *faults)
{
    if (faults->count < faults->capacity) {
        return true;
    }
    const size_t capacity = faults->capacity > 0 ? 2 * faults->capacity : 32;
    struct cret_sbom_fault *list = reallocarray(faults->list, capacity, sizeof(*list));
    if (list == NULL) {
        return false;
    }
    faults->list = list;
    faults->capacity = capacity;
    return true;
}

void cret_rules_fault(struct cret_rules_run *run, const char *name, const char *actual,
                      const char *reason_format, ...)
{
    if (run->at.failed || run->faults->count >= FAULTS) {
        return;
    }
    char reason[512];
    va_list arguments;
    va_start(arguments, reason_format);
    vsnprintf(reason, sizeof(reason), reason_format, arguments);
    va_end(arguments);
    const size_t mark = cret_json_mark(&run->at);
    if (name != NULL) {
        cret_json_enter(&run->at, name);
    }
    const char *here = cret_json_here(&run->at);
    char origin[1200];
    cret_shape_origin(origin, sizeof(origin), run->sbom->lines, 0, here);
    struct cret_sbom_fault fault = {
        .rule = &run->row->rule,
        .pointer = cret_text_printf("%s%s", here, origin),
        .actual = actual != NULL ? strdup(actual) : NULL,
        .reason = strdup(reason),
    };
    cret_json_leave(&run->at, mark);
    if (run->at.failed || fault.pointer == NULL || fault.reason == NULL ||
        (actual != NULL && fault.actual == NULL) || !make_room(run->faults)) {
        clear_fault(&fault);
        run->at.failed = true;
        return;
    }
    run->faults->list[run->faults->count++] = fault;
}

void cret_rules_declare(struct cret_rules_run *run)
{
    run->said->declared++;
}

void cret_rules_unseen(struct cret_rules_run *run, const char *why)
{
    run->said->unseen = why;
}

void cret_sbom_said_words(char *text, size_t size, const struct cret_sbom_said *said)
{
    text[0] = '\0';
    if (said->unseen != NULL) {
        snprintf(text, size, "%s", said->unseen);
    } else if (said->declared > 0 && said->looked_at <= 1) {
        snprintf(text, size, "said to be unknown or withheld");
    } else if (said->declared > 0) {
        snprintf(text, size, "%zu of %zu entries: said to be unknown or withheld", said->declared,
                 said->looked_at);
    }
}
