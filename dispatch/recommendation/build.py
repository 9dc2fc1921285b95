"""Builds the road graph of a centre from an extract and says what it is like."""

from datetime import datetime
from pathlib import Path

from dispatch.recommendation import graph
from dispatch.recommendation.extract import BrokenExtract, read_extract
from dispatch.recommendation.notes import CUT_SHARE
from dispatch.recommendation.roads import Network
from dispatch.recommendation.routing import GRAPH_FILE
from dispatch.recommendation.speeds import ZONE, shipped

__all__ = ["BrokenExtract", "build"]


def build(file: Path, data_dir: Path, now: datetime) -> str:
    """Write the graph; gives what to tell the operator. Raises BrokenExtract, and then the old graph stays."""
    roads = read_extract(file, now)
    outside = Network(roads, shipped().slot(now)).outside_share
    graph.save(roads, data_dir / GRAPH_FILE)
    km = roads.length_m[roads.fixed_s == 0].sum() / 1000
    day = roads.source_at.astimezone(ZONE).date().isoformat()
    lines = [
        f"{roads.nodes} nodes, {km:.0f} km of lanes, {int((roads.fixed_s > 0).sum())} ferry crossings, as of {day}"
    ]
    if outside > CUT_SHARE:
        lines.append(f"WARNING: {outside:.0%} of the roads are not joined to the largest part of the network")
    return "\n".join(lines)
