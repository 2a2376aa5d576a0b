"""The organisation's picture and colour on a letter."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from dpo_app.core.errors import InputError

#: Its name in a file's resources.
LOGO = "Logo"
MOST_LOGO_MM = 45.0
MOST_BYTES, MOST_PIXELS = 2_000_000, 4_000_000
#: At 300 dots an inch a picture of 45 mm has 530.
_MOST_SIDE = 600
#: WCAG 2.2, 1.4.3: text on white paper is read from this contrast on.
LEAST_CONTRAST = 4.5
_HEX = re.compile(r"^#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})$")


@dataclass(frozen=True)
class Logo:
    """A picture made ready: pixels, and its rows as RGB, deflated."""

    width: int
    height: int
    data: bytes

    def entries(self) -> str:
        """Return the entries of its stream."""
        return (
            f"/Type /XObject /Subtype /Image /Width {self.width} /Height {self.height} /ColorSpace /DeviceRGB "
            "/BitsPerComponent 8 "
        )

    def fitted(self, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Return its width and height in mm inside a box, its shape kept."""
        scale = min(width_mm / self.width, height_mm / self.height)
        return self.width * scale, self.height * scale


@lru_cache(maxsize=4)
def read_logo(data: bytes) -> Logo:
    """Return a PNG or JPEG on white ground. Raises InputError("bad_logo")."""
    if len(data) > MOST_BYTES:
        raise InputError("bad_logo", limit_mb=MOST_BYTES // 1_000_000)
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise InputError("bad_logo", limit_mb=MOST_BYTES // 1_000_000)
            seen = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InputError("bad_logo", limit_mb=MOST_BYTES // 1_000_000) from None
    seen.thumbnail((_MOST_SIDE, _MOST_SIDE))
    # PDF/A-1 knows no transparency: what is clear becomes paper.
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return Logo(ground.width, ground.height, zlib.compress(ground.tobytes(), 9))


def colour_operator(colour: str) -> str:
    """Return the operator that chooses a colour for text, "" for black. Raises InputError("bad_colour") for one that
    cannot be read on white paper."""
    if not colour:
        return ""
    match = _HEX.match(colour)
    if match is None:
        raise InputError("bad_colour")
    parts = [int(part, 16) / 255 for part in match.groups()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    if 1.05 / (light + 0.05) < LEAST_CONTRAST:
        raise InputError("bad_colour")
    return " ".join(f"{part:.3f}" for part in parts) + " rg"
