"""PDFs of a few hundred bytes, written by hand: each shows one thing."""

from __future__ import annotations

HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
MINCHO = (  # not embedded: the reader's own knowledge of Adobe-Japan1 is enough for text and widths
    "<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/{cmap}/DescendantFonts[<</Type/Font"
    "/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
    "/FontDescriptor<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 6/FontBBox[-123 -257 1001 910]"
    "/ItalicAngle 0/Ascent 709/Descent -241/CapHeight 709/StemV 69>>>>]>>"
)


def pdf(
    *contents: str | bytes,
    media: str = "0 0 200 300",
    page: str = "",
    resources: str = "",
    fonts: str = "",
    objects: tuple[str | bytes, ...] = (),
    catalog: str = "",
) -> bytes:
    """A PDF with a page for each of ``contents``.

    Args:
        contents: content streams.
        media: /MediaBox of each page.
        page: more entries of each page, "/Rotate 90".
        resources, fonts: more entries of the resources and of /Font; /F1 is Helvetica, /F2 Mincho, /F3
            Mincho in vertical lines.
        objects: more objects; the first is 3 0 R.
        catalog: more entries of the catalog.
    """
    font = f"/F1 {HELVETICA}/F2 {MINCHO.format(cmap='UniJIS-UCS2-H')}/F3 {MINCHO.format(cmap='UniJIS-UCS2-V')}{fonts}"
    first = 3 + len(objects)
    kids = " ".join(f"{first + 2 * k} 0 R" for k in range(len(contents)))
    body: list[bytes] = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(),
        *(_bytes(o) for o in objects),
    ]
    for k, content in enumerate(contents):
        body.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[{media}]{page}/Resources<</Font<<{font}>>{resources}>>"
            f"/Contents {first + 2 * k + 1} 0 R>>".encode()
        )
        body.append(stream(content))
    return assembled(body)


def stream(content: str | bytes, entries: str = "") -> bytes:
    """A stream object."""
    data = _bytes(content)
    return f"<</Length {len(data)}{entries}>>stream\n".encode() + data + b"\nendstream"


def assembled(objects: list[bytes], trailer: str = "") -> bytes:
    """A file of ``objects``, numbered from 1; the first is the catalog."""
    parts, offsets, length = [b"%PDF-1.7\n"], [], len(b"%PDF-1.7\n")
    for number, content in enumerate(objects, 1):
        offsets.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        length += len(parts[-1])
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += [b"%010d 00000 n \n" % offset for offset in offsets]
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return b"".join([*parts, end % (size, trailer.encode(), length)])


def utf16(text: str) -> str:
    """``text`` as a hexadecimal PDF string for /F2 and /F3."""
    return f"<{text.encode('utf-16-be').hex()}>"


def _bytes(content: str | bytes) -> bytes:
    return content.encode("latin-1") if isinstance(content, str) else content
