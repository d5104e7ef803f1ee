/* SPDX-License-Identifier: Apache-2.0 */
/* Strict reading of SPDX 3.0.1: each object of @graph is of a class, has its members and no other,
 * and refers to what is there and of the class that is asked for. */
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/time.h"
#include "release/identifier/licenses.h"
#include "release/sbom/sbom_spdx3.h"

#define LICENSE_INFO "simplelicensing_AnyLicenseInfo"
#define LISTED_LICENSE "https://spdx.org/licenses/"

/* One walk through a document. */
struct walk {
    const struct cret_spdx3 *spdx3;
    struct cret_shape_run *run;
};

static void check_object(const struct walk *walk, const struct cret_spdx3_class *class,
                         const json_t *object);

static bool is_time(const char *text)
{
    return strlen(text) == strlen("2000-01-01T00:00:00Z") && text[10] == 'T' && text[19] == 'Z' &&
           cret_time_is_date_time(text);
}

/* Three numbers apart by dots, then perhaps what - or + begin. */
static bool is_version(const char *text)
{
    for (int part = 0; part < 3; part++) {
        const size_t digits = strspn(text, "0123456789");
        if (digits == 0 || (digits > 1 && text[0] == '0')) {
            return false;
        }
        text += digits;
        if (part < 2 && *text++ != '.') {
            return false;
        }
    }
    return text[0] == '\0' ||
           ((text[0] == '-' || text[0] == '+') && text[1] != '\0' &&
            text[1 + strspn(text + 1, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
                                      "YZ-+.")] == '\0');
}

static bool is_media(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash != NULL && slash != text && slash[1] != '\0' && strchr(slash + 1, '/') == NULL;
}

static bool is_number(const char *text)
{
    text += text[0] == '-' ? 1 : 0;
    const size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    return digits > 0 && (rest[0] == '\0' ||
                          (rest[0] == '.' && rest[1 + strspn(rest + 1, "0123456789")] == '\0'));
}

/* A colon with something on both sides. */
static bool is_iri(const char *text)
{
    const char *colon = text[0] != '\0' ? strchr(text + 1, ':') : NULL;
    return strncmp(text, "_:", 2) != 0 && colon != NULL && colon[1] != '\0';
}

static bool is_word(const char *words, const char *text)
{
    const size_t size = strlen(text);
    for (const char *at = words; size > 0 && at[0] != '\0'; at += strspn(at, " ")) {
        const size_t word = strcspn(at, " ");
        if (word == size && strncmp(at, text, size) == 0) {
            return true;
        }
        at += word;
    }
    return false;
}

/* Whether an individual may stand where that class is asked for. */
static bool individual_fits(const char *individual, const char *wanted)
{
    if (strcmp(wanted, "Element") == 0) {
        return true;
    }
    if (strcmp(individual, "SpdxOrganization") == 0) {
        return strcmp(wanted, "Agent") == 0;
    }
    return strncmp(individual, "expandedlicensing_", 18) == 0 && strcmp(wanted, LICENSE_INFO) == 0;
}

static void check_reference(const struct walk *walk, const char *name, const char *wanted,
                            const char *id)
{
    const char *individual = cret_spdx3_individual(id);
    const struct cret_spdx3_element *element = cret_spdx3_find(walk->spdx3, id);
    const char *class = element != NULL && element->class != NULL ? element->class->name : "";
    if (individual != NULL || element != NULL) {
        if (individual != NULL ? !individual_fits(individual, wanted)
                               : !cret_spdx3_is(element->class, wanted)) {
            cret_shape_fault(walk->run, name, wanted, id, "the reference leads to another kind: %s",
                             individual != NULL ? individual : class);
        }
        return;
    }
    const size_t prefix = strlen(LISTED_LICENSE);
    const bool license = strncmp(id, LISTED_LICENSE, prefix) == 0 &&
                         cret_license_known(id + prefix) &&
                         (strcmp(wanted, LICENSE_INFO) == 0 || strcmp(wanted, "Element") == 0);
    if (json_object_get(walk->spdx3->imports, id) == NULL && !license) {
        cret_shape_fault(walk->run, name,
                         "the id of something in this document, or one that import declares", id,
                         "the reference names what the document does not have");
    }
}

