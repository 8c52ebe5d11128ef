"""Evidence: whether an endpoint that gave no answer is to blame, or whether it was our own way out that was broken."""

from incidents.notifications.channels.contract import Fault
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.models.channel_state import OUR_ACCOUNT
from incidents.notifications.outcomes import Outcome


def is_their_fault(outcome: Outcome) -> bool:
    """Say whether a failure may cost its subscriber the subscription.

    Any answer proves that the way was open. Where none was had, another endpoint of the page that took
    something since proves it: a day on which our own network is down must not empty the list.
    """
    if outcome.failure is None or outcome.failure.fault != Fault.CONNECTION:
        return True
    page = Delivery.objects.filter(pk=outcome.delivery_id).values("page")
    others = Delivery.objects.filter(page__in=page, created_at__gte=outcome.created_at, state=DeliveryState.SENT)
    return others.exclude(channel__in=OUR_ACCOUNT).exists()
