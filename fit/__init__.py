"""Fits the small models of ``report_extract.tables`` from tables whose truth is known (``make fit``).

Development only; nothing of it is installed. ``truth`` reads what is known, ``content`` and ``generate`` print random
tables through several producers, ``place`` says where their cells stand, ``compare`` whether a found table is right,
``gather`` runs the finders, ``split`` and ``table`` make examples, ``forest`` fits and holds out.
"""
