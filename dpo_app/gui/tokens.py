"""Colours by role: the only home of a hex value of the screen (screens.md 2.1). Contrast is computed in a test."""

from __future__ import annotations

from enum import StrEnum


class Scheme(StrEnum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


#: role: (light, dark)
COLORS: dict[str, tuple[str, str]] = {
    "window": ("#F3F4F7", "#16181D"), "surface": ("#FFFFFF", "#1E2128"), "sunken": ("#E9EBF0", "#111317"),
    "raised": ("#FFFFFF", "#252932"), "hover": ("#E4E7EE", "#2A2F39"), "selected": ("#E3E5FB", "#30345F"),
    "line": ("#DCE0E7", "#2F343F"), "line_strong": ("#7F8798", "#737C8E"), "text": ("#1A1E29", "#E9EBF1"),
    "text_2": ("#474F60", "#B7BDCA"), "text_3": ("#5C6475", "#9AA2B2"), "accent": ("#4347B8", "#A9ADFF"),
    "accent_fill": ("#4347B8", "#5B5FDD"), "accent_hover": ("#36399E", "#4E52CE"), "on_accent": ("#FFFFFF", "#FFFFFF"),
    "focus": ("#4347B8", "#A9ADFF"),
    "danger": ("#B3261E", "#FF9A91"), "danger_bg": ("#FCEBE9", "#3D1F1E"),
    "warn": ("#855000", "#F3BE6B"), "warn_bg": ("#FDF1DC", "#3A2C14"),
    "ok": ("#17693F", "#7CD6A2"), "ok_bg": ("#E3F4EA", "#17331F"),
    "info": ("#0B637F", "#7CCBE6"), "info_bg": ("#E2F2F8", "#12303B"),
    "confirmed": ("#A61B1B", "#FF9A91"), "confirmed_bg": ("#FBE7E6", "#3D1F1E"), "confirmed_fill": ("#A61B1B", "#D2524A"),
    "likely": ("#9A4508", "#FFB27A"), "likely_bg": ("#FDEBDD", "#3D2717"), "likely_fill": ("#9A4508", "#CC7437"),
    "possible": ("#775700", "#EBCB6B"), "possible_bg": ("#FBF1D3", "#352C12"), "possible_fill": ("#775700", "#B3953A"),
    "not_exposed": ("#4A5568", "#B4BCCB"), "not_exposed_bg": ("#EBEEF3", "#2A2F39"),
    "not_exposed_fill": ("#4A5568", "#7E8798"),
    "undetermined": ("#7A2E8E", "#E0A6EF"), "undetermined_bg": ("#F6E8F9", "#37203E"),
    "undetermined_fill": ("#7A2E8E", "#A866BA"),
    "told": ("#176B41", "#57BE87"), "told_bg": ("#E3F4EA", "#17331F"), "told_fill": ("#176B41", "#2F8F5E"),
    "on_the_way": ("#0B6E8C", "#4FB3D4"), "on_the_way_bg": ("#E2F2F8", "#12303B"), "on_the_way_fill": ("#0B6E8C", "#2C8FB0"),
    "open": ("#8A5500", "#E0A443"), "open_bg": ("#FDF1DC", "#3A2C14"), "open_fill": ("#8A5500", "#BD8330"),
    "unknown": ("#9B2C7E", "#E58BCB"), "unknown_bg": ("#FAE6F4", "#3B1F34"), "unknown_fill": ("#9B2C7E", "#C566A8"),
    "excused": ("#566073", "#A3ABBA"), "excused_bg": ("#ECEEF2", "#2A2F39"), "excused_fill": ("#566073", "#7E8798"),
}  # fmt: skip

#: The style sheet; `@role` is a colour, `{n}px` lengths go through the text size, `%name%` are files.
SHEET = """
QMainWindow, QDialog, QWidget#page_area { background: @window; }
QWidget#sidebar, QWidget#toolbar, QMenuBar, QStatusBar, QWidget#status { background: @sunken; }
QMenuBar { color: @text; padding: 2px 8px; }
QMenuBar::item { padding: 4px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; color: @text; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @text_3; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QFrame#header { background: @surface; border-bottom: 1px solid @line; }
QListWidget#command_list::item { padding: {6}px {10}px; }
QLabel { background: transparent; color: @text; }
QLabel[role="caption"] { color: @text_3; }
QLabel[role="second"] { color: @text_2; }
QLabel[role="error"] { color: @danger; font-weight: 600; }
QLabel[role="link"] { color: @accent; }
QPushButton { min-height: {30}px; padding: 0 {14}px; border: 1px solid @line_strong; border-radius: 6px; background: @surface; color: @text; font-weight: 500; }
QPushButton:hover { background: @hover; }
QPushButton:focus { border: 2px solid @focus; padding: 0 {13}px; min-height: {28}px; }
QPushButton[kind="primary"] { background: @accent_fill; color: @on_accent; border-color: @accent_fill; }
QPushButton[kind="primary"]:hover { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border-color: @text; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: @accent; padding: 0 8px; }
QPushButton[kind="quiet"]:hover { background: @hover; }
QPushButton[kind="quiet"]:focus { border-color: @focus; padding: 0 7px; }
QPushButton[kind="danger"] { color: @danger; border-color: @danger; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; padding: 0; min-height: {22}px; color: @accent; text-align: left; }
QPushButton[kind="link"]:focus { border: 2px solid @focus; border-radius: 4px; }
QPushButton[kind="filter"] { background: transparent; border: 1px solid @line_strong; border-radius: 14px; padding: 0 {12}px; min-height: {26}px; color: @text_2; }
QPushButton[kind="filter"]:hover { background: @hover; }
QPushButton[kind="filter"]:focus { border: 2px solid @focus; padding: 0 {11}px; min-height: {24}px; }
QPushButton[kind="filter"]:checked { background: @selected; border-color: @accent; color: @text; font-weight: 600; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid @line_strong; border-radius: 6px; padding: 0 {8}px; min-height: {24}px; color: @text_2; }
QPushButton[kind="segment"]:hover { background: @hover; }
QPushButton[kind="segment"]:focus { border: 2px solid @focus; padding: 0 {7}px; min-height: {22}px; }
QPushButton[kind="segment"]:checked { background: @selected; border-color: @accent; color: @text; font-weight: 600; }
QPushButton[kind="rail"] { background: transparent; border: none; border-left: 3px solid transparent; border-radius: 0; padding: 0 {10}px; min-height: {30}px; color: @text_2; text-align: left; }
QPushButton[kind="rail"]:hover { background: @hover; color: @text; }
QPushButton[kind="rail"]:focus { border: 2px solid @focus; padding: 0 {9}px; min-height: {26}px; }
QPushButton[kind="rail"]:checked { background: @selected; border-left: 3px solid @accent; color: @text; font-weight: 600; }
QPushButton[kind="chip"] { border: 1px solid transparent; border-radius: 12px; padding: 0 {10}px; min-height: {24}px; }
QPushButton[kind="chip"]:focus, QPushButton[kind="chip"]:hover { border: 1px solid @focus; }
QPushButton[kind="chip"][tone="ok"] { background: @ok_bg; color: @ok; }
QPushButton[kind="chip"][tone="warn"] { background: @warn_bg; color: @warn; }
QPushButton[kind="chip"][tone="danger"] { background: @danger_bg; color: @danger; }
QPushButton[kind="tab"] { background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0; padding: 0 {12}px; min-height: {34}px; color: @text_2; }
QPushButton[kind="tab"]:hover { color: @text; background: @hover; }
QPushButton[kind="tab"]:checked { color: @text; border-bottom: 2px solid @accent; font-weight: 600; }
QPushButton[kind="tab"]:focus { border: 2px solid @focus; border-radius: 4px; padding: 0 {10}px; min-height: {32}px; }
QPushButton[kind="row"] { background: transparent; border: none; border-radius: 6px; padding: 0 {8}px; min-height: {34}px; text-align: left; color: @text; font-weight: 400; }
QPushButton[kind="row"]:hover { background: @hover; }
QPushButton[kind="row"]:checked { background: @selected; font-weight: 600; }
QPushButton[kind="row"]:focus { border: 2px solid @focus; padding: 0 {6}px; min-height: {30}px; }
QPushButton[kind="entry"] { background: transparent; border: none; border-radius: 6px; padding: 0; min-height: 0; text-align: left; }
QPushButton[kind="entry"]:hover { background: @hover; }
QPushButton[kind="entry"]:checked { background: @surface; border-left: 3px solid @accent; }
QPushButton[kind="entry"]:focus { border: 2px solid @focus; }
QPushButton[kind="card"] { background: @surface; border: 1px solid @line; border-radius: 10px; text-align: left; padding: {16}px; }
QPushButton[kind="card"]:hover { border-color: @accent; }
QPushButton[kind="card"]:focus { border: 2px solid @focus; padding: {15}px; }
QPushButton[kind="clear"] { background: transparent; border: none; min-height: 0; padding: 0; border-radius: 6px; }
QPushButton[kind="clear"]:focus { border: 2px solid @focus; }
QPushButton:disabled { color: @text_3; background: @window; border: 1px dashed @line_strong; }
QPushButton[kind="row"]:disabled { background: transparent; border: none; }
QPushButton[kind="row"]:checked:disabled { background: @selected; border: none; color: @text; }
QLineEdit, QComboBox, QDateEdit, QDateTimeEdit, QSpinBox, QDoubleSpinBox { background: @surface; color: @text; border: 1px solid @line_strong; border-radius: 6px; padding: 0 {9}px; min-height: {30}px; selection-background-color: @accent_fill; selection-color: @on_accent; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QDateTimeEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid @focus; padding: 0 {8}px; min-height: {28}px; }
QLineEdit[wrong="true"] { border: 2px solid @danger; padding: 0 {8}px; min-height: {28}px; }
QLineEdit:disabled, QComboBox:disabled, QDateTimeEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: @text_3; background: @window; border: 1px dashed @line_strong; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: url(%chevron%); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @line; selection-background-color: @selected; selection-color: @text; outline: 0; }
QDateEdit::up-button, QDateEdit::down-button, QDateTimeEdit::up-button, QDateTimeEdit::down-button { width: 0; border: none; }
QSpinBox, QDoubleSpinBox, QTimeEdit { padding-right: 26px; }
QSpinBox:focus, QDoubleSpinBox:focus, QTimeEdit:focus { padding-right: 25px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button { subcontrol-origin: border; subcontrol-position: top right; width: 24px; border: none; background: transparent; }
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button { subcontrol-origin: border; subcontrol-position: bottom right; width: 24px; border: none; background: transparent; }
QSpinBox::up-button:hover, QSpinBox::down-button:hover, QDoubleSpinBox::up-button:hover, QDoubleSpinBox::down-button:hover, QTimeEdit::up-button:hover, QTimeEdit::down-button:hover { background: @hover; border-radius: 4px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow { image: url(%up%); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow { image: url(%chevron%); width: 12px; height: 12px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QAbstractSpinBox QLineEdit:disabled { background: transparent; border: none; padding: 0; min-height: 0; }
QPlainTextEdit, QTextEdit { background: @surface; color: @text; border: 1px solid @line_strong; border-radius: 6px; padding: 4px 6px; selection-background-color: @accent_fill; selection-color: @on_accent; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; padding: 3px 5px; }
QPlainTextEdit[plain="true"], QTextEdit[plain="true"] { border: none; background: transparent; padding: 0; }
QFrame[card="true"] { background: @surface; border: 1px solid @line; border-radius: 10px; }
QFrame[card="chosen"] { background: @surface; border: 2px solid @accent; border-radius: 10px; }
QFrame[chip="true"] { border-radius: 11px; }
QFrame[rule="true"] { background: @line; max-height: 1px; min-height: 1px; border: none; }
QFrame[tint="danger"] { background: @danger_bg; border-radius: 8px; }
QFrame[tint="warn"] { background: @warn_bg; border-radius: 8px; }
QFrame[tint="ok"] { background: @ok_bg; border-radius: 8px; }
QFrame[tint="info"] { background: @info_bg; border-radius: 8px; }
QFrame[tint="strip"] { background: @info_bg; }
QFrame[tint="draft"] { background: @selected; border-left: 4px solid @accent_fill; border-radius: 8px; }
QFrame[tint="sunken"] { background: @window; border: 1px solid @line; border-radius: 8px; }
QFrame[tint="grey"] { background: @sunken; border-radius: 0; }
QLabel[tone="danger"] { color: @danger; } QLabel[tone="warn"] { color: @warn; } QLabel[tone="ok"] { color: @ok; }
QLabel[tone="info"] { color: @info; } QLabel[tone="accent"] { color: @accent; }
QLabel[tone="toast"] { color: @surface; }
QCheckBox, QRadioButton { color: @text; spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid @line_strong; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked { background: @accent_fill; border-color: @accent_fill; image: url(%check%); }
QTableView::indicator { width: 16px; height: 16px; border: 1px solid @line_strong; border-radius: 4px; background: @surface; }
QTableView::indicator:checked { background: @accent_fill; border-color: @accent_fill; image: url(%check%); }
QCheckBox::indicator:focus { border: 2px solid @focus; width: 14px; height: 14px; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid @line_strong; border-radius: 9px; background: @surface; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 6px solid @accent_fill; background: @on_accent; }
QRadioButton::indicator:focus { border: 2px solid @focus; width: 14px; height: 14px; }
QRadioButton::indicator:checked:focus { border: 6px solid @focus; width: 6px; height: 6px; }
QListWidget { background: @surface; color: @text; border: 1px solid @line; border-radius: {6}px; padding: {4}px; outline: 0; }
QListWidget:focus { border: 2px solid @focus; padding: {3}px; }
QListWidget::item { min-height: {30}px; padding: 0 {8}px; border-radius: 4px; color: @text; }
QListWidget::item:hover { background: @hover; }
QListWidget::item:selected { background: @selected; color: @text; }
QTableView { background: @surface; color: @text; border: none; gridline-color: transparent; selection-background-color: @selected; selection-color: @text; outline: 0; }
QTableView::item { border-bottom: 1px solid @line; padding: 0 8px; }
QTableView::item:selected { background: @selected; color: @text; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @text_2; border: none; border-bottom: 1px solid @line; padding: 6px 8px; font-weight: 500; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget#scroll_inner { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: @line_strong; border-radius: 4px; min-height: 36px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; }
QScrollBar::handle:horizontal { background: @line_strong; border-radius: 4px; min-width: 36px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none; height: 0; width: 0; }
QProgressBar { background: @line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: @accent_fill; border-radius: 3px; }
QProgressBar[tone="confirmed"]::chunk { background: @confirmed_fill; }
QProgressBar[tone="likely"]::chunk { background: @likely_fill; }
QProgressBar[tone="possible"]::chunk { background: @possible_fill; }
QProgressBar[tone="undetermined"]::chunk { background: @undetermined_fill; }
QProgressBar[tone="not_exposed"]::chunk { background: @not_exposed_fill; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }
QSplitter::handle { background: @window; }
"""
