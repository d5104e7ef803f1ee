# SPDX-License-Identifier: Apache-2.0
"""Every link of README.md and docs leads somewhere, and the README leads to every page."""
import re

from harness import SOURCE, Case, main

# ](target), so that a picture that is a link has both.
LINK = re.compile(r"\]\(([^)\s]+)\)")
# What belongs to a release that is packed, and is reached through its description.
OF_RELEASES = ("docs/own-release/", "docs/example-release/")


def anchors(page):
    """What a link can point to behind #: the headings, as code hosts name them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one).lower()).replace(" ", "-") for one in headings}


def dead(page):
    """The links of a page that lead nowhere in this repository."""
    found = []
    for target in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        at = page.parent / path if path else page
        if "://" not in target and not (at.exists() and (not anchor or at.suffix == ".md" and anchor in anchors(at))):
            found.append(target)
    return found


def pages():
    return sorted([SOURCE / "README.md", *(SOURCE / "docs").rglob("*.md"), SOURCE / "keys-example" / "README.md"])


def name_of(page):
    return str(page.relative_to(SOURCE))


class Links(Case):
    def test_every_link_leads_somewhere(self):
        self.assertEqual({name_of(page): dead(page) for page in pages() if dead(page)}, {})
        page = self.folder / "page.md"
        page.write_text("# A `b` c: d\n[x](#a-b-c-d) [x](page.md) [x](page.md#nowhere) [x](none.md) [x](https://a.example/b)\n", "utf-8")
        self.assertEqual(dead(page), ["page.md#nowhere", "none.md"])

    def test_the_readme_leads_to_every_page(self):
        table = {(SOURCE / target.partition("#")[0]).resolve() for target in LINK.findall((SOURCE / "README.md").read_text("utf-8"))}
        missing = [name_of(page) for page in pages() if page.name != "README.md" and page.resolve() not in table
                   and not name_of(page).startswith(OF_RELEASES)]
        self.assertEqual(missing, [], "each page has its place in README.md, table Documents")


if __name__ == "__main__":
    main()
