/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record or an error, and believing of it what does not contradict itself. */
#include "result.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cretula_result {
    enum cretula_verdict verdict;
    char *text; /* the JSON as it came; or NULL */
    size_t size;
    json_t *json;             /* the same; or NULL */
    json_t *signers;          /* those of its signatures that were counted */
    const char *check, *hint; /* of json; or NULL */
    char sentence[1024];
};

/* Verdicts by the words of a record, with the exit code that belongs to each. */
static const struct {
    const char *words;
    enum cretula_verdict verdict;
    int code;
} verdicts[] = {
    {"ACCEPTED", CRETULA_ACCEPTED, 0}, {"ACCEPTED WITH WAIVERS", CRETULA_ACCEPTED_WITH_WAIVERS, 0},
    {"REFUSED", CRETULA_REFUSED, 1},   {"UNDECIDED", CRETULA_UNDECIDED, 3},
    {"PARTIAL", CRETULA_UNDECIDED, 3},
};

static const json_t *at(const json_t *json, const char *first, const char *second)
{
    const json_t *part = json_object_get(json, first);
    return second != NULL ? json_object_get(part, second) : part;
}

static const char *text_at(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

__attribute__((format(printf, 2, 3))) static void say(cretula_result *result, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->sentence, sizeof(result->sentence), format, arguments);
    va_end(arguments);
}

cretula_result *cret_lib_result_new(void)
{
    cretula_result *result = calloc(1, sizeof(*result));
    if (result == NULL) {
        return NULL;
    }
    result->verdict = CRETULA_UNDECIDED;
    result->signers = json_array();
    if (result->signers == NULL) {
        free(result);
        return NULL;
    }
    say(result, "nothing was found out");
    return result;
}

void cret_lib_result_not_judged(cretula_result *result, const char *why)
{
    result->verdict = CRETULA_NOT_JUDGED;
    say(result, "%s", why);
}

void cretula_result_free(cretula_result *result)
{
    if (result != NULL) {
        json_decref(result->signers);
        json_decref(result->json);
        free(result->text);
        free(result);
    }
}

/* The words of a message with the place that it names. */
static void say_at(cretula_result *result, const char *message, const char *where)
{
    if (where != NULL) {
        say(result, "%s (%s)", message, where);
    } else {
        say(result, "%s", message);
    }
}

/* An error in place of a record: the operator's input is wrong, the tool could not do its work, or
 * what it was to trust must not be trusted. */
static bool read_error(cretula_result *result, int code)
{
    const json_t *json = result->json;
    const char *message = text_at(json, "message"), *verdict = text_at(json, "verdict");
    if (message == NULL || json_integer_value(json_object_get(json, "exitCode")) != code) {
        return false;
    }
    if (code == 1 && verdict != NULL && strcmp(verdict, "REFUSED") == 0) {
        result->verdict = CRETULA_REFUSED;
    } else if (code == 2 && verdict == NULL) {
        result->verdict = CRETULA_NOT_JUDGED;
    } else if (code != 3) {
        return false;
    }
    result->check = text_at(json, "check");
    result->hint = text_at(json, "hint");
    say_at(result, message, text_at(json, "where"));
    return true;
}

/* The first check that gave this, or NULL. */
static const json_t *first_of(const json_t *checks, const char *wanted)
{
    size_t i = 0;
    const json_t *one = NULL;
    json_array_foreach(checks, i, one)
    {
        const char *result = text_at(one, "result");
        if (result != NULL && strcmp(result, wanted) == 0) {
            return one;
        }
    }
    return NULL;
}