static const char *const kind_words[] = {
    [CRET_SPDX3_TEXT] = "a string",
    [CRET_SPDX3_TIME] = "a date and time in UTC, YYYY-MM-DDThh:mm:ssZ",
    [CRET_SPDX3_VERSION] = "a semantic version",
    [CRET_SPDX3_URI] = "a string",
    [CRET_SPDX3_MEDIA] = "a media type",
    [CRET_SPDX3_WHOLE] = "a whole number",
    [CRET_SPDX3_POSITIVE] = "a whole number from 1",
    [CRET_SPDX3_NUMBER] = "a number",
    [CRET_SPDX3_BOOLEAN] = "true or false",
    [CRET_SPDX3_WORD] = "a string",
    [CRET_SPDX3_REFERENCE] = "the id of an object",
    [CRET_SPDX3_INLINE] = "an object",
};

static bool scalar_fits(const struct cret_spdx3_member *member, const json_t *value)
{
    const char *text = json_string_value(value);
    switch (member->kind) {
    case CRET_SPDX3_TEXT:
    case CRET_SPDX3_URI:
        return text != NULL;
    case CRET_SPDX3_TIME:
        return text != NULL && is_time(text);
    case CRET_SPDX3_VERSION:
        return text != NULL && is_version(text);
    case CRET_SPDX3_MEDIA:
        return text != NULL && is_media(text);
    case CRET_SPDX3_WHOLE:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case CRET_SPDX3_POSITIVE:
        return json_is_integer(value) && json_integer_value(value) >= 1;
    case CRET_SPDX3_NUMBER:
        return json_is_number(value) || (text != NULL && is_number(text));
    case CRET_SPDX3_BOOLEAN:
        return json_is_boolean(value);
    case CRET_SPDX3_WORD:
        return text != NULL && is_word(member->words, text);
    default:
        return false;
    }
}

/* An object that stands where it is meant. `name` for the pointer: NULL, it is there already. */
static void check_inline(const struct walk *walk, const struct cret_spdx3_member *member,
                         const json_t *object)
{
    const char *type = cret_json_string(object, "type");
    const struct cret_spdx3_class *class = cret_spdx3_class_of(type);
    if (strcmp(member->words, "extension_Extension") == 0) {
        if (type == NULL) {
            cret_shape_fault(walk->run, "type", "the type of the extension", "absent",
                             "an extension does not say of which type it is");
        }
    } else if (class == NULL || class->abstract || !cret_spdx3_is(class, member->words)) {
        cret_shape_fault(walk->run, "type", member->words, type != NULL ? type : "absent",
                         "%s holds an object of another type", member->name);
    } else {
        check_object(walk, class, object);
    }
}

static void check_one(const struct walk *walk, const struct cret_spdx3_member *member,
                      const json_t *value)
{
    const char *text = json_string_value(value);
    const bool creation =
        member->kind == CRET_SPDX3_REFERENCE && strcmp(member->words, "CreationInfo") == 0;
    if (member->kind == CRET_SPDX3_REFERENCE && text != NULL) {
        check_reference(walk, NULL, member->words, text);
    } else if (json_is_object(value) && (creation || member->kind == CRET_SPDX3_INLINE)) {
        check_inline(walk, member, value);
    } else if (json_is_object(value) && member->kind == CRET_SPDX3_REFERENCE) {
        cret_shape_fault(walk->run, NULL, "the spdxId of an object of @graph", "an object",
                         "elements stand in @graph and are named by their spdxId; one that stands "
                         "inside of another is not read");
    } else if (text != NULL && member->kind == CRET_SPDX3_INLINE) {
        cret_shape_fault(walk->run, NULL, "the object itself", text,
                         "%s holds a reference: objects of this kind stand where they belong",
                         member->name);
    } else if (!scalar_fits(member, value)) {
        const bool word = member->kind == CRET_SPDX3_WORD;
        cret_shape_fault(walk->run, NULL, word ? member->words : kind_words[member->kind], text,
                         word && text != NULL ? "%s has an unknown value"
                                              : "%s has a value of the wrong form",
                         member->name);
    }
}

static void check_member(const struct walk *walk, const struct cret_spdx3_member *member,
                         const json_t *value)
{
    struct cret_shape_run *run = walk->run;
    const bool list = (member->flags & CRET_SPDX3_LIST) != 0;
    if (list != json_is_array(value)) {
        cret_shape_fault(
            run, NULL, list ? "an array" : kind_words[member->kind], json_string_value(value),
            list ? "%s is a list, also of one" : "%s is one value, no list of them", member->name);
        return;
    }
    if (!list) {
        check_one(walk, member, value);
        return;
    }
    if ((member->flags & CRET_SPDX3_MUST) != 0 && json_array_size(value) == 0) {
        cret_shape_fault(run, NULL, "at least one entry", "none", "%s is empty", member->name);
    }
    CRET_JSON_EACH_AT (index, element, value) {
        const size_t mark = cret_json_enter_index(&run->at, index);
        check_one(walk, member, element);
        cret_json_leave(&run->at, mark);
    }
}

