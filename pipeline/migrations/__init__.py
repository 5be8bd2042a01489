"""How tables of an older program become those of this one, step by step; `pipeline/upgrade.py` takes the steps."""
