"""Balanced class placement: input tables in, output tables out. No spreadsheet, no clock, no files."""

__version__ = "0.1.0"
