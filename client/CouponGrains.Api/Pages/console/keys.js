// Who may call the API.
import { list, part, send } from './api.js';
import { button, card, confirm, el, field, form, pill, select, table } from './dom.js';
import { moment } from './format.js';
import { t, word } from './words.js';

const tellSecret = made =>
  confirm(t('Its secret, told this once'), [el('p', {}, el('code', {}, made.secret))], t('Noted'));

async function make(again) {
  const wish = await confirm(
    t('New key'),
    [
      field(t('Name'), el('input', { name: 'name', required: true, maxlength: 200, autocomplete: 'off' })),
      field(
        t('Kind'),
        select({ name: 'kind' }, [
          ['server', t('of a server')],
          ['client', t('of a page or an app')],
        ]),
      ),
      field(
        t('Pages that may use it'),
        el('input', { name: 'origins', autocomplete: 'off' }),
        t('origins with blanks between; none for a server'),
      ),
    ],
    t('Make'),
  );
  if (!wish) return;
  const origins = wish.origins.split(/\s+/).filter(Boolean);
  await tellSecret(
    await send('POST', '/keys', { name: wish.name, kind: wish.kind, ...(origins.length ? { origins } : {}) }),
  );
  await again();
}

const change = (one, verb, text, warning, again) =>
  button(
    text,
    async () => {
      const yes = await confirm(`${text}: ${one.name}`, [el('p', {}, warning)], text, { danger: verb === 'revoke' });
      if (!yes) return;
      const changed = await send('POST', `/keys/${part(one.id)}/${verb}`);
      if (changed.secret) await tellSecret(changed);
      await again();
    },
    { danger: verb === 'revoke', key: `${verb} ${one.id}`, label: `${text}: ${one.name}` },
  );

const stateOf = one =>
  one.revokedAt
    ? pill(t('taken back'), 'quiet')
    : one.expiresAt && Date.parse(one.expiresAt) < Date.now()
      ? pill(t('run out'), 'quiet')
      : pill(t('good'), 'good');

/** The page. */
export async function keys(main, life) {
  const place = el('div', {});
  let user = '';
  let look = () => {};
  const again = () => look();
  main.append(
    el(
      'div',
      { class: 'head' },
      el('h1', { tabindex: -1 }, t('Keys')),
      button(t('New key'), () => make(again), { strong: true }),
    ),
    form(
      { class: 'act', role: 'search' },
      fields => {
        user = fields.user.trim();
        return look();
      },
      field(
        t('Of the user'),
        el('input', { id: 'user', name: 'user', autocomplete: 'off', maxlength: 128 }),
        t('empty: those that are of no user'),
      ),
      el('button', {}, t('Find')),
    ),
    place,
  );
  look = await life.watch(
    place,
    signal => list(user ? `/keys?user=${part(user)}` : '/keys', signal),
    found =>
      card(
        t('Keys of the API'),
        table(
          t('Keys of the API'),
          [
            { name: t('Name'), cell: one => one.name },
            { name: t('Key'), cell: one => el('code', {}, one.id) },
            { name: t('Kind'), cell: one => word(one.kind) },
            { name: t('State'), cell: stateOf },
            { name: t('Scopes'), cell: one => one.scopes.join(', ') },
            { name: t('Made'), cell: one => moment(one.at) },
            { name: t('Until'), cell: one => (one.expiresAt ? moment(one.expiresAt) : '–') },
            {
              name: t('Act'),
              cell: one =>
                !one.revokedAt &&
                el(
                  'div',
                  { class: 'act' },
                  change(one, 'rotate', t('New secret'), t('The secret before stays good for a day.'), again),
                  change(one, 'revoke', t('Take back'), t('Whoever uses it is refused from now on.'), again),
                ),
            },
          ],
          found,
          user
            ? t('This user has no key.')
            : t('No key yet. Without one, the API answers this machine alone.'),
        ),
      ),
  );
}
