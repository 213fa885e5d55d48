"""The public pay calculator: what stands between a wage and what is paid, by the pay engine."""
