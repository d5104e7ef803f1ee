/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/verbs/options.h"

#include "base/finding/limits.h"
#include "base/system/os.h"

static const char *const meanings[] = {"origin", "approval", "receipt", NULL};
static const char *const lint_formats[] = {"text", "json", "sarif", NULL};

static const struct cret_option description_options[] = {
    {.name = "set",
     .argument = "PATH=VALUE",
     .repeatable = true,
     .help = "Set one field of the description, for example release.version=1.2.3."},
    {.name = "strict-names",
     .help = "Refuse file names that the archive cannot hold, instead of mapping them."},
    {.name = NULL},
};

static const struct cret_option pack_options[] = {
    {.name = "out",
     .argument = "FILE",
     .help = "The archive to write. Default: <product>-<version>.cretula.tar in this folder."},
    {.name = "previous",
     .argument = "OLD",
     .help = "The archive of the last release: the sequence must rise, and a document that changed "
             "must have another version."},
    {.name = "detached",
     .help = "Write manifest and signature only; the payload stays where it is."},
    {.name = "force",
     .help =
         "Replace whatever lies at the output. Without it only an archive of the same content is "
         "replaced, and no signature by another key is lost."},
    {.name = "no-signing-time",
     .help = "Leave the signer's own time out of the signature, which nobody confirms anyway: with "
             "RSA, Ed25519 or ML-DSA keys two runs then give the same bytes."},
    {.name = NULL},
};

static const struct cret_option key_options[] = {
    {.name = "key",
     .argument = "URI",
     .required = true,
     .help = "The private key: a PEM file (PKCS#8, encrypted or not; TSS2 PRIVATE KEY of a TPM), "
             "pkcs11:token=LABEL;object=LABEL?module-path=FILE (RFC 7512), or handle:0x81... of a "
             "persistent TPM key (with ?pass where it has an authorization value)."},
    {.name = "cert",
     .argument = "PEM",
     .required = true,
     .help = "The certificate of that key; intermediates may follow it in the file."},
    {.name = "chain",
     .argument = "PEM",
     .help = "Intermediate certificates, from the signer's issuer upwards, without the root."},
    {.name = "passphrase-fd",
     .argument = "N",
     .excludes = "pin-fd pin-file",
     .help = "Read the key's passphrase from descriptor N (one line)."},
    {.name = "pin-fd",
     .argument = "N",
     .excludes = "passphrase-fd pin-file",
     .help = "Read PIN or passphrase from descriptor N (one line)."},
    {.name = "pin-file",
     .argument = "FILE",
     .excludes = "passphrase-fd pin-fd",
     .help = "Read PIN or passphrase from the first line of FILE. Without one of these three it is "
             "asked for on the terminal."},
    {.name = "allow-example-keys",
     .help = "Sign with a key that everybody has (keys-example, public test keys). For trying out "
             "only."},
    {.name = NULL},
};

static const struct cret_option meaning_options[] = {
    {.name = "meaning",
     .argument = "MEANING",
     .choices = meanings,
     .help = "What the signer says by signing: origin (this comes from us), approval (we have "
             "approved it), receipt (we have received it). Default: nothing is said."},
    {.name = "replace",
     .help =
         "Put the new signature in the place of the one by the same key, and of its timestamp: for "
         "a certificate that was renewed."},
    {.name = NULL},
};

static const struct cret_option prepare_options[] = {
    {.name = "out",
     .argument = "FILE",
     .help = "From a description: the archive to write (default: "
             "<product>-<version>.cretula.tar); MANIFEST.json is written beside it as "
             "FILE.MANIFEST.json. From an archive: where its MANIFEST.json is written."},
    {.name = "previous",
     .argument = "OLD",
     .help = "As for pack: the archive of the last release."},
    {.name = "detached", .help = "As for pack: write the front only."},
    {.name = "force", .help = "As for pack: replace whatever lies at the output."},
    {.name = NULL},
};

static const struct cret_option attributes_options[] = {
    {.name = "tbs",
     .argument = "FILE",
     .needs = "cert",
     .help = "Write the signed attributes (DER) that a raw signer signs, without a signing time, "
             "instead of MANIFEST.json."},
    {.name = "cert",
     .argument = "PEM",
     .needs = "tbs",
     .help = "The certificate of the key that will sign; intermediates may follow it."},
    {.name = "chain",
     .argument = "PEM",
     .needs = "tbs",
     .help = "Intermediate certificates, from the signer's issuer upwards, without the root."},
    {.name = "meaning",
     .argument = "MEANING",
     .choices = meanings,
     .needs = "tbs",
     .help = "What the signer says by signing: origin, approval or receipt. Default: nothing."},
    {.name = "allow-example-keys",
     .help = "Take the certificate of a key that everybody has. For trying out only."},
    {.name = "replace",
     .needs = "tbs",
     .help = "The signature will take the place of the one by the same key (attach --replace)."},
    {.name = NULL},
};

