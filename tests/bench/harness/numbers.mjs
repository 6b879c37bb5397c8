// Medians, percentiles, and how they are written.

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : NaN;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of a[i] / b[i]: rounds are interleaved, so that a busy moment of the machine falls on both sides of a ratio. */
export const medianRatio = (a, b) => median(a.map((value, i) => value / b[i]));

export const fixed = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1') : '-');
export const whole = (value) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '-');
