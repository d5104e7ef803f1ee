#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the generated inputs of the example release: the same bytes on every machine.

    make-inputs.py            write the firmware image and the manual, and set the SBOM's hashes
    make-inputs.py --sbom     only set the SBOM's hashes to those of the firmware that lies there
    make-inputs.py --check    change nothing; exit 1 where a committed file differs

A vendor's own pipeline would use its build's output here; --sbom is the step that it needs too.
"""
import hashlib
import json
import pathlib
import struct
import sys
import unicodedata
import zlib

INPUTS = pathlib.Path(__file__).resolve().parent / "inputs"
VERSION = (4, 2, 0)
FIRMWARE = INPUTS / "rtu7-firmware-4.2.0.bin"
# NFC, so that the name is the same bytes wherever the tree was checked out.
MANUAL = INPUTS / "documents" / unicodedata.normalize("NFC", "Betriebsanleitung für RTU-7 V2 (DE).pdf")
SBOM = INPUTS / "sbom.cdx.json"

# Sections of the image: name, load address, bytes.
SECTIONS = (
    (b"bootloader", 0x08000000, 32 * 1024),
    (b"kernel", 0x08008000, 148 * 1024),
    (b"application", 0x0802D000, 104 * 1024),
    (b"fpga", 0x08047000, 22 * 1024),
)


def firmware_image():
    """A made-up container: header, section table, sections, CRC-32. It runs on nothing."""
    bodies = []
    for name, _, size in SECTIONS:
        banner = b"Example Automation RTU-7 " + name + b" %d.%d.%d\0" % VERSION
        noise = hashlib.shake_256(b"cretula example release: " + name).digest(size - len(banner))
        bodies.append(banner + noise)
    header = struct.pack("<8sHHHHI", b"EXRTU7FW", 2, *VERSION, len(SECTIONS))
    offset = 512
    for (name, address, size), body in zip(SECTIONS, bodies):
        header += struct.pack("<16sIIII", name, address, offset, size, zlib.crc32(body))
        offset += size
    image = header.ljust(512, b"\xff") + b"".join(bodies)
    return image + struct.pack("<I", zlib.crc32(image))


MANUAL_PAGES = (
    ("Betriebsanleitung", (
        "RTU-7 Fernwirkstation",
        "Firmware 4.2, Hardware-Revisionen C und D",
        "",
        "Dokument EA-DOC-70210, Ausgabe 2.3, freigegeben am 2026-09-28",
        "Übersetzung der Originalbetriebsanleitung EA-DOC-70200 (EN)",
        "",
        "Example Automation GmbH, Musterstraße 12, 76131 Karlsruhe",
    )),
    ("1 Sicherheit", (
        "Montage, Anschluss und Inbetriebnahme nur durch Elektrofachkräfte.",
        "Vor dem Öffnen des Schaltschranks die Versorgung X1 freischalten und",
        "gegen Wiedereinschalten sichern.",
        "Die Ausgänge K1 bis K8 fallen bei einem Neustart ab. Prüfen Sie vor",
        "jedem Firmware-Wechsel, ob die Anlage diesen Zustand verträgt.",
        "Das Gerät ist kein Sicherheitsbauteil nach Maschinenrichtlinie.",
    )),
    ("2 Anschlüsse", (
        "X1  Versorgung 24 V DC, 18 bis 30 V, höchstens 12 W",
        "X2  Ethernet 1, Prozessnetz: IEC 60870-5-104, Modbus TCP",
        "X3  Ethernet 2, Wartung: HTTPS, SSH (ab Werk ausgeschaltet)",
        "X4  RS-485, Modbus RTU, 9600 bis 115200 Bit/s",
        "X5  16 digitale Eingänge 24 V, X6 8 Relaisausgänge 250 V AC / 2 A",
    )),
    ("3 Firmware aktualisieren", (
        "1. Release-Archiv am Prüfplatz verifizieren und das Protokoll ablegen.",
        "2. Konfiguration sichern: Wartung > Sicherung > Herunterladen.",
        "3. Stellbefehle in der Leitstelle sperren.",
        "4. Datei unter Wartung > Firmware laden und Prüfsumme vergleichen.",
        "5. Neustart abwarten (etwa 90 s), Version 4.2.0 in der Anzeige prüfen.",
        "6. Zeitsynchronisation und Verbindung zur Leitstelle prüfen, dann die",
        "   Stellbefehle wieder freigeben.",
    )),
)


def pdf_text(text):
    data = text.encode("cp1252")
    return b"(" + data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def pdf_page(title, lines):
    ops = [b"BT /F2 20 Tf 60 770 Td " + pdf_text(title) + b" Tj ET"]
    for row, line in enumerate(lines):
        ops.append(b"BT /F1 11 Tf 60 %d Td " % (730 - 18 * row) + pdf_text(line) + b" Tj ET")
    return b"\n".join(ops) + b"\n"


def manual():
    """A PDF 1.4 file without dates or random identifiers, so that its bytes never change."""
    count = len(MANUAL_PAGES)
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) >>"}
    kids = b" ".join(b"%d 0 R" % (6 + 2 * page) for page in range(count))
    objects[2] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects[3] = font % b"Helvetica"
    objects[4] = font % b"Helvetica-Bold"
    objects[5] = (b"<< /Title " + pdf_text("Betriebsanleitung RTU-7 Fernwirkstation") + b" /Author "
                  + pdf_text("Example Automation GmbH") + b" >>")
    for page, (title, lines) in enumerate(MANUAL_PAGES):
        stream = pdf_page(title, lines)
        objects[6 + 2 * page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (7 + 2 * page))
        objects[7 + 2 * page] = b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream)
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number in sorted(objects):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += (b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, table))
    return out


# Components of the SBOM that are a section of the image each; others are linked into one, and have no bytes of their own.
SECTION_OF = {"u-boot": b"bootloader", "linux": b"kernel", "rtu7-application": b"application"}


def hashes(data):
    return [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()},
            {"alg": "SHA-512", "content": hashlib.sha512(data).hexdigest()}]


def section(image, wanted):
    """The bytes of one section, by the table of the image."""
    for number in range(len(SECTIONS)):
        name, _, offset, size, _ = struct.unpack_from("<16sIIII", image, 20 + 32 * number)
        if name.rstrip(b"\0") == wanted:
            return image[offset:offset + size]
    sys.exit(f"{FIRMWARE}: the image has no section {wanted.decode()}")


def sbom(image):
    """The SBOM as it lies there, with the hashes of every component that is the image itself, or a section of it."""
    document = json.loads(SBOM.read_text(encoding="utf-8"))
    document["metadata"]["component"]["hashes"] = hashes(image)
    bound = [part for part in document["components"] if part["bom-ref"] == "firmware-image"]
    if len(bound) != 1:
        sys.exit(f"{SBOM}: expected one component firmware-image, found {len(bound)}")
    bound[0]["hashes"] = hashes(image)
    for part in document["components"]:
        if part["bom-ref"] in SECTION_OF:
            part["hashes"] = hashes(section(image, SECTION_OF[part["bom-ref"]]))
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def main(arguments):
    if arguments not in ([], ["--check"], ["--sbom"]):
        sys.exit(__doc__)
    made = {}
    if arguments != ["--sbom"]:
        made[FIRMWARE] = firmware_image()
        made[MANUAL] = manual()
    made[SBOM] = sbom(made.get(FIRMWARE) or FIRMWARE.read_bytes())
    stale = [path for path, data in made.items()
             if not path.exists() or path.read_bytes() != data]
    for path in stale:
        if arguments == ["--check"]:
            print(f"{path}: differs from what make-inputs.py makes", file=sys.stderr)
        else:
            path.write_bytes(made[path])
            print(f"written: {path.relative_to(INPUTS.parent)}")
    return 1 if stale and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