static const struct cret_option attach_options[] = {
    {.name = "raw",
     .argument = "SIG",
     .needs = "cert",
     .help = "A bare signature value over what prepare --tbs wrote: ECDSA in DER or as r and s, "
             "RSA with PKCS#1 v1.5 or PSS."},
    {.name = "cert",
     .argument = "PEM",
     .help = "With --raw: the certificate as given to prepare. Else: certificates that the "
             "signature covers and does not embed."},
    {.name = "chain",
     .argument = "PEM",
     .help = "With --raw: the intermediates as given to prepare. Else as --cert."},
    {.name = "meaning",
     .argument = "MEANING",
     .choices = meanings,
     .needs = "raw",
     .help = "The meaning as given to prepare."},
    {.name = "allow-example-keys",
     .help = "Take signatures by a key that everybody has. For trying out only."},
    {.name = "replace",
     .help =
         "Put the new signature in the place of the one by the same key, and of its timestamp: for "
         "a certificate that was renewed."},
    {.name = NULL},
};

static const struct cret_option timestamp_options[] = {
    {.name = "request",
     .argument = "OUT.tsq",
     .excludes = "response",
     .help = "Write the request (RFC 3161) that a timestamp authority answers."},
    {.name = "response",
     .argument = "IN.tsr",
     .excludes = "request",
     .help = "Put the token of this answer into the signature that it is for."},
    {.name = "signer",
     .argument = "HEX",
     .help = "Which signature, where several have no timestamp: the first digits of the SHA-256 of "
             "its key, at least 8 of them, as in its name below SIGNATURES/."},
    {.name = "cert",
     .argument = "PEM",
     .needs = "response",
     .help = "Certificates of the authority, where its answer does not embed them."},
    {.name = "allow-example-keys",
     .help = "Take signatures and tokens by a key that everybody has. For trying out only."},
    {.name = NULL},
};

static const struct cret_option front_options[] = {
    {.name = "payload",
     .argument = "DIR",
     .help = "The folder with the payload of a front (pack --detached)."},
    {.name = NULL},
};

static const struct cret_option lint_options[] = {
    {.name = "format",
     .argument = "FORMAT",
     .choices = lint_formats,
     .excludes = "json",
     .help = "Form of the findings."},
    {.name = "profile",
     .argument = "FILE",
     .help = "Require what this profile lists: topics that the documentation must answer."},
    {.name = NULL},
};

static const struct cret_option work_options[] = {
    {.name = "jobs",
     .argument = "N",
     .help = "Threads that hash and write. Default: one for each processor."},
    {.name = "quiet", .help = "Print nothing but errors and findings."},
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = NULL},
};

static const struct cret_option keygen_options[] = {
    {.name = "out",
     .argument = "PREFIX",
     .required = true,
     .help = "Write PREFIX.key.pem and PREFIX.cert.pem. Neither may exist."},
    {.name = "algorithm",
     .argument = "NAME",
     .help = "ecdsa-p256 (default), ecdsa-p384, rsa-3072, rsa-4096 or ed25519; with OpenSSL 3.5 "
             "or newer also ml-dsa-65 or ml-dsa-87 (post-quantum)."},
    {.name = "subject",
     .argument = "DN",
     .help = "Name in the certificate, for example \"CN=Release signing,O=Example GmbH,C=DE\". "
             "Default: "
             "CN= and the prefix's last part."},
    {.name = "days",
     .argument = "N",
     .help = "Validity of the certificate in days. Default: 1825."},
    {.name = "passphrase-fd",
     .argument = "N",
     .help = "Read the new passphrase from descriptor N (one line). Default: it is asked for twice "
             "on the terminal."},
    {.name = "quiet", .help = "Print nothing but errors."},
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = NULL},
};

static const struct cret_option init_options[] = {
    {.name = "from",
     .argument = "OLD",
     .help = "Start from what the archive OLD says of itself. It is not verified."},
    {.name = NULL},
};

