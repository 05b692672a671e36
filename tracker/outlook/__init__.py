"""When a pending treaty may reach its threshold, and who may consent next: chances from past deposits."""
