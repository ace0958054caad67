"""From what was said to how often it came true: points that ascend, for `plate-reader.json`."""

import numpy as np


def curve_of(said, right, points=16):
    """Pool adjacent violators, then blocks of at least 1/`points` of all: small blocks are chance."""
    order = np.argsort(said, kind="stable")
    said, right = np.array(said)[order], np.array(right, float)[order]
    pooled = []
    for x, y in zip(said, right):
        pooled.append([x, y, 1])
        while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
            x, y, n = pooled.pop()
            a, b, m = pooled.pop()
            pooled.append([(x * n + a * m) / (n + m), (y * n + b * m) / (n + m), n + m])
    merged = [pooled[0]]
    for x, y, n in pooled[1:]:
        a, b, m = merged[-1]
        if m < len(said) / points:
            merged[-1] = [(x * n + a * m) / (n + m), (y * n + b * m) / (n + m), n + m]
        else:
            merged.append([x, y, n])
    curve = [[0.0, 0.0], *([round(float(x), 5), round(float((y * n + 0.5) / (n + 1)), 5)] for x, y, n in merged)]
    last = curve[-1]
    return [*curve, [1.0, max(last[1], round(1 - 0.5 / max(1, merged[-1][2]), 5))]] if last[0] < 1 else curve


def error_of(said, right, bins=10):
    """Expected calibration error, as `kordon bench read` counts it."""
    said, right = np.array(said), np.array(right, float)
    place = np.minimum(bins - 1, (said * bins).astype(int))
    return sum(abs(said[place == b].sum() - right[place == b].sum()) for b in range(bins)) / max(1, len(said))
