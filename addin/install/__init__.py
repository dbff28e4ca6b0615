"""Put EvenClass on a staff PC, check it there, remove it, and pack it for PCs without internet.

Nothing in here has run on Windows yet: every fact of Windows comes through `machine.Machine`, and the tests drive the
installer on an imitation of it.
"""
