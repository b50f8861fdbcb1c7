"""Maps to take away: one file that opens from disk, with the network off."""
