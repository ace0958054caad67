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


PLACES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]


def smooth_curve_of(said, right, steps=50):
    """The same from few reads: a straight line between log odds (Platt), told as points."""

    def odds(p):
        p = np.clip(np.asarray(p, float), 1e-4, 1 - 1e-4)
        return np.log(p / (1 - p))

    x, y = np.stack([odds(said), np.ones(len(said))], 1), np.array(right, float)
    line = np.array([1.0, 0.0])
    for _ in range(steps):  # Newton's, held back a little so that a clean split does not run away
        p = 1 / (1 + np.exp(-x @ line))
        slope = x.T @ (p - y) + 1e-2 * (line - [1, 0])
        line = line - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + 1e-2 * np.eye(2), slope)
    worth = 1 / (1 + np.exp(-(odds(PLACES) * line[0] + line[1])))
    points = [[place, round(float(value), 5)] for place, value in zip(PLACES, worth)]
    return [[0.0, 0.0], *points, [1.0, max(points[-1][1], round(1 - 0.5 / len(y), 5))]]


def error_of(said, right, bins=10):
    """Expected calibration error, as `kordon bench read` counts it."""
    said, right = np.array(said), np.array(right, float)
    place = np.minimum(bins - 1, (said * bins).astype(int))
    return sum(abs(said[place == b].sum() - right[place == b].sum()) for b in range(bins)) / max(1, len(said))