static void check_required(const struct walk *walk, const struct cret_spdx3_class *class,
                           const json_t *object)
{
    for (; class != NULL; class = cret_spdx3_class_of(class->parent)) {
        const struct cret_spdx3_member *member = class->members;
        for (; member != NULL && member->name != NULL; member++) {
            if ((member->flags & CRET_SPDX3_MUST) != 0 &&
                json_object_get(object, member->name) == NULL) {
                cret_shape_fault(walk->run, member->name, kind_words[member->kind], "absent",
                                 "%s is missing", member->name);
            }
        }
    }
}

/* The id: of an element spdxId, which it must have; of anything else @id. */
static void check_id(const struct walk *walk, bool element, const json_t *object)
{
    const char *name = element ? "spdxId" : "@id";
    const json_t *value = json_object_get(object, name);
    const char *id = json_string_value(value);
    const bool blank = !element && id != NULL && strncmp(id, "_:", 2) == 0 && id[2] != '\0';
    if ((value != NULL || element) && !blank && (id == NULL || !is_iri(id))) {
        cret_shape_fault(walk->run, name, "an IRI", id, "%s is missing, or no IRI", name);
    }
}

static void check_object(const struct walk *walk, const struct cret_spdx3_class *class,
                         const json_t *object)
{
    struct cret_shape_run *run = walk->run;
    const bool element = cret_spdx3_is(class, "Element");
    if (run->at.failed || run->faults >= CRET_SHAPE_FAULTS) {
        return;
    }
    check_id(walk, element, object);
    CRET_JSON_MEMBERS (key, value, object) {
        const struct cret_spdx3_member *member = cret_spdx3_member_of(class, key);
        if (strcmp(key, "type") == 0 || strcmp(key, element ? "spdxId" : "@id") == 0) {
            continue;
        }
        if (member == NULL) {
            cret_shape_fault(run, key, "a member that the format knows", key,
                             "%s has no member of this name", class->name);
            continue;
        }
        const size_t mark = cret_json_enter(&run->at, key);
        check_member(walk, member, value);
        cret_json_leave(&run->at, mark);
    }
    check_required(walk, class, object);
    cret_spdx3_check_meaning(walk->spdx3, run, class, object);
}

static void check_graph_object(const struct walk *walk, const json_t *object)
{
    const char *type = cret_json_string(object, "type");
    const struct cret_spdx3_class *class = cret_spdx3_class_of(type);
    if (!json_is_object(object)) {
        cret_shape_fault(walk->run, NULL, "an object", NULL,
                         "@graph holds something else than objects");
    } else if (class == NULL || class->abstract || cret_spdx3_is(class, "extension_Extension")) {
        cret_shape_fault(walk->run, "type", "a class of SPDX 3.0.1", type != NULL ? type : "absent",
                         class == NULL ? "the format has no class of this name"
                                       : "no object is of this class: it only stands for those "
                                         "that are made of it");
    } else {
        check_object(walk, class, object);
    }
}

/* Each id once, and not declared as another document's. */
static void check_ids(const struct walk *walk)
{
    const struct cret_spdx3_list *elements = &walk->spdx3->elements;
    struct cret_shape_run *run = walk->run;
    for (size_t i = 0; i < elements->count; i++) {
        const struct cret_spdx3_element *one = &elements->list[i];
        const bool again = i > 0 && strcmp(one->id, elements->list[i - 1].id) == 0;
        if (!again && json_object_get(walk->spdx3->imports, one->id) == NULL) {
            continue;
        }
        const size_t mark = cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
        cret_json_enter_index(&run->at, one->place);
        cret_shape_fault(run, cret_json_string(one->json, "spdxId") != NULL ? "spdxId" : "@id",
                         "an id that nothing else has", one->id,
                         again ? "two objects have the same id"
                               : "the id is declared by import as another document's, and defined "
                                 "here");
        cret_json_leave(&run->at, mark);
    }
}

void cret_spdx3_check(const struct cret_spdx3 *spdx3, const json_t *document,
                      struct cret_shape_run *run)
{
    const struct walk walk = {.spdx3 = spdx3, .run = run};
    const size_t graph = cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
    CRET_JSON_EACH_AT (index, object, json_object_get(document, CRET_SPDX3_GRAPH)) {
        const size_t mark = cret_json_enter_index(&run->at, index);
        check_graph_object(&walk, object);
        cret_json_leave(&run->at, mark);
    }
    cret_json_leave(&run->at, graph);
    check_ids(&walk);
}
