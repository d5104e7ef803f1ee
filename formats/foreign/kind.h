/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One kind of foreign signature: one module, one row of kinds.h. A module reads the file and says
 * what its signature proves and what of the file it does not cover; foreign.c alone makes findings
 * of that, and a verdict is made of the findings.
 */
#ifndef CRET_FOREIGN_KIND_H
#define CRET_FOREIGN_KIND_H

#include "base/text/optional.h"
#include "foreign/file.h"
#include "trust/policy/pin.h"
#include "trust/policy/policy.h"

/* A file beside the one that is judged: its signature, or a list of hashes. Bytes that came from
 * outside; read by the parent, parsed by nobody so far. */
struct cret_foreign_side {
    const char *name; /* without its folders */
    const uint8_t *data;
    size_t size;
};

/* What is asked of a module. */
struct cret_foreign_question {
    const struct cret_foreign_file *file;  /* what is judged */
    const struct cret_foreign_side *side;  /* the signature beside it; NULL: it is inside */
    const struct cret_foreign_side *sides; /* all that lie beside it, or NULL */
    size_t side_count;
    const char *pin_kind;             /* the row's */
    const struct cret_policy *policy; /* its pins, intermediates, lists, authorities */
    const char *vendor, *product;     /* what the operator expects; or NULL: not said */
    int64_t now;                      /* seconds */
    bool allow_example_keys;
};

/* A part of the file that the signature does not cover. */
struct cret_foreign_gap {
    const char *what; /* "bytes after the signature", "padding of the certificate table"; static */
    uint64_t offset, bytes;
    bool zero;     /* nothing but zeros: counted and named, not refused */
    bool accepted; /* the format has it so, and it carries no content (the PE checksum): named */
    bool in_signature; /* offset counts from the first byte of the signature, not of the file */
    bool told;         /* more than tools put there: accepted, with a warning */
    const char *hint;  /* what to do where it refuses; NULL: ask the vendor; static */
};

/* Somebody who signed besides the one who counts. */
struct cret_foreign_other {
    char subject[512];
    uint8_t certificate_sha256[CRET_SHA256_BYTES];
};

enum {
    CRET_FOREIGN_GAPS = 24,
    CRET_FOREIGN_OTHERS = 19,
    CRET_FOREIGN_TEXT = 512,
    CRET_FOREIGN_NOTES = 12,
    CRET_FOREIGN_NOTE_BYTES = 240
};

/* What a signature proves. Zeroed by the framework before the module sees it: a field that nobody
 * set refuses. A module sets what it has verified, and nothing else. */
struct cret_foreign_proof {
    bool verified;      /* every value matches: digest of the file, and signature over it */
    bool equality_only; /* it is a list of hashes: it proves that two downloads agree */
    bool covered;       /* each byte that is neither hashed nor the signature is one of gaps */
    struct cret_foreign_gap gaps[CRET_FOREIGN_GAPS];
    size_t gap_count;
    bool gaps_lost; /* there were more */

    char digest_algorithm[24]; /* of the file: "sha256"; the signature's where there is one */
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t digest_size;
    bool weak;           /* MD5, SHA-1, CRC somewhere on the way from the pin to the file */
    char weak_words[64]; /* which: "SHA-1 in the signature" */

    /* Whose it is; set by cret_foreign_judge_*. */
    const struct cret_foreign_pin *pin;    /* NULL: nobody's who is pinned */
    const struct cret_policy_scope *scope; /* of the pin; NULL with a bare one */
    char subject[CRET_FOREIGN_TEXT], issuer[CRET_FOREIGN_TEXT]; /* of a certificate, or "" */
    char serial[80];
    bool has_certificate;
    uint8_t certificate_sha256[CRET_SHA256_BYTES];
    bool has_key;
    uint8_t key_sha256[CRET_SHA256_BYTES]; /* of its SubjectPublicKeyInfo */
    char key_name[128];                    /* as the format names it: "minisign key 1A2B..." */

    struct cret_optional time;         /* when it was signed, as somebody trusted says; seconds */
    char time_by[CRET_FOREIGN_TEXT];   /* who says so, and how: "RFC 3161 timestamp by CN=..." */
    struct cret_optional claimed_time; /* what the signer says; shown, never trusted */

    struct cret_foreign_other others[CRET_FOREIGN_OTHERS];
    size_t other_count;

    char notes[CRET_FOREIGN_NOTES][CRET_FOREIGN_NOTE_BYTES]; /* more that whoever reads must know */
    size_t note_count;
};

