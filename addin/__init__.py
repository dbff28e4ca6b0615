"""The add-in: the same commands for Excel, LibreOffice and saved files."""

import gc

TITLE = "EvenClass 均衡分班"  # of every message box

# Python looks for garbage in cycles after every 700 new objects, now and then among all there are. pandas and numba
# alone make half a million that are there to stay: that took a tenth of a click.
gc.set_threshold(100_000)
