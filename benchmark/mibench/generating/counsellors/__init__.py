"""Counsellors that ship: no network, no weights. `reference` and `adviser` are the anchors of every table."""
