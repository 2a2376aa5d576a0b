"""E-mails: the mail server, arming, sending, unknown outcomes; and e-mails as files for those who send elsewhere."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.delivery import DeliveryState, Resolution
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, grouped
from dpo_app.core.mail.mail_server import MailServer, SignIn, server_from_url
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.sending_hours import HoursGate, hours_as_text, hours_from_text
from dpo_app.files import read_limited
from dpo_app.messages import explain_pause
from dpo_app.messages.rehearsal import why_left_out
from dpo_app.services.mail.arm_breach import arm_breach, disarm_breach
from dpo_app.services.mail.email_run import plan_to_send, release_held, send_emails, stop_run
from dpo_app.services.mail.export_emails import confirm_sent, count_emails, export_emails
from dpo_app.services.mail.mail_settings import (
    forget_mail_server,
    mail_server,
    renew_token,
    save_mail_server,
    try_mail_server,
)
from dpo_app.services.mail.rehearse import Rehearsal, rehearse_emails
from dpo_app.services.mail.resolve_emails import read_server_log, resolve_emails
from dpo_app.services.mail.run_terms import RunRules
from dpo_app.services.mail.sending_watch import RunControl

MOST_LOG_BYTES = 2 * 1024**3
NOTHING = {"accepted": 0, "rejected": 0, "deferred": 0, "unknown": 0}
#: A run from the command line that was confirmed by its number is armed for so long at most.
ARMED_BY_NUMBER = timedelta(hours=24)


@click.group()
def email() -> None:
    """E-mails: server, arming, sending, and what became of them."""


# ---- the server ------------------------------------------------------------------------------------------------


@email.group()
def server() -> None:
    """The organisation's mail server, kept in the store with its password."""


@server.command("set")
@click.argument("url")
@click.option("--user", default="", help="User name at the server.")
@click.option("--password-file", type=click.Path(path_type=Path), help="File whose first line is the password.")
@click.option("--oauth-file", type=click.Path(path_type=Path), help="File whose first line is an OAuth access token.")
@click.option("--authority", type=click.Path(path_type=Path), help="PEM file of a certificate authority of your own.")
@click.option("--connections", type=int, default=3, show_default=True)
@click.option("--per-minute", type=int, default=0)
@click.option("--per-hour", type=int, default=0)
@click.option("--per-day", type=int, default=0)
@click.option(
    "--hours", default="always", show_default=True, help="When messages go out: 08-20, or mon-fri 08:00-17:30."
)
@click.option("--return-mailbox", default="", help="Where reports come back; else the organisation's address.")
@click.option("--plain-return", is_flag=True, help="No signed code in the return address.")
@click.pass_obj
def server_set(
    session: Session, url: str, user: str, password_file: Path | None, oauth_file: Path | None, authority: Path | None,
    connections: int, per_minute: int, per_hour: int, per_day: int, hours: str, return_mailbox: str, plain_return: bool,
) -> None:  # fmt: skip
    """Set the server: smtps://HOST, smtp+starttls://HOST, or smtp://localhost."""
    secret, sign_in = _first_line(password_file or oauth_file), SignIn.NONE
    if user or secret:
        sign_in = SignIn.OAUTH if oauth_file is not None else SignIn.PASSWORD
    base = MailServer(
        connections=connections, limits=Limits(per_minute, per_hour, per_day), return_mailbox=return_mailbox,
        signed_return=not plain_return, authority=read_limited(authority, 200_000).decode() if authority else "",
        user=user, secret=secret, sign_in=sign_in, hours=hours_from_text(hours),
    )  # fmt: skip
    made = server_from_url(url, base)
    with session.desk() as desk:
        save_mail_server(desk, made)
    session.say(_shown(made), f"{made.name}, {made.security.value}, signing in: {made.sign_in.value}")


@server.command("show")
@click.pass_obj
def server_show(session: Session) -> None:
    """Show the server; never its password."""
    with session.desk() as desk, desk.read() as queries:
        found = mail_server(queries)
    if found is None:
        raise InputError("no_mail_server_set")
    session.say(_shown(found), f"{found.name}, {found.security.value}, signing in: {found.sign_in.value}")


@server.command("token")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def server_token(session: Session, file: Path) -> None:
    """Put a new OAuth access token (the first line of FILE) in the place of an expired one; then send --resume."""
    with session.desk() as desk:
        renewed, _ = renew_token(desk, _first_line(file))
    session.say(_shown(renewed), f"{renewed.name} has a new token.")


