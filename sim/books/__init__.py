"""What came of it: every figure is a query over the ledger.

- ``ledger``: all flows of a run by accounts, stream, medium and cause; the certificate that they
  balance.
- ``indicators``: named figures with units of measure.
"""
