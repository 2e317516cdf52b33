"""``python -m travelrisk.cli`` is the same program as ``travelrisk``."""

from travelrisk.cli import main

main()
