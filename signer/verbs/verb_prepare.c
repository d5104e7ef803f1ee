/* SPDX-License-Identifier: Apache-2.0 */
/* prepare: what is to be signed, for keys that are elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "keys/ceremony.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/release/publish.h"
#include "signer/report/package_report.h"
#include "signer/verbs/prepared.h"
#include "signer/verbs/verbs.h"

/* One run. The archive comes from a description, or exists. */
struct prepare {
    struct cret_amend amend; /* options, certificates, threads, and the archive that exists */
    struct cret_description *description;
    struct cret_findings *findings;
    struct cret_publishing *publishing;
    struct cret_publication *publication;
    const uint8_t *manifest; /* or the list of a package, that is signed; borrowed */
    size_t manifest_size;
    const char *vendor, *product, *version; /* borrowed */
    struct cret_output *package;            /* where one is made of an archive */
    unsigned number;                        /* of the list in a package; 0: it is none */
    bool approves;                          /* somebody signed the package before */
    char *out;                              /* the archive that is made; NULL: it exists */
    char *manifest_path;                    /* what is written; NULL: --tbs alone */
    struct cret_to_sign to_sign;
    uint8_t digest[CRET_SHA256_BYTES]; /* of the manifest */
    bool identity_open;                /* of a package: it depends on who is trusted */
};

static struct cret_sign_request make_request(const struct prepare *prepare)
{
    return (struct cret_sign_request){
        .certificate = prepare->amend.credentials.list[0],
        .chain = prepare->amend.credentials.chain,
        .chain_count = prepare->amend.credentials.intermediate_count,
        .meaning = prepare->number > 0 && !cret_options_given(prepare->amend.options, "meaning")
                       ? cret_package_meaning(prepare->approves ? 1 : 0)
                       : cret_option_meaning(prepare->amend.options),
        .allow_example_keys = prepare->amend.work.allow_example_keys,
    };
}

/* Where the manifest goes: beside the archive, unless --tbs says what is wanted instead; of an
 * archive that exists, --out is the manifest. And no two files of one name. */
static enum cret_status choose_paths(struct prepare *prepare, struct cret_err *err)
{
    const struct cret_options *options = prepare->amend.options;
    const char *out = cret_options_value(options, "out"), *tbs = cret_options_value(options, "tbs");
    const char *uadipkg = cret_options_value(options, "uadipkg");
    const bool existing = prepare->out == NULL;
    char list[32] = "MANIFEST.json";
    if (prepare->number > 0) {
        snprintf(list, sizeof(list), "ASiCManifest%03u.xml", prepare->number);
    }
    if (tbs == NULL || (existing && out != NULL)) {
        prepare->manifest_path = existing && out != NULL
                                     ? strdup(out)
                                     : cret_text_printf("%s.%s",
                                                        uadipkg != NULL ? uadipkg
                                                        : existing ? prepare->amend.existing->path
                                                                   : prepare->out,
                                                        list);
        if (prepare->manifest_path == NULL) {
            return cret_err_memory(err);
        }
    }
    const char *other = existing ? prepare->manifest_path : prepare->out;
    const bool twice = other != NULL && uadipkg != NULL && strcmp(other, uadipkg) == 0;
    if (twice || (tbs != NULL && uadipkg != NULL && strcmp(tbs, uadipkg) == 0)) {
        cret_err_usage(err, "--uadipkg names the file that --%s names", twice ? "out" : "tbs");
        cret_err_where(err, "%s", uadipkg);
        return cret_err_hint(err, "choose another name for it");
    }
    if (tbs == NULL || other == NULL || strcmp(tbs, other) != 0) {
        return CRET_OK;
    }
    cret_err_usage(err, "--tbs names the file that --out names");
    cret_err_where(err, "%s", tbs);
    return cret_err_hint(err, "choose another name for it");
}

