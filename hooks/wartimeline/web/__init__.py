"""The commands that go to the web: following links, and making a source block from a page."""
