"""Lists from which facts are chosen: the options of the authorities' forms as stored keys.

The EDPB's common template (version 2026-06-draft) gave the options; its field numbers stand beside each list. The words
live in `dpo_app.messages.fact_words`.
"""

from __future__ import annotations

from enum import StrEnum


class FactState(StrEnum):
    """How far a fact is known; a fact of which nothing was said has none of these and is *open*."""

    KNOWN = "known"
    ESTIMATED = "estimated"
    NOT_YET_KNOWN = "not_yet_known"
    NOT_APPLICABLE = "not_applicable"


class Answer(StrEnum):
    """Yes, no, or not known (yet)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Discovery(StrEnum):
    """Who found the breach (50)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    PERSON = "person"
    OUTSIDE = "outside"
    PRESS = "press"
    OTHER = "other"


class OccurrenceKind(StrEnum):
    """When it happened, as the form asks (44)."""

    ONE_DAY = "one_day"
    FROM_TO = "from_to"
    ONGOING = "ongoing"
    CANNOT_TELL = "cannot_tell"
    TO_BE_DETERMINED = "to_be_determined"


class Incident(StrEnum):
    """What kind of incident it was (60)."""

    STAFF_ABUSE = "staff_abuse"
    RANSOMWARE = "ransomware"
    HACKING = "hacking"
    PHISHING = "phishing"
    CREDENTIAL_STUFFING = "credential_stuffing"
    VULNERABILITY = "vulnerability"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    EXFILTRATION = "exfiltration"
    MIXED_UP_RECORDS = "mixed_up_records"
    LOST_DEVICE = "lost_device"
    E_WASTE = "e_waste"
    PAPER_DISPOSAL = "paper_disposal"
    MAIL_LOST = "mail_lost"
    MISCONFIGURATION = "misconfiguration"
    WRONG_ACCESS_RIGHTS = "wrong_access_rights"
    PAPER_LOST = "paper_lost"
    DELETED = "deleted"
    SHOWN_TO_WRONG_PERSON = "shown_to_wrong_person"
    SENT_BY_MISTAKE = "sent_by_mistake"
    OPEN_RECIPIENTS = "open_recipients"
    TECHNICAL_FAULT = "technical_fault"
    UNAUTHORISED_CHANGE = "unauthorised_change"
    UNINTENDED_PUBLICATION = "unintended_publication"
    TOLD_ALOUD = "told_aloud"
    OTHER = "other"


class ConfidentialityEffect(StrEnum):
    """Whether data came into other hands (56)."""

    EXFILTRATED = "exfiltrated"
    LIKELY = "likely"
    NOT_WITH_EVIDENCE = "not_with_evidence"
    CANNOT_ASSESS = "cannot_assess"
    TO_BE_DETERMINED = "to_be_determined"


class Protection(StrEnum):
    """Whether the data cannot be read by those who have it (57)."""

    INTACT = "intact"
    MAY_BE_SUBVERTED = "may_be_subverted"
    NONE = "none"
    CANNOT_ASSESS = "cannot_assess"
    TO_BE_DETERMINED = "to_be_determined"


class IntegrityEffect(StrEnum):
    """What happened to data that was changed (58)."""

    ALTERED_UNUSED = "altered_unused"
    REVERSIBLE = "reversible"
    NOT_REVERSIBLE = "not_reversible"


class AvailabilityEffect(StrEnum):
    """How long data cannot be had (59)."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    NOT_DETERMINED = "not_determined"


class PersonGroup(StrEnum):
    """Categories of persons (65)."""

    CUSTOMERS = "customers"
    STAFF = "staff"
    MILITARY_POLICE = "military_police"
    MINORS = "minors"
    PATIENTS = "patients"
    STUDENTS = "students"
    SUBSCRIBERS = "subscribers"
    USERS = "users"
    VULNERABLE = "vulnerable"
    OTHER = "other"


class VulnerableGroup(StrEnum):
    """Persons for whom the same breach weighs more (recital 75; Guidelines 9/2022, IV.B)."""

    CHILDREN = "children"
    PATIENTS = "patients"
    MENTAL_HEALTH = "mental_health"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    ASYLUM_SEEKERS = "asylum_seekers"
    PROTECTED_ADDRESS = "protected_address"
    VICTIMS = "victims"
    EMPLOYEES = "employees"
    OTHER = "other"


class ConfidentialityConsequence(StrEnum):
    """Consequences of data in other hands (79)."""

    BEYOND_POLICY = "beyond_policy"
    LINKABLE = "linkable"
    MISUSED = "misused"
    OTHER = "other"
    UNDER_ASSESSMENT = "under_assessment"


class IntegrityConsequence(StrEnum):
    """Consequences of changed data (81)."""

    USED_INVALID = "used_invalid"
    CHANGED_VALID = "changed_valid"
    OTHER = "other"


class AvailabilityConsequence(StrEnum):
    """Consequences of data that cannot be had (83)."""

    NO_ACCESS = "no_access"
    DISRUPTED = "disrupted"
    OTHER = "other"


class ImpactSeverity(StrEnum):
    """How severe the consequences are for the persons (87)."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"
    TO_BE_DETERMINED = "to_be_determined"


