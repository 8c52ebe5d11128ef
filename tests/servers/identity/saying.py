"""What the provider of the tests says: django-oauth-toolkit's words, bent for some people."""

import time
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.servers.identity.people import PEOPLE
from tests.servers.identity.spoiling import spoiled


class Saying(OAuth2Validator):  # type: ignore[misc]
    """Fills ID tokens and the answer beside them."""

    oidc_claim_scope = None

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> Any:
        """Return the claims of an ID token and when it ends."""
        claims, ends_at = super().get_id_token_dictionary(token, token_handler, request)
        person = PEOPLE[request.user.username]
        if person.beside is None:
            claims.update(person.claims())
        claims.update(exp=int(time.time()) + person.lasts)
        claims.update(person.token)
        return claims, ends_at

    def finalize_id_token(self, id_token: Any, token: Any, token_handler: Any, request: Any) -> str:
        """Return the ID token, signed, and for some people spoiled after that."""
        signed: str = super().finalize_id_token(id_token, token, token_handler, request)
        how = PEOPLE[request.user.username].spoils
        return spoiled(signed, how) if how else signed

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        """Return what is told beside the token."""
        person = PEOPLE[request.user.username]
        return {**super().get_userinfo_claims(request), **person.claims(), **(person.beside or {})}
