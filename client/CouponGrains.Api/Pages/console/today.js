// How the shop stands today, and what asks for a person.
import { alarms, usedOf } from './alarms.js';
import { get, list, part, unready } from './api.js';
import { chart } from './charts.js';
import { card, el, nothing, pill, table, tiles } from './dom.js';
import { coins, count, major, money, percent, utcDate, utcDay } from './format.js';
import { budgetBar } from './budget.js';
import { modelsOf } from './models.js';
import { reviewsOf } from './offers.js';
import { may } from './session.js';
import { t, word } from './words.js';

const span = 30;
const dayLength = 86_400_000;

/** Active campaigns of which the course is asked for: those with the most of their budgets used. */
const coursesMost = 12;

async function read(signal) {
  const [reports, overview, models, drift, runs, active, budgets, asked, endpoints, why] = await Promise.all([
    get(`/reports/days?days=${span}`, signal),
    get('/overview', signal),
    modelsOf(signal),
    get('/models/drift', signal),
    list('/training-runs', signal),
    list('/campaigns?status=active', signal),
    list('/budgets?status=active', signal),
    list('/approvals', signal),
    may('GET /v1/webhook-endpoints') ? list('/webhook-endpoints', signal) : [],
    unready(signal),
  ]);
  const uses = new Map(budgets.map(use => [use.campaign, use]));
  const used = active
    .filter(campaign => uses.has(campaign.id))
    .map(campaign => ({ campaign, use: uses.get(campaign.id) }))
    .sort((a, b) => usedOf(b.use) - usedOf(a.use));
  const [courses, reviews] = await Promise.all([
    Promise.all(
      used.slice(0, coursesMost).map(({ campaign }) => get(`/campaigns/${part(campaign.id)}/course`, signal)),
    ),
    Promise.all(
      active
        .filter(campaign => campaign.approval === 'review')
        .map(async campaign => ({
          campaign,
          count: (await reviewsOf(campaign.id, signal)).filter(one => one.status === 'waiting').length,
        })),
    ),
  ]);
  const full = used.slice(coursesMost);
  return { reports, overview, models, drift, runs, full, asked, endpoints, unready: why, courses, waiting: reviews };
}

/** The last days of UTC, oldest first, and what happened on each, over all campaigns. */
export function byDay(reports, days) {
  const today = Math.floor(Date.now() / dayLength) * dayLength;
  const x = Array.from({ length: days }, (_, place) => today - (days - 1 - place) * dayLength);
  const sum = what =>
    x.map(at => reports.days.filter(one => Date.parse(one.day) === at).reduce((all, one) => all + what(one), 0));
  const currencies = [...new Set(reports.days.filter(one => one.given.minor).map(one => one.given.currency))];
  return { x, sum, currencies };
}

const mean = values => values.reduce((all, value) => all + value, 0) / Math.max(1, values.length);
const beside = values => t('{mean} a day in the week before', { mean: count(mean(values.slice(-8, -1))) });

function figures({ reports, overview, models, drift }) {
  const { sum, currencies } = byDay(reports, span);
  const [issued, redeemed] = [sum(one => one.issued), sum(one => one.redeemed)];
  const given = currency => sum(one => (one.given.currency === currency ? one.given.minor : 0));
  const inForce = models.models.find(model => model.version === models.current);
  const odd = Object.entries(overview.feedback ?? {}).sort((a, b) => b[1] - a[1]);
  const discount = currencies.map(currency => money({ minor: given(currency).at(-1), currency })).join(' + ');
  return tiles([
    [t('Issued today'), count(issued.at(-1)), beside(issued)],
    [t('Redeemed today'), count(redeemed.at(-1)), beside(redeemed)],
    [
      t('Discount given today'),
      discount || '–',
      currencies.length
        ? t('{mean} a day in the week before', {
            mean: currencies
              .map(currency => money({ minor: mean(given(currency).slice(-8, -1)), currency }))
              .join(' + '),
          })
        : t('nothing was given in {days} days', { days: span }),
    ],
    [
      t('Model in force'),
      models.current ? `v${models.current}` : t('none'),
      inForce?.metrics.users
        ? t('hit rate {rate}, popularity {base}', {
            rate: percent(inForce.metrics.hitRate10),
            base: percent(inForce.metrics.popularityHitRate10),
          })
        : t('ranked by popularity'),
    ],
    [
      t('Drift'),
      drift.days.length ? word(drift.days[0].level) : '–',
      drift.days.length ? utcDate(drift.days[0].day) : t('no day was measured yet'),
    ],
    [
      t('Events'),
      count(overview.events),
      odd.length
        ? t('{count} refused or odd, most: {what}', {
            count: count(odd.reduce((all, one) => all + one[1], 0)),
            what: word(odd[0][0]),
          })
        : t('none refused since the silo began'),
    ],
  ]);
}

