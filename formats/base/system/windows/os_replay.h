/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows cannot fork. A child is this program once more, with the same command line, and a list of
 * what the system answered its parent: it gets the same answers to the same questions, touches
 * nothing meanwhile, and so arrives, with the same memory, where its parent starts it. From there
 * on it is the child, and asks the system itself. A question that is not the next one of the list
 * ends it, which makes the run UNDECIDED.
 */
#ifndef CRET_BASE_OS_REPLAY_H
#define CRET_BASE_OS_REPLAY_H

#include "base/system/os.h"

/* What is asked of the system, a line for each kind of question. */
enum cret_asked {
    CRET_ASKED_OPEN = 1,
    CRET_ASKED_LOOK,
    CRET_ASKED_READ,
    CRET_ASKED_WRITE,
    CRET_ASKED_LIST,
    CRET_ASKED_CHANGE, /* names, lengths, locks */
    CRET_ASKED_PIPE,
    CRET_ASKED_STATE, /* of a descriptor, a child, a terminal */
    CRET_ASKED_CLOCK,
    CRET_ASKED_RANDOM,
    CRET_ASKED_WORDS, /* environment, names of user and host, the current folder */
    CRET_ASKED_START, /* a child */
};

/* A mark of what exactly was asked. */
uint64_t cret_asked_mark(uint64_t before, const void *data, size_t size);

/* In a child on its way: the answer. False: ask the system. The answer's bytes must fit `room`. */
bool cret_replay_take(enum cret_asked kind, uint64_t mark, int64_t *ret_result, void *data,
                      size_t room, size_t *ret_size);
/* In a parent: keeps an answer for children to come. */
void cret_replay_note(enum cret_asked kind, uint64_t mark, int64_t result, const void *data,
                      size_t size);
/* Whether the list has come to its end, where the parent started this child. */
bool cret_replay_arrived(void);
/* What children get; class UNDECIDED where the list is not whole. Borrowed until the next note. */
CRET_MUST_CHECK enum cret_status cret_replay_list(const void **ret_data, size_t *ret_size,
                                                  struct cret_err *err);
/* In main(), of a child: the list; it is wiped once it was used. */
void cret_replay_begin(void *data, size_t size);
bool cret_replaying(void);
/* Whether this process was started to be a child, whatever it is by now. */
bool cret_replay_child(void);
/* Bytes that are of no use to a child once it is one. */
void cret_replay_end(void);

#endif
