# SPDX-License-Identifier: Apache-2.0
"""Bars of times as one SVG file: ours and the others, shortest first, each with its spread.
Readable on light and on dark."""
import math
import statistics
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, ROW, HEAD, GAP = 860, 190, 120, 24, 34, 18
LONGEST = 4  # times the median of all: what takes longer is cut there, and marked, or the others would have no length
STYLE = """
  :root { --text: #1f2328; --mute: #59636e; --ours: #0969da; --peer: #9aa4ae; --line: #d1d9e0; --paper: #ffffff; }
  @media (prefers-color-scheme: dark) {
    :root { --text: #f0f6fc; --mute: #9198a1; --ours: #58a6ff; --peer: #656c76; --line: #3d444d; --paper: #0d1117; } }
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--text); }
  .head { font-weight: 600; font-size: 14px; } .mute { fill: var(--mute); } .ours { fill: var(--ours); } .peer { fill: var(--peer); }
  .spread { stroke: var(--text); stroke-width: 1.5; } .axis { stroke: var(--line); } .bold { font-weight: 600; }
"""


def seconds(value):
    """Three digits that count, in the unit that reads best."""
    if value < 1:
        value, unit = value * 1000, "ms"
    else:
        unit = "s"
    digits = max(0, 2 - int(math.floor(math.log10(value)))) if value > 0 else 0
    return f"{value:.{digits}f} {unit}"


def panel(title, ways, top):
    """The lines of one chart from `top` on, and where the next begins."""
    lines = [f'<text class="head" x="0" y="{top + 16}">{escape(title)}</text>']
    most = min(max(way.spread[1] for way in ways), LONGEST * statistics.median(way.median for way in ways))
    scale, full = (WIDTH - LEFT - RIGHT) / most, WIDTH - LEFT - RIGHT
    y = top + HEAD
    for way in sorted(ways, key=lambda one: one.median):
        length, low, high = (min(full, max(1.0, value * scale)) for value in (way.median, *way.spread))
        beyond = " \u00bb" if way.median > most else ""
        kind = "ours" if way.ours else "peer"
        bold = ' class="bold"' if way.ours else ""
        middle = y + ROW / 2
        lines += [f'<text{bold} x="{LEFT - 10}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(way.name)}</text>',
                  f'<rect class="{kind}" x="{LEFT}" y="{y + 4}" width="{length:.1f}" height="{ROW - 8}" rx="2"/>',
                  f'<line class="spread" x1="{LEFT + low:.1f}" x2="{LEFT + high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
                  f'<text class="mute" x="{LEFT + max(length, high) + 8:.1f}" y="{middle + 4.5:.1f}">{seconds(way.median)}{beyond}</text>']
        y += ROW
    lines.append(f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{top + HEAD}" y2="{y}"/>')
    return lines, y + GAP


def chart(panels, caption):
    """panels: (title, ways). Those without a time are left out; the page's table says why."""
    lines, top = [], 12
    for title, ways in panels:
        measured = [way for way in ways if way.median is not None]
        if measured:
            more, top = panel(title, measured, top)
            lines += more
    lines.append(f'<text class="mute" x="0" y="{top + 6}">{escape(caption)}</text>')
    height = top + 20
    body = "\n".join(lines)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 0 {WIDTH + 24} {height}" width="{WIDTH + 24}" height="{height}" role="img" '
            f'aria-label="Times of Cretula and other tools">\n<style>{STYLE}</style>\n'
            f'<rect x="-12" width="{WIDTH + 24}" height="{height}" style="fill: var(--paper)"/>\n{body}\n</svg>\n')
