/* SPDX-License-Identifier: Apache-2.0 */
/* keygen: a private key and its self-signed certificate. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/nearest.h"
#include "base/text/time.h"
#include "keys/generate.h"
#include "signer/command/options.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"
#include "trust/x509/certificate.h"

#define DEFAULT_ALGORITHM "ecdsa-p256"
#define DEFAULT_DAYS 1825
#define DAYS_LONGEST 36500
#define STANDARD_INPUT 0

/* What one run makes. */
struct keygen {
    const char *algorithm;
    char *subject, *key_path, *certificate_path;
    unsigned days;
    int passphrase_fd;
    char *key, *certificate; /* PEM */
    bool exposed;            /* the file system gives others access to the key */
    char fingerprint[CRET_SHA256_HEX];
    char ends[32];
};

static enum cret_status check_algorithm(const char *algorithm, struct cret_err *err)
{
    const char *const *known = cret_key_algorithms();
    struct cret_buffer list = {0};
    for (size_t i = 0; known[i] != NULL; i++) {
        if (strcmp(known[i], algorithm) == 0) {
            cret_buffer_free(&list);
            return CRET_OK;
        }
        cret_buffer_printf(&list, "%s%s", i > 0 ? ", " : "", known[i]);
    }
    cret_err_usage(err, "this key algorithm is not known here");
    cret_err_expected(err, "%s", list.data != NULL ? list.data : "");
    cret_err_actual(err, "%s", algorithm);
    cret_buffer_free(&list);
    const char *nearest = cret_nearest(algorithm, known);
    return nearest != NULL ? cret_err_hint(err, "did you mean %s?", nearest) : CRET_FAILED;
}

static enum cret_status check_free(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "%s exists, and keys are never overwritten", path);
        return cret_err_hint(err, "choose another --out, or move the old key away");
    }
    return CRET_OK;
}

/* "CN=" and a file name, with what has a meaning in a subject escaped. */
static char *default_subject(const char *name)
{
    struct cret_buffer subject = {0};
    cret_buffer_printf(&subject, "CN=");
    for (; *name != '\0'; name++) {
        cret_buffer_printf(&subject, "%s%c", *name == ',' || *name == '\\' ? "\\" : "", *name);
    }
    return subject.data;
}

