"""The pages people read, once more for programs: as JSON and as Markdown, at the page's address with a suffix."""
