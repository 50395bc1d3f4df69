// The offers that suit a user, and what moves them: an event, or an issue.
import { get, part, send } from './api.js';
import { learn, titleOf } from './items.js';
import { button, card, el, field, form, redraw, select } from './dom.js';
import { fixed, percent } from './format.js';
import { reasons } from './reasons.js';
import { may } from './session.js';
import { t } from './words.js';

function movement(ranked, place, before) {
  if (!before) return el('span', { class: 'move' }, fixed(ranked.score, 4));
  const change = ranked.score - before.score;
  const places = before.place - place;
  const moved = places > 0 ? `▲${places} ` : places < 0 ? `▼${-places} ` : '';
  const by = change ? ` (${change > 0 ? '+' : ''}${change.toFixed(4)})` : '';
  return el(
    'span',
    { class: change > 0 ? 'move up' : change < 0 ? 'move down' : 'move' },
    `${moved}${fixed(ranked.score, 4)}${by}`,
  );
}

const offer = (ranked, place, before) =>
  el(
    'li',
    { class: 'offer', 'data-offer': ranked.offer.id },
    el(
      'div',
      { class: 'line' },
      el('span', { class: 'rank' }, place + 1),
      el('b', {}, ranked.offer.title),
      movement(ranked, place, before),
    ),
    ranked.response &&
      el(
        'p',
        { class: 'quiet' },
        t('redeemed with {share}', { share: percent(ranked.response.redeem) }),
        ranked.basis === 'segment' ? ` (${t('mean of the segment')})` : '',
      ),
    reasons(ranked.reasons.slice(0, 8)),
  );

/** The offers, with what moves them: an event of the user, or an issue. */
export function stage(id, again) {
  const list = el('ol', { id: 'offers', class: 'offers' });
  const basis = el('p', { class: 'quiet' });
  const happened = el('p', { id: 'happened', class: 'quiet', role: 'status' });
  const suggested = el('datalist', { id: 'items' });
  let ranking = new Map();
  const shown = card(
    t('Offers that suit best'),
    [
      may('POST /v1/events') &&
      form(
        { class: 'act', id: 'act' },
        async fields => {
          const began = performance.now();
          const item = fields.item.trim();
          await send('POST', '/events', {
            id: crypto.randomUUID(),
            user: id,
            kind: fields.kind,
            item,
            at: new Date().toISOString(),
          });
          await rank();
          const took = Math.round(performance.now() - began);
          await learn([item]);
          happened.textContent = t('{item}: recorded, offers ranked again in {took} ms.', {
            item: titleOf(item),
            took,
          });
          await again();
        },
        field(
          t('Let the user look at'),
          el('input', {
            id: 'item',
            name: 'item',
            list: 'items',
            required: true,
            maxlength: 128,
            autocomplete: 'off',
          }),
        ),
        suggested,
        field(
          t('by'),
          select({ id: 'kind', name: 'kind' }, [
            ['view', t('a look')],
            ['cart', t('putting into cart')],
            ['purchase', t('buying')],
          ]),
        ),
        el('button', {}, t('Send event')),
        may('POST /v1/publications') &&
        button(
          t('Issue the best offer'),
          async () => {
            const best = [...ranking.values()][0];
            if (!best) throw new Error(t('There is no offer to issue.'));
            await send('POST', '/publications', { user: id, campaign: best.campaign, key: crypto.randomUUID() });
            await Promise.all([rank(), again()]);
          },
          { strong: true, key: 'issue' },
        ),
      ),
      happened,
      list,
    ],
    { wide: true, beside: basis },
  );

  function draw(answer) {
    const before = ranking;
    basis.textContent =
      (answer.personal
        ? t('by the taste of the user, model v{model}', { model: answer.model })
        : t('by popularity')) +
      (answer.basis ? `; ${answer.basis === 'model' ? t('response model') : t('mean of the segment')}` : '');
    redraw(
      list,
      answer.offers.length
        ? answer.offers.map((ranked, place) => offer(ranked, place, before.get(ranked.offer.id)))
        : el('li', { class: 'empty' }, t('Nothing suits now: no active campaign, or its caps are reached.')),
    );
    ranking = new Map(
      answer.offers.map((ranked, place) => [
        ranked.offer.id,
        { place, score: ranked.score, campaign: ranked.offer.campaign },
      ]),
    );
  }
  const rank = async () => draw(await get(`/users/${part(id)}/offers?count=8`));
  return {
    shown,
    rank,
    suggest(items) {
      suggested.replaceChildren(...items.map(item => el('option', { value: item }, titleOf(item))));
      const input = shown.querySelector('#item');
      if (input) input.value ||= items[0] ?? '';
    },
    heard(answer) {
      if (answer.offers.map(one => one.offer.id).join() !== [...ranking.keys()].join()) draw(answer);
    },
  };
}