static const struct cret_option order_options[] = {
    {.name = "key",
     .argument = "URI",
     .required = true,
     .help = "The trust owner's private key: RSA-3072, P-256 or P-384."},
    {.name = "out", .argument = "FILE", .required = true, .help = "The order to write."},
    {.name = "index",
     .argument = "HANDLE",
     .help = "NV index of the anchor, as in station.json. Default: 0x01800100."},
    {.name = "passphrase-fd",
     .argument = "N",
     .excludes = "pin-fd pin-file",
     .help = "Read the key's passphrase from descriptor N (one line)."},
    {.name = "pin-fd",
     .argument = "N",
     .excludes = "passphrase-fd pin-file",
     .help = "Read PIN or passphrase from descriptor N (one line)."},
    {.name = "pin-file",
     .argument = "FILE",
     .excludes = "passphrase-fd pin-fd",
     .help = "Read PIN or passphrase from the first line of FILE."},
    {.name = "allow-example-keys", .help = "Let published example keys in. For trying out only."},
    {.name = "quiet", .help = "Print nothing but errors."},
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = NULL},
};

static const struct cret_option adopt_options[] = {
    {.name = "vendor",
     .argument = "TEXT",
     .required = true,
     .help = "Vendor of the files, as the trust policy's scope names him."},
    {.name = "product",
     .argument = "TEXT",
     .required = true,
     .help = "Product that the files are for, as the trust policy's scope names it."},
    {.name = "release",
     .argument = "VERSION",
     .required = true,
     .help = "Version of the release, as the vendor calls it."},
    {.name = "sequence",
     .argument = "N",
     .required = true,
     .help = "Whole number that rises with every release of the product that is adopted: the "
             "rollback floor."},
    {.name = "hardware",
     .argument = "MODEL",
     .repeatable = true,
     .help = "Hardware that the files are for. Repeated: each of them."},
    {.name = "source",
     .argument = "TEXT",
     .required = true,
     .help = "Where the files come from: URL, portal, person, device."},
    {.name = "medium",
     .argument = "TEXT",
     .required = true,
     .help = "How they came: download, USB stick, service laptop."},
    {.name = "acquired", .argument = "TIME", .help = "When they came (RFC 3339, UTC)."},
    {.name = "name",
     .argument = "TEXT",
     .help = "Who compared and adopts. Default: the user of the operating system."},
    {.name = "role", .argument = "TEXT", .help = "That person's role."},
    {.name = "note", .argument = "TEXT", .help = "What else was compared or is known."},
    {.name = NULL},
};

static const struct cret_option compared_options[] = {
    {.name = "published-sha256",
     .argument = "HEX",
     .repeatable = true,
     .help =
         "SHA-256 that the vendor published for one of the files. Where no file has it, nothing "
         "is signed. Repeated: each of them."},
    {.name = "published-at",
     .argument = "TEXT",
     .needs = "published-sha256",
     .help = "Where the vendor published it, for example the page's URL."},
    {.name = "foreign-signature",
     .argument = "FILE",
     .needs = "foreign-result",
     .help = "The vendor's signature in another format (OpenPGP, Authenticode, ...). It is packed "
             "with the files, and not checked by this program."},
    {.name = "foreign-result",
     .argument = "TEXT",
     .needs = "foreign-signature",
     .help = "What the tool for that format said of it, with the key's fingerprint."},
    {.name = NULL},
};

static const struct cret_option adopted_options[] = {
    {.name = "out",
     .argument = "FILE",
     .help = "The archive to write. Default: <product>-<version>.cretula.tar in this folder."},
    {.name = "force",
     .help =
         "Replace whatever lies at the output. Without it only an archive of the same content is "
         "replaced, and no signature by another key is lost."},
    {.name = "no-signing-time",
     .help = "Leave the signer's own time out of the signature, which nobody confirms anyway: with "
             "RSA, Ed25519 or ML-DSA keys two runs then give the same bytes."},
    {.name = NULL},
};

