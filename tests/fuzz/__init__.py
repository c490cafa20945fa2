"""Invented input for everything that reads what others write; `python -m tests.fuzz` goes on as long as it may."""
