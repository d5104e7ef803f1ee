/* SPDX-License-Identifier: Apache-2.0 */
/* sbom complete: the SBOM of a description with what the release knows. */
#include <stdlib.h>
#include <string.h>

#include "base/command/version.h"
#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/nested/nested.h"
#include "release/sbom/sbom_complete.h"
#include "release/sbom/sbom_vex.h"
#include "signer/command/options.h"
#include "signer/release/payload.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"

/* Only archives that are expanded need it; nothing stays. */
#define SPOOL_BESIDE "/var/tmp/cretula-sbom"
#define READ_BYTES (256u << 10)

/* One run of `sbom complete`. */
struct run {
    const struct cret_options *options;
    struct cret_description *description;
    struct cret_draft *draft;
    struct cret_findings *findings;
    struct cret_payload payload;
    struct cret_sbom *sbom;
    size_t place;                  /* of the SBOM, in sbom[] */
    struct cret_sbom_bound *bound; /* one for each bind, and one behind them for the root */
    size_t bound_count;
    bool has_root;
    json_t *changes;
    char *text; /* the completed SBOM */
    size_t size;
    struct cret_output *output; /* NULL: standard output */
    struct cret_output *vex;    /* NULL: vulnerabilities stay where they are */
    char *vex_text;             /* NULL: there are none */
    size_t vex_size;
};

/* The SBOM that is meant: the only one, or the one that --sbom names. */
static enum cret_status choose_sbom(struct run *run, struct cret_err *err)
{
    const json_t *list = json_object_get(run->description->json, "sbom");
    const char *wanted = cret_options_value(run->options, "sbom");
    if (json_array_size(list) == 0) {
        cret_err_usage(err, "the description names no SBOM");
        return cret_err_hint(err, "add sbom with file and format, and list the file in files");
    }
    if (wanted == NULL && json_array_size(list) > 1) {
        cret_err_usage(err, "the description names %zu SBOMs", json_array_size(list));
        return cret_err_hint(err, "say which: --sbom %s",
                             cret_json_string(json_array_get(list, 0), "file"));
    }
    CRET_JSON_EACH_AT (index, entry, list) {
        if (wanted == NULL || strcmp(cret_json_string(entry, "file"), wanted) == 0) {
            run->place = index;
            return CRET_OK;
        }
    }
    cret_err_usage(err, "--sbom: the description names no SBOM %s", wanted);
    return cret_err_expected(err, "a file of an entry of sbom, such as %s",
                             cret_json_string(json_array_get(list, 0), "file"));
}

static struct cret_sbom_place place_of(const struct run *run)
{
    const struct cret_sbom_place place = {run->draft->manifest, run->place};
    return place;
}

