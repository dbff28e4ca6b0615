"""What runs inside LibreOffice's own Python: standard library and uno only, any Python from 3.9 on.

The project's Python may be another; the two talk by lines of JSON (`wire`). Nothing here imports the rest of the
project, so that the extension can carry this folder as it is.
"""
