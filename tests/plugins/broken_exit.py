"""A plugin's package that would end the process that imports it."""

import sys

sys.exit(3)
