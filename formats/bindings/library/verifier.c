/* SPDX-License-Identifier: Apache-2.0 */
/* Options of a verifier, and the command line that they become. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"
#include "worker.h"

/* What a verifier holds at most: far more than a caller sets, and each gets a descriptor at most.
 */
enum { VALUES = 256, BYTES = 60 };
#define VALUE_BYTES 65536u

enum { REPEATED = 1 << 0, FLAG = 1 << 1, FROM_FILE = 1 << 2 };

static const struct {
    const char *name; /* of the program's option */
    unsigned kind;
} options[] = {
    [CRETULA_OPTION_ANCHOR] = {"anchor", REPEATED | FROM_FILE},
    [CRETULA_OPTION_TRUST] = {"trust", FROM_FILE},
    [CRETULA_OPTION_OVERLAY] = {"overlay", FROM_FILE},
    [CRETULA_OPTION_CRL] = {"crl", REPEATED | FROM_FILE},
    [CRETULA_OPTION_AT] = {"at", 0},
    [CRETULA_OPTION_VENDOR] = {"vendor", 0},
    [CRETULA_OPTION_PRODUCT] = {"product", 0},
    [CRETULA_OPTION_HARDWARE] = {"hardware", 0},
    [CRETULA_OPTION_MIN_SEQUENCE] = {"min-sequence", 0},
    [CRETULA_OPTION_EXPECT_IDENTITY] = {"expect-identity", 0},
    [CRETULA_OPTION_PROFILE] = {"profile", FROM_FILE},
    [CRETULA_OPTION_WAIVERS] = {"waivers", REPEATED},
    [CRETULA_OPTION_PAYLOAD] = {"payload", 0},
    [CRETULA_OPTION_SEAL] = {"seal", 0},
    [CRETULA_OPTION_AUTHORITY] = {"authority", REPEATED | FROM_FILE},
    [CRETULA_OPTION_JOURNAL] = {"journal", 0},
    [CRETULA_OPTION_RECORD] = {"record", 0},
    [CRETULA_OPTION_ASSET] = {"asset", 0},
    [CRETULA_OPTION_CHANGE_ID] = {"change-id", 0},
    [CRETULA_OPTION_BACKOUT] = {"backout", FLAG},
    [CRETULA_OPTION_ALLOW_EXAMPLE_KEYS] = {"allow-example-keys", FLAG},
    [CRETULA_OPTION_ALLOW_UNCONFINED] = {"allow-unconfined", FLAG},
    [CRETULA_OPTION_JOBS] = {"jobs", 0},
    [CRETULA_OPTION_CONFIG] = {"config", 0},
    [CRETULA_OPTION_PROGRAM] = {"program", 0},
};

struct cretula_verifier {
    char *values[VALUES]; /* "--name=value", "--name" */
    size_t value_count;
    bool given[sizeof(options) / sizeof(options[0])];
    int bytes[BYTES]; /* memory of the system */
    size_t bytes_count;
    char *program;
    char error[256];
};

cretula_verifier *cretula_verifier_new(void)
{
    return calloc(1, sizeof(struct cretula_verifier));
}

void cretula_verifier_free(cretula_verifier *verifier)
{
    if (verifier == NULL) {
        return;
    }
    for (size_t i = 0; i < verifier->value_count; i++) {
        free(verifier->values[i]);
    }
    for (size_t i = 0; i < verifier->bytes_count; i++) {
        cret_lib_close(&verifier->bytes[i]);
    }
    free(verifier->program);
    free(verifier);
}

const char *cretula_verifier_error(const cretula_verifier *verifier)
{
    return verifier->error[0] != '\0' ? verifier->error : NULL;
}

/* The first fault stays. Returns -1. */
static int refuse(cretula_verifier *verifier, const char *name, const char *why)
{
    if (verifier->error[0] == '\0') {
        snprintf(verifier->error, sizeof(verifier->error), "option %s: %s", name, why);
    }
    return -1;
}

