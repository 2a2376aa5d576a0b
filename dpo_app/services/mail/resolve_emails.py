"""E-mails whose outcome nobody knows: resolved by the officer one by one or all at once, or by the server's own log.

Nothing happens by itself. Counted as sent, sent again (the same text under the same id, a new try, with a reason), or
left to a letter. A log that names a message as sent settles it; a log that does not name it proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dpo_app.core.delivery import DeliveryEvent, DeliveryState, Resolution, moved
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, grouped, plain_code
from dpo_app.core.mail.postfix_log import LogResult, read_postfix_log
from dpo_app.core.mail.return_path import codes_in, token_of
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic

_EVENT = {
    Resolution.SENT: DeliveryEvent.COUNTED_AS_SENT,
    Resolution.AGAIN: DeliveryEvent.SENT_AGAIN,
    Resolution.LETTER: DeliveryEvent.LETTER_INSTEAD,
}
ALL_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class LogFindings:
    """What a server's log told: messages of ours in it, unknown ones settled by it, and of these how many bounced."""

    lines: int
    ours: int
    settled: int
    refused: int
    changes: Changes


def resolve_emails(
    desk: Desk, breach_id: BreachId, how: Resolution, reason: str = "", codes: Sequence[str] | None = None
) -> tuple[int, Changes]:
    """Resolve unknown outcomes: those with the codes on their messages, or all of the breach (None). A letter may also
    be chosen for those that are held. Sending again needs a reason; then the run goes on with them.

    Raises InputError("reason_needed"), InputError("no_such_code"), RuleError("not_unknown").
    """
    if how is Resolution.AGAIN and not reason.strip():
        raise InputError("reason_needed")
    states = [DeliveryState.UNKNOWN] + ([DeliveryState.HELD] if how is Resolution.LETTER and codes else [])
    with desk.begin() as uow:
        lines = uow.queries.tried_lines(breach_id, states, limit=ALL_AT_ONCE)
        if codes is not None:
            by_token = {each.token: each for each in lines}
            wanted = [plain_code(code) for code in codes]
            for token in wanted:
                if token not in by_token:
                    known = uow.queries.tried_by_token(token)
                    if known is None:
                        raise InputError("no_such_code", given=grouped(token)[:14])
                    raise RuleError("not_unknown", given=grouped(token)[:14], state=known.state)
            lines = [by_token[token] for token in dict.fromkeys(wanted)]
        now = desk.clock.now()
        for state in states:
            ids = [each.delivery_id for each in lines if each.state == state.value]
            to = moved(state, _EVENT[how])
            if ids and to is not None:
                uow.deliveries.move_ones(ids, to, "unclear" if how is Resolution.LETTER else "decided", now, desk.actor)
        if how is Resolution.AGAIN:
            for batch_id in uow.queries.batches_of([each.delivery_id for each in lines]):
                uow.sending.set_run(batch_id, "sending", {})
        if lines:
            facts = {"emails": len(lines), "as": how.value}
            subjects = (uow.queries.breach_uid(breach_id),)
            uow.audit.record(AuditAction.EMAILS_RESOLVED, subjects=subjects, facts=facts, remarks={"reason": reason})
            uow.commit()
    return len(lines), Changes.of(breach_id, Topic.DELIVERIES, Topic.PERSONS)


def read_server_log(desk: Desk, breach_id: BreachId, lines: Iterable[str]) -> LogFindings:
    """Settle unknown outcomes by the mail server's log (Postfix): taken into its queue under our signed Message-ID means
    that the server has the message. What became of it after that is a matter of delivery reports."""
    known = read_postfix_log(lines)
    by_token: dict[str, LogResult] = {}
    for message_id, result in known.results.items():
        for code in codes_in(message_id):
            token = token_of(code, desk.token_key)
            if token is not None:
                by_token[token] = result
    with desk.begin() as uow:
        states = uow.queries.states_of_tokens(list(by_token))
        ours = {token: found for token, found in states.items() if found[1] == breach_id}
        unknown = {token: number for token, (number, _b, state) in ours.items() if state == DeliveryState.UNKNOWN.value}
        now = desk.clock.now()
        refused = [number for token, number in unknown.items() if by_token[token] is LogResult.BOUNCED]
        taken = [number for token, number in unknown.items() if by_token[token] is not LogResult.BOUNCED]
        for ids, event in ((taken, DeliveryEvent.COUNTED_AS_SENT), (refused, DeliveryEvent.REPORTED_FAILED)):
            to = moved(DeliveryState.UNKNOWN, event)
            if ids and to is not None:
                uow.deliveries.move_ones(ids, to, "server_log", now, desk.actor)
        uow.audit.record(
            AuditAction.SERVER_LOG_READ,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"lines": known.lines, "ours": len(ours), "settled": len(unknown)},
        )
        uow.commit()
    changes = Changes.of(breach_id, Topic.DELIVERIES)
    return LogFindings(known.lines, len(ours), len(unknown), len(refused), changes)
