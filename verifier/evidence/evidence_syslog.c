/* SPDX-License-Identifier: Apache-2.0 */
/* The line of --syslog, and whether it will be heard: syslog(3) loses it without a word. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "engine/inspect.h"
#include "verifier/evidence/evidence_internal.h"

enum cret_status cret_evidence_judge_syslog(const struct cret_options *options,
                                            const struct cret_session *session,
                                            struct cret_outcome *outcome, struct cret_err *err)
{
    if (!cret_options_given(options, "syslog")) {
        return CRET_OK;
    }
    const bool heard = cret_os_syslog_reachable();
    const enum cret_result result =
        heard ? CRET_RESULT_PASS
              : cret_inspect_result(&session->request, CRET_CHECK_EVIDENCE_SYSLOG);
    cret_findings_add(
        outcome->findings, CRET_CHECK_EVIDENCE_SYSLOG, result,
        (struct cret_finding_text){
            .hint = heard ? NULL
                          : "start a log service, or leave --syslog out; record and journal do "
                            "not depend on it"},
        "%s",
        heard ? "a log service takes the line of this run"
              : "--syslog leaves no line: no log service listens at /dev/log");
    return cret_findings_broken(outcome->findings) ? cret_err_memory(err) : CRET_OK;
}

/* Of one value, before it is quoted: log services cut lines at 8 KB, and the kernel takes no
 * datagram of a few hundred without a word. */
#define VALUE_BYTES 512u

/* How much of a text is said: whole characters. */
static size_t said(const char *text)
{
    size_t size = strnlen(text, VALUE_BYTES + 1);
    if (size <= VALUE_BYTES) {
        return size;
    }
    for (size = VALUE_BYTES; size > 0 && ((unsigned char)text[size] & 0xc0u) == 0x80u;) {
        size--;
    }
    return size;
}

/* name="value" in the manner of RFC 5424, section 6.3.3: quotation mark, backslash and bracket are
 * escaped; of a long value the beginning, and that it goes on. */
static void put_pair(struct cret_buffer *line, const char *name, const char *value)
{
    char *safe = value != NULL ? cret_text_escape(value) : NULL;
    if (value == NULL || safe == NULL) {
        return;
    }
    cret_buffer_printf(line, "%s%s=\"", line->size > 0 ? " " : "", name);
    const size_t size = said(safe);
    for (size_t i = 0; i < size; i++) {
        if (safe[i] == '"' || safe[i] == '\\' || safe[i] == ']') {
            cret_buffer_append(line, "\\", 1);
        }
        cret_buffer_append(line, safe + i, 1);
    }
    cret_buffer_printf(line, "%s\"", safe[size] != '\0' ? "..." : "");
    free(safe);
}

void cret_evidence_log(const struct cret_evidence *evidence, const struct cret_delivery *delivery,
                       const struct cret_outcome *outcome)
{
    const struct cret_options *options = evidence->options;
    if (!cret_options_given(options, "syslog")) {
        return;
    }
    if (!cret_os_syslog_reachable()) {
        cret_print_note(options,
                        "warning: no line in the system log: no service listens at /dev/log");
        return;
    }
    char identity[CRET_SHA256_HEX] = "", digest[CRET_SHA256_HEX] = "", number[32], user[256] = "";
    char at[32];
    if (outcome->has_identity) {
        cret_hex_encode(identity, outcome->identity, CRET_SHA256_BYTES);
    }
    if (evidence->has_digest) {
        cret_hex_encode(digest, evidence->digest, CRET_SHA256_BYTES);
    }
    snprintf(number, sizeof(number), "%" PRId64, evidence->number.value);
    cret_time_format(at, evidence->session->request.now);
    cret_os_user_name(user, sizeof(user));
    const struct {
        const char *name, *value;
    } pairs[] = {
        {"verdict", cret_verdict_name(outcome->verdict)},
        {"asOf", evidence->session->at_given ? at : NULL},
        {"exampleKeys", evidence->session->request.allow_example_keys ? "allowed" : NULL},
        {"archive", delivery->name},
        {"identity", outcome->has_identity ? identity : NULL},
        {"vendor", cret_json_string(outcome->document, "product.vendor")},
        {"product", cret_json_string(outcome->document, "product.name")},
        {"version", cret_json_string(outcome->document, "release.version")},
        {"record", evidence->has_digest ? digest : NULL},
        {"journalLine", evidence->number.given ? number : NULL},
        {"changeId", cret_options_value(options, "change-id")},
        {"asset", cret_options_value(options, "asset")},
        {"stage", cret_options_value(options, "stage")},
        {"user", user},
    };
    struct cret_buffer line = {0};
    for (size_t i = 0; i < CRET_LENGTH(pairs); i++) {
        put_pair(&line, pairs[i].name, pairs[i].value);
    }
    const enum cret_log_level level = cret_verdict_exit_code(outcome->verdict) == 0 ? CRET_LOG_INFO
                                      : outcome->verdict == CRET_VERDICT_REFUSED ? CRET_LOG_WARNING
                                                                                 : CRET_LOG_ERROR;
    if (!line.failed) {
        cret_os_syslog(cret_options_speaker(options), level, line.data);
    }
    cret_buffer_free(&line);
}
