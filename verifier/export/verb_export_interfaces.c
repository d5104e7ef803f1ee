/* SPDX-License-Identifier: Apache-2.0 */
/* export interfaces: an interface control document, as far as the release says. */
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"kind", "Kind"},
    {"name", "Protocol or service"},
    {"port", "Port"},
    {"direction", "Direction"},
    {"authentication", "Authentication"},
    {"data", "Data"},
    {"effectOfLoss", "Effect of loss"},
    {NULL, NULL},
};

/* In a list that firewalls are set by, an empty field would be read as "any" or "none". */
static const char *const interface[] = {
    "protocol", "port?not stated", "direction?not stated", "authentication?not stated", "data",
    NULL};
static const char *const service[] = {"service", NULL, NULL, NULL, NULL, "effectOfLoss"};

static const struct cret_sheet_part parts[] = {
    {.member = "interfaces", .kind = "interface", .paths = interface},
    {.member = "externalServices", .kind = "external service", .paths = service},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "interfaces",
    .title = "Interfaces and external services",
    .nothing = "The release names no interface, which does not say that there is none.",
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_interfaces = {
    .name = "interfaces",
    .operands = "FILE...",
    .summary = "Export interfaces and external services (an interface control document)",
    .help = "A row for each interface: protocol, port, who opens the connection, how the peer is "
            "authenticated, which data pass; then the services that the product uses, and the "
            "effect of their loss. What the release does not say is called so.",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export interfaces rtu7.cretula.tar --trust "
                              "trust.json --format html --out interfaces.html"),
    .run = act,
};
