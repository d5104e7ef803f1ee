# SPDX-License-Identifier: Apache-2.0
"""--syslog: one line for each verdict; and where nobody listens, that is said."""
import json
import socket
import unittest

from site_case import MachineCase


class Syslog(MachineCase):
    def setUp(self):
        super().setUp()
        self.site(trust=self.put_trust(), journal="/etc/plant/journal")

    def listen(self, kind=socket.SOCK_DGRAM):
        log = socket.socket(socket.AF_UNIX, kind)
        self.addCleanup(log.close)
        log.bind(str(self.dev / "log"))
        log.settimeout(10)
        return log

    def test_one_line_for_each_verdict(self):
        log = self.listen()
        result = self.here("check", self.archive, "--syslog", "--asset", 'a"b]\\c', "--change-id", "CHG-7", code=0)
        accepted = log.recv(65536).decode()
        self.assertNotIn("warning", result.err)
        self.assertNotIn("--syslog leaves no line", result.out)
        self.here("check", self.evil, "--syslog", code=1)
        refused = log.recv(65536).decode()
        self.here("check", self.archive, code=0)
        log.setblocking(False)
        with self.assertRaises(BlockingIOError):
            log.recv(65536)
        lines = [json.loads(line) for line in (self.plant / "journal" / "journal.jsonl").read_text().splitlines()]
        self.assertRegex(accepted, r"^<86>.*cretula-verify\[\d+\]: ")  # authpriv.info
        self.assertIn('verdict="ACCEPTED"', accepted)
        self.assertIn('asset="a\\"b\\]\\\\c"', accepted)
        self.assertIn('changeId="CHG-7"', accepted)
        self.assertIn(f'record="{lines[1]["record"]}"', accepted)
        self.assertIn('journalLine="1"', accepted)
        self.assertRegex(refused, r"^<84>")  # authpriv.warning
        self.assertIn('verdict="REFUSED"', refused)
        self.assertNotIn("\n", accepted)

    def finding(self, result):
        return [check for check in result.json()["result"]["checks"] if check["check"] == "evidence.syslog"]

    def test_where_nobody_listens(self):
        """In the page, in the record, and in a run that prints nothing."""
        check = ("check", self.archive, "--syslog")
        result = self.here(*check, code=0)
        self.assertRegex(result.out, r"--syslog leaves no line")
        self.assertIn("no line in the system log", result.err)
        self.assertEqual([one["result"] for one in self.finding(self.here(*check, "--json", code=0))], ["WARN"])
        self.assertIn("no line in the system log", self.here(*check, "--quiet", code=0).err)
        self.assertIn("--syslog leaves no line", self.here("check", self.evil, "--syslog", "--verbose", code=1).out)
        # Not asked for: not said.
        result = self.here("check", self.archive, code=0)
        self.assertNotIn("syslog", result.out + result.err)
        self.assertEqual(self.finding(self.here("check", self.archive, "--json", code=0)), [])

    def test_a_socket_that_nobody_serves_any_more(self):
        self.listen().close()
        self.assertIn("--syslog leaves no line", self.here("check", self.archive, "--syslog", code=0).out)
        # A file of that name is no log service.
        (self.dev / "log").unlink()
        (self.dev / "log").write_text("")
        self.assertIn("--syslog leaves no line", self.here("check", self.archive, "--syslog", code=0).out)

    def test_a_log_service_with_a_stream(self):
        log = self.listen(socket.SOCK_STREAM)
        log.listen(4)
        result = self.here("check", self.archive, "--syslog", "--json", code=0)
        self.assertEqual([one["result"] for one in self.finding(result)], ["PASS"])
        # The first connections only tried whether somebody is there.
        heard = b""
        while b"verdict=" not in heard:
            connection, _ = log.accept()
            with connection:
                connection.settimeout(10)
                heard = connection.recv(65536)
        self.assertIn(b'verdict="ACCEPTED"', heard)

    def test_what_the_policy_makes_of_it(self):
        """A site may want the line so much that nothing counts without it."""
        trust = self.plant / "trust" / "trust.json"
        policy = json.loads(trust.read_text())
        for severity, code, word in (("fail", 1, "FAIL"), ("warn", 0, "WARN"), ("ignore", 0, "NOT_CHECKED")):
            policy["severities"] = {"evidence.syslog": severity}
            trust.write_text(json.dumps(policy))
            result = self.here("check", self.archive, "--syslog", "--json", code=code)
            self.assertEqual([one["result"] for one in self.finding(result)], [word])


if __name__ == "__main__":
    unittest.main()
