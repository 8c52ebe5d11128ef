"""The question a command asks before it writes what it has shown."""


def agree() -> bool:
    """Ask on the terminal; return whether the answer is yes, which nothing typed is too."""
    return input("Import this? [Y/n] ").strip().lower() in ("", "y", "yes")
