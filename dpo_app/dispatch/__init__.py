"""Adapters that hand messages to other people's machines and read what comes back: the only code that talks to a
network. Nobody above knows them but `bootstrap`; they know the store not at all, so that what happened is told to a
use-case, which writes it down."""
