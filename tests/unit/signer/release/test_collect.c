/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text/text.h"
#include "fixture.h"
#include "signer/release/collect.h"

#define HEAD "product: {vendor: A, name: B}\nrelease: {version: 1, sequence: 1}\nfiles:\n"

TestSuite(collect, .init = fixture_enter, .fini = fixture_leave);

/* One collection of release.yaml. */
struct run {
    struct cret_description *description;
    struct cret_collection *collection;
    enum cret_status status;
    struct cret_err err;
    char *list; /* "path" or "path<wanted" a line, with "!" where the original is kept */
};

static struct run collect_with(const char *files, struct cret_collect_request request)
{
    struct run run = {.status = CRET_FAILED};
    struct cret_buffer yaml = {0}, list = {0};
    cret_err_clear(&run.err);
    cret_buffer_printf(&yaml, "%s%s", HEAD, files);
    fixture_text("release.yaml", yaml.data);
    cret_buffer_free(&yaml);
    run.description = fixture_load(NULL);
    request.description = run.description;
    request.spool_beside = "out.tar";
    run.status = cret_collect(&run.collection, &request, &run.err);
    cret_buffer_printf(&list, "%s", "");
    for (size_t i = 0; run.collection != NULL && i < run.collection->count; i++) {
        const struct cret_collected *file = &run.collection->files[i];
        cret_buffer_printf(&list, "%s", file->path);
        if (strcmp(file->path, file->wanted) != 0) {
            cret_buffer_printf(&list, "<%s%s", file->wanted, file->keeps_original ? "!" : "");
        }
        cret_buffer_append(&list, "\n", 1);
    }
    run.list = list.data;
    return run;
}

static void clean(struct run *run)
{
    cret_collection_free(&run->collection);
    cret_description_free(&run->description);
    free(run->list);
}

static void expect_list(const char *files, const char *list)
{
    struct run run = collect_with(files, (struct cret_collect_request){.findings = NULL});
    cr_expect_eq(run.status, CRET_OK, "%s: %s", files, run.err.what);
    cr_expect_str_eq(run.list, list, "%s: %s", files, run.list);
    clean(&run);
    cr_expect(!fixture_stray());
}

static void expect_fault(const char *files, enum cret_err_class class, const char *words)
{
    struct run run = collect_with(files, (struct cret_collect_request){.findings = NULL});
    cr_expect(run.status != CRET_OK, "accepted: %s", files);
    cr_expect_eq(run.err.class, class, "%s: %s", files, run.err.what);
    cr_expect(strstr(run.err.what, words) != NULL, "%s: %s", files, run.err.what);
    cr_expect(strncmp(run.err.where, "release.yaml:", 13) == 0, "%s: %s", files, run.err.where);
    clean(&run);
    cr_expect(!fixture_stray());
}

Test(collect, files_folders_and_paths)
{
    fixture_text("in/a.bin", "a");
    fixture_text("in/docs/b.pdf", "b");
    fixture_text("in/docs/deep/c.md", "c");
    expect_list("  - source: in/a.bin\n", "a.bin\n");
    expect_list("  - {source: in/a.bin, path: x/y.img}\n", "x/y.img\n");
    expect_list("  - source: in\n", "in/a.bin\nin/docs/b.pdf\nin/docs/deep/c.md\n");
    expect_list("  - source: in/docs/\n", "docs/b.pdf\ndocs/deep/c.md\n");
    expect_list("  - {source: in/docs, path: d/e}\n", "d/e/b.pdf\nd/e/deep/c.md\n");
    expect_list("  - source: in/docs/deep/..\n", "b.pdf\ndeep/c.md\n");
    expect_list("  - source: in/docs\n  - source: in/a.bin\n",
                "a.bin\ndocs/b.pdf\ndocs/deep/c.md\n");
}

Test(collect, missing_and_strange_sources)
{
    fixture_text("a.bin", "a");
    cr_assert_eq(mkdir("empty", 0755), 0);
    cr_assert_eq(mkfifo("pipe", 0644), 0);
    cr_assert_eq(symlink("nowhere", "dangling"), 0);
    expect_fault("  - source: nothing\n", CRET_ERR_UNDECIDED, "no file or folder nothing");
    expect_fault("  - source: dangling\n", CRET_ERR_UNDECIDED, "dangling");
    expect_fault("  - source: empty\n", CRET_ERR_USAGE, "no file in the folder");
    expect_fault("  - source: pipe\n", CRET_ERR_USAGE, "neither a file nor a folder");
    expect_fault("  - {source: empty, expand: true}\n", CRET_ERR_USAGE, "is a folder");
    expect_fault("  - {source: a.bin, expand: true}\n", CRET_ERR_USAGE, "cannot be read");
    expect_fault("  - {source: a.bin, path: SHA256SUMS}\n", CRET_ERR_USAGE, "archive's own");
    expect_fault("  - {source: a.bin, path: sha256sums}\n", CRET_ERR_USAGE, "archive's own");
}

