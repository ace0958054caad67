"""Draws precision against coverage from what `kordon bench read --rows` writes on stderr.

    plot_coverage.py OUT.svg NAME=FILE ...

For each confidence at which a site might let a read open: which share of all plates is read at least so surely, and how many
of those reads are right. Plain SVG, no plotting package.
"""

import sys

COLOURS = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#16a085", "#7f8c8d", "#34495e"]
LEFT, TOP, WIDTH, HEIGHT = 70, 30, 560, 360
FLOOR = 0.8  # precision at the lower edge


def rows_of(path):
    rows = []
    for line in open(path, encoding="utf-8"):
        cells = line.split()
        if len(cells) >= 4 and cells[3].replace(".", "").isdigit():
            rows.append((float(cells[3]) if cells[2] != "-" else 0.0, cells[2] != "-", len(cells) == 4))
    return rows


def curve_of(rows):
    rows = sorted(rows, key=lambda row: -row[0])
    points, right = [], 0
    for count, (_, is_read, is_exact) in enumerate(rows, 1):
        if not is_read:
            break
        right += is_exact
        points.append((count / len(rows), right / count))
    return points


def place(coverage, precision):
    return LEFT + coverage * WIDTH, TOP + (1 - max(FLOOR, precision)) / (1 - FLOOR) * HEIGHT


def main():
    out, sets = sys.argv[1], [argument.split("=", 1) for argument in sys.argv[2:]]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 210} {TOP + HEIGHT + 60}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for step in range(6):
        x, y = LEFT + WIDTH * step / 5, TOP + HEIGHT * step / 5
        parts.append(f'<path d="M{x} {TOP}V{TOP + HEIGHT}M{LEFT} {y}H{LEFT + WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{step * 20} %</text>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{100 - (1 - FLOOR) * 100 * step / 5:.0f} %</text>')
    parts.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 42}" text-anchor="middle">plates read at least so surely, of all</text>')
    parts.append(f'<text transform="translate(18 {TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">right among these</text>')
    for index, (name, path) in enumerate(sets):
        rows, colour = rows_of(path), COLOURS[index % len(COLOURS)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in curve_of(rows)))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = TOP + 14 + index * 20
        parts.append(f'<path d="M{LEFT + WIDTH + 16} {y - 4}h22" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{LEFT + WIDTH + 44}" y="{y}">{name} ({len(rows)})</text>')
    parts.append("</svg>")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
