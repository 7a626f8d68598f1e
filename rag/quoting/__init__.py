"""Makes quotes of readings, with whole sentences and the speech they are part of, or refuses."""
