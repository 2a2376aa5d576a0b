"""Authority: who is owed, the notice field by field, receipts."""