@server.command("test")
@click.argument("url", required=False)
@click.pass_obj
def server_test(session: Session, url: str | None) -> None:
    """Open a line and sign in; nothing is sent."""
    with session.desk() as desk:
        with desk.read() as queries:
            kept = mail_server(queries)
        found = try_mail_server(desk, server_from_url(url, kept) if url else kept)
    until = found.valid_until.isoformat() if found.valid_until else ""
    session.say(
        {"server": found.name, "open": not found.problem, "protection": found.protection, "valid_until": until,
         "offers": list(found.offers), "problem": found.problem, "said": found.said},
        f"{found.name}: {found.problem or 'open'} {found.protection} {found.said}".strip(),
    )  # fmt: skip
    if found.problem:
        raise SystemExit(4)


@server.command("forget")
@click.pass_obj
def server_forget(session: Session) -> None:
    """Take the server and its password out of the store."""
    with session.desk() as desk:
        forget_mail_server(desk)
    session.say({"forgotten": True}, "The server is forgotten.")


def _shown(found: MailServer) -> dict[str, Any]:
    return {
        "server": found.name, "security": found.security.value, "sign_in": found.sign_in.value, "user": found.user,
        "connections": found.connections, "per_minute": found.limits.per_minute, "per_hour": found.limits.per_hour,
        "per_day": found.limits.per_day, "hours": hours_as_text(found.hours), "signed_return": found.signed_return, "return_mailbox": found.return_mailbox,
    }  # fmt: skip


def _first_line(path: Path | None) -> str:
    if path is None:
        return ""
    return read_limited(path, 100_000).decode("utf-8").split("\n")[0].rstrip("\r")


# ---- arming ----------------------------------------------------------------------------------------------------


