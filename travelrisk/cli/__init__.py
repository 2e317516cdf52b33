"""The door for the command line: one module a command or group of commands, loaded when it is asked for.

Here live words, tables, exit codes and options. What a command does is a use case of travelrisk.services;
nothing here may decide about a journey.
"""


def main() -> None:
    """Run the command line; the entry point of the program ``travelrisk``."""
    from travelrisk.cli.program import run  # noqa: PLC0415 - whoever imports one command needs no other

    run()
