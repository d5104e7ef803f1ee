/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/path.h"
#include "base/text/text.h"

#define TEN "abcdefghij"
#define FIFTY TEN TEN TEN TEN TEN
#define NINETY FIFTY TEN TEN TEN TEN

static void assert_check_refused(const char *path, const char *expected)
{
    struct cret_err err = {0};
    cr_assert_eq(cret_path_check(path, &err), CRET_FAILED, "%s", path);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_FILE_PATHS);
    cr_assert_not_null(strstr(err.what, expected), "%s: %s", path, err.what);
}

static void assert_check_accepted(const char *path)
{
    struct cret_err err = {0};
    cr_assert_eq(cret_path_check(path, &err), CRET_OK, "%s: %s", path, err.what);
}

/* lesson 9: no name leaves its folder. */
Test(path, names_that_leave_their_folder)
{
    assert_check_refused("", "empty");
    assert_check_refused("/a", "absolute");
    assert_check_refused("/", "absolute");
    assert_check_refused("a/", "empty part");
    assert_check_refused("a//b", "empty part");
    assert_check_refused("..", "begins with");
    assert_check_refused("a/../b", "begins with");
    assert_check_refused(".", "begins with");
    assert_check_refused("./a", "begins with");
    assert_check_refused("a/.b", "begins with");
    assert_check_refused("-rf", "begins with");
    assert_check_refused("~root", "begins with");
    assert_check_refused("a\\b", "character");
    assert_check_refused("C:a", "character");
}

Test(path, every_other_byte_is_refused)
{
    for (int byte = 1; byte < 256; byte++) {
        char text[4] = {'a', (char)byte, 'b', '\0'};
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                      (byte >= '0' && byte <= '9') || byte == '/' ||
                      strchr("._+@~,-", byte) != NULL;
        cr_assert_eq(cret_path_check(text, NULL) == CRET_OK, letter, "byte %d", byte);
        char first[3] = {(char)byte, 'b', '\0'};
        bool begins = letter && byte != '/' && strchr(".+@~,-", byte) == NULL;
        cr_assert_eq(cret_path_check(first, NULL) == CRET_OK, begins, "first byte %d", byte);
    }
}

Test(path, lengths)
{
    assert_check_accepted(NINETY "0123456789");
    assert_check_refused(NINETY "0123456789x", "100 bytes");
    assert_check_accepted(NINETY "012345678/" NINETY "012345678x");
    assert_check_refused(NINETY "0123456789/" NINETY "0123456789", "200 bytes");
    /* 200 bytes, and no '/' between the 100th and the 155th byte. */
    assert_check_refused(NINETY "01234567/" NINETY "012345678/x", "split");
    assert_check_accepted(NINETY "0123456789/" NINETY "01234567");
}

Test(path, a_trailing_dot_is_dropped_by_windows)
{
    assert_check_refused("a.", "dot");
    assert_check_refused("a./b", "dot");
    assert_check_refused("a../b", "dot");
    assert_check_accepted("a..b/c.d");
}

Test(path, device_names_of_windows)
{
    static const char *const refused[] = {"CON",   "con",        "Prn.txt",   "a/AUX",
                                          "nul/b", "NUL.tar.gz", "COM1",      "com9.x",
                                          "LPT0",  "lpt3/b",     "a/Com5.d/e"};
    static const char *const accepted[] = {"CONS", "CON_", "COM",   "COM10", "COMA",
                                           "xCON", "LPTX", "a.CON", "NULL",  "AUX-1"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_check_refused(refused[i], "device name");
    }
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        assert_check_accepted(accepted[i]);
    }
    cr_assert(cret_path_device_name("conin$", 6));
    cr_assert(cret_path_device_name("CONOUT$.x", 9));
    cr_assert(cret_path_device_name("COM\xc2\xb9", 5));
    cr_assert(cret_path_device_name("lpt\xc2\xb3.txt", 9));
    cr_assert(cret_path_device_name("NUL  .txt", 9));
    cr_assert(cret_path_device_name("AUX:stream", 10));
    cr_assert_not(cret_path_device_name("COM\xc2\xb4", 5));
    cr_assert_not(cret_path_device_name("NUL", 2), "the size ends the name");
    cr_assert_not(cret_path_device_name("", 0));
}

