// Who changed what, and whether the chain of it holds.
import { get, list } from './api.js';
import { button, card, el, field, form, nothing, older, pill, redraw, table } from './dom.js';
import { moment } from './format.js';
import { t, word } from './words.js';

const actorOf = one => (typeof one.actor === 'string' ? one.actor : `${word(one.actor.kind)} ${one.actor.id}`);

const changes = one =>
  one.changes?.length
    ? el(
        'details',
        { 'data-key': `changes ${one.number}` },
        el('summary', {}, t('{count} places', { count: one.changes.length })),
        el(
          'dl',
          { class: 'facts' },
          one.changes.map(({ path, before, after }) => [
            el('dt', {}, path || '/'),
            el('dd', {}, `${before ?? '–'} → ${after ?? '–'}`),
          ]),
        ),
      )
    : '–';

/** A head is its number and hash, or both as one text. */
function headOf(head) {
  const [count, hash] = typeof head === 'string' ? head.split(':') : [head?.number ?? 0, head?.hash ?? ''];
  return { count, head: hash };
}

const pageSize = 100;

/** The page. */
export async function audit(main, life) {
  const [place, verdict] = [el('div', {}), el('div', { 'aria-live': 'polite' })];
  let query = '';
  let most = pageSize;
  let look = () => {};
  main.append(
    el(
      'div',
      { class: 'head' },
      el('h1', { tabindex: -1 }, t('Audit')),
      button(
        t('Check the chain'),
        async () => {
          const found = await get('/audit-events/verification');
          redraw(
            verdict,
            card(
              t('Chain'),
              el(
                'p',
                {},
                pill(found.fault ? t('broken') : t('whole'), found.fault ? 'bad' : 'good'),
                ' ',
                found.fault
                  ? t('Record {number}: {kind}', { number: found.fault.number, kind: word(found.fault.kind) })
                  : t('{count} records, head {head}', headOf(found.head)),
              ),
            ),
          );
        },
        { strong: true },
      ),
    ),
    verdict,
    form(
      { class: 'act', role: 'search' },
      fields => {
        query = Object.entries(fields)
          .filter(([, value]) => value.trim())
          .map(([name, value]) => `&${name}=${encodeURIComponent(value.trim())}`)
          .join('');
        most = pageSize;
        return look();
      },
      ...[
        ['actor', t('Who')],
        ['action', t('What')],
        ['target', t('Of what')],
      ].map(([name, text]) => field(text, el('input', { id: name, name, autocomplete: 'off', maxlength: 200 }))),
      el('button', {}, t('Find')),
    ),
    place,
  );
  look = await life.watch(
    place,
    signal => list(`/audit-events?limit=${pageSize}${query}`, signal, most),
    found =>
      card(
        t('Changes'),
        found.length
          ? table(
              t('Changes'),
              [
                { name: t('Record'), cell: one => one.number },
                { name: t('When'), cell: one => moment(one.at) },
                { name: t('Who'), cell: actorOf },
                { name: t('What'), cell: one => word(one.action) },
                { name: t('Of what'), cell: one => one.target },
                { name: t('Outcome'), cell: one => word(one.outcome) },
                { name: t('Changes'), cell: changes },
              ],
              found,
              '',
            )
          : nothing(t('No such change yet.')),
        { beside: older(found, most, () => ((most += pageSize), look())) },
      ),
  );
}
