// How alike offers are, and a map on which like ones are near.

const depth = offer =>
  offer.percentBasisPoints
    ? offer.percentBasisPoints / 10_000
    : offer.amount && offer.minimumSpend?.minor
      ? offer.amount.minor / offer.minimumSpend.minor
      : 0;

const scope = ({ scope: { items = [], categories = [], brands = [] } }) =>
  new Set([...items.map(one => `i ${one}`), ...categories.map(one => `c ${one}`), ...brands.map(one => `b ${one}`)]);

/** What an offer takes off, as a share. */
export { depth };

/** How alike two offers are, 0 to 1: a third each for the same kind, the share of scope in common, and like depth. */
export function likeness(a, b) {
  const [one, other] = [scope(a), scope(b)];
  const common = [...one].filter(part => other.has(part)).length;
  const all = one.size + other.size - common;
  const deep = Math.max(0, 1 - Math.abs(depth(a) - depth(b)) / 0.3);
  return ((a.kind === b.kind ? 1 : 0) + (all === 0 ? 1 : common / all) + deep) / 3;
}

/**
 * Leinster and Cobbold (2012), order 1: how many offers with nothing in common would be as diverse as these. With
 * p_i = 1/n it is exp(-sum_i p_i ln sum_j p_j Z_ij), Z the likenesses; from 1 (all the same) to n.
 */
export function diversity(offers) {
  const n = offers.length;
  const logs = offers.map(a => Math.log(offers.reduce((sum, b) => sum + likeness(a, b), 0) / n));
  return n ? Math.exp(-logs.reduce((sum, log) => sum + log, 0) / n) : 0;
}

/** The largest eigenvector of a symmetric matrix, by power iteration, and its value. */
function leading(matrix) {
  let vector = matrix.map((_, place) => 1 + (place % 7) / 7);
  let value = 0;
  for (let step = 0; step < 200; step++) {
    const next = matrix.map(row => row.reduce((sum, entry, place) => sum + entry * vector[place], 0));
    value = Math.hypot(...next) || 1e-12;
    vector = next.map(entry => entry / value);
  }
  return { value, vector };
}

/** Classical scaling (Torgerson 1952): places in a plane whose distances are close to those of 1 - likeness. */
export function map(offers) {
  const n = offers.length;
  const squares = offers.map(a => offers.map(b => (1 - likeness(a, b)) ** 2));
  const rows = squares.map(row => row.reduce((sum, entry) => sum + entry, 0) / n);
  const all = rows.reduce((sum, entry) => sum + entry, 0) / n;
  let centred = squares.map((row, i) => row.map((entry, j) => -0.5 * (entry - rows[i] - rows[j] + all)));
  const axes = [0, 1].map(() => {
    const { value, vector } = leading(centred);
    centred = centred.map((row, i) => row.map((entry, j) => entry - value * vector[i] * vector[j]));
    return vector.map(entry => entry * Math.sqrt(value));
  });
  return offers.map((offer, place) => ({ offer, x: axes[0][place], y: axes[1][place] }));
}
