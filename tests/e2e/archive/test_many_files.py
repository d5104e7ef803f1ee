# SPDX-License-Identifier: Apache-2.0
"""A release of very many files: whatever is left as evidence, the peaks of parent and child added stay
below 24 MB + 1.5 KiB a file, and the record lists every file."""
import json
import subprocess

from harness import (CLEAN_ENVIRONMENT, HEAVY, KEYS, ROOT_CERT, VERIFY, Case, MemoryWatch, main, manifest_of,
                     not_sanitized)

COUNT = 100_000 if HEAVY else 25_000
TRUSTED = ["--anchor", ROOT_CERT, "--allow-example-keys"]
SIGNED = ["--sign-record", KEYS / "quality.key.pem", "--record-cert", KEYS / "quality.cert.pem"]


@not_sanitized
class ManyFiles(Case):
    def release(self):
        source = self.folder / "many"
        for i in range(COUNT):
            if i % 1000 == 0:
                inner = source / f"folder-{i // 1000:03}"
                inner.mkdir(parents=True)
            (inner / f"file-{i:06}.bin").write_bytes(b"content %d\n" % i)
        description = self.folder / "many.yaml"
        description.write_text("product: {vendor: Example, name: Many}\n"
                               "release: {version: '1', sequence: 1, date: 2026-11-01T00:00:00Z}\n"
                               "files: [{source: many, path: payload, role: other}]\n", encoding="utf-8")
        return self.pack(description)

    def check_with_peak(self, archive, *options):
        program = subprocess.Popen([str(one) for one in [VERIFY, "check", archive, *TRUSTED, *options]],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT,
                                   cwd=self.folder)
        watch = MemoryWatch(program.pid, VERIFY)
        watch.start()
        out, err = program.communicate()
        peak = watch.total()
        self.assertEqual(program.returncode, 0, err.decode())
        self.assertGreaterEqual(len(watch.peaks), 2, "parent and child were both seen")
        print(f"{COUNT} files, check {' '.join(str(one) for one in options[:1])}: {peak / 1e6:.1f} MB", flush=True)
        self.assertLess(peak, 24_000_000 + 1536 * COUNT)
        return out

    def test_evidence_of_many_files_takes_little_memory(self):
        archive = self.release()
        manifest = manifest_of(archive)
        self.assertEqual(len(manifest["files"]), COUNT + 1)
        self.check_with_peak(archive)
        self.check_with_peak(archive, "--record", "record", *SIGNED)
        text = (self.folder / "record" / "RECORD.json").read_text("utf-8")
        record = json.loads(text)
        for listed, found in zip(manifest["files"], record["what"]["files"], strict=True):
            for key in ("path", "role", "size", "sha256"):
                self.assertEqual(found[key], listed[key])
            self.assertEqual(found["sha256State"], "verified")
        # The one written form, although the list was never held as a whole.
        self.assertEqual(text, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        self.verify("record", "verify", "record/RECORD.json", "--anchor", KEYS / "quality.cert.pem",
                    "--allow-example-keys", code=0)
        printed = json.loads(self.check_with_peak(archive, "--json"))
        self.assertEqual(printed["what"], record["what"])
        self.check_with_peak(archive, "--journal", "journal")
        self.verify("journal", "verify", "journal", code=0)


if __name__ == "__main__":
    main()
