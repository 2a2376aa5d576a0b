"""The Data Matrix of a token (ECC 200, 16 x 16 modules or smaller), drawn as one small mask in the page's stream."""

from __future__ import annotations

from math import isqrt
from typing import Any

import zxingcpp

from dpo_app.documents.letters.typeset import MM

#: Grey values of the picture to binary digits: black is a set bit.
_BITS = bytes([ord("1")] + [ord("0")] * 255)


def rows_of(token: str) -> tuple[int, bytes]:
    """Return the modules of a side and the matrix a row after the other, each padded to whole bytes, a set bit dark.

    Twelve signs take 16 modules; one with four pairs of digits is packed tighter and takes 14.
    """
    barcode = zxingcpp.create_barcode(token, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    image: Any = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    flat = memoryview(image).tobytes().translate(_BITS)
    side = isqrt(len(flat))
    padded = -(-side // 8) * 8
    packed = b"".join(
        (int(flat[start : start + side], 2) << (padded - side)).to_bytes(padded // 8, "big")
        for start in range(0, side * side, side)
    )
    return side, packed


def mask_stream(token: str, x_mm: float, top_mm: float, module_mm: float, page_height_mm: float) -> str:
    """Return the operators that paint the matrix with its upper left corner at (x, top), in mm from the page's."""
    modules, rows = rows_of(token)
    side = modules * module_mm * MM
    left, bottom = x_mm * MM, (page_height_mm - top_mm) * MM - side
    # A mask paints where a bit is 0 unless Decode turns it round.
    return (
        f"q {side:.2f} 0 0 {side:.2f} {left:.2f} {bottom:.2f} cm BI /W {modules} /H {modules} /IM true /D [1 0] "
        f"/F /AHx ID {rows.hex()}> EI Q\n"
    )


def data_matrix_formats() -> zxingcpp.BarcodeFormats:
    """Return what a reader looks for. Made at each call: the binding complains on stderr about one that lives to the end."""
    return zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