static enum cret_status open_archive(struct prepare *prepare, struct cret_err *err)
{
    struct cret_amend *amend = &prepare->amend;
    const struct cret_options *options = amend->options;
    const char *uadipkg = cret_options_value(options, "uadipkg");
    if (cret_amend_open(amend, cret_options_operand(options, 0), false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (uadipkg == NULL) {
        return cret_prepared_read(amend, err);
    }
    if (amend->package || cret_options_given(options, "payload") ||
        cret_options_given(options, "replace")) {
        cret_err_usage(err, "--uadipkg makes a package of a release archive");
        return cret_err_hint(err, amend->package ? "this is a package: leave --uadipkg out"
                                                 : "leave --payload and --replace out");
    }
    return cret_output_open(&prepare->package, uadipkg, 0644, CRET_OUTPUT_NEW, err) == CRET_OK
               ? cret_amend_make(amend, cret_output_fd(prepare->package),
                                 cret_options_value(options, "manufacturer-uri"), err)
               : CRET_FAILED;
}

static enum cret_status from_archive(struct prepare *prepare, struct cret_err *err)
{
    static const char *const others[] = {"set", "strict-names", "previous", "detached", "force"};
    const struct cret_options *options = prepare->amend.options;
    const struct cret_apart_told *told = &prepare->amend.told;
    for (size_t i = 0; i < CRET_LENGTH(others); i++) {
        if (cret_options_given(options, others[i])) {
            return cret_err_usage(err, "--%s is for descriptions, and this is an archive",
                                  others[i]);
        }
    }
    struct cret_prepared said = {.number = 0};
    if (open_archive(prepare, err) != CRET_OK || cret_prepared_take(&said, told, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (prepare->package == NULL && prepare->amend.package != (said.number > 0)) {
        return cret_apart_malformed(err);
    }
    prepare->number = prepare->package != NULL ? 1 : said.number;
    prepare->approves = said.signatures > 0;
    prepare->manifest = (const uint8_t *)told->files[0].data;
    prepare->manifest_size = told->files[0].size;
    prepare->vendor = said.vendor;
    prepare->product = said.product;
    prepare->version = said.version;
    memcpy(prepare->digest, said.identity, sizeof(prepare->digest));
    prepare->identity_open = said.identity_open;
    return choose_paths(prepare, err);
}

static enum cret_status load_description(struct prepare *prepare, struct cret_err *err)
{
    const struct cret_options *options = prepare->amend.options;
    const char *path = cret_options_operand(options, 0);
    if (cret_options_given(options, "payload")) {
        return cret_err_usage(err, "--payload is for a front that exists");
    }
    if (cret_options_given(options, "uadipkg")) {
        cret_err_usage(err, "--uadipkg makes a package of an archive, and this is a description");
        return cret_err_hint(err, "make and sign the archive first: its signature rides along");
    }
    if (cret_description_load(&prepare->description, path, cret_options_values(options, "set"),
                              cret_options_count(options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_description_validate(prepare->description, prepare->findings) != CRET_OK) {
        cret_err_usage(err, "the description is not valid");
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "correct what is listed above");
    }
    const char *origin = cret_json_string(prepare->description->json, "origin");
    if (origin != NULL && strcmp(origin, "vendor") != 0) {
        cret_err_usage(err, "prepare makes releases of a vendor only");
        return cret_err_actual(err, "origin: %s", origin);
    }
    return CRET_OK;
}

static enum cret_status from_description(struct prepare *prepare, struct cret_err *err)
{
    const struct cret_options *options = prepare->amend.options;
    const char *const named[] = {cret_options_value(options, "cert"),
                                 cret_options_value(options, "chain"),
                                 cret_options_value(options, "previous")};
    const char *inputs[CRET_LENGTH(named)];
    if (load_description(prepare, err) != CRET_OK ||
        cret_publish_name(&prepare->out, prepare->description, cret_options_value(options, "out"),
                          err) != CRET_OK ||
        choose_paths(prepare, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *const tbs = cret_options_value(options, "tbs");
    const char *const others[] = {tbs != NULL ? tbs : prepare->manifest_path};
    struct cret_publish_request request = {
        .description = prepare->description,
        .strict_names = cret_options_given(options, "strict-names"),
        .detached = cret_options_given(options, "detached"),
        .force = cret_options_given(options, "force"),
        .previous = cret_options_value(options, "previous"),
        .out = prepare->out,
        .together = true,
        .allow_unconfined = cret_options_given(prepare->amend.options, "allow-unconfined"),
        .others = others,
        .other_count = 1,
        .inputs = inputs,
        .jobs = prepare->amend.work.jobs,
        .hash = prepare->amend.work.hash,
        .progress = prepare->amend.work.progress,
        .context = prepare->amend.work.context,
    };
    for (size_t i = 0; i < CRET_LENGTH(named); i++) {
        if (named[i] != NULL) {
            inputs[request.input_count++] = named[i];
        }
    }
    enum cret_status status =
        cret_publish_begin(&prepare->publishing, &request, err) == CRET_OK
            ? cret_publish(&prepare->publication, prepare->publishing, NULL, prepare->findings, err)
            : CRET_FAILED;
    cret_progress_end(&prepare->amend.progress);
    if (status == CRET_OK) {
        prepare->manifest = (const uint8_t *)prepare->publication->content->text;
        prepare->manifest_size = prepare->publication->content->text_size;
        const struct cret_manifest *read = prepare->publication->content->manifest;
        prepare->vendor = read->vendor;
        prepare->product = read->product;
        prepare->version = read->version;
        status = cret_sha256(prepare->digest, prepare->manifest, prepare->manifest_size, err);
    }
    return status;
}

static enum cret_status make_attributes(struct prepare *prepare, struct cret_err *err)
{
    if (cret_options_value(prepare->amend.options, "tbs") == NULL) {
        return CRET_OK;
    }
    const struct cret_sign_request request = make_request(prepare);
    return cret_ceremony_prepare(&prepare->to_sign, &request, prepare->manifest,
                                 prepare->manifest_size, err);
}

static enum cret_status begin_file(struct cret_output **ret_output, const char *path,
                                   const void *data, size_t size, struct cret_err *err)
{
    return cret_output_open(ret_output, path, 0644, CRET_OUTPUT_REPLACE, err) == CRET_OK &&
                   cret_os_write(cret_output_fd(*ret_output), data, size, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

/* The archive where it is made, and what is to be signed: all of them, or none. */
static enum cret_status write_files(struct prepare *prepare, struct cret_err *err)
{
    struct cret_output *files[3] = {NULL, NULL, NULL};
    const char *tbs = cret_options_value(prepare->amend.options, "tbs");
    size_t count = 0;
    enum cret_status status = CRET_OK;
    if (prepare->publication != NULL) {
        files[count++] = cret_publish_output(prepare->publishing);
    }
    if (prepare->package != NULL) {
        files[count++] = prepare->package;
        prepare->package = NULL;
    }
    if (prepare->manifest_path != NULL) {
        status = begin_file(&files[count++], prepare->manifest_path, prepare->manifest,
                            prepare->manifest_size, err);
    }
    if (status == CRET_OK && tbs != NULL) {
        status = begin_file(&files[count++], tbs, prepare->to_sign.der, prepare->to_sign.size, err);
    }
    if (status == CRET_OK) {
        status = cret_output_commit_all(files, count, err);
    }
    for (size_t i = 0; i < CRET_LENGTH(files); i++) {
        cret_output_discard(&files[i]);
    }
    return status;
}

static enum cret_status run(struct prepare *prepare, struct cret_err *err)
{
    bool archive = false;
    prepare->findings = cret_findings_new();
    if (prepare->findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_amend_begin(&prepare->amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_sign_request request = {0};
    if (prepare->amend.credentials.count > 0) {
        request = make_request(prepare);
        /* The time is no part of what is signed, but nobody signs with an expired certificate. */
        request.has_signing_time = true;
        request.signing_time = cret_os_now();
    }
    if ((request.certificate != NULL && cret_sign_check(&request, err) != CRET_OK) ||
        cret_prepared_exists(&archive, cret_options_operand(prepare->amend.options, 0), err) !=
            CRET_OK ||
        (archive ? from_archive : from_description)(prepare, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return make_attributes(prepare, err) == CRET_OK && write_files(prepare, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

static const char *archive_path(const struct prepare *prepare)
{
    const char *uadipkg = cret_options_value(prepare->amend.options, "uadipkg");
    return uadipkg != NULL                ? uadipkg
           : prepare->publication != NULL ? prepare->publication->out
                                          : prepare->amend.existing->path;
}

static int succeed_json(const struct prepare *prepare)
{
    char identity[CRET_SHA256_HEX], digest[2 * sizeof(prepare->to_sign.digest) + 1];
    const bool raw = prepare->to_sign.der != NULL;
    cret_hex_encode(identity, prepare->digest, CRET_SHA256_BYTES);
    cret_hex_encode(digest, prepare->to_sign.digest, prepare->to_sign.digest_size);
    json_t *attributes = raw ? json_pack("{s:s, s:s*, s:s*}", "file",
                                         cret_options_value(prepare->amend.options, "tbs"),
                                         "algorithm", prepare->to_sign.algorithm, "digest",
                                         prepare->to_sign.algorithm != NULL ? digest : NULL)
                             : NULL;
    return cret_print_json(
        prepare->amend.options,
        json_pack("{s:s, s:s, s:s*, s:s, s:s, s:s, s:s*, s:o*, s:o}", "cretula", "prepare/1",
                  "archive", archive_path(prepare), "identity",
                  prepare->identity_open ? NULL : identity, "vendor", prepare->vendor, "product",
                  prepare->product, "version", prepare->version, "manifest", prepare->manifest_path,
                  "attributes", attributes, "findings",
                  cret_report_findings_json(prepare->description, prepare->findings)),
        CRET_EXIT_DONE);
}

/* The option and its value, as they were given. */
static void add_given(struct cret_buffer *out, const struct cret_options *options, const char *name)
{
    const char *value = cret_options_value(options, name);
    if (value != NULL) {
        cret_buffer_printf(out, " --%s ", name);
        cret_shell_fill(out, "{}", value);
    }
}

/* How to sign what was prepared, and the command that takes the signature. */
static void put_next(struct cret_page *page, const struct prepare *prepare)
{
    const struct cret_options *options = prepare->amend.options;
    struct cret_buffer line = {0};
    if (prepare->to_sign.der == NULL) {
        cret_page_text(page, "next",
                       "sign that file as it is, with a CMS tool that signs signingCertificateV2:");
        cret_page_command_file(page, "",
                               "openssl cms -sign -binary -cades -nosmimecap -outform DER -signer "
                               "CERT.pem -inkey KEY.pem -in {} -out SIGNATURE.p7s",
                               prepare->manifest_path);
        cret_page_command_file(page, "then", "cretula-sign attach {} SIGNATURE.p7s",
                               archive_path(prepare));
        if (prepare->approves) {
            cret_page_row(page, "meaning",
                          "openssl cms cannot say that this is an approval, which the roles "
                          "quality and owner of a trust policy ask for; prepare --tbs says it");
        }
        return;
    }
    cret_page_row(page, "next", "sign that file (%s) with the key of the certificate",
                  prepare->to_sign.algorithm != NULL ? "or its digest"
                                                     : "as it is, not its digest");
    cret_shell_fill(&line, "cretula-sign attach {} --raw SIGNATURE", archive_path(prepare));
    add_given(&line, options, "cert");
    add_given(&line, options, "chain");
    add_given(&line, options, "meaning");
    cret_buffer_printf(&line, "%s",
                       prepare->amend.work.allow_example_keys ? " --allow-example-keys" : "");
    cret_page_command(page, "then", cret_page_words(page, &line));
    cret_buffer_free(&line);
}

static int succeed(const struct prepare *prepare)
{
    const struct cret_options *options = prepare->amend.options;
    if (cret_options_given(options, "json")) {
        return succeed_json(prepare);
    }
    cret_report_findings(prepare->amend.options, prepare->description, prepare->findings);
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    char hex[2 * sizeof(prepare->to_sign.digest) + 1];
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "Prepared %s %s, %s", prepare->product, prepare->version,
                        prepare->vendor);
    cret_page_text(page, prepare->number > 0 ? "package" : "archive", archive_path(prepare));
    cret_hex_encode(hex, prepare->digest, CRET_SHA256_BYTES);
    cret_page_text(page, "identity", prepare->identity_open ? cret_package_open_words : hex);
    cret_page_text(page, "to sign", prepare->manifest_path);
    if (prepare->to_sign.der != NULL) {
        cret_page_text(page, "to sign", cret_options_value(options, "tbs"));
        if (prepare->to_sign.algorithm != NULL) {
            cret_hex_encode(hex, prepare->to_sign.digest, prepare->to_sign.digest_size);
            cret_page_text(page, prepare->to_sign.algorithm, hex);
        }
    }
    put_next(page, prepare);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int fail(const struct prepare *prepare, const struct cret_err *err)
{
    if (cret_options_given(prepare->amend.options, "json")) {
        return cret_report_failure_json(prepare->amend.options, err, prepare->description,
                                        prepare->findings);
    }
    if (prepare->findings != NULL) {
        cret_report_findings(prepare->amend.options, prepare->description, prepare->findings);
    }
    return cret_verb_fail(prepare->amend.options, err);
}

static int act(const struct cret_options *options)
{
    struct prepare prepare = {0};
    struct cret_err err = {0};
    cret_amend_init(&prepare.amend, options, "preparing");
    prepare.amend.unsigned_too = true;
    const int code = run(&prepare, &err) == CRET_OK ? succeed(&prepare) : fail(&prepare, &err);
    cret_to_sign_clear(&prepare.to_sign);
    cret_publish_end(&prepare.publishing);
    cret_output_discard(&prepare.package);
    free(prepare.out);
    free(prepare.manifest_path);
    cret_publication_free(&prepare.publication);
    cret_description_free(&prepare.description);
    cret_findings_free(&prepare.findings);
    cret_amend_clear(&prepare.amend);
    return code;
}

static const struct cret_option prepare_options[] = {
    CRET_OPTION("out", "FILE",
                "From a description: the archive to write (default: "
                "<product>-<version>.cretula.tar); MANIFEST.json is written beside it as "
                "FILE.MANIFEST.json. From an archive: where its MANIFEST.json is written; from a "
                "package, or with --uadipkg: where the list to sign is written (default: beside "
                "the package, as FILE.ASiCManifest001.xml)."),
    CRET_OPTION("uadipkg", "FILE",
                "From an archive: make an OPC UA software package of it, which nobody signed yet, "
                "and what its author signs. Nothing may be there. It ends with .uadipkg."),
    CRET_OPTION("manufacturer-uri", "URI",
                "With --uadipkg: ManufacturerUri of the package, where the release has no "
                "manufacturer.uri.",
                .needs = "uadipkg"),
    CRET_OPTION_END,
};
static const struct cret_option_group prepare_group = {"Archive", prepare_options};

static const struct cret_option attributes_options[] = {
    CRET_OPTION("tbs", "FILE",
                "Write the signed attributes (DER) that a raw signer signs, without a signing "
                "time, instead of MANIFEST.json.",
                .needs = "cert"),
    CRET_OPTION("cert", "PEM",
                "The certificate of the key that will sign; intermediates may follow it.",
                .needs = "tbs"),
    CRET_FLAG("replace",
              "The signature will take the place of the one by the same key (attach --replace).",
              .needs = "tbs"),
    CRET_OPTION_END,
};
static const struct cret_option_group attributes_group = {"Raw signers", attributes_options};

const struct cret_verb cret_verb_prepare = {
    .name = "prepare",
    .operands = "DESCRIPTION|FILE",
    .summary = "Make what is to be signed, without a key",
    .help =
        "For keys that this program cannot reach (HSM, signing service, smartcard, another room). "
        "From a description, the unsigned archive is written; an archive that exists is verified "
        "first. Then the few kB to sign are written: MANIFEST.json for a CMS tool, or with --tbs "
        "the bytes for a raw signer. attach brings the signature in. Of an OPC UA package "
        "(.uadipkg) the list is written that an approval signs, over all of it and over who "
        "signed before; --uadipkg makes one of an archive, for its author to sign.",
    .groups =
        CRET_GROUPS(&cret_description_group, &prepare_group, &cret_release_group, &cret_force_group,
                    &cret_payload_group, &attributes_group, &cret_chain_group, &cret_meaning_group,
                    &cret_example_group, &cret_confinement_group, &cret_jobs_group,
                    &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign prepare release.yaml --out r.cretula.tar",
                              "cretula-sign prepare r.cretula.tar --cert quality.cert.pem "
                              "--meaning approval --tbs quality.tbs",
                              "cretula-sign prepare r.cretula.tar --uadipkg RTU-7.uadipkg",
                              "cretula-sign prepare RTU-7.uadipkg --cert plant.cert.pem "
                              "--tbs plant.tbs"),
    .run = act,
};
