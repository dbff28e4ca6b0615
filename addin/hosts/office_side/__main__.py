"""Own an office process, or attach to a running one, and serve it on standard input and output.

``python office_side start SOFFICE`` or ``python office_side attach PIPE``; run by a Python that can import uno.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from office_side.process import main

    main(sys.argv[1:])
