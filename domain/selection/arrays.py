"""Names for the kinds of array."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
