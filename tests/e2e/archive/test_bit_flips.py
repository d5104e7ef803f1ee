# SPDX-License-Identifier: Apache-2.0
"""Lessons 12 and 15: every single-bit flip of a whole small archive, every truncation, every appended
byte is refused. The program tests/tools/flips tries them all through the engine; some go through the
commands too."""
import random

from harness import (EVERY_BIT, FLIPS, KEYS, ROOT_CERT, SANITIZED, Case, main, noise, read_member_list,
                     signature_member, tampered)


class Flips(Case):
    def smallest(self):
        """The smallest archive with a name, a payload, and padding everywhere."""
        (self.folder / "fw").write_bytes(noise(300, "fw"))
        return self.pack(self.description([("fw", {"role": "firmware"})]))

    @staticmethod
    def print_last_line(result):
        print(result.out.strip().splitlines()[-1], flush=True)

    def test_every_bit_every_length_every_byte(self):
        archive = self.smallest()
        if SANITIZED:
            self.skipTest("the same tries run without sanitizers; the next test samples them here")
        result = self.run_program(FLIPS, archive, ROOT_CERT, code=0, timeout=1200)
        self.assertIn(" 0 accepted, 0 undecided", result.out)
        self.print_last_line(result)

    def test_every_bit_of_a_timestamped_signature(self):
        """With header and padding. The token is the one thing in an archive that no signer's key covers."""
        archive = self.smallest()
        if SANITIZED:
            self.skipTest("the same tries run without sanitizers")
        request, response, config = self.folder / "q.tsq", self.folder / "r.tsr", self.folder / "tsa.cnf"
        config.write_text(f"[tsa]\ndefault_tsa=it\n[it]\nserial={self.folder}/serial\ndefault_policy=1.2.3.4\n"
                          "digests=sha256\nsigner_digest=sha256\ness_cert_id_alg=sha256\naccuracy=secs:1\n"
                          "ordering=yes\ntsa_name=yes\n", encoding="ascii")
        self.sign("timestamp", archive, "--request", request)
        self.run_program("openssl", "ts", "-reply", "-config", config, "-queryfile", request, "-signer",
                         KEYS / "tsa.cert.pem", "-inkey", KEYS / "tsa.key.pem", "-out", response, code=0)
        self.sign("timestamp", archive, "--response", response, "--allow-example-keys")
        member = signature_member(archive)
        result = self.run_program(FLIPS, archive, ROOT_CERT, member.header, member.end - 1, EVERY_BIT, code=0, timeout=1200)
        self.assertIn(" 0 accepted, 0 undecided", result.out)
        self.print_last_line(result)

    def test_a_sample_through_the_command(self):
        archive = self.small_release(size=1500)
        whole = archive.read_bytes()
        draw = random.Random(99)
        tries = 40 if SANITIZED else 150
        for _ in range(tries):
            place = draw.randrange(len(whole))
            bit = 1 << draw.randrange(8)
            with self.subTest(place=place, bit=bit):
                self.refused(tampered(archive, self.folder / "bad.tar", place, lambda byte: byte ^ bit))
        bad = self.folder / "bad.tar"
        for _ in range(tries // 4):
            length = draw.randrange(len(whole))
            with self.subTest(length=length):
                bad.write_bytes(whole[:length])
                self.refused(bad)
        for tail in (b"\0", b"x", bytes(512), bytes(1024), bytes(10240 - len(whole) % 10240), whole):
            with self.subTest(tail=len(tail)):
                bad.write_bytes(whole + tail)
                self.refused(bad, says="archive.framing")

    def test_every_byte_of_every_member_head(self):
        """One byte of each 8 in each header and each padding, through the command."""
        archive = self.small_release()
        whole = archive.read_bytes()
        places = []
        for found in read_member_list(archive):
            places += range(found.header, found.header + 512, 64 if SANITIZED else 16)
            places += range(found.data + found.size, found.end, 64)
        places += range(len(whole) - 1024, len(whole), 128)
        for place in places:
            with self.subTest(place=place):
                self.refused(tampered(archive, self.folder / "bad.tar", place))


if __name__ == "__main__":
    main()
