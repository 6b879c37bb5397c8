// Medians, percentiles, spreads, and how they are written.

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : NaN;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** a[i] / b[i]: rounds are interleaved, so that a busy moment of the machine falls on both sides of a ratio. */
export const ratios = (a, b) => a.map((value, i) => value / b[i]);
export const medianRatio = (a, b) => median(ratios(a, b));

export const fixed = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1') : '-');
export const whole = (value) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '-');

/** "1.02 (0.97 to 1.10)": the median, the least and the most of all rounds. */
export const spread = (values, digits = 2) =>
  values.length > 1 ? `${fixed(median(values), digits)} (${fixed(Math.min(...values), digits)} to ${fixed(Math.max(...values), digits)})` : fixed(values[0], digits);

/** Rounds to make: BENCH_ROUNDS for a quick look or a long one, else what the part usually makes. */
export function roundsOr(usual) {
  const text = process.env.BENCH_ROUNDS;
  if (!text) return usual;
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error(`BENCH_ROUNDS is "${text}"; it takes a number from 1 to 999`);
  return Number(text);
}