static void tell_why(cretula_result *result)
{
    const json_t *checks = at(result->json, "result", "checks");
    const json_t *error = at(result->json, "result", "error");
    const json_t *fault = first_of(checks, "FAIL");
    if (cretula_result_accepted(result)) {
        say(result, "%s %s of %s is what its signers signed",
            cretula_result_fact(result, CRETULA_FACT_PRODUCT),
            cretula_result_fact(result, CRETULA_FACT_VERSION),
            cretula_result_fact(result, CRETULA_FACT_VENDOR));
        return;
    }
    if (result->verdict == CRETULA_UNDECIDED && text_at(error, "message") != NULL) {
        result->hint = text_at(error, "hint");
        say_at(result, text_at(error, "message"), text_at(error, "where"));
    } else if (fault != NULL) {
        result->check = text_at(fault, "check");
        result->hint = text_at(fault, "hint");
        say_at(result,
               text_at(fault, "reason") != NULL ? text_at(fault, "reason") : "a check failed",
               text_at(fault, "where"));
    } else {
        say(result, "%s", cretula_result_verdict_name(result));
    }
}

static bool read_signers(cretula_result *result)
{
    size_t i = 0;
    json_t *one = NULL;
    json_array_foreach(at(result->json, "how", "signatures"), i, one)
    {
        if (json_is_true(json_object_get(one, "counted")) &&
            json_array_append(result->signers, one) != 0) {
            return false;
        }
    }
    return true;
}

/* What an acceptance cannot lack: what was accepted, and who signed it. */
static bool is_whole(const cretula_result *result)
{
    return cretula_result_fact(result, CRETULA_FACT_IDENTITY) != NULL &&
           cretula_result_fact(result, CRETULA_FACT_VENDOR) != NULL &&
           cretula_result_fact(result, CRETULA_FACT_PRODUCT) != NULL &&
           cretula_result_fact(result, CRETULA_FACT_VERSION) != NULL &&
           cretula_result_file_count(result) > 0 && cretula_result_signer_count(result) > 0 &&
           first_of(at(result->json, "result", "checks"), "FAIL") == NULL;
}

static bool read_record(cretula_result *result, int code)
{
    const json_t *body = json_object_get(result->json, "result");
    const char *words = text_at(body, "verdict");
    if (words == NULL || json_integer_value(json_object_get(body, "exitCode")) != code ||
        !read_signers(result)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        if (strcmp(verdicts[i].words, words) == 0 && verdicts[i].code == code &&
            (code != 0 || is_whole(result))) {
            result->verdict = verdicts[i].verdict;
            tell_why(result);
            return true;
        }
    }
    return false;
}

/* Its text, whatever the verdict is. */
static bool parse(cretula_result *result, struct cret_lib_answer *answer)
{
    json_error_t error;
    result->text = answer->output;
    result->size = answer->size;
    *answer = (struct cret_lib_answer){.output = NULL};
    result->json = json_loadb(result->text, result->size, JSON_REJECT_DUPLICATES, &error);
    return json_is_object(result->json);
}

/* An answer that is no verdict of this library. A file in a vendor's own format has no product and
 * version: nothing here could say what was accepted. */
static void tell_unknown(cretula_result *result, int code)
{
    if (json_is_object(at(result->json, "what", "foreign"))) {
        say(result, "this is a file in a vendor's own format: the library judges releases alone; "
                    "ask cretula-verify check");
    } else {
        say(result,
            "what cretula-verify answered (exit code %d) contradicts itself, or is of a "
            "version that this library does not know",
            code);
    }
}

void cret_lib_result_take(cretula_result *result, struct cret_lib_answer *answer,
                          const struct cret_lib_stream *stream)
{
    const int code = answer->code;
    const char *fault = stream != NULL ? cret_lib_stream_fault(stream) : NULL;
    fault = fault != NULL || answer->exited ? fault : answer->fault;
    if (fault != NULL || answer->output == NULL) {
        say(result, "%s", fault != NULL ? fault : answer->fault);
        free(answer->output);
        *answer = (struct cret_lib_answer){.output = NULL};
        return;
    }
    const bool known = parse(result, answer);
    const char *kind = known ? text_at(result->json, "cretula") : NULL;
    const bool is_record = kind != NULL && strcmp(kind, "record/1") == 0;
    const bool is_error = kind != NULL && strcmp(kind, "error/1") == 0;
    if (!(is_record && read_record(result, code)) && !(is_error && read_error(result, code))) {
        result->verdict = CRETULA_UNDECIDED;
        tell_unknown(result, code);
    } else if (cretula_result_accepted(result) && stream != NULL &&
               !cret_lib_stream_gave(stream, at(result->json, "what", "files"))) {
        result->verdict = CRETULA_UNDECIDED;
        say(result, "the files that were handed over are not those of the release");
    }
}

