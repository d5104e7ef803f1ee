# SPDX-License-Identifier: Apache-2.0
"""Which list a package is known by: that of whoever released it, whoever approved, and in whatever way."""
import hashlib
import json

from harness import main
from package_case import TYPE, Entry, Packages, listing, reference, write_zip
from trust_pki import Pki

WORLD = {"certificates": {"root": {"kind": "ca"}, "leaf": {"issuer": "root"}, "plant": {"issuer": "root"}, "stranger": {}}, "crls": {}}


class Identity(Packages):
    def setUp(self):
        super().setUp()
        (self.folder / "pki").mkdir()
        self.pki = Pki(self.folder / "pki")
        self.root = self.pki.certificate(WORLD, "root")

    def signed(self, *steps):
        """A package signed in these steps: (certificate, meaning, numbers of the lists that are named, of the signatures)."""
        files, made = [reference(*one) for one in self.plain()], []
        for by, meaning, lists, signatures in steps:
            number = len(made) + 1
            before = [reference(f"META-INF/ASiCManifest00{one}.xml", made[one - 1][0]) for one in lists]
            before += [reference(f"META-INF/signature00{one}.p7s", made[one - 1][1]) for one in signatures]
            text = listing([*files, *before], signature=f"META-INF/signature00{number}.p7s")
            made.append((text, self.pki.cms(WORLD, {"by": by, **({"meaning": meaning} if meaning else {})}, text)))
        entries = [Entry("mimetype", TYPE), *(Entry(*one) for one in self.plain())]
        for number, (text, signature) in enumerate(made, 1):
            entries += [Entry(f"META-INF/ASiCManifest00{number}.xml", text), Entry(f"META-INF/signature00{number}.p7s", signature)]
        return write_zip(self.folder / "s.uadipkg", entries), [hashlib.sha256(text).hexdigest() for text, _ in made]

    def scope(self, vendor, **roles):
        """Each role by the certificate of its name."""
        scope = {"vendor": vendor, "products": ["*"], "signers": [], "roles": []}
        for role, name in roles.items():
            pem = self.pki.certificate(WORLD, name).read_text("ascii")
            scope["signers"].append({"name": name, "anchor": {"type": "certificate", "pem": pem}})
            scope["roles"].append({"role": role, "signers": [name], "threshold": 1})
        return scope

    def policy(self, *more, **roles):
        path = self.folder / "trust.json"
        path.write_text(json.dumps({"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
                                    "expires": "2099-01-01T00:00:00Z", "scopes": [*more, self.scope("V", **roles)]}), "utf-8")
        return ["--trust", path]

    def identity(self, package, *trust):
        return self.verify("check", package, *trust, "--json").json()["what"]["identity"]

    def shown(self, package, *trust):
        return self.verify("show", package, *trust, "--json").json().get("identity")

    def test_an_approval_that_names_nobody_is_never_the_identity(self):
        """The digest of the lowest list would be the approval's in half of the tries: each order of the two is tried."""
        trust = self.policy(release="leaf", owner="plant")
        seen = set()
        for number in range(40):
            self.metadata_of = number
            package, (release, approval) = self.signed(("leaf", None, (), ()), ("plant", "approval", (), ()))
            seen.add(release < approval)
            self.assertEqual(self.identity(package, *trust), release)
            if len(seen) == 2:
                break
        self.assertEqual(len(seen), 2)

    def test_the_key_of_another_vendor_decides_nothing(self):
        """It counts in its own scope, whose list may be the lower one."""
        trust = self.policy(self.scope("Drives", release="plant"), release="leaf")
        seen = set()
        for number in range(40):
            self.metadata_of = number
            package, (release, other) = self.signed(("leaf", None, (), ()), ("plant", None, (), ()))
            seen.add(release < other)
            self.assertEqual(self.identity(package, *trust), release)
            if len(seen) == 2:
                break
        self.assertEqual(len(seen), 2)

    def test_who_counts_in_two_scopes_is_enough(self):
        package, (release,) = self.signed(("leaf", None, (), ()))
        self.assertEqual(self.identity(package, *self.policy(self.scope("Drives", release="leaf"), release="leaf")), release)

    metadata_of = 0

    def plain(self, **more):
        return super().plain(Description=str(self.metadata_of), **more)

    def test_what_is_shown_is_what_is_checked_or_nothing(self):
        """Where two lists name no other, who is trusted decides: show names neither until it is told."""
        package, (release, other) = self.signed(("leaf", None, (), ()), ("stranger", None, (), ()))
        self.assertEqual(self.identity(package, "--anchor", self.root), release)
        self.assertEqual(self.identity(package, "--anchor", self.pki.certificate(WORLD, "stranger")), other)
        self.assertIsNone(self.shown(package))
        self.assertIn("depends on who is trusted", self.verify("show", package).out)
        self.assertEqual(self.shown(package, "--anchor", self.root), release)
        package, (release, _) = self.signed(("leaf", None, (), ()), ("plant", "approval", (1,), (1,)))
        self.assertEqual(self.shown(package), release)

    def test_an_approval_may_name_the_signature_alone(self):
        """The signature that it names is over one list: that is what was approved."""
        package, (release, _) = self.signed(("stranger", None, (), ()), ("leaf", None, (), (1,)))
        self.assertEqual(self.identity(package, "--anchor", self.root), release)
        package, (release, _) = self.signed(("leaf", None, (), ()), ("plant", "approval", (), (1,)))
        self.assertEqual(self.identity(package, *self.policy(release="leaf", owner="plant")), release)

    def test_an_approval_alone_releases_nothing(self):
        package, _ = self.signed(("plant", "approval", (), ()))
        result = self.verify("check", package, *self.policy(owner="plant"), code=1)
        self.assertIn("names no list of whoever made the package", " ".join(result.out.split()))


if __name__ == "__main__":
    main()
