"""The shapes of the API's answers, one file a subject: TypedDicts that the OpenAPI document shows.

What an answer holds is made in `tracker.schemas` and beside the pages; a new key there is a new line here.
"""
