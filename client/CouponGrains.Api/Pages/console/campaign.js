// One campaign: where its budget is heading, what becomes of its coupons, and what can be done with it.
import { get, part, send, tagged } from './api.js';
import { approvals, approvalsOf } from './approvals.js';
import { burn } from './budget.js';
import { bars } from './charts.js';
import { moods } from './campaigns.js';
import { button, card, confirm, el, facts, field, form, nothing, pill, select, table, tell, tiles } from './dom.js';
import { count, day, major, minor, money, number, percent } from './format.js';
import { may } from './session.js';
import { sharedCodes } from './shared.js';
import { t, word } from './words.js';

const span = 366;
const steps = [
  ['exposed', 'Shown in lists'],
  ['issued', 'Issued'],
  ['viewed', 'Looked at'],
  ['claimed', 'Claimed'],
  ['redeemed', 'Redeemed'],
  ['rolledBack', 'Rolled back'],
  ['expired', 'Ran out'],
];

function funnel(reports, refusals, id) {
  const mine = reports.days.filter(one => one.campaign === id);
  const sum = name => mine.reduce((all, one) => all + one[name], 0);
  const issued = sum('issued');
  const entries = steps.map(([name, text]) => ({
    name: t(text),
    value: sum(name),
    tone: name === 'expired' || name === 'rolledBack' ? 's4' : 's1',
    text:
      issued && name !== 'exposed' && name !== 'issued'
        ? `${count(sum(name))} · ${percent(sum(name) / issued)}`
        : count(sum(name)),
  }));
  const refused = Object.entries(refusals.refused).sort((a, b) => b[1] - a[1]);
  return card(
    t('What becomes of its coupons'),
    [
      bars(entries),
      el('h3', {}, t('Why the checkout refused')),
      el('p', { class: 'quiet' }, t('Its coupons, {days} days', { days: span })),
      refused.length
        ? bars(
            refused.map(([reason, times]) => ({ name: word(reason), value: times, text: count(times), tone: 's3' })),
          )
        : nothing(t('Nothing was refused.')),
    ],
    { note: t('Shares are of those issued') },
  );
}

function figures({ campaign, use, forecast }) {
  const last = forecast.expected.at(-1);
  return tiles([
    [t('Spent'), money(use.spent), t('of {limit}', { limit: money(use.limit) })],
    [t('Left'), money(use.left), use.reservedMinor ? t('{amount} reserved', { amount: money(use.reserved) }) : ''],
    [t('Issued'), count(use.issued), ''],
    [t('Redeemed'), count(use.redeemed), use.issued ? percent(use.redeemed / use.issued) : ''],
    [
      t('Expected at the end'),
      last && forecast.days ? money({ minor: last.minor, currency: use.limit.currency }) : '–',
      last && forecast.days
        ? t('{low} to {high}', {
            low: money({ minor: last.lowMinor, currency: use.limit.currency }),
            high: money({ minor: last.highMinor, currency: use.limit.currency }),
          })
        : t('after the first full day'),
    ],
    [t('Until'), day(campaign.end), campaign.timeZone],
  ]);
}

const moves = {
  draft: [
    ['activate', 'Activate'],
    ['archive', 'Archive'],
  ],
  active: [
    ['pause', 'Pause'],
    ['archive', 'Archive'],
  ],
  paused: [
    ['activate', 'Activate'],
    ['archive', 'Archive'],
  ],
  archived: [],
};
const told = {
  activate: 'Coupons are issued from now on, inside its window.',
  pause: 'Nothing is issued for now; coupons in wallets stay valid.',
  archive: 'It ends for good. This cannot be taken back.',
};

const moving = (campaign, again) =>
  moves[campaign.status]
    .filter(([verb]) => may(`POST /v1/campaigns/{id}/${verb}`))
    .map(([verb, text]) =>
    button(
      t(text),
      async () => {
        const yes = await confirm(`${t(text)}: ${campaign.name}`, [el('p', {}, t(told[verb]))], t(text), {
          danger: verb === 'archive',
        });
        if (!yes) return;
        try {
          await send('POST', `/campaigns/${part(campaign.id)}/${verb}`);
          tell(t('{name}: done.', { name: campaign.name }));
        } finally {
          await again(); // It may have been asked of a second person.
        }
      },
      { strong: verb === 'activate', danger: verb === 'archive', key: verb },
    ),
  );

const input = (name, type, value, more = {}) => el('input', { name, type, value, autocomplete: 'off', ...more });

