// What asks for a person: each alarm says what is wrong, how much, and where to act.
import { part } from './api.js';
import { ago, money, percent, utcDate } from './format.js';
import { t, word } from './words.js';

const alarm = (mood, text, href) => ({ mood, text, href });

/** The share of a budget that is spent. */
export const usedOf = ({ limit, spent }) => (limit.minor > 0 ? spent.minor / limit.minor : 0);

function ofUse({ campaign, use }) {
  const href = `#/campaigns/${part(campaign.id)}`;
  const used = usedOf(use);
  const name = campaign.name;
  if (used >= 1) return [alarm('bad', t('{name}: the budget is used up.', { name }), href)];
  return used >= 0.8
    ? [alarm('watch', t('{name}: {share} of the budget is used.', { name, share: percent(used, 0) }), href)]
    : [];
}

function ofBudget({ campaign, use, forecast }) {
  const found = ofUse({ campaign, use });
  const href = `#/campaigns/${part(campaign.id)}`;
  const name = campaign.name;
  if (usedOf(use) < 1 && forecast.exhaustedOn && new Date(forecast.exhaustedOn) < new Date(campaign.end)) {
    const day = utcDate(forecast.exhaustedOn);
    found.push(alarm('watch', t('{name}: the budget is expected to be used up on {day}.', { name, day }), href));
  }
  return found;
}

function ofModels({ models, drift, runs }) {
  const found = [];
  if (!models.current) {
    found.push(alarm('watch', t('No model is in force: offers are ranked by popularity.'), '#/models'));
  }
  const today = drift.days[0];
  if (today?.level === 'moved' || today?.level === 'watch') {
    found.push(
      alarm(
        today.level === 'moved' ? 'bad' : 'watch',
        t('Behaviour has moved from what the model was trained on: {level}.', { level: word(today.level) }),
        '#/models',
      ),
    );
  }
  const last = runs[0];
  if (last?.state === 'failed' || last?.state === 'held_back') {
    found.push(
      alarm(
        last.state === 'failed' ? 'bad' : 'watch',
        t('Training run {run}: {state}. {why}', {
          run: last.run,
          state: word(last.state),
          why: last.refusal?.detail ?? '',
        }),
        '#/models',
      ),
    );
  }
  return found;
}

const ofReviews = waiting =>
  waiting
    .filter(one => one.count > 0)
    .map(({ campaign, count }) =>
      alarm(
        'watch',
        t('{name}: {count} designed offers wait for approval.', { name: campaign.name, count }),
        `#/offers/${part(campaign.id)}`,
      ),
    );

const ofApprovals = asked =>
  asked.map(({ wanted }) =>
    alarm(
      'watch',
      t('{name}: a budget of {amount} waits for a second person.', { name: wanted.name, amount: money(wanted.budget) }),
      `#/campaigns/${part(wanted.id)}`,
    ),
  );

const ofWebhooks = endpoints =>
  endpoints
    .filter(one => one.status === 'disabled' || one.failingSince)
    .map(one =>
      alarm(
        one.status === 'disabled' ? 'bad' : 'watch',
        one.status === 'disabled'
          ? t('The webhook endpoint {id} is disabled: nothing arrived.', { id: one.id })
          : t('The webhook endpoint {id} has not answered since {when}.', {
              id: one.id,
              when: ago(one.failingSince),
            }),
        '#/cluster',
      ),
    );

/** All that is amiss, the worst first. */
export function alarms({ unready, courses, full, models, drift, runs, waiting, asked, endpoints }) {
  const found = [
    ...(unready ? [alarm('bad', unready, '#/cluster')] : []),
    ...courses.flatMap(ofBudget),
    ...full.flatMap(ofUse),
    ...ofModels({ models, drift, runs }),
    ...ofWebhooks(endpoints),
    ...ofApprovals(asked),
    ...ofReviews(waiting),
  ];
  return found.sort((a, b) => (a.mood === 'bad' ? 0 : 1) - (b.mood === 'bad' ? 0 : 1));
}
