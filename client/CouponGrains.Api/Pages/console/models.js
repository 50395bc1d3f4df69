// The models: which is in force and how it came there, what each was measured at, how training goes, and how far the
// shop has moved from what they know.
import { get, list, part, send } from './api.js';
import { button, card, confirm, el, field, form, nothing, pill, select, table, tell, tiles } from './dom.js';
import { trainingCurves } from './curves.js';
import { calibration, drift, heldOut, outcomes } from './drift.js';
import { bytes, count, fixed, moment, percent } from './format.js';
import { may } from './session.js';
import { t, told, word } from './words.js';

const moods = { running: 'watch', published: 'good', held_back: 'watch', cancelled: 'quiet', failed: 'bad' };

/** The models and the one in force, newest first. */
export async function modelsOf(signal) {
  const found = await get('/models?limit=100', signal);
  return found.models
    ? found
    : { current: found.current, models: found.data, history: await list('/models/history', signal, 100) };
}

async function promote(version, again) {
  const wish = await confirm(
    version === null ? t('Roll back') : t('Put v{version} into force', { version }),
    [
      el(
        'p',
        {},
        version === null
          ? t('The model before comes into force again, on every silo within seconds.')
          : t('Every silo takes it within seconds, whether or not it passes the gates.'),
      ),
      field(
        t('Reason'),
        el('input', { name: 'reason', required: true, maxlength: 200, autocomplete: 'off' }),
        t('Kept with the promotion'),
      ),
    ],
    version === null ? t('Roll back') : t('Put into force'),
  );
  if (!wish) return;
  const now = await send('POST', version === null ? '/models/roll-back' : `/models/${version}/promote`, {
    reason: wish.reason,
  });
  tell(t('v{version} is in force.', { version: now.version }));
  await again();
}

function figures({ current, models }) {
  const model = models.find(one => one.version === current);
  if (!model) return nothing(t('No model is in force: offers are ranked by popularity. Start a training run.'));
  const { metrics } = model;
  return tiles([
    [t('In force'), `v${current}`, moment(model.createdAt)],
    [
      t('Hit rate at 10'),
      metrics.users ? percent(metrics.hitRate10) : '–',
      metrics.users
        ? t('popularity {base}', { base: percent(metrics.popularityHitRate10) })
        : t('nothing was held out'),
    ],
    [
      t('NDCG at 10'),
      metrics.users ? fixed(metrics.ndcg10) : '–',
      metrics.users ? t('popularity {base}', { base: fixed(metrics.popularityNdcg10) }) : '',
    ],
    [
      t('Response, AUC'),
      fixed(metrics.response?.auc),
      metrics.response
        ? t('{count} issues held out', { count: count(metrics.response.issues) })
        : t('no response model'),
    ],
    [
      t('Calibration error'),
      fixed(metrics.response?.calibrationError),
      metrics.response
        ? t('log loss {loss}, base rates {prior}', {
            loss: fixed(metrics.response.logLoss),
            prior: fixed(metrics.response.priorLogLoss),
          })
        : '',
    ],
    [
      t('Trained on'),
      t('{count} events', { count: count(Number(model.training.events ?? 0)) }),
      model.training.backend ?? '',
    ],
  ]);
}

const versions = ({ current, models }, again) =>
  card(
    t('Versions'),
    table(
      t('Versions'),
      [
        {
          name: t('Version'),
          cell: one => el('span', {}, `v${one.version} `, one.version === current && pill(t('in force'), 'good')),
        },
        { name: t('Made'), cell: one => moment(one.createdAt) },
        { name: t('Because'), cell: one => one.training.reason ?? '–' },
        {
          name: t('Hit rate at 10'),
          number: true,
          cell: one => (one.metrics.users ? percent(one.metrics.hitRate10) : '–'),
        },
        { name: t('NDCG at 10'), number: true, cell: one => (one.metrics.users ? fixed(one.metrics.ndcg10) : '–') },
        { name: t('Response, AUC'), number: true, cell: one => fixed(one.metrics.response?.auc) },
        { name: t('Rank'), number: true, cell: one => one.training.rank ?? '–' },
        { name: t('Size'), number: true, cell: one => bytes(one.length) },
        {
          name: t('How it was trained'),
          cell: one =>
            el(
              'details',
              { 'data-key': `how ${one.version}` },
              el('summary', {}, t('Show')),
              el(
                'dl',
                { class: 'facts' },
                Object.entries(one.training)
                  .filter(([, value]) => value.length < 80)
                  .map(([name, value]) => [el('dt', {}, word(name)), el('dd', {}, value)]),
              ),
            ),
        },
        {
          name: t('Act'),
          cell: one =>
            one.version !== current &&
            may('POST /v1/models/{version}/promote') &&
            button(t('Put into force'), () => promote(one.version, again), {
              key: `promote ${one.version}`,
              label: `${t('Put into force')}: v${one.version}`,
            }),
        },
      ],
      models,
      t('No model yet. Start a training run.'),
    ),
    { wide: true },
  );

