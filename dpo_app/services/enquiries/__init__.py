"""Answer persons who ask: identify, confirm a code, log, hand out their record."""
