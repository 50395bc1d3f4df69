// One user: who he is, what suits him, what he holds, and what was decided for him. Live.
import { get, list, listen, page, part, send } from './api.js';
import { bars } from './charts.js';
import { attempt, button, card, confirm, el, facts, field, nothing, older, redraw, table, tell } from './dom.js';
import { count, day, fixed, moment, money } from './format.js';
import { learn, titleOf } from './items.js';
import { decisions } from './reasons.js';
import { stage } from './stage.js';
import { finder } from './users.js';
import { may } from './session.js';
import { t, word } from './words.js';

const at = id => `/users/${part(id)}`;

function profile(known) {
  const kinds = Object.entries(known.kinds).sort((a, b) => b[1].count - a[1].count);
  const categories = Object.entries(known.categories)
    .sort((a, b) => b[1].count - a[1].count)
    .slice(0, 8);
  return card(
    t('Profile'),
    [
      facts([
        [t('Orders'), count(known.orders)],
        [t('Spent'), known.spent.map(money).join(' + ') || '–'],
        ...Object.entries(known.attributes).map(([name, value]) => [word(name), value]),
        [t('Personalised'), known.consent ? t('yes') : t('no, the user objected')],
        [t('Model'), known.model ? `v${known.model}` : '–'],
      ]),
      kinds.length > 0 && [
        el('h3', {}, t('What he did')),
        bars(kinds.map(([kind, one]) => ({ name: word(kind), value: one.count, text: count(one.count) }))),
      ],
      categories.length > 0 && [
        el('h3', {}, t('Categories')),
        bars(categories.map(([name, one]) => ({ name, value: one.count, text: count(one.count) }))),
      ],
    ].flat(),
  );
}

const events = known =>
  card(
    t('Latest events'),
    table(
      t('Latest events'),
      [
        { name: t('When'), cell: one => moment(one.at) },
        { name: t('What'), cell: one => word(one.kind) },
        {
          name: t('Of what'),
          cell: one => (one.item ? titleOf(one.item) : (one.query ?? one.couponCode ?? one.offer ?? '')),
        },
        {
          name: t('Amount'),
          number: true,
          cell: one => (one.price ? money(one.price) : one.amount ? money(one.amount) : ''),
        },
      ],
      known.recent.slice(0, 20),
      t('No event yet.'),
    ),
  );

const neighbours = similar =>
  card(
    t('Users of like taste'),
    similar.length
      ? bars(
          similar.map(one => ({
            name: el('a', { href: `#/users/${part(one.user)}` }, one.user),
            value: Math.max(0, one.cosine),
            text: fixed(one.cosine, 2),
          })),
          1,
        )
      : nothing(t('The model does not know this user yet.')),
    { note: t('Cosine of the two tastes') },
  );

async function forget(id, again) {
  const yes = await confirm(
    t('Forget user {id}', { id }),
    [
      el(
        'p',
        {},
        t(
          'His events of behaviour and attributes are erased, his open coupons taken back. This cannot be taken back.',
        ),
      ),
      field(
        t('Type the user id'),
        el('input', {
          name: 'typed',
          required: true,
          pattern: id.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
          autocomplete: 'off',
        }),
      ),
    ],
    t('Forget'),
    { danger: true },
  );
  if (!yes) return;
  const done = await send('DELETE', at(id));
  tell(
    t('Forgotten: {events} events erased, {coupons} coupons taken back.', {
      events: done.events,
      coupons: done.coupons,
    }),
  );
  await again();
}

