// The offers of a campaign: those that wait for approval, those in force, and how different they are.
import { get, list, part, send } from './api.js';
import { bars, points } from './charts.js';
import { button, card, confirm, el, field, form, nothing, pill, select, table, tell, tiles } from './dom.js';
import { count, moment, money, number, percent } from './format.js';
import { depth, diversity, map } from './likeness.js';
import { may } from './session.js';
import { t, word } from './words.js';

const mapped = 150;
const decisions = 'POST /v1/campaigns/{id}/offers/{offer}/approve';
const tones = ['s1', 's2', 's3', 's4'];
const moods = { waiting: 'watch', approved: 'good', rejected: 'quiet' };

/** The reviews of a campaign's designed offers. */
export async function reviewsOf(campaign, signal) {
  const path = `/campaigns/${part(campaign)}/reviews`;
  const found = await get(path, signal);
  return found.reviews ?? list(path, signal);
}

async function decide(campaign, reviews, verb, again) {
  const text = verb === 'approve' ? t('Approve') : t('Reject');
  const wish = await confirm(
    reviews.length === 1
      ? `${text}: ${reviews[0].offer.title}`
      : t('{what}: {count} offers', { what: text, count: reviews.length }),
    [
      field(
        t('Note'),
        el('input', { name: 'note', maxlength: 1000, autocomplete: 'off' }),
        t('Kept with the decision'),
      ),
    ],
    text,
    { danger: verb === 'reject' },
  );
  if (!wish) return;
  let done = 0;
  try {
    for (const { offer } of reviews) {
      await send('POST', `/campaigns/${part(campaign)}/offers/${part(offer.id)}/${verb}`, { note: wish.note });
      done++;
    }
  } finally {
    if (done) tell(t('{what}: {count} done.', { what: text, count: done }));
    await again();
  }
}

function waiting(campaign, reviews, again) {
  const open = reviews.filter(one => one.status === 'waiting');
  const titles = new Map(reviews.map(one => [one.offer.id, one.offer.title]));
  return card(
    t('Waiting for approval'),
    table(
      t('Waiting for approval'),
      [
        { name: t('Offer'), cell: one => one.offer.title },
        { name: t('Kind'), cell: one => word(one.offer.kind) },
        { name: t('One use gives'), number: true, cell: one => money(one.cost) },
        { name: t('Expected for each issued'), number: true, cell: one => money(one.expectedCost) },
        {
          name: t('Margin left'),
          number: true,
          cell: one => (one.marginLeftBasisPoints === undefined ? '–' : percent(one.marginLeftBasisPoints / 10_000)),
        },
        {
          name: t('Most like'),
          cell: one =>
            one.nearest
              ? t('{offer}, {share} alike', {
                  offer: titles.get(one.nearest) ?? one.nearest,
                  share: percent(one.likeness, 0),
                })
              : '–',
        },
        {
          name: t('Decision'),
          cell: one =>
            may(decisions) &&
            el(
              'div',
              { class: 'act' },
              button(t('Approve'), () => decide(campaign, [one], 'approve', again), {
                strong: true,
                key: `approve ${one.offer.id}`,
                label: `${t('Approve')}: ${one.offer.title}`,
              }),
              button(t('Reject'), () => decide(campaign, [one], 'reject', again), {
                danger: true,
                key: `reject ${one.offer.id}`,
                label: `${t('Reject')}: ${one.offer.title}`,
              }),
            ),
        },
      ],
      open,
      t('Nothing waits. Designed offers wait here where the campaign says so: Change, Designed offers.'),
    ),
    {
      wide: true,
      beside:
        open.length > 1 &&
        may(decisions) &&
        button(t('Approve all {count}', { count: open.length }), () => decide(campaign, open, 'approve', again), {
          key: 'all',
        }),
    },
  );
}

