// The codes of a campaign that many users share: those that there are, and a new one.
import { get, list, part, send } from './api.js';
import { card, el, field, form, nothing, select, table, tell } from './dom.js';
import { day } from './format.js';
import { may } from './session.js';
import { t } from './words.js';

const given = (codes, titles) =>
  table(
    t('Shared codes'),
    [
      { name: t('Code'), cell: one => one.code },
      { name: t('Offer'), cell: one => titles.get(one.offer) ?? one.offer },
      { name: t('Since'), cell: one => day(one.at) },
    ],
    codes,
    t('No code is shared yet.'),
  );

/** The card, filled once it is known what there is. */
export function sharedCodes(id, life) {
  const path = `/campaigns/${part(id)}`;
  const place = el('div', { 'aria-live': 'polite' });
  const wish = el('div', {});
  const look = async () => {
    const [codes, { offers }] = await Promise.all([list(`${path}/shared-codes`, life.signal), get(path, life.signal)]);
    place.replaceChildren(given(codes, new Map(offers.map(one => [one.id, one.title]))));
    if (!offers.length || !may('POST /v1/campaigns/{id}/shared-codes')) wish.replaceChildren();
    else if (!wish.childElementCount) wish.append(asking(offers));
  };
  const asking = offers =>
    form(
      { class: 'act' },
      async (fields, sent) => {
        const shared = await send('POST', `${path}/shared-codes`, { code: fields.code, offer: fields.offer });
        sent.reset();
        tell(t('{name}: done.', { name: shared.code }));
        await look();
      },
      field(
        t('Code'),
        el('input', { name: 'code', type: 'text', autocomplete: 'off', required: true, minlength: 3, maxlength: 32 }),
        t('such as WELCOME10'),
      ),
      field(
        t('Offer'),
        select(
          { name: 'offer' },
          offers.slice(0, 200).map(one => [one.id, one.title]),
        ),
      ),
      el('button', {}, t('Share')),
    );
  look().catch(error => life.goesOn && place.replaceChildren(nothing(error.message)));
  return card(t('Shared codes'), [place, wish], {
    note: t('Who claims or presents one gets a coupon of his own; the offer’s stock is how many.'),
  });
}
