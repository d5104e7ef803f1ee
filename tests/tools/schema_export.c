/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the JSON Schema of a format as docs/spec has it: schema_export manifest|description|
 * record */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "evidence/record/record.h"
#include "release/manifest/manifest.h"

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        const struct cret_field *fields;
        enum cret_schema_side side;
        const char *id, *title;
    } schemas[] = {
        {"manifest", cret_manifest_fields, CRET_SCHEMA_MANIFEST, CRET_MANIFEST_SCHEMA_ID,
         CRET_MANIFEST_SCHEMA_TITLE},
        {"description", cret_manifest_fields, CRET_SCHEMA_DESCRIPTION, CRET_DESCRIPTION_SCHEMA_ID,
         CRET_DESCRIPTION_SCHEMA_TITLE},
        {"record", cret_record_fields, CRET_SCHEMA_MANIFEST, CRET_RECORD_SCHEMA_ID,
         CRET_RECORD_SCHEMA_TITLE},
    };
    for (size_t i = 0; count == 2 && i < sizeof(schemas) / sizeof(schemas[0]); i++) {
        if (strcmp(arguments[1], schemas[i].name) != 0) {
            continue;
        }
        json_t *schema =
            cret_schema_export(schemas[i].fields, schemas[i].side, schemas[i].id, schemas[i].title);
        char *text = NULL;
        size_t size = 0;
        if (schema == NULL || cret_json_print(&text, &size, schema, NULL) != CRET_OK) {
            return 3;
        }
        const bool written = fwrite(text, 1, size, stdout) == size && fflush(stdout) == 0;
        free(text);
        json_decref(schema);
        return written ? 0 : 3;
    }
    fprintf(stderr, "usage: schema_export manifest|description|record\n");
    return 2;
}
