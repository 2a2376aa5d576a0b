"""Keys: the only importer of `cryptography`, `argon2` and `secrets` (security.md sections 3 and 9).

Decision: the root key is random and never changes with a passphrase; each way to unlock wraps it in a slot of the key
file. Everything else is derived from it by HKDF with a fixed label and the store's id, so that no key serves two ends.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from argon2.low_level import Type, hash_secret_raw
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12

from dpo_app.core.errors import InputError, StoreError
from dpo_app.core.ids import CODE_ALPHABET

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SALT_BYTES = 16
KIB_PER_MIB = 1024
LEAST_SEAL_BITS = 2_048

FLOOR = (3, 64 * KIB_PER_MIB, 4)
CEILING = (20, 4096 * KIB_PER_MIB, 16)
#: How long deriving the key should take on this computer when a slot is made.
TARGET_SECONDS = 0.5


@dataclass(frozen=True)
class KdfCost:
    """Argon2id: passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 256 * KIB_PER_MIB
    lanes: int = 4

    def check(self) -> None:
        """Refuse parameters outside floor and ceiling before any work: a forged key file must not weaken a
        passphrase nor eat the memory. Raises StoreError("key_file_damaged")."""
        own = (self.passes, self.memory_kib, self.lanes)
        if any(o < f or o > c for o, f, c in zip(own, FLOOR, CEILING, strict=True)):
            raise StoreError("key_file_damaged", part="kdf")


@dataclass(frozen=True)
class Subkeys:
    """What the root key is used for; one key each."""

    store: bytes = field(repr=False)
    audit_mac: bytes = field(repr=False)
    anchor_mac: bytes = field(repr=False)
    tokens: bytes = field(repr=False)
    backup: bytes = field(repr=False)


def random_bytes(count: int) -> bytes:
    """Return random bytes from the system."""
    return secrets.token_bytes(count)


def random_code(length: int) -> str:
    """Return random signs of the code alphabet."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def random_choice(items: tuple[str, ...]) -> str:
    """Return one of `items`."""
    return secrets.choice(items)


def derive(root: bytes, store_id: bytes) -> Subkeys:
    """Return the subkeys of a root key (HKDF-SHA256, RFC 5869; salt = store id, info = fixed label)."""

    def one(label: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=store_id, info=b"dpo-desk/1/" + label).derive(root)

    return Subkeys(one(b"store"), one(b"audit-mac"), one(b"anchor-mac"), one(b"tokens"), one(b"backup"))


def stretch(secret: bytes, salt: bytes, cost: KdfCost) -> bytes:
    """Return the wrapping key of a passphrase: Argon2id (RFC 9106), 32 bytes."""
    cost.check()
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def calibrated_cost() -> KdfCost:
    """Return a cost that takes about half a second here and never less than the default."""
    cost = KdfCost()
    while True:
        started = time.perf_counter()
        stretch(b"measure", b"\x00" * SALT_BYTES, cost)
        if time.perf_counter() - started >= TARGET_SECONDS or cost.passes >= 12:
            return cost
        cost = KdfCost(cost.passes + 1, cost.memory_kib, cost.lanes)


def wrap(key: bytes, secret: bytes, header: bytes) -> bytes:
    """Return nonce and ciphertext of `secret` under `key`, bound to `header` (ChaCha20-Poly1305, RFC 8439)."""
    nonce = random_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, secret, header)


def unwrap(key: bytes, wrapped: bytes, header: bytes) -> bytes | None:
    """Return the secret, or None if key or header are not the ones it was wrapped under."""
    try:
        return ChaCha20Poly1305(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], header)
    except InvalidTag:
        return None


class SealCertificate(NamedTuple):
    """What a certificate for signing e-mail says of itself: addresses it is made for, issuer, days it is valid."""

    addresses: tuple[str, ...]
    issuer: str
    valid_from: datetime
    valid_until: datetime


class MailSeal:
    """The organisation's certificate with its key, out of a PKCS#12 file: `services.ports.mail.MailSeal`.

    Only RSA: its signatures (PKCS#1 v1.5) of the same bytes are the same, so that a message made again is the same.
    For that the signed attributes of CMS, a time among them, are left out too (RFC 5652, 5.3: they are optional).
    """

    def __init__(self, data: bytes, password: str) -> None:
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
        except (ValueError, TypeError):
            raise InputError("smime_unreadable") from None
        if certificate is None or key is None:
            raise InputError("smime_unreadable")
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_SEAL_BITS:
            raise InputError("smime_key_kind")
        self._key, self._certificate, self._others = key, certificate, tuple(others)

    @property
    def facts(self) -> SealCertificate:
        """Return what the certificate says of itself."""
        found = self._certificate
        try:
            alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            addresses = alternative.get_values_for_type(x509.RFC822Name)
        except x509.ExtensionNotFound:
            addresses = []
        named = [str(each.value) for each in found.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)]
        return SealCertificate(
            tuple(dict.fromkeys(each.lower() for each in (*addresses, *named))), found.issuer.rfc4514_string(),
            found.not_valid_before_utc, found.not_valid_after_utc,
        )  # fmt: skip

    def signature(self, entity: bytes) -> bytes:
        """Return the detached CMS signature (RFC 5652) over exactly these bytes, DER."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(entity).add_signer(self._certificate, self._key, SHA256())
        for each in self._others:
            builder = builder.add_certificate(each)
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]
        return builder.sign(Encoding.DER, options)
