"""A day is typed as people type it, wherever the cursor stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateTimeEdit

from dpo_app.gui.widgets.day_fields import DayField, MomentField


def _select_all(field: QDateTimeEdit) -> None:
    field.selectAll()


def _home(field: QDateTimeEdit) -> None:
    QTest.keyClick(field, Qt.Key.Key_Home)


def _clicked_into_the_day(field: QDateTimeEdit) -> None:
    line = field.lineEdit()
    assert line is not None
    line.deselect()
    line.setCursorPosition(1)


@pytest.mark.parametrize("start", [_select_all, _home, _clicked_into_the_day])
@pytest.mark.parametrize("typed", ["01.11.2018", "01112018", "1.11.2018", "01-11-2018"])
def test_a_typed_day_counts(qapp: QApplication, start: Callable[[QDateTimeEdit], None], typed: str) -> None:
    field = DayField()
    field.setDate(QDate(2026, 11, 26))
    field.show()
    start(field)
    QTest.keyClicks(field, typed)
    assert field.date() == QDate(2018, 11, 1)


def test_one_part_can_be_typed_over(qapp: QApplication) -> None:
    field = DayField()
    field.setDate(QDate(2026, 11, 26))
    field.show()
    line = field.lineEdit()
    assert line is not None
    line.deselect()
    line.setCursorPosition(4)
    QTest.keyClicks(field, "03")
    assert field.date() == QDate(2026, 3, 26)


@pytest.mark.parametrize("typed", ["05.02.2019 09:07", "050220190907", "5.2.2019 9:07"])
def test_a_typed_moment_counts(qapp: QApplication, typed: str) -> None:
    field = MomentField()
    field.setDateTime(QDateTime(2026, 11, 26, 15, 35, 0))
    field.show()
    field.selectAll()
    QTest.keyClicks(field, typed)
    assert field.dateTime() == QDateTime(2019, 2, 5, 9, 7, 0)