Test(collect, links_and_special_files_in_folders_are_refused)
{
    fixture_text("in/a.bin", "a");
    cr_assert_eq(symlink("a.bin", "in/link"), 0);
    expect_fault("  - source: in\n", CRET_ERR_USAGE, "in/link is a symbolic link");
    cr_assert_eq(unlink("in/link"), 0);
    cr_assert_eq(symlink("/etc", "in/folder"), 0);
    expect_fault("  - source: in\n", CRET_ERR_USAGE, "in/folder is a symbolic link");
    cr_assert_eq(unlink("in/folder"), 0);
    cr_assert_eq(mkfifo("in/pipe", 0644), 0);
    expect_fault("  - source: in\n", CRET_ERR_USAGE, "in/pipe is a device, pipe or socket");
}

/* Root may read everything: be somebody else. */
Test(collect, a_file_that_may_not_be_read_is_told_at_its_source)
{
    const uid_t user = geteuid();
    fixture_text("in/a.bin", "a");
    cr_assert_eq(chmod(".", 0777), 0);
    cr_assert_eq(chmod("in/a.bin", user == 0 ? 0600 : 0200), 0);
    cr_assert(user != 0 || seteuid(65534) == 0);
    expect_fault("  - source: in\n", CRET_ERR_UNDECIDED, "permission denied");
    cr_assert_eq(seteuid(user), 0);
}

Test(collect, the_named_source_may_be_a_link)
{
    fixture_text("in/a.bin", "a");
    cr_assert_eq(symlink("in/a.bin", "current.bin"), 0);
    cr_assert_eq(symlink("in", "current"), 0);
    expect_list("  - source: current.bin\n  - source: current\n", "current.bin\ncurrent/a.bin\n");
}

Test(collect, names_are_mapped_and_originals_kept)
{
    fixture_text("in/Betriebsanleitung V2 (DE).pdf", "a");
    fixture_text("in/SHA256SUMS", "b");
    expect_list("  - {source: in, path: d}\n",
                "d/Betriebsanleitung_V2_DE_.pdf<d/Betriebsanleitung V2 (DE).pdf!\nd/SHA256SUMS\n");
    /* At the top these names are the archive's own. */
    expect_list("  - source: in/SHA256SUMS\n", "_SHA256SUMS<SHA256SUMS!\n");
    fixture_text("MANIFEST.json", "c");
    expect_list("  - source: MANIFEST.json\n", "_MANIFEST.json<MANIFEST.json!\n");
    /* A path that is just what the name maps to keeps the name too. */
    expect_list("  - {source: in/Betriebsanleitung V2 (DE).pdf, path: "
                "x/Betriebsanleitung_V2_DE_.pdf}\n",
                "x/Betriebsanleitung_V2_DE_.pdf<x/Betriebsanleitung V2 (DE).pdf!\n");
    expect_list("  - {source: in/Betriebsanleitung V2 (DE).pdf, path: manual.pdf}\n",
                "manual.pdf\n");
}

Test(collect, strict_names_refuse)
{
    fixture_text("in/a b.bin", "a");
    struct run run =
        collect_with("  - source: in\n", (struct cret_collect_request){.strict_names = true});
    cr_expect(run.status != CRET_OK);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
    cr_expect(strstr(run.err.what, "--strict-names") != NULL);
    cr_expect_str_eq(run.err.actual, "in/a b.bin");
    cr_expect_str_eq(run.err.expected, "in/a_b.bin");
    clean(&run);
    /* A path that the vendor chose is no mapping. */
    run = collect_with("  - {source: in/a b.bin, path: a_b.bin}\n",
                       (struct cret_collect_request){.strict_names = true});
    cr_expect_eq(run.status, CRET_OK, "%s", run.err.what);
    clean(&run);
}

