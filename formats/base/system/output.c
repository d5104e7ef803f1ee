/* SPDX-License-Identifier: Apache-2.0 */
/* Output files under a temporary name, until they are whole. */
#include "base/system/output.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"

struct cret_held {
    int fd;
    char *path;
    struct cret_file_info info; /* when it was locked */
};

struct cret_output {
    int fd;
    char *temporary; /* NULL: the file has no name yet */
    char *final;
    unsigned mode;
    enum cret_output_rule rule;
    bool amends;                  /* what it replaces may be what it was made from */
    struct cret_held *own;        /* what it replaces, held by this output */
    const struct cret_held *over; /* what it replaces, by whomever it is held; NULL: a new file */
};

enum cret_status cret_held_open(struct cret_held **ret_held, const char *path, uint64_t wait_ms,
                                struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    bool exists = false;
    struct cret_held *held = calloc(1, sizeof(*held));
    if (held == NULL) {
        return cret_err_memory(err);
    }
    held->fd = -1;
    held->path = strdup(path);
    if (held->path == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_os_hold(&held->fd, &exists, path, wait_ms, err) != CRET_OK ||
        (exists && cret_os_stat_fd(&held->info, held->fd, err) != CRET_OK)) {
        goto out;
    }
    if (exists) {
        *ret_held = held;
        held = NULL;
    } else {
        *ret_held = NULL;
    }
    status = CRET_OK;
out:
    cret_held_close(&held);
    return status;
}

int cret_held_fd(const struct cret_held *held)
{
    return held->fd;
}

void cret_held_close(struct cret_held **held)
{
    if (held == NULL || *held == NULL) {
        return;
    }
    cret_os_close(&(*held)->fd);
    free((*held)->path);
    free(*held);
    *held = NULL;
}

