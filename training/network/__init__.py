"""The network, its start and its export."""
