"""Run the command line: `python -m wartimeline`."""

import sys

from wartimeline.cli import main

sys.exit(main())
