"""Writes a PDF as it comes: pages stream into the file, memory holds offsets only.

Decision: a writer of our own for letters. reportlab's canvas holds the whole file and spends most of its time on
general text; here a page is one string of operators. reportlab stays for everything that is not a mass letter, and its
Platypus is the oracle for line breaks in the tests. The same input gives the same bytes, and each file is PDF/A-2b.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import BinaryIO

from dpo_app.core.digests import running_sha256
from dpo_app.documents.archival import INTENT, PRODUCER, About, srgb_profile, xmp
from dpo_app.documents.fonts import Face
from dpo_app.documents.letters.logo import LOGO, Logo
from dpo_app.documents.letters.typeset import MM
from dpo_app.documents.tags import Element, Structure

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PREFERENCES = "<< /PrintScaling /None /PickTrayByPDFSize true /DisplayDocTitle true{duplex} >>"


class PdfStream:
    """One PDF file being written to a binary stream."""

    def __init__(
        self, out: BinaryIO, fonts: Sequence[Face], page_mm: tuple[float, float], title: str, created: str,
        *, duplex: bool = False, language: str = "", logo: Logo | None = None,
    ) -> None:  # fmt: skip
        self._out, self._fonts = out, fonts
        self._width, self._height = page_mm[0] * MM, page_mm[1] * MM
        self._title, self._created, self._duplex, self._language = title, created, duplex, language
        self._offsets: list[int] = [0]
        self._at = 0
        self._digest = running_sha256()
        self._pages: list[int] = []
        self._tagged = 0
        self._marks: list[tuple[str, int]] = []
        self._forms: list[int] = []
        self._catalog, self._tree, self._resources, self._for_forms = (self._reserve() for _ in range(4))
        # Always embedded are the first two; the font of another script only where it is used.
        self._used = {0, 1}
        self._write(HEADER)
        self._logo = self._stream(logo.entries(), logo.data) if logo is not None else 0

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._at += len(data)

    def _object(self, body: bytes, number: int | None = None) -> int:
        number = number if number is not None else self._reserve()
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def _stream(self, extra: str, data: bytes) -> int:
        return self._object(
            b"<< %s/Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (extra.encode(), len(data), data)
        )

    @property
    def page_count(self) -> int:
        """Return the number of pages written."""
        return len(self._pages)

    def add_form(self, content: str) -> str:
        """Write a form that many pages show; returns its name for `Do`."""
        box = f"[0 0 {self._width:.2f} {self._height:.2f}]"
        extra = f"/Type /XObject /Subtype /Form /BBox {box} /Resources {self._for_forms} 0 R "
        self._note_fonts(content)
        self._forms.append(self._stream(extra, zlib.compress(content.encode("ascii"), 6)))
        return f"X{len(self._forms) - 1}"

    def add_page(self, content: str, mark: str = "", *, tagged: bool = False) -> None:
        """Write a page; `mark` is the title of a bookmark that leads to it. Tagged pages come in the order of the
        structure that `close` gets."""
        self._note_fonts(content)
        stream = self._stream("", zlib.compress(content.encode("ascii"), 1))
        parents = b" /StructParents %d" % self._tagged if tagged else b""
        self._tagged += tagged
        page = self._object(
            b"<< /Type /Page /Parent %d 0 R /Resources %d 0 R /Contents %d 0 R%s >>"
            % (self._tree, self._resources, stream, parents)
        )
        if mark:
            self._marks.append((mark, page))
        self._pages.append(page)

    def _note_fonts(self, content: str) -> None:
        if "/ActualText" in content:  # only what was shaped is written in another font
            self._used.update(n for n in range(2, len(self._fonts)) if f"/F{n} " in content)

    def close(self, structure: Structure | None = None) -> None:
        """Write fonts, resources, page tree, bookmarks, the structure of tagged pages, and the table of offsets."""
        fonts = " ".join(f"/F{place} {self._font(self._fonts[place])} 0 R" for place in sorted(self._used))
        forms = " ".join(f"/X{place} {number} 0 R" for place, number in enumerate(self._forms))
        logo = f"/{LOGO} {self._logo} 0 R" if self._logo else ""
        self._object(f"<< /Font << {fonts} >> /XObject << {forms} {logo} >> >>".encode(), self._resources)
        # A form must not find itself in what it may use: readers follow that in a circle.
        self._object(f"<< /Font << {fonts} >> /XObject << {logo} >> >>".encode(), self._for_forms)
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        box = f"[0 0 {self._width:.2f} {self._height:.2f}]"
        tree = f"<< /Type /Pages /MediaBox {box} /Count {len(self._pages)} /Kids [{kids}] >>"
        self._object(tree.encode(), self._tree)
        duplex = " /Duplex /DuplexFlipLongEdge" if self._duplex else " /Duplex /Simplex"
        outlines = self._outlines()
        language = f" /Lang ({self._language})" if self._language else ""
        catalog = (
            f"<< /Type /Catalog /Pages {self._tree} 0 R /ViewerPreferences {_PREFERENCES.format(duplex=duplex)}"
            f"{language}{outlines}{self._structure(structure) if structure else ''}{self._archival()} >>"
        )
        self._object(catalog.encode(), self._catalog)
        made = f"(D:{self._created})"
        info = self._object(
            f"<< /Title ({self._title}) /Creator ({PRODUCER}) /Producer ({PRODUCER}) /CreationDate {made} "
            f"/ModDate {made} >>".encode()
        )
        self._trailer(info)

    def _structure(self, structure: Structure) -> str:
        """Write the tree of tags, and the table that leads from marked content back into it."""
        top = self._reserve()
        elements = list(structure.root.walk())
        numbers = {id(each): self._reserve() for each in elements}
        parents = {id(kid): numbers[id(each)] for each in elements for kid in each.kids if isinstance(kid, Element)}
        for each in elements:
            kids = " ".join(
                f"{numbers[id(kid)]} 0 R" if isinstance(kid, Element)
                else f"<< /Type /MCR /Pg {self._pages[kid.page]} 0 R /MCID {kid.number} >>"
                for kid in each.kids
            )  # fmt: skip
            said = f" /Lang ({each.language})" if each.language else ""
            parent = parents.get(id(each), top)
            self._object(
                f"<< /Type /StructElem /S /{each.kind} /P {parent} 0 R{said} /K [{kids}] >>".encode(), numbers[id(each)]
            )
        rows = [" ".join(f"{numbers[id(owner)]} 0 R" for owner in page) for page in structure.owners]
        table = " ".join(f"{page} [{row}]" for page, row in enumerate(rows))
        self._object(
            f"<< /Type /StructTreeRoot /K [{numbers[id(structure.root)]} 0 R] /ParentTree << /Nums [{table}] >> "
            f"/ParentTreeNextKey {len(rows)} >>".encode(),
            top,
        )
        return f" /StructTreeRoot {top} 0 R /MarkInfo << /Marked true >>"

    def _archival(self) -> str:
        """Write what PDF/A asks for: what the colours mean, and XMP, which is never packed."""
        profile = self._stream("/N 3 ", zlib.compress(srgb_profile(), 9))
        packet = xmp(About(self._title, self._language, self._created))
        metadata = self._object(
            b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(packet), packet)
        )
        return (
            f" /Metadata {metadata} 0 R /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 "
            f"/OutputConditionIdentifier ({INTENT}) /Info ({INTENT}) /DestOutputProfile {profile} 0 R >>]"
        )

    def _font(self, face: Face) -> int:
        data = face.packed()
        file = self._stream(f"/Length1 {face.length} ", data)
        name = f"/{face.name}"
        box = " ".join(map(str, face.box))
        descriptor = self._object(
            f"<< /Type /FontDescriptor /FontName {name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {face.ascent} /Descent {face.descent} /CapHeight 714 /StemV 80 /FontFile2 {file} 0 R >>".encode()
        )
        descendant = self._object(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {name} /CIDSystemInfo << /Registry (Adobe) "
            f"/Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity "
            f"/W [{face.widths_array()}] >>".encode()
        )
        unicode_map = self._stream("", face.to_unicode())
        return self._object(
            f"<< /Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>".encode()
        )

    def _outlines(self) -> str:
        if not self._marks:
            return ""
        root = self._reserve()
        numbers = [self._reserve() for _ in self._marks]
        for place, (title, page) in enumerate(self._marks):
            before = f" /Prev {numbers[place - 1]} 0 R" if place else ""
            after = f" /Next {numbers[place + 1]} 0 R" if place + 1 < len(numbers) else ""
            body = f"<< /Title ({title}) /Parent {root} 0 R /Dest [{page} 0 R /Fit]{before}{after} >>"
            self._object(body.encode(), numbers[place])
        ends = f"/First {numbers[0]} 0 R /Last {numbers[-1]} 0 R /Count {len(numbers)}"
        self._object(f"<< /Type /Outlines {ends} >>".encode(), root)
        return f" /Outlines {root} 0 R /PageMode /UseNone"

    def _trailer(self, info: int) -> None:
        start = self._at
        identity = self._digest.hexdigest()[:32]
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[1:])
        size = len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows))
        self._write(
            f"trailer\n<< /Size {size} /Root {self._catalog} 0 R /Info {info} 0 R "
            f"/ID [<{identity}> <{identity}>] >>\nstartxref\n{start}\n%%EOF\n".encode()
        )
