# SPDX-License-Identifier: Apache-2.0
"""Trust cases that are the product of several lists: on the path of a signature that counts stands no key of another
signer, and the paths of two signatures that count share none (docs/spec/trust.md)."""
ANCHORS = {"ca": {"type": "ca", "pem": "@other"}, "certificate": {"type": "certificate", "pem": "@other"},
           "key": {"type": "key", "pem": "@key:other"}}
AUTHORITY = {"ca": {"kind": "ca"}, "certificate": {}, "key": {}}
PLACES = {"leaf": "the signer's own key", "low": "that of the CA that issued his certificate",
          "high": "that of the CA above, below the anchor"}
STATES = {"live": {}, "ended": {"/trust/scopes/0/signers/1/notAfter": "2021-01-01T00:00:00Z"},
          "removed": {"/options": ["--overlay", "@file:overlay.json"]}}
ONE_KEY = "one key does not stand for two signers"
# Who else may hold the key, and in which role: (role, threshold)
ROLES = (("owner", 0), ("waiver", 1))


def policy(signers, roles):
    return {"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2020-01-01T00:00:00Z", "scopes": [
        {"vendor": "Werke AG", "products": ["RTU-9"],
         "signers": [{"name": name, "anchor": anchor} for name, anchor in signers.items()],
         "roles": [{"role": role, "signers": names, "threshold": threshold} for role, names, threshold in roles]}]}


def accepted(name, about, change, like=None):
    case = {"id": name, "about": about, "change": change, "expect": {"exit": 0, "verdict": "ACCEPTED"}}
    return {**case, "like": like} if like else case


def refused(name, about, like, change, check, reason):
    return {"id": name, "about": about, "like": like, "change": change,
            "expect": {"exit": 1, "verdict": "REFUSED", "check": check, "reason": reason}}


def outcome(kind, place, state):
    """The check and the reason of a refusal."""
    if place == "leaf" and kind == "certificate":
        return "certificate.path", "is not the pinned certificate"
    if place == "leaf" and kind == "key":
        return {"live": ("trust.threshold", "release 0 of 1"), "removed": ("trust.threshold", "removed the signer Other"),
                "ended": ("certificate.validity", "ends the trust in this anchor on 2021-01-01")}[state]
    return "trust.threshold", f"a key of Other stands on the path from this signature to Works: {ONE_KEY}"


def one_signature():
    """A CA signer, and another signer's key on the path: of every kind, in every place, whatever became of him."""
    cases = []
    for kind, anchor in ANCHORS.items():
        for state, change in STATES.items():
            twin = f"keys-{kind}-{state}"
            cases.append(accepted(twin, f"another signer ({kind}, {state}) with keys of his own", {
                "/trust/scopes/0/signers/1/anchor": anchor, **change, "/certificates/other": AUTHORITY[kind]}))
            for place, words in PLACES.items():
                cases.append(refused(f"{twin}-{place}", f"and his key is {words}", twin,
                                     {f"/certificates/{place}/key": "other"}, *outcome(kind, place, state)))
    return cases


def other_roles():
    """The same for the roles that the other signer can have."""
    cases = []
    for role, threshold in ROLES:
        twin = f"keys-role-{role}"
        cases.append(accepted(twin, f"another signer with the role {role}", {
            "/trust/scopes/0/roles/1": {"role": role, "signers": ["Other"], "threshold": threshold}}))
        cases.append(refused(f"{twin}-low", "and his key is that of the issuing CA", twin,
                             {"/certificates/low/key": "other"}, "trust.threshold", ONE_KEY))
    return cases


def same_anchor():
    """Two pins of one key are no two signers: an error of the policy."""
    cases = []
    for mine in ("certificate", "key"):
        for kind in ANCHORS:
            twin = f"keys-{mine}-beside-{kind}"
            works = {"certificate": "@leaf", "key": "@key:leaf"}[mine]
            cases.append(accepted(twin, f"a pinned {mine}, and another signer ({kind})", {
                "/trust/scopes/0/signers/0/anchor": {"type": mine, "pem": works},
                "/trust/scopes/0/signers/1/anchor": ANCHORS[kind],
                "/certificates/other": AUTHORITY[kind]}))
            cases.append({"id": f"{twin}-of-one-key", "about": "with the same key", "like": twin,
                          "change": {"/certificates/other/key": "leaf"},
                          "expect": {"exit": 2, "verdict": None, "reason": "have the same key"}})
    return cases