function coupon(id, { coupon: one, offer: what }, isNew, again) {
  const act = (verb, text, danger) =>
    button(
      t(text),
      async () => {
        const yes =
          !danger ||
          (await confirm(
            `${t(text)}: ${what.title}`,
            [el('p', {}, t('{code} cannot be used any more. This cannot be taken back.', { code: one.code }))],
            t(text),
            { danger },
          ));
        if (!yes) return;
        await send('POST', `/coupons/${part(one.code)}/${verb}`, { user: id });
        await again();
      },
      { danger, label: `${t(text)} ${one.code}`, key: `${verb} ${one.code}` },
    );
  const open = one.state === 'issued' || one.state === 'claimed';
  return el(
    'li',
    { class: `coupon${isNew ? ' new' : ''}${open ? '' : ' over'}`, 'data-code': one.code },
    el('b', {}, what.title),
    el('div', {}, el('code', {}, one.code)),
    el(
      'div',
      { class: 'line' },
      el(
        'span',
        { class: 'quiet' },
        open ? t('{state}, until {day}', { state: word(one.state), day: day(one.expiresAt) }) : word(one.state),
      ),
      one.state === 'issued' && may('POST /v1/coupons/{code}/claim') && act('claim', 'Claim'),
      open && may('POST /v1/coupons/{code}/void') && act('void', 'Take back', true),
    ),
  );
}

const decisionsPage = 50;

/** The page. */
export async function user(main, life, id) {
  const [profileAt, walletAt, eventsAt, decisionsAt, similarAt] = Array.from({ length: 5 }, () =>
    el('div', { class: 'slot' }),
  );
  const live = el('p', { id: 'live', class: 'state' }, t('offline'));
  const pushed = el('p', { class: 'hidden', role: 'status' });
  const fresh = new Set();
  const wallet = el('ul', { id: 'wallet', class: 'wallet' });
  const looks = [];
  let most = decisionsPage;
  const again = () => Promise.all(looks.map(look => look()));
  const offers = stage(id, again);
  walletAt.append(card(t('Wallet'), [pushed, wallet], { beside: live }));
  const known = await page('/users?limit=100', life.signal);
  main.append(
    el(
      'div',
      { class: 'head' },
      el('h1', { tabindex: -1 }, t('User {id}', { id })),
      el(
        'div',
        { class: 'act' },
        finder(known.data),
        may('DELETE /v1/users/{id}') && button(t('Forget'), () => forget(id, again), { danger: true }),
      ),
    ),
    el(
      'div',
      { class: 'person' },
      el('div', { class: 'slot' }, profileAt, similarAt),
      el('div', { class: 'slot middle' }, offers.shown),
      walletAt,
      el('div', { class: 'slot wide' }, decisionsAt, eventsAt),
    ),
  );

  looks.push(
    await life.watch(
      profileAt,
      async signal => {
        const shown = await get(at(id), signal);
        await learn(
          shown.recent.slice(0, 20).map(event => event.item),
          signal,
        );
        return shown;
      },
      shown => {
        offers.suggest([...new Set(shown.recent.map(event => event.item).filter(Boolean))].slice(0, 8));
        redraw(eventsAt, events(shown));
        return profile(shown);
      },
    ),
  );
  looks.push(
    await life.watch(
      wallet,
      signal => list(`${at(id)}/coupons`, signal),
      found =>
        found.length
          ? found.map(entry => coupon(id, entry, fresh.has(entry.coupon.code), again))
          : el('li', { class: 'empty' }, t('No coupon yet.')),
    ),
  );
  looks.push(
    await life.watch(
      decisionsAt,
      signal => list(`${at(id)}/decisions?limit=${decisionsPage}`, signal, most),
      found => decisions(id, found, older(found, most, () => ((most += decisionsPage), again()))),
    ),
  );
  looks.push(await life.watch(similarAt, signal => list(`${at(id)}/similar?count=8`, signal), neighbours));
  await offers.rank();

  listen(
    `${at(id)}/coupons/stream`,
    life.signal,
    (name, push) => {
      if (name === 'ready') return;
      fresh.add(push.coupon.code);
      pushed.textContent = t('New coupon: {title}', { title: push.offer.title });
      attempt(again);
    },
    isHeard => {
      live.className = `state ${isHeard ? 'good' : 'bad'}`;
      live.textContent = isHeard ? t('live') : t('reconnecting');
    },
  );
  const heard = (name, answer) => name === 'offers' && offers.heard(answer);
  listen(`${at(id)}/offers/stream?count=8`, life.signal, heard, () => {});
}
