"""Statistics to an xarray.DataTree, to netCDF, and back. Looking at a result never loads numba."""
