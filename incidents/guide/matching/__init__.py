"""Which error a text tells of: masked first, then compared with what entries say. Reads no database and no clock.

A text goes through `excerpt`, `unwrapping`, `masking` and `reading`; an entry through the last two, so that both are
compared in one form. `judging` says which entry it is and why. Every pattern is bounded, and what follows a run of
signs never begins again inside it, so that the work grows with the length of the text and no faster.
"""
