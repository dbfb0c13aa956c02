"""Reads a graph as an edge list, measures igraph on it, prints one JSON line: best seconds of each measure, and the values."""

import json
import sys
import time

import igraph

path, nodes, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path) as file:
    edges = [tuple(map(int, line.split())) for line in file]
graph = igraph.Graph(n=nodes, edges=edges)

best = {}
values = {}
for _ in range(rounds):
    for name in ("betweenness", "closeness", "articulation_points", "eigenvector_centrality"):
        wall, processor = time.perf_counter(), time.process_time()
        values[name] = getattr(graph, name)()
        took = (time.perf_counter() - wall, time.process_time() - processor)
        best[name] = min(best.get(name, took), took)

# igraph says NaN for a node that reaches nobody.
values["closeness"] = [0 if value != value else value for value in values["closeness"]]
print(json.dumps({"version": igraph.__version__, "best": best, "values": values}))
