"""Storage: database, tables, reading and checking data files, and facts that are never overwritten."""
