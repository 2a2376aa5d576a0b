"""What all tests share: an offscreen screen, a cheap store, builders."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.builders import PASSPHRASE, a_revision, an_organisation

# The same examples in each run of `make test`, so that a change is judged by itself and slow machines are no fault;
# `make test-all` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile(os.environ.get("DPO_EXAMPLES", "same"))

CHEAP = KdfCost(3, 64 * 1024, 4)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make keys at the floor of the allowed cost: tests open many stores."""
    monkeypatch.setattr("dpo_app.store.keys.crypto.calibrated_cost", lambda: CHEAP)


@pytest.fixture
def opened(tmp_path: Path, cheap: None) -> Iterator[vault.OpenStore]:
    """An open store with both ways in used once."""
    store, lines = vault.create(tmp_path / "test.dpo", "Esimerkki Oy", PASSPHRASE)
    vault.confirm_recovery(store, {1: lines[1], 4: lines[4]})
    yield store
    store.close()


@pytest.fixture
def desk(opened: vault.OpenStore) -> Desk:
    """The desk of an open store with an organisation."""
    made = bootstrap.build(opened, "Tester")
    save_organisation(made, an_organisation())
    return bootstrap.build(opened, "Tester")


@pytest.fixture
def breach_id(desk: Desk) -> BreachId:
    """A breach with two windows."""
    return add_breach(desk, a_revision()).breach_id


@pytest.fixture
def settings_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, data and logs in a folder of the test."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "home"


def bring_in(desk: Desk, breach_id: BreachId, path: Path) -> int:
    """Import and accept a file; returns the new persons."""
    staged = stage_import(desk, breach_id, path)
    return accept_import(desk, staged.import_id).new


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Fail on a window that still stands, a thread that still runs or logging switched off: leaks crash later, far from their cause.

    Set up before every other fixture, so it looks after all of them have cleaned up.
    """
    threads = set(threading.enumerate())
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and (app := widgets.QApplication.instance()) is not None:
        windows = [f"{type(each).__name__} {each.objectName()}" for each in app.topLevelWidgets() if each.isVisible()]
        assert not windows
    assert not logging.getLogger("dpo_app").disabled and logging.getLogger("dpo_app").propagate
    assert logging.root.manager.disable == logging.NOTSET
    for thread in set(threading.enumerate()) - threads:
        if not thread.daemon:
            thread.join(5)
            assert not thread.is_alive(), thread.name
