# SPDX-License-Identifier: Apache-2.0
"""What docs/developing/adding.md says: a field, a check, a rule, a verb, an export are added in the places that it names
and in no others, and then they are there. Done in a copy of the sources, which is built (--all)."""
import fnmatch
import os
import re
import shutil
import subprocess
import unittest

from harness import EXAMPLE, KEYS, SOURCE, Case, certificate_sha256, heavy, main

PAGE = SOURCE / "docs" / "developing" / "adding.md"
LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */\n"

CHECK_CODE = """
static void check_campaign(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_RELEASE_CAMPAIGN};
    const char *name = cret_json_string(manifest->json, "release.campaign");
    if (name != NULL && strcmp(name, "over") == 0) {
        cret_checker_fault(&checker, "a campaign that runs", name, NULL, "the campaign is over", "#/release/campaign");
    }
    cret_checker_finish(&checker, "no campaign is over");
}

void cret_release_check("""

RULE_CODE = """static void campaign(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    if (cret_json_string(run->sbom->json, "metadata.component.campaign") == NULL) {
        cret_rules_fault(run, "metadata", NULL, "the SBOM names no campaign");
    }
}

static const struct cret_rule_row rows[] = {"""

VERB = LICENCE + """/* campaign: says its operand. */
#include "console/print.h"
#include "verifier/verbs/verbs.h"

static int act(const struct cret_options *options)
{
    printf("campaign %s\\n", cret_options_operand(options, 0));
    return 0;
}

const struct cret_verb cret_verb_campaign = {
    .name = "campaign",
    .operands = "NAME",
    .summary = "Say the name of a campaign",
    .examples = CRET_EXAMPLES("cretula-verify campaign spring"),
    .run = act,
};
"""

EXPORT = LICENCE + """/* export campaigns: the campaign of each release. */
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"kind", "Kind"}, {"campaign", "Campaign"}, {NULL, NULL}};
static const char *const campaign[] = {"."};
static const struct cret_sheet_part parts[] = {
    {.member = "release.campaign", .kind = "campaign", .paths = campaign},
    {.member = NULL},
};
static const struct cret_sheet sheet = {
    .name = "campaigns",
    .title = "Campaigns",
    .nothing = "The release names no campaign.",
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_campaigns = {
    .name = "campaigns",
    .operands = "FILE...",
    .summary = "Export the campaigns of releases",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export campaigns rtu7.cretula.tar"),
    .run = act,
};
"""

RECORD_EXPORT = LICENCE + """/* The campaign of a record. */
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/export/export.h"

static enum cret_status make(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err)
{
    const json_t *name = cret_json_get(job->record->json, "what.release.campaign");
    *ret_text = cret_text_printf("%s", json_string_value(name));
    *ret_size = json_string_length(name);
    return *ret_text != NULL ? CRET_OK : cret_err_memory(err);
}

static const struct cret_option options[] = {
    CRET_FLAG("campaign", "The name of the campaign.", .left_free = true),
    CRET_OPTION_END,
};

const struct cret_export cret_export_campaign = {.options = {"Form", options}, .make = make};
"""

