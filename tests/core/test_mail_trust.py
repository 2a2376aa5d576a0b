"""SPF, DKIM, DMARC and a receiver's judgement, from texts alone."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from dpo_app.core.mail.mail_trust import (
    Pasted,
    check_dkim,
    check_dmarc,
    check_headers,
    check_sender,
    check_spf,
    pasted_records,
)
from dpo_app.messages.mail_trust import FINDINGS, finding_words

DOMAIN, SERVER = "example.com", "192.0.2.10"


class Zone(Pasted):
    """Records with addresses and mail servers."""

    def __init__(self, texts: dict[str, list[str]], hosts: dict[str, list[str]], mx: dict[str, list[str]]) -> None:
        super().__init__(texts)
        self._hosts, self._mx = hosts, mx

    def addresses(self, name: str) -> list[str]:
        return self._hosts.get(name, [])

    def exchangers(self, name: str) -> list[str]:
        return self._mx.get(name, [])


def spf(record: str, address: str = SERVER, **more: str) -> list[str]:
    texts = {DOMAIN: [record, "google-site-verification=x"]} | {f"{k}.example.net": [v] for k, v in more.items()}
    zone = Zone(
        texts, {"mail.example.com": [SERVER], "a.example.net": ["198.51.100.7"]}, {DOMAIN: ["mail.example.com"]}
    )
    return [finding.code for finding in check_spf(DOMAIN, zone, [address])]


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", ["spf_pass"]), ("v=spf1 ip4:192.0.2.11 -all", ["spf_fail"]),
        ("v=spf1 mx ~all", ["spf_pass"]), ("v=spf1 a:mail.example.com -all", ["spf_pass"]),
        ("v=spf1 a:a.example.net/8 -all", ["spf_fail"]), ("v=spf1 ~all", ["spf_softfail"]), ("v=spf1 ?all", ["spf_neutral"]),
        ("v=spf1", ["spf_neutral"]), ("v=spf1 +all", ["spf_open", "spf_pass"]), ("v=spf1 include:_x.example.net -all", ["spf_fail"]),
        ("v=spf1 redirect=_y.example.net", ["spf_neutral"]), ("v=spf10 -all", ["spf_none"]), ("V=SPF1 MX -ALL", ["spf_pass"]),
        ("v=spf1 -ip4:192.0.2.10 +all", ["spf_open", "spf_fail"]), ("v=spf1 ip6:2001:db8::/32 ip4:nonsense -all", ["spf_fail"]),
    ],
)  # fmt: skip
def test_spf(record: str, codes: list[str]) -> None:
    found = spf(record, _x="v=spf1 ip4:192.0.2.9 -all", _y="v=spf1 ?all")
    assert found == codes


def test_spf_by_include_redirect_and_too_many_look_ups() -> None:
    assert spf("v=spf1 include:_x.example.net -all", _x="v=spf1 ip4:192.0.2.10 -all") == ["spf_pass"]
    assert spf("v=spf1 redirect=_x.example.net", _x="v=spf1 ip4:192.0.2.10 -all") == ["spf_pass"]
    many = "v=spf1 " + " ".join(f"include:n{n}.example.net" for n in range(12)) + " -all"
    assert spf(many)[0] == "spf_lookups"
    loop = Zone({DOMAIN: [f"v=spf1 include:{DOMAIN} -all"]}, {}, {})
    assert "spf_lookups" in [f.code for f in check_spf(DOMAIN, loop, [SERVER])]
    two = Pasted({DOMAIN: ["v=spf1 -all", "v=spf1 mx -all"]})
    assert [f.code for f in check_spf(DOMAIN, two, [SERVER])] == ["spf_many"]
    assert [f.code for f in check_spf(DOMAIN, Pasted({DOMAIN: ["v=spf1 -all"]}), [])] == ["spf_server_unknown"]


def a_key(bits: int) -> str:
    public = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (f"v=DKIM1; k=rsa; p={a_key(2048)}", ["dkim_good"]), (f"v=DKIM1; p={a_key(1024)}", ["dkim_weak"]),
        ("v=DKIM1; p=", ["dkim_revoked"]), ("v=DKIM1; p=!!!", ["dkim_broken"]), ("v=DKIM1; k=rsa", ["dkim_none"]),
        (f"v=DKIM1; t=y:s; p={a_key(2048)}", ["dkim_testing", "dkim_good"]),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", ["dkim_good"]),
    ],
    ids=["2048", "1024", "revoked", "broken", "none", "testing", "ed25519"],
)  # fmt: skip
def test_dkim(record: str, codes: list[str]) -> None:
    found = check_dkim(DOMAIN, "s1", Pasted({f"s1._domainkey.{DOMAIN}": [record]}))
    assert [each.code for each in found] == codes
    assert dict(found[-1].facts).get("bits") in (None, "2048", "1024", "256")


@pytest.mark.parametrize(
    ("domain", "record", "codes"),
    [
        (DOMAIN, "v=DMARC1; p=reject; rua=mailto:x@example.com", ["dmarc_good"]),
        (DOMAIN, "v=DMARC1; p=none", ["dmarc_only_watches"]), (DOMAIN, "v=DMARC1; p=maybe", ["dmarc_broken"]),
        (DOMAIN, "v=DMARC1; p=quarantine; adkim=s", ["dmarc_good", "dmarc_strict"]),
        ("mail.example.com", "v=DMARC1; p=reject; sp=none", ["dmarc_only_watches"]),
        ("mail.example.com", "v=DMARC1; p=reject", ["dmarc_good"]), ("other.example", "v=DMARC1; p=reject", ["dmarc_none"]),
    ],
)  # fmt: skip
def test_dmarc(domain: str, record: str, codes: list[str]) -> None:
    assert [f.code for f in check_dmarc(domain, Pasted({f"_dmarc.{DOMAIN}": [record]}))] == codes


HEADERS = """Received: from mail.example.com
Authentication-Results: mx.provider.example;
       dkim=pass header.i=@example.com header.s=s1 header.b=abc;
       spf=softfail (provider.example: transitioning spf=pass in words) smtp.mailfrom=example.com;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com