struct cret_foreign_kind {
    const char *id;       /* in records and on pages: "authenticode-pe" */
    const char *pin_kind; /* the word of cret_pin_kinds by which a policy pins it: "authenticode" */
    const char *words;    /* "Authenticode signature of a PE file" */
    const char *proves;   /* one sentence: what an accepted one proves */
    const char *leaves;   /* one sentence: what it does not prove or cover; never empty */
    bool beside;          /* the signature is a file of its own */
    bool list;            /* a list of hashes: what else lies beside is the list's signature */
    bool either;          /* it can be both: inside, or with a side file */
    /*
     * By content alone, cheaply: is this the kind? Of a kind that is beside, whether the side file
     * is one (then a file that is damaged is named as what it is). May read a few blocks; what
     * cannot be read is "no".
     */
    bool (*recognize)(const struct cret_foreign_file *file, const struct cret_foreign_side *side);
    /*
     * CRET_OK: it was read to its end, ret_proof says what was found (verified or not, pinned or
     * not). class REFUSED with foreign.form where the format is broken, foreign.value where a
     * digest or a signature is wrong, foreign.pin where nobody pinned made it; a check of
     * certificates (certificate.*) with what cret_foreign_judge_certificate said; UNDECIDED.
     */
    enum cret_status (*verify)(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err);
};

/* Adds a gap; more than there is room for sets gaps_lost, which refuses. bytes 0 adds nothing. */
void cret_foreign_gap_add(struct cret_foreign_proof *proof, const char *what, uint64_t offset,
                          uint64_t bytes, bool zero, bool accepted);
/* The same of parts of the signature, which carry no content of the file: the first one's offset,
 * and the bytes of all. told: more than tools put there. */
void cret_foreign_gap_in_signature(struct cret_foreign_proof *proof, const char *what,
                                   uint64_t offset, uint64_t bytes, bool told);
/* Adds a gap as one of the parts of another proof. */
void cret_foreign_gap_copy(struct cret_foreign_proof *proof, const struct cret_foreign_gap *gap);
/* The same of a part of the file, which is read to see whether it is zero. */
CRET_MUST_CHECK enum cret_status cret_foreign_gap_read(struct cret_foreign_proof *proof,
                                                       const struct cret_foreign_file *file,
                                                       const char *what, uint64_t offset,
                                                       uint64_t bytes, struct cret_err *err);
void cret_foreign_note(struct cret_foreign_proof *proof, const char *format, ...) CRET_PRINTF(2, 3);
/* MD5, SHA-1, MD4, CRC: sets weak and its words ("SHA-1 in `where`"); nothing for others. */
void cret_foreign_digest_strength(struct cret_foreign_proof *proof, const char *algorithm,
                                  const char *where);

/* The pins of the question's kind, one after the other, of scopes that cover what the operator
 * expects; *index begins at 0. NULL: no more. *ret_scope may be NULL (a bare pin). */
const struct cret_foreign_pin *cret_foreign_next_pin(const struct cret_foreign_question *question,
                                                     size_t *index,
                                                     const struct cret_policy_scope **ret_scope);
/* Sets pin and scope. Call it for the pin whose own key (or certificate) the value verified with,
 * after it did. */
void cret_foreign_pinned(struct cret_foreign_proof *proof, const struct cret_foreign_pin *pin,
                         const struct cret_policy_scope *scope);
/* REFUSED, foreign.pin: there is no pin of this kind, or none is for this signer; says how one is
 * added. who: "CN=..." or "minisign key 12AB". */
enum cret_status cret_foreign_unpinned(const struct cret_foreign_question *question,
                                       const char *who, struct cret_err *err);

/* A signature by a certificate, whose value the module has verified. */
struct cret_foreign_signer {
    const struct cret_certificate *certificate;
    const struct cret_certificate *const *others; /* that came along */
    size_t other_count;
    const char *usage;         /* EKU asked for, dotted OID; NULL: of whatever usage, or none */
    struct cret_optional time; /* proved by a timestamp that cret_foreign_judge_time took */
    bool time_limits; /* lifetime signing: the certificate must be valid now, whatever the time */
    /* One for each of others: set where the path to the pin needs it; or NULL. */
    bool *needed;
};
/*
 * Is it of a pin? By key, by certificate, or by subject and issuer below the pin's CA, with a path
 * that is valid at the proved time, else now, and that no revocation list refuses. Fills the
 * fields of *proof about the signer (also where it is refused), and its pin. class REFUSED with
 * foreign.pin or certificate.*; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status
cret_foreign_judge_certificate(const struct cret_foreign_question *question,
                               const struct cret_foreign_signer *signer,
                               struct cret_foreign_proof *proof, struct cret_err *err);

#endif