/** The fields that are changed most; the rest stands in the API. */
async function change(id, again) {
  const {
    value: { campaign },
    tag,
  } = await tagged(`/campaigns/${part(id)}`);
  const { currency } = campaign.budget;
  const wish = await confirm(
    t('Change {name}', { name: campaign.name }),
    [
      field(t('Name'), input('name', 'text', campaign.name, { required: true, maxlength: 200 })),
      field(t('End'), input('end', 'datetime-local', campaign.end.slice(0, 16), { required: true }), 'UTC'),
      field(
        `${t('Budget')}, ${currency}`,
        input('budget', 'number', major(campaign.budget.minor, currency), { required: true, min: 0, step: 'any' }),
      ),
      field(
        t('Redemptions at most'),
        input('redemptionsMax', 'number', campaign.redemptionsMax ?? '', { min: 1 }),
        t('empty: no limit'),
      ),
      field(
        t('Open coupons of a user'),
        input('openPerUser', 'number', campaign.caps.openPerUser, { min: 1, required: true }),
      ),
      field(
        t('Share chosen at random'),
        input('exploration', 'number', campaign.ranking.exploration, { min: 0, max: 1, step: 'any', required: true }),
      ),
      field(
        t('Designed offers'),
        select(
          { name: 'approval' },
          [
            ['automatic', t('in force at once')],
            ['review', t('wait for approval')],
          ],
          campaign.approval,
        ),
      ),
    ],
    t('Change'),
  );
  if (!wish) return;
  await send(
    'PATCH',
    `/campaigns/${part(id)}`,
    {
      name: wish.name.trim(),
      end: `${wish.end}${wish.end.length === 16 ? ':00' : ''}Z`,
      budget: { minor: minor(wish.budget, currency), currency },
      redemptionsMax: wish.redemptionsMax === '' ? null : Number(wish.redemptionsMax),
      approval: wish.approval,
      caps: { openPerUser: Number(wish.openPerUser) },
      ranking: { exploration: Number(wish.exploration) },
    },
    tag,
  );
  tell(t('{name} is changed.', { name: wish.name }));
  await again();
}

function simulated(found) {
  return [
    tiles([
      [t('Users tried'), count(found.users), t('{count} addressed', { count: count(found.addressed) })],
      [t('With an offer'), count(found.offered), found.addressed ? percent(found.offered / found.addressed) : ''],
      [t('Redemptions to expect'), number(found.redemptions, 1), ''],
      [t('Discount to expect'), money(found.spend), t('{amount} left', { amount: money(found.left) })],
    ]),
    table(
      t('Offers of the simulation'),
      [
        { name: t('Offer'), cell: one => one.title },
        { name: t('Users'), number: true, cell: one => count(one.users) },
        { name: t('Redemptions'), number: true, cell: one => number(one.redemptions, 2) },
        { name: t('Discount'), number: true, cell: one => money(one.spend) },
      ],
      found.offers.slice(0, 20),
      t('Nobody would get an offer: look at audience, window and offers.'),
    ),
  ];
}

function simulation(id) {
  const result = el('div', { 'aria-live': 'polite' });
  const users = input('users', 'number', 200, { min: 1, max: 1000, required: true });
  return card(
    t('Try it out'),
    [
      form(
        { class: 'act' },
        async fields => {
          result.replaceChildren(
            el('p', { class: 'quiet' }, t('Ranking for {users} users …', { users: fields.users })),
          );
          try {
            const found = await send('POST', `/campaigns/${part(id)}/simulate`, { users: Number(fields.users) });
            result.replaceChildren(...simulated(found));
          } catch (error) {
            result.replaceChildren(nothing(error.message));
          }
        },
        field(t('Users'), users),
        el('button', {}, t('Simulate')),
      ),
      result,
    ],
    {
      wide: true,
      note: t('What it would do if each user of a sample were issued what suits him best. Issues nothing.'),
    },
  );
}

/** A push to everybody, whose progress is shown until it is done. */
function waves(id, life) {
  const result = el('div', { 'aria-live': 'polite' });
  const name = input('name', 'text', '', { required: true, maxlength: 128 });
  return card(
    t('Push to everybody'),
    [
      form(
        { class: 'act' },
        async fields => {
          const yes = await confirm(
            `${t('Push to everybody')}: ${fields.name}`,
            [el('p', {}, t('Each user of the audience is issued a coupon now. What is issued cannot be called back at once.'))],
            t('Push'),
          );
          if (!yes) return;
          let wave = await send('POST', `/campaigns/${part(id)}/waves`, { name: fields.name });
          while (life.goesOn) {
            result.replaceChildren(
              el(
                'p',
                {},
                t('{seen} users looked at, {issued} coupons issued.', {
                  seen: count(wave.seen),
                  issued: count(wave.issued),
                }),
                ' ',
                pill(wave.done ? t('done') : t('goes on'), wave.done ? 'good' : ''),
              ),
            );
            if (wave.done) break;
            await new Promise(wake => setTimeout(wake, 1_000));
            wave = await get(`/campaigns/${part(id)}/waves/${part(fields.name)}`, life.signal);
          }
        },
        field(t('Name of the wave'), name),
        el('button', {}, t('Push')),
      ),
      result,
    ],
    { note: t('Issues to each user of the audience the offer that suits him best; a name is pushed once.') },
  );
}

