"""The conversation with the identity provider; django-allauth leads it, and asks and believes through us.

By itself the library asks without a deadline for the whole, checks no signature and no nonce, and knows people by
`sub` alone, which is somebody else's at the next provider.
"""

import base64
import hashlib
from functools import cached_property
from typing import Any
from urllib.parse import quote

from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from incidents.console.signing.asking import NotVouched, ask, description
from incidents.console.signing.id_tokens import checked_claims, nonce_of

PROVIDER = "sso"
"""What the library calls the one provider of this installation."""


class Conversation(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in. Its methods raise RequestFailed where the provider does not answer, else NotVouched."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the provider tells about itself."""
        return description()

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:  # noqa: ARG002 - the library's signature
        """Return where the provider leads people back to: the one address it was told, whatever host asks."""
        return f"{settings.SITE_URL}{reverse('openid_connect_callback')}"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Return what the provider gives for the code somebody came back with."""
        form = {
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": client.callback_url,
            "code_verifier": pkce_code_verifier or "",
        }
        headers = {}
        if self.basic_auth:
            pair = f"{quote(app.client_id, safe='')}:{quote(app.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": app.client_id, "client_secret": app.secret}
        said = {name: value for name, value in form.items() if value}
        return ask(self.access_token_url, form=said, headers=headers)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Return the access token; it is used for the next request and kept nowhere."""
        return SocialToken(token=str(data.get("access_token", "")))

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> Any:
        """Return who the provider says this is, once it has proved that it says so, and now, and to us."""
        claims = checked_claims(
            str(kwargs["response"].get("id_token", "")),
            keys=ask(self.openid_config["jwks_uri"]),
            issuer=self.openid_config["issuer"],
            client=app.client_id,
            nonce=nonce_of(request.GET.get("state", "")),
        )
        said = claims if claims.get("email") else self._more_about(claims, token.token)
        return self.get_provider().sociallogin_from_response(request, _picked(claims, said))

    def _more_about(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """Return what the provider tells beside the token, where that has no address."""
        if not self.openid_config.get("userinfo_endpoint"):
            return claims
        said = ask(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
        if said.get("sub") != claims["sub"]:
            # Core 1.0, section 5.3.2: it might be about somebody else then.
            raise NotVouched("The provider tells about somebody else than the ID token does")
        return said


class IdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider of this installation."""

    oauth2_adapter_class = Conversation

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return what this person is known by: issuer and subject, since only both together name one."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()


def _picked(claims: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of all a provider says: who it is, the address, and whether it is theirs."""
    email = said.get("email")
    address = email if isinstance(email, str) else ""
    picked = {"iss": claims["iss"], "sub": claims["sub"], "email": address}
    return {**picked, "email_verified": bool(address) and _is_verified(said, address)}


def _is_verified(said: dict[str, Any], address: str) -> bool:
    """Say whether the provider has verified an address, or says nothing and is believed about its domain.

    Some write the truth value as text.
    """
    if "email_verified" not in said:
        return address.rpartition("@")[2].lower() in settings.OIDC_MAIL_DOMAINS
    return said["email_verified"] in (True, "true")
