"""Type aliases for numpy arrays."""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int8] | NDArray[np.int64]
Shorts = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
