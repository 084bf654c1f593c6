/** How far a share can be off when what is counted comes in clusters, such as the clients of one room. */

/** What one cluster counted: `part` of `whole`. */
export interface Cluster {
  readonly whole: number
  readonly part: number
}

/** The spread of fewer clusters is itself little more than chance. */
export const fewestClusters = 10

/**
 * The cluster-robust standard error of the share sum(part) / sum(whole), 0 to 1: clusters are independent of each
 * other, and nothing is assumed of what lies within one. It is that of a ratio estimator (Cochran, "Sampling
 * Techniques", 6.3): sqrt(n / (n - 1) sum((part - share whole)^2)) / sum(whole). Null with fewer than
 * {@link fewestClusters} clusters that counted anything, and for a share of 0 or 1: there the clusters do not differ, and
 * an error of 0 would claim a certainty that no sample gives.
 */
export function clusteredRatioError(clusters: readonly Cluster[]): number | null {
  const counted = clusters.filter(({ whole }) => whole > 0)
  const n = counted.length
  if (n < fewestClusters) return null
  const whole = counted.reduce((sum, each) => sum + each.whole, 0)
  const share = counted.reduce((sum, each) => sum + each.part, 0) / whole
  if (share === 0 || share === 1) return null
  const squares = counted.reduce((sum, each) => sum + (each.part - share * each.whole) ** 2, 0)
  return Math.sqrt((n / (n - 1)) * squares) / whole
}