# Heading of the page: each place that is touched, as the page calls it, and what is done there: (text, what it becomes), or
# the text of a new file.
ADDITIONS = {
    "A field of the manifest": [
        ("formats/release/manifest/manifest_*.c", "formats/release/manifest/manifest_product.c",
         ('    CRET_ROW_LINE("buildId", 0, "Identifier of the build."),\n',
          '    CRET_ROW_LINE("buildId", 0, "Identifier of the build."),\n'
          '    CRET_ROW_LINE("campaign", 0, "Name of the campaign."),\n')),
    ],
    "A check": [
        ("formats/base/finding/checks_*.h", "formats/base/finding/checks_release.h",
         ("CRET_CHECK(RELEASE_BACKOUT,",
          'CRET_CHECK(RELEASE_CAMPAIGN, "release.campaign", RELEASE(WARN), .title = "The campaign is not over",\n'
          '           .meaning = "A release belongs to a campaign.", .causes = "It is over.", .ask = "Ask the vendor.")\n\n'
          "CRET_CHECK(RELEASE_BACKOUT,")),
        ("formats/release/statements/", "formats/release/statements/checks.c",
         ("\nvoid cret_release_check(", CHECK_CODE),
         ("    check_upgrade(manifest, findings);\n",
          "    check_upgrade(manifest, findings);\n    check_campaign(manifest, findings);\n")),
    ],
    "A rule for SBOMs": [
        ("formats/release/sbom/sbom_rules_*.c", "formats/release/sbom/sbom_rules_ntia.c",
         ("static const struct cret_rule_row rows[] = {", RULE_CODE),
         ("        cret_rules_spdx3_timestamp, NULL),\n};",
          '        cret_rules_spdx3_timestamp, NULL),\n    ROW("09", "nowhere", "name of the campaign", "metadata.component.campaign",\n'
          '        DOCUMENT, campaign, NULL, NULL, "SPDX: nothing names a campaign"),\n};')),
    ],
    "A verb": [
        ("verb_*.c", "verifier/verbs/verb_campaign.c", VERB),
        ("verbs.h", "verifier/verbs/verbs.h", ("    VERB(explain) ", "    VERB(campaign) \\\n    VERB(explain) ")),
    ],
    "An export": [
        ("verifier/export/verb_export_*.c", "verifier/export/verb_export_campaigns.c", EXPORT),
        ("verifier/verbs/verbs.h", "verifier/verbs/verbs.h",
         ("    VERB(export_claims) ", "    VERB(export_campaigns) \\\n    VERB(export_claims) ")),
        ("formats/evidence/export/export_*.c", "formats/evidence/export/export_campaign.c", RECORD_EXPORT),
        ("export.h", "formats/evidence/export/export.h", (" EXPORT(machinery)", " EXPORT(machinery) EXPORT(campaign)")),
    ],
}
TAKEN = ("CMakeLists.txt", "formats", "signer", "verifier", "tests", "docs", "keys-example", "LICENSE", "README.md")