def two_signatures():
    """Two CA signers, each with a signature, and a key that stands on both paths."""
    two = {"/trust": policy({"Works": {"type": "ca", "pem": "@root"}, "Second": {"type": "ca", "pem": "@root-2"}},
                            [("release", ["Works", "Second"], 2)]),
           "/signatures/second": {"by": "leaf-2", "with": ["low-2", "high-2"]}}
    cases = [accepted("keys-two", "two CA signers, a signature below each", two)]
    for place in ("low", "high"):
        cases.append(refused(f"keys-two-{place}", f"both paths run through one key ({place})", "keys-two",
                             {f"/certificates/{place}-2/key": place}, "trust.threshold",
                             ONE_KEY))
        cases.append(refused(f"keys-two-{place}-crosswise", "the same, in another place of the other path", "keys-two",
                             {"/certificates/low-2/key": "high"} if place == "low" else
                             {"/certificates/high-2/key": "low"}, "trust.threshold",
                             ONE_KEY))
    cases.append(accepted("keys-shared-one-of-two", "one of them is enough, and both went through one key", {
        "/trust/scopes/0/roles/0/threshold": 1, "/certificates/low-2/key": "low"}, "keys-two"))
    # A CA that is certified by both: its signatures can stand for either, and never for both.
    cases.append(accepted("keys-cross", "a cross-certified CA: a signature below it, and one below the other CA", {
        "/certificates/cross": {"kind": "ca", "issuer": "root"},
        "/certificates/cross-2": {"kind": "ca", "issuer": "root-2", "key": "cross", "subject": "/O=Works/CN=cross"},
        "/certificates/a": {"issuer": "cross"}, "/certificates/b": {"issuer": "cross-2"},
        "/signatures/release": {"by": "a", "with": ["cross"]}}, "keys-two"))
    cases.append(refused("keys-cross-twice", "two signatures below it are one signer, whichever certificate of it they embed",
                         "keys-cross", {"/signatures/second": {"by": "b", "with": ["cross-2"]}}, "trust.threshold",
                         ONE_KEY))
    # Who certified whom does not matter where no key is used twice.
    cases.append(accepted("keys-pin-below-a-ca", "a pinned certificate that a CA signer issued, and another one below that CA", {
        "/trust": policy({"Works": {"type": "ca", "pem": "@root"}, "Pinned": {"type": "certificate", "pem": "@direct"}},
                         [("release", ["Works", "Pinned"], 2)]),
        "/signatures/second": {"by": "direct"}}))
    cases.append(refused("keys-pinned-key-as-ca", "the pinned key was certified as a CA, and signed the other one's certificate",
                         "keys-pin-below-a-ca", {"/certificates/low/key": "direct"}, "trust.threshold", ONE_KEY))
    cases.append(refused("keys-one-person-two-certificates", "the second signature is by another certificate of the pinned key",
                         "keys-pin-below-a-ca", {"/signatures/second/by": "direct-again"}, "certificate.path",
                         "is not the pinned certificate"))
    return cases


def group():
    """A group of trust cases, as a file of tests/vectors/trust has it."""
    return {
        "about": "One key never stands for two signers",
        "base": {
            "certificates": {
                "high": {"kind": "ca", "issuer": "root"}, "low": {"kind": "ca", "issuer": "high"}, "leaf": {"issuer": "low"},
                "root-2": {"kind": "ca"}, "high-2": {"kind": "ca", "issuer": "root-2"},
                "low-2": {"kind": "ca", "issuer": "high-2"}, "leaf-2": {"issuer": "low-2"},
                "direct": {"issuer": "root"},
                "direct-again": {"issuer": "root", "key": "direct", "subject": "/O=Works/CN=Somebody else"},
                "other": {"kind": "ca"}},
            "signatures": {"release": {"by": "leaf", "with": ["low", "high"]}},
            "files": {"overlay.json": {"cretula": "overlay/1", "name": "Site", "scopes": [
                {"vendor": "Werke AG", "removeSigners": ["Other"]}]}},
            "trust": policy({"Works": {"type": "ca", "pem": "@root"}, "Other": ANCHORS["ca"]},
                            [("release", ["Works"], 1), ("owner", ["Other"], 0)])},
        "cases": one_signature() + other_roles() + same_anchor() + two_signatures()}
