// Why: the reasons of an offer, and of everything that was decided for a user.
import { get, part } from './api.js';
import { bars } from './charts.js';
import { card, el, nothing, table } from './dom.js';
import { fixed, moment, percent } from './format.js';
import { language, t, told, word } from './words.js';

/** The API tells reasons in English; what it always says alike is told in the page's language. */
function reasonText(reason) {
  if (language === 'en') return reason.text;
  const interest = /^Your interest in (.+?)(, which is new)?$/.exec(reason.text);
  if (interest)
    return t(interest[2] ? 'Interest in {item}, which is new' : 'Interest in {item}', { item: interest[1] });
  const used = /^Used by ([\d.]+) %, and a use leaves (.+)$/.exec(reason.text);
  if (used) return t('Used by {share} %, and a use leaves {left}', { share: used[1], left: used[2] });
  return told(reason.text);
}

/** Bars compare single items, or features; the sum of all others is told as a number and would dwarf them. */
export function reasons(all) {
  const named = one => (one.kind === 'past_item' && one.item) || one.kind === 'feature';
  const measured = all.filter(one => one.kind === 'past_item' || one.kind === 'feature');
  const most = kind =>
    Math.max(...all.filter(one => one.kind === kind && named(one)).map(one => Math.abs(one.contribution)), 1e-9);
  return [
    measured.length > 0 &&
      bars(
        measured.map(one => ({
          name: reasonText(one),
          value: named(one) ? one.contribution / most(one.kind) : 0,
          text: fixed(one.contribution),
          tone: named(one) && one.contribution < 0 ? 'minus' : undefined,
        })),
        1,
      ),
    all.filter(one => !measured.includes(one)).map(one => el('p', { class: 'quiet' }, reasonText(one))),
  ];
}

function decision(id, one) {
  const why = el('div', { class: 'why' });
  const details = el('details', { 'data-key': `why ${one.id}` }, el('summary', {}, t('Why')), why);
  details.addEventListener('toggle', async () => {
    if (!details.open || why.childElementCount) return;
    try {
      const told = await get(`/users/${part(id)}/decisions/${part(one.id)}/explanation`);
      why.replaceChildren(
        ...[
          el(
            'p',
            { class: 'quiet' },
            told.exact
              ? t('Exactly what was decided by.')
              : t('As it would be told today, by model v{model}.', { model: told.model }),
          ),
          told.reasons.length
            ? reasons(told.reasons)
            : nothing(t('Given by name, or no longer in force: no reasons.')),
        ]
          .flat(2)
          .filter(Boolean),
      );
    } catch (error) {
      why.replaceChildren(nothing(error.message));
    }
  });
  return details;
}

/** The decisions of a page, newest first. */
export const decisions = (id, found, beside) =>
  card(
    t('What was decided, and why'),
    table(
      t('What was decided, and why'),
      [
        { name: t('When'), cell: one => moment(one.at) },
        { name: t('What'), cell: one => word(one.kind) },
        {
          name: t('Offer'),
          cell: one => el('span', {}, one.offer, one.couponCode && el('code', {}, ` ${one.couponCode}`)),
        },
        { name: t('Place'), number: true, cell: one => one.position },
        { name: t('Score'), number: true, cell: one => fixed(one.score, 4) },
        { name: t('Probability shown'), number: true, cell: one => percent(one.propensity) },
        { name: t('Redemption'), number: true, cell: one => percent(one.redemptionProbability) },
        { name: t('Model'), cell: one => (one.model ? `v${one.model}` : '–') },
        { name: t('Reasons'), cell: one => decision(id, one) },
      ],
      found,
      t('Nothing was decided for this user yet.'),
    ),
    { wide: true, beside },
  );