enum cretula_verdict cretula_result_verdict(const cretula_result *result)
{
    return result != NULL ? result->verdict : CRETULA_UNDECIDED;
}

int cretula_result_accepted(const cretula_result *result)
{
    const enum cretula_verdict verdict = cretula_result_verdict(result);
    return verdict == CRETULA_ACCEPTED || verdict == CRETULA_ACCEPTED_WITH_WAIVERS;
}

const char *cretula_result_verdict_name(const cretula_result *result)
{
    const enum cretula_verdict verdict = cretula_result_verdict(result);
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        if (verdicts[i].verdict == verdict) {
            return verdicts[i].words;
        }
    }
    return "NOT JUDGED";
}

const char *cretula_result_sentence(const cretula_result *result)
{
    return result != NULL ? result->sentence : "there is no memory";
}

const char *cretula_result_hint(const cretula_result *result)
{
    return result != NULL ? result->hint : NULL;
}

const char *cretula_result_check(const cretula_result *result)
{
    return result != NULL ? result->check : NULL;
}

const char *cretula_result_json(const cretula_result *result, size_t *ret_size)
{
    if (ret_size != NULL) {
        *ret_size = result != NULL && result->json != NULL ? result->size : 0;
    }
    return result != NULL && result->json != NULL ? result->text : NULL;
}

const char *cretula_result_fact(const cretula_result *result, enum cretula_fact fact)
{
    const json_t *what = result != NULL ? json_object_get(result->json, "what") : NULL;
    switch (fact) {
    case CRETULA_FACT_IDENTITY:
        return text_at(what, "identity");
    case CRETULA_FACT_VENDOR:
        return text_at(json_object_get(what, "product"), "vendor");
    case CRETULA_FACT_PRODUCT:
        return text_at(json_object_get(what, "product"), "name");
    case CRETULA_FACT_VERSION:
        return text_at(json_object_get(what, "release"), "version");
    case CRETULA_FACT_DATE:
        return text_at(json_object_get(what, "release"), "date");
    case CRETULA_FACT_ORIGIN:
        return text_at(what, "origin");
    }
    return NULL;
}

int cretula_result_sequence(const cretula_result *result, uint64_t *ret_sequence)
{
    const json_t *what = result != NULL ? json_object_get(result->json, "what") : NULL;
    const json_t *sequence = at(what, "release", "sequence");
    if (!json_is_integer(sequence) || json_integer_value(sequence) < 0) {
        return -1;
    }
    *ret_sequence = (uint64_t)json_integer_value(sequence);
    return 0;
}

static const json_t *checks_of(const cretula_result *result)
{
    return result != NULL ? at(result->json, "result", "checks") : NULL;
}

size_t cretula_result_finding_count(const cretula_result *result)
{
    return json_array_size(checks_of(result));
}

const cretula_finding *cretula_result_finding(const cretula_result *result, size_t index)
{
    return (const cretula_finding *)json_array_get(checks_of(result), index);
}

/* The verified manifest's list: without an identity there is none. */
static const json_t *files_of(const cretula_result *result)
{
    return cretula_result_fact(result, CRETULA_FACT_IDENTITY) != NULL
               ? at(result->json, "what", "files")
               : NULL;
}

size_t cretula_result_file_count(const cretula_result *result)
{
    return json_array_size(files_of(result));
}

const cretula_file *cretula_result_file(const cretula_result *result, size_t index)
{
    return (const cretula_file *)json_array_get(files_of(result), index);
}

size_t cretula_result_signer_count(const cretula_result *result)
{
    return result != NULL ? json_array_size(result->signers) : 0;
}

const cretula_signer *cretula_result_signer(const cretula_result *result, size_t index)
{
    return result != NULL ? (const cretula_signer *)json_array_get(result->signers, index) : NULL;
}
