"""The Data Matrix of a token: 16 x 16 modules (ECC 200), drawn as one small mask in the page's stream."""

from __future__ import annotations

from functools import lru_cache

import zxingcpp

from dpo_app.documents.typeset import MM

MODULES = 16


@lru_cache(maxsize=1)
def _square() -> zxingcpp.BarcodeFormat:
    return zxingcpp.BarcodeFormat.DataMatrix


def rows_of(token: str) -> bytes:
    """Return the matrix as 32 bytes, a row in two, a set bit dark."""
    barcode = zxingcpp.create_barcode(token, _square(), force_square=True)
    image = memoryview(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))
    height, width = image.shape[0], image.shape[1]
    if (height, width) != (MODULES, MODULES):
        raise ValueError("a token gives 16 x 16 modules")
    flat = image.tobytes()
    bits = int("".join("1" if value == 0 else "0" for value in flat), 2)
    return bits.to_bytes(MODULES * MODULES // 8, "big")


def mask_stream(token: str, x_mm: float, top_mm: float, module_mm: float, page_height_mm: float) -> str:
    """Return the operators that paint the matrix with its upper left corner at (x, top), in mm from the page's."""
    side = MODULES * module_mm * MM
    left, bottom = x_mm * MM, (page_height_mm - top_mm) * MM - side
    # A mask paints where a bit is 0 unless Decode turns it round.
    return (
        f"q {side:.2f} 0 0 {side:.2f} {left:.2f} {bottom:.2f} cm BI /W 16 /H 16 /IM true /D [1 0] /F /AHx "
        f"ID {rows_of(token).hex()}> EI Q\n"
    )
