"""Writes into `plate-reader.json` what the program's confidence is worth, from reads of drawn pictures.

    calibrate.py MODELS_DIR frames=ROWS crops=ROWS

ROWS is what `kordon bench read --rows` writes on stderr. It must have been measured with the plain line `[[0, 0], [1, 1]]` for
both, which `export.py` leaves there; every second row learns, the others tell how well.
"""

import json
import sys

import numpy as np

from calibration import error_of, smooth_curve_of
from plot_coverage import rows_of
from export import write_description


READS_MIN = 100


def main():
    path = sys.argv[1] + "/plate-reader.json"
    with open(path, encoding="utf-8") as file:
        description = json.load(file)
    for argument in sys.argv[2:]:
        kind, rows_file = argument.split("=", 1)
        rows = [(said, right) for said, is_read, right in rows_of(rows_file) if is_read]
        if len(rows) < READS_MIN:
            print(f"{kind}: {len(rows)} reads are too few to learn from; confidence stays as it is")
            continue
        said, right = zip(*rows)
        curve = smooth_curve_of(said[::2], right[::2])
        held = said[1::2]
        before, after = error_of(held, right[1::2]), error_of(worth(held, curve), right[1::2])
        print(f"{kind}: {len(rows)} reads, {sum(right)} right; error on the half not learnt from {before:.3f}, then {after:.3f}")
        description["calibration"][kind] = smooth_curve_of(said, right)
    write_description(path, description)


def worth(said, curve):
    xs, ys = zip(*curve)
    return np.interp(said, xs, ys)


if __name__ == "__main__":
    main()