/* A suffix depends on the file's own name only. */
Test(collect, mapped_names_that_meet_get_a_suffix)
{
    fixture_text("in/a b.txt", "1");
    fixture_text("in/a(b.txt", "2");
    struct run run = collect_with("  - {source: in, path: d}\n",
                                  (struct cret_collect_request){.findings = NULL});
    cr_assert_eq(run.status, CRET_OK, "%s", run.err.what);
    cr_assert_eq(run.collection->count, 2);
    char *first = strdup(run.list);
    clean(&run);
    for (const char *line = first; line != NULL && *line != '\0';) {
        cr_expect(strncmp(line, "d/a_b_", 6) == 0, "%s", line);
        cr_expect(strncmp(line + 6 + 8, ".txt<", 5) == 0, "%s", line);
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    /* One more of them changes nothing for the others. */
    fixture_text("in/a)b.txt", "3");
    run = collect_with("  - {source: in, path: d}\n",
                       (struct cret_collect_request){.findings = NULL});
    cr_assert_eq(run.status, CRET_OK, "%s", run.err.what);
    cr_expect_eq(run.collection->count, 3);
    char *newline = strchr(first, '\n');
    *newline = '\0';
    cr_expect(strstr(run.list, first) != NULL, "%s not in %s", first, run.list);
    cr_expect(strstr(run.list, newline + 1) != NULL);
    clean(&run);
    free(first);
    /* A name that fits stays, only the mapped one gives way. */
    fixture_text("other/a_b.txt", "4");
    fixture_text("other/A b.txt", "5");
    run = collect_with("  - {source: other, path: d}\n",
                       (struct cret_collect_request){.findings = NULL});
    cr_assert_eq(run.status, CRET_OK, "%s", run.err.what);
    cr_expect(strstr(run.list, "d/a_b.txt\n") != NULL, "%s", run.list);
    cr_expect(strstr(run.list, "d/A_b_") != NULL, "%s", run.list);
    clean(&run);
}

Test(collect, names_that_meet_unmapped_are_refused)
{
    fixture_text("in/a.txt", "1");
    fixture_text("in/A.txt", "2");
    fixture_text("other/a.txt", "3");
    fixture_text("f", "4");
    expect_fault("  - source: in\n", CRET_ERR_USAGE, "same name");
    expect_fault("  - source: in/a.txt\n  - source: other/a.txt\n", CRET_ERR_USAGE, "same name");
    expect_fault("  - source: f\n  - source: f\n", CRET_ERR_USAGE, "same name");
    /* A file where a folder is. */
    expect_fault("  - source: f\n  - {source: other/a.txt, path: F/x}\n", CRET_ERR_USAGE, "");
    expect_fault("  - {source: f, path: d/x}\n  - {source: other/a.txt, path: d}\n", CRET_ERR_USAGE,
                 "");
}

Test(collect, archives_whole_and_expanded)
{
    fixture_text("in/x/a b.txt", "1");
    fixture_text("in/c.bin", "2");
    if (system("tar -C in -cf in.tar x c.bin") != 0) {
        cr_skip_test("tar is not installed");
    }
    expect_list("  - source: in.tar\n", "in.tar\n");
    expect_list("  - {source: in.tar, expand: false}\n", "in.tar\n");
    expect_list("  - {source: in.tar, expand: true}\n", "c.bin\nx/a_b.txt<x/a b.txt!\n");
    expect_list("  - {source: in.tar, expand: true, path: d}\n",
                "d/c.bin\nd/x/a_b.txt<d/x/a b.txt!\n");
    struct run run = collect_with("  - {source: in.tar, expand: true}\n",
                                  (struct cret_collect_request){.no_expansion = true});
    cr_expect(run.status != CRET_OK);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
    clean(&run);
}

Test(collect, every_fault_is_a_finding_where_asked)
{
    struct cret_findings *findings = cret_findings_new();
    fixture_text("a.bin", "a");
    struct run run = collect_with("  - source: nothing\n  - source: a.bin\n  - source: neither\n",
                                  (struct cret_collect_request){.findings = findings});
    cr_expect_eq(run.status, CRET_OK);
    cr_expect(fixture_found(findings, "#/files/0/source", "nothing"));
    cr_expect(fixture_found(findings, "#/files/2/source", "neither"));
    cr_expect_eq(cret_findings_count(findings), 2);
    clean(&run);
    cret_findings_free(&findings);
}

Test(collect, release_files_have_sums_and_kinds)
{
    fixture_text("a.bin", "a");
    fixture_text("Z.md", "zz");
    fixture_text("R.txt", "rrr");
    struct run run = collect_with("  - source: a.bin\n  - source: Z.md\n"
                                  "  - {source: R.txt, role: other, mediaType: text/x-own}\n",
                                  (struct cret_collect_request){.findings = NULL});
    struct cret_release_files files;
    cr_assert_eq(run.status, CRET_OK, "%s", run.err.what);
    cr_assert_eq(cret_release_files_make(&files, run.collection, run.description, &run.err),
                 CRET_OK);
    cr_assert_eq(files.count, 4);
    static const char *const paths[] = {"R.txt", "SHA256SUMS", "Z.md", "a.bin"};
    static const char *const roles[] = {"other", "checksums", "document", "firmware"};
    static const char *const media[] = {"text/x-own", "text/plain", "text/markdown",
                                        "application/octet-stream"};
    static const size_t described[] = {2, SIZE_MAX, 1, 0};
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(files.entries[i].path, paths[i]);
        cr_expect_str_eq(files.files[i].role, roles[i]);
        cr_expect_str_eq(files.files[i].media_type, media[i]);
        cr_expect_eq(files.described[i], described[i]);
    }
    cr_expect_eq(files.checksums, 1);
    cr_expect_eq(files.entries[1].size, 3 * 67 + strlen("R.txtZ.mda.bin"));
    cr_expect_eq(files.entries[2].size, 2);
    cret_release_files_free(&files);
    clean(&run);
}

/* A folder that macOS made: the same names as from anywhere else. */
Test(collect, decomposed_names_are_kept_composed)
{
    fixture_text("in/Fu\xcc\x88r.pdf", "a");
    expect_list("  - source: in\n", "in/Fuer.pdf<in/F\xc3\xbcr.pdf!\n");
    expect_list("  - {source: \"in/Fu\xcc\x88r.pdf\", path: Fuer.pdf}\n",
                "Fuer.pdf<F\xc3\xbcr.pdf!\n");
}