/* Other runs wait for the lock; a person, or another program, does not. */
static enum cret_status check_unchanged(const struct cret_held *held, const char *path,
                                        struct cret_err *err)
{
    struct cret_file_info now;
    if (cret_os_stat_fd(&now, held->fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_os_names(path, held->fd) && now.size == held->info.size &&
        now.modified_ns == held->info.modified_ns) {
        return CRET_OK;
    }
    cret_err_undecided(err, "%s was replaced or changed by somebody else meanwhile", held->path);
    cret_err_where(err, "%s", held->path);
    return cret_err_hint(err, "nothing was written: look at it, and run this again, so that the "
                              "other change is kept");
}

enum cret_status cret_held_same(const struct cret_held *held, struct cret_err *err)
{
    return check_unchanged(held, held->path, err);
}

static enum cret_status taken(struct cret_err *err, const struct cret_output *output)
{
    if (output->rule == CRET_OUTPUT_NEW) {
        cret_err_usage(err, "%s exists already, and is never replaced", output->final);
        cret_err_where(err, "%s", output->final);
        return cret_err_hint(err, "choose another name, or move the old one away");
    }
    cret_err_undecided(err, "another run made %s meanwhile", output->final);
    cret_err_where(err, "%s", output->final);
    return cret_err_hint(err,
                         "that one stays, and nothing was written by this run: look whether it "
                         "is what you want, or run this again");
}

/* Whoever names an input as the output would lose it, and be told that all went well. */
static enum cret_status check_inputs(const struct cret_output *output, struct cret_err *err)
{
    if (output->own == NULL || output->amends || !cret_os_was_read(output->own->fd)) {
        return CRET_OK;
    }
    cret_err_usage(err, "the output would replace one of its inputs");
    cret_err_where(err, "%s", output->final);
    return cret_err_hint(err, "name another file");
}

static enum cret_status begin(struct cret_output **ret_output, const char *path, unsigned mode,
                              enum cret_output_rule rule, const struct cret_held *over,
                              struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_output *output = calloc(1, sizeof(*output));
    if (output == NULL) {
        return cret_err_memory(err);
    }
    output->fd = -1;
    output->mode = mode;
    output->rule = rule;
    output->final = strdup(path);
    if (output->final == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (over == NULL && cret_held_open(&output->own, path, 0, err) != CRET_OK) {
        goto out;
    }
    output->over = over != NULL ? over : output->own;
    if (check_inputs(output, err) != CRET_OK) {
        goto out;
    }
    if (rule == CRET_OUTPUT_NEW && output->over != NULL) {
        taken(err, output);
        goto out;
    }
    if (over != NULL) {
        cret_os_remove_leftovers(path);
    }
    /* Until its access is that of the old one, it is nobody else's. */
    if (cret_os_temporary_file(&output->fd, &output->temporary, path,
                               output->over != NULL ? 0600 : mode, err) != CRET_OK ||
        (output->over != NULL &&
         cret_os_copy_access(output->fd, output->over->fd, err) != CRET_OK)) {
        goto out;
    }
    *ret_output = output;
    output = NULL;
    status = CRET_OK;
out:
    cret_output_discard(&output);
    return status;
}

enum cret_status cret_output_no_stream(const char *option, const char *path, struct cret_err *err)
{
    if (strcmp(path, "-") != 0) {
        return CRET_OK;
    }
    cret_err_usage(err, "%s%s- would be standard output, and this is written to files only",
                   option != NULL ? option : "", option != NULL ? " " : "");
    return cret_err_hint(err, "name a file; ./- is one of that name");
}

enum cret_status cret_output_open(struct cret_output **ret_output, const char *path, unsigned mode,
                                  enum cret_output_rule rule, struct cret_err *err)
{
    if (cret_output_no_stream(NULL, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return begin(ret_output, path, mode, rule, NULL, err);
}

enum cret_status cret_output_open_over(struct cret_output **ret_output,
                                       const struct cret_held *held, struct cret_err *err)
{
    return begin(ret_output, held->path, held->info.mode, CRET_OUTPUT_REPLACE, held, err);
}

void cret_output_amend(struct cret_output *output)
{
    output->amends = true;
}

int cret_output_fd(const struct cret_output *output)
{
    return output->fd;
}

int cret_output_old_fd(const struct cret_output *output)
{
    return output->over != NULL ? output->over->fd : -1;
}

bool cret_output_exposed(const struct cret_output *output)
{
    struct cret_file_info info;
    return cret_os_stat_fd(&info, output->fd, NULL) != CRET_OK ||
           (info.mode & 0777u & ~output->mode) != 0;
}

/* Before the first of several gets its name. */
static enum cret_status finish(const struct cret_output *output, struct cret_err *err)
{
    if (check_inputs(output, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_os_fsync(output->fd, err) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_context(err, "%s", output->final);
    return cret_err_where(err, "%s", output->final);
}

static enum cret_status publish(struct cret_output *output, struct cret_err *err)
{
    bool name_taken = false;
    if (output->over != NULL) {
        if (check_unchanged(output->over, output->final, err) != CRET_OK ||
            cret_os_publish_over(output->fd, output->temporary, output->final, err) != CRET_OK) {
            return CRET_FAILED;
        }
    } else if (cret_os_publish_new(output->fd, output->temporary, output->final, &name_taken,
                                   err) != CRET_OK) {
        return name_taken ? taken(err, output) : CRET_FAILED;
    }
    free(output->temporary);
    output->temporary = NULL;
    if (cret_os_sync_parent(output->final, err) == CRET_OK) {
        return CRET_OK;
    }
    if (output->over != NULL) { /* the old one is gone: taking this away would lose both */
        return cret_err_context(err, "%s is written, but a power cut may still undo it",
                                output->final);
    }
    /* A caller that is told of a failure must not find the file. */
    cret_os_unlink(output->final);
    return CRET_FAILED;
}

enum cret_status cret_output_commit_all(struct cret_output **outputs, size_t count,
                                        struct cret_err *err)
{
    size_t done = 0, flushed = 0;
    while (flushed < count && finish(outputs[flushed], err) == CRET_OK) {
        flushed++;
    }
    cret_os_signals_hold();
    while (flushed == count && done < count && publish(outputs[done], err) == CRET_OK) {
        done++;
    }
    for (size_t i = 0; done < count && i < done; i++) {
        if (outputs[i]->over == NULL && cret_os_names(outputs[i]->final, outputs[i]->fd)) {
            cret_os_unlink(outputs[i]->final);
        }
    }
    cret_os_signals_release();
    for (size_t i = 0; i < count; i++) {
        cret_output_discard(&outputs[i]);
    }
    return done == count ? CRET_OK : CRET_FAILED;
}

enum cret_status cret_output_commit(struct cret_output **output, struct cret_err *err)
{
    return cret_output_commit_all(output, 1, err);
}

void cret_output_discard(struct cret_output **output)
{
    if (output == NULL || *output == NULL) {
        return;
    }
    cret_os_close(&(*output)->fd);
    cret_os_unlink((*output)->temporary);
    cret_held_close(&(*output)->own);
    free((*output)->temporary);
    free((*output)->final);
    free(*output);
    *output = NULL;
}

/* Fills and publishes what was opened. */
static enum cret_status write_all(struct cret_output *output, const char *path, const void *data,
                                  size_t size, struct cret_err *err)
{
    if (cret_os_write(cret_output_fd(output), data, size, err) != CRET_OK) {
        cret_err_context(err, "%s", path);
        cret_err_where(err, "%s", path);
        cret_output_discard(&output);
        return CRET_FAILED;
    }
    return cret_output_commit(&output, err);
}

static enum cret_status write_file(const char *path, const void *data, size_t size, unsigned mode,
                                   enum cret_output_rule rule, struct cret_err *err)
{
    struct cret_output *output = NULL;
    if (cret_output_open(&output, path, mode, rule, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_all(output, path, data, size, err);
}

enum cret_status cret_file_create(const char *path, const void *data, size_t size, unsigned mode,
                                  struct cret_err *err)
{
    return write_file(path, data, size, mode, CRET_OUTPUT_NEW, err);
}

enum cret_status cret_file_write(const char *path, const void *data, size_t size, unsigned mode,
                                 struct cret_err *err)
{
    return write_file(path, data, size, mode, CRET_OUTPUT_REPLACE, err);
}

enum cret_status cret_file_put(const char *path, const struct cret_held *held, const void *data,
                               size_t size, struct cret_err *err)
{
    struct cret_output *output = NULL;
    const enum cret_status status =
        held != NULL ? begin(&output, path, held->info.mode, CRET_OUTPUT_REPLACE, held, err)
                     : cret_output_open(&output, path, 0644, CRET_OUTPUT_NEW, err);
    return status == CRET_OK ? write_all(output, path, data, size, err) : CRET_FAILED;
}

enum cret_status cret_file_replace(const struct cret_held *held, const void *data, size_t size,
                                   struct cret_err *err)
{
    return cret_file_put(held->path, held, data, size, err);
}
