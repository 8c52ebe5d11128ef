"""What providers say of the account they send for, over SMTP as over HTTP; every wording was read in their documents
or in reports of people who got it.

They come before the codes: a provider answers the recipient's address with what is wrong with our account, and words
such as "recipient" and "mailbox" stand in half of these sentences.
"""

from incidents.notifications.channels.contract import Fault
from incidents.notifications.channels.rule import Rule

FROM = (
    "The relay does not let us send as MAIL_FROM; set MAIL_FROM to an address that the account in EMAIL_URL owns, "
    "or allow this one there"
)
SIGN_IN = "The relay refuses our name or password; correct them in EMAIL_URL"
DAILY = "The account's limit of mails is used up; it is tried again later, a bigger plan would help"
_UNVERIFIED = (
    "MAIL_FROM is not verified with the provider; verify the address or its domain there, and ask for production "
    "access where the account is still in a sandbox"
)
_TRIAL = (
    "The account is on trial and sends only to addresses that are entered with the provider; ask there for "
    "production access, or send from a domain of your own"
)
_STOPPED = "The provider has stopped the sending of this account; it says there what to do"
_PERMISSION = "The key in EMAIL_URL may not send; allow it with the provider"
_ADDRESS = "The provider takes no mail from the address of this host; allow the address there"
_SWITCHED_OFF = (
    "Microsoft 365 has signing in over SMTP switched off for this account; switch on authenticated SMTP there"
)
_MAILBOX_OF_OURS = "Microsoft 365 holds back the mailbox we send from, which is full or has no license; see to it there"

ACCOUNT_RULES = (
    Rule(
        Fault.SENDER,
        _TRIAL,
        r"sandbox subdomains are for test purposes|only send testing emails to your own|account is pending approval",
    ),
    Rule(
        Fault.SENDER,
        _UNVERIFIED,
        r"email address is not verified|identities failed the check|domain is not verified"
        r"|verified sender (?:identity|signature)",
    ),
    Rule(
        Fault.SENDER,
        _STOPPED,
        r"sending paused for this account|(?:rejected: |exception: )account is paused|SendingPausedException"
        r"|AccountSuspendedException|please activate your mailgun account|bad outbound sender|spam abuse detected",
    ),
    Rule(Fault.SENDER, _PERMISSION, r"is not authorized to perform"),
    Rule(
        Fault.SENDER,
        _ADDRESS,
        r"unrecogni[sz]ed IP address|that IP address is not allowed|invalid credentials for relay"
        r"|traffic not accepted from this IP",
    ),
    Rule(Fault.SENDER, _SWITCHED_OFF, r"SmtpClientAuthentication is disabled"),
    Rule(Fault.SENDER, SIGN_IN, r"unauthenticated senders not allowed"),
    Rule(Fault.SENDER, _MAILBOX_OF_OURS, r"sender throttled due to continuous (?:mailbox full|invalid license)"),
    Rule(Fault.QUOTA, words=r"sender throttled due to continuous (?:too many|invalid) recipients"),
    Rule(
        Fault.QUOTA,
        DAILY,
        r"maximum credits exceeded|recipient limit exceeded, try again|daily message quota exceeded",
    ),
    Rule(Fault.QUOTA, words=r"maximum sending rate exceeded"),
)
