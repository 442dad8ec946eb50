"""All benchmarks, one after another, or those named on the command line."""

from __future__ import annotations

import importlib
import sys

ALL = ("bench_import", "bench_pages", "bench_methods", "bench_loss")

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        sys.stdout.write(f"\n== {name}\n")
        importlib.import_module(f"benchmarks.{name}").main()
