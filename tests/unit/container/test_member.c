/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "container/member.h"
#include "container/team.h"
#include "fixture.h"

static struct cret_err err;

Test(member, padding_that_is_not_all_there_is_a_truncation)
{
    static const uint8_t zeros[512];
    cr_expect_eq(cret_member_padding(zeros, 412, "a", 100, 0, &err), CRET_OK);
    cr_expect_eq(cret_member_padding(zeros, 411, "a", 100, 7, &err), CRET_FAILED);
    cr_expect_not_null(strstr(err.what, "truncated"));
    cr_expect_str_eq(err.where, "a, byte 418");
    cr_expect_eq(cret_member_padding(zeros, 0, "a", 512, 0, &err), CRET_OK);
}

Test(member, a_head_that_is_not_all_there_is_a_truncation)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t size = 0;
    uint64_t large = 9ull << 30;
    cr_assert_eq(cret_ustar_head(head, &size, "a", large, 5, &err), CRET_OK);
    cr_expect_eq(cret_member_head(head, size, "a", large, 5, 0, &err), CRET_OK);
    for (size_t got = 0; got < size; got++) {
        cr_expect_eq(cret_member_head(head, got, "a", large, 5, 0, &err), CRET_FAILED);
        cr_expect_not_null(strstr(err.what, "truncated"));
    }
}

Test(member, zero)
{
    uint8_t bytes[100] = {0};
    cr_expect(cret_member_zero(bytes, 0));
    cr_expect(cret_member_zero(bytes, 1));
    cr_expect(cret_member_zero(bytes, 100));
    bytes[99] = 1;
    cr_expect_not(cret_member_zero(bytes, 100));
    cr_expect(cret_member_zero(bytes, 99));
    bytes[0] = 1;
    cr_expect_not(cret_member_zero(bytes, 1));
}

/* Tasks that fail in descending and in ascending order of their places. */
static bool ascending;

static void fail_with_its_number(struct cret_mate *mate, size_t task)
{
    struct cret_err fault;
    size_t place = ascending ? task : 99 - task;
    cret_err_clear(&fault);
    cret_err_undecided(&fault, "place %zu", place);
    cret_team_fault(mate, cret_team_key(place, CRET_STAGE_CONTENT), &fault);
}

Test(member, the_lowest_fault_of_a_team_is_reported)
{
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        for (int i = 0; i < 2; i++) {
            struct cret_team team;
            ascending = i;
            cr_assert_eq(cret_team_init(&team, jobs, 1, CRET_HASH_AUTO, NULL, &err), CRET_OK);
            cr_expect_eq(cret_team_run(&team, 100, fail_with_its_number, &err), CRET_FAILED);
            cr_expect_str_eq(err.what, "place 0");
            cr_expect(cret_team_skips(&team.mates[0], cret_team_key(0, CRET_STAGE_TREE)));
            cr_expect_not(cret_team_skips(&team.mates[0], cret_team_key(0, CRET_STAGE_CONTENT)));
            cret_team_clear(&team);
        }
    }
}
