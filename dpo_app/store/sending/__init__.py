"""Deliveries, the journal of runs, what came back, and where everybody stands."""
