"""Who the identity provider of the tests knows, and what it says of each; some of it a sound provider never says."""

from dataclasses import dataclass, field
from typing import Any

CLIENT, SECRET = "status-page", "a secret with : and %"
PASSWORD = "at the provider"
UNSAID = object()


@dataclass(frozen=True)
class Person:
    """Somebody with an account at the provider; the password is everybody's."""

    email: str
    verified: object = True
    """What stands as `email_verified`; UNSAID leaves it out."""
    lasts: int = 600
    """Seconds from now to the end of the ID token."""
    token: dict[str, Any] = field(default_factory=dict)
    """Claims written over those of the ID token."""
    beside: dict[str, Any] | None = None
    """Where not None, the address is not in the token but told beside it, with these claims written over."""
    spoils: str = ""
    """"payload": the token is changed after it was signed; "signature": it is not signed at all."""

    def claims(self) -> dict[str, Any]:
        """Return what the provider says of the address."""
        said: dict[str, Any] = {"email": self.email}
        return said if self.verified is UNSAID else {**said, "email_verified": self.verified}


PEOPLE = {
    # Sound ones: an owner, a responder and a viewer of the page, and two who do not work there.
    "ada": Person("ada@example.com"),
    "bob": Person("Bob@Example.com"),
    "vic": Person("vic@example.com", beside={}),
    "factor": Person("factor@example.com"),
    "stranger": Person("stranger@example.com"),
    "eve": Person("eve@example.com"),
    "gone": Person("gone@example.com"),
    # Their address is ada's, and the provider does not say that it is theirs.
    "unverified": Person("ada@example.com", verified=False),
    "worded": Person("ada@example.com", verified="false"),
    "unsaid": Person("ada@example.com", verified=UNSAID),
    "denied_beside": Person("ada@example.com", beside={"email_verified": False}),
    "denied_at_home": Person("member@staff.example", verified=False),
    "nameless": Person(""),
    # Of a domain that is the provider's to give.
    "member": Person("member@staff.example", verified=UNSAID),
    # The address of two accounts.
    "twin": Person("twin@example.com"),
    # What is said of ada is not good.
    "other_issuer": Person("ada@example.com", token={"iss": "http://127.0.0.1:1/o"}),
    "other_audience": Person("ada@example.com", token={"aud": "another-site"}),
    "other_party": Person("ada@example.com", token={"azp": "another-site"}),
    "other_nonce": Person("ada@example.com", token={"nonce": "of another sign-in"}),
    "no_nonce": Person("ada@example.com", token={"nonce": None}),
    "expired": Person("ada@example.com", lasts=-3_600),
    "spoiled": Person("stranger@example.com", spoils="payload"),
    "unsigned": Person("ada@example.com", spoils="signature"),
    "somebody_else": Person("ada@example.com", beside={"sub": "1"}),
}