/* Collects and hashes the files of the release. */
static enum cret_status read_release(struct run *run, struct cret_err *err)
{
    const struct cret_collect_request collect = {
        .strict_names = cret_options_given(run->options, "strict-names"),
        .spool_beside = SPOOL_BESIDE,
    };
    struct cret_draft_write job = {.fd = -1};
    uint64_t end = 0;
    if (cret_option_jobs(&job.jobs, run->options, err) != CRET_OK ||
        cret_option_hash(&job.hash, run->options, err) != CRET_OK ||
        cret_description_load(&run->description, cret_options_operand(run->options, 0),
                              cret_options_values(run->options, "set"),
                              cret_options_count(run->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_description_validate(run->description, run->findings) != CRET_OK) {
        return cret_err_usage(err, "the description is not valid");
    }
    if (choose_sbom(run, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_draft_make(&run->draft, run->description, &collect, true, run->findings, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_findings_failed(run->findings)) {
        return cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the release has faults");
    }
    return cret_draft_write(run->draft, &job, &end, err);
}

/* Digests of a payload file. */
static enum cret_status hash_file(struct run *run, size_t entry, struct cret_sbom_bound *bound,
                                  struct cret_err *err)
{
    const struct cret_payload_reader reader = cret_payload_reader(&run->payload);
    struct cret_sha512 *hash = NULL;
    enum cret_status status = CRET_FAILED;
    uint8_t *data = malloc(READ_BYTES);
    uint64_t offset = 0;
    size_t got = 0;
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sha512_new(&hash, err) != CRET_OK) {
        goto out;
    }
    do {
        if (reader.read(reader.context, entry, offset, data, READ_BYTES, &got, err) != CRET_OK) {
            goto out;
        }
        cret_sha512_update(hash, data, got);
        if (offset == 0) {
            bound->nature = cret_nature_of(data, got);
        }
        offset += got;
    } while (got > 0);
    memcpy(bound->sha256, run->draft->manifest->entries[entry].sha256, CRET_SHA256_BYTES);
    status = cret_sha512_final(hash, bound->sha512, err);
out:
    cret_sha512_free(&hash);
    free(data);
    return status;
}

struct range {
    struct cret_payload_reader reader;
    size_t entry;
};

static enum cret_status read_range(void *context, uint64_t offset, void *data, size_t size,
                                   size_t *ret_got, struct cret_err *err)
{
    const struct range *range = context;
    return range->reader.read(range->reader.context, range->entry, offset, data, size, ret_got,
                              err);
}

/* Digests of a file inside an archive of the payload. */
static enum cret_status hash_member(struct run *run, size_t entry, const char *member,
                                    struct cret_sbom_bound *bound, struct cret_err *err)
{
    const struct cret_entry *file = &run->draft->manifest->entries[entry];
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct range range = {.reader = cret_payload_reader(&run->payload), .entry = entry};
    const struct cret_nested_input input = {
        .read = read_range, .context = &range, .size = file->size, .name = file->path};
    struct cret_nested_want want = {.path = member};
    enum cret_nested_outcome outcome = CRET_NESTED_UNSUPPORTED;
    char detail[CRET_NESTED_DETAIL] = "";
    if (cret_nested_read(&input, &limits, &want, 1, &outcome, detail, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (outcome != CRET_NESTED_READ) {
        return cret_err_refuse(err, CRET_CHECK_SBOM_NESTED, "%s cannot be looked into: %s",
                               file->path, detail);
    }
    if (want.found != 1 || want.others > 0) {
        return cret_err_refuse(err, CRET_CHECK_SBOM_BINDING, "%s holds %zu %s%s %s", file->path,
                               want.found, cret_plural(want.found, "file", "files"),
                               want.others > 0 ? " and links or folders" : "", member);
    }
    memcpy(bound->sha256, want.sha256, sizeof(want.sha256));
    memcpy(bound->sha512, want.sha512, sizeof(want.sha512));
    return CRET_OK;
}

/* The file that is the product where no bind says so: the only one with the role firmware. */
static size_t only_firmware(const struct cret_manifest *manifest)
{
    size_t found = manifest->file_count;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (manifest->files[i].role != NULL && strcmp(manifest->files[i].role, "firmware") == 0) {
            if (found < manifest->file_count) {
                return manifest->file_count;
            }
            found = i;
        }
    }
    return found;
}

static enum cret_status hash_bound(struct run *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->draft->manifest;
    const struct cret_sbom_place place = place_of(run);
    const json_t *binds = json_object_get(cret_sbom_entry(&place), "binds");
    run->bound = calloc(json_array_size(binds) + 1, sizeof(*run->bound));
    if (run->bound == NULL) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH (bind, binds) {
        struct cret_sbom_bound *bound = &run->bound[run->bound_count++];
        const char *member = cret_json_string(bind, "member");
        const size_t entry = cret_manifest_find(manifest, cret_json_string(bind, "file"));
        bound->component = cret_json_string(bind, "component");
        bound->file = cret_path_name(member != NULL ? member : cret_json_string(bind, "file"));
        if ((member != NULL ? hash_member(run, entry, member, bound, err)
                            : hash_file(run, entry, bound, err)) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    const size_t firmware = only_firmware(manifest);
    run->has_root = firmware < manifest->file_count;
    if (!run->has_root) {
        return CRET_OK;
    }
    run->bound[run->bound_count].file = cret_path_name(manifest->entries[firmware].path);
    return hash_file(run, firmware, &run->bound[run->bound_count], err);
}

/* The SBOM itself is completed in place; any other file that was read is no output. */
static void allow_in_place(struct run *run, const char *path)
{
    const struct cret_collection *collection = run->draft->collection;
    struct cret_file_info old;
    const int fd = run->output != NULL ? cret_output_old_fd(run->output) : -1;
    if (fd < 0 || cret_os_stat_fd(&old, fd, NULL) != CRET_OK) {
        return;
    }
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *file = &collection->files[i];
        if (strcmp(file->path, path) == 0 && file->device == old.device &&
            file->inode == old.inode) {
            cret_output_amend(run->output);
        }
    }
}

/* The SBOM as it is now. Its faults are what is going to be completed. */
static enum cret_status read_sbom(struct run *run, struct cret_err *err)
{
    const struct cret_sbom_place place = place_of(run);
    const char *format = cret_json_string(cret_sbom_entry(&place), "format");
    const char *file = cret_json_string(cret_sbom_entry(&place), "file");
    struct cret_findings *found = cret_findings_new();
    char *text = NULL;
    size_t size = 0, entry = 0;
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (!cret_sbom_wanted(&place, &entry)) {
        cret_err_usage(err, "the SBOM is too large to be parsed");
    } else if (cret_payload_read_text(&text, &size, run->draft, entry, CRET_LIMIT_PARSED_FILE_BYTES,
                                      err) == CRET_OK) {
        status = cret_sbom_read(&run->sbom, text, size, file, format, found, err);
        allow_in_place(run, run->draft->files.entries[entry].path);
    }
    free(text);
    cret_findings_free(&found);
    return status;
}

/* As text that every reader of it takes, the one that it was read by too. */
static enum cret_status print_within(char **ret_text, size_t *ret_size, const json_t *json,
                                     struct cret_err *err)
{
    free(*ret_text);
    *ret_text = NULL;
    if (cret_json_print_within(ret_text, ret_size, json, CRET_LIMIT_PARSED_FILE_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (*ret_size > CRET_LIMIT_PARSED_FILE_BYTES) {
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM,
                        "completed, it would have %zu bytes, more than are read", *ret_size);
        return cret_err_expected(err, "at most 128 MiB: split the SBOM");
    }
    return CRET_OK;
}

static enum cret_status print_sbom(struct run *run, struct cret_err *err)
{
    return print_within(&run->text, &run->size, cret_sbom_json(run->sbom), err);
}

/* The completed SBOM as a reader finds it: the root that was made is one of its components. */
static enum cret_status read_again(struct run *run, struct cret_err *err)
{
    const struct cret_sbom_place place = place_of(run);
    const char *file = cret_json_string(cret_sbom_entry(&place), "file");
    struct cret_findings *found = cret_findings_new();
    struct cret_sbom *sbom = NULL;
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (print_sbom(run, err) == CRET_OK) {
        status = cret_sbom_read(&sbom, run->text, run->size, file, NULL, found, err);
    }
    if (status == CRET_OK) {
        cret_sbom_free(&run->sbom);
        run->sbom = sbom;
    }
    cret_findings_free(&found);
    return status;
}

/* The SBOM without its vulnerabilities, and these as a document of their own, which names the SBOM
 * by its digest. */
static enum cret_status take_vex(struct run *run, const struct cret_sbom_facts *facts,
                                 struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    json_t *vex = NULL;
    if (read_again(run, err) != CRET_OK ||
        cret_sbom_vex_take(&vex, run->sbom, facts, run->changes, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = print_sbom(run, err);
    if (status == CRET_OK && vex != NULL) {
        status = cret_sha256(digest, run->text, run->size, err);
        if (status == CRET_OK && cret_sbom_vex_seal(vex, digest) != 0) {
            status = cret_err_memory(err);
        }
        status = status == CRET_OK ? print_within(&run->vex_text, &run->vex_size, vex, err)
                                   : CRET_FAILED;
    }
    json_decref(vex);
    return status;
}

static enum cret_status complete(struct run *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->draft->manifest;
    char date[32];
    cret_time_format(date, run->draft->date);
    const struct cret_sbom_facts facts = {
        .vendor = manifest->vendor,
        .product = manifest->product,
        .version = manifest->version,
        .purl = cret_json_string(manifest->json, "product.purl"),
        .cpe = cret_json_string(manifest->json, "product.cpe"),
        .date = date,
        .contact = cret_json_string(manifest->json, "contacts.securityContact"),
        .tool_version = cret_version,
        .bound = run->bound,
        .bound_count = run->bound_count,
        .root = run->has_root ? &run->bound[run->bound_count] : NULL,
    };
    if (cret_sbom_complete(run->sbom, &facts, &run->changes, err) != CRET_OK ||
        read_again(run, err) != CRET_OK ||
        cret_sbom_declare(run->sbom, &facts, run->changes, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return run->vex != NULL ? take_vex(run, &facts, err) : print_sbom(run, err);
}

/* What is still wrong, by the verifier's own check. */
static enum cret_status check_result(struct run *run, struct cret_err *err)
{
    const struct cret_payload_reader reader = cret_payload_reader(&run->payload);
    const struct cret_sbom_place place = place_of(run);
    struct cret_err fault = {0};
    if (cret_sbom_check_payload(&place, run->text, run->size, &reader, NULL, run->findings,
                                &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* Whether two paths lead to the same name of the same folder; one that cannot be looked at is none.
 */
static bool names_one_file(const char *left, const char *right)
{
    const char *const paths[] = {left, right};
    struct cret_file_info folders[2];
    for (size_t i = 0; i < CRET_LENGTH(paths); i++) {
        const int size = (int)(cret_path_name(paths[i]) - paths[i]);
        char *folder = cret_text_printf("%.*s.", size, paths[i]);
        bool exists = false;
        const bool known = folder != NULL &&
                           cret_os_stat_path(&folders[i], &exists, folder, NULL) == CRET_OK &&
                           exists;
        free(folder);
        if (!known) {
            return strcmp(left, right) == 0;
        }
    }
    return strcmp(cret_path_name(left), cret_path_name(right)) == 0 &&
           folders[0].device == folders[1].device && folders[0].inode == folders[1].inode;
}

/* Before anything is read: the output may be the SBOM itself, which no other run changes then. */
static enum cret_status open_output(struct run *run, struct cret_err *err)
{
    const char *out = cret_options_value(run->options, "out");
    const char *vex = cret_options_value(run->options, "vex");
    if (vex != NULL && (strcmp(vex, "-") == 0 || (out != NULL && names_one_file(out, vex)))) {
        cret_err_usage(err, "--vex: %s", vex);
        return cret_err_expected(err, "a file of its own for the vulnerabilities");
    }
    if (vex != NULL &&
        cret_output_open(&run->vex, vex, 0644, CRET_OUTPUT_REPLACE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return out == NULL || strcmp(out, "-") == 0
               ? CRET_OK
               : cret_output_open(&run->output, out, 0644, CRET_OUTPUT_REPLACE, err);
}

static enum cret_status write_to(struct cret_output *output, const char *text, size_t size,
                                 const char *path, struct cret_err *err)
{
    return cret_os_write(cret_output_fd(output), text, size, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

/* The vulnerabilities before the SBOM, which would have lost them; new files both or none. */
static enum cret_status write_result(struct run *run, struct cret_err *err)
{
    struct cret_output *files[2] = {NULL};
    size_t count = 0;
    if (run->vex_text != NULL) {
        if (write_to(run->vex, run->vex_text, run->vex_size,
                     cret_options_value(run->options, "vex"), err) != CRET_OK) {
            return CRET_FAILED;
        }
        files[count++] = run->vex;
    }
    if (run->output != NULL) {
        if (write_to(run->output, run->text, run->size, cret_options_value(run->options, "out"),
                     err) != CRET_OK) {
            return CRET_FAILED;
        }
        files[count++] = run->output;
    }
    run->vex = run->vex_text != NULL ? NULL : run->vex;
    const bool printed = run->output == NULL;
    run->output = NULL;
    if (count > 0 && cret_output_commit_all(files, count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return printed ? cret_print_text(stdout, run->text, run->size, err) : CRET_OK;
}

static int print_changes(const struct run *run)
{
    if (cret_options_given(run->options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    CRET_JSON_EACH (change, run->changes) {
        cret_page_statement(page, "changed %s", json_string_value(change));
    }
    if (json_array_size(run->changes) == 0) {
        cret_page_statement(page, "nothing to change");
    }
    if (cret_sbom_vex_count(run->sbom) > 0) {
        cret_page_statement(page, "the SBOM speaks of vulnerabilities, which change while it does "
                                  "not: --vex FILE puts them into a VEX file");
    } else if (run->vex_text != NULL) {
        cret_page_statement(page, "the VEX file belongs to the release: list it in files, with the "
                                  "role vex");
    }
    return cret_print_notes(run->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct run run = {.options = options, .findings = cret_findings_new()};
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    cret_payload_init(&run.payload, NULL);
    if (run.findings == NULL) {
        cret_err_memory(&err);
        goto failed;
    }
    if (open_output(&run, &err) != CRET_OK || read_release(&run, &err) != CRET_OK) {
        goto failed;
    }
    cret_payload_init(&run.payload, run.draft);
    if (read_sbom(&run, &err) != CRET_OK || hash_bound(&run, &err) != CRET_OK ||
        complete(&run, &err) != CRET_OK || check_result(&run, &err) != CRET_OK ||
        write_result(&run, &err) != CRET_OK) {
        goto failed;
    }
    code = print_changes(&run);
    if (cret_findings_failed(run.findings)) {
        cret_report_findings(options, run.description, run.findings);
        cret_print_note(options, "the SBOM still has faults, which the release cannot mend");
        code = CRET_EXIT_REFUSED;
    }
    goto out;
failed:
    if (run.findings != NULL && run.description != NULL) {
        cret_report_findings(options, run.description, run.findings);
    }
    code = cret_verb_fail(options, &err);
out:
    cret_output_discard(&run.output);
    cret_output_discard(&run.vex);
    free(run.vex_text);
    cret_payload_clear(&run.payload);
    cret_sbom_free(&run.sbom);
    cret_draft_free(&run.draft);
    cret_description_free(&run.description);
    cret_findings_free(&run.findings);
    json_decref(run.changes);
    free(run.bound);
    free(run.text);
    return code;
}

static const struct cret_option complete_options[] = {
    CRET_OPTION("out", "FILE", "Where the completed SBOM goes. Default: standard output."),
    CRET_OPTION("vex", "FILE",
                "Take vulnerabilities out of the SBOM (CycloneDX, SPDX 3), and write them here as "
                "VEX that refers to it. Nothing is written where there are none."),
    CRET_OPTION("sbom", "FILE",
                "Which SBOM, as the description names its file, where it names several."),
    CRET_OPTION_END,
};
static const struct cret_option_group complete_group = {"SBOM", complete_options};

const struct cret_verb cret_verb_sbom_complete = {
    .name = "complete",
    .operands = "DESCRIPTION",
    .summary = "Fill in what the release knows of its SBOM: root component, identity, hashes",
    .help = "Reads the SBOM that DESCRIPTION names, and writes it again with the root component of "
            "this product and version, and with the hashes of the root and of every bound "
            "component. A root that the SBOM's tool made stays, below the product. Author, contact "
            "and context come from the release where they are missing. What a release cannot know "
            "(dependencies, licences, hashes and identifiers of components) is said to be unknown, "
            "in the words of the format, and nothing is made up. Tag-value is written as JSON.",
    .groups = CRET_GROUPS(&complete_group, &cret_description_group, &cret_jobs_group,
                          &cret_quiet_group, &cret_json_errors_group),
    .examples = CRET_EXAMPLES("cretula-sign sbom complete release.yaml --out complete.cdx.json"),
    .run = act,
};
