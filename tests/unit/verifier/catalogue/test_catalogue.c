/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue's file: its versions, what is none, damage, others that write. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/output.h"
#include "scene.h"
#include "verifier/catalogue/catalogue_internal.h"

/* The first version, as it was published: files with it exist, so it is never changed here. */
static const char first_version[] =
    "CREATE TABLE source(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL UNIQUE,"
    " size INTEGER NOT NULL, modified INTEGER NOT NULL, identity BLOB, vendor TEXT, product TEXT,"
    " version TEXT, sequence INTEGER, verdict TEXT, verified INTEGER NOT NULL, policy TEXT,"
    " policy_sha256 BLOB, as_of INTEGER, example_keys INTEGER NOT NULL, added INTEGER NOT NULL)"
    " STRICT;"
    "CREATE TABLE item(source INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,"
    " base TEXT NOT NULL, version TEXT, purl TEXT, size INTEGER, sha256 BLOB) STRICT;"
    "CREATE TABLE line(source INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,"
    " kind TEXT NOT NULL, verdict TEXT, asset TEXT, stage TEXT, change_id TEXT,"
    " counts INTEGER NOT NULL, identity BLOB) STRICT;"
    "CREATE TABLE gap(source INTEGER NOT NULL, path TEXT NOT NULL, why TEXT NOT NULL) STRICT;"
    "CREATE INDEX source_identity ON source(identity);"
    "CREATE INDEX item_sha256 ON item(sha256);"
    "CREATE INDEX item_base ON item(base);"
    "CREATE INDEX item_source ON item(source);"
    "CREATE INDEX line_identity ON line(identity);"
    "CREATE INDEX line_source ON line(source);"
    "CREATE INDEX gap_source ON gap(source);"
    "PRAGMA application_id = 0x43726574; PRAGMA user_version = 1;";

static struct cret_catalogue *catalogue;
static struct cret_err err;

static void setup(void)
{
    scene_enter();
    cret_err_clear(&err);
    catalogue = NULL;
}

static void teardown(void)
{
    cret_catalogue_close(&catalogue);
    scene_leave();
}

TestSuite(catalogue, .init = setup, .fini = teardown);

/* What a statement does to a file, by whoever may write it. */
static void by_hand(const char *path, const char *sql)
{
    sqlite3 *base = NULL;
    cr_assert_eq(sqlite3_open(path, &base), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(base));
    cr_assert_eq(sqlite3_close(base), SQLITE_OK);
}

static void opens(const char *path, enum cret_catalogue_access access)
{
    cret_err_clear(&err);
    cr_assert_eq(cret_catalogue_open(&catalogue, path, access, &err), CRET_OK, "%s", err.what);
}

/* It is not opened, for reading or writing, for this reason. */
static void refused(const char *path, const char *says)
{
    for (int write = 0; write < 2; write++) {
        cret_err_clear(&err);
        cr_expect_eq(cret_catalogue_open(&catalogue, path,
                                         write ? CRET_CATALOGUE_WRITE : CRET_CATALOGUE_READ, &err),
                     CRET_FAILED, "%s", says);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", err.what);
        cr_expect_not_null(strstr(err.what, says), "%s: %s", says, err.what);
        cr_expect_not_null(err.hint, "%s", says);
        cr_expect_null(catalogue);
    }
}

