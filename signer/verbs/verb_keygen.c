/* SPDX-License-Identifier: Apache-2.0 */
/* keygen: a private key, or one that exists, and what certifies it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/nearest.h"
#include "base/text/time.h"
#include "console/open_key.h"
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
    const struct cret_options *options;
    const char *existing;     /* --key; NULL: a new key */
    const char *algorithm;    /* of a new key; then of what there is */
    char *subject, *key_path; /* key_path NULL: the key exists */
    char *certificate_path;   /* or that of the request */
    bool for_authority;       /* a request in the place of the certificate */
    unsigned days;
    struct cret_secret_source secret;
    struct cret_key *key_in_use;  /* the key that exists */
    char *key, *certificate;      /* PEM; certificate: or request */
    bool exposed, secret_exposed; /* others have access to the key, to the file with its secret */
    char algorithm_name[24];
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

static enum cret_status check_free(const char *path, bool is_key, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        return CRET_OK;
    }
    if (is_key) {
        cret_err_usage(err, "%s exists, and keys are never overwritten", path);
        return cret_err_hint(err, "choose another --out, or move the old key away");
    }
    cret_err_usage(err, "%s exists", path);
    return cret_err_hint(err, "choose another name, or give --force where the key exists too");
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

/* A new key: its files, named by --out. */
static enum cret_status name_new(struct keygen *keygen, struct cret_err *err)
{
    const char *prefix = cret_options_value(keygen->options, "out");
    const char *subject = cret_options_value(keygen->options, "subject");
    const char *request = cret_options_value(keygen->options, "csr");
    const char *slash = strrchr(prefix, '/');
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
    keygen->certificate_path =
        request != NULL ? strdup(request) : cret_text_printf("%s.cert.pem", prefix);
    if (keygen->subject == NULL || keygen->key_path == NULL || keygen->certificate_path == NULL) {
        return cret_err_memory(err);
    }
    if (check_free(keygen->key_path, true, err) != CRET_OK ||
        check_free(keygen->certificate_path, request == NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (keygen->secret.fd < 0 && keygen->secret.file == NULL &&
        !cret_os_is_terminal(STANDARD_INPUT)) {
        cret_err_usage(err, "there is no terminal to ask for a passphrase");
        return cret_err_hint(err, "give --passphrase-file FILE or --passphrase-fd N; keys are "
                                  "never written unencrypted");
    }
    return CRET_OK;
}

/* A key that exists: what certifies it has a name of its own. */
static enum cret_status name_existing(struct keygen *keygen, struct cret_err *err)
{
    const char *path =
        cret_options_value(keygen->options, keygen->for_authority ? "csr" : "cert-out");
    const char *subject = cret_options_value(keygen->options, "subject");
    if (path == NULL) {
        cret_err_usage(err, "what is to be made of that key?");
        return cret_err_expected(err, "--cert-out FILE for a self-signed certificate, or --csr "
                                      "FILE for a request to your authority");
    }
    if (subject == NULL) {
        cret_err_usage(err, "a certificate for a key that exists needs a name");
        return cret_err_expected(err, "--subject \"CN=Release signing,O=Example GmbH,C=DE\"");
    }
    keygen->subject = strdup(subject);
    keygen->certificate_path = strdup(path);
    if (keygen->subject == NULL || keygen->certificate_path == NULL) {
        return cret_err_memory(err);
    }
    return cret_options_given(keygen->options, "force")
               ? CRET_OK
               : check_free(keygen->certificate_path, false, err);
}

static enum cret_status read_options(struct keygen *keygen, struct cret_err *err)
{
    const struct cret_options *options = keygen->options;
    const char *algorithm = cret_options_value(options, "algorithm");
    int64_t days = 0;
    keygen->algorithm = algorithm != NULL ? algorithm : DEFAULT_ALGORITHM;
    keygen->existing = cret_options_value(options, "key");
    keygen->for_authority = cret_options_given(options, "csr");
    if (keygen->existing == NULL && cret_options_value(options, "out") == NULL) {
        cret_err_usage(err, "which key?");
        cret_err_expected(err, "--out PREFIX makes one, --key URI certifies one that exists");
        return cret_err_hint(err, "cretula-sign keygen --help");
    }
    if (check_algorithm(keygen->algorithm, err) != CRET_OK ||
        cret_options_number(&days, options, "days", 1, DAYS_LONGEST, DEFAULT_DAYS, err) !=
            CRET_OK ||
        cret_secret_named(&keygen->secret, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    keygen->days = (unsigned)days;
    keygen->secret.ret_exposed = &keygen->secret_exposed;
    static const char *const outputs[] = {"--csr", "--cert-out"};
    for (size_t i = 0; i < CRET_LENGTH(outputs); i++) {
        const char *path = cret_options_value(options, outputs[i] + strlen("--"));
        if (path != NULL && cret_output_no_stream(outputs[i], path, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return keygen->existing != NULL ? name_existing(keygen, err) : name_new(keygen, err);
}

/* From the file or descriptor, or twice from the terminal. */
static enum cret_status read_passphrase(char *out, size_t size, const struct keygen *keygen,
                                        struct cret_err *err)
{
    char again[CRET_LIMIT_SECRET_BYTES];
    enum cret_status status = CRET_FAILED;
    if (keygen->secret.fd >= 0 || keygen->secret.file != NULL) {
        status = cret_secret_read(out, size, &keygen->secret, keygen->key_path, err);
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

/* What certifies a key that exists, alone. */
static enum cret_status write_alone(const struct keygen *keygen, struct cret_err *err)
{
    const size_t size = strlen(keygen->certificate);
    return cret_options_given(keygen->options, "force")
               ? cret_file_write(keygen->certificate_path, keygen->certificate, size, 0644, err)
               : cret_file_create(keygen->certificate_path, keygen->certificate, size, 0644, err);
}

static enum cret_status describe(struct keygen *keygen, struct cret_err *err)
{
    struct cret_certificate **list = NULL;
    size_t count = 0;
    snprintf(keygen->algorithm_name, sizeof(keygen->algorithm_name), "%s",
             keygen->key_in_use != NULL ? cret_key_algorithm(keygen->key_in_use)
                                        : keygen->algorithm);
    if (keygen->for_authority) {
        return CRET_OK;
    }
    if (cret_certificates_read(&list, &count, keygen->certificate, strlen(keygen->certificate),
                               keygen->certificate_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(keygen->fingerprint, cret_certificate_digest(list[0]), CRET_SHA256_BYTES);
    cret_time_format(keygen->ends, cret_certificate_not_after(list[0]));
    cret_certificates_free(&list, count);
    return CRET_OK;
}

static struct cret_certify_request certify_request(const struct keygen *keygen)
{
    return (struct cret_certify_request){.subject = keygen->subject,
                                         .days = keygen->days,
                                         .now = cret_os_now(),
                                         .for_authority = keygen->for_authority};
}

static enum cret_status make_new(struct keygen *keygen, struct cret_err *err)
{
    char passphrase[CRET_LIMIT_SECRET_BYTES];
    enum cret_status status = read_passphrase(passphrase, sizeof(passphrase), keygen, err);
    if (status == CRET_OK) {
        const struct cret_generate_request request = {.algorithm = keygen->algorithm,
                                                      .passphrase = passphrase,
                                                      .certificate = certify_request(keygen)};
        status = cret_key_generate(&keygen->key, &keygen->certificate, &request, err);
    }
    explicit_bzero(passphrase, sizeof(passphrase));
    if (status != CRET_OK || describe(keygen, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_files(keygen, err);
}

static enum cret_status make_existing(struct keygen *keygen, struct cret_err *err)
{
    const struct cret_certify_request request = certify_request(keygen);
    if (cret_key_open(&keygen->key_in_use, keygen->existing, NULL, &keygen->secret, err) !=
            CRET_OK ||
        cret_key_own(keygen->key_in_use, cret_options_given(keygen->options, "allow-example-keys"),
                     err) != CRET_OK ||
        cret_key_certify(&keygen->certificate, keygen->key_in_use, &request, err) != CRET_OK ||
        describe(keygen, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_alone(keygen, err);
}

/* Members without a value are left out. */
static json_t *as_json(const struct keygen *keygen)
{
    const bool certifies = !keygen->for_authority;
    return json_pack("{s:s, s:s*, s:s, s:s, s:s*, s:s*}", "cretula", "keygen/1", "key",
                     keygen->key_path, certifies ? "certificate" : "request",
                     keygen->certificate_path, "algorithm", keygen->algorithm_name, "fingerprint",
                     certifies ? keygen->fingerprint : NULL, "ends",
                     certifies ? keygen->ends : NULL);
}

static struct cret_page *as_page(const struct keygen *keygen)
{
    const char *what = keygen->for_authority ? "certificate request" : "certificate";
    struct cret_page *page = cret_page_new();
    if (keygen->key_path != NULL) {
        cret_page_statement(page, "Made a key (%s) and its %s", keygen->algorithm_name, what);
        cret_page_text(page, "key", keygen->key_path);
    } else {
        cret_page_statement(page, "Made a %s for that key (%s)", what, keygen->algorithm_name);
    }
    cret_page_text(page, keygen->for_authority ? "request" : "certificate",
                   keygen->certificate_path);
    if (keygen->for_authority) {
        cret_page_text(page, "next",
                       "send it to your certificate authority; what comes back must be for code "
                       "signing, and is what --cert takes, with its intermediates behind it");
        return page;
    }
    cret_page_text(page, "ends", keygen->ends);
    cret_page_text(page, "fingerprint", keygen->fingerprint);
    cret_page_text(page, "next",
                   "keep the key secret; give the certificate to those who verify, and its "
                   "fingerprint on another way (telephone, paper), so that they can compare");
    return page;
}

static int print(const struct keygen *keygen)
{
    const struct cret_options *options = keygen->options;
    if (keygen->exposed) {
        cret_print_note(options,
                        "WARNING: the file system lets others read the encrypted key: %s: move it "
                        "to one that keeps modes (0600)",
                        keygen->key_path);
    }
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, as_json(keygen), CRET_EXIT_DONE);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = as_page(keygen);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct keygen keygen = {.options = options, .secret = {.fd = -1}};
    struct cret_err err = {0};
    enum cret_status status = read_options(&keygen, &err);
    if (status == CRET_OK) {
        status = keygen.existing != NULL ? make_existing(&keygen, &err) : make_new(&keygen, &err);
    }
    if (keygen.secret_exposed) {
        cret_secret_warn(options, &keygen.secret);
    }
    const int code = status == CRET_OK ? print(&keygen) : cret_verb_fail(options, &err);
    cret_key_free(&keygen.key_in_use);
    cret_key_text_free(&keygen.key);
    free(keygen.certificate);
    free(keygen.subject);
    free(keygen.key_path);
    free(keygen.certificate_path);
    return code;
}

static const struct cret_option keygen_options[] = {
    CRET_OPTION("out", "PREFIX",
                "Make a key: write PREFIX.key.pem and PREFIX.cert.pem. Neither may exist.",
                .excludes = "key"),
    CRET_OPTION("algorithm", "NAME",
                "ecdsa-p256 (default), ecdsa-p384, rsa-3072, rsa-4096 or ed25519; with OpenSSL 3.5 "
                "or newer also ml-dsa-65 or ml-dsa-87 (post-quantum).",
                .needs = "out"),
    CRET_OPTION("key", "URI",
                "Make no key, but certify this one: a PEM file, pkcs11:... or handle:0x81..., as "
                "`pack --key` takes it. The token must hold its public half too.",
                .excludes = "out"),
    CRET_OPTION("cert-out", "FILE", "With --key: the self-signed certificate to write.",
                .needs = "key", .excludes = "csr"),
    CRET_OPTION("csr", "FILE",
                "Write a certificate request (PKCS#10), which your authority answers with a "
                "certificate, in the place of a self-signed one.",
                .excludes = "cert-out days"),
    CRET_FLAG("force", "Replace the file of --cert-out or --csr. Keys are never replaced.",
              .needs = "key"),
    CRET_OPTION("subject", "DN",
                "Name in the certificate, for example \"CN=Release signing,O=Example GmbH,C=DE\". "
                "Default with --out: CN= and the prefix's last part."),
    CRET_OPTION("days", "N", "Validity of the certificate in days. Default: 1825."),
    CRET_OPTION("passphrase-fd", "N",
                "Read the passphrase, of a new key or of the one that exists, from descriptor N "
                "(one line). Default: it is asked for on the terminal, of a new key twice.",
                .excludes = "passphrase-file pin-fd pin-file"),
    CRET_OPTION("passphrase-file", "FILE",
                "Read it from the first line of FILE, a regular file or a pipe. A file that others "
                "can read is warned of.",
                .excludes = "passphrase-fd pin-fd pin-file"),
    CRET_OPTION_END,
};
static const struct cret_option_group keygen_group = {"Key and certificate", keygen_options};

const struct cret_verb cret_verb_keygen = {
    .name = "keygen",
    .summary = "Make a signing key and its certificate, or certify a key that exists",
    .help =
        "A new private key is encrypted (PKCS#8) and readable by its owner only; the certificate "
        "is self-signed, for code signing. Hand its fingerprint to those who verify, on another "
        "way than the releases.\n\n"
        "With --key, a key in a file, token or TPM gets a certificate or a request. The key stays "
        "where it is.",
    .groups = CRET_GROUPS(&keygen_group, &cret_pin_group, &cret_example_group, &cret_quiet_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign keygen --out release "
        "--subject \"CN=Release signing,O=Example GmbH,C=DE\"",
        "cretula-sign keygen --key \"pkcs11:token=release;object=release\" --pin-file pin "
        "--subject \"CN=Release signing,O=Example GmbH,C=DE\" --csr release.csr"),
    .run = act,
};
