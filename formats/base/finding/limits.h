/* SPDX-License-Identifier: Apache-2.0 */
/* Every cap of the formats and tools, each with its reason. */
#ifndef CRET_BASE_LIMITS_H
#define CRET_BASE_LIMITS_H

/* container */
#define CRET_LIMIT_MANIFEST_BYTES (64u << 20)   /* 200,000 files at 300 bytes each fit */
#define CRET_LIMIT_SIGNATURES 16u               /* more signers than any role model needs */
#define CRET_LIMIT_SIGNATURE_BYTES (256u << 10) /* SLH-DSA value, chain and time stamp fit */
#define CRET_LIMIT_FILES 200000u                /* a large documentation set; bounds memory */
#define CRET_LIMIT_PATH_BYTES 200u              /* fits Windows' 260 under a short folder */
#define CRET_LIMIT_COMPONENT_BYTES 100u         /* always fits the ustar name field */
#define CRET_LIMIT_FILE_BYTES (1ull << 50)      /* offsets stay far from overflow */
#define CRET_LIMIT_TIME_FIRST (-62167219200ll)  /* 0000-01-01T00:00:00Z: X.509 has four digits */
#define CRET_LIMIT_TIME_LAST 253402300799ll     /* 9999-12-31T23:59:59Z; RFC 5280: no end */
#define CRET_LIMIT_DATE 32503680000ll           /* year 3000; headers hold dates until 2242 only */
#define CRET_FSVERITY_THRESHOLD (1ull << 20)    /* larger files carry the tree digest too */

/* JSON */
#define CRET_LIMIT_JSON_DEPTH 64u                  /* SBOM components nest, nothing else does */
#define CRET_LIMIT_JSON_VALUES 4000000u            /* of one text: bounds memory at about 0.5 GB */
#define CRET_LIMIT_JSON_INTEGER 9007199254740991ll /* 2^53-1: exact in every JSON reader */
#define CRET_LIMIT_PARSED_FILE_BYTES                                                               \
    (128u << 20)                              /* SBOM, VEX, CSAF; a large image in SPDX 3: 100 MB */
#define CRET_LIMIT_COMPARED_COMPONENTS 50000u /* of one SBOM, in `diff`: some 20 MB of names */
#define CRET_LIMIT_SBOMS 16u                  /* of one release: one for each image it holds */
#define CRET_LIMIT_ATTESTATIONS 16u           /* of one release: one for each build it holds */
#define CRET_LIMIT_ATTESTATION_BYTES (4u << 20) /* each; those of large builds name thousands */
#define CRET_LIMIT_ATTESTATION_SIGNATURES 8u    /* of one; each is tried with each key */

#define CRET_LIMIT_SCANNED_BYTES (8u << 20) /* documents searched for claims, together */

/* text */
#define CRET_LIMIT_LINE_BYTES 1000u         /* one-line values: names, titles, versions */
#define CRET_LIMIT_TEXT_BYTES 16384u        /* paragraphs */
#define CRET_LIMIT_LIST 10000u              /* entries of any list but files[] */
#define CRET_LIMIT_RECORD_ENTRIES 200u      /* of each part of a manifest that a record repeats */
#define CRET_LIMIT_RECORD_PART (256u << 10) /* bytes of JSON of each */

/* configuration */
#define CRET_LIMIT_POLICY_BYTES (4u << 20) /* hundreds of anchors and CRLs */
#define CRET_LIMIT_OWNERS 16u              /* who together decide on a policy; a board is smaller */
#define CRET_LIMIT_ALGORITHMS 100u         /* more names than the profile has in practice */
#define CRET_LIMIT_SERIES 1000u /* versions in a folder: a year of daily ones twice over */
#define CRET_LIMIT_SERIES_BYTES (256u << 20)  /* of that folder as a whole: it is on a stick */
#define CRET_LIMIT_PEM_BYTES (1u << 20)       /* a key or a chain file */
#define CRET_LIMIT_CRL_BYTES (16u << 20)      /* one list; a large CA has 100,000 entries */
#define CRET_LIMIT_CRL_FILE_BYTES (24u << 20) /* a list of that size as PEM text */
#define CRET_LIMIT_CRLS 64u               /* lists in one run: each issuer of each vendor has one */
#define CRET_LIMIT_CRLS_BYTES (64u << 20) /* all lists of one run: they stay in memory */
#define CRET_LIMIT_INTERMEDIATES 64u      /* that a policy adds; path building tries them all */
#define CRET_LIMIT_AUTHORITIES 64u        /* time stamp authorities of a policy */
#define CRET_LIMIT_DESCRIPTION_BYTES (16u << 20)
#define CRET_LIMIT_SECRET_BYTES 1024u /* PIN or passphrase */
#define CRET_LIMIT_CHAIN 10u          /* certificates of a signature: signer, intermediates */