Test(path, the_archives_own_names)
{
    assert_check_refused("MANIFEST.json", "kept");
    assert_check_refused("manifest.JSON", "kept");
    assert_check_refused("SIGNATURES", "kept");
    assert_check_refused("Signatures/x", "kept");
    assert_check_refused("SIGNATURES/0123456789abcdef.p7s", "kept");
    assert_check_accepted("SHA256SUMS");
    assert_check_accepted("docs/MANIFEST.json");
    assert_check_accepted("a/SIGNATURES/b");
    assert_check_accepted("SIGNATURES2/b");
    assert_check_accepted("MANIFEST.json2");
}

static void assert_all(const char *const *paths, size_t count, const char *refusal, size_t index)
{
    struct cret_err err = {0};
    size_t at = 99;
    enum cret_status status = cret_path_check_all(paths, count, &at, &err);
    if (refusal == NULL) {
        cr_assert_eq(status, CRET_OK, "%s %s", err.what, err.actual);
        return;
    }
    cr_assert_eq(status, CRET_FAILED, "%s", refusal);
    cr_assert_eq(err.check, CRET_CHECK_FILE_PATHS);
    cr_assert_not_null(strstr(err.what, refusal), "%s: %s", refusal, err.what);
    cr_assert_eq(at, index, "%s: %zu", refusal, at);
}

#define ASSERT_ALL(refusal, index, ...)                                                            \
    do {                                                                                           \
        static const char *const list[] = {__VA_ARGS__};                                           \
        assert_all(list, sizeof(list) / sizeof(list[0]), refusal, index);                          \
    } while (0)

Test(path, a_set_of_names)
{
    assert_all(NULL, 0, NULL, 0);
    ASSERT_ALL(NULL, 0, "a");
    ASSERT_ALL(NULL, 0, "B", "C/a", "C/b", "a", "d");
    ASSERT_ALL("begins with", 1, "a", ".b");
    ASSERT_ALL("twice", 1, "a", "a");
    ASSERT_ALL("not sorted", 1, "b", "a");
    ASSERT_ALL("not sorted", 1, "a/b", "a-b");
    ASSERT_ALL("without regard to case", 1, "A", "a");
    ASSERT_ALL("without regard to case", 2, "DOCS/x", "b", "docs/X");
    ASSERT_ALL("folder of another", 1, "a", "a/b");
    ASSERT_ALL("folder of another", 2, "A/b", "B", "a");
    ASSERT_ALL("folder of another", 2, "A", "B", "a/b/c");
    /* Neighbours in bytewise order need not be: "a-b" lies between "a" and "a/b". */
    ASSERT_ALL("folder of another", 2, "a", "a-b", "a/b");
    ASSERT_ALL("folder of another", 4, "X", "X+", "X,1", "X-", "x/y");
    /* The same folder in two spellings is two folders on one system and one on another. */
    ASSERT_ALL(NULL, 0, "ab", "abc", "abd/e");
}

static void assert_map(const char *name, const char *expected)
{
    char *path = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_path_map(&path, name, &err), CRET_OK, "%s: %s", name, err.what);
    cr_assert_str_eq(path, expected, "%s gives %s", name, path);
    assert_check_accepted(path);
    free(path);
}

Test(path, mapping_keeps_valid_names)
{
    static const char *const same[] = {
        "a", "a/b.c",   "__init__.py",       "Firmware-1.2.3+rc1.bin",
        "_", "x~1/a@b", NINETY "0123456789", "a__b--c..d"};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        assert_map(same[i], same[i]);
    }
}

Test(path, mapping_makes_readable_names)
{
    assert_map("Betriebsanleitung V2 (DE).pdf", "Betriebsanleitung_V2_DE_.pdf");
    assert_map("Pr\xc3\xbc"
               "fung Gr\xc3\xb6\xc3\x9f"
               "e \xc3\x84.pdf",
               "Pruefung_Groesse_Ae.pdf");
    assert_map("Pru\xcc\x88"
               "fung.pdf",
               "Pruefung.pdf");
    assert_map("Caf\xc3\xa9 cafe\xcc\x81.txt", "Cafe_cafe.txt");
    assert_map("\xc5\x81\xc3\xb3"
               "d\xc5\xba \xc5\x9awi\xc4\x99to.txt",
               "Lodz_Swieto.txt");
    assert_map(".gitignore", "_.gitignore");
    assert_map("-x/+y", "_-x/_+y");
    assert_map("a\\b:c*d", "a_b_c_d");
    assert_map("a\tb\nc", "a_b_c");
    assert_map("a \xe2\x80\x93 b.pdf", "a_b.pdf");
    assert_map("dir./file.", "dir_/file_");
    assert_map("...", "_.._");
    assert_map("con.txt", "_con.txt");
    assert_map("a/NUL", "a/_NUL");
    assert_map("a/./b//c/", "a/b/c");
    assert_map("   ", "_");
}

