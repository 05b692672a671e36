"""The network page: what an address asks for, the picture of each view, and its exports."""