/* The row of an option that may be set now; NULL: why not is said. */
static const char *name_of(cretula_verifier *verifier, enum cretula_option option)
{
    const size_t row = (size_t)option;
    if (row >= sizeof(options) / sizeof(options[0]) || options[row].name == NULL) {
        refuse(verifier, "of that number", "this library has none");
        return NULL;
    }
    if (verifier->given[row] && (options[row].kind & REPEATED) == 0) {
        refuse(verifier, options[row].name, "it was given before");
        return NULL;
    }
    if (verifier->value_count == VALUES) {
        refuse(verifier, options[row].name, "too many options were given");
        return NULL;
    }
    return options[row].name;
}

static int add(cretula_verifier *verifier, enum cretula_option option, const char *value)
{
    const char *name = options[option].name;
    const size_t size = strlen(name) + strlen(value) + sizeof("--=");
    char *text = malloc(size);
    if (text == NULL) {
        return refuse(verifier, name, "there is no memory");
    }
    snprintf(text, size, "--%s%s%s", name, (options[option].kind & FLAG) != 0 ? "" : "=", value);
    verifier->values[verifier->value_count++] = text;
    verifier->given[option] = true;
    return 0;
}

static int set_program(cretula_verifier *verifier, const char *path)
{
    if (path[0] != '/') {
        return refuse(verifier, "program", "it must be an absolute path");
    }
    verifier->program = strdup(path);
    verifier->given[CRETULA_OPTION_PROGRAM] = true;
    return verifier->program != NULL ? 0 : refuse(verifier, "program", "there is no memory");
}

int cretula_verifier_set(cretula_verifier *verifier, enum cretula_option option, const char *value)
{
    const char *name = name_of(verifier, option);
    if (name == NULL) {
        return -1;
    }
    const bool flag = (options[option].kind & FLAG) != 0;
    if (value == NULL || flag != (value[0] == '\0')) {
        return refuse(verifier, name, flag ? "it takes no value" : "it needs a value");
    }
    if (strlen(value) > VALUE_BYTES) {
        return refuse(verifier, name, "its value is too long");
    }
    return option == CRETULA_OPTION_PROGRAM ? set_program(verifier, value)
                                            : add(verifier, option, value);
}

int cretula_verifier_set_bytes(cretula_verifier *verifier, enum cretula_option option,
                               const void *data, size_t size)
{
    char path[64];
    const char *name = name_of(verifier, option);
    if (name == NULL) {
        return -1;
    }
    if ((options[option].kind & FROM_FILE) == 0) {
        return refuse(verifier, name, "it takes no bytes");
    }
    if (verifier->bytes_count == BYTES) {
        return refuse(verifier, name, "too many options were given as bytes");
    }
    const int fd = cret_lib_keep(data, size);
    if (fd < 0) {
        return refuse(verifier, name, "the system has no memory for its bytes");
    }
    snprintf(path, sizeof(path), "/proc/self/fd/%zu", CRET_LIB_BYTES_FD + verifier->bytes_count);
    verifier->bytes[verifier->bytes_count++] = fd;
    return add(verifier, option, path);
}

/* One verification: what is asked of the program besides the options. */
struct request {
    const char *path; /* NULL: of the descriptor */
    int descriptor;
    const char *folder; /* extract; or NULL */
    struct cret_lib_stream *stream;
};

/* PROGRAM VERB OPTIONS --json [--to=FOLDER | --to-fd=N] -- FILE; to: gets what is not of the
 * verifier. */
static void command_line(char *arguments[VALUES + 8], const cretula_verifier *verifier,
                         const struct request *request, char *to)
{
    static char program[] = CRETULA_VERIFY_PROGRAM;
    static char check[] = "check", extract[] = "extract", json[] = "--json", end[] = "--";
    static char stream[] = "--to-fd=3", input[] = "-";
    size_t count = 0;
    arguments[count++] = verifier->program != NULL ? verifier->program : program;
    arguments[count++] = request->folder != NULL || request->stream != NULL ? extract : check;
    for (size_t i = 0; i < verifier->value_count; i++) {
        arguments[count++] = verifier->values[i];
    }
    arguments[count++] = json;
    if (request->folder != NULL) {
        arguments[count++] = to;
    } else if (request->stream != NULL) {
        arguments[count++] = stream;
    }
    arguments[count++] = end;
    arguments[count++] = request->path != NULL ? to + strlen(to) + 1 : input;
    arguments[count] = NULL;
}