static enum cret_status read_options(struct keygen *keygen, const struct cret_options *options,
                                     struct cret_err *err)
{
    const char *prefix = cret_options_value(options, "out");
    const char *algorithm = cret_options_value(options, "algorithm");
    const char *subject = cret_options_value(options, "subject");
    const char *slash = strrchr(prefix, '/');
    int64_t days = 0;
    keygen->algorithm = algorithm != NULL ? algorithm : DEFAULT_ALGORITHM;
    if (check_algorithm(keygen->algorithm, err) != CRET_OK ||
        cret_options_number(&days, options, "days", 1, DAYS_LONGEST, DEFAULT_DAYS, err) !=
            CRET_OK ||
        cret_options_descriptor(&keygen->passphrase_fd, options, "passphrase-fd", err) != CRET_OK) {
        return CRET_FAILED;
    }
    keygen->days = (unsigned)days;
    if (cret_output_no_stream("--out", prefix, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (slash != NULL && slash[1] == '\0') {
        cret_err_usage(err, "--out names a folder");
        return cret_err_expected(err, "the beginning of a file name, for example keys/release");
    }
    keygen->subject =
        subject != NULL ? strdup(subject) : default_subject(slash != NULL ? slash + 1 : prefix);
    keygen->key_path = cret_text_printf("%s.key.pem", prefix);
    keygen->certificate_path = cret_text_printf("%s.cert.pem", prefix);
    if (keygen->subject == NULL || keygen->key_path == NULL || keygen->certificate_path == NULL) {
        return cret_err_memory(err);
    }
    if (check_free(keygen->key_path, err) != CRET_OK ||
        check_free(keygen->certificate_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (keygen->passphrase_fd < 0 && !cret_os_is_terminal(STANDARD_INPUT)) {
        cret_err_usage(err, "there is no terminal to ask for a passphrase");
        return cret_err_hint(err, "give --passphrase-fd N; keys are never written unencrypted");
    }
    return CRET_OK;
}

/* From the descriptor, or twice from the terminal. */
static enum cret_status read_passphrase(char *out, size_t size, int fd, struct cret_err *err)
{
    char again[CRET_LIMIT_SECRET_BYTES];
    enum cret_status status = CRET_FAILED;
    if (fd >= 0) {
        status = cret_os_read_secret_fd(out, size, fd, err);
    } else if (cret_os_prompt_secret(out, size, "New passphrase: ", err) == CRET_OK &&
               cret_os_prompt_secret(again, sizeof(again), "The same again: ", err) == CRET_OK) {
        status = strcmp(out, again) == 0
                     ? CRET_OK
                     : cret_err_usage(err, "the two passphrases are not the same");
        explicit_bzero(again, sizeof(again));
    }
    if (status == CRET_OK && out[0] == '\0') {
        cret_err_usage(err, "the passphrase is empty");
        status = cret_err_hint(err, "keys are never written unencrypted");
    }
    return status;
}

/* Both files, or none: the certificate first, so that whatever comes between leaves no key. */
static enum cret_status write_files(struct keygen *keygen, struct cret_err *err)
{
    struct cret_output *files[2] = {NULL, NULL}; /* certificate, key */
    enum cret_status status = CRET_FAILED;
    if (cret_output_open(&files[1], keygen->key_path, 0600, CRET_OUTPUT_NEW, err) == CRET_OK &&
        cret_output_open(&files[0], keygen->certificate_path, 0644, CRET_OUTPUT_NEW, err) ==
            CRET_OK &&
        cret_os_write(cret_output_fd(files[1]), keygen->key, strlen(keygen->key), err) == CRET_OK &&
        cret_os_write(cret_output_fd(files[0]), keygen->certificate, strlen(keygen->certificate),
                      err) == CRET_OK) {
        keygen->exposed = cret_output_exposed(files[1]);
        status = cret_output_commit_all(files, 2, err);
    }
    cret_output_discard(&files[0]);
    cret_output_discard(&files[1]);
    return status;
}

static enum cret_status describe(struct keygen *keygen, struct cret_err *err)
{
    struct cret_certificate **list = NULL;
    size_t count = 0;
    if (cret_certificates_read(&list, &count, keygen->certificate, strlen(keygen->certificate),
                               keygen->certificate_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(keygen->fingerprint, cret_certificate_digest(list[0]), CRET_SHA256_BYTES);
    cret_time_format(keygen->ends, cret_certificate_not_after(list[0]));
    cret_certificates_free(&list, count);
    return CRET_OK;
}

static enum cret_status make(struct keygen *keygen, struct cret_err *err)
{
    char passphrase[CRET_LIMIT_SECRET_BYTES];
    enum cret_status status =
        read_passphrase(passphrase, sizeof(passphrase), keygen->passphrase_fd, err);
    if (status == CRET_OK) {
        const struct cret_generate_request request = {.algorithm = keygen->algorithm,
                                                      .subject = keygen->subject,
                                                      .days = keygen->days,
                                                      .now = cret_os_now(),
                                                      .passphrase = passphrase};
        status = cret_key_generate(&keygen->key, &keygen->certificate, &request, err);
    }
    explicit_bzero(passphrase, sizeof(passphrase));
    if (status != CRET_OK || describe(keygen, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_files(keygen, err);
}

static int print(const struct keygen *keygen, const struct cret_options *options)
{
    if (keygen->exposed) {
        cret_print_note(options,
                        "WARNING: the file system lets others read the encrypted key: %s: move it "
                        "to one that keeps modes (0600)",
                        keygen->key_path);
    }
    if (cret_options_given(options, "json")) {
        return cret_print_json(options,
                               json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "cretula", "keygen/1",
                                         "key", keygen->key_path, "certificate",
                                         keygen->certificate_path, "algorithm", keygen->algorithm,
                                         "fingerprint", keygen->fingerprint, "ends", keygen->ends),
                               CRET_EXIT_DONE);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "Made a key (%s) and its certificate", keygen->algorithm);
    cret_page_text(page, "key", keygen->key_path);
    cret_page_text(page, "certificate", keygen->certificate_path);
    cret_page_text(page, "ends", keygen->ends);
    cret_page_text(page, "fingerprint", keygen->fingerprint);
    cret_page_text(page, "next",
                   "keep the key secret; give the certificate to those who verify, and its "
                   "fingerprint on another way (telephone, paper), so that they can compare");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct keygen keygen = {.passphrase_fd = -1};
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (read_options(&keygen, options, &err) == CRET_OK && make(&keygen, &err) == CRET_OK) {
        code = print(&keygen, options);
    } else {
        code = cret_verb_fail(options, &err);
    }
    cret_key_text_free(&keygen.key);
    free(keygen.certificate);
    free(keygen.subject);
    free(keygen.key_path);
    free(keygen.certificate_path);
    return code;
}

static const struct cret_option keygen_options[] = {
    CRET_OPTION("out", "PREFIX", "Write PREFIX.key.pem and PREFIX.cert.pem. Neither may exist.",
                .required = true),
    CRET_OPTION("algorithm", "NAME",
                "ecdsa-p256 (default), ecdsa-p384, rsa-3072, rsa-4096 or ed25519; with OpenSSL 3.5 "
                "or newer also ml-dsa-65 or ml-dsa-87 (post-quantum)."),
    CRET_OPTION("subject", "DN",
                "Name in the certificate, for example \"CN=Release signing,O=Example GmbH,C=DE\". "
                "Default: CN= and the prefix's last part."),
    CRET_OPTION("days", "N", "Validity of the certificate in days. Default: 1825."),
    CRET_OPTION("passphrase-fd", "N",
                "Read the new passphrase from descriptor N (one line). Default: it is asked for "
                "twice on the terminal."),
    CRET_OPTION_END,
};
static const struct cret_option_group keygen_group = {"Key pair", keygen_options};

const struct cret_verb cret_verb_keygen = {
    .name = "keygen",
    .summary = "Make a signing key and its certificate",
    .help =
        "The private key is encrypted (PKCS#8) and readable by its owner only; the certificate is "
        "self-signed, for code signing. Hand its fingerprint to those who verify, on another way "
        "than the releases.",
    .groups = CRET_GROUPS(&keygen_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign keygen --out release "
                              "--subject \"CN=Release signing,O=Example GmbH,C=DE\""),
    .run = act,
};
