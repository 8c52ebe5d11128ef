"""The form of a result: name, figure, goal, `ok` or `short`, with tabs between."""


def at_least(name: str, figure: float, goal: float, unit: str = "") -> str:
    """Return the line of a figure that should be `goal` or more."""
    return _line(name, figure, f">= {goal:g}", is_met=figure >= goal, unit=unit)


def at_most(name: str, figure: float, goal: float, unit: str = "") -> str:
    """Return the line of a figure that should be `goal` or less."""
    return _line(name, figure, f"<= {goal:g}", is_met=figure <= goal, unit=unit)


def only(name: str, figure: float, unit: str = "") -> str:
    """Return the line of a figure without a goal."""
    return f"{name}\t{figure:.4g}{unit}\t-\tok"


def _line(name: str, figure: float, goal: str, *, is_met: bool, unit: str) -> str:
    return f"{name}\t{figure:.3g}{unit}\t{goal}{unit}\t{'ok' if is_met else 'short'}"
