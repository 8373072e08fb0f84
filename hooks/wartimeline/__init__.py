"""A curated, sourced timeline of a war, built from one Markdown file per event."""

__version__ = "0.1.0"
