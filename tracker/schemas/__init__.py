"""Answers as plain data, the same for command line, pages and API. The rules are asked, nothing is decided here."""