const depths = ({ depthMinBasisPoints: from, depthMaxBasisPoints: to }) =>
  `${percent(from / 10_000, 0)} – ${percent(to / 10_000, 0)}`;

const rules = campaign =>
  card(
    t('Rules'),
    facts([
      [t('Window'), `${day(campaign.start)} – ${day(campaign.end)}`],
      [t('Time zone'), campaign.timeZone],
      [t('Revision'), campaign.revision],
      [
        t('Audience'),
        [
          ...Object.entries(campaign.audience.attributes).map(
            ([name, values]) => `${word(name)}: ${values.join(', ')}`,
          ),
          campaign.audience.ordersMin !== undefined &&
            t('from {count} orders', { count: campaign.audience.ordersMin }),
          campaign.audience.ordersMax !== undefined &&
            t('up to {count} orders', { count: campaign.audience.ordersMax }),
        ]
          .filter(Boolean)
          .join('; ') || t('everybody'),
      ],
      [t('A user holds at most'), count(campaign.caps.openPerUser)],
      [t('A user redeems at most'), count(campaign.caps.redeemedPerUser)],
      [t('One redemption gives at most'), money(campaign.guardrails.cap)],
      [t('Depth'), depths(campaign.guardrails)],
      [t('Kinds'), campaign.guardrails.kinds.map(word).join(', ')],
      [t('Ranked by'), word(campaign.ranking.objective)],
      [t('Share chosen at random'), percent(campaign.ranking.exploration)],
      [t('Designed offers'), campaign.approval === 'review' ? t('wait for approval') : t('in force at once')],
    ]),
  );

const offers = shown =>
  card(
    t('Offers in force'),
    table(
      t('Offers in force'),
      [
        { name: t('Offer'), cell: one => one.title },
        { name: t('Kind'), cell: one => word(one.kind) },
        { name: t('From'), cell: one => word(one.source) },
      ],
      shown.slice(0, 50),
      t('No offer is in force. Have some designed on the page of offers.'),
    ),
    {
      wide: true,
      beside:
        shown.length > 50 &&
        el('span', { class: 'quiet' }, t('the first {count} of {all}', { count: 50, all: count(shown.length) })),
    },
  );

/** The page. */
export async function campaign(main, life, id) {
  const head = el('div', {});
  const place = el('div', {});
  const still = el('div', { class: 'grid' });
  main.append(head, place, still);
  let look = () => {};
  const again = () => look();
  look = await life.watch(
    place,
    async signal => {
      const [course, reports, refusals, view, asked] = await Promise.all([
        get(`/campaigns/${part(id)}/course`, signal),
        get(`/reports/days?days=${span}`, signal),
        get(`/campaigns/${part(id)}/refusals?days=${span}`, signal),
        get(`/campaigns/${part(id)}`, signal),
        approvalsOf(id, signal),
      ]);
      return { course, reports, refusals, offers: view.offers, asked };
    },
    ({ course, reports, refusals, offers: shown, asked }) => {
      head.replaceChildren(
        el('p', { class: 'trail' }, el('a', { href: '#/campaigns' }, t('Campaigns'))),
        el(
          'div',
          { class: 'head' },
          el(
            'h1',
            { tabindex: -1 },
            course.campaign.name,
            ' ',
            pill(word(course.campaign.status), moods[course.campaign.status]),
          ),
          el(
            'div',
            { class: 'act' },
            course.campaign.status !== 'archived' &&
              may('PATCH /v1/campaigns/{id}') &&
              button(t('Change'), () => change(id, again), { key: 'change' }),
            moving(course.campaign, again),
            el('a', { class: 'button', href: `#/offers/${part(id)}` }, t('Offers')),
          ),
        ),
      );
      return [
        figures(course),
        el('div', { class: 'grid' }, approvals(asked, again), burn(course), funnel(reports, refusals, id), rules(course.campaign), offers(shown)),
      ];
    },
  );
  const trials = [
    may('POST /v1/campaigns/{id}/simulate') && simulation(id),
    may('POST /v1/campaigns/{id}/waves') && waves(id, life),
    sharedCodes(id, life),
  ];
  if (head.childElementCount) still.append(...trials.filter(Boolean));
  else head.append(el('h1', { tabindex: -1 }, id));
}
