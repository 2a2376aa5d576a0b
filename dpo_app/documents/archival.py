"""PDF/A-2b: what a paper needs so that an archive can show it in fifty years as it is shown now.

reportlab embeds the fonts but neither says what its colours mean nor writes XMP; `archived` adds both to a finished
file. Letters declare the same by `output_intent` and `xmp` while they are written. The same input gives the same bytes.
Conformance level B: the page looks the same for ever. Tags, where a file has them, come from `documents.tags`.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from dpo_app.documents.tags import Element, Mark, Structure

PRODUCER = "DPO Desk"
INTENT = "sRGB IEC61966-2.1"
#: Annotations have to be printed with the page (ISO 19005-2, 6.3.2): bit 3.
_PRINTED = 4
_NOT_IN_XML = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RDF, _XMP = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://ns.adobe.com/xap/1.0/"
_DC, _PDF, _PDFA = "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/pdf/1.3/", "http://www.aiim.org/pdfa/ns/id/"


class About(NamedTuple):
    """What a file says of itself: title, language, and when it was made, in UTC as YYYYMMDDHHMMSSZ ("" unknown)."""

    title: str
    language: str = ""
    created: str = ""


def archived(pdf: bytes, about: About, part: int = 2, structure: Structure | None = None) -> bytes:
    """Return a PDF that reportlab made as PDF/A of level B, with the tree of tags over its marked content.

    Papers are part 2. Part 1 differs in what saving may use, and is made for a validator that knows no other.
    """
    import pikepdf  # noqa: PLC0415 - a tenth of a second that the program's start can do without

    title = _plain(about.title)
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        root = document.Root
        root.Metadata = pikepdf.Stream(
            document, xmp(about, part), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
        )  # fmt: skip
        profile = pikepdf.Stream(document, srgb_profile(), N=3)
        root.OutputIntents = pikepdf.Array([pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFA1, OutputConditionIdentifier=INTENT, Info=INTENT,
            DestOutputProfile=document.make_indirect(profile),
        )])  # fmt: skip
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=bool(title))
        if about.language:
            root.Lang = about.language
        for page in document.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
            for annotation in page.obj.get("/Annots", ()):
                annotation.F = _PRINTED
        if structure is not None:
            _tag(document, structure)
        # XMP has to say the same as these properties: nothing of what was there before stays.
        del document.docinfo
        info = {"/Title": title, "/Creator": PRODUCER, "/Producer": PRODUCER}
        if about.created:
            info |= {"/CreationDate": f"D:{about.created}", "/ModDate": f"D:{about.created}"}
        for name, value in info.items():
            if value:
                document.docinfo[name] = value
        first = part == 1
        document.save(
            out, deterministic_id=True, linearize=False, force_version="1.4" if first else "1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable if first else pikepdf.ObjectStreamMode.generate,
        )  # fmt: skip
    return out.getvalue()


def _tag(document: Any, structure: Structure) -> None:
    """Write the tree of tags, and the table that leads from marked content and links back into it."""
    import pikepdf  # noqa: PLC0415

    name, pages = pikepdf.Name, [page.obj for page in document.pages]
    top = document.make_indirect(pikepdf.Dictionary(Type=name.StructTreeRoot))
    made: dict[int, Any] = {}
    links = ((page, each) for page in pages for each in page.get("/Annots", ()))
    table: list[Any] = []
    linked: list[Any] = []

    def write(element: Element, parent: Any) -> Any:
        own = document.make_indirect(pikepdf.Dictionary(Type=name.StructElem, S=name("/" + element.kind), P=parent))
        made[id(element)] = own
        kids = [
            write(kid, own) if isinstance(kid, Element)
            else pikepdf.Dictionary(Type=name.MCR, Pg=pages[kid.page], MCID=kid.number)
            for kid in element.kids
            if isinstance(kid, Mark) or kid.kids
        ]  # fmt: skip
        if element.kind == "Link":
            page, annotation = next(links)
            annotation.Contents = element.alternative
            annotation.StructParent = len(pages) + len(linked)
            linked.append(own)
            page.Tabs = name.S
            kids.append(pikepdf.Dictionary(Type=name.OBJR, Pg=page, Obj=annotation))
        own.K = pikepdf.Array(kids)
        if element.alternative:
            own.Alt = element.alternative
        if element.scope:
            own.A = pikepdf.Dictionary(O=name.Table, Scope=name("/" + element.scope))
        if element.language:
            own.Lang = element.language
        return own

    top.K = pikepdf.Array([write(structure.root, top)])
    for number, (page, owners) in enumerate(zip(pages, structure.owners, strict=True)):
        page.StructParents = number
        table += [number, document.make_indirect(pikepdf.Array([made[id(each)] for each in owners]))]
    for number, own in enumerate(linked, len(pages)):
        table += [number, own]
    top.ParentTree = document.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(table)))
    top.ParentTreeNextKey = len(pages) + len(linked)
    document.Root.StructTreeRoot = top
    document.Root.MarkInfo = pikepdf.Dictionary(Marked=True)


def xmp(about: About, part: int = 2) -> bytes:
    """Return the XMP packet; what names the standard stands in a Description of its own, as elements."""
    title = _plain(about.title)
    core = "<dc:format>application/pdf</dc:format>"
    if title:
        core += f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
    if about.language:
        core += f"<dc:language><rdf:Bag><rdf:li>{escape(about.language)}</rdf:li></rdf:Bag></dc:language>"
    basic = f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>"
    if about.created:
        when = re.sub(r"(....)(..)(..)(..)(..)(..)Z", r"\1-\2-\3T\4:\5:\6Z", about.created)
        basic += f"<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate>"
    parts = (
        ("pdfaid", _PDFA, f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"),
        ("dc", _DC, core), ("xmp", _XMP, basic), ("pdf", _PDF, f"<pdf:Producer>{PRODUCER}</pdf:Producer>"),
    )  # fmt: skip
    described = "\n".join(
        f'<rdf:Description rdf:about="" xmlns:{name}="{space}">{text}</rdf:Description>' for name, space, text in parts
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">\n{described}\n</rdf:RDF></x:xmpmeta>\n'
        '<?xpacket end="w"?>'
    ).encode()


def _plain(text: str) -> str:
    """Return a title as one line that XML may hold."""
    return " ".join(_NOT_IN_XML.sub(" ", text).split())


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return an ICC profile (version 2) of sRGB, made from the figures of IEC 61966-2-1 adapted to D50.

    Decision: made here. Profiles that come with systems carry licences of their own, and parts of PDF/A that printers
    still read know version 2 only.
    """
    curve = struct.pack(">4s4xI", b"curv", 1024) + struct.pack(">1024H", *(_linear(n / 1023) for n in range(1024)))
    name = INTENT.encode() + b"\0"
    description = struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags: dict[bytes, bytes] = {
        b"desc": description,
        b"cprt": b"text" + bytes(4) + b"Made by DPO Desk from public figures; free to use\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.71410),
        b"rTRC": curve,
    }
    place, table, body = 128 + 4 + 12 * (len(tags) + 2), b"", b""
    for tag, data in tags.items():
        names = (b"rTRC", b"gTRC", b"bTRC") if tag == b"rTRC" else (tag,)
        table += b"".join(struct.pack(">4sII", each, place + len(body), len(data)) for each in names)
        body += data + bytes(-len(data) % 4)
    size = place + len(body)
    head = struct.pack(
        ">I4xI4s4s4s6H4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2026, 1, 1, 0, 0, 0, b"acsp"
    ) + bytes(28) + _xyz(0.9642, 1.0, 0.8249)[8:]  # fmt: skip
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags) + 2) + table + body


def _linear(value: float) -> int:
    light = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return round(light * 65535)


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))
