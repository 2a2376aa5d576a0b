"""The store as a whole: its organisation, its recovery sheet's place, and the worked example."""