static const struct cret_option waive_options[] = {
    {.name = "check",
     .argument = "CHECK-ID",
     .repeatable = true,
     .help = "The check whose findings are waived. Repeated: each of them, for the same reason."},
    {.name = "archive",
     .argument = "FILE",
     .excludes = "identity",
     .help = "The archive of the one release that it is for."},
    {.name = "identity",
     .argument = "HEX",
     .excludes = "archive",
     .help = "Or its identity: SHA-256 of its MANIFEST.json."},
    {.name = "asset",
     .argument = "TEXT",
     .help = "The one asset that it is for, as verifiers give it with --asset. Default: any."},
    {.name = "reason", .argument = "TEXT", .help = "Why the finding is accepted."},
    {.name = "approver", .argument = "TEXT", .help = "Who approves it."},
    {.name = "control",
     .argument = "TEXT",
     .help = "What is done instead: the compensating control."},
    {.name = "from", .argument = "TIME", .help = "When it begins (RFC 3339, UTC). Default: now."},
    {.name = "until", .argument = "TIME", .help = "When it ends (RFC 3339, UTC)."},
    {.name = "out",
     .argument = "FILE",
     .help = "The waiver file to write; the signature is written beside it as "
             "FILE.<16 hex digits>.p7s."},
    {.name = NULL},
};

static const struct cret_option result_options[] = {
    {.name = "quiet", .help = "Print nothing but errors."},
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = NULL},
};

static const struct cret_option_group waive_group = {"Waiver", waive_options};
static const struct cret_option_group description_group = {"Description", description_options};
static const struct cret_option_group pack_group = {"Archive", pack_options};
static const struct cret_option_group key_group = {"Key", key_options};
static const struct cret_option_group lint_group = {"Findings", lint_options};
static const struct cret_option_group work_group = {"Work and output", work_options};
static const struct cret_option_group keygen_group = {"Key pair", keygen_options};
static const struct cret_option_group order_group = {"Order", order_options};
static const struct cret_option_group init_group = {"Description", init_options};

static const struct cret_option_group meaning_group = {"Signature", meaning_options};
static const struct cret_option_group front_group = {"Archive", front_options};

static const struct cret_option_group prepare_group = {"Archive", prepare_options};
static const struct cret_option_group attributes_group = {"Raw signers", attributes_options};
static const struct cret_option_group attach_group = {"Signature", attach_options};

static const struct cret_option_group adopt_group = {"Adoption", adopt_options};
static const struct cret_option_group compared_group = {"Compared with", compared_options};
static const struct cret_option_group adopted_group = {"Archive", adopted_options};

static const struct cret_option_group *const adopt_groups[] = {
    &adopt_group, &compared_group, &adopted_group, &description_group, &key_group, &work_group,
    NULL};
static const struct cret_option_group result_group = {"Output", result_options};
static const struct cret_option_group *const profile_groups[] = {&key_group, &result_group, NULL};
static const struct cret_option_group *const prepare_groups[] = {
    &description_group, &prepare_group, &front_group, &attributes_group, &work_group, NULL};
static const struct cret_option_group *const attach_groups[] = {&attach_group, &front_group,
                                                                &work_group, NULL};
static const struct cret_option_group *const endorse_groups[] = {&key_group, &meaning_group,
                                                                 &front_group, &work_group, NULL};
static const struct cret_option_group timestamp_group = {"Timestamp", timestamp_options};
static const struct cret_option_group *const timestamp_groups[] = {&timestamp_group, &front_group,
                                                                   &work_group, NULL};
static const struct cret_option_group *const init_groups[] = {&init_group, NULL};
static const struct cret_option_group *const keygen_groups[] = {&keygen_group, NULL};
static const struct cret_option_group *const lint_groups[] = {&description_group, &lint_group,
                                                              &work_group, NULL};
static const struct cret_option_group *const waive_groups[] = {&waive_group, &key_group,
                                                               &result_group, NULL};
static const struct cret_option_group *const order_groups[] = {&order_group, NULL};
static const struct cret_option_group *const pack_groups[] = {&description_group, &pack_group,
                                                              &key_group, &work_group, NULL};

