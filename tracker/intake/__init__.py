"""Files as people have them: read in whatever form, understood with what they themselves say, never by guessing."""