@email.command()
@click.argument("which")
@click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]))
@click.option("--hours", type=click.IntRange(1, 24 * 31), default=24, show_default=True)
@click.option("--by", "who", default="", help="Who decided; else who works here.")
@click.pass_obj
def arm(session: Session, which: str, until: datetime | None, hours: int, who: str) -> None:
    """Let messages of a breach leave, until a time."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk:
        end = until.astimezone() if until is not None else desk.clock.now() + timedelta(hours=hours)
        given, _ = arm_breach(desk, number, end, who)
    session.say(
        {"armed_by": given.armed_by, "until": given.until.isoformat()},
        f"Armed by {given.armed_by} until {given.until.astimezone(desk.zone):%a %d %b %Y %H:%M}.",
    )


@email.command()
@click.argument("which")
@click.pass_obj
def disarm(session: Session, which: str) -> None:
    """Take the arming back; nothing leaves any more."""
    with session.desk() as desk:
        held, _ = disarm_breach(desk, reference(which, "B", "B1"))
    session.say({"held": held}, "Not armed any more." if held else "It was not armed.")


# ---- sending ---------------------------------------------------------------------------------------------------


@email.command()
@click.argument("which")
@click.option("--eml", type=click.Path(path_type=Path), help="Write files into this folder instead of sending.")
@click.option("--server", "url", default="", help="URL of the server; else the one in the store.")
@click.option(
    "--confirm",
    type=int,
    help="The number of e-mails, to send them; without it none is sent. The right number arms the breach for this run "
    "alone if it is not armed: an entry of the trail, taken back when the run ends.",
)
@click.option("--dry-run", "rehearse", is_flag=True, help="Make and check every e-mail; none is sent, nothing changes.")
@click.option("--resume", is_flag=True, help="Go on with runs that were confirmed before; nobody new is taken.")
@click.option(
    "--at", "starts_at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), help="Begin at this time."
)
@click.option("--wait", is_flag=True, help="Stay until deferred ones are settled, too.")
@click.option("--due-only", is_flag=True, help="Leave deferred ones whose time has not come.")
@click.option("--connections", type=int)
@click.option("--per-minute", type=int)
@click.option("--hours", help="Other hours than the server's for this run; always is any hour.")
@click.option("--limit", type=click.IntRange(1), help="At most so many now; with --confirm or --resume the rest waits.")
@click.pass_obj
def send(
    session: Session, which: str, eml: Path | None, url: str, confirm: int | None, rehearse: bool, resume: bool,
    starts_at: datetime | None, wait: bool, due_only: bool, connections: int | None, per_minute: int | None,
    hours: str | None, limit: int | None,
) -> None:  # fmt: skip
    """Send to everybody on the e-mail rung who is still open, or write one .eml for each.

    Without --confirm it only says how many it would be; --dry-run makes and checks every one of them.
    """
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk:
        if eml is not None:
            made = export_emails(desk, number, eml, limit, Meter("e-mails"))
            session.say(
                {"planned": made.planned, **NOTHING, "batch": made.reference, "folder": made.folder},
                f"{made.planned} e-mails written to {made.folder} under {eml}",
            )
            return
        chosen = _chosen_server(desk, url, connections, per_minute, hours)
        if rehearse:
            if confirm is not None or resume:
                raise click.UsageError("--dry-run sends nothing: leave out --confirm and --resume.")
            _rehearsed(session, rehearse_emails(desk, number, chosen, Meter("e-mails")))
            return
        if confirm is None and not resume:
            _dry_run(session, desk, number, chosen)
            return
        if chosen is None:
            raise InputError("no_mail_server_set")
        rules = RunRules(patience=(0.5, 2.0, 5.0), wait_for_deferred=wait, due_only=due_only or wait, most=limit)
        opens = HoursGate(chosen.hours, desk.zone).opens_at(desk.clock.now())
        if opens is not None:
            click.echo(
                f"Outside the hours of sending: the first goes out {_written(desk, opens)}. Ctrl+C pauses.", err=True
            )
        with _steered() as control, _armed_by_number(desk, number, confirm, chosen):
            end = send_emails(
                desk, number, chosen, confirm, control=control, rules=rules, progress=Meter("e-mails"),
                starts_at=starts_at.astimezone() if starts_at is not None else None,
            )  # fmt: skip
    _said(session, end)


def _chosen_server(
    desk: Any, url: str, connections: int | None, per_minute: int | None, hours: str | None
) -> MailServer | None:
    with desk.read() as queries:
        kept = mail_server(queries)
    chosen = server_from_url(url, kept) if url else kept
    if chosen is not None and connections is not None:
        chosen = replace(chosen, connections=connections)
    if chosen is not None and per_minute is not None:
        most = kept.limits.per_minute if kept is not None and kept.host == chosen.host else 0
        if most and not 0 < per_minute <= most:
            raise click.UsageError(
                f"--per-minute {per_minute} is above the limit of {most} that is kept with the server; "
                "to raise that, set the server anew."
            )
        chosen = replace(chosen, limits=replace(chosen.limits, per_minute=per_minute))
    if chosen is not None and hours is not None:
        chosen = replace(chosen, hours=hours_from_text(hours))
    return chosen


def _dry_run(session: Session, desk: Any, number: BreachId, chosen: MailServer | None) -> None:
    if chosen is None:
        planned = count_emails(desk, number)
        session.say({"planned": planned, **NOTHING}, f"{planned} e-mails would be written.")
        return
    plan = plan_to_send(desk, number, chosen)
    session.say(
        {"planned": plan.planned, **NOTHING, "new": plan.new, "waiting": plan.waiting, "seconds": round(plan.seconds),
         "hours": hours_as_text(chosen.hours), "opens_at": _written(desk, plan.opens_at), "ends_at": _written(desk, plan.ends_at)},
        f"{plan.planned} e-mails would be sent by {chosen.name}, in {round(plan.seconds / 60)} minutes at least. "
        f"To send them: --confirm {plan.planned}",
        *([f"Outside its hours now: the first goes out {_written(desk, plan.opens_at)}."] if plan.opens_at else []),
    )  # fmt: skip


def _rehearsed(session: Session, found: Rehearsal) -> None:
    """Say what a rehearsal found: 1 if a message does not say what the ledger says, 4 if some cannot be sent."""
    named = [
        {"person": each.code, "reason": each.reason, "why": why_left_out(each.reason, each.wrong), "wrong": each.wrong}
        for each in found.named
    ]
    session.say(
        {"planned": found.planned, **NOTHING, "made": found.made, "wrong": found.wrong, "left_out": dict(found.reasons),
         "languages": dict(found.languages), "texts": len(found.texts), "bytes": found.total_bytes,
         "smallest": found.smallest, "largest": found.largest, "persons": named},
        f"{found.made} of {found.planned} e-mails are right, {found.left_out} cannot be sent, {found.wrong} are wrong. "
        f"{len(found.texts)} texts, {found.largest} bytes at most. Nothing was sent.",
        *(f"  {grouped(each.code)}: {why_left_out(each.reason, each.wrong)}" for each in found.named),
    )  # fmt: skip
    if found.made != found.planned:
        raise SystemExit(1 if found.wrong else 4)


def _written(desk: Any, at: datetime | None) -> str:
    """Return an instant in the organisation's zone."""
    return at.astimezone(desk.zone).isoformat(timespec="minutes") if at is not None else ""


@contextmanager
def _steered() -> Iterator[RunControl]:
    """Ctrl+C and a request to end pause the run after the messages in hand; a second one ends it at once."""
    control = RunControl()

    def ask(_number: int, _frame: Any) -> None:
        if control.paused:
            raise KeyboardInterrupt
        control.pause("officer")

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield control
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _armed_by_number(desk: Any, number: BreachId, confirm: int | None, chosen: MailServer) -> Iterator[None]:
    """Arm a breach for this run alone if it is not armed: whoever types the right number on the command line has named
    what leaves and when. The arming is an entry of the trail and ends with the run."""
    with desk.read() as queries:
        armed = queries.arming(number)
    now = desk.clock.now()
    if (
        confirm is None
        or (armed is not None and armed.holds(now))
        or plan_to_send(desk, number, chosen).planned != confirm
    ):
        yield
        return
    arm_breach(desk, number, now + ARMED_BY_NUMBER)
    click.echo("Armed for this run.", err=True)
    try:
        yield
    finally:
        disarm_breach(desk, number)


