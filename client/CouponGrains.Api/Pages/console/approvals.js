// What one person may not decide alone: who asked for it, and the decision of another.
import { get, part, send } from './api.js';
import { button, card, confirm, el, field, pill, table, tell } from './dom.js';
import { moment, money } from './format.js';
import { isMe, may } from './session.js';
import { t, word } from './words.js';

const shown = 20;
const moods = { waiting: 'watch', approved: 'good', rejected: 'quiet', lapsed: 'quiet' };
const nameOf = ({ kind, id }) => `${word(kind)} ${id}`;

/** The newest requests of a campaign. */
export const approvalsOf = async (id, signal) =>
  (await get(`/campaigns/${part(id)}/approvals?limit=${shown}`, signal)).data;

async function decide(one, decision, again) {
  const text = decision === 'approve' ? t('Approve') : t('Reject');
  const wish = await confirm(
    `${text}: ${one.wanted.name}`,
    [
      el(
        'p',
        {},
        decision === 'approve'
          ? t('With a budget of {amount} it is in force at once.', { amount: money(one.wanted.budget) })
          : t('The campaign stays as it is.'),
      ),
      field(
        t('Note'),
        el('input', { name: 'note', maxlength: 1000, autocomplete: 'off' }),
        t('Kept with the decision'),
      ),
    ],
    text,
    { danger: decision === 'reject' },
  );
  if (!wish) return;
  try {
    await send('POST', `/campaigns/${part(one.wanted.id)}/approvals`, {
      request: one.number,
      decision,
      note: wish.note,
    });
    tell(t('{name}: done.', { name: one.wanted.name }));
  } finally {
    await again();
  }
}

const acts = (one, again) => {
  if (one.status !== 'waiting') return one.note || '–';
  if (isMe(one.askedBy)) return t('Another person decides.');
  if (!may('POST /v1/campaigns/{id}/approvals')) return '–';
  const act = (decision, text, more) =>
    button(t(text), () => decide(one, decision, again), {
      ...more,
      key: `${decision} request ${one.number}`,
      label: `${t(text)}: ${t('request {number}', { number: one.number })}`,
    });
  return el('div', { class: 'act' }, act('approve', 'Approve', { strong: true }), act('reject', 'Reject', { danger: true }));
};

/** The requests, or nothing where nobody ever asked. */
export const approvals = (asked, again) =>
  asked.length > 0 &&
  card(
    t('Two persons'),
    table(
      t('Two persons'),
      [
        { name: t('Asked by'), cell: one => nameOf(one.askedBy) },
        { name: t('When'), cell: one => moment(one.askedAt) },
        { name: t('Wanted'), cell: one => word(one.wanted.status) },
        { name: t('Budget'), number: true, cell: one => money(one.wanted.budget) },
        { name: t('State'), cell: one => pill(word(one.status), moods[one.status]) },
        { name: t('Decided by'), cell: one => (one.decidedBy ? nameOf(one.decidedBy) : '–') },
        { name: t('Decision'), cell: one => acts(one, again) },
      ],
      asked,
    ),
    { wide: true, note: t('A budget above the threshold comes into force only when two persons want it.') },
  );
