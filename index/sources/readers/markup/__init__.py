"""How marked-up text reads: raised and lowered marks, a tree's blocks, and which of these an extraction kept."""
