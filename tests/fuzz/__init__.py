"""Invented input for everything that reads what others write; `python -m tests.fuzz` goes on for as long as it is let."""
