"""`make bench`: every benchmark, one after the other, each in a process of its own."""

import subprocess
import sys

BENCHMARKS = ("log_order", "ami_throughput", "call_to_console", "fanout", "recommendation", "places", "duplicates")

failed = []
for name in BENCHMARKS:
    print(f"\n== {name}", flush=True)
    if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode:
        failed.append(name)
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