class Safeguard(StrEnum):
    """Security measures in place before the breach (75), and those taken against the next one (94)."""

    PSEUDONYMISATION = "pseudonymisation"
    ANONYMISATION = "anonymisation"
    BACKUP = "backup"
    ENCRYPTION = "encryption"
    POLICIES = "policies"
    TRAINING = "training"
    LOGGING = "logging"
    ACCESS_LEVELS = "access_levels"
    ACCESS_CONTROL = "access_control"
    AUDITS = "audits"
    PHYSICAL = "physical"
    UP_TO_DATE = "up_to_date"
    CHANGED_PROCESS = "changed_process"
    ERASURE = "erasure"
    OTHER = "other"


class MeasureState(StrEnum):
    """How far a measure is; *planned* is never told as *done*."""

    DONE = "done"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    DROPPED = "dropped"


class PartyRole(StrEnum):
    """What another party is in this breach (39)."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint_controller"
    PROCESSOR = "processor"
    SUB_PROCESSOR = "sub_processor"
    REPRESENTATIVE = "representative"
    OTHER = "other"


class StatementKind(StrEnum):
    """Who speaks in a statement."""

    EXPERT = "expert"
    STAFF = "staff"
    PROCESSOR = "processor"
    WITNESS = "witness"
    ATTACKER = "attacker"
    POLICE = "police"
    AUTHORITY = "authority"
    OTHER = "other"


class EventKind(StrEnum):
    """Dated events of the breach; those that start a clock carry the names of the rule packs' anchors."""

    OCCURRED = "occurred"
    DETECTED = "detected"
    FIRST_REPORT = "first_report"
    PROCESSOR_AWARE = "processor_aware"
    PROCESSOR_TOLD_US = "processor_told_us"
    CONTAINED = "contained"
    HIGH_RISK_DETERMINED = "high_risk_determined"
    CLASSIFIED_MAJOR = "classified_major"
    INITIAL_SUBMITTED = "initial_submitted"
    INTERMEDIATE_SUBMITTED = "intermediate_submitted"
    MEASURES_AVAILABLE = "measures_available"
    CONTRACT_CLOCK = "contract_clock"
    POLICE_REPORT = "police_report"
    PUBLISHED = "published"
    EXTORTION = "extortion"
    OTHER = "other"


class Establishment(StrEnum):
    """Where the controller is established (113, 120)."""

    EEA = "eea"
    OUTSIDE = "outside"


class OwnRole(StrEnum):
    """What the organisation is for the data of this breach: a processor owes its controllers (Art. 33(2))."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint_controller"
    PROCESSOR = "processor"


class Sector(StrEnum):
    """The sector of the organisation, as far as a law asks for it (15)."""

    PRIVATE = "private"
    PUBLIC = "public"
    HEALTH = "health"
    FINANCIAL = "financial"
    TELECOM = "telecom"
    ENERGY = "energy"
    TRANSPORT = "transport"
    DIGITAL = "digital"
    EDUCATION = "education"
    OTHER = "other"


class ProviderKind(StrEnum):
    """Roles in which a law other than the GDPR may also ask for a notice."""

    ESSENTIAL_ENTITY = "essential_entity"
    IMPORTANT_ENTITY = "important_entity"
    TELECOM_PROVIDER = "telecom_provider"
    FINANCIAL_ENTITY = "financial_entity"
    PAYMENT_PROVIDER = "payment_provider"
    TRUST_SERVICE = "trust_service"
    HIPAA_COVERED = "hipaa_covered"
    HIPAA_ASSOCIATE = "hipaa_associate"


class CommunicationDecision(StrEnum):
    """Whether the persons are told (97)."""

    TOLD = "told"
    WILL_BE = "will_be"
    INVESTIGATING = "investigating"
    NO_HIGH_RISK = "no_high_risk"
    EXEMPT = "exempt"


class Exemption(StrEnum):
    """Conditions under which persons need not be told one by one (Art. 34(3))."""

    UNINTELLIGIBLE = "a"
    RISK_REMOVED = "b"
    DISPROPORTIONATE = "c"
