"""The trail for somebody else: entries, heads and a verifier that needs neither the program nor a key."""

from __future__ import annotations

import io
import json
import zipfile

from dpo_app.core.proof.audit import FORMAT, AuditAction, genesis
from dpo_app.files import MEGABYTE, read_limited
from dpo_app.paths import resources
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Progress

VERIFIER = "verify_bundle.py"
#: A zip holds no time before this day; the same trail gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STEP = 2_000


def export_bundle(desk: Desk, progress: Progress = SILENT) -> bytes:
    """Return the whole trail as a zip: `trail.jsonl` (canonical bytes, one entry a line), `heads.txt` (the head after
    each), `bundle.json` (format, store, entries, head) and the verifier.

    The export becomes an entry of the trail after the head in the bundle. Entries name actors, never persons of a
    register. A trail that does not hold is exported as it is: the verifier says so.
    """
    lines, heads = io.BytesIO(), io.StringIO()
    head, count = genesis(desk.store_id).hex(), 0
    with desk.read() as queries:
        total = queries.trail.count()
        for entry in queries.trail.stream():
            if count % _STEP == 0:
                progress.step(count, total)
            head, count = entry.head.hex(), count + 1
            lines.write(entry.canonical + b"\n")
            heads.write(head + "\n")
    about = {"format": FORMAT, "store": desk.store_id, "entries": count, "head": head}
    data = _zipped(
        {
            "bundle.json": json.dumps(about, sort_keys=True, indent=1).encode() + b"\n",
            "heads.txt": heads.getvalue().encode(),
            "trail.jsonl": lines.getvalue(),
            VERIFIER: read_limited(resources() / "audit" / VERIFIER, MEGABYTE),
        }
    )
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(AuditAction.BUNDLE_EXPORTED, facts={"entries": count, "head": head})
            uow.commit()
    return data


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(info, data)
    return out.getvalue()