Test(path, mapping_avoids_the_archives_own_names)
{
    assert_map("MANIFEST.json", "_MANIFEST.json");
    assert_map("manifest.json", "_manifest.json");
    assert_map("SIGNATURES/a", "_SIGNATURES/a");
    assert_map("SHA256SUMS", "_SHA256SUMS");
    assert_map("sha256sums", "_sha256sums");
    assert_map("docs/SHA256SUMS", "docs/SHA256SUMS");
    assert_map("docs/MANIFEST.json", "docs/MANIFEST.json");
}

Test(path, mapping_refuses_what_has_no_name)
{
    static const char *const refused[] = {"",      "/a", "..",  "a/..", "../a",    "a/../b",
                                          "a\xff", ".",  "./.", "./",   "\xc0\xaf"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        char *path = NULL;
        struct cret_err err = {0};
        cr_assert_eq(cret_path_map(&path, refused[i], &err), CRET_FAILED, "%s", refused[i]);
        cr_assert_null(path);
        cr_assert_eq(err.class, CRET_ERR_REFUSED);
        cr_assert_eq(err.check, CRET_CHECK_FILE_PATHS);
    }
}

static char *mapped(const char *name)
{
    char *path = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_path_map(&path, name, &err), CRET_OK, "%s: %s", name, err.what);
    assert_check_accepted(path);
    return path;
}

/* Names of other scripts would all be the same '_': the hash tells them apart. */
Test(path, mapping_keeps_names_of_other_scripts_apart)
{
    char *one = mapped("\xe5\x8f\x96\xe6\x89\xb1.pdf"),
         *other = mapped("\xe8\xaa\xac\xe6\x98\x8e.pdf");
    cr_assert_str_neq(one, other);
    cr_assert_eq(strlen(one), strlen("_01234567.pdf"), "%s", one);
    cr_assert_str_eq(one + strlen(one) - 4, ".pdf");
    char *again = mapped("\xe5\x8f\x96\xe6\x89\xb1.pdf");
    cr_assert_str_eq(one, again);
    free(one);
    free(other);
    free(again);
}

Test(path, mapping_cuts_long_names_and_keeps_the_extension)
{
    char *path = mapped(NINETY NINETY ".tar.gz");
    cr_assert_eq(strlen(path), 100, "%s", path);
    cr_assert_str_eq(path + 97, ".gz");
    cr_assert_eq(path[88], '_');
    free(path);
    char *one = mapped(NINETY NINETY "1.pdf"), *other = mapped(NINETY NINETY "2.pdf");
    cr_assert_str_neq(one, other);
    free(one);
    free(other);
    /* Long folders are cut too; the same folder stays the same. */
    one = mapped(NINETY "a/" NINETY "b/" NINETY "c.pdf");
    other = mapped(NINETY "a/" NINETY "b/" NINETY "d.pdf");
    cr_assert_eq(strncmp(one, other, (size_t)(strrchr(one, '/') - one) + 1), 0, "%s %s", one,
                 other);
    cr_assert_str_neq(one, other);
    free(one);
    free(other);
}

Test(path, mapping_of_a_tree_without_end)
{
    char deep[4096] = "", other[4096] = "";
    for (int i = 0; i < 300; i++) {
        strcat(deep, "folder/");
    }
    memcpy(other, deep, sizeof(deep));
    strcat(deep, "a b.pdf");
    strcat(other, "c.pdf");
    char *one = mapped(deep), *two = mapped(other);
    cr_assert_str_eq(strrchr(one, '/'), "/a_b.pdf");
    cr_assert_eq(strncmp(one, two, 18), 0, "one folder");
    free(one);
    free(two);
}

