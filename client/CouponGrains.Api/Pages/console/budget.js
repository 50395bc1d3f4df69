// A budget in one line, and over its days.
import { chart } from './charts.js';
import { card, el } from './dom.js';
import { coins, major, money, percent, utcDate, utcDay } from './format.js';
import { t } from './words.js';

/** The part of a campaign's time that is over, 0 to 1. */
export function elapsed(campaign) {
  const [start, end] = [Date.parse(campaign.start), Date.parse(campaign.end)];
  return Math.max(0, Math.min(1, (Date.now() - start) / (end - start || 1)));
}

/** What is used of a budget, with a mark where an even spend would be today. */
export function budgetBar({ campaign, use }) {
  const share = use.limit.minor > 0 ? use.spent.minor / use.limit.minor : 0;
  const due = elapsed(campaign);
  const track = el(
    'div',
    { class: 'budget', 'aria-hidden': 'true' },
    el('i', { class: share >= 1 ? 'bad' : share >= 0.8 ? 'watch' : undefined }),
    el('b', {}),
  );
  track.style.setProperty('--share', `${Math.min(100, share * 100)}%`);
  track.style.setProperty('--due', `${due * 100}%`);
  return el(
    'div',
    { class: 'used' },
    track,
    el(
      'span',
      {},
      t('{spent} of {limit}, {share}; time {due}', {
        spent: money(use.spent),
        limit: money(use.limit),
        share: percent(share, 0),
        due: percent(due, 0),
      }),
    ),
  );
}

const dayLength = 86_400_000;
const [backMost, aheadMost] = [90, 90];

const midnight = instant => Math.floor(Date.parse(instant) / dayLength) * dayLength;

/** The days of a burn-down, and what is and will be left at the end of each. */
export function burnDown({ campaign, use, days, forecast }) {
  const { currency } = use.limit;
  const expected = new Map(forecast.expected.map(one => [Date.parse(one.day), one]));
  const today = forecast.expected.length ? Date.parse(forecast.expected[0].day) : midnight(new Date().toISOString());
  const [first, last] = [midnight(campaign.start), midnight(campaign.end)];
  const [from, to] = [Math.max(first, today - backMost * dayLength), Math.min(last, today + aheadMost * dayLength)];
  const x = Array.from({ length: Math.max(1, (to - from) / dayLength + 1) }, (_, place) => from + place * dayLength);
  const left = amount => major(use.limit.minor - amount, currency);
  const used = at =>
    days.filter(one => Date.parse(one.day) <= at).reduce((sum, one) => sum + one.spentMinor + one.reservedMinor, 0);
  const ahead = pick =>
    x.map(at =>
      !forecast.days
        ? null
        : at === today
          ? left(used(at))
          : expected.has(at) && at > today
            ? left(pick(expected.get(at)))
            : null,
    );
  const even = at =>
    major(use.limit.minor, currency) * (1 - Math.min(1, (at + dayLength - first) / (last + dayLength - first)));
  return {
    x,
    today: x.includes(today) ? x.indexOf(today) : undefined,
    left: x.map(at => (at <= today ? left(used(at)) : null)),
    expected: ahead(one => one.minor),
    low: ahead(one => one.highMinor),
    high: ahead(one => one.lowMinor),
    even: x.map(even),
  };
}

/** Where the budget is heading. */
export function burn(course) {
  const drawn = burnDown(course);
  const { forecast, use } = course;
  const note = !forecast.days
    ? t('The forecast begins after the first full day.')
    : forecast.exhaustedOn
      ? t('Used up on {day}, if the days to come are like the last {days}.', {
          day: utcDate(forecast.exhaustedOn),
          days: forecast.days,
        })
      : t('It lasts, if the days to come are like the last {days}: {mean} a day.', {
          days: forecast.days,
          mean: money({ minor: Math.round(forecast.dayMinor), currency: use.limit.currency }),
        });
  return card(
    t('Budget left'),
    chart({
      title: t('Budget left'),
      x: drawn.x,
      label: utcDay,
      format: coins(use.limit.currency),
      today: drawn.today,
      height: 260,
      series: [
        { name: t('90 of 100 cases'), tone: 's1', kind: 'band', low: drawn.low, high: drawn.high },
        { name: t('Even spend'), tone: 's4', kind: 'dash', values: drawn.even },
        { name: t('Expected'), tone: 's1', kind: 'dash', values: drawn.expected },
        { name: t('Left'), tone: 's1', kind: 'line', values: drawn.left },
      ].filter(one => forecast.days || one.values?.some(value => value !== null)),
    }),
    { wide: true, note },
  );
}
