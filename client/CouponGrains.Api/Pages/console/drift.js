// How far the shop has moved from what the model in force was trained on, and whether its probabilities come true.
import { chart, points } from './charts.js';
import { card, el, nothing, pill, table } from './dom.js';
import { count, fixed, percent, utcDate, utcDay } from './format.js';
import { t, word } from './words.js';

const days = 30;
const moods = { stable: 'good', watch: 'watch', moved: 'bad', too_few: 'quiet' };
const tones = ['s1', 's2', 's3', 's4', 's5', 's6'];

/** The population stability index of each feature, by day. */
export function drift({ days: measured }) {
  const shown = measured.slice(0, days).reverse();
  const names = [...new Set(shown.flatMap(one => one.features.map(feature => feature.name)))].sort();
  const values = name => shown.map(one => one.features.find(feature => feature.name === name)?.index ?? null);
  const series = names
    .map((name, place) => ({
      name: word(name),
      tone: tones[place % tones.length],
      kind: 'line',
      values: values(name),
    }))
    .filter(one => one.values.some(value => value !== null));
  return card(
    t('Drift'),
    [
      chart({
        title: t('Drift'),
        x: shown.map(one => one.day),
        label: utcDay,
        series,
        format: value => fixed(value),
        axis: value => value.toFixed(2),
        limits: [
          { value: 0.1, name: t('watch') },
          { value: 0.25, name: t('moved') },
        ],
        empty: series.length
          ? undefined
          : t('No day has enough events yet. A day is measured once it is over, or now by the button above.'),
      }),
      shown.length > 0 &&
        table(
          t('Days measured'),
          [
            { name: t('Day'), cell: one => utcDate(one.day) },
            { name: t('Events'), number: true, cell: one => count(one.events) },
            { name: t('Level'), cell: one => pill(word(one.level), moods[one.level]) },
            ...names.map(name => ({
              name: word(name),
              number: true,
              cell: one => fixed(one.features.find(feature => feature.name === name)?.index),
            })),
          ],
          [...shown].reverse(),
          '',
        ),
    ],
    { wide: true, note: t('Population stability index of each feature, day by day of UTC; below 0.1 is stable') },
  );
}

/** Expected against observed redemptions, a point for each bin of probabilities. */
function reliability(title, all, note) {
  const bins = all
    .filter(bin => bin.issues > 0)
    .map(bin => ({ x: bin.expected / bin.issues, y: bin.observed / bin.issues, bin }));
  const most = Math.max(...bins.flatMap(({ x, y }) => [x, y]), 0.01) * 1.1;
  const largest = Math.max(...bins.map(({ bin }) => bin.issues));
  const axis = name => ({ name, max: most, format: value => percent(value) });
  return card(
    title,
    points({
      title,
      diagonal: true,
      square: true,
      across: axis(t('expected')),
      up: axis(t('observed')),
      points: bins.map(({ x, y, bin }) => ({
        x,
        y,
        tone: 's1',
        size: 4 + 8 * Math.sqrt(bin.issues / largest),
        name: t('{issues} issues: expected {expected}, observed {observed}', {
          issues: count(bin.issues),
          expected: percent(x),
          observed: percent(y),
        }),
      })),
    }),
    { note },
  );
}

/** What was expected of issues against what came of them. */
export function calibration({ days: measured }) {
  const known = measured.find(one => one.calibration.issues > 0);
  return known
    ? reliability(
        t('Calibration'),
        known.calibration.bins,
        t('{issues} settled issues, expected calibration error {error}; on the line it comes true', {
          issues: count(known.calibration.issues),
          error: fixed(known.calibration.error),
        }),
      )
    : card(
        t('Calibration'),
        nothing(t('No day of issues is settled yet: 95 of 100 coupons must be redeemed or run out.')),
      );
}

/** The same of the model in force on the issues that were held out when it was trained. */
export function heldOut({ current, models }) {
  const known = models.find(one => one.version === current)?.metrics.response;
  const title = t('Calibration when it was trained');
  return known?.bins?.length
    ? reliability(
        title,
        known.bins,
        t('{issues} issues held out, expected calibration error {error}; on the line it comes true', {
          issues: count(known.issues),
          error: fixed(known.calibrationError),
        }),
      )
    : card(title, nothing(t('The model in force has no response model that was measured on issues held out.')));
}

/** What came of each model's coupons. */
export function outcomes({ days: measured }) {
  const known = measured.find(one => one.outcomes.length > 0);
  return card(
    t('Outcomes by model'),
    table(
      t('Outcomes by model'),
      [
        { name: t('Model'), cell: one => `v${one.model}` },
        { name: t('Issued'), number: true, cell: one => count(one.issued) },
        { name: t('Redeemed'), number: true, cell: one => count(one.redeemed) },
        { name: t('Rate'), number: true, cell: one => (one.issued ? percent(one.redeemed / one.issued) : '–') },
        { name: t('Chosen at random'), number: true, cell: one => count(one.explored) },
        {
          name: t('The best alone'),
          number: true,
          cell: one => (!one.best?.choices ? '–' : percent(one.best.selfNormalised)),
        },
      ],
      known?.outcomes ?? [],
      t('No day of issues is settled yet.'),
    ),
    {
      note: t('The last column is the estimate for issuing the best without exploration'),
    },
  );
}
