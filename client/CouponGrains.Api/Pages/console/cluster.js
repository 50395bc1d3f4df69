// Whether the host is well, and whether others hear of what happens.
import { get, list, part, send } from './api.js';
import { bars } from './charts.js';
import { button, card, confirm, el, facts, field, pill, redraw, table, tell } from './dom.js';
import { ago, bytes, count, moment, number } from './format.js';
import { may, mayVisit } from './session.js';
import { t, word } from './words.js';

const probes = ['live', 'ready', 'startup'];
const states = { delivered: 'good', pending: 'watch', failed: 'bad' };

const moods = { active: 'good', joining: 'watch', stopping: 'watch', dead: 'bad' };

const silos = ({ silos: found }) =>
  card(
    t('Silos'),
    table(
      t('Silos'),
      [
        { name: t('Silo'), cell: one => one.name },
        {
          name: t('State'),
          cell: one =>
            el(
              'span',
              {},
              pill(word(one.status), moods[one.status]),
              one.status === 'active' && !one.load && pill(t('does not answer'), 'bad'),
              one.load?.isOverloaded && pill(t('overloaded'), 'bad'),
            ),
        },
        { name: t('Roles'), cell: one => one.roles.map(word).join(', ') || '–' },
        { name: t('Address'), cell: one => one.address },
        { name: t('Since'), cell: one => moment(one.since) },
        { name: t('Version'), cell: one => one.version ?? '–' },
        { name: t('Grains'), number: true, cell: one => (one.load ? count(one.load.activations) : '–') },
        { name: t('Clients'), number: true, cell: one => (one.load ? count(one.load.clients) : '–') },
        { name: t('Processor'), number: true, cell: one => (one.load ? `${number(one.load.cpuPercent, 0)} %` : '–') },
        {
          name: t('Memory'),
          number: true,
          cell: one =>
            one.load
              ? t('{used} of {most}', { used: bytes(one.load.memoryBytes), most: bytes(one.load.memoryMaxBytes) })
              : '–',
        },
      ],
      found,
      t('No silo is known.'),
    ),
    { wide: true, note: t('Those that are members, and those that died within a day') },
  );

const shown = 15;

const active = ({ activations, grains }) =>
  card(
    t('Grains in memory'),
    bars(
      grains.slice(0, shown).map(one => ({
        name: one.type,
        value: one.activations,
        text: count(one.activations),
        tone: 's1',
      })),
    ),
    { note: t('{count} on all silos', { count: count(activations) }) },
  );

/** What each probe says: content, or why not. */
const health = signal =>
  Promise.all(
    probes.map(async probe => {
      const answer = await fetch(`/health/${probe}`, { signal });
      return { probe, isWell: answer.ok, told: await answer.json() };
    }),
  );

const well = found =>
  card(
    t('Health of this host'),
    found.map(({ probe, isWell, told }) =>
      el(
        'div',
        {},
        el('h3', {}, `${word(probe)} `, pill(isWell ? t('well') : t('not well'), isWell ? 'good' : 'bad')),
        isWell
          ? facts(Object.entries(told.checks).map(([name, said]) => [word(name), said]))
          : el('p', {}, told.detail),
      ),
    ),
  );

async function deliveries(endpoint, place) {
  const found = await list(`/webhook-endpoints/${part(endpoint.id)}/deliveries`);
  redraw(
    place,
    card(
      t('Messages to {id}', { id: endpoint.id }),
      table(
        t('Messages to {id}', { id: endpoint.id }),
        [
          { name: t('When'), cell: one => moment(one.at) },
          { name: t('What'), cell: one => one.type },
          { name: t('State'), cell: one => pill(word(one.state), states[one.state]) },
          { name: t('Tries'), number: true, cell: one => one.attempts },
          { name: t('Next try'), cell: one => (one.nextAt ? moment(one.nextAt) : '–') },
          { name: t('Last answer'), cell: one => one.last ?? '–' },
        ],
        found,
        t('No message yet. Send one as a test.'),
      ),
      { wide: true },
    ),
  );
}

async function make(again) {
  const wish = await confirm(
    t('New webhook endpoint'),
    [
      field(t('Id'), el('input', { name: 'id', required: true, maxlength: 128, autocomplete: 'off' })),
      field(t('Address'), el('input', { name: 'url', type: 'url', required: true, autocomplete: 'off' })),
    ],
    t('Make'),
  );
  if (!wish) return;
  const made = await send('POST', '/webhook-endpoints', wish);
  await confirm(t('Its secret, told this once'), [el('p', {}, el('code', {}, made.secret))], t('Noted'));
  await again();
}

function webhooks(endpoints, messages, again) {
  const act = (one, verb, text) =>
    button(
      text,
      async () => {
        await send('POST', `/webhook-endpoints/${part(one.id)}/${verb}`);
        tell(t('{name}: done.', { name: one.id }));
        await again();
      },
      { key: `${verb} ${one.id}`, label: `${text}: ${one.id}` },
    );
  return card(
    t('Webhook endpoints'),
    table(
      t('Webhook endpoints'),
      [
        { name: t('Endpoint'), cell: one => one.id },
        { name: t('Address'), cell: one => one.url },
        { name: t('Told of'), cell: one => (one.types.length ? one.types.join(', ') : t('everything')) },
        { name: t('State'), cell: one => pill(word(one.status), one.status === 'disabled' ? 'bad' : 'good') },
        { name: t('Failing since'), cell: one => (one.failingSince ? ago(one.failingSince) : '–') },
        {
          name: t('Act'),
          cell: one =>
            el(
              'div',
              { class: 'act' },
              button(t('Messages'), () => deliveries(one, messages), {
                key: `messages ${one.id}`,
                label: `${t('Messages')}: ${one.id}`,
              }),
              act(one, 'test', t('Test')),
              one.status === 'disabled' && act(one, 'enable', t('Enable')),
            ),
        },
      ],
      endpoints,
      t('Nobody is told. Make an endpoint, and the shop’s systems hear of each coupon.'),
    ),
    {
      wide: true,
      beside: button(t('New webhook endpoint'), () => make(again), { strong: true, key: 'new' }),
    },
  );
}

/** The page. */
export async function cluster(main, life) {
  const [hooksAt, messages] = Array.from({ length: 2 }, () => el('div', { class: 'grid' }));
  const [silosAt, activeAt, wellAt] = Array.from({ length: 3 }, () => el('div', { class: 'among' }));
  const board = el('div', { class: 'act' });
  main.append(
    el('div', { class: 'head' }, el('h1', { tabindex: -1 }, t('Cluster')), board),
    el('div', { class: 'grid' }, silosAt, activeAt, wellAt),
    hooksAt,
    messages,
  );
  let look = () => {};
  const again = () => look();
  // What the host says of itself is shown first: it is known where the cluster does not answer, too.
  await life.watch(wellAt, health, well);
  if (may('GET /v1/cluster')) {
    await life.watch(
      silosAt,
      signal => get('/cluster', signal),
      found => {
        redraw(activeAt, active(found));
        return silos(found);
      },
    );
  }
  if (may('GET /v1/webhook-endpoints')) {
    look = await life.watch(
      hooksAt,
      signal => list('/webhook-endpoints', signal),
      found => webhooks(found, messages, again),
    );
  }
  if (mayVisit()) {
    board.append(el('a', { class: 'button', href: '/dashboard/' }, t('Orleans dashboard')));
  }
}
