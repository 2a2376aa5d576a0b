"""Before a store is open: first run, unlocking, ways in; and the organisation."""
