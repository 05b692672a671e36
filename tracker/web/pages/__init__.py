"""The pages for people, one file per page or pair of pages; each is also available as JSON and CSV."""
