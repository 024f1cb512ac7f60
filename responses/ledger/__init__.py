"""The allocation ledger: its lists and heads, its rows, and how it is read again.

`responses.allocation` writes it and `responses.verification` verifies it; the parts are here.
"""