Authentication-Results: forged.example; spf=pass dkim=pass dmarc=pass
Subject: x
"""


def test_the_judgement_of_a_receiver() -> None:
    found = {
        dict(each.facts)["what"]: (dict(each.facts)["result"], each.level.value) for each in check_headers(HEADERS)
    }
    assert found == {"SPF": ("softfail", "warn"), "DKIM": ("pass", "good"), "DMARC": ("pass", "good")}
    assert [each.code for each in check_headers("Subject: x\n")] == ["seed_no_results"]
    missing = check_headers("Authentication-Results: mx; dkim=fail\n")
    assert [(dict(f.facts)["result"], f.level.value) for f in missing] == [
        ("none", "warn"), ("fail", "bad"), ("none", "bad"),
    ]  # fmt: skip


def test_records_as_officers_paste_them() -> None:
    pasted = pasted_records(
        'example.com. 3600 IN TXT "v=spf1 " "ip4:192.0.2.10 -all"\n_dmarc.example.com v=DMARC1; p=reject\n\n'
        's1._domainkey.example.com TXT "v=DKIM1; k=rsa; p=' + a_key(2048) + '"\nnonsense\n'
    )  # fmt: skip
    found = check_sender(DOMAIN, ["s1"], pasted, addresses=[SERVER])
    assert [each.code for each in found] == ["spf_pass", "dkim_good", "dmarc_good"]
    assert [f.code for f in check_sender(DOMAIN, [], pasted)] == [
        "spf_server_unknown",
        "dkim_no_selector",
        "dmarc_good",
    ]


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_is_pasted_gives_findings_with_words(text: str) -> None:
    pasted = Pasted({name: [text] for name in (DOMAIN, f"_dmarc.{DOMAIN}", f"s._domainkey.{DOMAIN}")})
    for each in (*check_sender(DOMAIN, ["s"], pasted, addresses=[SERVER]), *check_headers(text)):
        assert finding_words(each)[0]
    pasted_records(text)


def test_every_finding_has_its_facts() -> None:
    seen = {
        "domain": "d",
        "count": "2",
        "address": "a",
        "name": "n",
        "bits": "1",
        "policy": "p",
        "what": "w",
        "result": "r",
    }
    for sentence in FINDINGS.values():
        for part in sentence:
            assert "{" not in part.format(**seen)