const history = ({ history: steps }) =>
  card(
    t('How it came there'),
    table(
      t('How it came there'),
      [
        { name: t('When'), cell: one => moment(one.at) },
        { name: t('What'), cell: one => (one.from ? `v${one.from} → v${one.to}` : `v${one.to}`) },
        { name: t('Reason'), cell: one => one.reason },
      ],
      steps,
      t('No model was ever in force.'),
    ),
  );

function runs(found, again) {
  return card(
    t('Training runs'),
    [
      may('POST /v1/training-runs') &&
      form(
        { class: 'act' },
        async fields => {
          const run = await send('POST', '/training-runs', {
            rank: Number(fields.rank),
            offerEpochs: Number(fields.offerEpochs),
            tune: fields.tune === 'on',
            responseEncoder: fields.responseEncoder,
            reason: fields.reason,
          });
          tell(t('Run {run} has begun.', { run: run.run }));
          await again();
        },
        field(
          t('Rank'),
          el('input', { id: 'rank', name: 'rank', type: 'number', min: 1, max: 512, value: 64, required: true }),
        ),
        field(
          t('Epochs of the generator'),
          el('input', {
            id: 'epochs',
            name: 'offerEpochs',
            type: 'number',
            min: 0,
            max: 10000,
            value: 300,
            required: true,
          }),
        ),
        field(
          t('Reads events by'),
          select(
            { id: 'encoder', name: 'responseEncoder' },
            ['none', 'gru', 'convolution'].map(one => [one, told(one)]),
          ),
        ),
        field(
          t('Reason'),
          el('input', {
            id: 'why',
            name: 'reason',
            value: 'operator',
            required: true,
            maxlength: 200,
            autocomplete: 'off',
          }),
        ),
        el(
          'label',
          { class: 'inline' },
          el('input', { id: 'tune', type: 'checkbox', name: 'tune' }),
          ' ',
          t('search the options'),
        ),
        el('button', { class: 'strong' }, t('Train')),
      ),
      table(
        t('Training runs'),
        [
          { name: t('Run'), cell: one => one.run },
          { name: t('State'), cell: one => pill(word(one.state), moods[one.state]) },
          {
            name: t('How far'),
            cell: one =>
              one.state === 'running'
                ? el(
                    'div',
                    {},
                    el('progress', {
                      max: 1,
                      value: one.progress.share,
                      'aria-label': t('Run {run}', { run: one.run }),
                    }),
                    el('p', { class: 'quiet' }, `${word(one.progress.stage)}: ${one.progress.message}`),
                  )
                : (one.refusal?.detail ?? one.progress.message),
          },
          { name: t('Began'), cell: one => moment(one.startedAt) },
          {
            name: t('Took'),
            number: true,
            cell: one =>
              one.endedAt
                ? t('{seconds} s', { seconds: count((Date.parse(one.endedAt) - Date.parse(one.startedAt)) / 1000) })
                : '–',
          },
          { name: t('Model'), cell: one => (one.model ? `v${one.model}` : '–') },
          {
            name: t('Act'),
            cell: one =>
              one.state === 'running' &&
              may('DELETE /v1/training-runs/{run}') &&
              button(
                t('Cancel the run'),
                async () => {
                  const yes = await confirm(
                    t('Cancel run {run}', { run: one.run }),
                    [el('p', {}, t('What it has learned so far is lost; the model in force stays.'))],
                    t('Cancel the run'),
                    { danger: true },
                  );
                  if (!yes) return;
                  await send('DELETE', `/training-runs/${part(one.run)}`);
                  await again();
                },
                { danger: true, key: `cancel ${one.run}`, label: t('Cancel run {run}', { run: one.run }) },
              ),
          },
        ],
        found,
        t('No run yet.'),
      ),
    ],
    { wide: true },
  );
}

/** The page. */
export async function models(main, life) {
  const [head, place, training, fell, moved] = [
    el('div', { class: 'act' }),
    ...Array.from({ length: 4 }, () => el('div', { class: 'grid' })),
  ];
  main.append(el('div', { class: 'head' }, el('h1', { tabindex: -1 }, t('Models')), head), place, training, fell, moved);
  const looks = [];
  const again = () => Promise.all(looks.map(look => look()));
  const acts = [
    may('POST /v1/models/roll-back') && button(t('Roll back'), () => promote(null, again)),
    may('POST /v1/models/drift') &&
      button(t('Measure the drift now'), async () => {
        await send('POST', '/models/drift');
        await again();
      }),
  ];
  head.append(...acts.filter(Boolean));
  looks.push(
    await life.watch(place, modelsOf, known => [
      el('div', { class: 'wide' }, figures(known)),
      versions(known, again),
      history(known),
      heldOut(known),
    ]),
  );
  looks.push(
    await life.watch(
      training,
      signal => list('/training-runs', signal),
      found => runs(found, again),
    ),
  );
  looks.push(await trainingCurves(fell, life));
  looks.push(
    await life.watch(
      moved,
      signal => get('/models/drift', signal),
      report => [drift(report), calibration(report), outcomes(report)],
    ),
  );
}
