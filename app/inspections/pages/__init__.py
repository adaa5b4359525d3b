"""How inspections are shown and filled in: short routes over the actions and queries beside."""
