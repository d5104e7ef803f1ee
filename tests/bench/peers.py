# SPDX-License-Identifier: Apache-2.0
"""How ours and the others do it: for each a line that creates and signs, and one that verifies, on the same files.

A creation ends on disk: ours flushes by itself, the others get `sync FILE`. What signs a file beside it shares one tar."""
import dataclasses
import subprocess

from measure import Way
from workloads import KEYS

# What Debian calls them; the bench installs nothing.
PACKAGES = ["openssl", "coreutils", "gpg", "gpg-agent", "minisign", "signify-openbsd", "rauc", "squashfs-tools", "swupdate", "libarchive-tools",
            "mender-artifact", "jcat", "casync", "fsverity", "b3sum"]
TRUST = ["--anchor", str(KEYS / "root.cert.pem"), "--allow-example-keys"]
CERT, KEY, ROOT_CERT = KEYS / "release.cert.pem", KEYS / "release.key.pem", KEYS / "root.cert.pem"
CMS_SIGN = f"openssl cms -sign -binary -signer {CERT} -inkey {KEY} -outform DER"
CMS_VERIFY = f"openssl cms -verify -binary -inform DER -CAfile {ROOT_CERT} -purpose any -out /dev/null"


@dataclasses.dataclass
class Peer:
    name: str
    needs: str
    create: str
    verify: object
    writes: str       # what is flushed
    altered: str      # holds the payload, as it reads it
    before: str = ""  # a line: an earlier run's output goes
    note: str = ""