function course(reports) {
  const { x, sum } = byDay(reports, span);
  const series = [
    { name: t('Issued'), tone: 's1', kind: 'bar', values: sum(one => one.issued) },
    { name: t('Redeemed'), tone: 's2', kind: 'bar', values: sum(one => one.redeemed) },
  ];
  const any = series.some(one => one.values.some(value => value));
  return card(
    t('Coupons by day'),
    chart({
      title: t('Coupons by day'),
      x,
      label: utcDay,
      series,
      format: count,
      empty: any ? undefined : t('No coupon in {days} days. Activate a campaign and push it.', { days: span }),
    }),
    { note: t('{days} days of UTC, all campaigns', { days: span }) },
  );
}

function discounts(reports) {
  const { x, sum, currencies } = byDay(reports, span);
  return currencies.map(currency =>
    card(
      t('Discount given by day'),
      chart({
        title: t('Discount given by day'),
        x,
        label: utcDay,
        format: coins(currency),
        series: [
          {
            name: t('Discount'),
            tone: 's3',
            kind: 'bar',
            values: sum(one => (one.given.currency === currency ? major(one.given.minor, currency) : 0)),
          },
        ],
      }),
      { note: t('{currency}, less what was rolled back', { currency }) },
    ),
  );
}

function warnings(known) {
  const found = alarms(known);
  return card(
    t('Alarms'),
    found.length
      ? el(
          'ul',
          { class: 'alarms' },
          found.map(one =>
            el(
              'li',
              { class: one.mood },
              pill(one.mood === 'bad' ? t('act') : t('watch'), one.mood),
              el('a', { href: one.href }, one.text),
            ),
          ),
        )
      : nothing(t('Nothing asks for you.')),
    { wide: true },
  );
}

/** How far a campaign is, and how far its money is. */
function plan({ courses, full }) {
  return card(
    t('Budget against plan'),
    table(
      t('Budget against plan'),
      [
        {
          name: t('Campaign'),
          cell: one => el('a', { href: `#/campaigns/${part(one.campaign.id)}` }, one.campaign.name),
        },
        { name: t('Used'), cell: budgetBar },
        {
          name: t('Expected at the end'),
          number: true,
          cell: one =>
            one.forecast.days
              ? money({
                  minor: one.forecast.expected.at(-1)?.minor ?? one.use.spent.minor,
                  currency: one.use.limit.currency,
                })
              : '–',
        },
        { name: t('Used up on'), cell: one => (one.forecast.exhaustedOn ? utcDate(one.forecast.exhaustedOn) : '–') },
      ],
      courses,
      t('No campaign is active. Make one and activate it.'),
    ),
    {
      wide: true,
      note: full.length
        ? t('The mark in a bar is where an even spend would be today. {count} more have used less.', {
            count: count(full.length),
          })
        : t('The mark in a bar is where an even spend would be today.'),
      beside: el('a', { href: '#/campaigns' }, t('All campaigns')),
    },
  );
}

/** The page. */
export async function today(main, life) {
  const place = el('div', {});
  main.append(el('h1', { tabindex: -1 }, t('Today')), place);
  await life.watch(place, read, known => [
    figures(known),
    el('div', { class: 'grid' }, warnings(known), course(known.reports), discounts(known.reports), plan(known)),
  ]);
}
