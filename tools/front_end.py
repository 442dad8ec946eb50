"""Copy the front-end parts the pages use out of node_modules, and build the icon sprite."""

import gzip
import re
import shutil
import sys
from pathlib import Path

PARTS = (
    "@tabler/core/dist/css/tabler.min.css",
    "echarts/dist/echarts.min.js",
    "htmx.org/dist/htmx.min.js",
)
LICENCES = {
    "tabler-icons": "@tabler/icons/LICENSE",
    "echarts": "echarts/LICENSE",
    "htmx": "htmx.org/LICENSE",
}
ICONS = (
    "adjustments",
    "alert-triangle",
    "arrow-left",
    "bell",
    "building",
    "calendar-event",
    "certificate",
    "chart-histogram",
    "clipboard-check",
    "clock",
    "database",
    "device-mobile",
    "download",
    "file-text",
    "gauge",
    "help-circle",
    "hierarchy-2",
    "history",
    "hourglass",
    "inbox",
    "info-circle",
    "layout-dashboard",
    "list-check",
    "lock",
    "logout",
    "mail",
    "menu-2",
    "message-2",
    "printer",
    "report",
    "route",
    "scale",
    "school",
    "search",
    "server-2",
    "settings",
    "shield-check",
    "table",
    "target-arrow",
    "tool",
    "upload",
    "user",
    "users",
)
_LAST_LINE = re.compile(r"\s*/[/*]# sourceMappingURL=.*\s*$")
_ELEMENT = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*>")


def main(parts: Path, to: Path) -> None:
    """Fill ``to`` from the installed packages in ``parts``."""
    shutil.rmtree(to, ignore_errors=True)
    (to / "licences").mkdir(parents=True)
    for part in PARTS:
        text = (parts / part).read_text(encoding="utf-8")
        # The maps stay behind, so nothing may point at them.
        _write(to / Path(part).name, _LAST_LINE.sub("\n", text))
    for name, licence in LICENCES.items():
        shutil.copyfile(parts / licence, to / "licences" / f"{name}.txt")
    _write(to / "icons.svg", sprite(parts / "@tabler/icons/icons/outline"))


def _write(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    path.write_bytes(data)
    # The server sends the small one to every browser that can read it.
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(data, mtime=0))


def sprite(icons: Path) -> str:
    """One SVG file with a symbol for each icon."""
    symbols = "\n".join(_symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str, drawing: str) -> str:
    shapes = "".join(shape for shape in _ELEMENT.findall(drawing) if 'stroke="none"' not in shape)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
