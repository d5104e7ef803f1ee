/* SPDX-License-Identifier: Apache-2.0 */
/* The word lists of claims hygiene, as data. */
#include <stddef.h>

#include "release/claims.h"

/* A trailing '*' takes any ending. */
const char *const cret_claim_phrases[] = {
    "certified",           "certification to",   "certification according to",
    "certification under", "holds a certificate", "compliant",
    "compliance with",     "complies with",      "comply with",
    "complying with",      "conforms to",        "conform to",
    "conforming to",       "conformant",         "in conformity with",
    "in conformance with", "conformance to",     "conformance with",
    "fulfils all",         "fulfills all",       "fulfils the requirements of",
    "fulfills the requirements of", "meets all", "meets the requirements of",
    "meet the requirements of", "satisfies the requirements of", "satisfies all requirements",
    "accredited",          "approved by",        "approved according to",
    "type approved",       "type-approved",      "tuv approved",
    "validated to",        "validated according to", "assessed by tuv",
    "guarantees security", "guaranteed secure",  "unhackable",
    "zertifiziert*",       "konform",            "konform mit",
    "erfuellt die anforderungen", "erfüllt die anforderungen", "entspricht der norm",
    NULL};

const char *const cret_claim_negators[] = {
    "not",    "no",     "never",  "neither", "nor",   "without", "isn't", "aren't", "wasn't",
    "doesn't", "don't", "cannot", "can't",   "nobody", "none",   "non",   "hasn't", "nicht",
    "kein",   "keine",  "keiner", "ohne",    NULL};
