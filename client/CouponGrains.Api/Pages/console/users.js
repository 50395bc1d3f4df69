// The users, and the way to one.
import { page, part } from './api.js';
import { button, card, el, field, form, redraw, table } from './dom.js';
import { t, word } from './words.js';

/** A field that leads to a user. */
export function finder(known) {
  const options = el(
    'datalist',
    { id: 'known' },
    known.map(one => el('option', { value: one.id })),
  );
  return form(
    { class: 'act', role: 'search' },
    fields => {
      location.hash = `#/users/${part(fields.user.trim())}`;
    },
    field(
      t('User id'),
      el('input', { id: 'user', name: 'user', list: 'known', required: true, maxlength: 128, autocomplete: 'off' }),
    ),
    options,
    el('button', { class: 'strong' }, t('Show')),
  );
}

/** The page without a user: the way to one. */
export async function users(main, life) {
  const first = await page('/users?limit=100', life.signal);
  const place = el('div', {});
  let next = first.nextCursor;
  const known = [...first.data];
  const draw = () =>
    redraw(
      place,
      card(
        t('Users'),
        [
          table(
            t('Users'),
            [
              { name: t('User'), cell: one => el('a', { href: `#/users/${part(one.id)}` }, one.id) },
              { name: t('Personalised'), cell: one => (one.consent ? t('yes') : t('no, the user objected')) },
              {
                name: t('Attributes'),
                cell: one =>
                  Object.entries(one.attributes)
                    .map(([name, value]) => `${word(name)} ${value}`)
                    .join(', '),
              },
            ],
            known,
            t('Nobody yet. A user is known from his first event on: POST /v1/events.'),
          ),
          next &&
            button(
              t('More'),
              async () => {
                const more = await page(`/users?limit=100&cursor=${part(next)}`);
                known.push(...more.data);
                next = more.nextCursor;
                draw();
              },
              { key: 'more' },
            ),
        ],
        { note: t('In the order of their ids') },
      ),
    );
  main.append(el('div', { class: 'head' }, el('h1', { tabindex: -1 }, t('Users')), finder(first.data)), place);
  draw();
}
