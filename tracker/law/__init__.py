"""Treaty law as pure functions of a ledger and a date: no database, no web, no clock."""
