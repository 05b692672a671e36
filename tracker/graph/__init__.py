"""Participants, instruments and bodies as one graph: its nodes and edges on a date, and the questions put to it.

Nodes have ids such as `participant.FRA`, `instrument.untoc` and `body.greco`. Each question has a file of its own;
how a picture is drawn is the web's business.
"""
