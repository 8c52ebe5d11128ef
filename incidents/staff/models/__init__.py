"""Index of this room's models."""

from incidents.staff.models.api_token import ApiToken
from incidents.staff.models.invitation import Invitation
from incidents.staff.models.membership import Membership
from incidents.staff.models.set_up import SetUp
from incidents.staff.models.try_tally import TryTally

__all__ = ["ApiToken", "Invitation", "Membership", "SetUp", "TryTally"]