def prepare_keys(folder):
    """Keys of tools that do not take ours. What cannot be made is missing when the tool runs, which then says so."""
    lines = [f"openssl ec -in {KEY} -out key.ec.pem",
             f"openssl pkey -in {KEY} -pubout -out key.pub.pem",
             "mkdir -m 700 gpg && GNUPGHOME=$PWD/gpg gpg --batch --quiet --passphrase '' --quick-generate-key bench ed25519 sign never",
             "minisign -G -W -f -p minisign.pub -s minisign.key", "signify-openbsd -G -n -p signify.pub -s signify.sec",
             f"printf '[system]\\ncompatible=bench\\nbootloader=noop\\n[keyring]\\npath={ROOT_CERT}\\ncheck-purpose=any\\n[slot.rootfs.0]\\n"
             "device=/dev/null\\ntype=raw\\nbootname=A\\n' > rauc.conf"]
    for line in lines:
        subprocess.run(["sh", "-c", line], cwd=folder, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def swupdate_create(lab):
    """The image list is libconfig; a digest for each file, then a signature of the list."""
    entry = '{ filename = \\"%s\\"; type = \\"raw\\"; device = \\"/dev/null\\"; sha256 = \\"%s\\"; }'
    return ("cd src && { printf 'software =\\n{ version = \"1\"; hardware-compatibility: [ \"1\" ]; images: (\\n'; sha256sum * | awk '{ printf \"%s" + entry
            + "\\n\", (NR > 1 ? \",\" : \"\"), $2, $1 }'; printf '); }\\n'; } > ../sw-description && cd .. && "
            f"{CMS_SIGN} -nosmimecap -in sw-description -out sw-description.sig && "
            "{ echo sw-description; echo sw-description.sig; } > sw.list && rm -rf sw && mkdir sw && cp sw-description sw-description.sig sw && "
            "{ cat sw.list; ls src; } > sw.all && cd sw && ls ../src | sed 's|^|../src/|' | xargs ln -s -t . && "
            "bsdtar --format newc -cLnf ../image.swu -T ../sw.all && cd ..")


def peers(lab):
    """All that are known, whether they are installed or not."""
    large = f"src/{lab.largest}"
    tar = "bsdtar -cf stock.tar -C src . && "
    return [
        Peer("openssl dgst", "openssl", tar + f"openssl dgst -sha256 -sign {KEY} -out stock.sig stock.tar",
             ["openssl", "dgst", "-sha256", "-verify", "key.pub.pem", "-signature", "stock.sig", "stock.tar"], "stock.tar stock.sig", "stock.tar"),
        Peer("openssl cms", "openssl", tar + f"{CMS_SIGN} -in stock.tar -out stock.p7s",
             f"{CMS_VERIFY} -in stock.p7s -content stock.tar".split(), "stock.tar stock.p7s", "stock.tar"),
        Peer("gpg", "gpg", tar + "GNUPGHOME=$PWD/gpg gpg --batch --yes --quiet --detach-sign -o stock.gpg stock.tar",
             ["gpg", "--homedir", "gpg", "--batch", "--quiet", "--verify", "stock.gpg", "stock.tar"], "stock.tar stock.gpg", "stock.tar"),
        Peer("minisign", "minisign", tar + "minisign -S -s minisign.key -m stock.tar -x stock.minisig",
             ["minisign", "-Vq", "-p", "minisign.pub", "-x", "stock.minisig", "-m", "stock.tar"], "stock.tar stock.minisig", "stock.tar"),
        Peer("signify", "signify-openbsd", tar + "signify-openbsd -S -s signify.sec -m stock.tar -x stock.signify",
             ["signify-openbsd", "-V", "-q", "-p", "signify.pub", "-x", "stock.signify", "-m", "stock.tar"], "stock.tar stock.signify", "stock.tar"),
        Peer("jcat-tool", "jcat-tool", tar + f"jcat-tool sign stock.jcat stock.tar {CERT} {KEY}",
             ["jcat-tool", "verify", "stock.jcat", "--public-key", str(ROOT_CERT)], "stock.tar stock.jcat", "stock.tar"),
        Peer("mender-artifact", "mender-artifact",
             "mender-artifact write module-image -T bench -t bench -n bench -k key.ec.pem --compression none -o bench.mender "
             "$(cd src && printf ' -f src/%s' *)",
             ["mender-artifact", "validate", "-k", "key.pub.pem", "bench.mender"], "bench.mender", "bench.mender"),
        Peer("swupdate", "swupdate", swupdate_create(lab),
             ["swupdate", "-c", "-H", "bench:1", "-k", str(ROOT_CERT), "--cert-purpose", "codeSigning", "-i", "image.swu"], "image.swu", "image.swu"),
        Peer("rauc", "rauc",
             "rm -rf rauc.dir && mkdir rauc.dir && ln src/* rauc.dir && printf '[update]\\ncompatible=bench\\nversion=1\\n[bundle]\\nformat=plain\\n"
             f"[image.rootfs]\\nfilename={lab.largest}\\n' > rauc.dir/manifest.raucm && "
             f"rauc --cert={CERT} --key={KEY} --mksquashfs-args='-noI -noD -noF -noX' bundle rauc.dir bench.raucb && rm -rf rauc.dir",
             f"rm -rf rauc.out && rauc --conf=rauc.conf --keyring={ROOT_CERT} extract bench.raucb rauc.out", "bench.raucb", "bench.raucb",
             before="rm -rf bench.raucb rauc.out", note="extract: info alone does not read the payload"),
        Peer("sha256sum -c", "sha256sum", "cd src && sha256sum * > ../sums.sha256", "cd src && sha256sum --quiet -c ../sums.sha256", "sums.sha256",
             large, note="no signature; leaves the files where they are"),
        Peer("b3sum -c", "b3sum", "cd src && b3sum --num-threads $(nproc) * > ../sums.b3", "cd src && b3sum --quiet -c ../sums.b3", "sums.b3", large,
             note="no signature; all cores"),
        Peer("fsverity digest", "fsverity", "cd src && ls | xargs fsverity digest > ../sums.verity",
             "cd src && ls | xargs fsverity digest | cmp -s - ../sums.verity", "sums.verity", large, note="no signature; in user space"),
        Peer("casync", "casync", "casync make --store=casync.store bench.caidx src",
             "casync digest --store=casync.store bench.caidx > casync.now && casync digest src | cmp -s - casync.now",
             "bench.caidx", large, before="rm -rf casync.store", note="no signature; compares the store with the folder"),
        Peer("bsdtar", "bsdtar", "bsdtar -cf plain.tar -C src .", ["bsdtar", "-xOf", "plain.tar"], "plain.tar", "plain.tar",
             note="no signature and no digest: what reading alone costs"),
    ]


def ours_verify(lab):
    check = [lab.verify, "check", "ours.tar", *TRUST]
    return [Way("check", check, ours=True, altered="ours.tar"),
            Way("check --fast", [*check, "--fast"], ours=True, altered="ours.tar"),
            Way("check --hash openssl", [*check, "--hash", "openssl"], ours=True, altered="ours.tar"),
            Way("check - (a pipe)", f"cat ours.tar | {lab.verify} check - {' '.join(TRUST)}", ours=True, altered="ours.tar",
                note="through a pipe: nothing can be read out of order")]


def create_ways(lab):
    """Every peer, and ours first."""
    pack = [lab.sign, "pack", "release.yaml", "--key", KEY, "--cert", CERT, "--allow-example-keys", "--quiet", "--out", "ours.tar"]
    ways = [Way("pack", pack, ours=True, before="rm -f ours.tar", writes="ours.tar", note="its self-check included")]
    for peer in peers(lab):
        line = f"{{ {peer.create}; }} && cd {lab.folder} && sync {peer.writes}"
        before = f"rm -rf {peer.writes}" + (f"; {peer.before}" if peer.before else "")
        ways.append(Way(peer.name, line, needs=peer.needs, before=before, writes=peer.writes.split()[0],
                        note="no signature" if peer.note.startswith("no signature") else ""))
    return ways


def verify_ways(lab, created):
    """Of those that could create. What a peer made in its last creation is verified."""
    failed = {way.name: way.reason for way in created if way.reason}
    ways = ours_verify(lab)
    ways.append(Way("openssl dgst (a pipe)", "cat stock.tar | openssl dgst -sha256", needs="openssl", note="no signature; through a pipe"))
    for peer in peers(lab):
        way = Way(peer.name, peer.verify, needs=peer.needs, altered=peer.altered, note=peer.note)
        if peer.name in failed and failed[peer.name] != "not installed":
            way.reason = f"creating: {failed[peer.name]}"
        ways.append(way)
    return ways


def many_ways(lab):
    """W4: one command for all archives, beside loops of a shell over one command for each."""
    check = [lab.verify, "check", "dir", *TRUST]
    loop = "for f in dir/*.tar; do {} || exit 1; done"
    return [Way("check DIR", check, ours=True, altered="dir/000000.tar"),
            Way("check DIR --json", [*check, "--json"], ours=True),
            Way("check DIR --jobs 1", [*check, "--jobs", "1"], ours=True),
            Way("loop over check", loop.format(f"{lab.verify} check $f {' '.join(TRUST)}"), ours=True),
            Way("loop over openssl cms", loop.format(f"{CMS_VERIFY} -in p7s/${{f##*/}}.p7s -content $f"), needs="openssl",
                altered="dir/000000.tar"),
            Way("loop over openssl dgst", "for f in dir/*.tar; do openssl dgst -sha256 $f; done", needs="openssl", note="no signature")]
