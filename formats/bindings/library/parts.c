/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a result that callers hold: objects of its JSON under another name. */
#include <jansson.h>
#include <string.h>

#include "cretula.h"

static const char *text_of(const void *part, const char *name)
{
    return json_string_value(json_object_get(part, name));
}

/* A text that is always there. */
static const char *said_of(const void *part, const char *name)
{
    const char *text = text_of(part, name);
    return text != NULL ? text : "";
}

const char *cretula_version(void)
{
    return CRETULA_LIBRARY_VERSION;
}

const char *cretula_finding_check(const cretula_finding *finding)
{
    return said_of(finding, "check");
}

const char *cretula_finding_result(const cretula_finding *finding)
{
    return said_of(finding, "result");
}

const char *cretula_finding_sentence(const cretula_finding *finding)
{
    return said_of(finding, "reason");
}

const char *cretula_finding_where(const cretula_finding *finding)
{
    return text_of(finding, "where");
}

const char *cretula_finding_hint(const cretula_finding *finding)
{
    return text_of(finding, "hint");
}

const char *cretula_file_path(const cretula_file *file)
{
    return said_of(file, "path");
}

const char *cretula_file_original(const cretula_file *file)
{
    return text_of(file, "originalName");
}

const char *cretula_file_role(const cretula_file *file)
{
    return said_of(file, "role");
}

uint64_t cretula_file_size(const cretula_file *file)
{
    return (uint64_t)json_integer_value(json_object_get((const json_t *)file, "size"));
}

const char *cretula_file_sha256(const cretula_file *file)
{
    return said_of(file, "sha256");
}

int cretula_file_verified(const cretula_file *file)
{
    return strcmp(said_of(file, "sha256State"), "verified") == 0;
}

const char *cretula_signer_name(const cretula_signer *signer)
{
    return said_of(signer, "signer");
}

const char *cretula_signer_role(const cretula_signer *signer)
{
    return said_of(signer, "role");
}

const char *cretula_signer_subject(const cretula_signer *signer)
{
    return said_of(json_object_get((const json_t *)signer, "certificate"), "subject");
}

const char *cretula_signer_key(const cretula_signer *signer)
{
    return said_of(json_object_get((const json_t *)signer, "certificate"), "keySha256");
}

const char *cretula_signer_time(const cretula_signer *signer)
{
    return said_of(signer, "time");
}
