"""The small forms of the page of one subscription."""

from django import forms


class MoveForm(forms.Form):
    """Another address for the same subscription."""

    address = forms.CharField(required=False, strip=False)


class LeaveForm(forms.Form):
    """The address, typed by somebody who means it: for addresses several people read."""

    typed = forms.CharField(required=False)
