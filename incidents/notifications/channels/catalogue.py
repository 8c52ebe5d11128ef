"""Every channel over HTTP by its name: adding one is a file beside this one and a line here."""

from incidents.notifications.channels.discord import Discord
from incidents.notifications.channels.google_chat import GoogleChat
from incidents.notifications.channels.hook import Hook
from incidents.notifications.channels.mattermost import Mattermost
from incidents.notifications.channels.slack import Slack
from incidents.notifications.channels.sms import Sms
from incidents.notifications.channels.teams import Teams
from incidents.notifications.channels.telegram import Telegram
from incidents.notifications.channels.webhook import Webhook
from incidents.subscriptions.models import ChannelKind

HOOKS: dict[str, Hook] = {
    ChannelKind.WEBHOOK.value: Webhook(),
    ChannelKind.SLACK.value: Slack(),
    ChannelKind.TEAMS.value: Teams(),
    ChannelKind.DISCORD.value: Discord(),
    ChannelKind.GOOGLE_CHAT.value: GoogleChat(),
    ChannelKind.MATTERMOST.value: Mattermost(),
    ChannelKind.TELEGRAM.value: Telegram(),
    ChannelKind.SMS.value: Sms(),
}