static enum cret_status add(const char *path, bool with_statement)
{
    struct cret_catalogue_source source = {
        .kind = "archive", .path = path, .size = 1, .vendor = "V", .verified = true};
    const struct cret_catalogue_item item = {.kind = "file", .path = "a/f", .version = NULL};
    if (cret_catalogue_begin(catalogue, &err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_catalogue_add_source(catalogue, &source, &err) != CRET_OK ||
        cret_catalogue_add_item(catalogue, source.id, &item, &err) != CRET_OK ||
        (with_statement && cret_catalogue_add_statement(catalogue, source.id, "facts", "{\"v\": 1}",
                                                        &err) != CRET_OK) ||
        cret_catalogue_commit(catalogue, &err) != CRET_OK) {
        cret_catalogue_rollback(catalogue);
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* What is in it, in one text: "path verified statement; ...". */
static enum cret_status on_source(void *context, const struct cret_catalogue_source *source,
                                  struct cret_err *failed)
{
    struct cret_buffer *text = context;
    char *facts = NULL;
    if (cret_catalogue_statement(catalogue, &facts, source->id, "facts", failed) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_buffer_printf(text, "%s %d %s;", source->path, source->verified,
                       facts != NULL ? facts : "-");
    free(facts);
    return CRET_OK;
}

static void holds(const char *expected)
{
    struct cret_buffer text = {0};
    cret_buffer_append(&text, "", 0);
    cr_assert_eq(cret_catalogue_sources(catalogue, on_source, &text, &err), CRET_OK, "%s",
                 err.what);
    cr_expect_str_eq(text.data, expected);
    cret_buffer_free(&text);
}

static void create(const char *path)
{
    cr_assert_eq(cret_catalogue_create(path, &err), CRET_OK, "%s", err.what);
}

Test(catalogue, a_new_one_is_of_the_latest_version_and_sound)
{
    int64_t version = 0;
    create("c");
    opens("c", CRET_CATALOGUE_WRITE);
    cr_expect_eq(cret_catalogue_version(catalogue, &version, &err), CRET_OK);
    cr_expect_eq(version, cret_catalogue_latest());
    cr_expect(cret_catalogue_is_kept(catalogue));
    cr_expect_eq(cret_catalogue_check(catalogue, &err), CRET_OK);
    cr_expect_eq(add("/one", true), CRET_OK);
    holds("/one 1 {\"v\": 1};");
    /* The same path again takes the place of what was there, and of all that belonged to it. */
    cr_expect_eq(add("/one", false), CRET_OK);
    holds("/one 1 -;");
    cr_expect_eq(cret_catalogue_forget(catalogue, "/one", &err), CRET_OK);
    holds("");
    cret_catalogue_close(&catalogue);
    cr_expect_eq(cret_catalogue_create("c", &err), CRET_FAILED, "it replaced a file");
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cret_err_clear(&err);
    cr_assert_eq(cret_catalogue_memory(&catalogue, &err), CRET_OK);
    cr_expect_not(cret_catalogue_is_kept(catalogue));
}

Test(catalogue, an_earlier_version_is_brought_up_to_date_where_it_may_be_written)
{
    by_hand("old", first_version);
    by_hand("old", "INSERT INTO source(kind, path, size, modified, verified, example_keys, added)"
                   " VALUES('archive', '/kept', 1, 2, 1, 0, 3)");
    cr_expect_eq(cret_catalogue_open(&catalogue, "old", CRET_CATALOGUE_READ, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "earlier version"), "%s", err.what);
    cr_expect_not_null(strstr(err.hint, "rebuild"), "%s", err.hint);
    opens("old", CRET_CATALOGUE_WRITE);
    holds("/kept 1 -;"); /* it is kept; what that version did not store is not there */
    cr_expect_eq(add("/new", true), CRET_OK);
    holds("/kept 1 -;/new 1 {\"v\": 1};");
    cret_catalogue_close(&catalogue);
    opens("old", CRET_CATALOGUE_READ); /* it stayed so */
    holds("/kept 1 -;/new 1 {\"v\": 1};");
}

Test(catalogue, an_earlier_version_that_was_meddled_with_stays_as_it_is)
{
    static const char *const sql[] = {"CREATE TABLE statement(x)", "DROP INDEX item_sha256",
                                      "CREATE TABLE more(x)", "CREATE VIEW v AS SELECT * FROM item",
                                      "ALTER TABLE line ADD COLUMN more INT"};
    for (size_t i = 0; i < CRET_LENGTH(sql); i++) {
        uint8_t before[CRET_SHA256_BYTES], after[CRET_SHA256_BYTES];
        by_hand("old", first_version);
        by_hand("old", sql[i]);
        cr_assert_eq(cret_file_sha256(before, "old", &err), CRET_OK);
        refused("old", "not a catalogue");
        cr_assert_eq(cret_file_sha256(after, "old", &err), CRET_OK);
        cr_expect_arr_eq(before, after, sizeof(before), "%s", sql[i]);
        cr_expect_eq(remove("old"), 0);
    }
}

Test(catalogue, what_is_none_is_refused_with_words)
{
    create("later");
    by_hand("later", "PRAGMA user_version = 99");
    refused("later", "a later version of this program");
    create("none");
    by_hand("none", "PRAGMA user_version = 0");
    refused("none", "not a catalogue");
    create("foreign");
    by_hand("foreign", "PRAGMA application_id = 7");
    refused("foreign", "not a catalogue");
    create("trigger");
    by_hand("trigger", "CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM item; END");
    refused("trigger", "not a catalogue");
    scene_write("text", "a text that is longer than nothing\n");
    refused("text", "damaged, or is none");
    refused("missing", "there is no file");
}

/* Bytes of a page in the middle are overwritten; the header stays. */
static void damage(const char *path, size_t from)
{
    char *data = NULL;
    size_t size = 0;
    cr_assert_eq(cret_file_read(&data, &size, path, 1 << 20, CRET_ERR_USAGE, &err), CRET_OK);
    cr_assert_gt(size, from);
    memset(data + from, 0xa5, size - from);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(data, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
    free(data);
}

Test(catalogue, a_damaged_one_is_said_and_made_anew)
{
    create("c");
    opens("c", CRET_CATALOGUE_WRITE);
    cr_assert_eq(add("/one", true), CRET_OK);
    cret_catalogue_close(&catalogue);
    damage("c", 200); /* behind the header: the schema itself */
    refused("c", "damaged");
    cr_expect_not_null(strstr(err.hint, "rebuild"), "%s", err.hint);
    cret_err_clear(&err);
    cr_assert_eq(cret_catalogue_replace("c", &err), CRET_OK, "%s", err.what);
    opens("c", CRET_CATALOGUE_READ);
    holds("");
}

Test(catalogue, damage_behind_the_schema_is_found_by_the_check)
{
    create("c");
    damage("c", 4096); /* all tables and indices */
    cret_err_clear(&err);
    if (cret_catalogue_open(&catalogue, "c", CRET_CATALOGUE_READ, &err) == CRET_OK) {
        cr_expect_eq(cret_catalogue_check(catalogue, &err), CRET_FAILED);
    }
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "damaged"), "%s", err.what);
}

Test(catalogue, nobody_elses_file_is_replaced)
{
    scene_write("text", "a text\n");
    cr_expect_eq(cret_catalogue_replace("text", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "nothing in it says"), "%s", err.what);
    cret_err_clear(&err);
    by_hand("other", "CREATE TABLE x(y)");
    cr_expect_eq(cret_catalogue_replace("other", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
}

Test(catalogue, another_run_that_writes_is_waited_for_and_said)
{
    sqlite3 *other = NULL;
    create("c");
    opens("c", CRET_CATALOGUE_WRITE);
    cr_assert_eq(sqlite3_open("c", &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_busy_timeout(catalogue->base, 1),
                 SQLITE_OK); /* in place of half a minute */
    cr_expect_eq(add("/one", true), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(err.what, "another run writes"), "%s", err.what);
    holds(""); /* whoever reads meanwhile reads what was there */
    cr_assert_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_close(other), SQLITE_OK);
    cret_err_clear(&err);
    cr_expect_eq(add("/one", true), CRET_OK, "%s", err.what);
}

Test(catalogue, rows_that_no_catalogue_has_are_damage)
{
    static const char *const sql[] = {"UPDATE source SET identity = x'01'",
                                      "UPDATE source SET vendor = CAST(x'410042' AS TEXT)",
                                      "UPDATE source SET path = CAST(x'ff41' AS TEXT)",
                                      "UPDATE statement SET text = CAST(x'ff' AS TEXT)"};
    for (size_t i = 0; i < CRET_LENGTH(sql); i++) {
        struct cret_buffer text = {0};
        create("c");
        opens("c", CRET_CATALOGUE_WRITE);
        cr_assert_eq(add("/one", true), CRET_OK);
        by_hand("c", sql[i]);
        cret_err_clear(&err);
        cr_expect_eq(cret_catalogue_sources(catalogue, on_source, &text, &err), CRET_FAILED, "%s",
                     sql[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", sql[i], err.what);
        cret_buffer_free(&text);
        cret_catalogue_close(&catalogue);
        cr_assert_eq(remove("c"), 0);
    }
}

Test(catalogue, a_source_is_added_whole_or_not_at_all)
{
    create("c");
    opens("c", CRET_CATALOGUE_WRITE);
    cr_assert_eq(cret_catalogue_begin(catalogue, &err), CRET_OK);
    struct cret_catalogue_source source = {.kind = "archive", .path = "/half"};
    cr_assert_eq(cret_catalogue_add_source(catalogue, &source, &err), CRET_OK);
    cret_catalogue_close(&catalogue); /* as where the program dies */
    opens("c", CRET_CATALOGUE_READ);
    holds("");
}
