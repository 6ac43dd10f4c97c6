"""Alembic migrations of the project file.

They are ordinary modules, listed here, instead of scripts that Alembic looks for in a folder: so
they are found the same way from source, from a wheel and inside a frozen program.
"""

from types import ModuleType

from sqlalchemy import Connection

from ppdesk.store.migrations import m0001_first

MODULES: tuple[ModuleType, ...] = (m0001_first,)  # oldest first


def upgrade(connection: Connection, modules: tuple[ModuleType, ...] = MODULES) -> None:
    """Bring the schema up to the newest of `modules`, inside the transaction that is open on
    `connection`: all of it or, when anything fails, nothing.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script.base import Script
    from alembic.script.revision import RevisionMap

    scripts = [Script(module, module.revision, str(module.__file__)) for module in modules]
    revisions = RevisionMap(lambda: scripts)
    order = [script.revision for script in scripts]
    revisions.get_revisions(order)  # the map works out who follows whom when it is first asked

    def pending(heads: tuple[str, ...], _: MigrationContext) -> list[MigrationStep]:
        done = order.index(heads[0]) + 1 if heads else 0
        return [MigrationStep.upgrade_from_script(revisions, script) for script in scripts[done:]]

    context = MigrationContext.configure(connection, opts={"fn": pending})
    with Operations.context(context):
        context.run_migrations()
