"""The desk of the law's parameters: a value is proposed, tried on the last month, then decided."""
