/* SPDX-License-Identifier: Apache-2.0 */
/* export vdi2770: the documents of a release as document containers. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/path.h"
#include "console/print.h"
#include "verifier/export/export.h"
#include "verifier/export/vdi2770.h"
#include "verifier/export/zip_write.h"
#include "verifier/report/pieces.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Two folders beside what is made: what comes out of the archive, and what is published (--to). */
struct run {
    const struct cret_options *options;
    const struct cret_session *session;
    const char *destination; /* of --to or --out */
    bool single;             /* --out: one container, a file */
    char *payload, *staging;
    int payload_fd, staging_fd;
    struct cret_subject subject;
    json_t *documents;  /* which of the release's */
    json_t *containers; /* [{"document", "container", "missing", "notes"}] */
    size_t left_out;
    struct cret_output *output; /* of --out */
    bool published;
};

static enum cret_status prepare(struct run *run, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (run->single) {
        return cret_output_open(&run->output, run->destination, 0644, CRET_OUTPUT_NEW, err) ==
                       CRET_OK
                   ? cret_os_temporary_directory(&run->payload, &run->payload_fd, run->destination,
                                                 err)
                   : CRET_FAILED;
    }
    if (cret_output_no_stream("--to", run->destination, err) != CRET_OK ||
        cret_os_stat_path(&info, &exists, run->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "--to: %s exists already", run->destination);
        return cret_err_hint(err, "name a folder that does not exist");
    }
    if (cret_os_temporary_directory(&run->payload, &run->payload_fd, run->destination, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    return cret_os_temporary_directory(&run->staging, &run->staging_fd, run->destination, err);
}

/* "EA-DOC-1.zip" of an id. Caller frees; NULL: memory, or no name can be made of it (err). */
static char *container_name(const char *id, struct cret_err *err)
{
    char *flat = strdup(id), *path = NULL, *name = NULL;
    if (flat == NULL) {
        cret_err_memory(err);
        return NULL;
    }
    for (char *at = flat; *at != '\0'; at++) {
        *at = *at == '/' ? '_' : *at;
    }
    if (cret_path_map(&path, flat, err) == CRET_OK) {
        name = cret_text_printf("%s.zip", path);
        if (name == NULL) {
            cret_err_memory(err);
        }
    } else {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
    }
    free(path);
    free(flat);
    return name;
}

/* The document's file, as it was extracted. */
static enum cret_status add_file(const struct run *run, struct cret_zip *zip, const char *file,
                                 struct cret_err *err)
{
    const char *name = cret_path_name(file);
    struct cret_file_info info;
    int fd = -1;
    if (cret_os_open_read_beneath(&fd, run->payload_fd, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_os_stat_fd(&info, fd, err) == CRET_OK
                                        ? cret_zip_add_file(zip, name, fd, info.size, err)
                                        : CRET_FAILED;
    cret_os_close(&fd);
    return status;
}

static enum cret_status write_zip(const struct run *run, int fd, const json_t *document,
                                  const struct cret_buffer *metadata, struct cret_err *err)
{
    struct cret_zip *zip = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_zip_new(&zip, fd, err) == CRET_OK &&
        cret_zip_add(zip, CRET_VDI2770_METADATA, metadata->data, metadata->size, err) == CRET_OK &&
        add_file(run, zip, cret_json_string(document, "file"), err) == CRET_OK) {
        status = cret_zip_finish(&zip, err);
    }
    cret_zip_discard(&zip);
    return status;
}

static enum cret_status write_container(const struct run *run, const char *name,
                                        const json_t *document, const struct cret_buffer *metadata,
                                        struct cret_err *err)
{
    int fd = -1;
    enum cret_status status = CRET_FAILED;
    if (run->single) {
        status = write_zip(run, cret_output_fd(run->output), document, metadata, err);
    } else if (cret_os_create_beneath(&fd, run->staging_fd, name, 0644, err) == CRET_OK) {
        status = write_zip(run, fd, document, metadata, err);
        cret_os_close(&fd);
    }
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", name);
}

static enum cret_status note(struct run *run, const char *id, const char *container,
                             const struct cret_vdi2770 *made, struct cret_err *err)
{
    struct cret_build entry = cret_build_object();
    cret_build_text(&entry, "document", id);
    cret_build_string(&entry, "container", container);
    cret_build_text(&entry, "missing", made->missing.size > 0 ? made->missing.data : NULL);
    cret_build_text(&entry, "notes", made->notes.size > 0 ? made->notes.data : NULL);
    return json_array_append_new(run->containers, cret_build_end(&entry)) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

static enum cret_status make_one(struct run *run, const json_t *document, const char *comment,
                                 struct cret_err *err)
{
    const char *id = cret_vdi2770_id(document);
    struct cret_vdi2770 made;
    char *name = NULL;
    enum cret_status status =
        cret_vdi2770_make(&made, run->subject.manifest, document, comment, err);
    if (status == CRET_OK && made.missing.size > 0 && run->single) {
        status = cret_err_undecided(err, "%s: there is no container: %s", id, made.missing.data);
        cret_err_hint(err, "only the vendor can say it: ask for a release that does");
    } else if (status == CRET_OK && made.missing.size > 0) {
        run->left_out++;
    } else if (status == CRET_OK) {
        name = run->single ? strdup(run->destination) : container_name(id, err);
        status =
            name != NULL ? write_container(run, name, document, &made.metadata, err) : CRET_FAILED;
    }
    status = status == CRET_OK ? note(run, id, name, &made, err) : CRET_FAILED;
    free(name);
    cret_vdi2770_clear(&made);
    return status;
}

static enum cret_status make_all(struct run *run, struct cret_err *err)
{
    char identity[CRET_SHA256_HEX];
    cret_hex_encode(identity, run->subject.outcome->identity, CRET_SHA256_BYTES);
    char *standing = cret_subject_standing(&run->subject, run->session);
    char *comment = standing != NULL ? cret_text_printf("made by Cretula of the release "
                                                        "with the identity %s: %s",
                                                        identity, standing)
                                     : NULL;
    enum cret_status status = comment != NULL ? CRET_OK : cret_err_memory(err);
    CRET_JSON_EACH (document, run->documents) {
        status = status == CRET_OK ? make_one(run, document, comment, err) : CRET_FAILED;
    }
    free(comment);
    free(standing);
    return status;
}

/* Whether one of its ids is this one. */
static bool is_called(const json_t *document, const char *id)
{
    bool found = false;
    CRET_JSON_EACH (one, json_object_get(document, "ids")) {
        const char *text = cret_json_string(one, "id");
        found = found || (text != NULL && strcmp(text, id) == 0);
    }
    return found;
}

/* All documents, or the one of --out. */
static enum cret_status choose(struct run *run, struct cret_err *err)
{
    const json_t *all = json_object_get(run->subject.manifest, "documents");
    const char *wanted = cret_options_value(run->options, "document");
    struct cret_build chosen = cret_build_list();
    struct cret_buffer ids = {0};
    CRET_JSON_EACH_AT (index, document, all) {
        cret_buffer_printf(&ids, "%s%s", index > 0 ? ", " : "", cret_vdi2770_id(document));
        if (wanted == NULL || is_called(document, wanted)) {
            cret_build_add(&chosen, json_incref(document));
        }
    }
    enum cret_status status = cret_build_take(&run->documents, &chosen, err);
    if (status == CRET_OK && run->single && json_array_size(run->documents) != 1) {
        cret_err_usage(err,
                       wanted != NULL ? "--document: not one document has the id %s"
                                      : "--out: which of the documents?%s",
                       wanted != NULL ? wanted : "");
        status = cret_err_expected(err, "%s", ids.size > 0 ? ids.data : "a release with documents");
    }
    cret_buffer_free(&ids);
    return status;
}

static enum cret_status publish(struct run *run, struct cret_err *err)
{
    bool mode_set = false;
    unsigned mode = 0;
    if (run->single) {
        return cret_err_fault(err) == CRET_OK ? cret_output_commit(&run->output, err) : CRET_FAILED;
    }
    if (cret_err_fault(err) != CRET_OK ||
        cret_os_share_directory(run->staging_fd, &mode_set, &mode, err) != CRET_OK ||
        cret_os_sync_file_system(run->staging_fd, err) != CRET_OK ||
        cret_os_publish_directory(run->staging, run->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->published = true;
    cret_os_finished(run->destination);
    return CRET_OK;
}

static void fill_page(struct cret_page *page, const struct run *run)
{
    const size_t count = json_array_size(run->containers);
    cret_page_verdict(page, run->left_out > 0 ? CRET_TONE_CAUTION : CRET_TONE_GOOD,
                      run->left_out > 0 ? "PARTIAL" : "DONE", "document containers of VDI 2770");
    cret_page_row(page, "written", "%zu of %zu, %s %s", count - run->left_out, count,
                  run->single ? "as" : "in", run->destination);
    CRET_JSON_EACH (one, run->containers) {
        const char *container = cret_json_string(one, "container");
        cret_page_section(page, "%s", cret_piece_text(one, "document"));
        cret_page_row(page, "container", "%s", container != NULL ? container : "none");
        cret_page_row(page, "missing", "%s", cret_piece_text(one, "missing"));
        cret_page_row(page, "note", "%s", cret_piece_text(one, "notes"));
    }
}

/* What was made, and what could not be. */
static int tell(const struct run *run, int code)
{
    if (cret_options_given(run->options, "json")) {
        return cret_print_json(run->options,
                               json_pack("{s:s, s:i, s:s, s:O}", "cretula", "vdi2770/1", "exitCode",
                                         code, run->single ? "file" : "folder", run->destination,
                                         "documents", run->containers),
                               code);
    }
    struct cret_page *page = cret_page_new();
    fill_page(page, run);
    return cret_print_last(run->options, &page, code);
}

static enum cret_status run_all(struct run *run, struct cret_err *err)
{
    if (prepare(run, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_child_job wanted = {.extract_directory = run->payload_fd,
                                          .portable_names = true};
    if (cret_subject_open(&run->subject, run->session, cret_options_operand(run->options, 0),
                          &wanted, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return choose(run, err) == CRET_OK && make_all(run, err) == CRET_OK ? publish(run, err)
                                                                        : CRET_FAILED;
}

static void clear(struct run *run)
{
    cret_os_close(&run->payload_fd);
    cret_os_close(&run->staging_fd);
    if (run->payload != NULL) {
        cret_os_remove_tree(run->payload);
    }
    if (run->staging != NULL && !run->published) {
        cret_os_remove_tree(run->staging);
    }
    free(run->payload);
    free(run->staging);
    cret_output_discard(&run->output);
    json_decref(run->documents);
    cret_subject_close(&run->subject);
    json_decref(run->containers);
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    const char *folder = cret_options_value(options, "to"),
               *file = cret_options_value(options, "out");
    if (folder == NULL && file == NULL) {
        cret_err_usage(&err, "where to?");
        cret_err_hint(&err, "--to DIR for all documents, --out FILE for one");
        return cret_verb_fail(options, &err);
    }
    if (cret_session_open(&session, options, true, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct run run = {.options = options,
                      .session = &session,
                      .destination = file != NULL ? file : folder,
                      .single = file != NULL,
                      .payload_fd = -1,
                      .staging_fd = -1,
                      .containers = json_array()};
    int code = CRET_EXIT_UNDECIDED;
    if (run.containers == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
    } else if (run_all(&run, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = tell(&run, run.left_out > 0 ? CRET_EXIT_UNDECIDED : CRET_EXIT_DONE);
    }
    clear(&run);
    cret_session_close(&session);
    return code;
}

static const struct cret_option to_options[] = {
    CRET_OPTION("to", "DIR",
                "The folder to make, with one container for each document; must not exist."),
    CRET_OPTION("out", "FILE", "One container instead, as this file; must not exist.",
                .excludes = "to"),
    CRET_OPTION("document", "ID", "Which document: one of its ids. Needed where there are several.",
                .needs = "out"),
    CRET_OPTION_END,
};
static const struct cret_option_group to_group = {"Export", to_options};

const struct cret_verb cret_verb_export_vdi2770 = {
    .name = "vdi2770",
    .operands = "FILE",
    .summary = "Export the documents as document containers of VDI 2770 part 1",
    .help =
        "Writes a ZIP file for each document of the release: the file, and VDI2770_Metadata.xml "
        "with what the release says of it. Of a single document: --out, and --document. Trust must "
        "be named, for documents are handed on "
        "only as they were verified. Where the guideline demands what the release does not say "
        "(a class, an author, a language with summary and keywords, the state of the version), "
        "there is no container, and exit code 3: nothing is made up. The guideline wants "
        "PDF/A; whether a PDF is one is not checked, and said.",
    .groups =
        CRET_GROUPS(&to_group, &cret_trust_group, &cret_example_group, &cret_confinement_group,
                    &cret_expectation_group, &cret_profile_group, &cret_waiver_group,
                    &cret_payload_group, &cret_jobs_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify export vdi2770 rtu7.cretula.tar --trust trust.json "
                              "--to handover",
                              "cretula-verify export vdi2770 rtu7.cretula.tar --trust trust.json "
                              "--document EA-DOC-70210 --out EA-DOC-70210.zip"),
    .run = act,
};
