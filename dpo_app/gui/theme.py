"""Tokens become palette, sheet, fonts and icons; the only home of a distance of the screen.

`apply(scheme, size)` sets font, palette, sheet and icon cache in this order: with a sheet on the application a font
alone changes no widget, so nobody calls the four by hand.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from dpo_app.gui.tokens import COLORS, SHEET, Scheme
from dpo_app.paths import resources

BASE_PT = 10.0
_FALLBACKS = frozenset({"", "Sans Serif", "Sans", "DejaVu Sans", "Bitstream Vera Sans"})
#: role: (points over the base, weight, tabular)
_ROLES: dict[str, tuple[float, QFont.Weight, bool]] = {
    "figure": (8, QFont.Weight.DemiBold, True), "number": (5, QFont.Weight.DemiBold, True),
    "title": (4.5, QFont.Weight.DemiBold, False), "heading": (1, QFont.Weight.DemiBold, False),
    "body": (0, QFont.Weight.Normal, True), "strong": (0, QFont.Weight.DemiBold, True),
    "medium": (0, QFont.Weight.Medium, True), "caption": (-1, QFont.Weight.Normal, True),
    "code": (0, QFont.Weight.Normal, True),
}  # fmt: skip
_STROKE = re.compile(r'stroke-width="[\d.]+"')


class _State(QObject):
    """What is applied now; `changed` tells painters and role fonts to look again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Scheme.LIGHT
        self.percent = 100
        self.family = "Inter"
        self.base = BASE_PT


state = _State()


def color(role: str) -> QColor:
    """Return the colour of a role in the scheme applied now."""
    return QColor(COLORS[role][0 if state.scheme is Scheme.LIGHT else 1])


def px(length: float) -> int:
    """Return a length given at base 10 pt for the text size applied now."""
    return round(length * state.base / BASE_PT)


def font(role: str) -> QFont:
    """Return the font of a role."""
    over, weight, tabular = _ROLES[role]
    if role == "code":
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        made = QFont(state.family)
    scale = state.base / BASE_PT
    made.setPointSizeF(max(8.5, state.base + over * scale))
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the sheet asks for and make it show."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


@lru_cache(maxsize=256)
def _svg(name: str, filled: bool) -> str:
    path = resources() / "icons" / ("filled" if filled else "outline") / f"{name}.svg"
    return path.read_text("utf-8")


@lru_cache(maxsize=512)
def _pixmap(name: str, shade: str, size: int, filled: bool, ratio: float) -> QPixmap:
    stroke = 1.5 if size >= 32 else 1.75
    text = _STROKE.sub(f'stroke-width="{stroke}"', _svg(name, filled)).replace("currentColor", shade)
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def pixmap(name: str, role: str = "text_2", size: int = 18, filled: bool = False) -> QPixmap:
    """Return an icon as a picture in the colour of a role."""
    screen = QGuiApplication.primaryScreen()
    ratio = screen.devicePixelRatio() if screen else 1.0
    return _pixmap(name, color(role).name(), px(size), filled, ratio)


def ink(words: QWidget, role: str) -> None:
    """Give a label the colour of a role. The sheet has the last word on colours, so a palette would not show."""
    words.setStyleSheet(f"color: {color(role).name()}; background: transparent;")


def icon(name: str, role: str = "text_2", size: int = 18, filled: bool = False) -> QIcon:
    """Return an icon for buttons and menus."""
    made = QIcon(pixmap(name, role, size, filled))
    made.addPixmap(pixmap(name, "text_3", size, filled), QIcon.Mode.Disabled)
    return made


def emblem(size: int) -> QPixmap:
    """Return the program's own sign."""
    made = QPixmap(QSize(size * 2, size * 2))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(str(resources() / "icons" / "emblem.svg")).render(painter)
    painter.end()
    made.setDevicePixelRatio(2.0)
    return made


def palette() -> QPalette:
    """Return a complete palette, so that what the sheet does not reach is right too."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window", QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "window", QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface", QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "raised", QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.Highlight: "accent_fill", QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.PlaceholderText: "text_3", QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line_strong", QPalette.ColorRole.Dark: "line_strong", QPalette.ColorRole.Light: "line",
    }  # fmt: skip
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for role, name in roles.items():
            disabled = group is QPalette.ColorGroup.Disabled and "text" in name
            made.setColor(group, role, color("text_3" if disabled else name))
    return made


def qss() -> str:
    """Return the style sheet for the scheme and text size applied now."""
    text = re.sub(r"\{(\d+)\}px", lambda m: f"{px(int(m.group(1)))}px", SHEET)
    text = re.sub(r"@(\w+)", lambda m: color(m.group(1)).name(), text)
    for place, name in (("%chevron%", "chevron-down"), ("%up%", "chevron-up"), ("%check%", "check")):
        text = text.replace(place, _scheme_icon(name))
    return text


def _scheme_icon(name: str) -> str:
    """Return the path of an icon file drawn for the scheme: the sheet takes pictures by file only."""
    return str(Path(resources() / "icons" / "sheet" / f"{name}-{state.scheme.value}.svg").as_posix())


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for name in ("Inter-Regular", "Inter-Medium", "Inter-SemiBold", "Inter-Bold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"{name}.otf"))


def apply(scheme: Scheme, percent: int = 100) -> None:
    """Apply scheme and text size to the whole application."""
    _load_fonts()
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    poor = system.family() in _FALLBACKS or system.pointSizeF() < 9
    state.family = "Inter" if poor else system.family()
    state.scheme, state.percent = scheme, percent
    state.base = (BASE_PT if poor else system.pointSizeF()) * percent / 100
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    _pixmap.cache_clear()
    app.setFont(font("body"))
    app.setPalette(palette())
    app.setStyleSheet(qss())
    state.changed.emit()