def sections(page):
    """Heading: what stands below it, with * for the words in capitals."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return {name: re.sub(r"(?<=_)(NAME|PROFILE)(?=\.[ch]\b)", "*", text) for name, text in zip(parts[1::2], parts[2::2])}


def add(root):
    """Makes every addition below `root`, where each text that is replaced stands once."""
    for places in ADDITIONS.values():
        for _, name, *changes in places:
            path = root / name
            for change in changes:
                if isinstance(change, str):
                    assert not path.exists(), name
                    path.write_text(change, "utf-8")
                    continue
                old, new = change
                text = path.read_text("utf-8")
                assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
                path.write_text(text.replace(old, new), "utf-8")


class Adding(Case):
    def copy(self):
        root = self.folder / "sources"
        root.mkdir()
        for name in TAKEN:
            source, target = SOURCE / name, root / name
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            else:
                shutil.copyfile(source, target)
        return root

    def test_the_page_names_every_place(self):
        text = sections(PAGE.read_text("utf-8"))
        for kind, places in ADDITIONS.items():
            for called, name, *_ in places:
                with self.subTest(kind, name=name):
                    self.assertIn("`" + called, text[kind])
                    self.assertTrue(fnmatch.fnmatch(name, "*" + called + ("*" if called.endswith("/") else "")))

    def test_the_places_are_there(self):
        root = self.folder / "sources"
        for places in ADDITIONS.values():
            for _, name, *_ in places:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                if (SOURCE / name).exists():
                    shutil.copyfile(SOURCE / name, root / name)
        add(root)

    def test_what_the_code_calls_is_there(self):
        """Without building it: what is called is declared, or is in the code itself."""
        declared = "".join(path.read_text("utf-8") for room in ("formats", "signer", "verifier")
                           for path in sorted((SOURCE / room).rglob("*.h")))
        for code in (CHECK_CODE, RULE_CODE, VERB, EXPORT, RECORD_EXPORT):
            for name in set(re.findall(r"\b(?:CRET_[A-Z_]+\(|cret_\w+\(|struct \w+)", code)):
                with self.subTest(name):
                    self.assertTrue(name in declared or f"{name} " + "{" in code)

    @heavy
    @unittest.skipIf(shutil.which("ninja") is None, "needs ninja")
    def test_what_is_added_is_there(self):
        root, build = self.copy(), self.folder / "build"
        add(root)
        for command in (["cmake", "-S", root, "-B", build, "-G", "Ninja", "-DCRETULA_TESTS=ON", "-DCRETULA_WERROR=OFF",
                         "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O1"],
                        ["cmake", "--build", build, "--target", "cretula-sign", "cretula-verify", "schema_export"]):
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])
        self.sign_it = build / "signer" / "cretula-sign"
        self.verify_it = build / "verifier" / "cretula-verify"
        self.field_and_check(build)
        self.rule()
        self.verb_and_exports()

    def field_and_check(self, build):
        for kind in ("manifest", "description", "record"):
            schema = self.run_program(build / "tests" / "tools" / "schema_export", kind, code=0)
            self.assertIn('"campaign"', schema.out, kind)
        key = ("--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys")
        for name, results in (("spring", []), ("over", ["WARN"])):
            lint = self.run_program(self.sign_it, "lint", EXAMPLE / "release.yaml", "--set", f"release.campaign={name}", "--json")
            self.assertEqual([one["result"] for one in lint.json()["findings"] if one["check"] == "release.campaign"], results)
        self.run_program(self.sign_it, "pack", EXAMPLE / "release.yaml", "--set", "release.campaign=spring", "--out", "a.tar",
                         *key, code=0)
        record = self.run_program(self.verify_it, "check", "a.tar", "--anchor", KEYS / "root.cert.pem", "--allow-example-keys",
                                  "--record", "r", "--sign-record", KEYS / "owner.key.pem", "--record-cert", KEYS / "owner.cert.pem",
                                  "--json", code=0).json()
        self.assertEqual(record["what"]["release"]["campaign"], "spring")
        self.assertEqual([one["result"] for one in record["result"]["checks"] if one["check"] == "release.campaign"], ["PASS"])
        self.assertIn("The campaign is not over", self.run_program(self.verify_it, "explain", "release.campaign", code=0).out)
        self.run_program(self.verify_it, "trust", "init", "trust.json", "--name", "a", code=0)
        self.run_program(self.verify_it, "trust", "add-signer", "trust.json", "--vendor", "V", "--signer", "s", "--role", "release",
                         "--anchor", KEYS / "root.cert.pem", "--obtained", "here", "--fingerprint", certificate_sha256(KEYS / "root.cert.pem"),
                         "--allow-example-keys", code=0)
        for check, code in (("release.campaign", 0), ("release.campaing", 2)):
            self.run_program(self.verify_it, "trust", "set", "trust.json", "--severity", f"{check}=fail", "--allow-example-keys",
                             code=code)

    def rule(self):
        found = self.run_program(self.sign_it, "sbom", "check", EXAMPLE / "inputs" / "sbom.cdx.json", "--profile", "ntia-2021", code=1)
        self.assertIn("NTIA-09", found.out)
        self.assertIn("the SBOM names no campaign", found.out)

    def verb_and_exports(self):
        self.assertIn("campaign  ", self.run_program(self.verify_it, "help", code=0).out)
        self.assertEqual(self.run_program(self.verify_it, "campaign", "spring", code=0).out, "campaign spring\n")
        self.run_program(self.verify_it, "campaign", code=2)
        self.assertIn("campaigns", self.run_program(self.verify_it, "help", "export", code=0).out)
        self.assertIn("spring", self.run_program(self.verify_it, "export", "campaigns", "a.tar", code=0).out)
        self.assertIn("--campaign", self.run_program(self.verify_it, "record", "export", "--help", code=0).out)
        self.assertEqual(self.run_program(self.verify_it, "record", "export", "r/RECORD.json", "--campaign", "--anchor",
                                          KEYS / "root.cert.pem", "--allow-example-keys", code=0).out, "spring")


if __name__ == "__main__":
    main()
