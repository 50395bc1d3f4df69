// All campaigns, and the way to a new one.
import { get, list, part, send } from './api.js';
import { budgetBar } from './budget.js';
import { button, card, confirm, el, field, pill, redraw, select, table, tell } from './dom.js';
import { count, day, major, minor, percent } from './format.js';
import { may } from './session.js';
import { t, word } from './words.js';

export const moods = { active: 'good', paused: 'watch', draft: '', archived: 'quiet' };
const statuses = ['active', 'paused', 'draft', 'archived'];
const dayLength = 86_400_000;

async function read(signal) {
  const [all, budgets] = await Promise.all([list('/campaigns', signal), list('/budgets?limit=100', signal)]);
  const uses = new Map(budgets.map(use => [use.campaign, use]));
  return all
    .map(campaign => ({ campaign, use: uses.get(campaign.id) }))
    .sort(
      (a, b) =>
        statuses.indexOf(a.campaign.status) - statuses.indexOf(b.campaign.status) ||
        Date.parse(b.campaign.start) - Date.parse(a.campaign.start),
    );
}

const columns = () => [
  {
    name: t('Campaign'),
    cell: ({ campaign }) => el('a', { href: `#/campaigns/${part(campaign.id)}` }, campaign.name),
  },
  { name: t('Status'), cell: ({ campaign }) => pill(word(campaign.status), moods[campaign.status]) },
  { name: t('From'), cell: ({ campaign }) => day(campaign.start) },
  { name: t('Until'), cell: ({ campaign }) => day(campaign.end) },
  { name: t('Budget used'), cell: ({ campaign, use }) => (use ? budgetBar({ campaign, use }) : '–') },
  { name: t('Issued'), number: true, cell: ({ use }) => (use ? count(use.issued) : '–') },
  { name: t('Redeemed'), number: true, cell: ({ use }) => (use ? count(use.redeemed) : '–') },
  { name: t('Rate'), number: true, cell: ({ use }) => (use?.issued ? percent(use.redeemed / use.issued) : '–') },
];

const idOf = name =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Asks for what a campaign of a template needs, and makes it as a draft. */
async function make() {
  const templates = await list('/campaign-templates');
  const today = new Date(Date.now()).toISOString().slice(0, 10);
  const later = new Date(Date.now() + 30 * dayLength).toISOString().slice(0, 10);
  const wish = await confirm(
    t('New campaign'),
    [
      field(
        t('Template'),
        select(
          { name: 'template', required: true },
          templates.map(one => [one.name ?? one.id, one.title ?? word(one.name ?? one.id)]),
        ),
      ),
      field(t('Name'), el('input', { name: 'name', required: true, maxlength: 200, autocomplete: 'off' })),
      field(t('First day'), el('input', { name: 'start', type: 'date', required: true, value: today })),
      field(t('Day after the last'), el('input', { name: 'end', type: 'date', required: true, value: later })),
      field(
        t('Budget'),
        el('input', { name: 'budget', type: 'number', min: 1, step: 0.01, required: true, value: 1000 }),
      ),
      field(
        t('Currency'),
        el('input', { name: 'currency', required: true, pattern: '[A-Z]{3}', value: 'USD', size: 4 }),
      ),
    ],
    t('Make a draft'),
  );
  if (!wish) return;
  const id = idOf(wish.name) || `campaign-${Date.now().toString(36)}`;
  await send('POST', '/campaigns', {
    template: wish.template,
    id,
    name: wish.name.trim(),
    start: `${wish.start}T00:00:00Z`,
    end: `${wish.end}T00:00:00Z`,
    budget: { minor: minor(wish.budget, wish.currency), currency: wish.currency },
  });
  tell(t('{name} is a draft now.', { name: wish.name }));
  location.hash = `#/campaigns/${part(id)}`;
}

/** The page. */
export async function campaigns(main, life) {
  const place = el('div', {});
  const status = select(
    { id: 'status' },
    [['', t('Draft, active and paused')], ...statuses.map(one => [one, word(one)]), ['all', t('All')]],
    '',
  );
  let known = [];
  const draw = () => {
    const wanted = status.value;
    return card(
      t('Campaigns'),
      table(
        t('Campaigns'),
        columns(),
        known.filter(
          ({ campaign }) =>
            wanted === 'all' || (wanted ? campaign.status === wanted : campaign.status !== 'archived'),
        ),
        t('No such campaign. Make one from a template.'),
      ),
    );
  };
  status.addEventListener('change', () => redraw(place, draw()));
  main.append(
    el(
      'div',
      { class: 'head' },
      el('h1', { tabindex: -1 }, t('Campaigns')),
      el(
        'div',
        { class: 'act' },
        el('label', { for: 'status' }, t('Status')),
        status,
        may('POST /v1/campaigns') && button(t('New campaign'), make, { strong: true }),
      ),
    ),
    place,
  );
  await life.watch(place, read, found => {
    known = found;
    return draw();
  });
}
