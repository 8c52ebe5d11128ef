"""The rules by which answers of mail relays are read, first match first.

Codes and enhanced codes are those of RFC 5321, RFC 3463 and RFC 7372 with what Gmail, Outlook,
Yahoo, Postfix, Exim and Amazon SES make of them. Words come before codes wherever a provider
uses one code for two faults: 5xx at RCPT is also how relays refuse us, and taking that for a
bounce would erase a subscriber list.
"""

from incidents.notifications.channels.account_rules import ACCOUNT_RULES, DAILY, FROM, SIGN_IN
from incidents.notifications.channels.contract import Fault
from incidents.notifications.channels.rule import CONTENT, ENVELOPE, RECIPIENT, Rule


def _of(*values: str) -> frozenset[str]:
    return frozenset(values)


TLS = "The relay wants an encrypted connection; use smtp+tls:// or smtps:// in EMAIL_URL"
UNAUTHENTICATED = (
    "The receiving side cannot tell that this mail is ours; add the relay to the SPF record of the domain of "
    "MAIL_FROM and let it sign with DKIM (manage.py doctor shows what is missing)"
)
NO_RELAYING = (
    "The relay does not forward mail for us; sign in to it (name and password in EMAIL_URL) or allow this host"
)
BLOCKED = (
    "The receiving side blocks the relay's address or its reputation; ask whoever runs the relay to have it taken off"
)
RULES = (
    *ACCOUNT_RULES,
    # Words that name the fault whatever the code
    Rule(
        Fault.UNSUPPORTED,
        words=r"smtputf8|internationali[sz]ed (?:e-?mail )?address|non-ascii|utf-?8 address",
    ),
    Rule(
        Fault.SENDER,
        FROM,
        r"different\W{1,3}from\b|from\b[^.]{0,60}\b(?:differ|does not match|mismatch|not match|not owned)"
        r"|(?:differs?|different) from (?:the )?authenticated|not owned by (?:the )?user|send ?as ?denied"
        r"|(?:not (?:allowed|permitted|authori[sz]ed)|permissions?) to send (?:as|from|mail from)"
        r"|sender (?:address )?(?:is )?not (?:verified|allowed|authori[sz]ed)|from address is not",
        final=True,
    ),
    Rule(Fault.SENDER, FROM, enhanced=_of("5.7.60", "5.2.252"), final=True),
    Rule(
        Fault.SENDER,
        UNAUTHENTICATED,
        r"unauthenticated|\bspf\b|\bdkim\b|\bdmarc\b|sender policy framework|authentication level",
        final=True,
    ),
    Rule(Fault.SENDER, SIGN_IN, codes=frozenset({534, 535})),
    Rule(Fault.SENDER, TLS, codes=frozenset({538})),
    Rule(Fault.SENDER, TLS, r"starttls|must use tls|encryption required", codes=frozenset({523, 530, 550, 554})),
    Rule(Fault.SENDER, SIGN_IN, codes=frozenset({530})),
    Rule(
        Fault.SENDER, NO_RELAYING, r"relay(?:ing)? (?:access |is )?(?:denied|not (?:permitted|allowed))|unable to relay"
    ),
    Rule(Fault.SENDER, NO_RELAYING, r"mail relay denied|relaying not|not permitted to relay", final=True),
    Rule(
        Fault.RECIPIENT_TEMPORARY,
        words=r"grey-?list|gray-?list|unverified address|verification in progress",
        final=False,
    ),
    Rule(
        Fault.RECIPIENT_TEMPORARY,
        "The mailbox is full",
        r"over ?quota|quota exceeded \(mailbox|(?:mailbox|inbox)[^.]{0,30}\b(?:is |too |over)?(?:full|quota|exceed)"
        r"|user[^.]{0,20} quota|insufficient (?:mailbox|user) (?:space|storage)",
        steps=_of(RECIPIENT, CONTENT),
    ),
    Rule(
        Fault.QUOTA,
        DAILY,
        r"(?:daily|hourly|monthly|sending|message|account)[\w ]{0,20}(?:quota|limit)[\w ]{0,10}(?:exceed|reach|used)"
        r"|exceeded[\w ]{0,20}(?:sending|message|daily|hourly)[\w ]{0,20}(?:quota|limit)",
    ),
    # Enhanced codes (RFC 3463)
    Rule(
        Fault.RECIPIENT_PERMANENT,
        enhanced=_of("5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.4.310", "5.4.4"),
        final=True,
        is_unknown=True,
    ),
    Rule(Fault.RECIPIENT_PERMANENT, "The mailbox has moved", enhanced=_of("5.1.6"), final=True),
    Rule(Fault.RECIPIENT_PERMANENT, "The mailbox is switched off", enhanced=_of("5.2.1"), final=True),
    Rule(Fault.RECIPIENT_TEMPORARY, "The mailbox is full", enhanced=_of("4.2.2", "5.2.2")),
    Rule(Fault.QUOTA, words=r"too (?:many|fast|much)|rate|throttl|slow down", enhanced=_of("4.7.1"), final=False),
    Rule(
        Fault.SENDER,
        words=r"client host|helo|sender (?:address|domain)|cannot find your|reverse",
        enhanced=_of("4.7.1", "4.1.8", "4.7.25"),
        final=False,
    ),
    Rule(
        Fault.RECIPIENT_TEMPORARY,
        enhanced=_of("4.2.0", "4.2.1", "4.4.0", "4.4.1", "4.4.2", "4.4.3", "4.4.4", "4.4.7", "4.7.1", "4.1.1", "4.1.2"),
        codes=frozenset({450, 451, 452}),
    ),
    Rule(
        Fault.QUOTA,
        enhanced=_of("4.7.0", "4.7.28", "5.7.28", "4.3.0", "4.3.1", "4.3.2", "4.5.3", "5.4.5", "4.7.500", "4.7.650"),
        words=r"^(?!.*temporarily unable to authenticate)",
    ),
    Rule(Fault.CONTENT, "The message is too large for the relay", enhanced=_of("5.3.4", "5.2.3"), final=True),
    Rule(Fault.CONTENT, enhanced=_of("5.6.0", "5.6.1", "5.6.2", "5.6.3"), final=True),
    Rule(Fault.UNSUPPORTED, enhanced=_of("5.6.7", "4.6.7")),
    Rule(Fault.CONTENT, enhanced=_of("5.7.0"), codes=frozenset({552, 554})),
    Rule(
        Fault.CONTENT, words=r"\bspam\b|junk|virus|malware|phish|content", enhanced=_of("5.7.1"), codes=frozenset({554})
    ),
    Rule(Fault.SENDER, UNAUTHENTICATED, enhanced=_of("5.7.9", "5.7.26", "5.7.27", "5.7.30", "5.7.515"), final=True),
    Rule(
        Fault.SENDER,
        BLOCKED,
        r"\bS3\d{3}\b|block ?list|black ?list|\bdnsbl\b|\brbl\b|spamhaus|reputation|\[?BL\d\d\]?|unsolicited",
        final=True,
    ),
    Rule(Fault.SENDER, BLOCKED, enhanced=_of("5.7.25", "5.7.511", "5.7.606", "5.7.708"), final=True),
    Rule(Fault.SENDER, SIGN_IN, enhanced=_of("5.7.8", "5.7.57", "5.7.3"), final=True),
    Rule(Fault.SENDER, NO_RELAYING, enhanced=_of("5.7.54", "5.7.64"), final=True),
    Rule(
        Fault.SENDER,
        enhanced=_of("5.1.7", "5.1.8", "5.7.0", "5.7.1", "5.7.29", "5.7.32", "5.5.1", "5.5.2"),
        final=True,
        words=r"^(?!.*\bline too long\b)",
    ),
    # Words of those who send no enhanced code
    Rule(
        Fault.CONTENT,
        "A line of the message is too long for the relay",
        r"line (?:is )?too long|line length",
        final=True,
    ),
    Rule(
        Fault.CONTENT,
        "The message is too large for the relay",
        r"(?:message|mail)[\w ]{0,20} (?:size|too (?:big|large|long))|too large|exceeds[\w ]{0,30} size",
        final=True,
        steps=_of(ENVELOPE, CONTENT),
    ),
    Rule(
        Fault.RECIPIENT_PERMANENT,
        words=r"(?:user|mailbox|recipient|account|address|alias)\b[^.]{0,40}\b(?:unknown|not found|does ?n[o']t exist"
        r"|no longer|unavailable|invalid|doesn.t have)|unknown (?:user|recipient|mailbox|account)"
        r"|no such (?:user|mailbox|recipient|person|address)|unrouteable|this user doesn|null mx"
        r"|mailbox not found|domain (?:not found|does not exist)",
        final=True,
        is_unknown=True,
        steps=_of(RECIPIENT, CONTENT),
    ),
    Rule(
        Fault.RECIPIENT_PERMANENT,
        "The mailbox is switched off",
        r"(?:account|mailbox|user)\b[^.]{0,30}\b(?:disabled|suspended|inactive|deactivated|locked)",
        final=True,
        steps=_of(RECIPIENT, CONTENT),
    ),
    Rule(
        Fault.QUOTA, words=r"\brates?\b|quota|too (?:many|fast|much|quickly)|throttl|slow down|concurrent|server busy"
    ),
    Rule(
        Fault.SENDER,
        words=r"sender|authenticat|not owned|helo|ehlo|client host|prohibit|access denied|\bpolicy\b",
        final=True,
        enhanced=_of(""),
    ),
    # What is left, by code and step
    Rule(Fault.QUOTA, codes=frozenset({421, 432, 454})),
    Rule(Fault.RECIPIENT_TEMPORARY, final=False, steps=_of(RECIPIENT, CONTENT), codes=frozenset({450, 451})),
    Rule(Fault.QUOTA, final=False),
    Rule(Fault.CONTENT, codes=frozenset({500}), steps=_of(CONTENT)),
    Rule(Fault.RECIPIENT_PERMANENT, final=True, steps=_of(RECIPIENT)),
    Rule(Fault.CONTENT, final=True, steps=_of(CONTENT)),
    Rule(Fault.SENDER),
)
