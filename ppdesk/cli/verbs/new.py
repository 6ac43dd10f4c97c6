"""`ppdesk new`: a project file."""

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, test_mode_option, verb
from ppdesk.core.exits import Exit


@verb("new", *project_options(), test_mode_option(), summary="Create a project file")
def VERB(invocation: Invocation, access: Access) -> int:
    """Create an encrypted project file.

    The passphrase is the only way in: it is kept nowhere and cannot be reset. An existing file is left
    as it is.
    """
    with invocation.create(access) as session:
        info = session.info()
    lines = [f"Made {info['path']}", f"Project {info['project_id']}"]
    invocation.console.result(info, lines)
    return Exit.OK