function decided(reviews) {
  const done = reviews.filter(one => one.status !== 'waiting');
  return (
    done.length > 0 &&
    card(
      t('Decided'),
      table(
        t('Decided'),
        [
          { name: t('Offer'), cell: one => one.offer.title },
          { name: t('Decision'), cell: one => pill(word(one.status), moods[one.status]) },
          { name: t('When'), cell: one => (one.at ? moment(one.at) : '–') },
          { name: t('Note'), cell: one => one.note },
        ],
        done,
        '',
      ),
      { wide: true },
    )
  );
}

const tally = (offers, of) =>
  [...offers.flatMap(of).reduce((all, one) => all.set(one, (all.get(one) ?? 0) + 1), new Map())].sort(
    (a, b) => b[1] - a[1],
  );

const scopes = ({ scope: { items, categories, brands } }) => {
  const named = [...categories, ...brands, ...items];
  return named.length ? named : [t('whole cart')];
};

function picture(offers) {
  if (offers.length < 2)
    return card(t('Diversity'), nothing(t('It takes two offers in force to compare them.')), { wide: true });
  const shown = offers.slice(0, mapped);
  const kinds = tally(offers, one => [word(one.kind)]);
  const tone = offer =>
    tones[
      Math.min(
        tones.length - 1,
        kinds.findIndex(([kind]) => kind === word(offer.kind)),
      )
    ];
  const counted = entries =>
    bars(entries.slice(0, 8).map(([name, times]) => ({ name, value: times, text: count(times) })));
  return card(
    t('Diversity'),
    [
      tiles([
        [t('Offers in force'), count(offers.length), ''],
        [t('As diverse as'), number(diversity(shown), 1), t('offers with nothing in common')],
        [
          t('Depth'),
          percent(Math.max(...offers.map(depth)), 0),
          t('the deepest; the mean is {mean}', {
            mean: percent(offers.reduce((sum, one) => sum + depth(one), 0) / offers.length, 0),
          }),
        ],
      ]),
      el(
        'div',
        { class: 'grid' },
        el(
          'div',
          {},
          el('h3', {}, t('Map of the offers')),
          el(
            'p',
            { class: 'quiet' },
            t('Near is alike in kind, scope and depth; a larger dot is a deeper discount.'),
          ),
          points({
            title: t('Map of the offers'),
            height: 320,
            points: map(shown).map(({ offer, x, y }) => ({
              x,
              y,
              tone: tone(offer),
              size: 4 + 16 * Math.min(0.5, depth(offer)),
              name: `${offer.title} (${word(offer.kind)})`,
            })),
          }),
          el(
            'ul',
            { class: 'legend' },
            kinds
              .slice(0, tones.length)
              .map(([kind, times], place) =>
                el(
                  'li',
                  {},
                  el('span', { class: `swatch ${tones[place]}`, 'aria-hidden': 'true' }),
                  `${kind} ${count(times)}`,
                ),
              ),
          ),
        ),
        el(
          'div',
          {},
          el('h3', {}, t('Depths')),
          counted(tally(offers, one => [percent(depth(one), 0)])),
          el('h3', {}, t('What they are for')),
          counted(tally(offers, scopes)),
        ),
      ),
    ],
    { wide: true },
  );
}

function designer(campaign, again) {
  return form(
    { class: 'act' },
    async fields => {
      const made = await send('POST', `/campaigns/${part(campaign)}/design`, {
        count: Number(fields.count),
        seed: Number(fields.seed),
      });
      tell(t('{designed} designed, {added} of them new.', made));
      await again();
    },
    field(
      t('How many'),
      el('input', { name: 'count', type: 'number', min: 1, max: 1000, value: 20, required: true }),
    ),
    field(t('Seed'), el('input', { name: 'seed', type: 'number', min: 1, value: 1, required: true })),
    el('button', { class: 'strong' }, t('Design')),
  );
}

