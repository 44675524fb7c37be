"""Reading a workbook that somebody sent in, in a process of its own.

The web and worker processes never open such a file themselves: the Rust reader aborts the whole process when a
workbook asks for more memory than there is. This folder is a small program (``python -I riskreport/ground/reader``)
that knows no Django, limits its own memory and time, guards, reads, and writes plain rows. What starts it and puts its
answer into words is riskreport/ground/imports/reading.py.
"""
