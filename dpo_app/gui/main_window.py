"""The window of an open store: breaches at the left, pages behind tabs, status below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.gui import clipboard, theme
from dpo_app.gui.commands import commands_of
from dpo_app.gui.faults import place_of
from dpo_app.gui.focus import FocusKeeper
from dpo_app.gui.form_assistant import close_assistants
from dpo_app.gui.guide import FIRST_HOUR, GuideWindow
from dpo_app.gui.law import law_of
from dpo_app.gui.office import Office
from dpo_app.gui.page_actions import press_on
from dpo_app.gui.pages.authority.authority_page import AuthorityPage
from dpo_app.gui.pages.enquiries.enquiries_page import EnquiriesPage
from dpo_app.gui.pages.facts.breach_dialog import BreachDialog
from dpo_app.gui.pages.facts.facts_page import FactsPage
from dpo_app.gui.pages.facts.risk_page import RiskPage
from dpo_app.gui.pages.notices.notices_page import NoticesPage
from dpo_app.gui.pages.overview.overview_page import OverviewPage
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.persons.persons_page import PersonsPage
from dpo_app.gui.pages.proof.audit_page import AuditPage
from dpo_app.gui.pages.proof.register_page import RegisterPage
from dpo_app.gui.pages.sending.sending_page import SendingPage
from dpo_app.gui.pages.start.organisation_dialog import OrganisationDialog
from dpo_app.gui.reminders import Reminders
from dpo_app.gui.run_follower import RunFollower
from dpo_app.gui.standing import Ways, standing_banner
from dpo_app.gui.widgets.breach_list import BreachList, deadline_words, order_of
from dpo_app.gui.widgets.command_palette import CommandPalette
from dpo_app.gui.widgets.mending import Mending
from dpo_app.gui.widgets.parts import EN_SPACE, Banner, ElidingLabel, EmptyState, button, clear, label, row
from dpo_app.gui.widgets.risk_chip import RiskChip
from dpo_app.gui.widgets.status_line import StatusLine
from dpo_app.gui.widgets.toast import Toast
from dpo_app.gui.words import full_moment, number
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.services.authority.authority_view import waiting_at_authorities
from dpo_app.services.clocks.clocks import all_clocks
from dpo_app.services.progress import Changes, Topic

TABS: tuple[tuple[str, str, type[Page]], ...] = (
    ("overview", "layout-dashboard", OverviewPage), ("facts", "list-details", FactsPage),
    ("authority", "building-bank", AuthorityPage),
    ("persons", "users", PersonsPage), ("notices", "file-text", NoticesPage), ("sending", "send", SendingPage),
    ("enquiries", "headset", EnquiriesPage), ("audit", "shield-check", AuditPage),
)  # fmt: skip
#: Pages over the tabs, reached from elsewhere.
OVER: dict[str, type[Page]] = {"risk": RiskPage}
#: Pages over all breaches, reached from beside the tabs.
BESIDE: dict[str, type[Page]] = {"register": RegisterPage}
WARN_SECONDS = 60


def tab_words() -> dict[str, str]:
    """Return the headings of the pages."""
    return {"overview": _("Overview"), "facts": _("Facts"), "authority": _("Authority"), "persons": _("Persons"),
            "notices": _("Notices"), "sending": _("Sending"), "enquiries": _("Enquiries"), "audit": _("Audit")}  # fmt: skip


class MainWindow(QMainWindow):
    """Navigation; hands changes to the pages. `lock_wanted` asks whoever opened the store to close it."""

    lock_wanted = Signal()
    look_wanted = Signal(str, object)
    sheet_wanted = Signal()
    passphrase_wanted = Signal()
    quick_wanted = Signal()
    state_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, office: Office, store_name: str, lock_minutes: int) -> None:
        super().__init__()
        self.office = office
        self.breach_id: BreachId | None = None
        self._pages: dict[str, Page] = {}
        self._lock_after = lock_minutes * 60
        self._idle = 0
        self._failed_work: str | None = None
        self.setWindowTitle("DPO Desk")
        self.setWindowIcon(theme.emblem(64))
        self.setMinimumSize(1024, 640)
        self.setAcceptDrops(True)
        middle = QWidget()
        self.setCentralWidget(middle)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar())
        if office.example:
            column.addWidget(self._strip())
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self._sidebar())
        line.addWidget(self._page_area(), 1)
        column.addLayout(line, 1)
        self.status = StatusLine(store_name)
        column.addWidget(self.status)
        self.toast = Toast(self)
        office.changed.connect(self._changed)
        office.failed.connect(self._failed)
        office.done.connect(self._succeeded)
        office.toast.connect(self.toast.say)
        office.page_wanted.connect(self.show_page)
        office.breach_wanted.connect(self.go_to)
        office.runner.started.connect(self.status.follow)
        office.runner.bug.connect(self._bug)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._second)
        self._seconds.start(1000)
        self.keeper = FocusKeeper(self, self.stack.currentWidget, office.runner.idle)
        self._follower = RunFollower(self, office)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self.finder.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocus()
        self.reload()
        self._stand()

    def _stand(self) -> None:
        """Show what is wrong with the store itself; it comes back when another banner is closed."""
        self._failed_work = None
        clear(self.banner_place)
        ways = Ways(self.state_wanted.emit, self.other_wanted.emit, self.sheet_wanted.emit, self.passphrase_wanted.emit)
        banner = standing_banner(self.office.desk, ways)
        if banner is not None:
            self.banner_place.addWidget(banner)

    def sheet_works(self) -> None:
        """Say that the new recovery sheet counts now."""
        self._stand()
        self.toast.say(_("The recovery sheet works. Keep it away from this computer."))

    def _toolbar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("toolbar")
        self.fold = button("", "quiet", "layout-sidebar", "fold", _("Breach list (F9)"))
        self.fold.clicked.connect(self.fold_list)
        new = button(_("New breach"), "", "plus", "new_breach")
        new.clicked.connect(self.new_breach)
        new.setEnabled(not self.office.desk.read_only)
        self.finder = button(_("Find a person, a page or a command") + "   Ctrl K", "", "search", "find")
        self.finder.setMinimumWidth(theme.px(420))
        self.finder.clicked.connect(self.commands)
        lock = button(_("Lock"), "", "lock", "lock")
        lock.clicked.connect(self.lock_wanted)
        self.reminders = Reminders(self.office, self)
        line = row(self.fold, new, None, self.finder, None, self.reminders.bell, lock)
        line.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(8))
        bar.setLayout(line)
        return bar

    def _strip(self) -> QFrame:
        strip = QFrame()
        strip.setProperty("tint", "strip")
        line = row(None, label(_("Example: nothing here is real, nothing is sent"), "medium", tone="info"), None)
        line.setContentsMargins(0, theme.px(2), 0, theme.px(2))
        strip.setLayout(line)
        return strip

    def _sidebar(self) -> QWidget:
        self.sidebar = QWidget()
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setFixedWidth(theme.px(252))
        self.breaches = BreachList()
        self.breaches.chosen.connect(self.open_breach)
        column = QVBoxLayout(self.sidebar)
        column.setContentsMargins(theme.px(8), theme.px(12), theme.px(8), theme.px(8))
        title = label(_("Breaches"), "heading")
        title.setContentsMargins(theme.px(10), 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self.breaches, 1)
        register = button(_("Register of breaches"), "link", "notebook", "to_register")
        register.clicked.connect(lambda: self.show_page("register"))
        foot = row(10, register, None)
        column.addLayout(foot)
        return self.sidebar

    def fold_list(self) -> None:
        """Show or hide the list of breaches."""
        self.sidebar.setVisible(not self.sidebar.isVisible())

    def next_region(self) -> None:
        """Move the focus to the next part: list of breaches, tabs, page."""
        regions = [part for part in (self.sidebar, self.header, self.stack) if part.isVisible()]
        focused = QApplication.focusWidget()
        inside = [n for n, part in enumerate(regions) if focused is not None and part.isAncestorOf(focused)]
        part = regions[(inside[0] + 1) % len(regions) if inside else 0]
        for each in part.findChildren(QWidget):
            if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
                each.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _page_area(self) -> QWidget:
        area = QWidget()
        area.setObjectName("page_area")
        column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = QFrame()
        self.header.setObjectName("header")
        head = QVBoxLayout(self.header)
        head.setContentsMargins(theme.px(24), theme.px(12), theme.px(24), 0)
        head.setSpacing(theme.px(4))
        self.title = ElidingLabel("", "title")
        self.revision = label("", "second", name="revision_line")
        self.risk = RiskChip()
        self.risk.clicked.connect(lambda: self.show_page("risk"))
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.risk)
        top.addSpacing(theme.px(8))
        top.addWidget(self.revision)
        head.addLayout(top)
        self.tabs = QButtonGroup(self)
        self.tabs.setExclusive(True)
        tabs = QHBoxLayout()
        tabs.setSpacing(0)
        for key, icon, _page in TABS:
            each = button(tab_words()[key], "tab", icon, f"tab_{key}")
            each.setCheckable(True)
            each.clicked.connect(lambda _=False, k=key: self.show_page(k))
            self.tabs.addButton(each)
            tabs.addWidget(each)
        tabs.addStretch(1)
        head.addLayout(tabs)
        column.addWidget(self.header)
        self.banner_place = QVBoxLayout()
        self.banner_place.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), 0)
        column.addLayout(self.banner_place)
        self.stack = QStackedWidget()
        self.welcome = EmptyState(
            "layout-dashboard", _("No breach yet"),
            _("Record what you know, even if it is little: the clock starts with the moment you became aware."),
            _("New breach"), "plus",
        )  # fmt: skip
        self.welcome.pressed.connect(self.new_breach)
        self.stack.addWidget(self.welcome)
        column.addWidget(self.stack, 1)
        return area

    def reload(self) -> None:
        """Read breaches, their clocks and the trail's length."""
        desk = self.office.desk

        def read(queries: Any) -> Any:
            lines = queries.breaches()
            standings = {b.id: queries.standings(b.id, b.revision_id) for b in lines}
            risks = {b.id: queries.assessment(b.id) for b in lines}
            waits = {b.id: {"authority": waiting_at_authorities(queries, BreachId(b.id)).things,
                            "enquiries": queries.enquiry_counts(BreachId(b.id))[0]} for b in lines}  # fmt: skip
            return lines, standings, all_clocks(desk, queries, lines, standings), queries.trail.count(), risks, waits

        self.office.read(read, self._show)

    def _show(self, found: Any) -> None:
        lines, standings, clocks, entries, self._risks, self._waits = found
        now = self.office.desk.clock.now()
        self.reminders.take(lines, clocks)
        items = []
        for b in lines:
            words, role, icon = deadline_words(b, clocks[b.id], now)
            s = standings[b.id]
            counts = {n: getattr(s, n) for n in ("told", "on_the_way", "open", "unknown", "excused")}
            items.append((b, words, role, icon, counts if s.in_scope else {}))
        items.sort(key=lambda item: order_of(item[0], clocks[item[0].id], now))
        self.breaches.set_items(items, self.breach_id)
        self.status.set_entries(entries)
        self._lines = {b.id: b for b in lines}
        if self.breach_id is None and lines:
            self.open_breach(lines[0].id)
        elif self.breach_id is not None and self.breach_id in self._lines:
            self._header()
        self.header.setVisible(bool(lines) and not isinstance(self.stack.currentWidget(), tuple(BESIDE.values())))
        if not lines:
            self.stack.setCurrentWidget(self.welcome)

    def _header(self) -> None:
        b = self._lines[self.breach_id]
        self.title.set_whole(b.title)
        self.risk.show_risk(self._risks.get(b.id), b.revision_id)
        when, revision = full_moment(b.known_as_of), b.revision_number
        self.revision.setText(_("Facts as known on {when} · revision {number}").format(when=when, number=revision))
        for key, count in self._waits.get(b.id, {}).items():
            self._badge(key, count)

    def _badge(self, key: str, count: int) -> None:
        """Say on a tab how many things wait for the officer there; a number, not only a colour."""
        name = tab_words()[key]
        for tab in self.tabs.buttons():
            if tab.objectName() == f"tab_{key}":
                tab.setText(f"{EN_SPACE}{name}" + (f"  {count}" if count else ""))
                tab.setAccessibleName(f"{name}, {number(count)}" if count else name)

    def open_breach(self, breach_id: int) -> None:
        """Show a breach on the page that is open."""
        self.breach_id = BreachId(breach_id)
        self.breaches.mark(breach_id)
        self._header()
        self._show_breach()

    def _show_breach(self) -> None:
        """Show the open breach on the page in front, or on the first one."""
        current = self.stack.currentWidget()
        self.show_page(current.key if isinstance(current, Page) and current.key not in BESIDE else "overview")

    def go_to(self, breach_id: int, page: str, target: object) -> None:
        """Open a page of a breach, and what a link pointed at."""
        self.open_breach(breach_id)
        self.show_page(page, target)

    def page(self, key: str) -> Page:
        """Return a page, made at its first visit."""
        if key not in self._pages:
            kind = (OVER | BESIDE).get(key) or next(page for name, _icon, page in TABS if name == key)
            self._pages[key] = kind(self.office)
            self.stack.addWidget(self._pages[key])
        return self._pages[key]

    def show_page(self, key: str, target: object = None) -> None:
        """Go to a page, and to what a link pointed at."""
        if self.breach_id is None:
            return
        page = self.page(key)
        self.stack.setCurrentWidget(page)
        # A page over all breaches has no breach in its heading.
        self.header.setVisible(key not in BESIDE)
        self.tabs.setExclusive(False)
        for tab in self.tabs.buttons():
            tab.setChecked(tab.objectName() == f"tab_{key}")
        self.tabs.setExclusive(True)
        page.open_breach(self.breach_id)
        if target is not None:
            page.show_target(target)

    def press(self, key: str, control: str) -> None:
        """Go to a page and press a control there, as its menu entry or shortcut asks."""
        if self.breach_id is None:
            self.toast.say(_("Record a breach first."))
            return
        self.show_page(key)
        press_on(self.page(key), control, self.office)

    def _changed(self, changes: Changes) -> None:
        for page in self._pages.values():
            page.changed(changes)
        self.reload()

    def _failed(self, error: DpoError, work: str | None = None) -> None:
        explanation = explain(error)
        banner = Banner("danger", explanation.what, f"{explanation.why} {explanation.do}".strip())
        self._show_banner(banner)
        self._failed_work = work
        root = QApplication.activeModalWidget() or self.stack.currentWidget()
        if root is not None:
            Mending(root, banner, by_hand=True).begun.connect(self._stand)

    def _succeeded(self, work: str) -> None:
        """Take the error away whose work was done now."""
        if work == self._failed_work:
            self._stand()

    def _show_banner(self, banner: Banner) -> None:
        self._failed_work = None
        clear(self.banner_place)
        banner.closed.connect(lambda: QTimer.singleShot(0, self._stand))
        self.banner_place.addWidget(banner)

    def _bug(self, error: BaseException) -> None:
        text = _("The step was stopped and changed nothing. You can go on. To report: {kind} at {where}")
        self._show_banner(Banner("danger", _("Something went wrong in the program."),
                                 text.format(kind=type(error).__name__, where=place_of(error))))  # fmt: skip

    def new_breach(self) -> None:
        """Ask for the first facts of a breach."""
        if not self.office.desk.read_only:
            dialog = BreachDialog(self, self.office)
            dialog.made.connect(self._breach_made)
            dialog.open()

    def _breach_made(self, breach_id: int) -> None:
        self.breach_id = BreachId(breach_id)
        self.office.changed.emit(Changes.of(breach_id, Topic.BREACHES))
        # The page in front still shows another breach, and a change of this one does not concern it.
        QTimer.singleShot(0, self._show_breach)

    def import_persons(self, path: Path | None = None) -> None:
        """Begin an import of persons into the open breach."""
        if self.breach_id is None:
            return
        self.show_page("persons")
        page = self.page("persons")
        assert isinstance(page, PersonsPage)
        page.start_import(path)

    def organisation(self) -> None:
        """Ask for what notices say about the sender."""
        OrganisationDialog(self, self.office).open()

    def find_here(self) -> None:
        """Go to the search of this page, or to command search."""
        page = self.stack.currentWidget()
        if isinstance(page, PersonsPage):
            page.search.setFocus()
        else:
            self.commands()

    def commands(self) -> None:
        """Open command search."""
        CommandPalette(self, commands_of(self.menuBar()), self.office, self.breach_id).open()

    def law(self) -> None:
        """Say what the law asks on this page."""
        page = self.stack.currentWidget()
        key = page.key if isinstance(page, Page) else ""
        self.office.dialogs.tell(self, _("What the law asks here"), law_of(key))

    def guide(self, chapter: int = FIRST_HOUR) -> None:
        """Open the guide beside the pages."""
        GuideWindow(self, self.office, chapter).show()

    def keyboard(self) -> None:
        """List the shortcuts."""
        lines = [f"{key}   {text}" for text, key, _do in commands_of(self.menuBar()) if key]
        self.office.dialogs.tell(self, _("Keyboard"), "\n".join(lines))

    def about(self) -> None:
        """Say what this program is."""
        self.office.dialogs.tell(self, "DPO Desk", _("Version {version}. Apache-2.0. Nothing leaves this computer but what "
                                 "you send or save.").format(version=self.office.desk.program))  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._idle = 0
        elif event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.keeper.moved_to(watched)
        return False

    def _second(self) -> None:
        if not self.office.runner.busy():
            self._idle += 1
        left = self._lock_after - self._idle
        self.status.set_lock(left)
        if left == WARN_SECONDS:
            self.toast.say(_("The store locks itself in a minute. Press any key to stay."))
        if left <= 0:
            self._idle = 0
            self.lock_wanted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls() and self.breach_id is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.import_persons(Path(url.toLocalFile()))
                return

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        sending = self._pages.get("sending")
        means = sending.leaving() if isinstance(sending, SendingPage) and event.spontaneous() else ""
        if means and not self.office.dialogs.confirm(self, _("E-mails are being sent"), means, _("Pause and close")):
            event.ignore()
            return
        notices = self._pages.get("notices")
        if isinstance(notices, NoticesPage) and notices._saving.isActive():
            notices.save()
        close_assistants()
        clipboard.forget()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._seconds.stop()
        self.status.forget()
        super().closeEvent(event)