/* Any UTF-8 gives a valid path: the check at the end of the mapping never has to refuse. */
Test(path, mapping_of_many_strange_names_is_valid)
{
    static const char *const parts[] = {
        "a",        ".", " ",  "/x",   "\xc3\xa4", "CON", "com1.",      "\xe5\x8f\x96",
        "\xcc\x88", "-", "\\", NINETY, "_",        "~.",  "SHA256SUMS", "\xc4\xb3"};
    enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
    unsigned state = 12345;
    for (int i = 0; i < 20000; i++) {
        char name[1024] = "";
        for (unsigned j = 0; j < 1 + (state >> 8) % 7; j++) {
            state = state * 1103515245u + 12345u;
            strcat(name, parts[(state >> 16) % PARTS]);
        }
        if (name[0] == '/' || strstr(name, "..") != NULL || strcmp(name, ".") == 0) {
            continue;
        }
        char *once = mapped(name), *twice = mapped(once);
        if (strncasecmp(once, "SHA256SUMS", 10) != 0) {
            cr_assert_str_eq(once, twice, "%s", name);
        }
        free(once);
        free(twice);
    }
}

Test(path, original_names_that_are_not_restored)
{
    static const char *const unsafe[] = {"",
                                         "/a",
                                         "a/",
                                         "a//b",
                                         ".",
                                         "..",
                                         "../a",
                                         "a/..",
                                         "a/./b",
                                         "a\\b",
                                         "..\\a",
                                         "C:a",
                                         "a:b",
                                         "con",
                                         "a/NUL.txt",
                                         "COM\xc2\xb2",
                                         "a.",
                                         "a ",
                                         "a /b",
                                         "a./b",
                                         "a\nb",
                                         "a\x1b[0m",
                                         ("a\xe2\x80\xae"
                                          "b"),
                                         "a\xff",
                                         "a?b",
                                         "a*",
                                         "a\"b",
                                         "a<b",
                                         "a|b"};
    for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
        cr_assert_not(cret_path_original_safe(unsafe[i]), "%s", unsafe[i]);
    }
    char name[2048];
    memset(name, 'a', sizeof(name));
    name[256] = '\0';
    cr_assert_not(cret_path_original_safe(name));
    name[255] = '\0';
    cr_assert(cret_path_original_safe(name));
    for (size_t i = 100; i < 1100; i += 100) {
        name[i] = '/';
    }
    name[255] = name[256] = 'a';
    name[1024] = '\0';
    cr_assert(cret_path_original_safe(name));
    name[1024] = 'a';
    name[1025] = '\0';
    cr_assert_not(cret_path_original_safe(name));
}

Test(path, original_names_that_are_restored)
{
    static const char *const safe[] = {"Betriebsanleitung V2 (DE).pdf",
                                       ".gitignore",
                                       "a/b c/d",
                                       ("Pr\xc3\xbc"
                                        "fung.pdf"),
                                       "\xe5\x8f\x96\xe6\x89\xb1.pdf",
                                       " a",
                                       "-x",
                                       "a..b",
                                       "100%.txt"};
    for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
        cr_assert(cret_path_original_safe(safe[i]), "%s", safe[i]);
    }
}

static void assert_fold(const char *left, const char *right, bool same)
{
    char *a = cret_path_fold(left), *b = cret_path_fold(right);
    cr_assert_eq(strcmp(a, b) == 0, same, "%s %s", a, b);
    free(a);
    free(b);
}

Test(path, names_that_collide_without_regard_to_case)
{
    assert_fold("Docs/A.PDF", "docs/a.pdf", true);
    assert_fold("\xc3\x84\xc3\x96\xc3\x9c", "\xc3\xa4\xc3\xb6\xc3\xbc", true);
    assert_fold("STRASSE",
                "stra\xc3\x9f"
                "e",
                true);
    assert_fold("\xc5\x81\xc5\xbb\xc4\xb9", "\xc5\x82\xc5\xbc\xc4\xba", true);
    assert_fold("\xce\xa3\xce\x8a", "\xcf\x83\xce\xaf", true);
    assert_fold("\xcf\x82", "\xcf\x83", true);
    assert_fold("\xd0\x96\xd0\x81", "\xd0\xb6\xd1\x91", true);
    assert_fold("\xc3\x97", "\xc3\xb7", false);
    assert_fold("a", "\xc3\xa4", false);
    assert_fold("\xc3\xb8", "\xc3\xb6", false);
    assert_fold("a\xff", "A\xff", true);
    assert_fold("", "", true);
}