const inForce = (campaign, offers, again) =>
  card(
    t('Offers in force'),
    table(
      t('Offers in force'),
      [
        { name: t('Offer'), cell: one => one.title },
        { name: t('Kind'), cell: one => word(one.kind) },
        { name: t('Depth'), number: true, cell: one => (depth(one) ? percent(depth(one), 0) : '–') },
        { name: t('At least'), number: true, cell: one => (one.minimumSpend ? money(one.minimumSpend) : '–') },
        { name: t('At most'), number: true, cell: one => (one.cap ? money(one.cap) : '–') },
        {
          name: t('Source'),
          cell: one => (one.designedBy ? `${word(one.source)}, v${one.designedBy}` : word(one.source)),
        },
        {
          name: t('Act'),
          cell: one =>
            may('DELETE /v1/campaigns/{id}/offers/{offer}') &&
            button(
              t('Withdraw'),
              async () => {
                const yes = await confirm(
                  t('Withdraw {offer}', { offer: one.title }),
                  [el('p', {}, t('It is not issued any more; coupons in wallets stay valid.'))],
                  t('Withdraw'),
                  { danger: true },
                );
                if (!yes) return;
                await send('DELETE', `/campaigns/${part(campaign)}/offers/${part(one.id)}`);
                await again();
              },
              { key: `withdraw ${one.id}`, label: t('Withdraw {offer}', { offer: one.title }) },
            ),
        },
      ],
      offers,
      t('No offer is in force. Have some designed.'),
    ),
    { wide: true },
  );

/** The page without a campaign: what waits, by campaign. */
export async function offers(main, life) {
  const place = el('div', {});
  main.append(el('h1', { tabindex: -1 }, t('Offers')), place);
  await life.watch(
    place,
    async signal => {
      const all = (await list('/campaigns', signal)).filter(one => one.status !== 'archived');
      return Promise.all(
        all.map(async one => ({
          campaign: one,
          reviews: (await reviewsOf(one.id, signal)).map(review => review.status),
        })),
      );
    },
    found =>
      card(
        t('By campaign'),
        table(
          t('By campaign'),
          [
            {
              name: t('Campaign'),
              cell: ({ campaign }) => el('a', { href: `#/offers/${part(campaign.id)}` }, campaign.name),
            },
            { name: t('Status'), cell: ({ campaign }) => word(campaign.status) },
            {
              name: t('Designed offers'),
              cell: ({ campaign }) =>
                campaign.approval === 'review' ? t('wait for approval') : t('in force at once'),
            },
            {
              name: t('Waiting'),
              number: true,
              cell: ({ reviews }) => count(reviews.filter(one => one === 'waiting').length),
            },
            {
              name: t('Approved'),
              number: true,
              cell: ({ reviews }) => count(reviews.filter(one => one === 'approved').length),
            },
            {
              name: t('Rejected'),
              number: true,
              cell: ({ reviews }) => count(reviews.filter(one => one === 'rejected').length),
            },
          ],
          found,
          t('No campaign yet. Make one on the page of campaigns.'),
        ),
      ),
  );
}

/** The page of a campaign's offers. */
export async function offersOf(main, life, id) {
  const [place, chosen] = [el('div', { class: 'grid' }), el('div', { class: 'act' })];
  const head = el('h1', { tabindex: -1 }, t('Offers'));
  main.append(
    el(
      'p',
      { class: 'trail' },
      el('a', { href: '#/offers' }, t('Offers')),
      ' · ',
      el('a', { href: `#/campaigns/${part(id)}` }, t('Campaign')),
    ),
    el('div', { class: 'head' }, head, chosen),
    place,
  );
  let look = () => {};
  const again = () => look();
  look = await life.watch(
    place,
    async signal => {
      const [view, reviews] = await Promise.all([get(`/campaigns/${part(id)}`, signal), reviewsOf(id, signal)]);
      return { name: view.campaign.name, offers: view.offers, reviews };
    },
    known => {
      head.textContent = t('Offers of {name}', { name: known.name });
      return [
        waiting(id, known.reviews, again),
        picture(known.offers),
        inForce(id, known.offers, again),
        decided(known.reviews),
      ];
    },
  );
  if (place.querySelector('table, .plot, h2') && may('POST /v1/campaigns/{id}/design')) chosen.append(designer(id, again));
}
