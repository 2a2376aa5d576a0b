"""Writing a notice to an authority, or a file kept with the log, where the officer says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from dpo_app.files import write_bytes
from dpo_app.gui.office import Office
from dpo_app.i18n import _
from dpo_app.services.authority.authority_case import Case
from dpo_app.services.authority.tell_authority import notice_pdf, published_form

MAKERS = {"pdf": notice_pdf, "json": published_form}


def _name(case: Case, ending: str) -> str:
    return f"notice-{case.authority.id}-{case.notice.phase.value}-N{case.notice_id}.{ending}"


def save_notice(office: Office, page: QWidget, case: Case, ending: str) -> None:
    """Ask where the PDF or the JSON of a notice goes, and write it."""
    kinds = _("PDF files (*.pdf)") if ending == "pdf" else _("JSON files (*.json)")
    path = office.dialogs.save_file(page, _("Save the notice"), _name(case, ending), kinds)
    if path is not None:
        _write(office, case, {ending: path}, _("Saved: {name}").format(name=path.name))


def export_notice(office: Office, page: QWidget, case: Case) -> None:
    """Ask for a folder and write PDF and JSON of a notice into it."""
    folder = office.dialogs.folder(page, _("Where PDF and JSON go"))
    if folder is not None:
        paths = {ending: folder / _name(case, ending) for ending in MAKERS}
        _write(office, case, paths, _("PDF and JSON are written."))


def _write(office: Office, case: Case, paths: dict[str, Path], said: str) -> None:
    desk = office.desk

    def work(_progress: Any) -> None:
        with desk.read() as queries:
            made = [(path, MAKERS[ending](desk, queries, case.notice_id)) for ending, path in paths.items()]
        for path, data in made:
            write_bytes(path, data, replace=True)

    office.do(work, lambda _r: office.toast.emit(said), _("Writing the notice"), long=True)


def save_kept_file(office: Office, page: QWidget, file_id: int, name: str) -> None:
    """Ask where a receipt or a letter goes, and write it."""
    path = office.dialogs.save_file(page, _("Save the file"), name, "")
    if path is None:
        return
    desk = office.desk

    def work(_progress: Any) -> None:
        with desk.read() as queries:
            _name_kept, data = queries.authority_file(file_id)
        write_bytes(path, data, replace=True)

    said = _("Saved: {name}").format(name=path.name)
    office.do(work, lambda _r: office.toast.emit(said), _("Writing the file"), long=True)
