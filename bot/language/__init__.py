"""Language: which one a text is in, and how its spellings meet."""
