"""Program to statistics: the only floor that knows numba."""