#define CRET_LIMIT_WAIVER_BYTES (1u << 20)   /* one file of waivers */
#define CRET_LIMIT_WAIVERS 1000u             /* decisions in one file */
#define CRET_LIMIT_WAIVER_FILES 64u          /* files in one run: they stay in memory */
#define CRET_LIMIT_ADVICE_FILES 100000u      /* all advisories of all OT vendors are far fewer */
#define CRET_LIMIT_ADVICE_BYTES (512u << 20) /* they are kept in memory, once for all archives */

/* evidence records (RFC 4998) */
#define CRET_LIMIT_SEAL_BYTES                                                                      \
    (16u << 20)                      /* one record: a token a year for ever, with its chains       \
                                      */
#define CRET_LIMIT_SEAL_CHAINS 64u   /* hash-tree renewals: a digest lasts a decade or more */
#define CRET_LIMIT_SEAL_STAMPS 256u  /* timestamps of one record: one a year, and spare */
#define CRET_LIMIT_SEAL_LISTS 32u    /* levels of a tree of 2^32 leaves */
#define CRET_LIMIT_SEAL_HASHES 4096u /* in one reduced tree: a group has few files */
#define CRET_LIMIT_SEAL_OBJECTS 64u  /* of one group: a file, its signatures, what goes along */
#define CRET_LIMIT_FOREIGN_SIDES                                                                   \
    8u /* files beside one in a vendor's format: list and signature                                \
        */
#define CRET_LIMIT_FOREIGN_SIDE_BYTES (32u << 20) /* driver catalogues name thousands of files */
#define CRET_LIMIT_SEALED 100000u /* things that one timestamp seals: a large library */

/* archives that are expanded */
#define CRET_LIMIT_IMPORT_BYTES (1ull << 38) /* all members together; no release is larger */
#define CRET_LIMIT_IMPORT_SLACK (1ull << 30) /* always allowed: images are mostly zeros */
#define CRET_LIMIT_IMPORT_RATIO 200u         /* above that, times the archive's own size */

/* OPC UA software packages (package/) */
#define CRET_LIMIT_PACKAGE_MEMBERS 20000u /* a machine's solution has some hundred */
#define CRET_LIMIT_PACKAGE_BELOW 64u      /* packages of a solution */
#define CRET_LIMIT_SOLUTION_STATED_BYTES                                                           \
    (256u << 20) /* of all of them: lists, signatures, metadata, manifests of releases */
#define CRET_LIMIT_SOLUTION_PARSED_BYTES                                                           \
    (256u << 20) /* of all of them: SBOMs, attestations, advisories, documents */
#define CRET_LIMIT_PACKAGE_ABSENT 1000u              /* listed, and left out: documents */
#define CRET_LIMIT_PACKAGE_NAME_BYTES 1024u          /* as cret_path_original_safe */
#define CRET_LIMIT_PACKAGE_INDEX_BYTES (32u << 20)   /* the members' names, in memory */
#define CRET_LIMIT_PACKAGE_SLACK (64ull << 20)       /* always allowed: images are mostly zeros */
#define CRET_LIMIT_PACKAGE_RATIO 100u                /* above that, times the file's own size */
#define CRET_LIMIT_PACKAGE_XML_BYTES (16u << 20)     /* one signed list of so many members */
#define CRET_LIMIT_PACKAGE_XML_NAMESPACES 16u        /* that one element may see */
#define CRET_LIMIT_PACKAGE_METADATA_BYTES (4u << 20) /* package_metadata.json */

/* results */
#define CRET_LIMIT_FINDINGS 100000u           /* a hostile manifest must not fill the memory */
#define CRET_LIMIT_FINDINGS_BYTES (64u << 20) /* of their texts together, in memory */
#define CRET_LIMIT_DOCUMENT_BYTES (64u << 20) /* what a child may tell its parent */
#define CRET_LIMIT_NAMES_BYTES (96u << 20)    /* of the files that a child lists: one manifest */
#define CRET_LIMIT_RESULT_BYTES (256u << 20)  /* of all that a child sends */

/* waiting for a process that reads */
#define CRET_LIMIT_SILENCE_SECONDS 600ull /* without progress: a failing medium, a stuck pipe */
#define CRET_LIMIT_RUN_SECONDS 604800ull  /* a week: 60 TB at 100 MB/s */
#define CRET_LIMIT_END_MS 10000u          /* to end, once it has said all */
#define CRET_LIMIT_START_MS 60000u        /* to begin, on a machine that is short of everything */
#define CRET_LIMIT_JOBS 256u
#define CRET_LIMIT_CHILD_BYTES                                                                     \
    (16ull << 30) /* of its memory: twice what all caps together allow                             \
                   */

/* work */
#define CRET_LIMIT_TWICE_BYTES (64ull << 20) /* a file that is read again sooner than all wait */
#define CRET_IO_BYTES (1u << 20)             /* one read or write; per thread */

/* Allocations up to this size do not fail (os_fault.c): they live from the reserve, or end the
 * process. Larger ones are files, lists and what hostile files claim, whose failure callers handle.
 */
#define CRET_SMALL_ALLOCATION ((size_t)64 << 10)
/* What a run lives from once there is no memory, until it has said so. Address space, not memory.
 */
#define CRET_RESERVE_BYTES ((size_t)4 << 20)

#endif
