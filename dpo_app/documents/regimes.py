"""Rule packs from `resources/regimes/`. A pack with a fault is left out and named; the others work."""

from __future__ import annotations

import tomllib
from pathlib import Path

from dpo_app.core.clocks.regime import PackFault, Regime, RulePacks, regime_from_document


def load_packs(folder: Path) -> RulePacks:
    """Return every pack of a folder; never raises for what a file says."""
    regimes: list[Regime] = []
    faults: list[PackFault] = []
    for path in sorted(folder.glob("*.toml")):
        found = _load(path)
        if isinstance(found, PackFault):
            faults.append(found)
        elif any(found.id == other.id for other in regimes):
            faults.append(PackFault(path.name, "id", "twice", found.id))
        else:
            regimes.append(found)
    return RulePacks(tuple(regimes), tuple(faults))


def _load(path: Path) -> Regime | PackFault:
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        return PackFault(path.name, "", "not_toml", str(error).rpartition("(")[2].rstrip(")"))
    except (OSError, UnicodeDecodeError) as error:
        return PackFault(path.name, "", "not_read", type(error).__name__)
    return regime_from_document(path.name, document)
