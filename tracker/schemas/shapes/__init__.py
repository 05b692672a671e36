"""The types of the API's answers, one file per subject, from which the OpenAPI document is made."""
