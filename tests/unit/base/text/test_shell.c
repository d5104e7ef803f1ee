/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/shell.h"
#include "base/text/text.h"

Test(shell, words)
{
    static const struct {
        const char *text, *word;
    } table[] = {
        {"release-1.0_a.tar", "release-1.0_a.tar"},
        {"/a/b,c:d@e%f+g", "/a/b,c:d@e%f+g"},
        {"", "''"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"$HOME `id` \"x\" \\n", "'$HOME `id` \"x\" \\n'"},
        {"~user", "'~user'"},
        {"A=b", "'A=b'"},
        {"*.tar;rm", "'*.tar;rm'"},
        {"F\xc3\xbcr", "'F\xc3\xbcr'"},
        {"a\nb'c\\\x1b", "$'a\\x0ab\\x27c\\x5c\\x1b'"},
        {"\xff", "$'\\xff'"},
        {"a\xe2\x80\xae", "$'a\\xe2\\x80\\xae'"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char *word = cret_shell_word_posix(table[i].text);
        cr_assert_not_null(word);
        cr_expect_str_eq(word, table[i].word);
        free(word);
    }
}

/* Of the test's own machine: nothing that is printed there is for another shell. */
Test(shell, words_are_for_this_system)
{
    char *word = cret_shell_word("a b");
    cr_assert_not_null(word);
    cr_expect_str_eq(word, "'a b'");
    free(word);
}

Test(shell, words_of_windows)
{
    static const struct {
        const char *text, *word;
    } table[] = {
        {"release-1.0_a.tar", "release-1.0_a.tar"},
        {"C:\\plant\\a+b.tar", "C:\\plant\\a+b.tar"},
        {"", "\"\""},
        {"C:\\Program Files\\", "\"C:\\Program Files\\\\\""},
        {"a&calc|b>c^d", "\"a&calc|b>c^d\""},
        {"it's; (x) #y @z, {q}", "\"it's; (x) #y @z, {q}\""},
        {"a,b", "\"a,b\""},
        {"F\xc3\xbcr", "\"F\xc3\xbcr\""},
        /* What one of the two shells would replace, or take for the end of the word. */
        {"$(calc) `n %PATH% \"x", "\"?(calc) ?n ?PATH? ?x\""},
        {"a\xe2\x80\x9d;calc", "\"a?;calc\""},
        {"a\xe2\x80\x98"
         "b",
         "\"a?b\""},
        {"a\nb\x1b", "\"a?b?\""},
        {"\xff"
         "a\xc3\xbc",
         "\"?a??\""},
        {"a\xe2\x80\xae", "\"a???\""},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char *word = cret_shell_word_windows(table[i].text);
        cr_assert_not_null(word);
        cr_expect_str_eq(word, table[i].word, "%s: %s", table[i].text, word);
        free(word);
    }
}

Test(shell, a_file_is_no_option)
{
    static const char *const table[][2] = {
        {"-rf", "./-rf"}, {"--to x", "'./--to x'"}, {"-", "-"}, {"a-b", "a-b"}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char *word = cret_shell_file(table[i][0]);
        cr_assert_not_null(word);
        cr_expect_str_eq(word, table[i][1]);
        free(word);
    }
}

/* What a shell makes of the word is the text again. */
Test(shell, a_shell_reads_it_back)
{
    static const char *const texts[] = {"it's a 'plant'",
                                        "$(id) `id` $HOME",
                                        "a\\b\"c",
                                        "*?[a]{b,c}",
                                        " # ! & | ; < > ( ) ",
                                        "'",
                                        "''",
                                        "\\"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *word = cret_shell_word(texts[i]);
        char *command = cret_text_printf("printf %%s %s", word);
        cr_assert_not_null(command);
        FILE *shell = popen(command, "r"); /* NOLINT(cert-env33-c): the shell is what is tested */
        cr_assert_not_null(shell);
        char back[64] = "";
        const size_t size = fread(back, 1, sizeof(back) - 1, shell);
        back[size] = '\0';
        cr_expect_eq(pclose(shell), 0);
        cr_expect_str_eq(back, texts[i]);
        free(command);
        free(word);
    }
}

Test(shell, hints)
{
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect_eq(cret_err_hint_file(&err, "first `a {}`, then `b --from {} NEW`", "it's %s"),
                 CRET_FAILED);
    cr_expect_str_eq(err.hint, "first `a 'it'\\''s %s'`, then `b --from 'it'\\''s %s' NEW`");
}
