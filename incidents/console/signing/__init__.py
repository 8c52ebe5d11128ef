"""How staff prove who they are: what the account library is given of ours, and where it answers."""