/* What is wrong with a request before anything is started; or NULL. */
static const char *request_fault(const cretula_verifier *verifier, const struct request *request)
{
    if (verifier == NULL) {
        return "there is no verifier";
    }
    if (verifier->error[0] != '\0') {
        return verifier->error;
    }
    if (request->path == NULL && request->descriptor < 0) {
        return "no archive was given";
    }
    if (request->path != NULL && request->path[0] == '\0') {
        return "the archive's path is empty";
    }
    if (request->path != NULL && cret_lib_is_folder(request->path)) {
        return "a folder is no archive";
    }
    return NULL;
}

static cretula_result *verify(const cretula_verifier *verifier, const struct request *request)
{
    cretula_result *result = cret_lib_result_new();
    const char *path = request->path != NULL ? request->path : "";
    const char *folder = request->folder != NULL ? request->folder : "";
    const size_t size = strlen(folder) + strlen(path) + sizeof("--to=") + sizeof("./");
    char *texts = malloc(size), *arguments[VALUES + 8];
    if (result == NULL || texts == NULL) {
        cretula_result_free(result);
        free(texts);
        return NULL;
    }
    const char *fault = request_fault(verifier, request);
    if (fault != NULL) {
        cret_lib_result_not_judged(result, fault);
        free(texts);
        return result;
    }
    snprintf(texts, size, "--to=%s", folder);
    /* "-" would be its standard input. */
    const size_t first = strlen(texts) + 1;
    snprintf(texts + first, size - first, "%s%s", strcmp(path, "-") == 0 ? "./" : "", path);
    command_line(arguments, verifier, request, texts);
    const struct cret_lib_call call = {.arguments = arguments,
                                       .input = request->path != NULL ? -1 : request->descriptor,
                                       .bytes = verifier->bytes,
                                       .bytes_count = verifier->bytes_count,
                                       .stream =
                                           request->stream != NULL ? cret_lib_stream_take : NULL,
                                       .context = request->stream};
    struct cret_lib_answer answer;
    cret_lib_run(&answer, &call);
    cret_lib_result_take(result, &answer, request->stream);
    free(texts);
    return result;
}

cretula_result *cretula_verify_file(const cretula_verifier *verifier, const char *path)
{
    return verify(verifier, &(struct request){.path = path, .descriptor = -1});
}

cretula_result *cretula_verify_descriptor(const cretula_verifier *verifier, int descriptor)
{
    return verify(verifier, &(struct request){.descriptor = descriptor});
}

cretula_result *cretula_extract_file(const cretula_verifier *verifier, const char *path,
                                     const char *folder)
{
    return verify(
        verifier,
        &(struct request){.path = path, .descriptor = -1, .folder = folder != NULL ? folder : ""});
}

cretula_result *cretula_extract_descriptor(const cretula_verifier *verifier, int descriptor,
                                           const char *folder)
{
    return verify(verifier, &(struct request){.descriptor = descriptor,
                                              .folder = folder != NULL ? folder : ""});
}

static cretula_result *deliver(const cretula_verifier *verifier, struct request *request,
                               cretula_begin begin, cretula_write write, void *context)
{
    request->stream = cret_lib_stream_new(begin, write, context);
    cretula_result *result = request->stream != NULL ? verify(verifier, request) : NULL;
    cret_lib_stream_free(request->stream);
    return result;
}

cretula_result *cretula_deliver_file(const cretula_verifier *verifier, const char *path,
                                     cretula_begin begin, cretula_write write, void *context)
{
    return deliver(verifier, &(struct request){.path = path, .descriptor = -1}, begin, write,
                   context);
}

cretula_result *cretula_deliver_descriptor(const cretula_verifier *verifier, int descriptor,
                                           cretula_begin begin, cretula_write write, void *context)
{
    return deliver(verifier, &(struct request){.descriptor = descriptor}, begin, write, context);
}