def _said(session: Session, end: Any) -> None:
    counts = end.counts
    result = {"planned": end.planned, **{name: counts[name] for name in NOTHING}}
    result |= {"held": counts["held"], "waiting": counts["waiting"], "cancelled": counts["cancelled"]}
    result |= {"runs": list(end.runs), "paused": end.paused, "said": end.said}
    lines = [
        f"{counts['accepted']} of {end.planned} accepted; deferred {counts['deferred']}, refused {counts['rejected']}, "
        f"held {counts['held']}, unknown {counts['unknown']}, waiting {counts['waiting']}"
    ]
    if end.paused:
        lines.append(f"{explain_pause(end.paused)} {end.said}".strip())
    session.say(result, *lines)
    if end.paused == "officer":
        raise SystemExit(130)
    if counts["accepted"] != end.planned:
        raise SystemExit(4)


@email.command()
@click.argument("run")
@click.option("--reason", required=True)
@click.pass_obj
def stop(session: Session, run: str, reason: str) -> None:
    """End a paused run for good; whoever waits in it is open again."""
    with session.desk() as desk:
        persons, _ = stop_run(desk, reference(run, "L", "L1"), reason)
    session.say({"persons": persons}, f"{persons} persons are open again.")


@email.command()
@click.argument("run")
@click.option("--reason", required=True)
@click.pass_obj
def release(session: Session, run: str, reason: str) -> None:
    """Let held e-mails of a run wait again, once what held them is mended."""
    with session.desk() as desk:
        persons, _ = release_held(desk, reference(run, "L", "L1"), reason)
    session.say({"persons": persons}, f"{persons} e-mails wait again.")


# ---- outcomes --------------------------------------------------------------------------------------------------


@email.command()
@click.argument("which")
@click.argument("codes", nargs=-1)
@click.option("--as", "how", type=click.Choice([each.value for each in Resolution]))
@click.option("--all", "everyone", is_flag=True, help="All of the breach with unknown outcome.")
@click.option("--reason", default="")
@click.option("--log", type=click.Path(path_type=Path), help="The server's own log (Postfix mail.log).")
@click.pass_obj
def resolve(
    session: Session, which: str, codes: tuple[str, ...], how: str | None, everyone: bool, reason: str, log: Path | None
) -> None:
    """List e-mails with unknown outcome, or resolve them: by their codes, all of them, or by the server's log."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk:
        if log is not None:
            found = read_server_log(desk, number, _lines(log))
            session.say(
                {"lines": found.lines, "ours": found.ours, "settled": found.settled, "bounced": found.refused},
                f"{found.lines} lines, {found.ours} e-mails of ours, {found.settled} settled",
            )
            return
        if how is None:
            _list_unknown(session, desk, number)
            return
        if not codes and not everyone:
            raise InputError("how_to_resolve")
        count, _ = resolve_emails(desk, number, Resolution(how), reason, None if everyone else codes)
    session.say({"resolved": count, "as": how}, f"{count} e-mails resolved.")


def _list_unknown(session: Session, desk: Any, number: BreachId) -> None:
    with desk.read() as queries:
        lines = queries.tried_lines(number, [DeliveryState.UNKNOWN])
    shown = [
        {"code": grouped(each.token), "person": each.person_code, "at": each.at.isoformat(), "step": each.step}
        for each in lines
    ]
    session.say(
        {"unknown": len(shown), "emails": shown}, f"{len(shown)} with unknown outcome",
        *(f"  e-mail {each['code']} to person {grouped(each['person'])}, {each['at']}" for each in shown),
        *(["Resolve them by the code of the e-mail."] if shown else []),
    )  # fmt: skip


def _lines(path: Path) -> Iterator[str]:
    try:
        if path.stat().st_size > MOST_LOG_BYTES:
            raise InputError("file_too_big", file=path.name, limit_mb=MOST_LOG_BYTES // 1024**2)
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except FileNotFoundError:
        raise InputError("no_such_file", file=path.name) from None
    except OSError:
        raise InputError("cannot_read", file=path.name) from None


@email.command()
@click.argument("batch")
@click.option("--count", type=int, required=True, help="How many were sent: must be all of the export.")
@click.pass_obj
def sent(session: Session, batch: str, count: int) -> None:
    """Confirm that exported e-mails were sent by another program."""
    with session.desk() as desk:
        persons, _ = confirm_sent(desk, reference(batch, "L", "L1"), count)
    session.say({"persons": persons}, f"{persons} persons are told.")


COMMANDS = (email,)
