import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

const Ranked = z.array(z.tuple([z.string(), z.number()]))

/** Krackhardt's four, 0 to 1 (defined in `krackhardt.ts`); null where the network is too large to count all pairs. */
export const Krackhardt = z.object({
  connectedness: z.number(),
  hierarchy: z.number().nullable(),
  efficiency: z.number(),
  least_upper_boundedness: z.number().nullable(),
})

/** A finding names who, why it matters and what would mend it. */
export const NetworkFinding = z.object({
  kind: z.enum(['isolated', 'cut-point', 'bridge', 'parts', 'one-way']),
  who: z.array(z.string()),
  why: z.string(),
  mend: z.string(),
})
export type NetworkFinding = z.infer<typeof NetworkFinding>

/** Unweighted; names are the nodes'. Betweenness is not normalised, rounded to four places; directed or undirected as its name says. */
export const Analysis = z.object({
  nodes: z.number().int(),
  arcs: z.number().int(),
  undirected_edges: z.number().int(),
  density_directed: z.number(),
  density_undirected: z.number(),
  reciprocity: z.number(),
  weak_component_sizes: z.array(z.number().int()),
  strong_components: z.number().int(),
  isolates: z.array(z.string()),
  avg_clustering_undirected: z.number(),
  transitivity_undirected: z.number(),
  diameter_largest_weak: z.number().int(),
  avg_path_length_largest_weak: z.number(),
  articulation_points: z.array(z.string()),
  bridges: z.array(z.tuple([z.string(), z.string()])),
  max_core: z.number().int(),
  top_betweenness_directed: Ranked,
  top_betweenness_undirected: Ranked,
  top_indegree: Ranked,
  top_outdegree: Ranked,
  top_closeness: Ranked,
  top_eigenvector: Ranked,
  /** Links in and out: how many others each must keep in touch with. */
  top_load: Ranked,
  /** Steps to the farthest that it can reach at all. */
  top_farthest: Ranked,
  krackhardt: Krackhardt,
  freq_counts: z.record(z.string(), z.number().int()),
  findings: z.array(NetworkFinding),
  /** Lines that could not be read or were left out, with why. */
  lines: z.array(z.string()),
})
export type Analysis = z.infer<typeof Analysis>

export const analyse = query('structure.analyse', {
  who: 'person',
  summary: 'Analyse a network given as two CSV tables (from, to, frequency; id, name): who is isolated, a cut point, on every way.',
  input: z.object({ edges: z.string().max(20_000_000), nodes: z.string().max(20_000_000).optional() }),
  output: Analysis,
})
