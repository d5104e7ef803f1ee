/* SPDX-License-Identifier: Apache-2.0 */
/* The field table of a journal's lines (docs/spec/journal.md): what writers put into one. Readers
 * believe less (journal_line.c), since a line may be anybody's. */
#include "base/schema/rows.h"
#include "evidence/journal/journal_internal.h"
#include "evidence/record/record.h"

static const struct cret_field from_fields[] = {
    CRET_ROW_SHA256("genesis", CRET_REQUIRED, "Genesis value of the journal that went before."),
    CRET_ROW_SHA256("head", CRET_REQUIRED, "Its head."),
    CRET_ROW_COUNT("lines", CRET_REQUIRED, "Number of its lines."),
    CRET_ROW_BOOLEAN("closed", CRET_REQUIRED, "Whether its last line closes it."),
    CRET_ROW_END,
};

static const struct cret_field quote_fields[] = {
    CRET_ROW_COUNT("bytes", CRET_REQUIRED, "How many bytes are quoted, with their line break."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of them."),
    CRET_ROW_TEXT("text", 0, "How they begin."),
    CRET_ROW_END,
};

static const struct cret_field line_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_JOURNAL_PURPOSE),
    CRET_ROW_COUNT("number", CRET_REQUIRED, "Number of the line, from 0."),
    CRET_ROW_TIME("time", CRET_REQUIRED, "When it was written, UTC."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, cret_journal_kind_names, "What the line is."),
    CRET_ROW_SHA256("previous", 0, "Digest of the line before; absent in line 0."),
    CRET_ROW_SHA256("genesis", 0, "genesis: the value that the head begins with."),
    CRET_ROW_ENUM("witness", 0, CRET_WORDS("tpm", "none"), "genesis: who else holds the head."),
    CRET_ROW_TEXT("host", 0, "genesis: name of the machine."),
    CRET_ROW_OBJECT("from", 0, from_fields, "genesis: the journal that this one continues."),
    CRET_ROW_SHA256("record", 0, "run: SHA-256 of the record."),
    CRET_ROW_SHA256("signer", 0, "run: SHA-256 of the certificate of whoever signs the record."),
    CRET_ROW_SHA256("signature", 0, "run, of earlier versions: SHA-256 of the signature."),
    CRET_ROW_ENUM("verdict", 0, cret_verdict_names, "run: the verdict."),
    CRET_ROW_SHA256("identity", 0, "run, note: SHA-256 of MANIFEST.json."),
    CRET_ROW_TEXT("vendor", 0, "run, note: the product's vendor."),
    CRET_ROW_TEXT("product", 0, "run, note: the product."),
    CRET_ROW_TEXT("version", 0, "run, note: the release."),
    CRET_ROW_COUNT("sequence", 0, "run: its sequence."),
    CRET_ROW_TEXT("archive", 0, "run: name of the file."),
    CRET_ROW_TEXT("changeId", 0, "run, note: the change."),
    CRET_ROW_TEXT("asset", 0, "run, note: the asset."),
    CRET_ROW_TEXT("zone", 0, "run: its zone or conduit."),
    CRET_ROW_TEXT("stage", 0, "run, note: stage of the change."),
    CRET_ROW_TEXT("at", 0, "run: the time given with --at; such a run never counts."),
    CRET_ROW_BOOLEAN("exampleKeys", 0, "run: published keys were let through; it never counts."),
    CRET_ROW_COUNT("line", 0, "note, unconfirmed: number of the line that it is about."),
    CRET_ROW_TEXT("occurred", 0, "note: when it happened."),
    CRET_ROW_TEXT("text", 0, "note, close: what its writer says."),
    CRET_ROW_TEXT("user", 0, "genesis, run, note, close: user of the operating system."),
    CRET_ROW_TEXT("name", 0, "note: name, as declared."),
    CRET_ROW_TEXT("role", 0, "note: role, as declared."),
    CRET_ROW_TEXT("reason", 0, "unconfirmed: why."),
    CRET_ROW_OBJECT("quote", 0, quote_fields, "unconfirmed: what stands before it in the file."),
    CRET_ROW_SHA256("leftRecord", 0, "unconfirmed: SHA-256 of the record that was left."),
    CRET_ROW_LINE("file", 0, "rotate: the name that the file gets."),
    CRET_ROW_END,
};

const struct cret_file_format cret_journal_line_format = {
    .purpose = CRET_JOURNAL_PURPOSE,
    .words = "journal line",
    .file = CRET_JOURNAL_FILE,
    .fields = line_fields,
    .bytes = CRET_JOURNAL_LINE_BYTES,
    .fault = CRET_ERR_REFUSED,
    .check = CRET_CHECK_JOURNAL_CHAIN,
};
