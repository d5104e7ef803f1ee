/* SPDX-License-Identifier: Apache-2.0 */
/* adopt: an owner signs vendor files that came unsigned (docs/guides/adopt.md). */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/path.h"
#include "signer/command/options.h"
#include "signer/release/packing.h"
#include "signer/verbs/verbs.h"

/* One FILE. */
struct adopted {
    const char *path;
    const char *name; /* without its folders */
    uint8_t sha256[CRET_SHA256_BYTES];
};

/* Every FILE by its digest, which the reading process takes. */
static enum cret_status hash_files(struct adopted *files, struct cret_packing *pack,
                                   struct cret_err *err)
{
    const size_t count = cret_options_operand_count(pack->options);
    uint8_t(*digests)[CRET_SHA256_BYTES] = calloc(count, sizeof(*digests));
    if (digests == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        cret_intake_hash(cret_publish_intake(pack->publishing), digests, err);
    for (size_t i = 0; i < count; i++) {
        files[i].path = cret_options_operand(pack->options, i);
        files[i].name = cret_path_name(files[i].path);
        memcpy(files[i].sha256, digests[i], CRET_SHA256_BYTES);
    }
    free(digests);
    return status;
}

static const struct adopted *find_digest(const struct adopted *files, size_t count,
                                         const uint8_t digest[CRET_SHA256_BYTES])
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(files[i].sha256, digest, CRET_SHA256_BYTES) == 0) {
            return &files[i];
        }
    }
    return NULL;
}

/* published[]: which file has which digest. One that no file has is evidence against them. */
static enum cret_status compare_published(json_t *adoption, const struct adopted *files,
                                          const struct cret_options *options, struct cret_err *err)
{
    const size_t count = cret_options_operand_count(options);
    const size_t digests = cret_options_count(options, "published-sha256");
    json_t *list = digests > 0 ? json_array() : NULL;
    for (size_t i = 0; i < digests; i++) {
        const char *text = cret_options_values(options, "published-sha256")[i];
        uint8_t digest[CRET_SHA256_BYTES];
        char hex[CRET_SHA256_HEX];
        if (cret_sha256_read(digest, text) != CRET_OK) {
            json_decref(list);
            cret_err_usage(err, "--published-sha256: not a SHA-256: %s", text);
            return cret_sha256_expected(err, text);
        }
        const struct adopted *file = find_digest(files, count, digest);
        if (file == NULL) {
            json_decref(list);
            cret_err_refuse(err, CRET_CHECK_RELEASE_ADOPTION,
                            "no file has the SHA-256 that the vendor published: nothing was "
                            "signed");
            cret_hex_encode(hex, files[0].sha256, CRET_SHA256_BYTES);
            cret_err_where(err, "%s", files[0].path);
            cret_err_expected(err, "%s", text);
            cret_err_actual(err, "%s%s", hex, count > 1 ? " (the first file)" : "");
            return cret_err_hint(err, "do not use the files: download them again, compare version "
                                      "and name with the vendor's page, and ask the vendor");
        }
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
        if (json_array_append_new(
                list, json_pack("{s:s, s:s, s:s*}", "file", file->name, "sha256", hex, "at",
                                cret_options_value(options, "published-at"))) != 0) {
            json_decref(list);
            return cret_err_memory(err);
        }
    }
    return list == NULL || json_object_set_new(adoption, "published", list) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

/* Whether this program judges the vendor's signature; else the owner says what another tool said.
 */
static bool judges_foreign(const struct cret_options *options)
{
    return cret_options_given(options, "foreign-key") ||
           cret_options_given(options, "foreign-trust") ||
           (cret_options_given(options, "foreign-signature") &&
            !cret_options_given(options, "foreign-result"));
}

/* One entry for each file that is a signature; the adopted file itself where it is inside. */
static enum cret_status add_foreign(json_t *adoption, const struct cret_packing *pack,
                                    struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    const size_t sides = cret_options_count(options, "foreign-signature");
    const char *told = cret_options_value(options, "foreign-result");
    const char *result = told != NULL           ? told
                         : pack->proved != NULL ? pack->proved
                                                : "not judged yet";
    struct cret_build list = cret_build_list();
    if (sides == 0 && !judges_foreign(options)) {
        json_decref(cret_build_end(&list));
        return CRET_OK;
    }
    for (size_t i = 0; i < (sides > 0 ? sides : 1); i++) {
        const char *path = sides > 0 ? cret_options_values(options, "foreign-signature")[i]
                                     : cret_options_operand(options, 0);
        cret_build_add(&list,
                       json_pack("{s:s, s:s}", "file", cret_path_name(path), "result", result));
    }
    return json_object_set_new(adoption, "foreignSignatures", cret_build_end(&list)) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

/* `adoption` of the manifest; NULL with err. files: NULL where their digests are not known yet. */
static json_t *make_adoption(const struct adopted *files, const struct cret_packing *pack,
                             struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    char user[256] = "";
    const char *name = cret_options_value(options, "name");
    if (name == NULL) {
        cret_os_user_name(user, sizeof(user));
        name = user;
    }
    json_t *adoption = json_pack(
        "{s:s, s:s*, s:s, s:s, s:s*, s:s*}", "by", name, "role",
        cret_options_value(options, "role"), "source", cret_options_value(options, "source"),
        "medium", cret_options_value(options, "medium"), "acquired",
        cret_options_value(options, "acquired"), "note", cret_options_value(options, "note"));
    if (adoption == NULL) {
        cret_err_usage(err, "an option is not UTF-8 text");
        return NULL;
    }
    if ((files != NULL && compare_published(adoption, files, options, err) != CRET_OK) ||
        add_foreign(adoption, pack, err) != CRET_OK) {
        json_decref(adoption);
        return NULL;
    }
    return adoption;
}

static json_t *make_files(const struct cret_options *options)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < cret_options_operand_count(options); i++) {
        cret_build_add(&list, json_pack("{s:s}", "source", cret_options_operand(options, i)));
    }
    for (size_t i = 0; i < cret_options_count(options, "foreign-signature"); i++) {
        cret_build_add(&list, json_pack("{s:s, s:s}", "source",
                                        cret_options_values(options, "foreign-signature")[i],
                                        "role", "other"));
    }
    return cret_build_end(&list);
}

