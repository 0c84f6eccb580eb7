"""``python -m wattif``."""

import sys

from wattif.cli import main

sys.exit(main())
