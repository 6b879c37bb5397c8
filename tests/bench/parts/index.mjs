// The parts of the benchmark, in the order in which they run.

/**
 * @typedef {object} Part
 * @property {string} about one sentence, for the report
 * @property {string} command what repeats it alone
 * @property {number} limitS after so long it has failed
 * @property {string[]} needs programs; without one of them it is left out
 */
const part = (name, limitS, about, needs = []) => [name, { about, limitS, needs, command: `sh tests/bench/run.sh ${name}` }];

/** @type {Record<string, Part>} */
export const parts = Object.fromEntries([
  part('warm', 240, 'The answer that is asked for most: thirty cached days with gzip, asked for by wrk, beside peers.', ['wrk', 'nginx']),
  part('stale', 90, 'The same thirty days while Calendly fails, and fresh, in the same rounds.', ['wrk']),
  part('cold', 90, 'Days nobody has asked for, from a Calendly that takes its time: time and calls.'),
  part('hold', 150, 'Connections that are open and say nothing, or a byte a second, and what others get meanwhile.', ['wrk', 'nginx']),
  part('live', 150, 'Open widgets that wait for changes: what they cost, and how soon all know of a booking.', ['wrk']),
  part('widget', 240, 'A first visit: bytes, and the first free time on screen, beside the same picker in React.', ['chromium']),
  part('growth', 150, 'Cost as work grows. An exponent of 1.0 is linear: ten times the work takes ten times as long.'),
  part('profile', 200, 'Where one warm answer goes, stage by stage, and what is left between it and the raw socket limit.', ['valgrind', 'callgrind_annotate', 'wrk']),
  part('caching', 90, 'npm\'s http-cache-tests against our public routes: which of them can be played, and how they come out.', ['nginx']),
]);