static const struct cret_verb verbs[] = {
    {"init", NULL, 0, 0, "Print a commented release description to start from",
     "Prints YAML on standard output. Required fields are live, others commented out.", init_groups,
     cret_verb_init},
    {"keygen", NULL, 0, 0, "Make a signing key and its certificate",
     "The private key is encrypted (PKCS#8) and readable by its owner only; the certificate is "
     "self-signed, for code signing. Hand its fingerprint to those who verify, on another way than "
     "the releases.",
     keygen_groups, cret_verb_keygen},
    {"lint", "DESCRIPTION", 1, 1, "Check a release description and its files, without keys",
     "Exit code 0: no fault. 1: the content has faults (a reference to nothing, an SBOM of other "
     "bytes). 2: the description is not valid, and its content was not judged. DESCRIPTION may be "
     "- for standard input.",
     lint_groups, cret_verb_lint},
    {"pack", "DESCRIPTION", 1, 1, "Pack and sign a release: one archive, or nothing",
     "Collects what DESCRIPTION (YAML, - for standard input) names, hashes it, signs the manifest, "
     "verifies the finished archive, and only then gives it its name.",
     pack_groups, cret_verb_pack},
    {"prepare", "DESCRIPTION|FILE", 1, 1, "Make what is to be signed, without a key",
     "For keys that this program cannot reach (HSM, signing service, smartcard, another room). "
     "From "
     "a description, the unsigned archive is written; an archive that exists is verified first. "
     "Then the few kB to sign are written: MANIFEST.json for a CMS tool, or with --tbs the bytes "
     "for a raw signer. attach brings the signature in.",
     prepare_groups, cret_verb_prepare},
    {"attach", "FILE [SIGNATURE.p7s...]", 1, CRET_OPTION_OPERANDS_ANY,
     "Put signatures made elsewhere into an archive",
     "Takes CMS signatures (DER, BER or PEM) over MANIFEST.json, or with --raw a bare value over "
     "what prepare --tbs wrote. What no signature covers is brought into the one form of the "
     "archive, and what was left out is listed; what cannot be brought into it is refused with its "
     "reason. Every byte of FILE is verified before it is replaced.",
     attach_groups, cret_verb_attach},
    {"endorse", "FILE", 1, 1, "Add one more signature to an archive",
     "Verifies every byte of FILE first (its signatures in themselves, both digests of every "
     "file), "
     "signs its manifest, and replaces FILE by an archive with that signature added. Identity and "
     "payload stay as they are. A key signs an archive once; --replace renews its certificate.",
     endorse_groups, cret_verb_endorse},
    {"adopt", "FILE...", 1, CRET_OPTION_OPERANDS_ANY,
     "Sign files as their owner that came from the vendor unsigned",
     "Packs FILEs, says where they come from and what they were compared with, and signs as owner, "
     "with the meaning approval. Verifiers accept the archive by a trust policy whose scope names "
     "the owner, and say in the first line that the vendor's origin is NOT authenticated. Exit "
     "code "
     "1: a published SHA-256 is that of no file; nothing was written.",
     adopt_groups, cret_verb_adopt},
    {"sign-profile", "PROFILE", 1, 1, "Sign a profile as the owner of a site",
     "Writes PROFILE.p7s beside it, with the meaning approval. Verifiers whose trust policy has an "
     "owner role take a profile with a signature beside it only where an owner made that.",
     profile_groups, cret_verb_sign_profile},
    {"timestamp", "FILE", 1, 1, "Get a signature a timestamp, so that it outlives its certificate",
     "In two steps, since the authority is elsewhere: --request writes what it answers; --response "
     "verifies the answer and every byte of FILE, and replaces FILE by an archive with the token "
     "in "
     "the signature. Identity and payload stay as they are.",
     timestamp_groups, cret_verb_timestamp},
    {"trust-order", "TRUST.json", 1, 1,
     "Sign the order that lets stations take a trust policy into their TPM",
     "The order is for this file alone, and only for stations whose TPM holds a lower version and "
     "obeys this key. Stations take it with cretula-verify tpm apply.",
     order_groups, cret_verb_trust_order},
    {"waive", "[FILE]", 0, 1, "Sign a waiver: accept a release although a check fails",
     "Writes a waiver for one release and signs it (meaning: approval). Verifiers honour it where "
     "their trust policy gives the signer the role waiver and lets the check be waived. With FILE, "
     "a waiver that exists, one more signature is written beside it.",
     waive_groups, cret_verb_waive},
    {"sbom", "check|complete", 0, 0, "Check and complete software bills of materials", NULL, NULL,
     NULL},
    {.name = NULL},
};

static const char footer[] = "Exit codes: 0 done; 1 refused, the content has faults; 2 usage, key "
                             "or description error; 3 the "
                             "work could not be done (reading, writing, memory).";

const struct cret_program cret_sign_program = {
    "cretula-sign", CRETULA_VERSION, "Pack firmware and its documents into one signed archive",
    verbs, footer};

enum cret_status cret_option_jobs(unsigned *ret_jobs, const struct cret_options *options,
                                  struct cret_err *err)
{
    int64_t number = 0;
    const unsigned cores = cret_os_cores();
    if (cret_options_number(&number, options, "jobs", 1, CRET_LIMIT_JOBS,
                            cores < CRET_LIMIT_JOBS ? cores : CRET_LIMIT_JOBS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_jobs = (unsigned)number;
    return CRET_OK;
}
