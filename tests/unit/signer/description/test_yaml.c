/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "signer/description/yaml.h"

static struct cret_node *parse(const char *text)
{
    struct cret_node *node = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_yaml_parse(&node, text, strlen(text), "a.yaml", &err), CRET_OK, "%s (%s)",
                 err.what, err.where);
    return node;
}

/* Every form outside the subset, with the place where it stands. */
Test(yaml, refuses_what_is_not_in_the_subset)
{
    static const struct {
        const char *text, *what, *where;
    } cases[] = {
        {"a: &x 1\n", "anchors", "a.yaml:1:4"},
        {"a: 1\nb: &x\n  c: 1\n", "anchors", "a.yaml:2:4"},
        {"a: &x [1]\n", "anchors", "a.yaml:1:4"},
        {"&x a: 1\n", "anchors", "a.yaml:1:1"},
        {"a: *x\n", "aliases", "a.yaml:1:4"},
        {"*x : 1\n", "aliases", "a.yaml:1:1"},
        {"a: !!str 1\n", "tags", "a.yaml:1:4"},
        {"a: !own {b: 1}\n", "tags", "a.yaml:1:4"},
        {"a: ! 1\n", "tags", "a.yaml:1:4"},
        {"!!str a: 1\n", "tags", "a.yaml:1:1"},
        {"a: 1\n<<: {b: 1}\n", "merge keys", "a.yaml:2:1"},
        {"a: 1\n---\nb: 2\n", "more than one YAML document", "a.yaml:2:1"},
        {"a: 1\nb: 2\na: 3\n", "given twice", "a.yaml:3:1"},
        {"a: 1\n\"a\": 3\n", "given twice", "a.yaml:2:1"},
        {"[a]: 1\n", "a key must be a name", "a.yaml:1:1"},
        {"? {a: 1}\n: 2\n", "a key must be a name", "a.yaml:1:3"},
        {"", "empty", "a.yaml:1:1"},
        {"# nothing\n", "empty", NULL},
        {"a: [1\n", "not YAML", "a.yaml:2:1"},
        {"a: \"x\n", "not YAML", NULL},
        {"a:\n\t- b\n", "not YAML", "a.yaml:2:1"},
        {"a: b: c\n", "not YAML", "a.yaml:1:5"},
        {"%TAG ! tag:x,2000:\n---\na: 1\n", "tag directives", NULL},
        {"%YAML 1.1\n---\na: 1\n", "only YAML 1.2", NULL},
        {"a: \"\\0\"\n", "NUL", "a.yaml:1:4"},
        {"\"\\0\": 1\n", "NUL", "a.yaml:1:1"},
        {"a: \xff\n", "not UTF-8", "a.yaml"},
        {"\xff\xfe"
         "a",
         "UTF-16", "a.yaml"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_node *node = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect(cret_yaml_parse(&node, cases[i].text, strlen(cases[i].text), "a.yaml", &err) !=
                      CRET_OK,
                  "accepted: %s", cases[i].text);
        cr_expect_null(node);
        cr_expect_eq(err.class, CRET_ERR_USAGE);
        cr_expect(strstr(err.what, cases[i].what) != NULL, "%s: %s", cases[i].text, err.what);
        cr_expect(cases[i].where == NULL || strcmp(err.where, cases[i].where) == 0, "%s: %s",
                  cases[i].text, err.where);
        cr_expect_neq(err.hint[0], '\0', "no hint: %s", err.what);
    }
}

Test(yaml, refuses_a_NUL_byte)
{
    struct cret_node *node = NULL;
    struct cret_err err;
    cr_expect(cret_yaml_parse(&node, "a: 1\0b", 6, "a.yaml", &err) != CRET_OK);
}

/* lesson 10: depth is capped */
Test(yaml, refuses_deep_nesting)
{
    struct cret_buffer text = {0};
    struct cret_err err;
    struct cret_node *node = NULL;
    for (unsigned i = 0; i < CRET_LIMIT_JSON_DEPTH + 1; i++) {
        cret_buffer_append(&text, "[", 1);
    }
    for (unsigned i = 0; i < CRET_LIMIT_JSON_DEPTH + 1; i++) {
        cret_buffer_append(&text, "]", 1);
    }
    cr_expect(cret_yaml_parse(&node, text.data, text.size, "a.yaml", &err) != CRET_OK);
    cr_expect(strstr(err.what, "nested too deeply") != NULL, "%s", err.what);
    /* One level less is read. */
    cr_expect_eq(cret_yaml_parse(&node, text.data + 1, text.size - 2, "a.yaml", &err), CRET_OK);
    cret_node_free(&node);
    cret_buffer_free(&text);
}

Test(yaml, keeps_the_place_of_everything)
{
    struct cret_node *node =
        parse("a: 1\nb:\n  - x\n  - c: \"2\"\n    d: |\n      one\n      two\n");
    const struct cret_node *b = cret_node_get(node, "b");
    cr_assert_not_null(b);
    cr_expect_eq(node->key_marks[1].line, 2);
    cr_expect_eq(node->key_marks[1].column, 1);
    cr_expect_eq(b->items[0]->mark.line, 3);
    cr_expect_eq(b->items[0]->mark.column, 5);
    const struct cret_node *c = cret_node_get(b->items[1], "c");
    cr_expect_eq(c->mark.line, 4);
    cr_expect_eq(c->mark.column, 8);
    cr_expect(!c->plain);
    cr_expect(cret_node_get(node, "a")->plain);
    /* Block scalars lose the line break at their end. */
    cr_expect_str_eq(cret_node_get(b->items[1], "d")->text, "one\ntwo");
    cr_expect_null(cret_node_get(node, "nothing"));
    cret_node_free(&node);
}

Test(yaml, reads_json_and_a_byte_order_mark)
{
    struct cret_node *node = parse("\xef\xbb\xbf{\"a\": {\"b\": [1, \"\xc3\xbc\"]}}\n");
    const struct cret_node *list = cret_node_get(cret_node_get(node, "a"), "b");
    cr_assert_not_null(list);
    cr_expect_str_eq(list->items[1]->text, "\xc3\xbc");
    cret_node_free(&node);
    node = parse("%YAML 1.2\n---\na: 1\n...\n");
    cret_node_free(&node);
}