static json_t *make_hardware(const struct cret_options *options)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < cret_options_count(options, "hardware"); i++) {
        cret_build_add(&list,
                       json_pack("{s:s}", "model", cret_options_values(options, "hardware")[i]));
    }
    return cret_build_end(&list);
}

/* What pack reads from a file, adopt makes of its options. *ret_text: the same as a text; caller
 * frees. */
static enum cret_status describe(struct cret_packing *pack, const struct adopted *files,
                                 char **ret_text, size_t *ret_size, struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    enum cret_status status = CRET_FAILED;
    int64_t sequence = 0;
    char *text = NULL;
    size_t size = 0;
    cret_description_free(&pack->description);
    if (cret_options_number(&sequence, options, "sequence", 0, CRET_LIMIT_JSON_INTEGER, 0, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    json_t *adoption = make_adoption(files, pack, err);
    if (adoption == NULL) {
        return CRET_FAILED;
    }
    json_t *description = json_pack(
        "{s:{s:s, s:s}, s:s, s:o, s:{s:s, s:I}, s:o, s:o}", "product", "vendor",
        cret_options_value(options, "vendor"), "name", cret_options_value(options, "product"),
        "origin", "adopted", "adoption", adoption, "release", "version",
        cret_options_value(options, "release"), "sequence", (json_int_t)sequence, "hardware",
        make_hardware(options), "files", make_files(options));
    if (description == NULL) {
        cret_err_usage(err, "an option or a file name is not UTF-8 text");
        return CRET_FAILED;
    }
    if (cret_json_print(&text, &size, description, err) == CRET_OK &&
        cret_description_parse(&pack->description, text, size, CRET_PACKING_OPTIONS,
                               cret_options_values(options, "set"),
                               cret_options_count(options, "set"), err) == CRET_OK) {
        *ret_text = text;
        *ret_size = size;
        text = NULL;
        status = CRET_OK;
    }
    free(text);
    json_decref(description);
    return status;
}

static enum cret_status validate(struct cret_packing *pack, struct cret_err *err)
{
    const char *origin = cret_json_string(pack->description->json, "origin");
    if (cret_description_validate(pack->description, pack->findings) != CRET_OK) {
        cret_err_usage(err, "the options do not make a valid release");
        return cret_err_hint(err, "correct what is listed above");
    }
    if (origin == NULL || strcmp(origin, "adopted") != 0) {
        cret_err_usage(err, "adopt makes adopted releases only");
        return cret_err_hint(err, "leave --set origin out");
    }
    return CRET_OK;
}

/* The description once more, with what the digests say of the files; the reading process gets it
 * too. */
static enum cret_status describe_files(struct cret_packing *pack, const struct adopted *files,
                                       struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (describe(pack, files, &text, &size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        validate(pack, err) == CRET_OK
            ? cret_intake_describe(cret_publish_intake(pack->publishing), text, size, err)
            : CRET_FAILED;
    free(text);
    return status;
}

/* Whom the vendor is pinned by. *ret_policy NULL: nobody was named. */
static enum cret_status load_pins(struct cret_policy **ret_policy,
                                  const struct cret_options *options, struct cret_err *err)
{
    const char *path = cret_options_value(options, "foreign-trust");
    const bool examples = cret_options_given(options, "allow-example-keys");
    const struct cret_bare_pins bare = {.keys = cret_options_values(options, "foreign-key"),
                                        .key_count = cret_options_count(options, "foreign-key"),
                                        .allow_example_keys = examples};
    char *text = NULL;
    size_t size = 0;
    if (bare.key_count > 0) {
        return cret_policy_from_pins(ret_policy, &bare, err);
    }
    if (path == NULL) {
        return CRET_OK;
    }
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_policy_parse(ret_policy, text, size, path, cret_os_now(), examples, err);
    free(text);
    return status;
}

/* What the reading process will be asked about the vendor's own signature. Vendor and product are
 * borrowed from the description, which lives as long as that process has not answered. */
static enum cret_status prepare_foreign(struct cret_adopt_foreign *foreign,
                                        struct cret_policy **policy, struct cret_packing *pack,
                                        struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    if (!judges_foreign(options)) {
        return CRET_OK;
    }
    if (cret_options_operand_count(options) != 1) {
        cret_err_usage(err, "a vendor's signature is about one file, and several are adopted");
        return cret_err_hint(err, "adopt the file that the vendor signed by itself");
    }
    if (load_pins(policy, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const json_t *product = json_object_get(pack->description->json, "product");
    *foreign = (struct cret_adopt_foreign){
        .path = cret_options_operand(options, 0),
        .sides = cret_options_values(options, "foreign-signature"),
        .side_count = cret_options_count(options, "foreign-signature"),
        .policy = *policy,
        .vendor = cret_json_string(product, "vendor"),
        .product = cret_json_string(product, "name"),
        .now = cret_os_now(),
        .allow_example_keys = cret_options_given(options, "allow-example-keys")};
    pack->foreign = foreign;
    return CRET_OK;
}

/* Refused is refused: nothing is signed then. */
static enum cret_status judge_foreign(struct cret_packing *pack, struct cret_err *err)
{
    if (pack->foreign == NULL) {
        return CRET_OK;
    }
    if (cret_intake_foreign(cret_publish_intake(pack->publishing),
                            cret_options_given(pack->options, "published-sha256"), pack->findings,
                            &pack->proved, err) != CRET_OK) {
        return cret_err_context(err, "the vendor's signature: nothing was signed");
    }
    return CRET_OK;
}

static enum cret_status run(struct cret_packing *pack, struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    struct cret_adopt_foreign foreign;
    struct cret_policy *policy = NULL;
    struct adopted *files = calloc(cret_options_operand_count(options), sizeof(*files));
    pack->findings = cret_findings_new();
    if (pack->findings == NULL || files == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_credentials_certificates(&pack->credentials, options, err) != CRET_OK ||
        describe(pack, NULL, &text, &size, err) != CRET_OK || validate(pack, err) != CRET_OK ||
        prepare_foreign(&foreign, &policy, pack, err) != CRET_OK ||
        cret_packing_begin(pack, true, err) != CRET_OK ||
        cret_credentials_key(&pack->credentials, options, false, err) != CRET_OK ||
        hash_files(files, pack, err) != CRET_OK || judge_foreign(pack, err) != CRET_OK ||
        describe_files(pack, files, err) != CRET_OK) {
        goto out;
    }
    status = cret_packing_publish(pack, err);
out:
    cret_policy_free(&policy);
    free(pack->proved);
    pack->proved = NULL;
    pack->foreign = NULL;
    free(text);
    free(files);
    return status;
}

static int act(const struct cret_options *options)
{
    return cret_packing_run(options, run);
}

static const struct cret_option adopt_options[] = {
    CRET_OPTION("vendor", "TEXT", "Vendor of the files, as the trust policy's scope names him.",
                .required = true),
    CRET_OPTION("product", "TEXT",
                "Product that the files are for, as the trust policy's scope names it.",
                .required = true),
    CRET_OPTION("release", "VERSION", "Version of the release, as the vendor calls it.",
                .required = true),
    CRET_OPTION("sequence", "N",
                "Whole number that rises with every release of the product that is adopted: the "
                "rollback floor.",
                .required = true),
    CRET_OPTION("hardware", "MODEL", "Hardware that the files are for. Repeated: each of them.",
                .repeatable = true),
    CRET_OPTION("source", "TEXT", "Where the files come from: URL, portal, person, device.",
                .required = true),
    CRET_OPTION("medium", "TEXT", "How they came: download, USB stick, service laptop.",
                .required = true),
    CRET_OPTION("acquired", "TIME", "When they came (RFC 3339, UTC)."),
    CRET_OPTION("name", "TEXT",
                "Who compared and adopts. Default: the user of the operating system."),
    CRET_OPTION("role", "TEXT", "That person's role."),
    CRET_OPTION("note", "TEXT", "What else was compared or is known."),
    CRET_OPTION_END,
};
static const struct cret_option_group adopt_group = {"Adoption", adopt_options};

static const struct cret_option compared_options[] = {
    CRET_OPTION("published-sha256", "HEX",
                "SHA-256 that the vendor published for one of the files. Where no file has it, "
                "nothing is signed. Repeated: each of them.",
                .repeatable = true),
    CRET_OPTION("published-at", "TEXT",
                "Where the vendor published it, for example the page's URL.",
                .needs = "published-sha256"),
    CRET_OPTION("foreign-signature", "FILE",
                "What the vendor gave beside the file: its signature, a list of hashes, the "
                "signature of that list. It is packed too. Judged with --foreign-key or "
                "--foreign-trust. Repeated: each of them.",
                .repeatable = true,
                .needs = "foreign-result foreign-key foreign-trust published-sha256"),
    CRET_OPTION("foreign-key", "FILE",
                "The vendor's key or certificate: his signature, inside the file or beside it, is "
                "verified, and what it proves goes into the archive. Refused: nothing is signed. "
                "Repeated: any of them.",
                .repeatable = true, .excludes = "foreign-trust foreign-result"),
    CRET_OPTION("foreign-trust", "FILE",
                "The same by a trust policy, whose scopes pin the vendor (foreign).",
                .excludes = "foreign-key foreign-result"),
    CRET_OPTION("foreign-result", "TEXT",
                "Of a format that this program does not read: what the tool for it said, with the "
                "key's fingerprint.",
                .needs = "foreign-signature"),
    CRET_OPTION_END,
};
static const struct cret_option_group compared_group = {"Compared with", compared_options};

const struct cret_verb cret_verb_adopt = {
    .name = "adopt",
    .operands = "FILE...",
    .summary = "Sign files as their owner that came from the vendor unsigned",
    .help = "Packs FILEs, says where they come from and what they were compared with, and signs as "
            "owner, with the meaning approval. Verifiers accept the archive by a trust policy "
            "whose scope names the owner, and say in the first line that the vendor's origin is "
            "NOT authenticated. Exit code 1: a published SHA-256 is that of no file; nothing was "
            "written.",
    .groups =
        CRET_GROUPS(&adopt_group, &compared_group, &cret_archive_group, &cret_force_group,
                    &cret_description_group, &cret_key_group, &cret_certificate_group,
                    &cret_chain_group, &cret_secret_group, &cret_example_group,
                    &cret_confinement_group, &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign adopt rtu7.bin --vendor \"Old Drives Ltd\" --product RTU-7 --release 2.3 "
        "--sequence 23 --source https://olddrives.example/rtu7 --medium download "
        "--key owner.key.pem --cert owner.cert.pem"),
    .run = act,
};
