"""Custom actions of the dialogue engine: thin, one a file; what they do lives in `bot`."""
