"""One message to oneself before the first run: made as all others, and nobody's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import idna
import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId
from dpo_app.core.letters.letter import token_ok
from dpo_app.core.mail.mail_account import MailAccount, Protection
from dpo_app.core.mail.mail_server import Security
from dpo_app.core.mail.trial import TrialResult
from dpo_app.core.proof.audit import AuditAction
from dpo_app.dispatch.smtp import Times
from dpo_app.messages.trial import RESULTS, trial_words
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.mail.arm_breach import disarm_breach
from dpo_app.services.mail.email_run import plan_to_send
from dpo_app.services.mail.read_mailbox import save_mail_account
from dpo_app.services.mail.read_returned import read_returned
from dpo_app.services.mail.trial_message import look_for_trial, send_trial, trial_terms
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.builders import a_revision, an_organisation
from tests.dispatch.bounce_kit import a_bounce
from tests.dispatch.imap_server import PASSWORD, USER, imap_server
from tests.dispatch.kit import certified, quick, ready_to_send, server_at, standing
from tests.dispatch.servers import Plan, serving

OWN = "tietosuoja@example.com"


@pytest.fixture
def ready(desk: Desk, tmp_path: Path) -> BreachId:
    ready = ready_to_send(desk, tmp_path, 3)
    disarm_breach(desk, ready)
    return ready


def _entries(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    with desk.read() as queries:
        return [
            (line.action, dict(line.facts)) for line in queries.trail.lines(actions=[AuditAction.TRIAL_SENT], limit=50)
        ]


def test_one_message_leaves_for_a_made_up_person_and_nobody_moves(desk: Desk, ready: BreachId) -> None:
    before = standing(desk, ready)
    with serving() as server:
        found = send_trial(quick(desk), ready, f" {OWN} ", server=server_at(server))
    assert (found.result, found.language, found.draft) == (TrialResult.TAKEN, "fi", False)
    assert server.recipients() == [OWN]
    (kept,) = server.kept
    assert kept.message["To"].addresses[0].display_name == "Aino Korhonen"
    assert kept.message["Message-ID"] == found.message_id and "Aino" in kept.message.get_body(("plain",)).get_content()
    token = kept.message["X-Notice-Ref"]
    assert token_ok(token, ready), "it looks like a code of this breach"
    with desk.read() as queries:
        assert queries.states_of_tokens([token]) == {} and queries.tried_by_token(token) is None, "and is nobody's"
        assert queries.batches(ready) == [] and not queries.open_runs(ready)
    assert standing(desk, ready) == before and plan_to_send(desk, ready).planned == 3
    assert [each for _action, each in _entries(desk)] == [
        {"notice": 1, "language": "fi", "server": found.server, "result": "taken"}
    ]
    assert OWN not in repr(_entries(desk))
    back = read_returned(desk, [a_bounce(kept.sender, number=1)], "file")
    assert (back.bounced, standing(desk, ready)) == (0, before), "a report about it changes nothing"


def test_no_person_of_the_breach_gets_a_trial(desk: Desk, ready: BreachId) -> None:
    with serving() as server:
        for address in ("aino2@example.com", "AINO2@Example.COM", " aino2@example.com"):
            with pytest.raises(RuleError, match="trial_to_person"):
                send_trial(quick(desk), ready, address, server=server_at(server))
        for address in (
            "",
            "office",
            "a@example.com,b@example.com",
            "ääni@example.com",
            "a@example.com\r\nBcc: b@example.com",
        ):
            with pytest.raises(InputError, match="trial_address"):
                send_trial(quick(desk), ready, address, server=server_at(server))
        with pytest.raises(RuleError, match="trial_language"):
            send_trial(quick(desk), ready, OWN, "de", server_at(server))
        with pytest.raises(InputError, match="no_mail_server_set"):
            send_trial(quick(desk), ready, OWN)
        with pytest.raises(RuleError, match="trial_read_only"):
            send_trial(replace(quick(desk), read_only=True), ready, OWN, server=server_at(server))
        assert not server.commands
    assert _entries(desk) == []


def test_a_person_is_known_by_either_form_of_the_domain(desk: Desk, tmp_path: Path) -> None:
    domain = "esimerkkiä.example"
    ready = ready_to_send(desk, tmp_path, 1, **{"Sähköposti": f"aino@{domain}"})
    with serving() as server:
        for address in (f"aino@{domain}", f"aino@{idna.encode(domain).decode()}", f"Aino@{domain.upper()}"):
            with pytest.raises(RuleError, match="trial_to_person"):
                send_trial(quick(desk), ready, address, server=server_at(server))
        assert not server.commands


def test_before_there_is_an_approved_notice_the_draft_is_tried(desk: Desk) -> None:
    save_organisation(desk, an_organisation(web_page=""))
    breach_id = add_breach(desk, a_revision()).breach_id
    with serving() as server:
        with pytest.raises(RuleError, match="trial_no_notice"):
            send_trial(quick(desk), breach_id, OWN, server=server_at(server))
        draft_notice(desk, breach_id)
        with desk.read() as queries:
            terms = trial_terms(queries, breach_id)
        assert terms.draft and terms.address == OWN and not terms.mailbox
        for language in terms.languages:
            found = send_trial(quick(desk), breach_id, OWN, language, server_at(server))
            assert (found.result, found.draft, found.language) == (TrialResult.TAKEN, True, language)
    assert [each.message["Content-Language"] for each in server.kept] == list(terms.languages)
    assert len({each.message["Message-ID"] for each in server.kept}) == len(terms.languages)


@pytest.mark.parametrize(("plan", "answers", "result"), [
    (Plan(), [b"550 5.7.1 <tietosuoja@example.com> not wanted"], TrialResult.REFUSED),
    (Plan(), [b"rcpt 450 4.2.0 greylisted"], TrialResult.LATER),
    (Plan("dot", "drop"), [], TrialResult.UNANSWERED),
    (Plan("mail", "drop"), [], TrialResult.LOST),
    (Plan("greeting", "drop"), [], TrialResult.UNREACHABLE),
])  # fmt: skip
def test_what_the_server_makes_of_it_is_said(
    desk: Desk, ready: BreachId, plan: Plan, answers: list[bytes], result: TrialResult
) -> None:
    with serving(plan, answers={"tietosuoja": answers} if answers else None) as server:
        found = send_trial(quick(desk), ready, OWN, server=server_at(server))
    assert found.result is result and OWN not in found.said
    assert _entries(desk)[0][1]["result"] == result.value
    words = trial_words(found.result, found.said)
    assert words.startswith(RESULTS[result].what) and (not found.said or found.said in words)


def test_a_certificate_that_is_not_right_gets_no_message(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    wrong = certified(tmp_path, "mail.example.com")
    with serving(context=wrong.context, implicit=True) as server:
        profile = server_at(server, security=Security.TLS, authority=wrong.authority)
        assert (
            send_trial(quick(desk, Times(2, 2, 2, 2, 2, 2)), ready, OWN, server=profile).result
            is TrialResult.CERTIFICATE
        )
    assert not server.kept


def test_it_is_looked_for_in_the_mailbox_and_its_receiver_heard(desk: Desk, ready: BreachId) -> None:
    with pytest.raises(RuleError, match="no_trial"):
        look_for_trial(desk, ready)
    with serving() as server:
        send_trial(quick(desk), ready, OWN, server=server_at(server))
    with pytest.raises(InputError, match="trial_no_mailbox"):
        look_for_trial(desk, ready)
    judged = (
        b"Authentication-Results: mx.example.com; spf=pass; dkim=fail (bad key); dmarc=pass\r\n" + server.kept[0].data
    )
    with imap_server([b"Message-ID: <other@example.com>\r\n\r\nother"]) as box:
        save_mail_account(desk, MailAccount("127.0.0.1", box.port, Protection.PLAIN, USER, PASSWORD))
        seen = look_for_trial(desk, ready)
        assert not seen.arrived and seen.findings == ()
        box.folders["INBOX"].append(judged)
        seen = look_for_trial(desk, ready)
        assert seen.arrived and box.flags == []
        assert [dict(each.facts)["result"] for each in seen.findings] == ["pass", "fail", "pass"]
        assert set(box.commands) & {"SELECT", "UID STORE", "APPEND"} == set(), "only looking"
