"""Alembic's entry: runs revisions on the connection that the runner hands over, inside the runner's transaction."""

from __future__ import annotations

from alembic import context

from dpo_app.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
