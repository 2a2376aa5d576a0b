"""A page with the envelope laid over it: what its window shows, and how far the sheet can slip."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dpo_app.core.letters.layout import Box, Envelope, Layout
from dpo_app.gui import theme
from dpo_app.i18n import _

Picture = tuple[int, int, bytes]


class EnvelopePicture(QWidget):
    """Shows a page; with `envelope`, everything the envelope covers is dimmed. The green frame is what always shows,
    the dashed one what can show wherever the sheet slips to."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_("The envelope over the page"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(300), theme.px(420))
        self._image: QImage | None = None
        self._layout: Layout | None = None
        self._envelope: Envelope | None = None

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of a page at reading distance."""
        return QSize(theme.px(400), theme.px(566))

    def show_page(self, picture: Picture, layout: Layout, envelope: Envelope | None) -> None:
        """Show a picture (width, height, RGBA rows) of a page of this layout."""
        width, height, rows = picture
        self._image = QImage(rows, width, height, width * 4, QImage.Format.Format_RGBA8888).copy()
        self._layout, self._envelope = layout, envelope
        if envelope is not None:
            safe = envelope.safe(layout.page[0])
            said = _("{envelope}: the window always shows x {left} to {right}, y {top} to {bottom} mm")
            self.setAccessibleDescription(said.format(envelope=envelope.name, left=f"{safe.left:g}", right=f"{safe.right:g}",
                                                      top=f"{safe.top:g}", bottom=f"{safe.bottom:g}"))  # fmt: skip
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint page, envelope and frames."""
        if self._image is None or self._layout is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        page_width, page_height = self._layout.page
        scale = min(self.width() / page_width, self.height() / page_height)
        left, top = (self.width() - page_width * scale) / 2, 0.0
        painter.translate(left, top)
        page = QRectF(0, 0, page_width * scale, page_height * scale)
        painter.drawImage(page, self._image)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.drawRect(page)
        if self._envelope is not None:
            self._cover(painter, self._envelope, scale, page)
        painter.end()

    def _cover(self, painter: QPainter, envelope: Envelope, scale: float, page: QRectF) -> None:
        x, y, width, height = envelope.window
        paper = QPainterPath()
        paper.addRect(QRectF(0, -envelope.step * scale, envelope.width * scale, envelope.height * scale) & page)
        window = QPainterPath()
        window.addRect(QRectF(x * scale, (y - envelope.step) * scale, width * scale, height * scale))
        # The page is white in light and dark alike.
        shade = QColor(Qt.GlobalColor.black)
        shade.setAlpha(70)
        painter.fillPath(paper.subtracted(window), shade)
        sheet = self._layout.page[0] if self._layout else 210.0
        for box, role, style in (
            (envelope.safe(sheet), "told_fill", Qt.PenStyle.SolidLine), (envelope.may_show(sheet), "open_fill", Qt.PenStyle.DashLine),
        ):  # fmt: skip
            painter.setPen(QPen(theme.color(role), 1.6, style))
            painter.drawRect(_scaled(box, scale) & page.adjusted(-1, -1, 1, 1))


def _scaled(box: Box, scale: float) -> QRectF:
    return QRectF(
        box.left * scale, box.top * scale, (box.right - box.left) * scale, (box.bottom - box.top) * scale
    )  # fmt: skip
